"""Reading of JSON from outside, by one set of rules for files, requests, feeds and answers.

Refused: NaN and Infinity, a field that stands twice, numbers that cannot be kept, deep nesting, and
a field's name or an ``id`` with half a character (a lone surrogate), since no answer could name it.
In any other text half a character becomes U+FFFD.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import Any, NamedTuple

from summarizer.text.normalize import whole

DEEPEST = 100
"""Most objects and lists within one another."""

MOST_VALUES = 100_000
"""Most values of a document, or of one row; more would stop other threads for a second."""

LONGEST_NUMBER = 40
"""Most characters of a whole number: twice those of the largest of 64 bits."""

_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""An escape of half a character; in pairs they are whole ones."""


class JsonError(ValueError):
    """A text that is JSON, but breaks a rule; ``field`` is its place, if one field is at fault."""

    def __init__(self, reason: str, field: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field


def why(error: ValueError) -> str:
    """The reason of an error of ``loads`` or ``scan``, in words."""
    if isinstance(error, JsonError):
        return f"{error.field}: {error.reason}" if error.field else error.reason
    if isinstance(error, json.JSONDecodeError):
        return (
            f"the JSON is broken at column {error.colno}: {error.msg.removesuffix(' starting at')}"
        )
    return str(error)


class Found(NamedTuple):
    """A value in a text, with where it ends, and the rule that it breaks."""

    value: Any
    end: int
    fault: JsonError | None


def loads(text: str | bytes) -> Any:
    """Read a document, in UTF-8 if it is bytes.

    Raises:
        JsonError: it breaks a rule.
        ValueError: it is not JSON; ``json.JSONDecodeError`` where the place is known.
    """
    text = decoded(text) if isinstance(text, bytes) else text
    start = len(text) - len(text.lstrip(" \t\r\n"))
    value, end, fault = scan(text, start)
    if rest := text[end:].lstrip(" \t\r\n"):
        raise json.JSONDecodeError("Extra data", text, len(text) - len(rest))
    if fault is not None:
        raise fault
    return value


def decoded(data: bytes) -> str:
    """The text of UTF-8 with or without a byte order mark; raises ``JsonError``."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise JsonError("it is in UTF-16: save it as UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise JsonError(f"it is not UTF-8 at byte {error.start + 1}") from error


def scan(text: str, start: int = 0) -> Found:
    """Read the value that begins at an offset.

    Raises:
        JsonError: it is nested too deeply or has too many values, so that its end is unknown.
        json.JSONDecodeError: it is not JSON.
    """
    rules = _Rules()
    decoder = json.JSONDecoder(
        parse_constant=rules.constant,
        parse_float=rules.number,
        parse_int=rules.whole_number,
        object_pairs_hook=rules.object,
    )
    try:
        value, end = decoder.raw_decode(text, start)
    except RecursionError:
        raise JsonError("the JSON is nested too deeply") from None
    fault = rules.fault or _shape_fault(value)
    if fault is None and _HALF.search(text, start, end):
        try:
            value = _mended(value, "")
        except JsonError as half:
            fault = half
    return Found(value, end, fault)


TOO_MANY = f"it has more than {MOST_VALUES:,} values"


class _Rules:
    """Hooks of the decoder, which keep the first fault so that reading goes on to the end."""

    def __init__(self) -> None:
        self.fault: JsonError | None = None
        self._values = 0

    def constant(self, name: str) -> None:
        self._note(f"{name} is not JSON")

    def number(self, digits: str) -> float:
        self._count()
        value = float(digits)
        if math.isinf(value):
            self._note(f"{_short(digits)} is too large a number")
        return value

    def whole_number(self, digits: str) -> int:
        self._count()
        if len(digits) <= LONGEST_NUMBER:
            return int(digits)
        self._note(f"{_short(digits)} is too large a number")
        return 0

    def object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        self._count()
        found = dict(pairs)
        if len(found) < len(pairs):
            (twice, _), *_ = Counter(name for name, _ in pairs).most_common(1)
            self._note("stands twice", whole(twice))
        return found

    def _count(self) -> None:
        self._values += 1
        if self._values > MOST_VALUES:
            raise JsonError(TOO_MANY)

    def _note(self, reason: str, field: str | None = None) -> None:
        self.fault = self.fault or JsonError(reason, field)


def _short(digits: str) -> str:
    return digits if len(digits) <= LONGEST_NUMBER else f"{digits[:10]}… ({len(digits):,} digits)"


def _shape_fault(value: Any) -> JsonError | None:
    level, values = [value], 0
    for _ in range(DEEPEST + 1):
        level = [
            child
            for container in level
            if isinstance(container, dict | list)
            for child in (container.values() if isinstance(container, dict) else container)
        ]
        values += len(level)
        if values > MOST_VALUES:
            return JsonError(TOO_MANY)
        if not level:
            return None
    return JsonError("the JSON is nested too deeply")


def _mended(value: Any, place: str) -> Any:
    if isinstance(value, list):
        return [_mended(entry, f"{place}{n}.") for n, entry in enumerate(value)]
    if isinstance(value, dict):
        return {name: _field(name, entry, place) for name, entry in value.items()}
    return whole(value) if isinstance(value, str) else value


def _field(name: str, value: Any, place: str) -> Any:
    names = (name, value) if name == "id" and isinstance(value, str) else (name,)
    if any(whole(text) != text for text in names):
        raise JsonError("holds half a character (a lone surrogate)", f"{place}{whole(name)}")
    return _mended(value, f"{place}{name}.")
