"""The gate: decides, by a policy, which claims are shown to the reader.

A failed claim is handed back to its drafter once; a claim that fails again is withheld with its
reasons.  A section with too few claims abstains and names the missing evidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from summarizer.domain.absences import Absence, AbsenceReason
from summarizer.domain.claims import EXPLAINING, CheckedClaim, Failure, Verdict, VerdictLabel
from summarizer.domain.drafts import CheckedSection, Repair, Section
from summarizer.domain.sections import Rule, SectionSpec
from summarizer.verification.judge import QUESTIONS
from summarizer.verification.policy import Action, Policy

NO_ROOM = "The section is full: it shows {most} claims."
TWICE = "{actor} has an entry from the same item already; each actor stands once."


def passes(checked: CheckedClaim, policy: Policy) -> bool:
    """Whether a claim may be shown to the reader.

    Unsupported and contradicted claims never may, whatever the policy, nor claims without evidence,
    except analogies and glosses.  An unchecked claim may when nothing failed: it is in its own
    words, and no judge was asked.
    """
    verdict = checked.verdict
    if not verdict.evidence and checked.claim.kind not in EXPLAINING:
        return False
    if verdict.label is VerdictLabel.PARTLY and verdict.failures:
        shown = checked.claim.kind in policy.shown_partly
        return shown and policy.action(verdict.failures) is Action.SHOW
    if verdict.label is VerdictLabel.UNCHECKED:
        return not verdict.failures
    return verdict.label is VerdictLabel.SUPPORTED


def to_repair(sections: Sequence[CheckedSection], policy: Policy) -> tuple[Repair, ...]:
    """Failed claims to rewrite, in the order of the page; each claim is repaired at most once.

    Where a judge has decided, its reason stands for the questions that were put to it.
    """
    return tuple(
        Repair(section=section.key, claim=checked.claim, failures=_to_mend(checked.verdict))
        for section in sections
        for checked in section.claims
        if not passes(checked, policy)
        and checked.repaired_from is None
        and policy.action(checked.verdict.failures) is not Action.WITHHOLD
    )


def _to_mend(verdict: Verdict) -> tuple[Failure, ...]:
    if verdict.judge is None:
        return verdict.failures
    return tuple(failure for failure in verdict.failures if failure.check not in QUESTIONS)


def decide(checked: CheckedSection, spec: SectionSpec, policy: Policy) -> Section:
    """Split a section's claims into shown and withheld ones, or let the section abstain.

    Failed claims count neither towards the section's limit nor as an actor's one entry.  When more
    claims pass than the section may show, no item gets a second claim before each has its first;
    then claims that more independent origins tell come first.
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
    """Reasons to withhold claims whose actor already has an entry from the same item, by claim id.

    An entry for the same actor from another item stays: only the reader can tell which is right.
    """
    found: dict[str, str] = {}
    earlier: list[tuple[frozenset[str], frozenset[str]]] = []
    for checked in passing if Rule.ONE_ACTOR in spec.row.rules else ():
        actor = frozenset((checked.claim.actor or "").casefold().split())
        items = _items(checked)
        if any(actor == other and items & theirs for other, theirs in earlier):
            found[checked.id] = TWICE.format(actor=checked.claim.actor)
        earlier.append((actor, items))
    return found


def _by_worth(passing: Sequence[CheckedClaim]) -> list[CheckedClaim]:
    """Claims in order of priority for a section with too little room."""
    before: Counter[frozenset[str]] = Counter()
    worth = {}
    for checked in passing:
        items = _items(checked)
        worth[checked.id] = (before[items], -checked.origins)
        before[items] += 1
    return sorted(passing, key=lambda checked: worth[checked.id])


def _items(checked: CheckedClaim) -> frozenset[str]:
    """Keys of the items of a claim's evidence."""
    return frozenset(e.source.partition(".")[0] for e in checked.verdict.evidence)


def decide_all(
    sections: Sequence[CheckedSection], specs: Sequence[SectionSpec], policy: Policy
) -> tuple[Section, ...]:
    """All sections after the gate, in order.

    Raises:
        KeyError: a section has a key without a spec.
    """
    by_key = {spec.key: spec for spec in specs}
    return tuple(decide(section, by_key[section.key], policy) for section in sections)


def _section(
    checked: CheckedSection,
    shown: Sequence[CheckedClaim],
    withheld: Sequence[CheckedClaim],
    abstained: Absence | None,
) -> Section:
    return Section(
        key=checked.key,
        shown=tuple(shown),
        withheld=tuple(withheld),
        abstained=abstained,
        prompt_version=checked.prompt_version,
    )


def _why(checked: CheckedSection, spec: SectionSpec) -> Absence:
    """Why a section is empty: the drafter's own reason if it wrote nothing.

    What was written and failed says nothing of what the sources lack.
    """
    if checked.abstained and not checked.claims:
        return checked.abstained
    could_not = f"We could not place {spec.row.subject}"
    if not checked.claims:
        words = f"{could_not}: nothing was drafted."
        return Absence(reason=AbsenceReason.NOTHING_RETURNED, words=words)
    count = len(checked.claims)
    withheld = "the drafted sentence was" if count == 1 else f"{count} drafted sentences were"
    words = f"{could_not}: {withheld} withheld."
    return Absence(reason=AbsenceReason.WITHHELD, words=words)


def _warned(claim: CheckedClaim) -> CheckedClaim:
    """A shown claim with its failures as warnings."""
    verdict = claim.verdict
    reasons = tuple(f"Only partly supported: {failure.reason}" for failure in verdict.failures)
    warned = verdict.model_copy(update={"warnings": (*verdict.warnings, *reasons)})
    return claim.model_copy(update={"verdict": warned}) if reasons else claim


def _withheld(claim: CheckedClaim, reasons: Mapping[str, str], place: int | None) -> CheckedClaim:
    """A withheld claim with its position, and with the section's reason, if any, as a failure."""
    verdict = claim.verdict
    if claim.id in reasons:
        failure = Failure(check="limits", reason=reasons[claim.id], label=verdict.label)
        verdict = verdict.model_copy(update={"failures": (*verdict.failures, failure)})
    return claim.model_copy(update={"verdict": verdict, "place": place})
