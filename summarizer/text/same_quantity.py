"""Whether two numbers of two texts agree, in unit and in value."""

from __future__ import annotations

from summarizer.text.quantities import Quantity
from summarizer.text.units import TOLERANCE, Unit, converts


def same(mine: Quantity, theirs: Quantity) -> bool:
    """Whether two numbers agree: in unit, and in value as far as the wording is exact."""
    if theirs.glued or not _kinds_agree(mine, theirs) or _opposed(mine, theirs):
        return False
    if mine.digits or theirs.digits:
        return mine.digits == theirs.digits
    if "clock" in (mine.kind, theirs.kind) or "dial" in (mine.kind, theirs.kind):
        return _same_time(mine, theirs)
    if mine.per and theirs.per and mine.per != theirs.per:
        return _same_rate(mine, mine.per, theirs, theirs.per)
    if mine.unit and theirs.unit and mine.unit != theirs.unit:
        return converts(mine.low, mine.high, mine.unit, theirs.value, theirs.unit)
    if close(mine.value, theirs.value) or mine.low < theirs.value < mine.high:
        return True
    return mine.rounded and _rounds_to(theirs.value, mine.value)


def _opposed(mine: Quantity, theirs: Quantity) -> bool:
    """Whether one rises or is a lower bound where the other falls or is an upper bound."""
    return mine.sign * theirs.sign < 0 or (
        mine.bound * theirs.bound < 0 and close(mine.value, theirs.value)
    )


def _same_time(mine: Quantity, theirs: Quantity) -> bool:
    """Whether two times of day are one; a bare number can be a full hour."""
    one, other = (q.value * 60 if q.kind == "" else q.value for q in (mine, theirs))
    if mine.kind == theirs.kind == "clock":
        return one == other
    return one % 720 == other % 720


def _same_rate(mine: Quantity, per: Unit, theirs: Quantity, their_per: Unit) -> bool:
    """Whether two rates are one: 7 litres a day are 49 litres a week."""
    if per.measure != their_per.measure:
        return False
    size = mine.unit.sizes[0] if mine.unit else 1.0
    other = theirs.unit.sizes[0] if theirs.unit else 1.0
    one, two = mine.value * size / per.sizes[0], theirs.value * other / their_per.sizes[0]
    return abs(one - two) <= TOLERANCE * max(one, two)


_YENS = frozenset(("JPY", "CNY"))


def _kinds_agree(mine: Quantity, theirs: Quantity) -> bool:
    kinds = mine.kind, theirs.kind
    if mine.kind in ("%", "points") and theirs.kind == "":
        return not theirs.nouns
    if "clock" in kinds or "dial" in kinds:
        return all(kind in ("clock", "dial", "") for kind in kinds)
    if "¥" in kinds and _YENS.intersection(kinds):
        return True
    loose = ("", "ordinal", "time")
    return mine.kind == theirs.kind or "" in kinds or all(kind in loose for kind in kinds)


def close(a: float, b: float) -> bool:
    """Whether two values are equal except for floating-point error."""
    return abs(a - b) <= 1e-9 * max(1.0, abs(a), abs(b))


def _rounds_to(exact: float, rounded: float) -> bool:
    """Whether ``exact``, rounded to the significant digits of ``rounded``, equals ``rounded``."""
    digits = len(f"{rounded:.12g}".replace(".", "").rstrip("0").lstrip("0").split("e")[0])
    return close(float(f"{exact:.{max(1, digits)}g}"), rounded)
