"""Conversion of a page to its public document, and the JSON format."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from summarizer.domain import accusations, claims, corrections, drafts, evidence, incidents
from summarizer.domain.absences import UNRECORDED
from summarizer.domain.findings import Disagreement, Finding
from summarizer.domain.forecasts import Outcome
from summarizer.domain.items import PassageId
from summarizer.domain.page import Page
from summarizer.domain.reviews import Review
from summarizer.domain.sections import SectionSpec
from summarizer.rendering import citations, layout, phrases, schema
from summarizer.rendering.sanitize import safe_url
from summarizer.verification import right_of_reply


def render_json(page: Page, specs: Sequence[SectionSpec]) -> str:
    """Render the page as JSON after ``docs/incident.schema.json``; times are ISO 8601 in UTC."""
    return document(page, specs).model_dump_json(indent=2) + "\n"


def document(page: Page, specs: Sequence[SectionSpec]) -> schema.Document:
    """Build the public document of a page, which every output format renders.

    Sections are in the order of ``specs``; citations are numbered as a reader meets them.
    """
    draft = page.draft
    drafted = {section.key: section for section in draft.sections}
    sections = [drafted.get(spec.key) or drafts.Section(key=spec.key) for spec in specs]
    layouts = {spec.key: spec.row.layout for spec in specs}
    as_read = sorted(sections, key=lambda section: layout.place(layouts[section.key]))
    numbers = citations.numbering(as_read, draft.evidence)
    incident, noise, review = _incident(page), _noise(page.noise), _review(page)
    claims_shown = [claim for section in sections for claim in section.shown]
    several = phrases.told_by_several(claims_shown)
    notes = _notes(page)
    shown = tuple(
        _section(section, spec, numbers, page, review, several, notes.get(section.key, ()))
        for section, spec in zip(sections, specs, strict=True)
    )
    return schema.Document(
        schema_version=schema.SCHEMA_VERSION,
        incident=incident,
        answer=schema.Answer(
            question=phrases.QUESTION,
            text=phrases.answer(incident, noise),
            caveats=phrases.caveats(incident, noise),
        ),
        cite=page.cite,
        disclosure=phrases.disclosure(draft, shown, review),
        sourcing=phrases.sourcing(claims_shown),
        review=review,
        sections=shown,
        findings=tuple(_finding(finding) for finding in page.findings),
        disagreements=tuple(_disagreement(found) for found in page.disagreements),
        accusations=tuple(map(_accusation, page.accusations)),
        corrections=tuple(map(_correction, page.corrections)),
        about=schema.About.model_validate(page.entities.model_dump(mode="json")),
        noise=noise,
        sources=_sources(draft.evidence, numbers),
        provenance=_provenance(draft),
    )


def _incident(page: Page) -> schema.Incident:
    items = page.draft.evidence.items
    return schema.Incident(
        id=page.incident.id,
        title=page.title,
        created_at=_utc(page.incident.created_at),
        label=page.incident.label,
        merged_into=page.incident.merged_into,
        items=len(page.incident.item_keys),
        origins=len({item.origin for item in items}),
        platforms=page.platforms,
        last_coverage_at=max(
            (_utc(item.counts_from) for item in items if item.counts_from), default=None
        ),
    )


def _review(page: Page) -> schema.Review:
    """The review of the shown revision; unreviewed if the review is of another revision."""
    review = page.review
    if review.revision != page.draft.revision:
        review = Review()
    return schema.Review(
        state=review.state,
        by=review.by,
        at=_utc(review.at) if review.at else None,
        override=review.override,
        read=review.read,
    )


def _noise(noise: incidents.Noise) -> schema.Noise:
    return schema.Noise(
        as_of=_utc(noise.as_of),
        score=noise.score,
        state=noise.state,
        state_name=phrases.STATE_NAMES[noise.state],
        peak=noise.peak,
        peak_at=_utc(noise.peak_at) if noise.peak_at else None,
        decay=noise.decay,
        reopened_at=_utc(noise.reopened_at) if noise.reopened_at else None,
        method_version=noise.config_version,
        factors=tuple(
            schema.Factor(
                key=factor.key,
                name=factor.key.replace("_", " ").capitalize(),
                weight=factor.weight,
                value=factor.value,
                basis=factor.basis,
            )
            for factor in noise.factors
        ),
    )


def _section(
    section: drafts.Section,
    spec: SectionSpec,
    numbers: Mapping[PassageId, int],
    page: Page,
    review: schema.Review,
    several: bool,
    notes: tuple[str, ...],
) -> schema.Section:
    """A section; an empty one without a recorded reason says so."""
    findings = [finding for finding in page.findings if finding.section == section.key]
    today = page.noise.as_of.astimezone(dt.UTC).date()
    absence = section.abstained or (None if section.shown else UNRECORDED)
    return schema.Section(
        key=section.key,
        heading=spec.row.heading,
        layout=spec.row.layout,
        claims=tuple(
            _claim(
                claim,
                numbers,
                review,
                today,
                findings,
                page.outcomes.get(claim.claim.text),
                phrases.sourcing_of(claim, several),
            )
            for claim in section.shown
        ),
        withheld=tuple(_claim(claim, numbers, review, today) for claim in section.withheld),
        abstained=absence.words if absence else None,
        absence=absence.reason if absence else None,
        notes=notes,
        closing=spec.row.closing,
        prompt_version=section.prompt_version,
        edited_by=section.edited_by,
        written_by=section.written_by,
        **_makers(section, page.draft),
    )


def _notes(page: Page) -> dict[str, tuple[str, ...]]:
    """Notes on replies by section, with what became known after the draft."""
    answered = {found.answers for found in page.findings if found.answers}
    kept = {s.key: right_of_reply.still_true(s.notes, answered) for s in page.draft.sections}
    return right_of_reply.with_requests(kept, page.draft, page.asked, answered)


def _makers(section: drafts.Section, draft: drafts.Draft) -> dict[str, Any]:
    """Drafter, model and judge of a section, from its prompt where an old draft keeps none."""
    if section.drafter is not None:
        return {"drafter": section.drafter, "model": section.model, "judge": section.judge}
    judged = any(c.verdict.judge for c in (*section.shown, *section.withheld))
    model = (draft.model or phrases.SOME_MODEL) if section.prompt_version else None
    return {"drafter": draft.drafter, "model": model, "judge": draft.judge if judged else None}


def _claim(
    checked: claims.CheckedClaim,
    numbers: Mapping[PassageId, int],
    review: schema.Review,
    today: dt.date,
    findings: Sequence[Finding] = (),
    outcome: Outcome | None = None,
    sourcing: str | None = None,
) -> schema.Claim:
    claim = checked.claim
    due_on = claim.date if claim.kind is claims.Kind.PREDICTION else None
    found = [finding for finding in findings if finding.claim == claim.text]
    return schema.Claim(
        **schema.claim_fields(checked),
        id=claim.id,
        citations=_citations(claim.cites, numbers),
        verdict=_verdict(checked, numbers, review, found),
        read_by=review.by if claim.id in review.read else None,
        outcome=outcome if claim.kind is claims.Kind.PREDICTION else None,
        due=due_on <= today if due_on else None,
        sourcing=sourcing,
    )


def _citations(
    cites: Sequence[str], numbers: Mapping[PassageId, int]
) -> tuple[schema.Citation, ...]:
    """Cited passages, each once, by number; unknown passages come last."""
    found = [
        schema.Citation(number=numbers.get(PassageId(cite)), passage=cite)
        for cite in dict.fromkeys(cites)
    ]
    return tuple(sorted(found, key=lambda c: (c.number is None, c.number or 0)))


def _finding(finding: Finding) -> schema.Finding:
    return schema.Finding(**finding.model_dump())


def _accusation(found: accusations.Accusation) -> schema.Accusation:
    told = found.model_dump() | {"stage": found.stage.name.lower()}
    return schema.Accusation.model_validate(told)


def _correction(found: corrections.Correction) -> schema.Correction:
    return schema.Correction(
        at=_utc(found.at),
        revision=found.revision,
        why=found.why,
        sentences=tuple(
            schema.CorrectedSentence(**one.model_dump(exclude={"id"})) for one in found.sentences
        ),
    )


def _disagreement(found: Disagreement) -> schema.Disagreement:
    tellings = tuple(schema.Telling(**telling.model_dump()) for telling in found.tellings)
    return schema.Disagreement(
        kind=found.kind,
        summary=phrases.differ(found.fact, tellings, found.updated),
        fact=found.fact,
        updated=found.updated,
        tellings=tellings,
    )


def _verdict(
    checked: claims.CheckedClaim,
    numbers: Mapping[PassageId, int],
    review: schema.Review,
    findings: Sequence[Finding],
) -> schema.Verdict:
    verdict = checked.verdict
    return schema.Verdict(
        label=verdict.label,
        score=verdict.score,
        failures=tuple(_failure(failure, numbers) for failure in verdict.failures),
        overruled=tuple(_failure(failure, numbers) for failure in verdict.overruled),
        judge=_judge(verdict.judge, numbers) if verdict.judge else None,
        warnings=(
            *([phrases.in_own_words(review, checked.id)] if checked.needs_check else []),
            *verdict.warnings,
            *phrases.recited(checked.recited_from),
            *phrases.edited(checked),
            *(phrases.found(finding) for finding in map(_finding, findings)),
        ),
        evidence=tuple(
            schema.Evidence(passage=span.source, start=span.start, end=span.end, text=span.text)
            for span in verdict.evidence
        ),
    )


def _failure(failure: claims.Failure, numbers: Mapping[PassageId, int]) -> schema.Failure:
    better = numbers.get(PassageId(failure.better)) if failure.better else None
    return schema.Failure(**failure.model_dump(), better_number=better)


def _judge(said: claims.JudgeVerdict, numbers: Mapping[PassageId, int]) -> schema.JudgeVerdict:
    return schema.JudgeVerdict(
        label=said.label,
        reason=said.reason,
        passages=_citations(said.passages, numbers),
        tokens=said.tokens,
    )


def _sources(
    pack: evidence.EvidencePack, numbers: Mapping[PassageId, int]
) -> tuple[schema.Source, ...]:
    names = {item.key: item.source_name for item in pack.items}
    return tuple(
        schema.Source(
            key=item.key,
            name=item.source_name,
            outlet=item.outlet,
            author=item.author,
            platform=item.platform,
            title=item.title,
            url=safe_url(item.url),
            published_at=_utc(item.published_at) if item.published_at else None,
            ingested_at=_utc(item.ingested_at),
            origin=item.origin,
            copy_of=None if item.origin == item.key else names.get(item.origin, item.origin),
            passages=passages,
        )
        for item, passages in citations.sources(pack, numbers)
    )


def _provenance(draft: drafts.Draft) -> schema.Provenance:
    return schema.Provenance(
        drafter=draft.drafter,
        model=draft.model,
        revision=draft.revision,
        created_at=_utc(draft.created_at),
        evidence_hash=draft.evidence_hash,
        evidence_passages=len(draft.evidence.passages),
        evidence_tokens=draft.evidence.tokens,
        passages_left_out=draft.evidence.left_out,
        judge=draft.judge,
        gate=draft.gate,
        faithfulness=_faithfulness(draft),
        usage=_usage(draft.usage),
    )


def _usage(usage: drafts.Usage) -> schema.Usage:
    return schema.Usage(**usage.model_dump())


def _faithfulness(draft: drafts.Draft) -> schema.Faithfulness:
    shown = [claim for section in draft.sections for claim in section.shown]
    return schema.Faithfulness(
        supported=draft.claims_supported_as_drafted,
        supported_in_all=draft.claims_supported,
        drafted=draft.claims_drafted,
        withheld=draft.claims_drafted - len(shown),
        repaired=sum(claim.repaired_from is not None for claim in shown),
        recited=sum(claim.recited_from is not None for claim in shown),
        unchecked=draft.claims_unchecked,
        in_own_words=draft.claims_in_own_words,
        share=draft.faithfulness_as_drafted,
        share_in_all=draft.faithfulness,
    )


def _utc(when: dt.datetime) -> dt.datetime:
    """The same moment in UTC."""
    return when.astimezone(dt.UTC)
