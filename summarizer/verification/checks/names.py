"""Checks names: those in a claim must stand in what it cites.

Known to the reader without being in the cited words are the outlet and author of a cited item, and
whom a pronoun or "the company" at the head of a cited passage stands for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text.name_matching import in_sequence, known, spelled_out, word_known
from summarizer.text.names import (
    COMMON_STARTS,
    VERB,
    WORD,
    Name,
    is_headline,
    last_before,
    named,
    names,
    starts_sentence,
)
from summarizer.text.tokens import fold, read
from summarizer.verification.evidence import CitedEvidence, CitedText

_PERSON_PRONOUN = re.compile(r"\b(?:he|she|his|her|him)\b", re.IGNORECASE)
_THING_PRONOUN = re.compile(
    r"\b(?:it|its|they|their|them|we|our|the (?:\w+ )?(?:company|firm|start-?up|maker|group|agency"
    r"|bank|lab|organi[sz]ation|regulator|authority|union|developer|platform|app|model|chatbot"
    r"|tool|system|product|service|university|hospital|city|government|ministry|court|team"
    r"|network|website|site|publisher|retailer|carmaker|airline|charity|foundation))\b",
    re.IGNORECASE,
)

BEFORE = 40
"""Characters before a name that a name with "and" in it may begin with."""
_SHORTENED = re.compile(r"[^.,;:()]{0,40}\(([A-Z]{2,6})\)")


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail each name in the claim that neither the cited passages nor their bylines hold."""
    cited = _searched(grounds)
    failures = []
    for name in names(claim):
        if not _must_be_known(name, claim, grounds) or known(name, cited):
            failures += _mismatched(name, grounds)
            continue
        if _introduced(name, claim, cited) or _known_from_pack(name, cited, grounds):
            continue
        if _opener_aside(name, claim, cited, grounds) or _resolved(name, claim, grounds):
            continue
        better = grounds.better(claim, partial(_names, name))
        where = "another passage names it" if better else "no source names it"
        failures.append(
            _failure(name, f'The cited passages don\'t name "{name.text}"; {where}.', better)
        )
    return failures


def _failure(name: Name, reason: str, better: str | None = None) -> Failure:
    return Failure(
        check="names",
        reason=reason,
        start=name.start,
        end=name.end,
        better=better,
        label=VerdictLabel.UNSUPPORTED,
    )


def _names(name: Name, ground: CitedText) -> bool:
    return known(name, ground.text)


def read_evidence(everything: CitedEvidence) -> None:
    """Read what the check asks of evidence that is cited as a whole; it is kept."""
    read(_searched(everything))
    _places(everything.known)
    for ground in everything.cited:
        named(ground.text)


def _searched(grounds: CitedEvidence) -> str:
    """The text in which names are looked for: cited passages and their bylines."""
    return "\n".join([grounds.text, *_bylines(grounds)])


def _bylines(grounds: CitedEvidence) -> list[str]:
    return [byline for g in grounds.cited for byline in g.bylines]


def _must_be_known(name: Name, claim: str, grounds: CitedEvidence) -> bool:
    """A capital that may only start a sentence counts when it is a name elsewhere."""
    if name.sure:
        return True
    words = set(name.words)
    if words & named(claim):
        return True
    if is_headline(claim):
        pieces = [Name(m.group(), 0, 0) for m in WORD.finditer(name.text)]
        return all(_named_in_pack(p, grounds) for p in pieces)
    low = fold(name.text)
    if _named_in_pack(name, grounds):
        return True
    plain = low.endswith(("s", "tion", "ment", "ness", "ity", "ism", "ance", "ence", "ship"))
    return not plain and low not in COMMON_STARTS and bool(VERB.match(claim, name.end))


def _named_in_pack(name: Name, grounds: CitedEvidence) -> bool:
    """Whether some ground uses the word as a sure name and none uses it in lower case."""
    words = set(name.words)
    found = False
    places = _places(grounds.known)
    for ground in min((places.get(w, ()) for w in words), key=len, default=grounds.known):
        if not words <= read(ground.text).norms:
            continue
        if re.search(rf"\b{re.escape(name.text.casefold())}\b", ground.text):
            return False
        found = found or (
            words <= named(ground.text)
            and any(n.sure and words <= set(n.words) for n in names(ground.text))
        )
    return found


@lru_cache(maxsize=4)
def _places(known: tuple[CitedText, ...]) -> Mapping[str, Sequence[CitedText]]:
    """The texts that have each folded word, in order."""
    found: dict[str, list[CitedText]] = {}
    for ground in known:
        for word in read(ground.text).norms:
            found.setdefault(word, []).append(ground)
    return found


def _introduced(name: Name, claim: str, cited: str) -> bool:
    """An acronym in brackets behind the known name that it stands for, or the reverse."""
    shortened = _SHORTENED.match(claim, name.end)
    if shortened and known(Name(shortened[1], 0, 0), cited):
        whole = claim[max(0, name.start - BEFORE) : shortened.start(1)]
        return _abbreviates(shortened[1], name.text) or _abbreviates(shortened[1], whole)
    if claim[name.start - 1 : name.start] != "(" or claim[name.end : name.end + 1] != ")":
        return False
    ahead = last_before(claim, name.start)
    return ahead is not None and known(ahead, cited) and _abbreviates(name.text, ahead.text)


def _abbreviates(acronym: str, name: str) -> bool:
    """Whether the letters of an acronym begin words of a name, in order, or begin the name."""
    if fold(name).startswith(fold(acronym)):
        return True
    words = re.findall(r"\w+", name)
    initials = iter("".join(fold(word if word.isupper() else word[0]) for word in words))
    letters = "".join(filter(str.isupper, acronym)) or acronym
    return all(letter in initials for letter in fold(letters))


def _opener_aside(name: Name, claim: str, cited: str, grounds: CitedEvidence) -> bool:
    """A name that is known but for a common word that opens the sentence before it."""
    if len(name.words) < 2 or not starts_sentence(claim, name.start):
        return False
    first, *rest = WORD.finditer(name.text)
    if not rest or not known(Name(name.text[rest[0].start() :], 0, 0), cited):
        return False
    low = first.group().casefold()
    if low.endswith(("s", "ed", "ing", "ly", "tion")):
        return True
    return any(re.search(rf"\b{re.escape(low)}", g.text) for g in grounds.known)


def _known_from_pack(name: Name, cited: str, grounds: CitedEvidence) -> bool:
    """A full name whose surname is cited, when the pack spells it out in one stretch."""
    if len(name.words) < 2:
        return False
    partly = [w for w in name.words if word_known(w, cited)]
    if not partly or name.words[-1] not in partly:
        return False
    texts = [g.text for g in grounds.others()] + [g.title for g in grounds.cited]
    return any(in_sequence(list(name.words), text) for text in texts)


def _resolved(name: Name, claim: str, grounds: CitedEvidence) -> bool:
    """Whether a pronoun or "the company" in a cited passage can stand for the name.

    It can when the nearest passages before, or the item's title, hold the name, and every name
    that the passage itself puts before the pronoun is in the claim too: otherwise that name is
    what the pronoun stands for.
    """
    return any(_stands_for(name, claim, ground, grounds) for ground in grounds.cited)


def _stands_for(name: Name, claim: str, ground: CitedText, grounds: CitedEvidence) -> bool:
    pronoun = _PERSON_PRONOUN.search(ground.text) or _THING_PRONOUN.search(ground.text)
    if pronoun is None:
        return False
    ahead = [
        n
        for n in names(ground.text)
        if n.end <= pronoun.start() and (n.sure or VERB.match(ground.text, n.end))
    ]
    if any(not known(n, claim) for n in ahead):
        return False
    return any(known(name, text) for text in _antecedents(ground, grounds))


def _antecedents(ground: CitedText, grounds: CitedEvidence) -> list[str]:
    """The item's title and the nearest two passages before that name anyone."""
    naming = [g.text for g in grounds.before(ground, reach=6) if names(g.text)]
    return [ground.title, *naming[:2]]


def _mismatched(name: Name, grounds: CitedEvidence) -> list[Failure]:
    """A full name whose parts are there, but whose surname always follows another first name."""
    words = name.words
    if len(words) != 2 or not name.sure or not all(w.isalpha() for w in words):
        return []
    if len(words[0]) <= 2:
        return []
    others = set()
    for ground in grounds.cited:
        for there in names(ground.text):
            if words[-1] not in there.words:
                continue
            place = there.words.index(words[-1])
            if place == 0 or words[0] in there.words:
                return []
            others.add(" ".join(WORD.findall(there.text)))
    if not others or spelled_out(name, grounds.text) or _shares_surname(name, grounds.text):
        return []
    told = " and ".join(sorted(others))
    return [_failure(name, f'The cited passages name "{told}", not "{name.text}".')]


def _shares_surname(name: Name, text: str) -> bool:
    """Whether a text gives the surname to several first names: "Mara and Tess Orlan"."""
    first, last = (re.escape(word) for word in name.words)
    pattern = rf"\b{first}(?:, \w+)*,? and (?:\w+ )?\w+ {last}\b"
    return re.search(pattern, text, re.IGNORECASE) is not None
