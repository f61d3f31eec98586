"""What HTML elements mean for the text around them: unseen, deleted, raised."""

from __future__ import annotations

import re
from collections.abc import Mapping

DELETED = frozenset({"del", "s", "strike"})
"""Elements of text that no longer holds."""

_NOT_DISPLAYED = re.compile(r"display\s*+:\s*+none|visibility\s*+:\s*+(?:hidden|collapse)")

_HIGH = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_NUMBER = re.compile(r"[+−–-]?[0-9]{1,3}")
_NUMBERS = re.compile(r"[0-9]{1,3}(?:[,;–-] ?[0-9]{1,3})*+")
_NEGATIVE = re.compile(r"[−–-][0-9]")
_CHARGE = re.compile(r"[0-9]?[+−–-]")
_SYMBOLS = re.compile(r"[*†‡§¶#]{1,3}|\[.{1,10}\]|\(.{1,3}\)")
_NOUN = re.compile(r"\s{1,9}[^\W\d_]")
_ORDINALS = frozenset("oaeºª")
_POWER_BASE = re.compile(
    r"(?:(?<![0-9.,])10|(?<![A-Za-z])(?:[kcdmµn]?m|ft|in|yd|mi|sec|[A-Za-z])|=[A-Za-z]{2,3}|\))\Z"
)
"""What stands before an exponent: ten, a unit, a variable, a bracket."""


def is_unseen(name: str, attributes: Mapping[str, object]) -> bool:
    """Whether a browser shows no text of an element, or shows it as deleted."""
    style = str(attributes.get("style") or "").lower()
    return (
        name in DELETED
        or "hidden" in attributes
        or str(attributes.get("aria-hidden") or "").lower() == "true"
        or _NOT_DISPLAYED.search(style) is not None
    )


def raised(mark: str, before: str, after: str, linked: bool) -> str:
    """Superscript text, so that its digits do not join the word or number before it.

    An exponent becomes superscript characters.  A footnote mark is left out, as between a number
    and its noun.  A mark that may be either is set apart in brackets.

    Args:
        mark: the text of the element.
        before: the text before it in its block.
        after: the text after it.
        linked: whether it is a link, as footnote marks are.
    """
    mark = " ".join(mark.split())
    last = before[-1:]
    if not mark or linked or _SYMBOLS.fullmatch(mark):
        return ""
    if not last.strip() or _CHARGE.fullmatch(mark):
        return mark
    if mark.isalpha():
        return mark if len(mark) > 1 or mark in _ORDINALS else f"^{mark}"
    if _NUMBER.fullmatch(mark) and (_POWER_BASE.search(before) or _NEGATIVE.match(mark)):
        return mark.translate(_HIGH)
    if not _NUMBERS.fullmatch(mark):
        return f" {mark}"
    return f" [{mark}]" if last.isdigit() and not _NOUN.match(after) else ""
