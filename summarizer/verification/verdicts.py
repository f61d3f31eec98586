"""Verdicts on claims: all checks, then entailment.

Every failure is reported, in this order: structure, checks of the words against the cited passages,
instructions, rules of the section, entailment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from summarizer.domain.claims import EXPLAINING, CheckedClaim, Failure, Kind, Verdict
from summarizer.domain.sections import Layout, Rule
from summarizer.ports.models import Entailment
from summarizer.text.parse import Parse, parse
from summarizer.verification import faults, scoring, section_rules
from summarizer.verification.checks import (
    analogies,
    attribution,
    citations,
    forecast_criteria,
    instructions,
    operators,
    relative_days,
    voice,
)
from summarizer.verification.conflicts import superseded
from summarizer.verification.policy import Policy
from summarizer.verification.section_rules import ClaimContext


def verify_claims(
    contexts: Sequence[ClaimContext], entailment: Entailment, policy: Policy
) -> tuple[CheckedClaim, ...]:
    """Verify claims, in order; entailment is called once for all, with the policy's thresholds.

    Who asserts them is ``sourcing``'s to add.
    """
    over = [section_rules.over_length(context.claim) for context in contexts]
    fit = [context for context, failure in zip(contexts, over, strict=True) if failure is None]
    support = iter(
        faults.support(
            entailment,
            [(context.claim.text, _premises(context)) for context in fit],
            [context.claim.id for context in fit],
        )
    )
    faults.guarded(
        "operators",
        "all",
        lambda: parse([*_to_read(fit)]),
        otherwise=list[Parse](),
    )
    return tuple(
        _guardedly_checked(context, next(support), policy)
        if failure is None
        else CheckedClaim(claim=context.claim, verdict=_unread(failure))
        for context, failure in zip(contexts, over, strict=True)
    )


def _to_read(contexts: Sequence[ClaimContext]) -> Iterator[str]:
    """Sentences that the checks of claims on one evidence parse, to be parsed together."""
    for context in contexts:
        yield from operators.to_read(context.claim.text, context.cited)
    for context in contexts[:1]:
        yield from superseded.to_read(context.index.pack)


def _premises(context: ClaimContext) -> list[str]:
    """The cited texts, and the outlet or author that the claim names as reporting them: the texts
    themselves don't name it."""
    cited = context.cited.dated(context.claim.text)
    return [*(g.text for g in cited.cited), *cited.reporters(context.claim.text)]


def _guardedly_checked(
    context: ClaimContext, support: float | None, policy: Policy
) -> CheckedClaim:
    verdict = faults.guarded(
        faults.VERIFICATION,
        context.claim.id,
        partial(_verdict, context, support, policy),
        otherwise=faults.unchecked_verdict(),
    )
    return CheckedClaim(claim=context.claim, verdict=verdict)


def _unread(failure: Failure) -> Verdict:
    return Verdict(label=failure.label, score=0.0, failures=(failure,))


def _verdict(context: ClaimContext, support: float | None, policy: Policy) -> Verdict:
    claim = context.claim
    failures = failed_checks(context)
    thresholds = policy.thresholds(context.spec.key)
    verdict = scoring.judge_claim(
        claim.text, claim.kind, failures, support, context.cited, thresholds
    )
    advice = tuple(_without_hostile_advice(failure, context) for failure in verdict.failures)
    return verdict.model_copy(update={"failures": advice})


def _without_hostile_advice(failure: Failure, context: ClaimContext) -> Failure:
    """The failure, without a better passage that gives orders or rests on an item that does."""
    if failure.better is None:
        return failure
    better = context.index.grounds((failure.better,))
    hostile = any(instructions.check(ground.text, better) for ground in better.cited)
    return failure.model_copy(update={"better": None}) if hostile else failure


def failed_checks(context: ClaimContext) -> list[Failure]:
    """Failures of a claim by its words alone, without entailment."""
    claim, cited = context.claim, context.cited
    if (over := section_rules.over_length(context.claim)) is not None:
        return [over]
    found = _guarded("structure", context, lambda: citations.check(claim, context.index))
    if cited.cited and claim.kind not in EXPLAINING:
        found += scoring.run_checks(claim.text, cited, claim.id)
    for name, check in _CHECKS.items():
        found += _guarded(name, context, partial(check, context))
    found += section_rules.limits(context)
    for rule in context.spec.row.rules:
        found += _guarded(rule.value, context, partial(section_rules.check, context, rule))
    found = [failure for failure in found if not section_rules.due_date_allowed(claim, failure)]
    return list({(failure.check, failure.reason): failure for failure in found}.values())


def failed_beside(context: ClaimContext) -> list[Failure]:
    """Failures of a claim that depend on the claims beside it.  No judge overrules them."""
    found = _guarded("inference", context, partial(_inferences, context))
    found += _guarded("superseded", context, partial(superseded.check, context))
    if Rule.READABLE in context.spec.row.rules:
        rule = partial(section_rules.check, context, Rule.READABLE)
        found += _guarded(Rule.READABLE.value, context, rule)
    return found


def _guarded(check: str, context: ClaimContext, work: Callable[[], list[Failure]]) -> list[Failure]:
    return faults.guarded(check, context.claim.id, work, otherwise=[faults.unchecked(check)])


def _attribution(context: ClaimContext) -> list[Failure]:
    claim, cited = context.claim, context.cited
    if not cited.cited or claim.kind in EXPLAINING:
        return []
    return attribution.check(claim.text, cited)


def _explanations(context: ClaimContext) -> list[Failure]:
    if context.claim.kind not in EXPLAINING:
        return []
    return analogies.check(context.claim.text, context.index, context.claim.kind)


def _inferences(context: ClaimContext) -> list[Failure]:
    if context.claim.kind is not Kind.INFERENCE:
        return []
    return section_rules.inference(context)


def _instructions(context: ClaimContext) -> list[Failure]:
    claim, cited = context.claim, context.cited
    found = instructions.check(claim.text, cited, claim.kind in EXPLAINING)
    for beside in filter(None, (claim.actor, claim.office, claim.replies_to)):
        found += instructions.check(beside, cited)
    if claim.criterion:
        found += instructions.form(claim.criterion, cited)
    return found


def _criterion(context: ClaimContext) -> list[Failure]:
    if not context.claim.criterion:
        return []
    return forecast_criteria.criterion(context.claim, context.cited)


def _relative_days(context: ClaimContext) -> list[Failure]:
    if context.claim.kind in EXPLAINING:
        return []
    return relative_days.check(context.claim.text, context.cited)


def _voice(context: ClaimContext) -> list[Failure]:
    if context.claim.kind in EXPLAINING:
        return []
    headline = context.spec.row.layout is Layout.HEADLINE
    return voice.check(context.claim.text, headline=headline)


_CHECKS: Mapping[str, Callable[[ClaimContext], list[Failure]]] = {
    "attribution": _attribution,
    "analogy": _explanations,
    "inference": _inferences,
    "instructions": _instructions,
    "relative_days": _relative_days,
    "voice": _voice,
    "criterion": _criterion,
    "superseded": superseded.check,
}
"""Checks of a claim beside ``scoring.CHECKS``, in the order of reporting."""
