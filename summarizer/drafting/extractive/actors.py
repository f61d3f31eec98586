"""Actor identity: maps officers to their organisation, and short names to long ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from summarizer.domain.evidence import EvidencePack
from summarizer.drafting.extractive.names import NameBook, bare_name, names_in
from summarizer.drafting.extractive.sentences import MAX_LENGTH, Sentence
from summarizer.drafting.extractive.speakers import OFFICE
from summarizer.text.names import NAME

_WORDS = r"(?:[\w-]+\s){0,3}"
_TIES = (
    re.compile(rf"(?P<org>{NAME})['’]s?\s{_WORDS}{OFFICE}(?:\sof\s[a-z]+)?,?\s(?P<person>{NAME})"),
    re.compile(rf"(?P<person>{NAME}),\s(?P<org>{NAME})['’]s?\s{_WORDS}{OFFICE}\b"),
    re.compile(
        rf"(?P<person>{NAME}),\s(?:the\s|an?\s|its\s)?{_WORDS}{OFFICE}(?:\s[a-z]+){{0,4}}?\s"
        rf"(?:of|at|for|with)\s(?:the\s)?(?P<org>{NAME})"
    ),
    re.compile(rf"(?P<org>{NAME})\s{_WORDS}{OFFICE},?\s(?P<person>{NAME})"),
    re.compile(rf"(?P<person>{NAME}),\s(?:[A-Z]\w+\s){{1,3}}?Officer,\s(?P<org>{NAME})"),
)
_ANY_OFFICE = re.compile(OFFICE)
_ITS = r"(?:its|[Tt]he (?:company|firm|lab|group|agency|union|guild)['’]s)"
_TIES_BY_PRONOUN = (
    re.compile(rf"\b{_ITS}\s{_WORDS}{OFFICE}(?:\sof\s[a-z]+)?,?\s(?P<person>{NAME})"),
    re.compile(rf"(?P<person>{NAME}),\s{_ITS}\s{_WORDS}{OFFICE}\b"),
)
_ACRONYM = re.compile(rf"(?P<name>{NAME})\s\((?:the\s)?(?P<short>[A-Z]{{2,6}})\)")
_MAX_WORDS_OF_PERSON = 3


class Actors:
    """Actors of an evidence pack, one key per actor across its names."""

    def __init__(self, pack: EvidencePack, sentences: Sequence[Sentence], book: NameBook) -> None:
        self._counts = book.counts
        self._leads = [set(book.of(s)) for s in sentences if s.position <= 1]
        self._short = {
            match.group("short"): bare_name(match.group("name"))
            for passage in pack.passages
            if len(passage.text) <= MAX_LENGTH
            for match in _ACRONYM.finditer(passage.text)
        }
        self._organisation: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        for passage in pack.passages:
            if len(passage.text) <= MAX_LENGTH:
                self._tie(passage.text)
        for before, sentence in pairwise(sentences):
            if before.item.key == sentence.item.key:
                self._tie_by_pronoun(before, sentence, book)

    def key(self, actor: str) -> str:
        """Key of an actor: its organisation if it is an officer, else its full name; lower-case."""
        if actor not in self._keys:
            name = self.whole(actor.removeprefix("the ").removeprefix("The "))
            self._keys[actor] = _folded(self.whole(self._organisation.get(_folded(name), name)))
        return self._keys[actor]

    def whole(self, name: str) -> str:
        """The full name behind an acronym or the first words of a name."""
        if name in self._short:
            return self._short[name]
        longer = [
            n
            for n in self._counts
            if n.startswith(f"{name} ") and _folded(n) not in self._organisation
        ]
        if re.fullmatch(r"[A-Z]{3,6}", name):
            return min(filter(lambda n: _initials(n) == name, self._counts), default=name)
        words = name.split()
        shorter = " ".join(words[:-1])
        if name not in self._counts and shorter in self._counts:
            return self.whole(shorter)
        # Prefer names in lead sentences: an organisation rather than its products.
        return min(longer, key=self._rank, default=name)

    def _rank(self, name: str) -> tuple[int, int, str]:
        return -sum(name in lead for lead in self._leads), -self._counts[name], name

    def _tie(self, text: str) -> None:
        # Most passages mention no office, and that search is cheaper than the ties.
        for tie in _TIES if _ANY_OFFICE.search(text) else ():
            for match in tie.finditer(text):
                self._belongs(match.group("person"), bare_name(match.group("org")))

    def _tie_by_pronoun(self, before: Sentence, sentence: Sentence, book: NameBook) -> None:
        for tie in _TIES_BY_PRONOUN:
            for match in tie.finditer(sentence.bare):
                known = [*book.of(before), *names_in(sentence.bare[: match.start("person")])]
                organisation = max(known, key=lambda n: (self._counts[n], n), default="")
                self._belongs(match.group("person"), organisation)

    def _belongs(self, phrase: str, organisation: str) -> None:
        person = bare_name(phrase)
        words = len(person.split())
        if organisation and 1 < words <= _MAX_WORDS_OF_PERSON and person != organisation:
            self._organisation.setdefault(_folded(person), organisation)


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split() if word[0].isupper())


def _folded(name: str) -> str:
    # Middle initials and legal forms do not distinguish actors.
    dropped = {"inc", "ltd", "corp", "llc"}
    words = [w.strip(".,") for w in unicodedata.normalize("NFKC", name).lower().split()]
    return " ".join(w for w in words if len(w) > 1 and w not in dropped)
