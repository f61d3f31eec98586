"""Cases: all that the evidence tells of one accuser against the same accused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from summarizer.domain.claims import Position
from summarizer.text.act_words import words
from summarizer.text.coreference import occurrences
from summarizer.text.tokens import read
from summarizer.verification.cast import Actor
from summarizer.verification.scene import Told


@dataclass
class Case:
    """All that is told of one accuser against the same accused."""

    accuser: Actor | None
    accused: tuple[Actor, ...]
    told: list[Told]
    behind: frozenset[str] = frozenset()
    """Stems of the sentences that go on from its own without naming the accused."""

    @property
    def position(self) -> Position:
        """What the accuser does."""
        return self.told[0].act.position

    @property
    def keys(self) -> frozenset[str]:
        """Keys of the accused."""
        return frozenset(actor.key for actor in self.accused)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Numbers of its passages by item."""
        found: dict[str, list[int]] = {}
        for told in self.told:
            found.setdefault(told.item.key, []).append(told.passage.n)
        return found

    @cached_property
    def since(self) -> dt.datetime:
        """Time of its first item."""
        return min(told.item.seen_at for told in self.told)

    @cached_property
    def words(self) -> frozenset[str]:
        """Stems of the words of its sentences, without those of names."""
        return plain_words({told.sentence for told in self.told})

    @property
    def is_anonymous(self) -> bool:
        """Whether nothing tells who accuses but a pronoun or a document."""
        if self.accuser is None or not self.accuser.side:
            return True
        document = self.accuser.key.removesuffix("s") in words("documents")
        return document and not self.accuser.name and not self.accuser.principal


def plain_words(texts: Collection[str]) -> frozenset[str]:
    """Stems of the content words of some sentences, without those of names."""
    held = frozenset[str]().union(*(read(text).content_set for text in texts))
    names = {name.text for text in texts for name in occurrences(text)}
    return held - frozenset[str]().union(*(read(name).content_set for name in names))


def cases_of(found: Iterable[Told]) -> list[Case]:
    """The cases that some acts make, in order."""
    cases: dict[tuple[str, Position, frozenset[str]], Case] = {}
    for told in found:
        by = told.by[0] if told.by else None
        own = (by.key, by.side) if by else ()
        held = () if told.act.ends else told.of
        of = tuple(actor for actor in held if actor.key and actor.key not in own)
        if of:
            new = Case(by, of, [])
            key = by.side if by else "", told.act.position, new.keys
            cases.setdefault(key, new).told.append(told)
    return list(cases.values())


def joined(cases: list[Case]) -> list[Case]:
    """Cases without a named accuser go to the only one against the same accused; those whose
    accused is only described to the only one of the same accuser that names somebody."""
    kept = []
    for case in cases:
        others = [c for c in cases if c is not case and c.position is case.position]
        if case.is_anonymous:
            near = [c for c in others if not c.is_anonymous and c.keys & case.keys]
        elif any(actor.name for actor in case.accused):
            near = []
        else:
            near = [c for c in others if same_side(c, case) and c.accused[0].name]
        if len(near) == 1:
            near[0].told = [*near[0].told, *case.told]
        else:
            kept.append(case)
    return kept


def same_side(one: Case, other: Case) -> bool:
    """Whether two cases are the word of one accuser."""
    mine, theirs = one.accuser, other.accuser
    return mine is not None and theirs is not None and mine.side == theirs.side
