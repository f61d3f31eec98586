"""The gate: which claims reach a reader.  Pure functions; what may pass is data.

A claim that fails is handed back to its drafter once; what fails still is withheld with its
reasons, and a section left without substance abstains and says what evidence is missing.
"""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.domain import CheckedClaim, Failure, Kind, Label, Model, Section
from summarizer.ports import Repair
from summarizer.sections import SectionSpec


class CheckedSection(Model):
    """One section with a verdict on every drafted claim, before the gate."""

    key: str
    claims: tuple[CheckedClaim, ...] = ()
    abstained: str | None = None
    prompt_version: str | None = None


class Policy(Model):
    """What may pass.

    Args:
        shown: labels whose claims reach a reader.
        shown_partly: kinds of claim that reach a reader although only partly supported.
        shown_checks: failed checks that alone make a claim partly supported and, for these kinds,
            may pass; the reader sees the reason as a warning.
        hopeless: failed checks that no rewriting repairs.
    """

    shown: frozenset[Label] = frozenset({Label.SUPPORTED})
    shown_partly: frozenset[Kind] = frozenset()
    shown_checks: frozenset[str] = frozenset()
    hopeless: frozenset[str] = frozenset()


POLICY = Policy()
"""Only what is supported is shown.  A claim that nobody checked never is, whatever the policy."""

NO_ROOM = "The section is full: it shows {most} claims."


def passes(checked: CheckedClaim, policy: Policy = POLICY) -> bool:
    """Whether a claim may reach a reader."""
    label = checked.verdict.label
    if label is Label.UNCHECKED or not (checked.verdict.evidence or _needs_none(checked)):
        return False
    if label in policy.shown:
        return True
    failed = {failure.check for failure in checked.verdict.failures}
    partly = label is Label.PARTLY and checked.claim.kind in policy.shown_partly
    return partly and failed <= policy.shown_checks


def _needs_none(checked: CheckedClaim) -> bool:
    return checked.claim.kind is Kind.ANALOGY


def to_repair(sections: Sequence[CheckedSection], policy: Policy = POLICY) -> tuple[Repair, ...]:
    """The claims that fail and could be rewritten, in the order of the page.

    A claim that was repaired before is not among them: there is one round.
    """
    return tuple(
        Repair(section=section.key, claim=checked.claim, failures=checked.verdict.failures)
        for section in sections
        for checked in section.claims
        if not passes(checked, policy)
        and checked.repaired_from is None
        and not {f.check for f in checked.verdict.failures} & policy.hopeless
    )


def decide(checked: CheckedSection, spec: SectionSpec, policy: Policy = POLICY) -> Section:
    """One section as the reader gets it."""
    shown: list[CheckedClaim] = []
    withheld: list[CheckedClaim] = []
    for claim in checked.claims:
        if not passes(claim, policy):
            withheld.append(claim)
        elif len(shown) == spec.limits.max_claims:
            withheld.append(_crowded_out(claim, spec))
        else:
            shown.append(claim)
    if len(shown) >= spec.limits.min_claims:
        return _section(checked, shown, withheld, None)
    return _section(checked, [], _in_order(checked, shown, withheld, spec), _why(checked, spec))


def decide_all(
    sections: Sequence[CheckedSection], specs: Sequence[SectionSpec], policy: Policy = POLICY
) -> tuple[Section, ...]:
    """Every section as the reader gets it, in order.

    Raises:
        KeyError: a section has a key without a spec.
    """
    by_key = {spec.key: spec for spec in specs}
    return tuple(decide(section, by_key[section.key], policy) for section in sections)


def _section(
    checked: CheckedSection,
    shown: Sequence[CheckedClaim],
    withheld: Sequence[CheckedClaim],
    abstained: str | None,
) -> Section:
    return Section(
        key=checked.key,
        shown=tuple(shown),
        withheld=tuple(withheld),
        abstained=abstained,
        prompt_version=checked.prompt_version,
    )


def _why(checked: CheckedSection, spec: SectionSpec) -> str:
    """The drafter's own reason where it wrote nothing, else what the registry says is missing."""
    if checked.abstained and not checked.claims:
        return checked.abstained
    if not checked.claims:
        return spec.row.missing
    failed = f"{len(checked.claims)} drafted, too few could be supported."
    return f"{spec.row.missing} ({failed})"


def _in_order(
    checked: CheckedSection,
    shown: Sequence[CheckedClaim],
    withheld: Sequence[CheckedClaim],
    spec: SectionSpec,
) -> list[CheckedClaim]:
    """All claims of a section that abstains, those that would have passed with their reason."""
    reason = f"The section needs {spec.limits.min_claims} supported claims and has {len(shown)}."
    alone = {id(claim) for claim in shown}
    kept = {id(claim): claim for claim in withheld}
    return [
        _withheld_for(claim, reason) if id(claim) in alone else kept.get(id(claim), claim)
        for claim in checked.claims
    ]


def _crowded_out(claim: CheckedClaim, spec: SectionSpec) -> CheckedClaim:
    return _withheld_for(claim, NO_ROOM.format(most=spec.limits.max_claims))


def _withheld_for(claim: CheckedClaim, reason: str) -> CheckedClaim:
    """The claim with a reason that lies in the section, not in its support."""
    failure = Failure(check="limits", reason=reason, label=claim.verdict.label)
    failures = (*claim.verdict.failures, failure)
    return claim.model_copy(
        update={"verdict": claim.verdict.model_copy(update={"failures": failures})}
    )
