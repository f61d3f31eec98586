"""The verdict on one claim: every check that it fails, then entailment.

The rungs are climbed in order and all are reported: structure, checks of the words against the
cited passages, what our editors forbid, the rules of the section, what is added to the passages,
then entailment, asked once for all claims that are handed in together.
"""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.domain.claims import CheckedClaim, Failure, Kind, Verdict, VerdictLabel
from summarizer.domain.sections import Rule
from summarizer.ports.models import Entailment
from summarizer.verification import corroboration, scoring, section_rules
from summarizer.verification.checks import (
    additions,
    analogies,
    attribution,
    citations,
    forecast_criteria,
    hypotheticals,
    instructions,
)
from summarizer.verification.policy import Policy
from summarizer.verification.section_rules import ClaimContext


def verify_claims(
    places: Sequence[ClaimContext], entailment: Entailment, policy: Policy
) -> tuple[CheckedClaim, ...]:
    """Give each claim a verdict, in order; entailment is asked once for all.

    ``policy`` holds the thresholds of entailment.
    """
    support = entailment.support(
        [(place.claim.text, [g.text for g in place.cited.cited]) for place in places]
    )
    return tuple(
        CheckedClaim(
            claim=place.claim,
            verdict=_verdict(place, entailed, entailment, policy),
            origins=len(corroboration.origins(place.claim.text, place.cited)),
            echo=corroboration.echo(place.claim.text, place.cited),
        )
        for place, entailed in zip(places, support, strict=True)
    )


def _verdict(
    place: ClaimContext, support: float, entailment: Entailment, policy: Policy
) -> Verdict:
    claim = place.claim
    failures = [*failed_checks(place), *_additions(place, entailment)]
    thresholds = policy.thresholds(place.spec.key)
    verdict = scoring.judge_claim(
        claim.text, claim.kind, failures, support, place.cited, thresholds
    )
    if verdict.label is not VerdictLabel.SUPPORTED:
        return verdict
    warnings = attribution.warnings(claim.text, place.cited)
    if claim.kind is Kind.ANALOGY:
        warnings = ("An analogy: it explains, and states nothing of the incident.",)
    return verdict.model_copy(update={"warnings": warnings})


def failed_checks(place: ClaimContext) -> list[Failure]:
    """Every check that a claim fails by its words alone, without entailment or nearness; without
    passages there is nothing to compare."""
    claim, cited = place.claim, place.cited
    found = citations.check(claim, place.index)
    analogy = claim.kind is Kind.ANALOGY
    if cited.cited and not analogy:
        found += scoring.run_checks(claim.text, cited)
        found += attribution.check(claim.text, cited)
        found += hypotheticals.asks(claim.text, cited)
    elif analogy:
        found += analogies.check(claim.text, place.index)
    found += instructions.check(claim.text, cited, analogy)
    if claim.actor:
        found += instructions.check(claim.actor, cited)
    if claim.criterion:
        found += instructions.form(claim.criterion, cited)
        found += forecast_criteria.criterion(claim, cited)
    found += section_rules.limits(place)
    found += section_rules.check(place)
    return [failure for failure in found if not section_rules.due_date_allowed(claim, failure)]


def _additions(place: ClaimContext, entailment: Entailment) -> list[Failure]:
    """Words of a claim that its passages lack.

    A forecast goes beyond them, and plain language puts them in words of its own: there only what
    is hung on copied words counts.
    """
    claim, rules = place.claim, place.spec.row.rules
    if claim.kind is Kind.ANALOGY or not place.cited.cited:
        return []
    own = claim.kind is Kind.PREDICTION or Rule.NOTHING_NEW in rules
    return additions.check(claim.text, place.cited, entailment.nearness, copied_only=own)
