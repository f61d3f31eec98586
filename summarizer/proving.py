"""Evidence in, sections out: the one path on which sentences are drafted, checked and shown."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer import gate, judging, recitation, tracing, verification
from summarizer.domain import DraftedSection, EvidencePack, Label, Section, Usage
from summarizer.ports import ClaimJudge, Drafter, Entailment
from summarizer.progress import Event, OnEvent, Stage, unwatched
from summarizer.sections import SectionSpec


def draft_sections(
    pack: EvidencePack,
    drafter: Drafter,
    specs: Sequence[SectionSpec],
    entailment: Entailment,
    on_event: OnEvent = unwatched,
    policy: gate.Policy = gate.POLICY,
    judge: ClaimJudge | None = None,
    instruction: str | None = None,
) -> tuple[tuple[Section, ...], Usage]:
    """Draft, verify, cite anew, repair once, verify and cite anew what
    was repaired, judge where there is a judge, gate.

    Raises:
        ModelError: the model could not be used; nothing was made.
    """

    def arrived(section: DraftedSection) -> None:
        count = len(section.claims)
        detail = f"drafted {section.key}: {count} claim(s)"
        if not count:
            detail = f"drafted {section.key}: abstained"
        on_event(Event(stage=Stage.DRAFTED, section=section.key, detail=detail, drafted=section))

    drafting = drafter.draft(pack, specs, arrived, instruction)
    with tracing.span("verify"):
        checked = verification.verify_sections(pack, drafting.sections, specs, entailment, policy)
        checked = recitation.recite(pack, checked, specs, entailment, policy)
    usage = drafting.usage
    failing = gate.to_repair(checked, policy)
    passed = [gate.passes(claim, policy) for section in checked for claim in section.claims]
    detail = f"verified {len(passed)} claims, {passed.count(False)} failed"
    on_event(Event(stage=Stage.VERIFIED, detail=detail))
    if failing:
        repairs = drafter.repair(pack, failing)
        checked = verification.verify_repairs(
            pack, checked, failing, repairs.claims, specs, entailment, policy
        )
        checked = recitation.recite(pack, checked, specs, entailment, policy)
        usage += repairs.usage
        mended = sum(
            c.repaired_from is not None and gate.passes(c, policy)
            for section in checked
            for c in section.claims
        )
        on_event(Event(stage=Stage.REPAIRED, detail=f"repaired {mended} of them"))
    if judge is not None:
        checked, cost = judging.judge_sections(pack, checked, judge)
        usage += cost
        on_event(Event(stage=Stage.JUDGED, detail=_judged(checked)))
    with tracing.span("gate"):
        sections = gate.decide_all(checked, specs, policy)
    shown = sum(len(section.shown) for section in sections)
    withheld = sum(len(section.withheld) for section in sections)
    on_event(Event(stage=Stage.GATED, detail=f"shows {shown} claims, withholds {withheld}"))
    return verification.with_notes(sections, specs, pack), usage


def _judged(checked: Sequence[gate.CheckedSection]) -> str:
    labels = [
        failure.label
        for section in checked
        for claim in section.claims
        for failure in claim.verdict.failures
        if failure.check == judging.CHECK
    ]
    unchecked = labels.count(Label.UNCHECKED)
    return f"judged: {len(labels) - unchecked} objected to, {unchecked} without a usable verdict"
