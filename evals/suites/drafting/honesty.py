"""Faults of an honest page: relative days, a voice that is not a page's, and false absences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from evals.suites.drafting.judged import Judged, is_analogy
from summarizer.domain.absences import AbsenceReason
from summarizer.domain.sections import Layout
from summarizer.text.relative_days import relative_days
from summarizer.text.voice import FRAGMENT, voice_faults
from summarizer.verification.absences import days_ahead, days_of_events


def undated(judged: Judged) -> list[str]:
    """Shown sentences with a relative day outside quotations."""
    return [text for _, text in _prose(judged) if relative_days(text)]


def misvoiced(judged: Judged) -> list[str]:
    """Shown sentences in the first or second person, with marks of a post, or without a verb."""
    return [
        text
        for layout, text in _prose(judged)
        if any(layout is not Layout.HEADLINE or f.what != FRAGMENT for f in voice_faults(text))
    ]


def falsely_absent(judged: Judged) -> list[str]:
    """Absences that are stated although the sources name a day for the section."""
    pack = judged.draft.evidence
    search = {Layout.FORECAST: days_ahead, Layout.TIMELINE: days_of_events}
    return [
        section.abstained.words
        for spec, section in judged.sections()
        if section.abstained
        and section.abstained.reason is AbsenceReason.NOTHING_FOUND
        and spec.row.layout in search
        and search[spec.row.layout](pack)
    ]


def counted(find: Callable[[Judged], Sequence[str]]) -> Callable[[Judged], float]:
    """The number of faults that a function finds, expected 0."""
    return lambda judged: float(len(find(judged)))


def _prose(judged: Judged) -> Iterator[tuple[Layout, str]]:
    for spec, section in judged.sections():
        for checked in section.shown:
            if not is_analogy(checked):
                yield spec.row.layout, checked.claim.text
