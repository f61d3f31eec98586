"""Claims as the judge's prompt shows them, and parsing of the judge's answers."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError, field_validator

from summarizer.domain.claims import EXPLAINING, Claim, JudgeVerdict, Kind, VerdictLabel
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.findings import PageFault, PageFinding
from summarizer.domain.items import PassageId
from summarizer.drafting import neutral_text
from summarizer.drafting.prompts import fence
from summarizer.drafting.response import find_object, unsaid
from summarizer.errors import SchemaError

MOST_REASON = 400
"""Longest reason that is stored, in characters."""
MOST_PASSAGES = 4
"""Most deciding passages that are stored: as many as a drafter may cite."""
OWN_RULE = EXPLAINING | {Kind.INFERENCE, Kind.PREDICTION}
"""Kinds that the judge's prompt has a rule for."""
MOST_FINDINGS = 20
"""Most findings on a page that are stored."""
FORM = (
    'The form is {"verdicts": [{"claim": 1, "passage": "a1.1", "reason": "…", "verdict": '
    '"supported"}], "findings": []}'
)
_CONCERNED = {
    PageFault.CONTRADICTION: 2,
    PageFault.REPEATED: 2,
    PageFault.SIDE_MISSING: 0,
}
"""Least sentences that a fault concerns, where it is not one."""
_NUMBER = re.compile(r"[0-9]{1,6}")
_BETWEEN_IDS = re.compile(r"[\s,;\[\]]+")


class _FindingEntry(BaseModel):
    """One entry of ``findings`` as a model writes it."""

    finding: PageFault
    claims: list[int] = []
    reason: str = ""
    passage: str = ""

    @field_validator("finding", mode="before")
    @classmethod
    def _folded(cls, value: object) -> object:
        return value.strip().casefold().replace(" ", "_") if isinstance(value, str) else value

    @field_validator("claims", mode="before")
    @classmethod
    def _numbers(cls, value: object) -> object:
        values = value if isinstance(value, list) else [value]
        if any(isinstance(one, bool | float) for one in values):
            raise ValueError("must be whole numbers")
        return values

    @field_validator("reason", "passage", mode="before")
    @classmethod
    def _words(cls, value: object) -> object:
        return value if isinstance(value, str) else ""


class _VerdictEntry(BaseModel):
    """One entry of ``verdicts`` as a model writes it."""

    claim: int
    verdict: VerdictLabel
    reason: str = ""
    passage: tuple[str, ...] = ()

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
    def _bare_ids(cls, value: object) -> object:
        return tuple(filter(None, _BETWEEN_IDS.split(value))) if isinstance(value, str) else ()


def read_verdicts(text: str, ids: Sequence[str]) -> dict[str, JudgeVerdict]:
    """Parse the verdicts in a model's answer, by claim id.

    Args:
        text: the whole answer.
        ids: ids of the judged claims, in the order of their numbers.

    Returns:
        A verdict for each claim with exactly one well-formed entry in the answer.

    Raises:
        SchemaError: the answer has no list of verdicts, none that is usable, or verdicts on other
            numbers in place of some; the message states the expected format.
    """
    found = find_object(text, "verdicts").get("verdicts")
    if not isinstance(found, list):
        raise SchemaError(f"'verdicts' must be a list. {FORM}")
    by_number: dict[int | None, list[JudgeVerdict | None]] = {}
    for entry in found:
        by_number.setdefault(_number(entry), []).append(_verdict(entry))
    answers = {id_: by_number.get(n, []) for n, id_ in enumerate(ids, start=1)}
    usable = {
        id_: verdict
        for id_, entries in answers.items()
        if len(entries) == 1 and (verdict := entries[0]) is not None
    }
    shifted = len(usable) < len(ids) and not by_number.keys() <= {None, *range(1, len(ids) + 1)}
    if ids and (shifted or not usable):
        # A judge that counts from 0 would give each sentence the verdict on another.
        raise SchemaError(
            f"'verdicts' needs one entry for each number from 1 to {len(ids)}, with one of the "
            f"four words. {FORM}"
        )
    return usable


def read_findings(text: str, ids: Sequence[str], known: Collection[str]) -> tuple[PageFinding, ...]:
    """The usable findings on the page in a judge's answer; none when it holds none.

    A finding on a number that nobody asked about is dropped, since it may concern another sentence.

    Args:
        text: the whole answer, with usable verdicts.
        ids: ids of the judged claims, in the order of their numbers.
        known: passage ids of the evidence.
    """
    found = find_object(text, "verdicts").get("findings")
    entries = found if isinstance(found, list) else []
    usable = (_finding(entry, ids, known) for entry in entries)
    return tuple(dict.fromkeys(filter(None, usable)))[:MOST_FINDINGS]


def _number(entry: Any) -> int | None:
    """Claim number of an entry; ``None`` when it is missing or not a whole number."""
    number = entry.get("claim") if isinstance(entry, dict) else None
    if isinstance(number, str) and _NUMBER.fullmatch(number.strip()):
        return int(number)
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _verdict(entry: Any) -> JudgeVerdict | None:
    try:
        parsed = _VerdictEntry.model_validate(entry)
    except ValidationError:
        return None
    reason = " ".join(parsed.reason.split())[:MOST_REASON]
    return JudgeVerdict(
        label=parsed.verdict, reason=reason, passages=parsed.passage[:MOST_PASSAGES]
    )


def _finding(entry: Any, ids: Sequence[str], known: Collection[str]) -> PageFinding | None:
    try:
        parsed = _FindingEntry.model_validate(entry)
    except ValidationError:
        return None
    numbers = dict.fromkeys(parsed.claims)
    strange = any(not 1 <= number <= len(ids) for number in numbers)
    if strange or len(numbers) < _CONCERNED.get(parsed.finding, 1):
        return None
    passage = next((id_ for id_ in _BETWEEN_IDS.split(parsed.passage) if id_ in known), None)
    return PageFinding(
        fault=parsed.finding,
        claims=tuple(ids[number - 1] for number in numbers),
        reason=" ".join(parsed.reason.split())[:MOST_REASON],
        passage=PassageId(passage) if passage else None,
    )


def describe(
    pack: EvidencePack, claims: Sequence[Claim], questions: Mapping[str, Sequence[str]]
) -> str:
    """Claims as the judge's prompt shows them: numbered, one line of JSON each, neutralised.

    Author and section are omitted, so that they cannot influence the judge, and the kind unless it
    has a rule of its own.

    Args:
        pack: the evidence; a claim that cites all of it cites ``all``.
        claims: the claims.
        questions: what checks found, in sentences, by claim id.
    """
    every = {passage.id for passage in pack.passages}
    lines = []
    for number, claim in enumerate(claims, start=1):
        left_out = unsaid(claim) | {"probability", *(() if claim.kind in OWN_RULE else ("kind",))}
        fields = claim.model_dump(mode="json", exclude_none=True, exclude=left_out)
        if len(every) > 1 and every <= set(claim.cites):
            fields["cites"] = "all"
        if claim.id in questions:
            fields["questions"] = list(questions[claim.id])
        entry = {"claim": number, **neutral_text.neutral(fields)}
        lines.append(json.dumps(entry, ensure_ascii=False, separators=(",", ":")))
    return "\n".join(lines)


def code(pack: EvidencePack, described: str) -> str:
    """Code for the tags around described claims, which occurs in none of them."""
    return neutral_text.code((fence(pack), described))


def describe_page(claims: Sequence[Claim], page: Mapping[str, Sequence[str]]) -> str:
    """The sections of a page with the numbers of their claims, for the judge's prompt."""
    numbers = {claim.id: number for number, claim in enumerate(claims, start=1)}
    sections = {key: [numbers[id_] for id_ in ids if id_ in numbers] for key, ids in page.items()}
    told = "; ".join(f"{key} {_ranges(of)}" for key, of in sections.items() if of)
    return f"They make one page, section by section: {told}. Judge the page too.\n\n"


def _ranges(numbers: Sequence[int]) -> str:
    """Numbers in words of a list: ``3–7, 9``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("–".join(map(str, run)) for run in runs)
