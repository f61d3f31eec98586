"""Measures of an incident: numbers of which it has one at a time, such as the deaths or the loss.

They are read by grammar, so that "killing 12 people" and "the death toll rose to 17" give the same
measure.  A part ("two of the injured", "five more"), a number of another time and one that its
sentence replaces are none.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from summarizer.text.cache import cached_by_text
from summarizer.text.grammar import SUBJECTS, is_finite
from summarizer.text.parse import Parse, Word, parse
from summarizer.text.quantities import SIGNS, Quantity, quantities
from summarizer.text.sentences import Span
from summarizer.text.tokens import listed
from summarizer.verification.conflicts.values import changed, is_superseded

_FILE = Path(__file__).parent / "measures.toml"

_PART = re.compile(
    r"\b(?:another|additional|further|extra|including|among them|all but|except(?: for)?|of whom"
    r"|each|every|between|one in|out of)\s(?:about |some |the |at least )?$",
    re.IGNORECASE,
)
_OF_MORE = re.compile(
    r"\s(?:percent\s)?(?:more|other|further|additional)\b|\s(?:\w{1,30}\s)?(?:of|in|out of)\s(?:the"
    r"|its|his|her|their|these|those|them|every|all|\d)|\s?[-–—/]\s?\d|\sto\s\d",
    re.IGNORECASE,
)
_OTHER_TIME = re.compile(
    r"\b(?:last|previous|past|each|every|per|a) (?:day|year|month|week|decade|season)\b"
    r"|\b(?:years?|decades?) (?:ago|earlier|before)\b|\b(?:since|in|of) (?:19|20)\d\d\b"
    r"|\b(?:retract|withdr|incorrect|wrong|mistake)\w*"
    r"|\b(?:previous|similar|another|first|second|third|last) (?:accident|attack|blast|crash"
    r"|disaster|fire|flood|incident|shooting|storm|wave)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:not|never|no|if|up to|could|would|might)\b|n['’]t\b", re.IGNORECASE)
_REFERS = re.compile(
    r"\b(?:number|figure|toll|count|total|turnout|loss|losses|damage|crowd|it)\b[^.;]{0,40}?"
    r"\b(?:at|is|was)\s(?:about |around |some |nearly |only |just |more than )?$",
    re.IGNORECASE,
)
"""Before a number that measures what the sentence before it did: "Police put the number at"."""
_MOVES = frozenset(
    listed(
        """
        rise raise climb grow increase jump reach lower cut reduce fall drop double triple revise
        widen expand extend correct update put estimate bring
        """
    )
)
"""Verbs whose subject or object says what their number measures."""
_TELLS = frozenset(listed("say tell count report give claim announce confirm state"))
_NOW = re.compile(r"\bnow (?:puts?|says?|estimates?|stands?|counts?)\b")
_LEADS_TO = frozenset(("at", "to", "as", "from"))
_CHANGES = _MOVES - {"put", "estimate", "reach"}
_BESIDE = ("conj", "cc", "mark", "punct", "advcl", "dep")
"""Relations of what stands beside a clause."""
_INSIDE = ("nummod", "quantmod", "compound", "nmod", "amod")
_MONEY, _COUNT = "money", "count"


class Measure(NamedTuple):
    """A measure in a sentence.

    Args:
        axis: what is measured (``deaths``, ``loss`` …); empty where a sentence before tells it.
        kind: currency of an amount of money, else "".
        at: span of the number.
        number: the number.
        by: lemma of whoever gives it in this sentence; empty if nobody is named.
        changed: whether the sentence says that it has changed.
    """

    axis: str
    kind: str
    at: Span
    number: Quantity
    by: str
    changed: bool


class _Axis(NamedTuple):
    of: frozenset[str]
    kind: str
    nouns: frozenset[str]
    rises: bool
    disputed: bool


@lru_cache(maxsize=1)
def _axes() -> dict[str, _Axis]:
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        name: _Axis(
            of=frozenset(row["of"].split()),
            kind=row["kind"],
            nouns=frozenset(row.get("nouns", "").split()),
            rises=row["rises"],
            disputed=row.get("disputed", False),
        )
        for name, row in rows.items()
    }


@lru_cache(maxsize=1)
def _told() -> re.Pattern[str]:
    """The words of all axes, which a sentence with a measure has."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8")).values()
    begin = {word.removesuffix("e").removesuffix("y") for row in rows for word in row["of"].split()}
    whole = {word for row in rows for word in row.get("forms", "").split()}
    starts = "|".join(sorted(begin))
    return re.compile(rf"\b(?:(?:{starts})\w{{0,4}}|{'|'.join(sorted(whole))})\b", re.IGNORECASE)


def rises(axis: str) -> bool:
    """Whether a higher number of a later item is an update."""
    return _axes()[axis].rises


def is_disputed(axis: str) -> bool:
    """Whether two parties that give different numbers are a dispute, also where they rise."""
    return _axes()[axis].disputed


@cached_by_text
def measures(text: str) -> tuple[Measure, ...]:
    """The measures of a sentence, in order; none of an axis for which it gives several numbers."""
    if not (figures := _figures(text)):
        return ()
    (parsed,) = parse([text])
    found = [m for q in figures if (m := _measure(parsed, q)) is not None]
    axes = [(m.axis, m.kind) for m in found]
    return tuple(m for m in found if axes.count((m.axis, m.kind)) == 1)


def to_read(texts: Iterable[str]) -> list[str]:
    """Those of some sentences that ``measures`` parses."""
    return [text for text in texts if _figures(text)]


@cached_by_text
def _figures(text: str) -> tuple[Quantity, ...]:
    """The numbers of a sentence that may be a measure."""
    if text.endswith("?") or _OTHER_TIME.search(text):
        return ()
    figures = (q for q in quantities(text) if _may_measure(text, q))
    if not _told().search(text):
        figures = (q for q in figures if _REFERS.search(text[: q.start]))
    return tuple(figures)


def governor(text: str, at: Span) -> str:
    """Lemma of the verb that a number's noun depends on; empty if there is none."""
    (parsed,) = parse([text])
    word = _word_at(parsed, at.start, at.end)
    while word is not None and not word.tag.startswith("VB"):
        word = None if word.head == word.n else parsed.words[word.head]
    return "" if word is None else word.lemma


def clause(text: str, at: Span) -> str:
    """The innermost clause with a subject around a number, an ellipsis in the number's place; empty
    if there is none."""
    (parsed,) = parse([text])
    word = _word_at(parsed, at.start, at.end)
    while word is not None and not _is_clause(parsed, word):
        word = None if word.head == word.n else parsed.words[word.head]
    if word is None:
        return ""
    gone = {w.n for c in parsed.children[word.n] if c.dep in _BESIDE for w in parsed.subtree(c)}
    kept = [w for w in parsed.subtree(word) if w.n not in gone]
    around = [w for w in kept if w.start < at.start], [w for w in kept if w.start >= at.end]
    first = min((w.start for w in around[0]), default=at.start)
    last = max((w.end for w in around[1]), default=at.end)
    return f"{text[first : at.start]}…{text[at.end : last]}"


def _is_clause(parsed: Parse, word: Word) -> bool:
    return is_finite(parsed, word) and parsed.child(word, *SUBJECTS) is not None


def _may_measure(text: str, quantity: Quantity) -> bool:
    before = text[: quantity.start]
    plain = not quantity.glued and quantity.kind in ("", *SIGNS) and quantity.value > 1
    whole = not _PART.search(before) and not _OF_MORE.match(text[quantity.end :])
    return plain and whole and not is_superseded(text, quantity.start)


def _measure(parsed: Parse, quantity: Quantity) -> Measure | None:
    word = _word_at(parsed, quantity.start, quantity.end)
    if word is None:
        return None
    noun = word
    while noun.dep in _INSIDE and noun.head != noun.n:
        noun = parsed.words[noun.head]
    lemmas = frozenset(_lemmas(parsed, noun))
    start = min(w.start for w in (noun, word))
    behind = parsed.text[quantity.end : quantity.end + 40].partition(",")[0]
    ahead = parsed.text[max(0, start - 40) : quantity.start].rpartition(",")[2]
    if _DENIED.search(ahead) or _DENIED.search(behind):
        return None
    money = quantity.kind in SIGNS
    fitting = [
        name
        for name, axis in _axes().items()
        if axis.of & lemmas
        and money == (axis.kind == _MONEY)
        and (axis.kind != _COUNT or not axis.nouns or noun.lemma in axis.nouns)
    ]
    if len(fitting) > 1 or not (fitting or _REFERS.search(parsed.text[: quantity.start])):
        return None
    at = Span(quantity.start, quantity.end)
    turned = changed(parsed.text, at) or bool(lemmas & _CHANGES or _NOW.search(parsed.text))
    return Measure(
        axis=fitting[0] if fitting else "",
        kind=quantity.kind,
        at=at,
        number=quantity,
        by=_giver(parsed),
        changed=turned,
    )


def _word_at(parsed: Parse, start: int, end: int) -> Word | None:
    """The word of a number on which its other words depend."""
    inside = [w for w in parsed.words if start <= w.start < end]
    numbers = {w.n for w in inside}
    return next((w for w in inside if w.head not in numbers or w.head == w.n), None)


def _lemmas(parsed: Parse, noun: Word) -> Iterator[str]:
    """Lemmas of a counted noun, of what it depends on, and of what says more of it."""
    yield noun.lemma
    yield from (c.lemma for c in parsed.children[noun.n] if c.dep in ("acl", "relcl", "compound"))
    yield from (c.lemma for c in parsed.children[noun.n] if c.tag in ("VBN", "JJ") and c.n > noun.n)
    head = parsed.words[noun.head]
    while head.dep == "prep" and head.head != head.n and head.tag in ("IN", "TO"):
        head = parsed.words[head.head]
    if head.tag in ("IN", "TO"):
        head = parsed.words[head.head]
    if head.n == noun.n:
        return
    yield head.lemma
    yield from (c.lemma for c in parsed.children[head.n] if c.dep in ("compound", "oprd", "acomp"))
    if noun.dep == "nsubj" or head.lemma not in _MOVES:
        yield from (c.lemma for c in parsed.children[head.n] if c.dep == "dobj" and c.n > head.n)
        return
    if noun.dep == "pobj" and parsed.words[noun.head].lemma not in _LEADS_TO:
        return
    for child in parsed.children[head.n]:
        if child.dep in (*SUBJECTS, "dobj") and child.n != noun.n:
            yield from (w.lemma for w in parsed.subtree(child))


def _giver(parsed: Parse) -> str:
    root = next((w for w in parsed.words if w.head == w.n), None)
    if root is None or not root.tag.startswith("VB"):
        return ""
    tells = root.lemma in _TELLS or root.lemma in _MOVES
    subject = parsed.child(root, "nsubj") if tells else None
    return "" if subject is None or subject.tag == "PRP" else subject.lemma
