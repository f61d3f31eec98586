"""The cast of an evidence pack: the actors behind names, pronouns and descriptions.

Names are tied by coreference; "the company", "it" and "we" by what was named before them in their
item.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from summarizer.domain.items import Passage, SourceItem
from summarizer.text.act_words import words
from summarizer.text.coreference import EntityGroups, form, occurrences
from summarizer.text.job_titles import NOUNS, offices
from summarizer.text.names import NOT_NAMES
from summarizer.text.owners import owners
from summarizer.text.parties import Party
from summarizer.text.quotations import is_quoted
from summarizer.text.sentences import Span
from summarizer.text.tokens import fold

_REGULATORS = frozenset(
    ("agency", "authority", "board", "commission", "inspectorate", "office", "regulator")
)
_NO_COMPANY = _REGULATORS | frozenset(
    ("council", "court", "department", "ministry", "university", "union", "guild", "association")
)
"""Last words of bodies that nobody calls "the company"."""
_NUMBER = re.compile(r"\b(One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten)\s$")
_PLACE = re.compile(
    r"\b(?:in(?:to(?: the)?)?|near|around|outside"
    r"|(?:city|town|village|council|people|residents) of) $",
    re.IGNORECASE,
)
"""Before the name of a place, which is no company."""
_BACK = 4
"""Sentences, its own included, in which the name behind a pronoun is looked for."""
_PLURAL = ("they", "them", "their", "who")
_DEFINITE = ("the ", "its ", "their ", "his ", "her ")
_INDEFINITE = ("a ", "an ")


class Actor(NamedTuple):
    """Who acts.

    Args:
        key: the same for all forms of one actor; empty for a pronoun that nothing resolves.
        name: the fullest name; empty when only described.
        words: as the passage has it.
        principal: key of whom it speaks for; empty for itself.
        owner: key of the body that it belongs to; empty for none.
    """

    key: str
    name: str
    words: str
    principal: str = ""
    owner: str = ""

    @property
    def called(self) -> str:
        """Name, else description."""
        return self.name or self.words

    @property
    def side(self) -> str:
        """Key of the actor whose word it is."""
        return self.principal or self.key


class Line(NamedTuple):
    """One sentence, its place among those of the pack, and where it stands."""

    n: int
    text: str
    passage: Passage
    item: SourceItem


class Cast:
    """The actors of some sentences.

    ``roles`` has the nouns that describe an actor in the sentences read, by key.
    """

    def __init__(self, lines: Sequence[Line], texts: Sequence[str]) -> None:
        self._lines = lines
        held = _held(lines)
        bodies = words("companies") | words("bodies") | {"owner"}
        self._groups = EntityGroups(texts, works=held)
        self._officers = {
            form(name).words for name, told in held.items() if (told & NOUNS) - bodies
        }
        self.roles: dict[str, set[str]] = {}
        self._speaks_for: dict[str, str] = {}

    def key(self, name: str) -> str:
        """Key of an actor by one form of its name."""
        return " ".join(form(self.name(name)).words)

    def name(self, name: str) -> str:
        """The fullest form of a name."""
        group = self._groups.of(name)
        if group is None and fold(name.rpartition(" ")[2]) in NOT_NAMES:  # "Aldermoor AI"
            group = self._groups.of(name.rpartition(" ")[0])
        elif group is None:  # "Tom Vance of Landfall"
            first = (n.text for n in occurrences(name)[:1] if n.start == 0)
            group = next((g for g in map(self._groups.of, first) if g), None)
        found = group.name if group else name
        short = " ".join(form(found).words)
        return self._whole.get(short) or self._longer.get(short, found)

    def owners(self, key: str) -> frozenset[str]:
        """Keys of those who own an actor."""
        return frozenset(self._owners.get(key, ()))

    def side(self, name: str) -> str:
        """Key of the actor for whom a named one speaks, as far as the sentences read tell."""
        key = self.key(name)
        return self._speaks_for.get(key, key)

    def actors(self, found: Sequence[Party], line: Line) -> tuple[Actor, ...]:
        """The actors of some parties of a sentence, each once."""
        return tuple({a.key: a for a in (self._actor(one, line) for one in found)}.values())

    def speaking_for(self, actor: Actor, key: str) -> Actor:
        """An actor as one who speaks for another."""
        self._speaks_for.setdefault(actor.key, key)
        return actor._replace(principal=key)

    def _actor(self, party: Party, line: Line) -> Actor:
        name = party.name or self._known(party) or self._meant(party, line)
        behind = self._behind(party, line)
        owner = self._actor(party.owner, line).key if party.owner is not None else ""
        if name:
            key = self.key(name)
            if behind and behind != key:
                self._speaks_for[key] = behind
            self.roles.setdefault(key, set()).update(party.roles)
            principal = self._speaks_for.get(key, "")
            return Actor(key, self.name(name), party.text, principal, owner)
        return Actor("" if party.pronoun else party.noun, "", party.text, behind, owner)

    def _known(self, party: Party) -> str:
        """A lone word that opens a sentence, where it is a name elsewhere: "Crane said"."""
        known = party.text[:1].isupper() and " " not in party.text and not party.pronoun
        return party.text if known and self._groups.of(party.text) is not None else ""

    def _behind(self, party: Party, line: Line) -> str:
        """Key of whom a party speaks for; of "spokeswoman Ada Lorn", the body spoken of before."""
        if party.principal is not None:
            return self._actor(party.principal, line).side
        spokes = any(role.startswith("spokes") for role in party.roles)
        if spokes and party.owner is None and party.name:
            body = self._body(replace(party, head="it", pronoun=True), line)
            return self.key(body.removesuffix("'s").removesuffix("’s")) if body else ""
        return ""

    def _meant(self, party: Party, line: Line) -> str:
        """The name that a pronoun or description stands for; empty where none is clear."""
        if party.is_speaker:
            author, outlet = line.item.author or "", line.item.outlet or ""
            return (author or outlet) if party.head in ("i", "my", "me") else (outlet or author)
        if party.text.casefold().startswith(_INDEFINITE):
            return self._introduced(party, line)
        bare = party.text.casefold() == party.noun and party.head in words("bodies")
        definite = party.pronoun or bare or party.text.casefold().startswith(_DEFINITE)
        if not definite or party.head in _PLURAL:
            return ""
        if party.head in ("it", "its") or party.head in words("bodies") | words("companies"):
            found = self._body(party, line)
        elif party.pronoun or party.head in NOUNS:
            found = self._person(party, line)
        else:
            found = ""
        return found.removesuffix("'s").removesuffix("’s")

    def _introduced(self, party: Party, line: Line) -> str:
        """The name that a later sentence gives to who was only described: "an aide had leaked it.
        The aide, Ada Lorn, denied it"."""
        named = re.compile(rf"\b[Tt]he (?:[\w-]{{1,20}} )?{re.escape(party.noun)},? $")
        for after in self._lines[line.n + 1 : line.n + _BACK]:
            if after.item.key != line.item.key:
                break
            for name in occurrences(after.text):
                if named.search(after.text[: name.start]):
                    return name.text
        return ""

    def _person(self, party: Party, line: Line) -> str:
        for before, end in self._before(party, line):
            named = [n for n in occurrences(before.text) if n.end <= end]
            for name in reversed(named) if before is line else named:
                if party.pronoun and self.is_human(name.text):
                    return name.text
                held = (before.text[s.start : s.end] for s in offices(before.text, name))
                if not party.pronoun and any(party.head in one.casefold().split() for one in held):
                    return name.text
        return ""

    def _body(self, party: Party, line: Line) -> str:
        """The body named before, of the kind that the description tells; of several the one most
        spoken of."""
        found: list[tuple[int, int, str]] = []
        for back, (before, end) in enumerate(self._before(party, line)):
            for name in occurrences(before.text):
                placed = _PLACE.search(before.text[: name.start]) and not party.pronoun
                told = before is line and is_quoted(line.text, Span(name.start, name.end))
                if (
                    not placed
                    and not told
                    and name.end <= end
                    and self._is_body(name.text, party.head)
                ):
                    if back and party.pronoun:  # named beside it, or subject of the sentence before
                        return max(found)[-1] if found else name.text
                    found.append((self._counts[self.key(name.text)], -back, name.text))
        return max(found)[-1] if found else self._only_body(party, line)

    def _only_body(self, party: Party, line: Line) -> str:
        """The only company that an item names, where a description stands before it; else the only
        name in the pack that has the noun: the Stoltz Museum for "the museum"."""
        if party.head not in words("companies"):
            called = [key for key in self._counts if party.head in key.split()[1:]]
            return self.name(called[0]) if len(called) == 1 and not party.pronoun else ""
        named = {
            self.key(name.text): name.text
            for other in self._lines
            if other.item is line.item
            for name in occurrences(other.text)
            if not _PLACE.search(other.text[: name.start]) and self._is_body(name.text, party.head)
        }
        return next(iter(named.values())) if len(named) == 1 else ""

    def _before(self, party: Party, line: Line) -> Iterator[tuple[Line, int]]:
        """The sentence of a party and those before it in its item, each with the offset up to which
        names count."""
        yield line, party.start
        for n in range(line.n - 1, max(-1, line.n - _BACK), -1):
            before = self._lines[n]
            if before.item.key != line.item.key:
                return
            yield before, len(before.text)

    def _is_body(self, name: str, head: str) -> bool:
        last = set(form(self.name(name)).words)
        if head in last or head in self.roles.get(self.key(name), ()):
            return True
        if self.is_human(name):
            return False
        if head in _REGULATORS:
            return not last.isdisjoint(_REGULATORS)
        return head in ("it", "its") or (
            head in words("companies") and last.isdisjoint(_NO_COMPANY)
        )

    def is_human(self, name: str) -> bool:
        """Whether a name is a person's: by a title or office, or because texts shorten it to its
        last word, as they shorten a company to its first."""
        group = self._groups.of(name)
        if group is None:
            return bool(form(name).titles)
        first = group.forms[0]
        short = any(f.words == first.surname for f in group.forms[1:])
        officer = bool(group.works) or first.words in self._officers
        return any(f.titles for f in group.forms) or officer or (first.is_person and short)

    @cached_property
    def people(self) -> frozenset[str]:
        """Keys of the names that are people's."""
        return frozenset(self.key(g.name) for g in self._groups.groups if self.is_human(g.name))

    @cached_property
    def _whole(self) -> dict[str, str]:
        """Names of bodies by their first word alone: "Ostrel" for Ostrel Voice Inc."""
        named = (n.text for line in self._lines for n in occurrences(line.text))
        times = Counter(id(self._groups.of(name)) for name in named)
        alone = {g.forms[0].words[0] for g in self._groups.groups if len(g.forms[0].words) == 1}
        longer: dict[str, tuple[bool, int, str]] = {}
        for group in self._groups.groups:
            first = group.forms[0]
            if len(first.words) > 1 and first.words[0] in alone and not self.is_human(first.text):
                fit = any(f.legal for f in group.forms), times[id(group)], group.name
                longer[first.words[0]] = max(fit, longer.get(first.words[0], fit))
        return {short: name for short, (_, _, name) in longer.items()}

    @cached_property
    def _longer(self) -> dict[str, str]:
        """Names of bodies by their last words, where these are of just one: "Valley Water" of Tarn
        Valley Water, "Rivers Compute" of Nine Rivers Compute."""
        names = {g.name: g.forms[0].words for g in self._groups.groups}
        for line in self._lines:
            for name in occurrences(line.text):
                word = _NUMBER.search(line.text, max(0, name.start - 9), name.start)
                if word and word.start() and not self.is_human(name.text):
                    words = form(name.text).words
                    names[f"{word[1]} {name.text}"] = (fold(word[1]), *words)
        found: dict[str, set[str]] = {}
        for longer, whole in names.items():
            for n in range(1, len(whole) - 1):
                found.setdefault(" ".join(whole[n:]), set()).add(longer)
        return {short: min(one) for short, one in found.items() if len(one) == 1}

    @cached_property
    def _owners(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for line in self._lines:
            for owner, owned in owners(line.text):
                if self.key(owner) != self.key(owned):
                    found.setdefault(self.key(owned), set()).add(self.key(owner))
        return found

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(self.key(n.text) for line in self._lines for n in occurrences(line.text))


def _held(lines: Sequence[Line]) -> dict[str, set[str]]:
    """Words of the offices beside full names: they tell that the last word is a surname."""
    found: dict[str, set[str]] = {}
    for line in lines:
        for name in occurrences(line.text):
            if form(name.text).is_person:
                held = (line.text[s.start : s.end] for s in offices(line.text, name))
                if words := {word for one in held for word in one.casefold().split()}:
                    found.setdefault(name.text, set()).update(words)
    return found
