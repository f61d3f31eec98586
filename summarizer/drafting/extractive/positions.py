"""What the actors of an incident do in its sentences: accuse, object, defend, decide, or report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from summarizer.domain.accusations import Accusation
from summarizer.domain.claims import Position
from summarizer.drafting.extractive.context import DraftContext
from summarizer.drafting.extractive.names import names_in
from summarizer.drafting.extractive.sentences import Sentence
from summarizer.text.act_words import words
from summarizer.text.coreference import occurrences
from summarizer.text.tokens import tokens
from summarizer.verification.accusations import accusations, accusers
from summarizer.verification.scene import Scene, Told, scene_of

ANSWERS = (Position.DENIES, Position.ADMITS)
BY_WEIGHT = (
    Position.DENIES,
    Position.ADMITS,
    Position.ACCUSES,
    Position.OBJECTS,
    Position.DEFENDS,
    Position.DECIDES,
    Position.INVESTIGATES,
    Position.REPORTS,
)
"""Positions of one actor, the one that tells most first."""
_ANSWERLESS = frozenset({Position.DECLINES, Position.SILENT})
_SUING = frozenset(("plaintiff", "claimant", "complainant", "accuser"))
_TRIED = frozenset(("defendant", "defendants"))
_AGAINST = (Position.ACCUSES, Position.OBJECTS)
_BY_OFFICE = (Position.DECIDES, Position.INVESTIGATES)
_VIEWS = (Position.OBJECTS, Position.DEFENDS)
_CLAIMS = r"(?:claim|allegation|accusation|complaint|report|account|version|charge)s?"
_CLAIM_OF = re.compile(rf"\b{_CLAIMS}\s(?:made\s)?(?:by|of|from)\s(?:the\s)?$")
_CLAIM = re.compile(rf"(?:['’]s?)?\s{_CLAIMS}\b")
"""Whose claim it is, before and behind a name."""
_QUOTED = re.compile(r"[“\"]")
TAKEN = frozenset(BY_WEIGHT) - {Position.REPORTS}


def positions(context: DraftContext) -> Positions:
    """Who does what in the evidence of a draft."""
    scene, found = scene_of(context.pack), accusations(context.pack)
    told = scene.told()
    answers = (t for t in told if t.act.position in ANSWERS and not t.act.implied)
    answering = (actor.side for t in answers for actor in t.by)
    named = (name for one in found for name in one.accused)
    accused = frozenset((*map(scene.cast.key, named), *answering))
    return Positions(
        scene,
        found,
        accused or _protagonist(context, scene),
        accusers(context.pack) - _accused_first(told) | _answered(scene, told),
    )


@dataclass(frozen=True)
class Positions:
    """Who does what in the evidence, and who is accused."""

    scene: Scene
    accusations: tuple[Accusation, ...]
    accused: frozenset[str]
    accusers: frozenset[str]

    def position(self, sentence: Sentence, actor: str) -> Position | None:
        """What a sentence shows an actor doing; ``None`` when it declines, is accused there, or
        nothing tells what it is to the matter: who only says something is a party to it as often
        as not."""
        told = self.scene.told_by(sentence.cites)
        if _is_thing(told, actor):
            return None
        keys = self._keys(told, actor)
        acts = [t.act for t in told if any(keys & {a.key, a.side, a.owner} for a in t.by)]
        positions = {
            a.position
            for a in acts
            if not a.implied or keys & self.accused or a.position is Position.ADMITS
        }
        against = any(a.key in keys for t in told if not t.act.ends for a in t.of)
        if positions & _ANSWERLESS or (against and not positions & TAKEN):
            return None
        found = min(positions & set(BY_WEIGHT), key=BY_WEIGHT.index, default=Position.REPORTS)
        roles = {role for key in keys for role in self.scene.cast.roles.get(key, (key,))}
        own = self._is_of_accused(told, keys)
        if found in _AGAINST and own and keys.isdisjoint(self.accusers):
            return Position.DEFENDS  # the accused and who answers for it hit back
        if found is not Position.REPORTS:
            return found
        sues = keys & self.accusers or {role.removesuffix("s") for role in roles} & _SUING
        if sues and words("good").isdisjoint(token.norm for token in tokens(sentence.text)):
            return Position.ACCUSES
        if own:
            return Position.DEFENDS
        mine = self.scene.cast.key(actor)  # of whom it speaks for, not what it says elsewhere
        if len(taken := {self.taken[key] for key in keys - {mine} if key in self.taken}) == 1:
            return taken.pop()
        if lead := self._lead(sentence, told):
            return lead.act.position
        return Position.REPORTS if self._is_outside(keys, roles) else None

    def side(self, sentence: Sentence, actor: str) -> str:
        """Key of the body or group whose word a sentence of an actor is."""
        told = self.scene.told_by(sentence.cites)
        key = self.scene.cast.key(actor)
        every = [a for t in told for a in t.by]
        by = next((a for a in every if a.key == key or a.words == actor), None)
        by = by or next((a for a in every if a.owner == key), None)
        if by is not None and (by.principal or by.key != key):
            return by.side
        if by is not None and by.owner in self.accusers:
            return by.owner
        lead = self._lead(sentence, told)
        return lead.by[0].side if lead and lead.by[0].side else self.scene.cast.side(actor)

    def _is_of_accused(self, told: Sequence[Told], keys: set[str]) -> bool:
        """Whether some actors are accused, or belong to who is: "its chair", "her coach"."""
        if keys & (self.accused | _TRIED) or self._owning(keys) & self.accused:
            return True
        last = Counter(key.rpartition(" ")[2] for key in self.accused)
        if any(last[key] == 1 for key in keys & words("bodies")):
            return True  # "the board" of "the school board"
        theirs = {a.owner for t in told for a in t.by if a.key in keys} & self.accused
        return not theirs.isdisjoint(self.scene.cast.people)

    @cached_property
    def taken(self) -> Mapping[str, Position]:
        """The one position of each body or group that objects or defends, by its key."""
        found: dict[str, set[Position]] = {}
        for told in self.scene.told():
            for actor in told.by if told.act.position in _VIEWS else ():
                found.setdefault(actor.side, set()).add(told.act.position)
        return {key: some.pop() for key, some in found.items() if len(some) == 1 and key}

    def _is_outside(self, keys: set[str], roles: set[str]) -> bool:
        """Whether some actors are no party to what they speak of: they explain it by trade, or
        decide or look into such things."""
        said = roles.union(*(key.split() for key in keys))
        offices = words("deciding") | words("finding") | words("states") | words("bystanders")
        return bool(keys & self.deciding) or not said.isdisjoint(offices)

    @cached_property
    def deciding(self) -> frozenset[str]:
        """Keys of those who decide or investigate in the evidence."""
        told = (t for t in self.scene.told() if t.act.position in _BY_OFFICE and not t.act.ends)
        return frozenset(key for t in told for a in t.by for key in (a.key, a.side) if key)

    def _owning(self, keys: set[str]) -> frozenset[str]:
        """Keys of those who own some actors, and of those whom they own."""
        cast = self.scene.cast
        owned = {one for one in self.accused if keys & cast.owners(one)}
        return frozenset(owned).union(*map(cast.owners, keys))

    def _lead(self, sentence: Sentence, told: Sequence[Told]) -> Told | None:
        """The act of a group or body right before a quotation of one of its own: "Villagers accused
        the operator. "Nobody came," said Ada Lorn"; ``None`` for another speaker."""
        by = next((t.by[0] for t in told if t.by), None)
        parties = [p for t in told for p in t.act.by[:1]]
        if by is None or not _QUOTED.search(sentence.text) or not by.name:
            return None
        if by.principal or by.owner or by.key in self.accused:
            return None
        if any(p.roles & (words("deciding") | words("bystanders")) for p in parties):
            return None
        line = next((one for one in self.scene.lines if one.passage.id in sentence.cites), None)
        before = self.scene.lines[line.n - 1] if line is not None and line.n else None
        if line is None or before is None or before.item.key != line.item.key:
            return None
        acts = self.scene.told_by([before.passage.id])
        return next((t for t in acts if t.sentence == before.text and _is_of_many(t)), None)

    def _keys(self, told: Sequence[Told], actor: str) -> set[str]:
        """Keys of an actor and of those for whom it speaks; "Eleven patients" goes by its noun."""
        called = [a for t in told for a in t.by if a.words.casefold() == actor.casefold()]
        keys = {self.scene.cast.key(actor), self.scene.cast.side(actor)}
        keys.update(key for a in called for key in (a.key, a.side) if key)
        # "one of the parents" who sued
        keys.update(
            a.owner for t in told for a in t.by if a.key in keys and a.owner in self.accusers
        )
        return keys

    def answers(self, actor: str) -> str | None:
        """Who accuses an actor, where one accuser is told of."""
        key = self.scene.cast.side(actor)
        by = {
            a.accuser or a.source
            for a in self.accusations
            if a.position is Position.ACCUSES and key in map(self.scene.cast.key, a.accused)
        }
        only = by.pop() if len(by) == 1 else ""
        return only.removesuffix("'s").removesuffix("’s") or None


def _is_of_many(told: Told) -> bool:
    """Whether a group, or somebody only described, takes a side."""
    act, by = told.act, told.act.by[:1]
    taken = act.position in (Position.ACCUSES, Position.OBJECTS, Position.DEFENDS)
    return taken and bool(by) and not told.by[0].name and not by[0].pronoun


def _is_thing(told: Sequence[Told], actor: str) -> bool:
    """Whether a sentence has an actor for a thing without a name: "Tests said"."""
    parties = (party for one in told for party in one.act.by)
    return any(p.text == actor and not (p.name or p.agent or p.pronoun) for p in parties)


def _protagonist(context: DraftContext, scene: Scene) -> frozenset[str]:
    """Key of the one actor whom most headlines name, where somebody objects and nobody is accused:
    what is objected to is its doing."""
    told = scene.told_by(context.texts)
    against = {a.side for t in told if t.act.position is Position.OBJECTS for a in t.by}
    acting = {key for t in told for a in t.by for key in (a.key, a.side, a.owner)} - against
    titles = {item.origin: item.title for item in context.pack.items}
    counts = Counter(
        key
        for title in titles.values()
        for key in {scene.cast.key(name) for name in names_in(title)}
        if key in acting
    )
    ((first, most), (_, second)) = [*counts.most_common(2), ("", 0), ("", 0)][:2]
    return frozenset([first]) if against and most > max(1, second) else frozenset()


def _answered(scene: Scene, told: Sequence[Told]) -> frozenset[str]:
    """Keys of those whose claims are denied by name: "the claim by Open Road is false"."""
    found = set[str]()
    for one in told:
        if one.act.position is not Position.DENIES or one.act.implied:
            continue
        for name in occurrences(one.sentence):
            before, behind = one.sentence[: name.start], one.sentence[name.end :]
            if _CLAIM_OF.search(before) or _CLAIM.match(behind):
                found.add(scene.cast.side(name.text.removesuffix("'s").removesuffix("’s")))
    denying = (one for one in told if one.act.position is Position.DENIES)
    return frozenset(found).difference(actor.side for one in denying for actor in one.by)


def _accused_first(told: Sequence[Told]) -> frozenset[str]:
    """Keys of those who were accused before they accuse."""
    first: dict[str, bool] = {}
    for one in told:
        if one.act.position is Position.ACCUSES and one.of:
            for actor in one.of:
                first.setdefault(actor.key, True)
            for actor in one.by:
                first.setdefault(actor.side, False)
    return frozenset(key for key, accused in first.items() if accused)
