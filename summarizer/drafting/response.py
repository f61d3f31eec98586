"""What is asked of a model and how its answer becomes sections: plans, schema, reading.

Nothing here asks anybody anything.  Every call of a draft uses the same response schema, because
a changed schema invalidates the cached prefix.  Servers may ignore the schema, so an answer is
looked for tolerantly (in a code fence, after a preface, before an afterword) and then validated
strictly; unknown passage ids are kept, for verification to withhold.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, assert_never

from pydantic import Field, ValidationError, field_validator

from summarizer.domain.claims import Claim, ClaimFields, DateBasis, Kind, Stance, VerdictLabel
from summarizer.domain.drafts import DraftedSection, Repair
from summarizer.domain.model import Model
from summarizer.domain.sections import SectionSpec
from summarizer.drafting.prompts import PromptSet, neutralise
from summarizer.errors import SchemaError

Plan = Literal["single", "parallel"]
"""Which sections go into which call: ``single`` asks for all in one, and the evidence is sent
once; ``parallel`` asks for the first section alone, which writes the prompt cache, then for the
others in as many calls as may run at once, which read the evidence from the cache."""

NOTHING_RETURNED = "The model returned nothing for this section."
NOTHING_FOUND = "The model found no evidence for this section."
NO_EVIDENCE = "There is no evidence to draft this section from."

MAX_OPENINGS = 200
"""Places in an answer where a JSON object is looked for before it counts as holding none."""


def _nullable(**schema: Any) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


_CLAIM_PROPERTIES: dict[str, Any] = {
    "cites": {"type": "array", "items": {"type": "string"}},
    "kind": {"type": "string", "enum": [kind.value for kind in Kind]},
    "text": {"type": "string"},
    "actor": _nullable(type="string"),
    "stance": _nullable(type="string", enum=[stance.value for stance in Stance]),
    "date": _nullable(type="string", format="date"),
    "date_basis": _nullable(type="string", enum=[basis.value for basis in DateBasis]),
    "probability": _nullable(type="number"),
    "criterion": _nullable(type="string"),
}


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_VERDICT_PROPERTIES: dict[str, Any] = {
    "claim": {"type": "integer"},
    "passage": _nullable(type="string"),
    "reason": {"type": "string"},
    "verdict": {
        "type": "string",
        "enum": [label.value for label in VerdictLabel if label is not VerdictLabel.UNCHECKED],
    },
}

RESPONSE_SCHEMA: Mapping[str, Any] = _closed(
    {
        "sections": {
            "type": "array",
            "items": _closed(
                {
                    "key": {"type": "string"},
                    "claims": {"type": "array", "items": _closed(_CLAIM_PROPERTIES)},
                }
            ),
        },
        "verdicts": {"type": "array", "items": _closed(_VERDICT_PROPERTIES)},
    }
) | {"required": ["sections"]}
"""JSON schema of every answer.  ``cites`` comes before ``text`` and ``reason`` before ``verdict``
because models write properties in this order: the evidence is chosen first, the sentence written
from it.  A judge answers in ``verdicts``, drafters leave it out: a schema of its own would send
the judge past the prompt cache that drafting wrote."""


class AnswerClaim(ClaimFields):
    """One claim as a model answers it; fields that it leaves out count as null."""

    cites: tuple[str, ...]
    kind: Kind
    probability: float | None = Field(default=None, ge=0, le=1)

    @field_validator(
        "actor", "stance", "date", "date_basis", "probability", "criterion", mode="before"
    )
    @classmethod
    def _empty_is_null(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("cites")
    @classmethod
    def _bare_ids(cls, cites: tuple[str, ...]) -> tuple[str, ...]:
        """Ids without the brackets that prompts show them in, each once."""
        return tuple(dict.fromkeys(c.strip().strip("[]").strip() for c in cites))

    def claim(self) -> Claim:
        """The same in words of the domain."""
        return Claim(**(dict(self) | {"text": " ".join(self.text.split())}))


class AnswerSection(Model):
    """Claims under one key: a section's, or a label's in the answer to a repair."""

    key: str
    claims: tuple[AnswerClaim, ...]

    @field_validator("key")
    @classmethod
    def _as_registered(cls, key: str) -> str:
        return key.strip().lower().replace(" ", "_").replace("-", "_")


class Answer(Model):
    """A whole answer of a drafter; verdicts in it are nobody's and are ignored."""

    sections: tuple[AnswerSection, ...]
    verdicts: Any = None

    def claims(self, key: str) -> tuple[Claim, ...] | None:
        """Claims under a key, blank ones and repeated ones left out, sections that appear twice
        joined; ``None`` when the answer has no such key."""
        found = [section for section in self.sections if section.key == key]
        claims = (claim.claim() for section in found for claim in section.claims)
        return tuple(dict.fromkeys(claim for claim in claims if claim.text)) if found else None


def plan_calls(
    plan: Plan, sections: Sequence[SectionSpec], concurrency: int
) -> tuple[tuple[SectionSpec, ...], ...]:
    """Which sections go into which call.  The first call comes before all others.

    Args:
        plan: how to divide them.
        sections: what to draft, in the order of the page.
        concurrency: most calls at one time, >= 1.
    """
    match plan:
        case "single":
            return (tuple(sections),) if sections else ()
        case "parallel":
            return tuple((spec,) for spec in sections[:1]) + _balance(sections[1:], concurrency)
        case _:
            assert_never(plan)


def _balance(sections: Sequence[SectionSpec], groups: int) -> tuple[tuple[SectionSpec, ...], ...]:
    """At most that many groups whose answers take about as long, the longest first.

    More calls than can run at once would only send the evidence more often.  An answer's length
    goes by the claims it may hold; each section, largest first, joins the shortest group.
    """
    filled: list[list[SectionSpec]] = [[] for _ in range(min(groups, len(sections)))]
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
    """Find and validate the answer in what a model wrote.

    Args:
        text: all that it wrote.
        expected: keys of which the answer must have at least one; others are ignored later.

    Raises:
        SchemaError: there is no such object, it does not fit the schema, or it has none of the
            keys; the message tells the model what to put right.
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
    """One section for each key asked for, in that order, whatever the answer holds.

    Args:
        answer: a valid answer; keys that nobody asked for are ignored.
        keys: sections asked for in the call.
        versions: prompt version by key.
    """
    return tuple(_drafted(answer.claims(key), key, versions[key]) for key in keys)


def repaired_claims(answer: Answer, repairs: Sequence[Repair]) -> dict[str, Claim]:
    """Answers to repairs, by the id of the failed claim, where there is exactly one sentence.

    Small models answer under the sections' own keys: an answer without any label counts by
    section, in order, where a section has as many sentences as failed in it.

    Fields that the answer leaves null keep what the failed claim had: a model that rewrites a
    sentence often forgets its date or its actor, and whatever is kept is verified again.
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
    """Keys under which failed sentences are shown and answered: ``r1``, ``r2`` and so on."""
    return tuple(f"r{n}" for n in range(1, len(repairs) + 1))


def outline(keys: Iterable[str]) -> str:
    """The answer that is asked for, with the claims left open: what a small model needs to see
    last in order to name its sections right."""
    entries = ", ".join(f'{{"key": "{key}", "claims": [ … ]}}' for key in keys)
    return f'{{"sections": [{entries}]}}'


def describe_failed(label: str, repair: Repair) -> str:
    """A failed sentence as the repair prompt shows it: label, section, fields, what is wrong."""
    fields = repair.claim.model_dump(mode="json", exclude={"id"})
    said = {name: neutralise(v) if isinstance(v, str) else v for name, v in fields.items()}
    wrong = "\n".join(
        f"- {failure.check}: {neutralise(failure.reason)}"
        + (f" Passage {failure.better} may carry it." if failure.better else "")
        for failure in repair.failures
    )
    shown = json.dumps(said, ensure_ascii=False)
    return f"## {label}, of section {repair.section}\n\n{shown}\n\n{wrong}"


def prompt_versions(prompts: PromptSet, keys: Iterable[str]) -> dict[str, str]:
    """Version and hash of each section's prompt, as stored with what it produced."""
    return {key: prompts.version(key, schema_text()) for key in keys}


def schema_text() -> str:
    """The response schema as canonical JSON, for the versions of prompts."""
    return json.dumps(RESPONSE_SCHEMA, sort_keys=True)


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
    said = {name: value for name, value in dict(answer).items() if value is not None}
    return Claim(**(dict(failed) | said | {"id": failed.id}))


def find_object(text: str, key: str) -> dict[str, Any]:
    """The first JSON object in a text that has a key.

    Raises:
        SchemaError: there is none; the message says what came closest.
    """
    decoder = json.JSONDecoder()
    closest, start = f"it holds no JSON object with '{key}'", text.find("{")
    for _ in range(MAX_OPENINGS):
        if start < 0:
            break
        try:
            found, end = decoder.raw_decode(text, start)
        except json.JSONDecodeError as error:
            if f'"{key}"' in text[start : start + 40]:
                closest = f"the JSON breaks off or is malformed: {error}"
            end = start + 1
        except RecursionError:
            closest, end = "the JSON is nested too deeply", start + 1
        else:
            if key in found:
                return dict(found)
        start = text.find("{", end)
    raise SchemaError(f"The answer does not fit the response schema: {closest}.")


def _explain(error: ValidationError) -> str:
    faults = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
    more = f" (and {len(faults) - 5} more)" if len(faults) > 5 else ""
    return f"The answer does not fit the response schema: {'; '.join(faults[:5])}{more}."
