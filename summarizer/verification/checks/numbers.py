"""Check of numbers: each must stand in a cited passage, for the same thing."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text.quantities import ORDINALS, SIGNS, Quantity, close, quantities, same
from summarizer.text.tokens import read
from summarizer.verification.evidence import CitedEvidence, CitedText

_SUM = re.compile(
    r"\b(?:total\w*|combined|altogether|in all|sum|together|overall|between them)\b", re.I
)
_DIFFERENCE = re.compile(
    r"\b(?:more|fewer|less|difference|gap|(?:ris|rose|fell|fall|grew|grow|increas|decreas|dropp|drop"
    r"|cut|up|down)\w* by|(?:in|de)crease of|extra|additional|lead of)\b",
    re.I,
)


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail each number in the claim that no cited passage gives, or gives for something else."""
    there = [q for g in grounds.cited for q in quantities(g.text)]
    failures = []
    for quantity in quantities(claim):
        if _passes(claim, quantity, there, grounds):
            continue
        rival = _rival(quantity, there)
        words = claim[quantity.start : quantity.end].strip()
        reason = f'No cited passage gives the number "{words}".'
        if rival:
            reason = f'The claim says "{words}"; the cited passages say {_spoken(rival)}.'
        failures.append(
            Failure(
                check="numbers",
                reason=reason,
                start=quantity.start,
                end=quantity.end,
                better=_better(claim, quantity, grounds),
                label=VerdictLabel.CONTRADICTED if rival else VerdictLabel.UNSUPPORTED,
            )
        )
    return failures


def _better(claim: str, quantity: Quantity, grounds: CitedEvidence) -> str | None:
    def holds(ground: CitedText) -> bool:
        return any(same(quantity, q) for q in quantities(ground.text))

    return grounds.better(claim, holds)


def _passes(
    claim: str, quantity: Quantity, there: Sequence[Quantity], grounds: CitedEvidence
) -> bool:
    if quantity.glued or quantity.value == 1 or (quantity.spelled and quantity.value == 0):
        return True
    found = [q for q in there if same(quantity, q)]
    if found:
        return not _swapped(claim, quantity, found, there)
    if _derived(claim, quantity, there):
        return True
    if quantity.kind == "time" and any(_other_unit(quantity, q) for q in there):
        return False
    if quantity.spelled and quantity.value <= 12:
        return _rival(quantity, there) is None
    return _as_written(quantity, grounds.text)


def _other_unit(mine: Quantity, theirs: Quantity) -> bool:
    return mine.kind == theirs.kind and close(mine.value, theirs.value)


def _derived(claim: str, mine: Quantity, there: Sequence[Quantity]) -> bool:
    """Whether the claim calls a number a sum or a difference, and two cited ones of a kind give it.

    A sum is taken of two numbers that one thing or currency has in common; a difference of
    percentages counts in points.
    """
    near = claim[max(0, mine.start - 40) : mine.end + 40]
    added, taken = _SUM.search(near) is not None, _DIFFERENCE.search(near) is not None
    if not (added or taken):
        return False
    usable = [q for q in there if not q.glued and q.kind not in ("ordinal", "clock")][:40]
    for one, other in itertools.combinations(usable, 2):
        if not _addable(mine, one, other):
            continue
        if added and close(one.value + other.value, mine.value):
            return True
        if taken and close(abs(one.value - other.value), mine.value):
            return True
    return False


def _addable(mine: Quantity, one: Quantity, other: Quantity) -> bool:
    if one.kind != other.kind:
        return False
    if one.kind == "%":
        return mine.kind == "points"
    if one.kind != mine.kind:
        return False
    things = {q.nouns[0] for q in (one, other) if q.nouns}
    return one.kind in SIGNS or (len(things) == 1 and (things <= set(mine.nouns) or not mine.nouns))


def _as_written(quantity: Quantity, text: str) -> bool:
    """A bare number may stand in a date or a name of the sources."""
    if quantity.kind not in ("", "ordinal", "time") or quantity.value != int(quantity.value):
        return False
    number = int(quantity.value)
    if quantity.kind == "ordinal" and number < len(ORDINALS):
        return re.search(rf"\b(?:{number}|{ORDINALS[number]})", text, re.IGNORECASE) is not None
    return re.search(rf"(?<![\d.,])(?<![A-Za-z]-){number}(?!\d|[.,]\d)", text) is not None


def _swapped(
    claim: str, mine: Quantity, same: Sequence[Quantity], there: Sequence[Quantity]
) -> bool:
    """The number is there for another thing, which the claim doesn't name or counts otherwise,
    and this thing has another number."""
    if not mine.nouns or any(not q.nouns or set(q.nouns) & set(mine.nouns) for q in same):
        return False
    counted = {q.nouns[0] for q in quantities(claim) if q.nouns}
    words = read(claim).content_set - counted
    if any(q.nouns[0] in words for q in same):
        return False
    return _rival(mine, there) is not None


def _rival(mine: Quantity, there: Sequence[Quantity]) -> Quantity | None:
    """A different number of the same thing, when the sources have exactly one."""
    if not mine.nouns:
        return None
    rivals = [
        q for q in there if q.nouns and _rivals(mine, q) and not same(mine, q) and not q.glued
    ]
    return rivals[0] if len({(q.value, q.nouns[0]) for q in rivals}) == 1 else None


def _rivals(mine: Quantity, theirs: Quantity) -> bool:
    if mine.kind == theirs.kind == "time" and close(mine.value, theirs.value):
        return True
    return mine.nouns[0] == theirs.nouns[0]


def _spoken(quantity: Quantity) -> str:
    number = f"{quantity.value:,.10g}"
    if quantity.kind in ("%", "points"):
        return f"{number}{'%' if quantity.kind == '%' else ' points'}"
    if quantity.kind == "time":
        return f"{number} {quantity.nouns[0]}s"
    return f"{quantity.kind}{number}" if quantity.kind in SIGNS else number
