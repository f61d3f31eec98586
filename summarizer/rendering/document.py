"""Conversion of a page to its public document, and the JSON format."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from summarizer.domain import claims, drafts, evidence, incidents
from summarizer.domain.findings import Disagreement, Finding
from summarizer.domain.forecasts import Outcome
from summarizer.domain.items import PassageId
from summarizer.domain.page import Page
from summarizer.domain.reviews import Review
from summarizer.domain.sections import SectionSpec
from summarizer.rendering import citations, phrases, schema
from summarizer.rendering.sanitize import safe_url


def render_json(page: Page, specs: Sequence[SectionSpec]) -> str:
    """Render the page as JSON after ``docs/incident.schema.json``; times are ISO 8601 in UTC."""
    return document(page, specs).model_dump_json(indent=2) + "\n"


def document(page: Page, specs: Sequence[SectionSpec]) -> schema.Document:
    """Build the public document of a page, which every output format renders.

    Sections are in the order of ``specs``; citations are numbered in order of first use.
    """
    draft = page.draft
    drafted = {section.key: section for section in draft.sections}
    sections = [drafted.get(spec.key) or drafts.Section(key=spec.key) for spec in specs]
    numbers = citations.numbering(sections, draft.evidence)
    incident, noise, review = _incident(page), _noise(page.noise), _review(page)
    return schema.Document(
        schema_version=schema.SCHEMA_VERSION,
        incident=incident,
        answer=schema.Answer(
            question=phrases.QUESTION,
            text=phrases.answer(incident, noise),
            caveats=phrases.caveats(incident, noise),
        ),
        cite=page.cite,
        disclosure=phrases.disclosure(draft.drafter, draft.model, draft.revision, review),
        review=review,
        sections=tuple(
            _section(section, spec, numbers, page)
            for section, spec in zip(sections, specs, strict=True)
        ),
        findings=tuple(_finding(finding) for finding in page.findings),
        disagreements=tuple(_disagreement(found) for found in page.disagreements),
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
        last_coverage_at=max((_utc(item.seen_at) for item in items), default=None),
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
    )


def _noise(noise: incidents.Noise) -> schema.Noise:
    return schema.Noise(
        as_of=_utc(noise.as_of),
        score=noise.score,
        state=noise.state,
        state_name=phrases.STATE_NAMES[noise.state],
        peak=noise.peak,
        peak_at=_utc(noise.peak_at),
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
) -> schema.Section:
    """A section; an empty one without a recorded reason gets the default of its spec."""
    findings = [finding for finding in page.findings if finding.section == section.key]
    return schema.Section(
        key=section.key,
        heading=spec.row.heading,
        layout=spec.row.layout,
        claims=tuple(
            _claim(claim, numbers, findings, page.outcomes.get(claim.claim.text))
            for claim in section.shown
        ),
        withheld=tuple(_claim(claim, numbers, ()) for claim in section.withheld),
        abstained=section.abstained or (None if section.shown else spec.row.missing),
        notes=section.notes,
        closing=spec.row.closing,
        prompt_version=section.prompt_version,
    )


def _claim(
    checked: claims.CheckedClaim,
    numbers: Mapping[PassageId, int],
    findings: Sequence[Finding],
    outcome: Outcome | None = None,
) -> schema.Claim:
    claim = checked.claim
    found = [finding for finding in findings if finding.claim == claim.text]
    return schema.Claim(
        **schema.claim_fields(checked),
        id=claim.id,
        citations=_citations(claim.cites, numbers),
        verdict=_verdict(checked, numbers, found),
        outcome=outcome if claim.kind is claims.Kind.PREDICTION else None,
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


def _disagreement(found: Disagreement) -> schema.Disagreement:
    tellings = tuple(schema.Telling(**telling.model_dump()) for telling in found.tellings)
    return schema.Disagreement(kind=found.kind, summary=phrases.differ(tellings), tellings=tellings)


def _verdict(
    checked: claims.CheckedClaim,
    numbers: Mapping[PassageId, int],
    findings: Sequence[Finding],
) -> schema.Verdict:
    verdict = checked.verdict
    return schema.Verdict(
        label=verdict.label,
        score=verdict.score,
        failures=tuple(
            schema.Failure(
                check=failure.check,
                reason=failure.reason,
                label=failure.label,
                start=failure.start,
                end=failure.end,
                better=failure.better,
                better_number=numbers.get(PassageId(failure.better)) if failure.better else None,
            )
            for failure in verdict.failures
        ),
        warnings=(
            *verdict.warnings,
            *phrases.recited(checked.recited_from),
            *phrases.edited(checked.edited_by, checked.restored_because),
            *(phrases.found(finding) for finding in map(_finding, findings)),
        ),
        evidence=tuple(
            schema.Evidence(passage=span.source, start=span.start, end=span.end, text=span.text)
            for span in verdict.evidence
        ),
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
    share = draft.faithfulness
    return schema.Faithfulness(
        supported=round((share or 0) * draft.claims_drafted),
        drafted=draft.claims_drafted,
        withheld=draft.claims_drafted - len(shown),
        repaired=sum(claim.repaired_from is not None for claim in shown),
        recited=sum(claim.recited_from is not None for claim in shown),
        unchecked=draft.claims_unchecked,
        share=share,
    )


def _utc(when: dt.datetime) -> dt.datetime:
    """The same moment in UTC."""
    return when.astimezone(dt.UTC)
