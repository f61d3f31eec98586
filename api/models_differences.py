"""Public shapes of what changed between two revisions."""

from __future__ import annotations

from api.models import Public
from api.models_sections import ClaimView
from summarizer.editing import Change, SectionDifference


class Row(Public):
    """One sentence before and after."""

    change: Change
    before: ClaimView | None
    after: ClaimView | None


class SectionRows(Public):
    """The sentences of one section in two revisions, side by side."""

    key: str
    heading: str
    same: bool
    rows: list[Row]


class DifferenceView(Public):
    """What changed for the reader between two revisions."""

    incident: str
    before: int
    after: int
    sections: list[SectionRows]


def rows_of(section: SectionDifference, heading: str) -> SectionRows:
    """The public shape of one section's difference."""
    return SectionRows(
        key=section.key,
        heading=heading,
        same=section.is_same,
        rows=[
            Row(
                change=row.change,
                before=ClaimView.of(row.before) if row.before else None,
                after=ClaimView.of(row.after) if row.after else None,
            )
            for row in section.rows
        ],
    )
