"""Evidence in, sections out: the one path on which sentences are drafted, checked and shown."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer import telemetry
from summarizer.domain import drafts
from summarizer.domain.claims import VerdictLabel
from summarizer.domain.drafts import DraftedSection, Section, Usage
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.progress import DraftProgress, OnEvent, Stage, unwatched
from summarizer.domain.sections import SectionSpec
from summarizer.ports.models import ClaimJudge, Drafter, Entailment
from summarizer.verification import citation_repair, gate, verify
from summarizer.verification import judge as verification_judge


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
        on_event(
            DraftProgress(stage=Stage.DRAFTED, section=section.key, detail=detail, drafted=section)
        )

    drafting = drafter.draft(pack, specs, arrived, instruction)
    with telemetry.span("verify"):
        checked = verify.verify_sections(pack, drafting.sections, specs, entailment, policy)
        checked = citation_repair.repair_citations(pack, checked, specs, entailment, policy)
    usage = drafting.usage
    failing = gate.to_repair(checked, policy)
    passed = [gate.passes(claim, policy) for section in checked for claim in section.claims]
    detail = f"verified {len(passed)} claims, {passed.count(False)} failed"
    on_event(DraftProgress(stage=Stage.VERIFIED, detail=detail))
    if failing:
        repairs = drafter.repair(pack, failing)
        checked = verify.verify_repairs(
            pack, checked, failing, repairs.claims, specs, entailment, policy
        )
        checked = citation_repair.repair_citations(pack, checked, specs, entailment, policy)
        usage += repairs.usage
        mended = sum(
            c.repaired_from is not None and gate.passes(c, policy)
            for section in checked
            for c in section.claims
        )
        on_event(DraftProgress(stage=Stage.REPAIRED, detail=f"repaired {mended} of them"))
    if judge is not None:
        checked, cost = verification_judge.judge_sections(pack, checked, judge)
        usage += cost
        on_event(DraftProgress(stage=Stage.JUDGED, detail=_judged(checked)))
    with telemetry.span("gate"):
        sections = gate.decide_all(checked, specs, policy)
    shown = sum(len(section.shown) for section in sections)
    withheld = sum(len(section.withheld) for section in sections)
    on_event(DraftProgress(stage=Stage.GATED, detail=f"shows {shown} claims, withholds {withheld}"))
    return verify.with_notes(sections, specs, pack), usage


def _judged(checked: Sequence[drafts.CheckedSection]) -> str:
    labels = [
        failure.label
        for section in checked
        for claim in section.claims
        for failure in claim.verdict.failures
        if failure.check == verification_judge.CHECK
    ]
    unchecked = labels.count(VerdictLabel.UNCHECKED)
    return f"judged: {len(labels) - unchecked} objected to, {unchecked} without a usable verdict"
