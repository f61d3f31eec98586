"""Sections from an evidence pack: draft, verify, judge, repair, gate."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer import telemetry
from summarizer.domain.absences import NOT_SINGLE_INCIDENT
from summarizer.domain.claims import VerdictLabel
from summarizer.domain.drafts import CheckedSection, DraftedSection, Section, Usage
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.findings import PageFinding
from summarizer.domain.progress import DraftProgress, OnEvent, Stage, unwatched
from summarizer.domain.sections import SectionSpec
from summarizer.pipeline.meanwhile import meanwhile
from summarizer.ports.models import Drafter
from summarizer.text.genres import no_single_incident
from summarizer.verification.evidence import EvidenceIndex, index_of
from summarizer.verification.reading_ahead import reading
from summarizer.verification.sourcing import Sourcing
from summarizer.verification.verify import Verifier


def draft_sections(
    pack: EvidencePack,
    drafter: Drafter,
    verifier: Verifier,
    specs: Sequence[SectionSpec],
    on_event: OnEvent = unwatched,
    instruction: str | None = None,
) -> tuple[tuple[Section, ...], Usage, tuple[PageFinding, ...]]:
    """Draft sections and decide which of their claims are shown.

    The judge, if the verifier has one, decides after the checks.  Failed claims are repaired once,
    verified and judged again.  Of the judge's findings on the page, those on repaired claims are
    dropped.

    Of items that tell of no single incident no page is made.  While a model writes, the evidence is
    read for the checks; while a judge decides, it is searched for who asserts the claims.

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
    if no_single_incident(pack.items):
        return _no_page(specs, on_event), Usage(), ()
    with meanwhile(reading(pack) if drafter.model is not None else None):
        drafting = drafter.draft(
            pack, specs, lambda section: on_event(_drafted(section)), instruction
        )
    with telemetry.span("verify"):
        index = index_of(pack)
        sourcing = verifier.sourcing(index)
        checked = verifier.check(index, drafting.sections)
    usage = drafting.usage
    passed = [verifier.passes(claim) for section in checked for claim in section.claims]
    detail = f"verified {len(passed)} claims, {passed.count(False)} failed"
    on_event(DraftProgress(stage=Stage.VERIFIED, detail=detail))
    checked, cost, findings = _judged(index, checked, verifier, sourcing, on_event)
    usage += cost
    if failing := verifier.to_repair(checked):
        repairs = drafter.repair(pack, failing)
        checked = verifier.repairs(index, checked, repairs.claims)
        on_event(_repaired(checked, verifier))
        checked, cost, _ = _judged(index, checked, verifier, sourcing, on_event)
        usage += repairs.usage + cost
        findings = tuple(f for f in findings if repairs.claims.keys().isdisjoint(f.claims))
    with telemetry.span("gate"):
        sections = verifier.gate(index, checked, sourcing)
    shown = sum(len(section.shown) for section in sections)
    withheld = sum(len(section.withheld) for section in sections)
    on_event(DraftProgress(stage=Stage.GATED, detail=f"shows {shown} claims, withholds {withheld}"))
    return sections, usage, findings


def _no_page(specs: Sequence[SectionSpec], on_event: OnEvent) -> tuple[Section, ...]:
    """Sections of items that tell of no single incident: each says so, and no drafter is asked."""
    for spec in specs:
        on_event(_drafted(DraftedSection(key=spec.key, abstained=NOT_SINGLE_INCIDENT)))
    on_event(DraftProgress(stage=Stage.GATED, detail="the items tell of no single incident"))
    return tuple(Section(key=spec.key, abstained=NOT_SINGLE_INCIDENT) for spec in specs)


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


def _judged(
    index: EvidenceIndex,
    checked: tuple[CheckedSection, ...],
    verifier: Verifier,
    sourcing: Sourcing,
    on_event: OnEvent,
) -> tuple[tuple[CheckedSection, ...], Usage, tuple[PageFinding, ...]]:
    """The sections after the judge, its cost, and its findings on the page; nothing changes when
    nobody is asked."""
    with meanwhile(sourcing.find(checked) if verifier.judge is not None else None):
        judged, cost, findings = verifier.ask_judge(index, checked)
    if judged == checked:
        return judged, cost, findings
    claims = [claim for section in judged for claim in section.claims]
    said = [claim.verdict.judge.label for claim in claims if claim.verdict.judge]
    agreed = said.count(VerdictLabel.SUPPORTED)
    detail = f"judged {len(said)} claims, {len(said) - agreed} objected to"
    on_event(DraftProgress(stage=Stage.JUDGED, detail=detail))
    return judged, cost, findings
