"""Verification: every drafted claim against the passages that it cites, and rows without a pack.

The rungs are climbed in order and all are reported: structure, checks of the words against the
cited passages, what our editors forbid, the rules of the section, what is added to the passages,
then entailment, asked once for all claims of a draft.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from summarizer.domain.claims import CheckedClaim, Claim, Failure, Kind, Verdict, VerdictLabel
from summarizer.domain.drafts import CheckedSection, DraftedSection, Repair, Section
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.model import Model
from summarizer.domain.sections import Rule, SectionSpec
from summarizer.errors import InputError
from summarizer.ports.models import Entailment
from summarizer.verification import corroboration, right_of_reply, scoring, section_rules
from summarizer.verification.checks import (
    additions,
    analogies,
    attribution,
    citations,
    forecast_criteria,
    hypotheticals,
    instructions,
)
from summarizer.verification.evidence import EvidenceIndex, of_texts
from summarizer.verification.gate import POLICY, Policy
from summarizer.verification.section_rules import ClaimContext


def verify_sections(
    pack: EvidencePack,
    sections: Sequence[DraftedSection],
    specs: Sequence[SectionSpec],
    entailment: Entailment,
    policy: Policy = POLICY,
) -> tuple[CheckedSection, ...]:
    """Give every drafted claim a verdict; sections and claims keep their order.

    ``policy`` holds the thresholds of entailment.

    Raises:
        KeyError: a section has a key without a spec.
    """
    library = EvidenceIndex(pack)
    by_key = {spec.key: spec for spec in specs}
    places = [_places(section, by_key[section.key], library, pack) for section in sections]
    flat = iter(
        verify_places([place for row in places for place in row], library, entailment, policy)
    )
    return tuple(
        CheckedSection(
            key=section.key,
            claims=tuple(next(flat) for _ in row),
            abstained=section.abstained,
            prompt_version=section.prompt_version,
        )
        for section, row in zip(sections, places, strict=True)
    )


def verify_places(
    places: Sequence[ClaimContext],
    library: EvidenceIndex,
    entailment: Entailment,
    policy: Policy = POLICY,
) -> tuple[CheckedClaim, ...]:
    """Give the claim at each place a verdict, in order; entailment is asked once for all."""
    support = entailment.support(
        [(place.claim.text, [g.text for g in place.cited.cited]) for place in places]
    )
    return tuple(
        CheckedClaim(
            claim=place.claim,
            verdict=_verdict(place, entailed, library, entailment, policy),
            origins=len(corroboration.origins(place.claim.text, place.cited)),
            echo=corroboration.echo(place.claim.text, place.cited),
        )
        for place, entailed in zip(places, support, strict=True)
    )


def _places(
    section: DraftedSection, spec: SectionSpec, library: EvidenceIndex, pack: EvidencePack
) -> list[ClaimContext]:
    claims = tuple(map(spec.fitted, section.claims))
    return [
        ClaimContext(n, claims, spec, library.grounds(claim.cites), pack)
        for n, claim in enumerate(claims)
    ]


def _verdict(
    place: ClaimContext,
    support: float,
    library: EvidenceIndex,
    entailment: Entailment,
    policy: Policy,
) -> Verdict:
    claim = place.claim
    failures = [*failed_checks(place, library), *_additions(place, entailment)]
    thresholds = policy.thresholds(place.spec.key)
    verdict = scoring.judge_claim(
        claim.text, claim.kind, failures, support, place.cited, thresholds
    )
    if verdict.label is not VerdictLabel.SUPPORTED:
        return verdict
    warnings = attribution.warnings(claim.text, place.cited)
    if claim.kind is Kind.ANALOGY:
        warnings = ("An analogy: it explains, and states nothing of the incident.",)
    return verdict.model_copy(update={"warnings": warnings})


def failed_checks(place: ClaimContext, library: EvidenceIndex) -> list[Failure]:
    """Everything that can be read off a claim's words alone, without entailment or nearness;
    without passages there is nothing to compare."""
    claim, cited = place.claim, place.cited
    found = citations.check(claim, library)
    analogy = claim.kind is Kind.ANALOGY
    if cited.cited and not analogy:
        found += scoring.run_checks(claim.text, cited)
        found += attribution.check(claim.text, cited)
        found += hypotheticals.asks(claim.text, cited)
    elif analogy:
        found += analogies.check(claim.text, library)
    found += instructions.check(claim.text, cited, analogy)
    if claim.actor:
        found += instructions.check(claim.actor, cited)
    if claim.criterion:
        found += instructions.form(claim.criterion, cited)
        found += forecast_criteria.criterion(claim, cited)
    found += section_rules.limits(place)
    found += section_rules.check(place)
    return [failure for failure in found if not section_rules.due_date_allowed(claim, failure)]


def _additions(place: ClaimContext, entailment: Entailment) -> list[Failure]:
    """What a claim adds to its passages.

    A forecast goes beyond them, and plain language puts them in words of its own: there only what
    is hung on copied words counts.
    """
    claim, rules = place.claim, place.spec.row.rules
    if claim.kind is Kind.ANALOGY or not place.cited.cited:
        return []
    own = claim.kind is Kind.PREDICTION or Rule.NOTHING_NEW in rules
    return additions.check(claim.text, place.cited, entailment.nearness, copied_only=own)


def verify_repairs(
    pack: EvidencePack,
    checked: Sequence[CheckedSection],
    asked: Sequence[Repair],
    answers: Sequence[Claim | None],
    specs: Sequence[SectionSpec],
    entailment: Entailment,
    policy: Policy = POLICY,
) -> tuple[CheckedSection, ...]:
    """Put repaired claims in the place of those that failed and verify the changed sections anew.

    Args:
        pack: the evidence of the draft.
        checked: the sections before the repair.
        asked: what was handed to the drafter, as ``gate.to_repair`` gave it.
        answers: its answers in the same order, ``None`` where it gave the claim up.
        specs: of all sections.
        entailment: as in ``verify_sections``.
        policy: as in ``verify_sections``.

    Returns:
        The sections in their order.  A claim that was given up keeps its failed verdict.
    """
    waiting: dict[tuple[str, Claim], list[Claim | None]] = {}
    for repair, answer in zip(asked, answers, strict=True):
        waiting.setdefault((repair.section, repair.claim), []).append(answer)
    done = []
    for section in checked:
        claims, before = _replaced(section, waiting)
        if not any(before):
            done.append(section)
            continue
        drafted = DraftedSection(
            key=section.key,
            claims=claims,
            abstained=section.abstained,
            prompt_version=section.prompt_version,
        )
        (again,) = verify_sections(pack, [drafted], specs, entailment, policy)
        marked = tuple(
            new.model_copy(update={"repaired_from": text, "recited_from": _recited(old, new)})
            for old, new, text in zip(section.claims, again.claims, before, strict=True)
        )
        done.append(again.model_copy(update={"claims": marked}))
    return tuple(done)


def _recited(old: CheckedClaim, new: CheckedClaim) -> tuple[str, ...] | None:
    """A repaired claim has its drafter's own citations; any other keeps what was noted."""
    return old.recited_from if new.claim == old.claim else None


def _replaced(
    section: CheckedSection, waiting: dict[tuple[str, Claim], list[Claim | None]]
) -> tuple[tuple[Claim, ...], list[str | None]]:
    """The claims of a section after repair, and for each what it was repaired from."""
    claims: list[Claim] = []
    before: list[str | None] = []
    for old in section.claims:
        answers = waiting.get((section.key, old.claim))
        answer = answers.pop(0) if answers else None
        claims.append(answer or old.claim)
        before.append(old.repaired_from if answer is None else old.repaired_from or old.claim.text)
    return tuple(claims), before


def with_notes(
    sections: Sequence[Section], specs: Sequence[SectionSpec], pack: EvidencePack
) -> tuple[Section, ...]:
    """Say under each section of sides whose reply the sources lack; call it after the gate."""
    sided = {spec.key for spec in specs if Rule.ONE_ACTOR in spec.row.rules}
    return tuple(
        section.model_copy(update={"notes": right_of_reply.notes(section.shown, pack)})
        if section.key in sided
        else section
        for section in sections
    )


# --- Without a pack --------------------------------------------------------------------------


class ClaimRow(Model):
    """A claim with its sources as (id, text), as stateless verification takes it."""

    id: Any = None
    claim: str
    sources: tuple[tuple[str, str], ...]


def parse_row(row: Mapping[str, Any]) -> ClaimRow:
    """Read one row of ``summarizer verify``.

    Raises:
        InputError: a field is missing or of the wrong type; the message names it.
    """
    if not isinstance(row, Mapping):
        raise InputError(f"A row must be an object with 'claim' and 'sources', not {row!r:.40}.")
    claim = row.get("claim")
    if not isinstance(claim, str) or not claim.strip():
        raise InputError("Field 'claim' must be a text that is not empty.", field="claim")
    given = row.get("sources")
    if given is None and "source_text" in row:
        given = [row["source_text"]]
    if isinstance(given, str) or not isinstance(given, Iterable) or isinstance(given, Mapping):
        raise InputError(
            "Field 'sources' must be a list of texts or of {id, text}.", field="sources"
        )
    sources = tuple(_source(entry, n) for n, entry in enumerate(given))
    if not any(text.strip() for _, text in sources):
        raise InputError(
            "Field 'sources' must hold at least one text that is not empty.", field="sources"
        )
    return ClaimRow(id=row.get("id"), claim=claim, sources=sources)


def _source(entry: object, n: int) -> tuple[str, str]:
    if isinstance(entry, str):
        return str(n), entry
    if isinstance(entry, Mapping) and isinstance(entry.get("text"), str):
        return str(entry.get("id", n)), entry["text"]
    raise InputError(
        f"Field 'sources[{n}]' must be a text or an object with a text in 'text'.",
        field=f"sources.{n}",
    )


def verify_row(row: Mapping[str, Any], entailment: Entailment) -> dict[str, Any]:
    """The verdict on one claim against whole sources.

    Only what can be read off the texts is judged: our editors' rules and those of sections
    don't apply.

    Args:
        row: ``id`` (any JSON value, optional), ``claim``, and ``sources`` (texts, or objects with
            ``id`` and ``text``) or ``source_text``.
        entailment: the third rung.

    Returns:
        ``id`` as it came, ``verdict``, ``score`` (0–1, higher is better supported),
        ``failed_checks`` and ``evidence`` (spans with ``source``, ``start``, ``end``, ``text``).

    Raises:
        InputError: a field is missing or of the wrong type; the message names it.
    """
    parsed = parse_row(row)
    verdict = verify_claim(parsed, entailment)
    return {
        "id": parsed.id,
        "verdict": verdict.label.value,
        "score": verdict.score,
        "failed_checks": [failure.model_dump(mode="json") for failure in verdict.failures],
        "evidence": [evidence.model_dump(mode="json") for evidence in verdict.evidence],
    }


def verify_claim(row: ClaimRow, entailment: Entailment) -> Verdict:
    """The verdict on one claim against whole sources, as ``verify_row`` answers it."""
    cited = of_texts(row.sources)
    failures = scoring.run_checks(row.claim, cited)
    (support,) = entailment.support([(row.claim, [source.text for source in cited.cited])])
    return scoring.judge_row(row.claim, failures, support, cited)
