"""Claims as the judge's prompt shows them, and parsing of the judge's answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ValidationError, field_validator

from summarizer.domain.claims import Claim, VerdictLabel
from summarizer.domain.drafts import JudgeVerdict
from summarizer.domain.evidence import EvidencePack
from summarizer.drafting.prompts import fence, neutralise
from summarizer.drafting.response import find_object
from summarizer.errors import SchemaError

MOST_REASON = 400
"""Longest reason that is stored, in characters."""


class _VerdictEntry(BaseModel):
    """One entry of ``verdicts`` as a model writes it."""

    claim: int
    verdict: VerdictLabel
    reason: str = ""
    passage: str | None = None

    @field_validator("claim", mode="before")
    @classmethod
    def _a_number(cls, value: object) -> object:
        if isinstance(value, bool | float):
            raise ValueError("must be a whole number")
        return value

    @field_validator("verdict", mode="before")
    @classmethod
    def _one_of_four(cls, value: object) -> object:
        word = value.strip().casefold() if isinstance(value, str) else value
        if word == VerdictLabel.UNCHECKED:
            raise ValueError("must be supported, partly, unsupported or contradicted")
        return word

    @field_validator("passage", mode="before")
    @classmethod
    def _bare_id(cls, value: object) -> object:
        return value.strip().strip("[]").strip() or None if isinstance(value, str) else None


def read_verdicts(text: str, ids: Sequence[str]) -> dict[str, JudgeVerdict]:
    """Parse the verdicts in a model's answer, by claim id.

    Args:
        text: the whole answer.
        ids: ids of the judged claims, in the order of their numbers.

    Returns:
        A verdict for each claim with exactly one well-formed entry in the answer.

    Raises:
        SchemaError: the answer has no list of verdicts; the message states the expected format.
    """
    found = find_object(text, "verdicts").get("verdicts")
    if not isinstance(found, list):
        raise SchemaError(f"'verdicts' must be a list. The outline is {outline(len(ids))}")
    by_number: dict[int, list[JudgeVerdict | None]] = {}
    for entry in found:
        by_number.setdefault(_number(entry), []).append(_verdict(entry))
    answers = {id_: by_number.get(n, []) for n, id_ in enumerate(ids, start=1)}
    return {
        id_: verdict
        for id_, entries in answers.items()
        if len(entries) == 1 and (verdict := entries[0]) is not None
    }


def _number(entry: Any) -> int:
    """Claim number of an entry; 0 when it is missing or not a whole number."""
    number = entry.get("claim") if isinstance(entry, dict) else None
    if isinstance(number, str) and number.isascii() and number.strip().isdigit():
        return int(number)
    return number if isinstance(number, int) and not isinstance(number, bool) else 0


def _verdict(entry: Any) -> JudgeVerdict | None:
    try:
        parsed = _VerdictEntry.model_validate(entry)
    except ValidationError:
        return None
    reason = " ".join(parsed.reason.split())[:MOST_REASON]
    return JudgeVerdict(label=parsed.verdict, reason=reason, passage=parsed.passage)


def describe(claims: Sequence[Claim]) -> str:
    """Claims as the judge's prompt shows them: numbered, one line of JSON each, neutralised.

    Author and section are omitted, so that they cannot influence the judge.
    """
    return "\n".join(_described(n, claim) for n, claim in enumerate(claims, start=1))


def _described(number: int, claim: Claim) -> str:
    fields = claim.model_dump(
        mode="json", exclude_none=True, exclude={"id", "stance", "probability"}
    )
    shown = {name: _neutral(value) for name, value in fields.items()}
    return json.dumps({"claim": number, **shown}, ensure_ascii=False)


def _neutral(value: Any) -> Any:
    if isinstance(value, list):
        return [_neutral(entry) for entry in value]
    return neutralise(value) if isinstance(value, str) else value


def code(pack: EvidencePack, claims: Sequence[Claim]) -> str:
    """Hash of the claims and the pack for the tags around the claims; no claim can forge it."""
    return hashlib.sha256(f"{fence(pack)}\n{describe(claims)}".encode()).hexdigest()[:8]


def outline(count: int) -> str:
    """Template of the expected answer, with the verdicts left open."""
    entry = '{"claim": %d, "passage": …, "reason": …, "verdict": …}'
    entries = ", ".join(entry % n for n in range(1, count + 1))
    return f'{{"sections": [], "verdicts": [{entries}]}}'
