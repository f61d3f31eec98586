"""A model's verdicts on drafted claims: how claims are shown to it, how its answer is read, what a
verdict does.

A verdict can only lower what the checks found: a failed check stays failed whatever the model
says.  One verdict is demanded for each claim, by its number; a claim that has none, two, or one
that is not exactly one of the four words is unchecked, is counted, and reaches no reader.  An
answer is never searched for a word, since "not supported" holds "supported".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError, field_validator

from summarizer.domain import CheckedClaim, Claim, EvidencePack, Failure, Label, Usage
from summarizer.drafting import find_object
from summarizer.errors import SchemaError
from summarizer.faithfulness.ladder import OTHER_WEIGHT, log_odds, probability
from summarizer.gate import CheckedSection
from summarizer.ports import ClaimJudge, JudgeVerdict
from summarizer.prompts import fence, neutralise

CHECK = "judge"
"""Name under which a verdict stands among the failed checks."""

NO_VERDICT = "The judge gave no usable verdict on this claim."
NO_REASON = "The judge gave no reason."

MOST_REASON = 400
"""Characters of a reason that are kept."""

SEVERITY = (Label.SUPPORTED, Label.PARTLY, Label.UNCHECKED, Label.UNSUPPORTED, Label.CONTRADICTED)
"""Labels from mild to severe.  A claim that nobody could judge is worse than one partly supported,
which a policy may show, and better than one that a check refuted."""


class _Said(BaseModel):
    """One entry of ``verdicts`` as a model writes it."""

    claim: int
    verdict: Label
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
        if word == Label.UNCHECKED:
            raise ValueError("must be supported, partly, unsupported or contradicted")
        return word

    @field_validator("passage", mode="before")
    @classmethod
    def _bare_id(cls, value: object) -> object:
        return value.strip().strip("[]").strip() or None if isinstance(value, str) else None


def judge_sections(
    pack: EvidencePack, checked: Sequence[CheckedSection], judge: ClaimJudge
) -> tuple[tuple[CheckedSection, ...], Usage]:
    """Ask a judge about every claim of a draft and let its verdicts lower theirs.

    Raises:
        ModelError: the judge could not be asked.
    """
    claims = [claim for section in checked for claim in section.claims]
    if not claims:
        return tuple(checked), Usage()
    judgement = judge.judge(pack, [claim.claim for claim in claims])
    known = {passage.id for passage in pack.passages}
    lowered = iter(
        [
            lower(claim, verdict, known)
            for claim, verdict in zip(claims, judgement.verdicts, strict=True)
        ]
    )
    sections = tuple(
        section.model_copy(update={"claims": tuple(next(lowered) for _ in section.claims)})
        for section in checked
    )
    return sections, judgement.usage


def lower(
    checked: CheckedClaim, verdict: JudgeVerdict | None, known: Collection[str]
) -> CheckedClaim:
    """A claim after the judge; it is never better off than before.

    Args:
        checked: the claim with the verdict of the checks.
        verdict: the judge's, ``None`` when it gave no usable one.
        known: ids of the evidence; a passage that it lacks is not pointed to.
    """
    label = verdict.label if verdict else Label.UNCHECKED
    if label is Label.SUPPORTED:
        return checked
    before = checked.verdict
    failure = Failure(
        check=CHECK,
        reason=(verdict.reason or NO_REASON) if verdict else NO_VERDICT,
        better=verdict.passage if verdict and verdict.passage in known else None,
        label=label,
    )
    after = before.model_copy(
        update={
            "label": max(before.label, label, key=SEVERITY.index),
            "score": round(probability(log_odds(before.score) - OTHER_WEIGHT), 4),
            "failures": (*before.failures, failure),
        }
    )
    return checked.model_copy(update={"verdict": after})


def read_verdicts(text: str, count: int) -> tuple[JudgeVerdict | None, ...]:
    """The verdicts in what a model wrote, in the order of the claims, whatever its own order.

    Args:
        text: all that it wrote.
        count: number of claims that it was asked about.

    Returns:
        For each claim its verdict; ``None`` where there is not exactly one, well formed.

    Raises:
        SchemaError: there is no list of verdicts at all; the message says what is expected.
    """
    found = find_object(text, "verdicts").get("verdicts")
    if not isinstance(found, list):
        raise SchemaError(f"'verdicts' must be a list. The outline is {outline(count)}")
    said: dict[int, list[JudgeVerdict | None]] = {}
    for entry in found:
        said.setdefault(_number(entry), []).append(_verdict(entry))
    answers = (said.get(n, []) for n in range(1, count + 1))
    return tuple(entries[0] if len(entries) == 1 else None for entries in answers)


def _number(entry: Any) -> int:
    """Number of the claim that an entry is about, 0 when it cannot be told."""
    number = entry.get("claim") if isinstance(entry, dict) else None
    if isinstance(number, str) and number.isascii() and number.strip().isdigit():
        return int(number)
    return number if isinstance(number, int) and not isinstance(number, bool) else 0


def _verdict(entry: Any) -> JudgeVerdict | None:
    try:
        said = _Said.model_validate(entry)
    except ValidationError:
        return None
    reason = " ".join(said.reason.split())[:MOST_REASON]
    return JudgeVerdict(label=said.verdict, reason=reason, passage=said.passage)


def describe(claims: Sequence[Claim]) -> str:
    """Claims as the judge's prompt shows them: numbered, one line of JSON each, texts neutralised.

    Nothing says who wrote them or for which section.
    """
    return "\n".join(_described(n, claim) for n, claim in enumerate(claims, start=1))


def _described(number: int, claim: Claim) -> str:
    said = claim.model_dump(mode="json", exclude_none=True, exclude={"stance", "probability"})
    shown = {name: _neutral(value) for name, value in said.items()}
    return json.dumps({"claim": number, **shown}, ensure_ascii=False)


def _neutral(value: Any) -> Any:
    if isinstance(value, list):
        return [_neutral(entry) for entry in value]
    return neutralise(value) if isinstance(value, str) else value


def code(pack: EvidencePack, claims: Sequence[Claim]) -> str:
    """The code in the tags around the claims, which depends on them and on the whole pack, so that
    no claim can know it."""
    return hashlib.sha256(f"{fence(pack)}\n{describe(claims)}".encode()).hexdigest()[:8]


def outline(count: int) -> str:
    """The answer that is asked for, with the verdicts left open."""
    entry = '{"claim": %d, "passage": …, "reason": …, "verdict": …}'
    entries = ", ".join(entry % n for n in range(1, count + 1))
    return f'{{"sections": [], "verdicts": [{entries}]}}'
