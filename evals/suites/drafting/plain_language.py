"""Metrics of single sections: timeline dates, readability and novelty of plain language."""

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
    """Share of drafted timeline entries whose date has its stated basis: passage or publication."""
    return share(right for _, right in _entries(judged))


def misdated(judged: Judged) -> list[str]:
    """Timeline entries with a wrong date."""
    return [f"{claim.date} {claim.text}" for claim, right in _entries(judged) if not right]


def _entries(judged: Judged) -> Iterator[tuple[Claim, bool]]:
    for spec, section in judged.sections(Rule.DATED):
        claims = [checked.claim for checked in (*section.shown, *section.withheld)]
        for claim in claims:
            place = ClaimContext(claim, claims, spec, judged.library)
            yield claim, not section_rules.RULES[Rule.DATED](place)


def plain_grade(judged: Judged) -> Value:
    """Flesch-Kincaid grade of shown plain-language claims; ``None`` if there are none."""
    text = " ".join(checked.claim.text for checked in judged.shown(Rule.READABLE))
    return readability.grade(text) if text else None


def novel(judged: Judged) -> list[str]:
    """Failures for names and numbers in plain-language claims that the pack does not contain."""
    return [
        failure.reason
        for checked in judged.shown(Rule.NOTHING_NEW)
        if not is_analogy(checked)
        for check in (names.check, numbers.check)
        for failure in check(checked.claim.text, judged.whole)
    ]


def plain_novelty(judged: Judged) -> Value:
    """Number of ``novel`` names and numbers, expected 0; ``None`` without plain-language claims."""
    return float(len(novel(judged))) if judged.shown(Rule.NOTHING_NEW) else None
