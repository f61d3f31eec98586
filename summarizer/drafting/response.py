"""Call plans, and parsing of a model's answer into sections.

The form of an answer stands in the rules of the prompt and not in a response schema: servers put a
schema before the prompt, so that drafting and judging, whose answers differ, could not read the
same evidence from the prompt cache.  The JSON object is searched for anywhere in the answer, then
validated strictly.  Unknown passage ids are kept; verification withholds the claims.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, assert_never

from pydantic import ConfigDict, Field, ValidationError, field_validator

from summarizer.domain.absences import Absence, AbsenceReason
from summarizer.domain.claims import Claim, ClaimFields, Kind
from summarizer.domain.drafts import DraftedSection, Repair
from summarizer.domain.model import Model
from summarizer.domain.sections import SectionSpec
from summarizer.drafting.neutral_text import neutral, neutralise
from summarizer.drafting.prompts import PromptSet
from summarizer.errors import SchemaError
from summarizer.text import strict_json

Plan = Literal["single", "parallel"]
"""Division of sections into calls.  ``single``: all sections in one call.  ``parallel``: the first
section alone, which writes the prompt cache, then the others in concurrent calls, which read the
evidence from the cache."""

NOTHING_RETURNED = Absence(
    reason=AbsenceReason.NOTHING_RETURNED, words="The model returned nothing for this section."
)
NOTHING_FOUND = Absence(
    reason=AbsenceReason.NOTHING_FOUND, words="The model found no evidence for this section."
)
NO_EVIDENCE = Absence(
    reason=AbsenceReason.NOTHING_FOUND, words="There is no evidence to draft this section from."
)

MAX_OPENINGS = 200
"""Maximum number of opening braces at which a JSON object is searched for in an answer."""


LENIENT = ConfigDict(extra="ignore")
"""Fields that nobody asked for are no reason to ask again."""

_OPTIONAL = tuple(
    name for name in ClaimFields.model_fields if name not in ("text", "cites", "kind")
)


class AnswerClaim(ClaimFields):
    """One claim of a model's answer; an omitted, null or blank field has no value."""

    model_config = LENIENT

    cites: tuple[str, ...]
    kind: Kind
    probability: float | None = Field(default=None, ge=0, le=1)

    @field_validator(*_OPTIONAL, mode="before")
    @classmethod
    def _empty_is_null(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("cites")
    @classmethod
    def _bare_ids(cls, cites: tuple[str, ...]) -> tuple[str, ...]:
        """Ids without the brackets of the prompt, each once."""
        return tuple(dict.fromkeys(c.strip().strip("[]").strip() for c in cites))

    def claim(self) -> Claim:
        """Convert to a domain claim, with white space normalised."""
        return Claim(**(dict(self) | {"text": " ".join(self.text.split())}))


class AnswerSection(Model):
    """Claims under one key: a section key, or a repair label (``r1``)."""

    model_config = LENIENT

    key: str
    claims: tuple[AnswerClaim, ...]

    @field_validator("key")
    @classmethod
    def _as_registered(cls, key: str) -> str:
        return key.strip().lower().replace(" ", "_").replace("-", "_")


class Answer(Model):
    """A drafter's answer."""

    model_config = LENIENT

    sections: tuple[AnswerSection, ...]

    def claims(self, key: str) -> tuple[Claim, ...] | None:
        """Claims under a key, without blanks and repetitions; ``None`` if the key is missing.

        Sections with the same key are joined.
        """
        found = [section for section in self.sections if section.key == key]
        claims = (claim.claim() for section in found for claim in section.claims)
        return tuple(dict.fromkeys(claim for claim in claims if claim.text)) if found else None


def plan_calls(
    plan: Plan, sections: Sequence[SectionSpec], concurrency: int
) -> tuple[tuple[SectionSpec, ...], ...]:
    """Divide sections into calls; the first call must finish before the others start.

    Args:
        plan: ``single`` or ``parallel``.
        sections: sections to draft, in page order.
        concurrency: maximum concurrent calls, >= 1.
    """
    match plan:
        case "single":
            return (tuple(sections),) if sections else ()
        case "parallel":
            return tuple((spec,) for spec in sections[:1]) + _balance(sections[1:], concurrency)
        case _:
            assert_never(plan)


def _balance(sections: Sequence[SectionSpec], groups: int) -> tuple[tuple[SectionSpec, ...], ...]:
    """Divide sections into at most ``groups`` calls of similar answer length, longest first.

    Length is estimated by the maximum number of claims; each section, largest first, joins the
    shortest group.  Each call reads rules and evidence again, so that more calls than can run
    concurrently, or calls for one section, would cost more than the time they save.
    """
    calls = min(groups, len(sections) // 2 or len(sections))
    filled: list[list[SectionSpec]] = [[] for _ in range(calls)]
    for spec in sorted(sections, key=lambda s: -s.limits.max_claims):
        min(filled, key=_length).append(spec)
    order = {spec.key: n for n, spec in enumerate(sections)}
    return tuple(
        tuple(sorted(group, key=lambda s: order[s.key]))
        for group in sorted(filled, key=_length, reverse=True)
    )


def _length(group: Sequence[SectionSpec]) -> int:
    return sum(spec.limits.max_claims for spec in group)


def read_answer(text: str, expected: Iterable[str]) -> Answer:
    """Find and validate the JSON answer in a model's output.

    Args:
        text: the whole output.
        expected: keys requested; the answer must have at least one of them.

    Raises:
        SchemaError: the output has no such object, or it does not fit the schema, or it has none
            of the keys; the message is sent back to the model.
    """
    wanted = list(expected)
    try:
        answer = Answer.model_validate(find_object(text, "sections"))
    except ValidationError as error:
        raise SchemaError(_explain(error)) from error
    if wanted and not {section.key for section in answer.sections} & set(wanted):
        raise SchemaError(
            f"None of the keys asked for is in the answer. Its outline must be {outline(wanted)}"
        )
    return answer


def drafted_sections(
    answer: Answer, keys: Iterable[str], versions: Mapping[str, str]
) -> tuple[DraftedSection, ...]:
    """One section per requested key, in order; empty ones say why.

    Args:
        answer: a valid answer; unrequested keys are ignored.
        keys: requested section keys.
        versions: prompt version by key.
    """
    return tuple(_drafted(answer.claims(key), key, versions[key]) for key in keys)


def repaired_claims(answer: Answer, repairs: Sequence[Repair]) -> dict[str, Claim]:
    """Repaired claims by the id of the failed claim; only repairs with exactly one sentence.

    Small models answer under section keys instead of labels: an answer without labels is matched
    by section and order, if a section has as many sentences as failed claims.

    Omitted fields keep the values of the failed claim, because models often omit the date or actor
    of a rewritten sentence; the result is verified again.
    """
    found = [answer.claims(label) for label in labels(repairs)]
    if all(claims is None for claims in found):
        found = _by_section(answer, repairs)
    failed = [repair.claim for repair in repairs]
    return {
        old.id: _repaired(old, claims[0])
        for old, claims in zip(failed, found, strict=True)
        if claims is not None and len(claims) == 1
    }


def labels(repairs: Sequence[Repair]) -> tuple[str, ...]:
    """Labels of failed sentences in the repair prompt and its answer: ``r1``, ``r2`` and so on."""
    return tuple(f"r{n}" for n in range(1, len(repairs) + 1))


def outline(keys: Iterable[str]) -> str:
    """Template of the expected answer with the claims left open.

    It ends the prompt, because small models otherwise misname sections.
    """
    entries = ", ".join(f'{{"key": "{key}", "claims": [ … ]}}' for key in keys)
    return f'{{"sections": [{entries}]}}'


def describe_failed(label: str, repair: Repair) -> str:
    """A failed sentence as the repair prompt shows it: label, section, fields and failures.

    A passage that a failure names and the sentence does not cite is to be read: it may carry the
    sentence or refute it.
    """
    claim = repair.claim
    fields = claim.model_dump(mode="json", exclude=unsaid(claim), exclude_none=True)
    wrong = "\n".join(
        f"- {failure.check}: {neutralise(failure.reason)}"
        + (f" Read {failure.better}." if failure.better not in (None, *claim.cites) else "")
        for failure in repair.failures
    )
    shown = json.dumps(neutral(fields), ensure_ascii=False, separators=(",", ":"))
    return f"## {label}, of section {repair.section}\n\n{shown}\n\n{wrong}"


def unsaid(claim: Claim) -> set[str]:
    """Fields of a claim that a prompt leaves out: its id, and the side where it follows."""
    return {"id"} if claim.position is None else {"id", "stance"}


def prompt_versions(prompts: PromptSet, keys: Iterable[str]) -> dict[str, str]:
    """Prompt version of each section, as stored with the drafted section."""
    return {key: prompts.version(key) for key in keys}


def _drafted(claims: tuple[Claim, ...] | None, key: str, version: str) -> DraftedSection:
    if claims:
        return DraftedSection(key=key, claims=claims, prompt_version=version)
    abstained = NOTHING_RETURNED if claims is None else NOTHING_FOUND
    return DraftedSection(key=key, abstained=abstained, prompt_version=version)


def _by_section(answer: Answer, repairs: Sequence[Repair]) -> list[tuple[Claim, ...] | None]:
    failed = Counter(repair.section for repair in repairs)
    claims = {key: answer.claims(key) or () for key in failed}
    left = {key: iter(claims[key]) for key in failed if len(claims[key]) == failed[key]}
    return [(next(left[r.section]),) if r.section in left else None for r in repairs]


def _repaired(failed: Claim, answer: Claim) -> Claim:
    given = {name: value for name, value in dict(answer).items() if value is not None}
    return Claim(**(dict(failed) | given | {"id": failed.id}))


def find_object(text: str, key: str) -> dict[str, Any]:
    """The first JSON object in a text that has a key.

    Raises:
        SchemaError: no object has the key; the message names the closest failure.
    """
    closest, start = f"it holds no JSON object with '{key}'", text.find("{")
    for _ in range(MAX_OPENINGS):
        if start < 0:
            break
        try:
            found, end, fault = strict_json.scan(text, start)
        except ValueError as error:
            if f'"{key}"' in text[start : start + 40] or isinstance(error, strict_json.JsonError):
                closest = f"the JSON breaks off or is malformed: {error}"
            end = start + 1
        else:
            if key in found and fault is None:
                return dict(found)
            closest = closest if fault is None else strict_json.why(fault)
        start = text.find("{", end)
    raise SchemaError(f"The answer does not fit its form: {closest}.")


def _explain(error: ValidationError) -> str:
    faults = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
    more = f" (and {len(faults) - 5} more)" if len(faults) > 5 else ""
    return f"The answer does not fit its form: {'; '.join(faults[:5])}{more}."
