"""Sections from an evidence pack: draft, verify, repair, judge, gate."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer import telemetry
from summarizer.domain.claims import VerdictLabel
from summarizer.domain.drafts import CheckedSection, DraftedSection, Section, Usage
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.progress import DraftProgress, OnEvent, Stage, unwatched
from summarizer.domain.sections import SectionSpec
from summarizer.ports.models import Drafter
from summarizer.verification.evidence import EvidenceIndex
from summarizer.verification.judge import CHECK
from summarizer.verification.verify import Verifier


def draft_sections(
    pack: EvidencePack,
    drafter: Drafter,
    verifier: Verifier,
    specs: Sequence[SectionSpec],
    on_event: OnEvent = unwatched,
    instruction: str | None = None,
) -> tuple[tuple[Section, ...], Usage]:
    """Draft sections and decide which of their claims are shown.

    Failed claims are repaired once and verified again; the verifier's judge is optional.

    Args:
        pack: the evidence.
        drafter: writes the claims.
        verifier: checks them and decides which are shown.
        specs: the sections to draft.
        on_event: called at each step.
        instruction: an editor's instruction to the drafter.

    Raises:
        ModelError: the model could not be used; no section was made.
    """
    drafting = drafter.draft(pack, specs, lambda section: on_event(_drafted(section)), instruction)
    with telemetry.span("verify"):
        index = EvidenceIndex(pack)
        checked = verifier.check(index, drafting.sections)
    usage = drafting.usage
    passed = [verifier.passes(claim) for section in checked for claim in section.claims]
    detail = f"verified {len(passed)} claims, {passed.count(False)} failed"
    on_event(DraftProgress(stage=Stage.VERIFIED, detail=detail))
    if failing := verifier.to_repair(checked):
        repairs = drafter.repair(pack, failing)
        checked = verifier.repairs(index, checked, repairs.claims)
        usage += repairs.usage
        on_event(_repaired(checked, verifier))
    if verifier.judge is not None:
        checked, cost = verifier.ask_judge(index, checked)
        usage += cost
        on_event(DraftProgress(stage=Stage.JUDGED, detail=_judged(checked)))
    with telemetry.span("gate"):
        sections = verifier.gate(index, checked)
    shown = sum(len(section.shown) for section in sections)
    withheld = sum(len(section.withheld) for section in sections)
    on_event(DraftProgress(stage=Stage.GATED, detail=f"shows {shown} claims, withholds {withheld}"))
    return sections, usage


def _drafted(section: DraftedSection) -> DraftProgress:
    count = len(section.claims)
    result = f"{count} claim(s)" if count else "abstained"
    detail = f"drafted {section.key}: {result}"
    return DraftProgress(stage=Stage.DRAFTED, section=section.key, detail=detail, drafted=section)


def _repaired(checked: Sequence[CheckedSection], verifier: Verifier) -> DraftProgress:
    repaired = sum(
        claim.repaired_from is not None and verifier.passes(claim)
        for section in checked
        for claim in section.claims
    )
    return DraftProgress(stage=Stage.REPAIRED, detail=f"repaired {repaired} of them")


def _judged(checked: Sequence[CheckedSection]) -> str:
    labels = [
        failure.label
        for section in checked
        for claim in section.claims
        for failure in claim.verdict.failures
        if failure.check == CHECK
    ]
    unchecked = labels.count(VerdictLabel.UNCHECKED)
    return f"judged: {len(labels) - unchecked} objected to, {unchecked} without a usable verdict"
