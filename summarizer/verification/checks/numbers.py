"""Check of numbers: each must stand in a cited passage, for the same thing."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text.ordinal_words import ORDINALS
from summarizer.text.quantities import NEARLY, SIGNS, Quantity, quantities
from summarizer.text.same_quantity import close, same
from summarizer.text.spelled import ordinals, shares
from summarizer.text.units import TOLERANCE
from summarizer.verification.evidence import CitedEvidence, CitedText

_SUM = re.compile(
    r"\b(?:total\w*|combined|altogether|in all|sum|together|overall|between them)\b", re.I
)
_DIFFERENCE = re.compile(
    r"\b(?:more|fewer|less|difference|gap|(?:ris|rose|fell|fall|grew|grow|increas|decreas|dropp|drop"
    r"|cut|up|down)\w* by|(?:in|de)crease of|extra|additional|lead of)\b",
    re.I,
)
_NAMED = re.compile(r"(?<=[\w,] )(?P<name>[A-Z][\w'’-]+)(?P<comma>,?) $")
_NAMED_ENDS = re.compile(r"(?![\d%]|\s{0,3}(?:-|percent|million|billion|people)|,\d)")
_HEDGED = re.compile(r"\b(?:nearly|almost|about|around|roughly|over|than)\s*$", re.I)
MOST = 60
"""Numbers of a claim that are looked up; a claim with more is a table, not a sentence."""
LONGEST_SHOWN = 40
"""Characters of a number that a reason repeats."""


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail each number in the claim that no cited passage gives, or gives for something else."""
    taken = shares(claim)
    mine = [q for q in quantities(claim) if not any(s.start <= q.start < s.end for s in taken)]
    there = [q for g in grounds.cited for q in quantities(g.text)] if mine or taken else []
    failures = [_too_many(len(mine))] if len(mine) > MOST else []
    for quantity in mine[:MOST]:
        if _passes(claim, quantity, there, grounds):
            continue
        rival = _rival(quantity, there)
        words = _shortened(claim[quantity.start : quantity.end].strip())
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
    return [*failures, *_shares(claim, there, grounds), *_ordinals(claim, grounds)]


def _too_many(count: int) -> Failure:
    return Failure(
        check="numbers",
        reason=f"The claim has {count:,} numbers; at most {MOST} are looked up.",
        label=VerdictLabel.UNSUPPORTED,
    )


def _better(claim: str, quantity: Quantity, grounds: CitedEvidence) -> str | None:
    def holds(ground: CitedText) -> bool:
        return any(same(quantity, q) for q in quantities(ground.text))

    return grounds.better(claim, holds)


def _passes(
    claim: str, quantity: Quantity, there: Sequence[Quantity], grounds: CitedEvidence
) -> bool:
    if quantity.glued or quantity.value == 1 or (quantity.spelled and quantity.value == 0):
        return True
    named = _label(claim, quantity, grounds.text)
    if named is not None:
        return named
    found = [q for q in there if same(quantity, q)]
    if found:
        return not _swapped(claim, quantity, found, there)
    if _derived(claim, quantity, there) or _as_share(quantity, grounds):
        return True
    if quantity.kind == "ordinal" and quantity.nouns[:1] == ("centuri",):
        return True
    if any(not q.glued and close(abs(quantity.value), abs(q.value)) for q in there):
        return False
    if quantity.spelled and quantity.value <= 12:
        return _rival(quantity, there) is None
    return _as_written(quantity, grounds.text)


def _as_share(mine: Quantity, grounds: CitedEvidence) -> bool:
    """Whether a percentage is a share that the passages write in words: 20% are "one in five"."""
    given = (s.percent for g in grounds.cited for s in shares(g.text))
    return mine.kind == "%" and any(_near(mine.low, percent, mine.high) for percent in given)


def _near(low: float, percent: float, high: float) -> bool:
    return low * (1 - TOLERANCE) <= percent <= high * (1 + TOLERANCE)


def _shares(claim: str, there: Sequence[Quantity], grounds: CitedEvidence) -> Iterator[Failure]:
    """Fail a share in words of something of which the passages give one other share."""
    mine = shares(claim)
    spelled = [s for g in grounds.cited for s in shares(g.text)] if mine else []
    given = [(s.percent, s.nouns) for s in spelled] + [
        (q.value, q.nouns) for q in there if q.kind == "%"
    ]
    for share in mine:
        slack = NEARLY if _HEDGED.search(claim[: share.start]) else TOLERANCE
        low, high = share.percent * (1 - slack), share.percent * (1 + slack)
        others = {percent for percent, nouns in given if nouns[:1] == share.nouns[:1] != ()}
        if any(low <= percent <= high for percent, _ in given) or len(others) != 1:
            continue
        words = claim[share.start : share.end]
        reason = f'The claim says "{words}"; the cited passages say {others.pop():.10g}%.'
        yield _failure(reason, share.start, share.end, VerdictLabel.CONTRADICTED)


def _ordinals(claim: str, grounds: CitedEvidence) -> Iterator[Failure]:
    """Fail an ordinal in words that no passage has, of a thing that has one other there."""
    mine = ordinals(claim)
    given = [o for g in grounds.cited for o in ordinals(g.text)] if mine else []
    for ordinal in mine:
        words = claim[ordinal.start : ordinal.end]
        if words[0].isdigit() or any(o.value == ordinal.value for o in given):
            continue
        others = {o.value for o in given if o.slot == ordinal.slot != ""}
        if len(others) == 1:
            reason = f'The claim says "{words}"; the cited passages say number {others.pop()}.'
            yield _failure(reason, ordinal.start, ordinal.end, VerdictLabel.CONTRADICTED)


def _failure(reason: str, start: int, end: int, label: VerdictLabel) -> Failure:
    return Failure(check="numbers", reason=reason, start=start, end=end, label=label)


def _derived(claim: str, mine: Quantity, there: Sequence[Quantity]) -> bool:
    """Whether the claim calls a number a sum or a difference, and two cited ones of a kind give it.

    A sum is taken of two numbers that one thing or currency has in common; a difference of
    percentages counts in points.
    """
    near = claim[max(0, mine.start - 40) : mine.end + 40]
    added, taken = _SUM.search(near) is not None, _DIFFERENCE.search(near) is not None
    if not (added or taken):
        return False
    usable = [q for q in there if not q.glued and q.kind not in ("ordinal", "clock", "dial")][:40]
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
    if quantity.kind not in ("", "ordinal", "time") or quantity.digits:
        return False
    if not quantity.value.is_integer():
        return False
    number = int(quantity.value)
    if quantity.kind == "ordinal" and number < len(ORDINALS):
        return re.search(rf"\b(?:{number}|{ORDINALS[number]})", text, re.IGNORECASE) is not None
    return re.search(rf"(?<![\d.,])(?<![A-Za-z]-){number}(?!\d|[.,]\d)", text) is not None


def _swapped(
    claim: str, mine: Quantity, same: Sequence[Quantity], there: Sequence[Quantity]
) -> bool:
    """Whether the claim counts by it what has one other number in the passages, and gives what they
    count by it another number too: "12 deaths and 40 injuries" for "40 deaths and 12 injuries"."""
    if not mine.nouns or any(not q.nouns or set(q.nouns) & set(mine.nouns) for q in same):
        return False
    counted = {q.nouns[0] for q in quantities(claim) if q.nouns}
    return all(q.nouns[0] in counted for q in same) and _rival(mine, there) is not None


def _label(claim: str, mine: Quantity, text: str) -> bool | None:
    """Whether the passages give a number that belongs to a name ("Flight 370", "Lena Durst, 34,")
    with that name; ``None`` for other numbers, and where they give the name no number."""
    found = _NAMED.search(claim, max(0, mine.start - 40), mine.start)
    if found is None or mine.spelled or mine.kind or not _NAMED_ENDS.match(claim, mine.end):
        return None
    theirs = re.findall(
        rf"\b{re.escape(found['name'])}{found['comma']} (\d+)(?![\d:]|[.,]\d)", text
    )
    return f"{mine.value:.0f}" in theirs if theirs else None if found["comma"] else True


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
    return mine.kind == theirs.kind and mine.nouns[0] == theirs.nouns[0]


def _shortened(words: str) -> str:
    return words if len(words) <= LONGEST_SHOWN else f"{words[:LONGEST_SHOWN]}…"


def _spoken(quantity: Quantity) -> str:
    number = f"{quantity.value:,.10g}"
    if quantity.digits:
        number = _shortened(quantity.digits)
    if quantity.kind in ("%", "points"):
        return f"{number}{'%' if quantity.kind == '%' else ' points'}"
    if quantity.kind == "time":
        return f"{number} {quantity.nouns[0]}s"
    return f"{quantity.kind}{number}" if quantity.kind in SIGNS else number
