"""What single sections promise: dates that sources give, plain words, nothing new."""

from __future__ import annotations

from collections.abc import Iterator

from evals.suites.drafting.judged import Judged, Value, is_analogy, share
from summarizer.domain.claims import Claim
from summarizer.domain.sections import Rule
from summarizer.text import readability
from summarizer.verification import section_rules
from summarizer.verification.checks import names, numbers
from summarizer.verification.section_rules import ClaimContext


def timeline_dates(judged: Judged) -> Value:
    """Share of the drafted entries whose date a cited passage gives, or its item's publication,
    whichever the entry says it is."""
    return share(right for _, right in _entries(judged))


def misdated(judged: Judged) -> list[str]:
    """The other entries, with their dates."""
    return [f"{claim.date} {claim.text}" for claim, right in _entries(judged) if not right]


def _entries(judged: Judged) -> Iterator[tuple[Claim, bool]]:
    for spec, section in judged.sections(Rule.DATED):
        claims = [checked.claim for checked in (*section.shown, *section.withheld)]
        for claim in claims:
            place = ClaimContext(claim, claims, spec, judged.library)
            yield claim, not section_rules.RULES[Rule.DATED](place)


def plain_grade(judged: Judged) -> Value:
    """Flesch-Kincaid school grade of what is shown in plain language; ``None`` when nothing is."""
    text = " ".join(checked.claim.text for checked in judged.shown(Rule.READABLE))
    return readability.grade(text) if text else None


def novel(judged: Judged) -> list[str]:
    """What names and numbers in plain language the whole pack lacks, in words."""
    return [
        failure.reason
        for checked in judged.shown(Rule.NOTHING_NEW)
        if not is_analogy(checked)
        for check in (names.check, numbers.check)
        for failure in check(checked.claim.text, judged.whole)
    ]


def plain_novelty(judged: Judged) -> Value:
    """How many there are; must be 0.  ``None`` when nothing is shown in plain language."""
    return float(len(novel(judged))) if judged.shown(Rule.NOTHING_NEW) else None
