"""Public shapes of differences between two revisions."""

from __future__ import annotations

from pydantic import Field

from api.schemas.drafts import ClaimView, FindingView
from api.schemas.incidents import Public
from summarizer.review.diff import Change, SectionDifference


class Row(Public):
    """One sentence in both revisions."""

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
    """Differences of the shown sentences between two revisions."""

    incident: str
    before: int
    after: int
    sections: list[SectionRows]
    findings: list[FindingView] = Field(
        description="Effects of the items that came in between: sentences of the earlier revision "
        "that they weaken, contradict or withdraw, and new sentences of the later revision that "
        "cite them."
    )


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
