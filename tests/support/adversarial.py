"""Texts on which a pattern that backtracks is slow: the same few characters over and over."""

from __future__ import annotations

import re
import re._constants as ops  # the parse tree of ``re`` has no public name
import re._parser as parser
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MANY = 8
"""Repeats from which a quantifier counts as one without a bound."""
ALPHABET = "aA1 .,-\n'\"’“”(<[>/:;%$!é_…&=?#@*"
PREFERRED = ("A", "a", " ", "1", ".", ",", "-", "’")


@dataclass(frozen=True)
class Pumped:
    """A text: a head, a part that is repeated, and an end that makes a match fail."""

    head: str
    part: str
    end: str

    def of(self, length: int) -> str:
        """The text with about as many characters."""
        times = (length - len(self.head) - len(self.end)) // len(self.part)
        return self.head + self.part * max(1, times) + self.end


FIXED = tuple(
    Pumped(head, part, end)
    for head, part, end in (
        ("<a x=", " ", ""),
        ("<a ", "x=", ""),
        ("</rss>", "<!---->", "x"),
        ("", "10.0.0.1 ", ""),
        ("", "1.", ""),
        ("", "3-", ""),
        ("", "1,", ""),
        ("", "1", ""),
        ("", "1 ", ""),
        ("", "$1 ", ""),
        ("", "5% ", ""),
        ("", "20/11/", ""),
        ("", "a, ", ""),
        ("", "a-", ""),
        ("", "a ", ""),
        ("", "A ", ""),
        ("", "Ab ", ""),
        ("", "Ab-", ""),
        ("", "Ab, ", ""),
        ("", "A.", ""),
        ("", "A. ", ""),
        ("", "a. ", ""),
        ("", "a’", ""),
        ("", "Ab’s ", ""),
        ("", "a", ""),
        ("", "A", ""),
        ("", "é", ""),
        ("", ".", ""),
        ("", ",", ""),
        ("", "-", ""),
        ("", " ", "x"),
        ("", "\n", "x"),
        ("", " \n", "x"),
        ("x", "\u00a0", "x"),
        ("", "\t", "x"),
        ("", '"', ""),
        ("", '" ', ""),
        ("", '"a" ', ""),
        ("", "“", ""),
        ("", "”", ""),
        ("", "“a” ", ""),
        ("", "‘", ""),
        ("", "’", ""),
        ("", "'", ""),
        ("", "(", ""),
        ("", ")", ""),
        ("", "() ", ""),
        ("", "[", ""),
        ("", "[a1.1] ", ""),
        ("", "<", ""),
        ("", "<a ", ""),
        ("", "<a>", ""),
        ("", "<!--", ""),
        ("", "&amp;", ""),
        ("", "https://", ""),
        ("", "a@", ""),
        ("", "#a ", ""),
        ("", "because ", ""),
        ("", "if ", ""),
        ("", "not ", ""),
        ("", "the ", ""),
        ("", "said ", ""),
        ("", "accused a of ", ""),
        ("accused ", "a ", "of"),
        ("", "more than ", ""),
    )
)

SENTENCES = tuple(
    Pumped("", part, "")
    for part in (
        "5 people and 6 dogs, ",
        "5 people died. ",
        "from 5% to 6% and ",
        "$5 million or ",
        "May 4, 2026, ",
        "on Monday and ",
        "in 2019 and ",
        "Ab Cd said. ",
        "Ab Cd sued Ef Gh. ",
        "Ab Cd sued Ef Gh and ",
        "Ab accused Cd of fraud, ",
        '"We hid it," said Ab Cd. ',
        '"a b c d e," Ab said, ',
        "the mayor of Ab, Cd Ef, ",
        "Ab, who is the chief of Cd, ",
        "because it rose, ",
        "Prices rose because of rain. ",
        "rose more than it fell and ",
        "did not deny that it is not ",
        "may have been said to ",
        "if it were so, it would ",
        "which is what ",
        "is it so? ",
        "Varnway Foods recalled jars. ",
        "was recalled by Varnway and ",
        "Ignore all previous instructions. ",
        "ignore the ",
        "you must say that ",
        "www.ab.cd/e ",
        "Correction: ",
        "was retracted ",
        "Ab (AB) ",
        "he said she said ",
        "1 ",
        "1.",
        "3-",
        "5% ",
        "Ab ",
        "A. ",
        "a",
        "a, ",
        " ",
        "\n",
        '"a" ',
        "“",
        "because ",
        "not ",
        "<a ",
    )
)
"""Texts for functions, whose loops depend on what stands in a text, not on single characters."""


def derived(pattern: re.Pattern[Any]) -> frozenset[Pumped]:
    """Texts that each quantified part of a pattern matches again and again, and then doesn't."""
    source = pattern.pattern
    tree = parser.parse(source, pattern.flags & ~re.DEBUG)
    found = set()
    for favourite in PREFERRED:
        whole = _sample(tree, favourite)
        found |= {Pumped("", part, "\0") for part in (whole, whole[:-1]) if part}
        for head, part in _quantified(tree, "", favourite):
            found |= {Pumped(head, part, "\0"), Pumped("", head + part, "\0")}
            found |= {Pumped(head, part + between, "") for between in " ,"}
            if head:
                found |= {Pumped("", head, "\0"), Pumped("", f"{head} ", "")}
    return frozenset(found)


def _quantified(tree: Any, head: str, favourite: str) -> Iterator[tuple[str, str]]:
    """Each part that may repeat without a bound, with what may stand before it."""
    for op, value in tree:
        if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
            _, most, inner = value
            yield from _quantified(inner, head, favourite)
            part = _sample(inner, favourite)
            if most > MANY and part:
                yield head, part
        for inner in _inner(op, value):
            yield from _quantified(inner, head, favourite)
        head += _sample([(op, value)], favourite)


def _inner(op: Any, value: Any) -> list[Any]:
    if op is ops.SUBPATTERN:
        return [value[-1]]
    if op is ops.ATOMIC_GROUP:
        return [value]
    if op is ops.BRANCH:
        return list(value[1])
    if op in (ops.ASSERT, ops.ASSERT_NOT):
        return [value[1]]
    return []


def _sample(tree: Any, favourite: str) -> str:
    """A text that a tree matches, with a character where a class allows it."""
    return "".join(_of(op, value, favourite) for op, value in tree)


def _of(op: Any, value: Any, favourite: str) -> str:
    if op is ops.LITERAL:
        return chr(value)
    if op in (ops.IN, ops.NOT_LITERAL, ops.ANY):
        return _character(op, value, favourite)
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
        least, most, inner = value
        return _sample(inner, favourite) * min(max(least, 1), most)
    if op in (ops.SUBPATTERN, ops.ATOMIC_GROUP):
        return _sample(_inner(op, value)[0], favourite)
    if op is ops.BRANCH:
        options = [_sample(option, favourite) for option in value[1]]
        return options[PREFERRED.index(favourite) % len(options)]
    return ""


def _character(op: Any, value: Any, favourite: str) -> str:
    if op is ops.ANY:
        return favourite
    if op is ops.NOT_LITERAL:
        return favourite if ord(favourite) != value else "x"
    negated = value[0][0] is ops.NEGATE
    allowed = [c for c in favourite + ALPHABET if any(_in(c, v) for v in value) is not negated]
    if allowed:
        return allowed[0]
    return next((chr(v if o is ops.LITERAL else v[0]) for o, v in value if o is not ops.NEGATE))


def _in(char: str, part: tuple[Any, Any]) -> bool:
    op, value = part
    if op is ops.LITERAL:
        return ord(char) == value
    if op is ops.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    if op is ops.CATEGORY:
        return re.match(_CATEGORY[value], char) is not None
    return False


_CATEGORY = {
    ops.CATEGORY_DIGIT: r"\d",
    ops.CATEGORY_NOT_DIGIT: r"\D",
    ops.CATEGORY_SPACE: r"\s",
    ops.CATEGORY_NOT_SPACE: r"\S",
    ops.CATEGORY_WORD: r"\w",
    ops.CATEGORY_NOT_WORD: r"\W",
}
