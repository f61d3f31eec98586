"""Verdicts on claims: all checks, then entailment.

Every failure is reported, in this order: structure, checks of the words against the cited passages,
instructions, rules of the section, additions to the passages, entailment.
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
    contexts: Sequence[ClaimContext], entailment: Entailment, policy: Policy
) -> tuple[CheckedClaim, ...]:
    """Verify claims, in order; entailment is called once for all, with the policy's thresholds."""
    support = entailment.support(
        [(context.claim.text, [g.text for g in context.cited.cited]) for context in contexts]
    )
    return tuple(
        CheckedClaim(
            claim=context.claim,
            verdict=_verdict(context, entailed, entailment, policy),
            origins=len(corroboration.origins(context.claim.text, context.cited)),
            echo=corroboration.echo(context.claim.text, context.cited),
        )
        for context, entailed in zip(contexts, support, strict=True)
    )


def _verdict(
    context: ClaimContext, support: float, entailment: Entailment, policy: Policy
) -> Verdict:
    claim = context.claim
    failures = [*failed_checks(context), *_additions(context, entailment)]
    thresholds = policy.thresholds(context.spec.key)
    verdict = scoring.judge_claim(
        claim.text, claim.kind, failures, support, context.cited, thresholds
    )
    if verdict.label is not VerdictLabel.SUPPORTED:
        return verdict
    warnings = attribution.warnings(claim.text, context.cited)
    if claim.kind is Kind.ANALOGY:
        warnings = ("An analogy: it explains, and states nothing of the incident.",)
    return verdict.model_copy(update={"warnings": warnings})


def failed_checks(context: ClaimContext) -> list[Failure]:
    """Failures of a claim by its words alone, without entailment and nearness."""
    claim, cited = context.claim, context.cited
    found = citations.check(claim, context.index)
    analogy = claim.kind is Kind.ANALOGY
    if cited.cited and not analogy:
        found += scoring.run_checks(claim.text, cited)
        found += attribution.check(claim.text, cited)
        found += hypotheticals.asks(claim.text, cited)
    elif analogy:
        found += analogies.check(claim.text, context.index)
    found += instructions.check(claim.text, cited, analogy)
    if claim.actor:
        found += instructions.check(claim.actor, cited)
    if claim.criterion:
        found += instructions.form(claim.criterion, cited)
        found += forecast_criteria.criterion(claim, cited)
    found += section_rules.limits(context)
    found += section_rules.check(context)
    return [failure for failure in found if not section_rules.due_date_allowed(claim, failure)]


def _additions(context: ClaimContext, entailment: Entailment) -> list[Failure]:
    """Failures for words of a claim that its passages lack.

    In forecasts, which go beyond their passages, and in plain language, which rewords them, only
    additions to copied words count.
    """
    claim, rules = context.claim, context.spec.row.rules
    if claim.kind is Kind.ANALOGY or not context.cited.cited:
        return []
    own = claim.kind is Kind.PREDICTION or Rule.NOTHING_NEW in rules
    return additions.check(claim.text, context.cited, entailment.nearness, copied_only=own)
