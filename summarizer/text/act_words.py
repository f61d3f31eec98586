"""The words of ``accusations.toml``: by which people accuse, decide and answer."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from summarizer.domain.accusations import ReplyKind, Stage
from summarizer.domain.claims import Position
from summarizer.text.tokens import read, stem

PROSECUTION = re.compile(
    r"\b(State|People|Crown|Commonwealth|Republic|United States|Regina|Rex)(?: of [A-Z]\w+)?"
    r" vs?\.? "
)
"""The name of a criminal case, up to the accused."""

_PHRASES = re.compile(
    r"\b(?:under (?:fire|criticism)|set(?:s|ting)? aside|f[ae]ll(?:s|ing)? apart|no evidence"
    r"|wrong about|mistaken about|(?:n[o']t|never) (?:true|right|fair)"
    r"|nothing to do with|no (?:part|role|hand|involvement) in|rul(?:e|es|ed|ing) out"
    r"|(?:not|never|longer) (?:been )?(?:\w+ )?involved)\b"
)
_FILE = Path(__file__).parent / "accusations.toml"


class Words(NamedTuple):
    """What a group of words tells.

    Args:
        position: what its subject does.
        stage: of an accusation; ``None`` for another act.
        accused: where the accused stands; empty for another act.
        wrong: whether only a clause about a wrong makes an accusation.
        about: whether its object must be a claim.
        reply: kind of reply; ``None`` for none.
        ends: where what ends stands, of an accusation's end; empty for another act.
    """

    position: Position
    stage: Stage | None
    accused: str
    wrong: bool
    about: bool
    reply: ReplyKind | None
    ends: str


@cache
def _data() -> Any:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@cache
def words(name: str) -> frozenset[str]:
    """A list of words."""
    return frozenset(_data()["words"][name].split())


@cache
def verbs() -> Mapping[str, tuple[Words, ...]]:
    """Groups by lemma, which may have a particle or preposition: ``push_back``."""
    found: dict[str, tuple[Words, ...]] = {}
    for row in _data()["group"]:
        for lemma in row["verbs"].split():
            found[lemma] = (*found.get(lemma, ()), _words(row))
    return found


@cache
def nouns() -> Mapping[str, Words]:
    """Groups of nouns by lemma."""
    return {word: _words(row) for row in _data()["nouns"] for word in row["words"].split()}


def _words(row: Mapping[str, Any]) -> Words:
    return Words(
        position=Position(row["position"]),
        stage=Stage[row["stage"].upper()] if "stage" in row else None,
        accused=row.get("accused", ""),
        wrong=row.get("wrong", False),
        about=row.get("about", False),
        reply=ReplyKind(row["reply"]) if "reply" in row else None,
        ends=row.get("ends", ""),
    )


def tells(sentence: str) -> bool:
    """Whether a sentence may hold an act other than plain saying; cheap."""
    if not _telling().isdisjoint(read(sentence).stems):
        return True
    return bool(PROSECUTION.search(sentence) or _PHRASES.search(sentence))


def says(sentence: str) -> bool:
    """Whether a sentence may hold a statement; cheap."""
    return not _saying().isdisjoint(read(sentence).stems)


def names_accusation(sentence: str) -> bool:
    """Whether a sentence speaks of an accusation by a noun: "denied the allegations"."""
    return not _accusing().isdisjoint(read(sentence).stems)


@cache
def _telling() -> frozenset[str]:
    acting = _lemmas(lambda group: group.reply is not ReplyKind.STATEMENT and not group.wrong)
    acting -= {"be", "come", "remain", "face", "find", "set", "fall", "hold", "want"}
    acting |= words("violent") | words("harms") | words("favours") | words("money")
    answering = words("answer") | words("untrue") | words("refuse") | words("meet")
    answering |= words("held") | words("grounds")
    answering |= {"response", "reaction", "unanswered", "innocence", "innocent"}
    plain = {"say", "speak", "address", "return"}
    return _stems(acting | set(nouns()) | words("wrong") | (answering - plain))


@cache
def _saying() -> frozenset[str]:
    return _stems(_lemmas(lambda group: group.reply is ReplyKind.STATEMENT))


@cache
def _accusing() -> frozenset[str]:
    return _stems({*nouns(), "wrongdoing", "criticism"})


def _lemmas(fits: Any) -> set[str]:
    return {lemma.partition("_")[0] for lemma, groups in verbs().items() if any(map(fits, groups))}


def _stems(lemmas: set[str]) -> frozenset[str]:
    return frozenset(map(stem, lemmas | {_PASTS[w] for w in lemmas & set(_PASTS)}))


_PASTS = {
    "say": "said",
    "tell": "told",
    "write": "wrote",
    "hide": "hid",
    "mislead": "misled",
    "withhold": "withheld",
    "uphold": "upheld",
    "lie": "lied",
    "withdraw": "withdrew",
    "throw": "threw",
    "take": "took",
    "make": "made",
    "clear": "cleared",
    "beat": "beaten",
    "shoot": "shot",
}
"""Past forms that the stemmer leaves as they are."""
