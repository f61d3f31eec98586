"""The scene of an evidence pack: who does what in its sentences, tied to actors across passages.

Only sentences with a word of ``accusations.toml`` are parsed, each once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from summarizer.domain.claims import Claim
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.items import Passage, SourceItem
from summarizer.text.act_words import says, tells, words
from summarizer.text.acts import Act, acts
from summarizer.text.boilerplate import strip_dateline
from summarizer.text.coreference import occurrences
from summarizer.text.parties import Party
from summarizer.text.prompt_injection import holds_order
from summarizer.text.retractions import Retraction, find_retractions
from summarizer.text.sentences import sentences
from summarizer.text.tokens import read, stem
from summarizer.verification.cast import Actor, Cast, Line
from summarizer.verification.recent_packs import remembered

_BACK = 4
"""Sentences, its own included, in which the people behind "their" are looked for."""


@dataclass(frozen=True)
class Told:
    """One act with its actors.

    Args:
        by: who does it.
        of: whom it accuses; of an end, who is cleared.
        via: of an end, whose accusation ends.
        accuses: of an answer, whether its sentence accuses somebody too.
        sentence: verbatim, without a dateline.
        passage: the passage that tells it; for a claim's own act the first cited one.
    """

    act: Act
    by: tuple[Actor, ...]
    of: tuple[Actor, ...]
    sentence: str
    passage: Passage
    item: SourceItem
    via: tuple[Actor, ...] = ()
    accuses: bool = False


class Scene:
    """The cast of a pack, and what its passages tell of it; read once, when asked."""

    def __init__(self, pack: EvidencePack) -> None:
        self._items = pack.items
        items = {item.key: item for item in pack.items}
        spans = [(p, s) for p in pack.passages for s in sentences(p.text)]
        self.lines = [
            Line(n, strip_dateline(p.text[s.start : s.end]), p, items[p.item_key])
            for n, (p, s) in enumerate(spans)
        ]
        self.cast = Cast(self.lines, [passage.text for passage in pack.passages])
        self._of_passage: dict[str, list[Line]] = {p.id: [] for p in pack.passages}
        for line in self.lines:
            self._of_passage[line.passage.id].append(line)
        self._told: dict[int, tuple[Told, ...]] = {}
        self._asked: dict[frozenset[str] | None, list[Told]] = {}

    @cached_property
    def retractions(self) -> tuple[Retraction, ...]:
        """What the items take back."""
        return tuple(find_retractions(self._items))

    def of_passages(self, passages: Iterable[str]) -> list[Line]:
        """The lines of some passages, in order; unknown ids are ignored."""
        found = (self._of_passage.get(id_, ()) for id_ in {*passages})
        return sorted((line for lines in found for line in lines), key=lambda line: line.n)

    # --- What is told --------------------------------------------------------------------------

    def told(self, saying: Collection[str] | None = None) -> list[Told]:
        """The acts of the pack, in order.

        Args:
            saying: also plain statements, near a name of these actors' keys or with the body in
                it ("the hospital"); ``None`` for none.
        """
        keys = None if saying is None else frozenset(saying)
        if keys not in self._asked:
            wanted = self._wanted(keys)
            self._read(wanted)
            self._asked[keys] = [told for line in wanted for told in self._told[line.n]]
        return self._asked[keys]

    def to_read(self) -> list[str]:
        """The sentences that ``told`` parses, to be parsed together with others."""
        return [line.text for line in self._wanted(None)]

    def _wanted(self, keys: Collection[str] | None) -> list[Line]:
        return [
            line
            for line in self.lines
            if (tells(line.text) or (keys is not None and self._may_say(line, keys)))
            and not holds_order(line.text)
        ]

    def told_by(self, passages: Collection[str]) -> list[Told]:
        """All acts of some passages."""
        wanted = self.of_passages(passages)
        self._read(wanted)
        return [told for line in wanted for told in self._told[line.n]]

    def told_in(self, claim: Claim) -> list[Told]:
        """The acts of a claim's own words; none when it cites no passage of the pack."""
        cited = self.of_passages(claim.cites)
        if not cited or not (tells(claim.text) or says(claim.text)):
            return []
        last = cited[-1]
        texts = [claim.text[s.start : s.end] for s in sentences(claim.text)]
        lines = [Line(last.n + 1, text, last.passage, last.item) for text in texts]
        found = zip(lines, acts(texts), strict=True)
        told = [self._tied(act, line) for line, own in found for act in own]
        if claim.actor is None:
            return told
        actor = Actor(self.cast.key(claim.actor), self.cast.name(claim.actor), claim.actor)
        return [  # "It accused Acme": the actor of the claim
            replace(one, by=(actor,)) if one.act.by[:1] and one.act.by[0].pronoun else one
            for one in told
        ]

    def own_items(self, key: str) -> list[Passage]:
        """The first passage of each item that an actor wrote."""
        first: dict[str, Line] = {}
        for line in self.lines:
            first.setdefault(line.item.key, line)
        return [
            line.passage
            for line in first.values()
            if key in map(self.cast.key, (line.item.author or "", line.item.outlet or ""))
        ]

    def _may_say(self, line: Line, keys: Collection[str]) -> bool:
        if not says(line.text):
            return False
        before = self.lines[line.n - 1] if line.n else line
        near = (line, before) if before.item is line.item else (line,)
        named = (self.cast.key(name.text) for one in near for name in occurrences(one.text))
        if any(key in keys for key in named):
            return True
        bodies = {key.rpartition(" ")[2] for key in keys} & words("bodies")
        return not set(map(stem, bodies)).isdisjoint(read(line.text).stems)

    def _read(self, lines: Iterable[Line]) -> None:
        new = [line for line in lines if line.n not in self._told]
        for line, found in zip(new, acts([line.text for line in new]), strict=True):
            self._told[line.n] = tuple(self._tied(act, line) for act in found)

    def _tied(self, act: Act, line: Line) -> Told:
        cleared, via = (act.ends.cleared, act.ends.via) if act.ends else (act.of, ())
        by, of = self.cast.actors(act.by, line), self.cast.actors(cleared, line)
        theirs = any(p.principal and p.principal.text.casefold() == "their" for p in act.by)
        if theirs and (whose := self._group_before(line)):
            by = tuple(a if a.principal else self.cast.speaking_for(a, whose) for a in by)
        return Told(act, by, of, line.text, line.passage, line.item, self.cast.actors(via, line))

    def _group_before(self, line: Line) -> str:
        """Key of the people behind "their lawyer": those of the last accusation before it in its
        item, accusers or accused, where only one of the two is a group."""
        for n in range(line.n - 1, max(-1, line.n - _BACK), -1):
            if self.lines[n].item is not line.item:
                break
            for told in self._told.get(n, ()):
                if told.of:
                    sides = ((told.act.by, told.by), (told.act.of, told.of))
                    groups = [keys for parties, keys in sides if _is_group(parties)]
                    return groups[0][0].key if len(groups) == 1 else ""
        return ""


def _is_group(parties: Sequence[Party]) -> bool:
    people = any(one.head in words("people") and one.noun != one.head for one in parties)
    return people or sum(one.agent for one in parties) > 1


@remembered
def scene_of(pack: EvidencePack) -> Scene:
    """The scene of a pack, remembered for the last few packs."""
    return Scene(pack)
