"""How accusations of a pack ended: dropped, taken back, dismissed, overturned, disproved.

A sentence that holds something against somebody is outdated when an item that is no older tells
its end and the sentence does not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from summarizer.domain.accusations import Stage
from summarizer.domain.claims import Claim
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.items import Passage, SourceItem
from summarizer.text.act_words import nouns, verbs, words
from summarizer.text.acts import acts
from summarizer.text.coreference import occurrences
from summarizer.text.endings import frees
from summarizer.text.tokens import read, stem
from summarizer.verification.cast import Line
from summarizer.verification.scene import Scene, Told, scene_of

_BOTH = ("side", "party", "both")
"""Heads of "both sides withdraw all claims"."""
_PERSONAL = frozenset(("he", "him", "his", "she", "her", "they", "their"))


@dataclass(frozen=True)
class Outcome:
    """The end of what is held against one actor.

    Args:
        key: of the actor.
        name: of the actor.
        words: the sentence that tells it.
        opening: whom the pronoun that opens the sentence means; empty without one.
    """

    key: str
    name: str
    words: str
    passage: Passage
    item: SourceItem
    opening: str = ""


def outcomes(pack: EvidencePack) -> tuple[Outcome, ...]:
    """The ends that a pack tells, in order."""
    return _of_scene(scene_of(pack)).found


def end_of(key: str, scene: Scene) -> Outcome | None:
    """The last end of what is held against an actor; ``None`` where nothing ended."""
    found = [one for one in _of_scene(scene).found if one.key == key]
    return max(found, key=lambda one: one.item.seen_at, default=None)


def tells_end_of(cites: Collection[str], pack: EvidencePack) -> bool:
    """Whether some passages tell an end, or the settlement of which their item tells the end."""
    found = outcomes(pack)
    settled = {one.item.key for one in found} and {
        told.item.key for told in scene_of(pack).told_by(cites) if told.act.stage is Stage.SETTLED
    }
    return any(end.passage.id in cites or end.item.key in settled for end in found)


def outdated(claim: Claim, pack: EvidencePack) -> Outcome | None:
    """The end of an accusation that a claim makes, if the claim does not tell it."""
    ends = _of_scene(scene_of(pack))
    return ends.of(claim, strict=True) if ends.found else None


def has_ended(text: str, cites: tuple[str, ...], pack: EvidencePack) -> bool:
    """Whether a source sentence holds against somebody what has ended since, or tells an end after
    which somebody was charged again."""
    ends = _of_scene(scene_of(pack))
    if not (ends.found or ends.overtaken):
        return False
    claim = Claim(text=text, cites=cites)
    return ends.of(claim, strict=True) is not None or ends.overtakes(claim)


def is_before_end(text: str, cites: tuple[str, ...], pack: EvidencePack) -> bool:
    """Whether a source sentence speaks of somebody accused, and an end that it does not tell has
    come since; wider than ``outdated``, for who chooses sentences."""
    ends = _of_scene(scene_of(pack))
    if not (ends.found or ends.overtaken):
        return False
    return ends.of(Claim(text=text, cites=cites), strict=False) is not None


def tells(outcome: Outcome, text: str) -> bool:
    """Whether a text tells an end, in the words of its passage or by a verb of its own."""
    mine, theirs = read(text).content_set, read(outcome.words).content_set
    return ends_something(text) or len(mine & theirs) >= _TOLD * len(theirs)


def ends_something(text: str) -> bool:
    """Whether a text tells an end of an accusation by a verb of its own or in a fixed form."""
    return frees(text) or any(act.ends for sentence in acts([text]) for act in sentence)


_TOLD = 0.6
"""Share of the words of an end that a sentence which tells it has."""


@dataclass
class _Ends:
    scene: Scene
    found: tuple[Outcome, ...] = ()
    overtaken: tuple[Outcome, ...] = ()
    """Ends after which somebody is charged or found guilty again."""
    items: dict[str, set[str]] = field(default_factory=dict)
    """Keys of those accused by item."""
    blamed: set[str] = field(default_factory=set)
    """Keys of those who were blamed by mistake, in words that hold no accusation known."""

    def of(self, claim: Claim, *, strict: bool) -> Outcome | None:
        lines = self.scene.of_passages(claim.cites)
        if not lines or frees(claim.text):
            return None
        told = self.scene.told_in(claim)
        if any(one.act.ends or one.act.stage is Stage.SETTLED for one in told):
            return None
        keys = {actor.key for one in told for actor in one.of}
        unnamed = "" in keys  # "he set fire to it"
        keys |= _held(self.scene, claim.text)
        accused = {key for line in lines for key in self.items.get(line.item.key, ())}
        named = {self.scene.cast.key(name.text) for name in occurrences(claim.text)}
        if not _claims().isdisjoint(read(claim.text).stems):
            keys |= accused if not strict or not named & accused else accused & named
        keys |= named & self.blamed
        keys |= accused if unnamed and len(accused) == 1 else set()
        if not strict:
            keys |= accused & named
            if len(accused) == 1 and not _PERSONAL.isdisjoint(claim.text.casefold().split()):
                keys |= accused
        times = [line.item.seen_at for line in lines]
        for one in self.found:
            if one.key in keys and max(times) <= one.item.seen_at:
                return one
        return None

    def overtakes(self, claim: Claim) -> bool:
        """Whether a claim rests on an end, or on what it ended, that a later charge overtook."""
        told = {one.passage.id for one in self.overtaken}
        older = [one for one in self.overtaken if self._speaks_of(one, claim)]
        return bool(older) or not told.isdisjoint(claim.cites)

    def _speaks_of(self, end: Outcome, claim: Claim) -> bool:
        lines = self.scene.of_passages(claim.cites)
        held = any(end.key in self.items.get(line.item.key, ()) for line in lines)
        named = {self.scene.cast.key(name.text) for name in occurrences(claim.text)}
        newest = max(line.item.seen_at for line in lines) if lines else end.item.seen_at
        return held and end.key in named and newest <= end.item.seen_at


@lru_cache(maxsize=4)  # as many as there are scenes
def withdrawing(scene: Scene) -> frozenset[str]:
    """Keys of items that take a report back as a whole."""
    return frozenset(taking.by for taking in scene.retractions if taking.whole)


@lru_cache(maxsize=4)  # as many as there are scenes
def held_by_item(scene: Scene) -> dict[str, set[str]]:
    """Keys of those against whom something is held, or who stand beside that, by item."""
    found: dict[str, set[str]] = {}
    for one in scene.told():
        if not one.act.ends and one.act.stage is not None:
            found.setdefault(one.item.key, set()).update(a.key for a in one.of if a.key)
    for line in scene.lines:
        if held := _held(scene, line.text):
            found.setdefault(line.item.key, set()).update(held)
    return found


@lru_cache(maxsize=4)  # as many as there are scenes
def _of_scene(scene: Scene) -> _Ends:
    told = scene.told()
    ending = [one for one in told if one.act.ends]
    freeing = [line for line in scene.lines if frees(line.text)]
    ends = _Ends(scene)
    if not ending and not freeing:
        return ends
    ends.items = {key: set(held) for key, held in held_by_item(scene).items()}
    found = _found(ends, ending, freeing)
    every = {(one.key, one.passage.id): one for one in reversed([*found])}.values()
    ends.overtaken = tuple(one for one in every if _is_overtaken(told, one))
    ends.found = tuple(one for one in every if one not in ends.overtaken)
    return ends


def _found(ends: _Ends, ending: Sequence[Told], freeing: Sequence[Line]) -> Iterator[Outcome]:
    scene = ends.scene
    corrections = {taking.by for taking in scene.retractions}
    corrections |= {line.item.key for line in freeing}
    guilty = {
        (told.item.key, actor.key)
        for told in scene.told()
        if told.act.stage is Stage.FOUND
        for actor in told.of
    }
    for told in ending:
        end = told.act.ends
        if end is None or (end.negated and told.item.key not in corrections):
            continue
        own = {key for actor in told.by for key in (actor.key, actor.side, actor.owner)}
        own |= _speakers(scene, told.sentence, told.passage) | _writers(scene, told.item)
        for key in _cleared(ends, told) - own:
            if end.own:
                if not _wrote_before(scene, key, told.item):
                    continue
                _blame(ends, key, told.item)
            if (told.item.key, key) not in guilty and _is_held(ends, key, told.item):
                name = _name(ends, key)
                opening = name if any(a.words in _OPENS for a in told.of) else _opening(scene, told)
                yield Outcome(key, name, told.sentence, told.passage, told.item, opening)
    for line in freeing:
        own = _speakers(scene, line.text, line.passage) | _writers(scene, line.item)
        for key in _meant(ends, line.text, line.item) - own:
            _blame(ends, key, line.item)
            if _is_held(ends, key, line.item):
                yield Outcome(key, _name(ends, key), line.text, line.passage, line.item)


def _is_overtaken(told: Sequence[Told], end: Outcome) -> bool:
    return any(
        one.item.seen_at > end.item.seen_at
        and not one.act.ends
        and one.act.stage in (Stage.CHARGED, Stage.FOUND)
        and any(actor.key == end.key for actor in one.of)
        for one in told
    )


def _speakers(scene: Scene, sentence: str, passage: Passage) -> set[str]:
    """Keys of those whose word a sentence is."""
    told = (one for one in scene.told_by((passage.id,)) if one.sentence == sentence)
    said = (one for one in told if one.act.reply is not None)
    return {key for one in said for actor in one.by for key in (actor.key, actor.side)}


def _writers(scene: Scene, item: SourceItem) -> set[str]:
    """Keys of who wrote an item."""
    return {scene.cast.key(name) for name in (item.author, item.outlet) if name}


def _wrote_before(scene: Scene, key: str, item: SourceItem) -> bool:
    """Whether who wrote an item had named an actor in an older one of theirs."""
    mine = _writers(scene, item)
    return any(
        line.item.seen_at < item.seen_at
        and mine & _writers(scene, line.item)
        and key in _people(scene, line.text)
        for line in scene.lines
    )


_OPENS = ("He", "She")


def _opening(scene: Scene, end: Told) -> str:
    """Who says what an end is in: "She said that she had lied"."""
    told = (one for one in scene.told_by((end.passage.id,)) if one.sentence == end.sentence)
    return next((a.name for one in told for a in one.by if a.words in _OPENS), "")


def _meant(ends: _Ends, text: str, item: SourceItem) -> set[str]:
    """The only accused whom a sentence names, else whom its item names; none of several."""
    accused = set[str]().union(*ends.items.values())
    key = ends.scene.cast.key
    named = {key(n.text) for n in occurrences(text)} & accused
    near = named or {key(n.text) for n in occurrences(item.text)} & accused
    before = {k for other, keys in ends.items.items() if other != item.key for k in keys}
    near = near if len(near) == 1 else near & before
    near = near if len(near) == 1 else (near & _accused(ends.scene)) or near
    if not near:  # the words of the accusation were not read
        near = _people(ends.scene, text) or _people(ends.scene, item.text)
    return near if len(near) == 1 else set()


def _accused(scene: Scene) -> set[str]:
    """Keys of those against whom words hold something, not of those who stand beside them."""
    held = (one for one in scene.told() if one.act.stage is not None and not one.act.ends)
    return {actor.key for one in held for actor in one.of}


def _people(scene: Scene, text: str) -> set[str]:
    """Keys of those with a first name in a text."""
    whole = (scene.cast.name(name.text) for name in occurrences(text))
    return {scene.cast.key(name) for name in whole if " " in name}


def _blame(ends: _Ends, key: str, item: SourceItem) -> None:
    """Take what older items tell of somebody who was blamed by mistake for an accusation."""
    for line in ends.scene.lines:
        if line.item.seen_at < item.seen_at and key in _people(ends.scene, line.text):
            ends.items.setdefault(line.item.key, set()).add(key)
            ends.blamed.add(key)


def _name(ends: _Ends, key: str) -> str:
    """The fullest name of an actor; its description where nothing names it."""
    names = (n.text for line in ends.scene.lines for n in occurrences(line.text))
    cast = ends.scene.cast
    return next((cast.name(name) for name in names if cast.key(name) == key), key)


def _is_held(ends: _Ends, key: str, item: SourceItem) -> bool:
    """Whether something is held against an actor in this item or an older one."""
    items = {str(line.item.key): line.item for line in ends.scene.lines}
    return any(key in keys and items[k].seen_at <= item.seen_at for k, keys in ends.items.items())


def _cleared(ends: _Ends, told: Told) -> set[str]:
    """Keys of those whom an end clears: named, or accused by whom it names, or the only one."""
    if keys := {actor.key for actor in told.of if actor.key}:
        return keys
    if told.of:  # "He was not arrested"
        return _meant(ends, told.sentence, told.item)
    whose = {key for actor in told.via for key in (actor.key, actor.side) if key}
    cases = [
        one
        for one in ends.scene.told()
        if one.act.stage is not None
        and not one.act.ends
        and one.of
        and one.item.seen_at <= told.item.seen_at
    ]
    if told.act.ends and any(one.head in _BOTH for one in told.act.ends.via):
        named = {ends.scene.cast.key(n.text) for n in occurrences(told.item.text)}
        return {actor.key for one in cases for actor in one.of} & named
    mine = [c for c in cases if whose & {k for a in c.by for k in (a.key, a.side)}]
    if mine:
        return {actor.key for one in mine for actor in one.of}
    every = {actor.key for one in cases for actor in one.of}
    return every if len(every) == 1 and not whose else set()


def _held(scene: Scene, text: str) -> set[str]:
    """Keys of those named in a sentence that speaks of an arrest, a charge or a trial."""
    if _holding().isdisjoint(read(text).stems):
        return set()
    return {scene.cast.key(name.text) for name in occurrences(text)}


@cache
def _holding() -> frozenset[str]:
    staged = {v for v, groups in verbs().items() if any(g.stage and not g.wrong for g in groups)}
    held = words("held") | staged | set(nouns()) | {"trial", "convicted", "jailed", "held"}
    return frozenset(stem(w.partition("_")[0]) for w in held)


@cache
def _claims() -> frozenset[str]:
    return frozenset(map(stem, nouns()))
