"""The gate: which claims reach a reader.  ``policy`` holds, as data, which may pass.

A claim that fails is handed back to its drafter once; one that fails again is withheld with its
reasons, and a section left without substance abstains and says what evidence is missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from summarizer.domain.claims import CheckedClaim, Failure, Kind, VerdictLabel
from summarizer.domain.drafts import CheckedSection, Repair, Section
from summarizer.domain.sections import Rule, SectionSpec
from summarizer.verification.policy import Action, Policy

NO_ROOM = "The section is full: it shows {most} claims."
TWICE = "{actor} has a side already, from the same item; each actor stands once."


def passes(checked: CheckedClaim, policy: Policy) -> bool:
    """Whether a claim may reach a reader.

    A claim that nobody checked never may, whatever the policy; nor one that is unsupported or
    contradicted, nor one without evidence, analogies excepted.
    """
    verdict = checked.verdict
    if not verdict.evidence and checked.claim.kind is not Kind.ANALOGY:
        return False
    if verdict.label is VerdictLabel.PARTLY and verdict.failures:
        shown = checked.claim.kind in policy.shown_partly
        return shown and policy.action(verdict.failures) is Action.SHOW
    return verdict.label is VerdictLabel.SUPPORTED


def to_repair(sections: Sequence[CheckedSection], policy: Policy) -> tuple[Repair, ...]:
    """The claims that fail and could be rewritten, in the order of the page.

    A claim that was repaired before is not among them: there is one round.
    """
    return tuple(
        Repair(section=section.key, claim=checked.claim, failures=checked.verdict.failures)
        for section in sections
        for checked in section.claims
        if not passes(checked, policy)
        and checked.repaired_from is None
        and policy.action(checked.verdict.failures) is not Action.WITHHOLD
    )


def decide(checked: CheckedSection, spec: SectionSpec, policy: Policy) -> Section:
    """One section as the reader gets it.

    Failed claims count neither towards the section's limit nor as an actor's one entry.  Where
    more pass than the section holds, no item gets a second claim before another has its first, and
    among those that wait, the claims that the rest of the evidence speaks of most come first.
    """
    passing = [claim for claim in checked.claims if passes(claim, policy)]
    reasons = _repeated_sides(passing, spec)
    room = _by_worth([claim for claim in passing if claim.id not in reasons])
    most, least = spec.limits.max_claims, spec.limits.min_claims
    if len(room[:most]) < least:
        alone = f"The section needs {least} supported claims and has {len(room[:most])}."
        reasons = {claim.id: alone for claim in passing} | reasons
        withheld = [_withheld(claim, reasons, None) for claim in checked.claims]
        return _section(checked, [], withheld, _why(checked, spec))
    reasons |= {claim.id: NO_ROOM.format(most=most) for claim in room[most:]}
    standing = {claim.id for claim in passing} - set(reasons)
    shown: list[CheckedClaim] = []
    withheld = []
    for claim in checked.claims:
        if claim.id in standing:
            shown.append(_warned(claim))
        else:
            withheld.append(_withheld(claim, reasons, len(shown)))
    return _section(checked, shown, withheld, None)


def _repeated_sides(passing: Sequence[CheckedClaim], spec: SectionSpec) -> dict[str, str]:
    """Ids of the claims whose actor has a side already, with the reason.

    What another item has the same actor say stands beside it: only a reader can tell which of the
    two is wrong.
    """
    found: dict[str, str] = {}
    heard: list[tuple[frozenset[str], frozenset[str]]] = []
    for checked in passing if Rule.ONE_ACTOR in spec.row.rules else ():
        actor = frozenset((checked.claim.actor or "").casefold().split())
        items = _items(checked)
        if any(actor == other and items & theirs for other, theirs in heard):
            found[checked.id] = TWICE.format(actor=checked.claim.actor)
        heard.append((actor, items))
    return found


def _by_worth(passing: Sequence[CheckedClaim]) -> list[CheckedClaim]:
    """Claims in the order in which a section that is too small takes them."""
    before: Counter[frozenset[str]] = Counter()
    worth = {}
    for checked in passing:
        items = _items(checked)
        worth[checked.id] = (before[items], -checked.echo)
        before[items] += 1
    return sorted(passing, key=lambda checked: worth[checked.id])


def _items(checked: CheckedClaim) -> frozenset[str]:
    """Keys of the items that a claim rests on."""
    return frozenset(e.source.partition(".")[0] for e in checked.verdict.evidence)


def decide_all(
    sections: Sequence[CheckedSection], specs: Sequence[SectionSpec], policy: Policy
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


def _warned(claim: CheckedClaim) -> CheckedClaim:
    """A shown claim with what is wrong with it as warnings, if anything is."""
    verdict = claim.verdict
    reasons = tuple(f"Only partly supported: {failure.reason}" for failure in verdict.failures)
    warned = verdict.model_copy(update={"warnings": (*verdict.warnings, *reasons)})
    return claim.model_copy(update={"verdict": warned}) if reasons else claim


def _withheld(claim: CheckedClaim, reasons: Mapping[str, str], place: int | None) -> CheckedClaim:
    """A withheld claim in its place, with the reason that lies in the section, if one does."""
    verdict = claim.verdict
    if claim.id in reasons:
        failure = Failure(check="limits", reason=reasons[claim.id], label=verdict.label)
        verdict = verdict.model_copy(update={"failures": (*verdict.failures, failure)})
    return claim.model_copy(update={"verdict": verdict, "place": place})
