"""Composer of the sides: one sentence per actor, by what the actor does in the incident."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from summarizer.domain.accusations import Accusation
from summarizer.domain.claims import STANCES, Position, Stance
from summarizer.domain.sections import SectionSpec
from summarizer.drafting.extractive.context import DraftContext, Written, fits, write
from summarizer.drafting.extractive.filters import Lean
from summarizer.drafting.extractive.sentences import Sentence
from summarizer.drafting.extractive.speakers import SAYING, Speech
from summarizer.text.act_words import tells, words
from summarizer.text.coreference import occurrences
from summarizer.text.tokens import fold, tokens
from summarizer.verification.accusations import accusations, accusers
from summarizer.verification.scene import Scene, Told, scene_of

_NEWSROOMS = frozenset(
    [
        "reuters",
        "ap",
        "bloomberg",
        "cnn",
        "bbc",
        "politico",
        "axios",
        "guardian",
        "npr",
        "nbc",
        "cbs",
        "abc",
        "afp",
        "msnbc",
        "cnbc",
    ]
)
_NEWS_WORDS = re.compile(
    r"\b(?:News|Times|Post|Journal|Press|Tribune|Herald|Gazette|Daily|Wire|Chronicle|Observer|"
    r"Examiner|Magazine|Telegraph)\b"
)
_OPENS_LATE = re.compile(r"^(?:When|While|As|After|If|Although|Though|Before|Because)\b")
_SHORT = 9  # words
_ORDER = (Stance.CRITIC, Stance.DEFENDER, Stance.NEUTRAL)
_BY_WEIGHT = (
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
_ANSWERS = (Position.DENIES, Position.ADMITS)
_SUING = frozenset(("plaintiff", "claimant", "complainant", "accuser"))
_AGAINST = (Position.ACCUSES, Position.OBJECTS)
_LAWYERS = frozenset(("lawyer", "attorney", "counsel", "solicitor", "barrister"))
_TRIED = frozenset(("defendant", "defendants"))
_ANSWERLESS = frozenset({Position.DECLINES, Position.SILENT})
_TAKEN = frozenset(_BY_WEIGHT) - {Position.REPORTS}
_MAX_NEUTRAL = 4
_WORTH_OF_POSITION = 0.3
_CLAIMS = r"(?:claim|allegation|accusation|complaint|report|account|version|charge)s?"
_CLAIM_OF = re.compile(rf"\b{_CLAIMS}\s(?:made\s)?(?:by|of|from)\s(?:the\s)?$")
_CLAIM = re.compile(rf"(?:['’]s?)?\s{_CLAIMS}\b")
"""Whose claim it is, before and behind a name."""
_DOING = frozenset({Position.ACCUSES, Position.OBJECTS, Position.DEFENDS})
"""What an actor may do without a word of saying: "sued", "defended"."""
_QUOTED = re.compile(r"[“\"]")
_LONGEST_ACTOR = 8  # words
_VERB = 4
"""Words behind an actor among which its verb stands."""
_RELATIVES = frozenset(("who", "which", "that", "whose", "whom"))


@dataclass(frozen=True, slots=True)
class _Voice:
    sentence: Sentence
    speech: Speech
    position: Position
    own: bool
    """Whether the sentence itself tells the position, not only what stands before it."""
    worth: float
    side: str
    """Key of the body or group for which the actor speaks; its own where it speaks for itself."""


@dataclass(frozen=True, slots=True)
class _Cast:
    """Who does what in the evidence, and who is accused."""

    scene: Scene
    accusations: tuple[Accusation, ...]
    accused: frozenset[str]
    accusers: frozenset[str]

    def position(self, sentence: Sentence, actor: str) -> Position | None:
        """What a sentence shows an actor doing; ``None`` when it declines, or is accused there."""
        told = self.scene.told_by(sentence.cites)
        if _is_thing(told, actor):
            return None
        keys = self._keys(told, actor)
        mine = [t.act for t in told if any(keys & {a.key, a.side, a.owner} for a in t.by)]
        positions = {
            a.position
            for a in mine
            if not a.implied or keys & self.accused or a.position is Position.ADMITS
        }
        against = any(a.key in keys for t in told if not t.act.ends for a in t.of)
        if positions & _ANSWERLESS or (against and not positions & _TAKEN):
            return None
        found = min(positions & set(_BY_WEIGHT), key=_BY_WEIGHT.index, default=Position.REPORTS)
        roles = {role for key in keys for role in self.scene.cast.roles.get(key, (key,))}
        sues = keys & self.accusers or {role.removesuffix("s") for role in roles} & _SUING
        if found in _AGAINST and keys & self.accused - self.accusers:
            back = any(t.act.position is Position.ACCUSES and self._accuses(t, keys) for t in told)
            if back or not _LAWYERS.isdisjoint(roles):
                return Position.DEFENDS  # the accused hits back
        if found is not Position.REPORTS:
            return found
        if sues and words("good").isdisjoint(token.norm for token in tokens(sentence.text)):
            return Position.ACCUSES
        if keys & (self.accused | _TRIED) or self._owning(keys) & self.accused:
            return Position.DEFENDS
        lead = self._lead(sentence, told)
        return lead.act.position if lead else found

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

    def _accuses(self, told: Told, keys: set[str]) -> bool:
        """Whether an accusation is against one who accuses some actors."""
        against, key = {actor.key for actor in told.of}, self.scene.cast.key
        return any(
            keys & set(map(key, one.accused)) and key(one.accuser or one.source) in against
            for one in self.accusations
        )

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
        return by.pop() or None if len(by) == 1 else None


def _is_of_many(told: Told) -> bool:
    """Whether a group, or somebody only described, takes a side."""
    act, by = told.act, told.act.by[:1]
    taken = act.position in (Position.ACCUSES, Position.OBJECTS, Position.DEFENDS)
    return taken and bool(by) and not told.by[0].name and not by[0].pronoun


def _is_thing(told: Sequence[Told], actor: str) -> bool:
    """Whether a sentence has an actor for a thing without a name: "Tests said"."""
    parties = (party for one in told for party in one.act.by)
    return any(p.text == actor and not (p.name or p.agent or p.pronoun) for p in parties)


def sides(context: DraftContext, spec: SectionSpec, used: Sequence[Sentence]) -> list[Written]:
    """The best sentence of each actor: critics first, then defenders, then neutral."""
    cast = _cast(context)
    voices: dict[str, list[_Voice]] = {}
    for voice in _voices(context, spec, used, cast):
        voices.setdefault(context.actors.key(voice.speech.actor), []).append(voice)
    best = _one_a_side([_best(heard) for heard in voices.values()])
    ranked = sorted(best, key=lambda v: (v.position not in _ANSWERS, -v.worth, v.sentence.index))
    kept = _kept(ranked, spec.limits.max_claims)
    written = [w for v in kept if (w := _side(context, spec, v, cast))]
    written = [
        w
        for n, w in enumerate(written)
        if _folded(w) not in {_folded(earlier) for earlier in written[:n]}
    ]
    return sorted(written, key=lambda w: _ORDER.index(w.claim.stance or Stance.NEUTRAL))


def _one_a_side(best: Sequence[_Voice]) -> list[_Voice]:
    """Without voices of a side for which another tells more; each answer stays."""
    kept: dict[str, _Voice] = {}
    for voice in sorted(best, key=lambda v: (_BY_WEIGHT.index(v.position), not v.own, -v.worth)):
        kept.setdefault(voice.side, voice)
    return [v for v in best if v.position in _ANSWERS or kept[v.side] is v]


def _folded(written: Written) -> frozenset[str]:
    return frozenset(fold(token.text) for token in tokens(written.claim.actor or ""))


def _cast(context: DraftContext) -> _Cast:
    scene, found = scene_of(context.pack), accusations(context.pack)
    told = scene.told()
    answers = (t for t in told if t.act.position in _ANSWERS and not t.act.implied)
    answering = (actor.side for t in answers for actor in t.by)
    accused = (name for one in found for name in one.accused)
    return _Cast(
        scene,
        found,
        frozenset((*map(scene.cast.key, accused), *answering)),
        accusers(context.pack) - _accused_first(told) | _answered(scene, told),
    )


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


def _voices(
    context: DraftContext, spec: SectionSpec, used: Sequence[Sentence], cast: _Cast
) -> list[_Voice]:
    taken = {s.index for s in used}
    outlets = {(i.outlet or "").lower() for i in context.pack.items if i.platform == "news"}
    voices = []
    for sentence, heard in zip(context.sentences, context.speeches, strict=True):
        said = _for_people(sentence, heard, cast) if heard else _doing(sentence, cast)
        if said is None or _is_newsroom(said, outlets) or not fits(spec, sentence):
            continue
        position = cast.position(sentence, said.actor)
        if position is None or not _is_heard(sentence, said, position):
            continue
        worth = context.score(sentence) + _WORTH_OF_POSITION * (position in _TAKEN)
        worth = (worth + _directness(sentence, said)) * (0.75 if sentence.index in taken else 1.0)
        side = cast.side(sentence, said.actor)
        own = any(t.act.position is position for t in cast.scene.told_by(sentence.cites))
        voices.append(_Voice(sentence, said, position, own, round(worth, 9), side))
    return voices


def _for_people(sentence: Sentence, heard: Speech, cast: _Cast) -> Speech:
    """A speaker; of "the heirs of Ada Lorn" the heirs."""
    key = cast.scene.cast.key(heard.actor)
    for told in cast.scene.told_by(sentence.cites):
        for party, by in zip(told.act.by, told.by, strict=False):
            of_person = not by.name and by.owner == key and cast.scene.cast.is_human(heard.actor)
            if of_person and not by.principal and len(party.text.split()) <= _LONGEST_ACTOR:
                return replace(heard, actor=party.text)
    return heard


def _doing(sentence: Sentence, cast: _Cast) -> Speech | None:
    """Who opens a sentence without a verb of saying and accuses, objects or defends in it."""
    for told in cast.scene.told_by(sentence.cites):
        if told.act.position not in _DOING or told.act.implied or told.sentence != sentence.text:
            continue
        for party, actor in zip(told.act.by, told.by, strict=False):
            named = bool(actor.name) and actor.name in sentence.text
            called = actor.name if named else party.text
            if party.start or party.pronoun or not party.agent:
                continue
            behind = sentence.text.partition(called)[2].split()[:_VERB]
            verb = next((n for n, word in enumerate(behind) if tells(word)), None)
            plain = verb is not None and _RELATIVES.isdisjoint(behind[:verb])
            if plain and len(called.split()) <= _LONGEST_ACTOR:
                return Speech(called)
    return None


def _is_heard(sentence: Sentence, said: Speech, position: Position) -> bool:
    if said.own_item and sentence.is_post and position not in _TAKEN:
        return False
    if sentence.lean is Lean.HARD and not (said.by_pronoun or said.own_item):
        return False
    return said.own_item or not sentence.own_voice


def _is_newsroom(said: Speech, outlets: set[str]) -> bool:
    actor = said.actor.lower()
    known = actor in outlets or actor in _NEWSROOMS or bool(_NEWS_WORDS.search(said.actor))
    return known and not said.own_item


def _directness(sentence: Sentence, said: Speech) -> float:
    quoted = 0.15 if re.search(r"[“\"]", sentence.text) else 0.0
    leans = 0.2 if said.by_pronoun or said.cites else 0.0
    others = len(re.findall(SAYING, sentence.bare)) > 2
    leans += 0.2 if sentence.words < _SHORT else 0.0
    return quoted - leans - (0.2 if others or _OPENS_LATE.match(sentence.bare) else 0.0)


def _best(heard: list[_Voice]) -> _Voice:
    """An actor's best sentence for what it does: for answers the last one, else the position that
    tells most."""
    answers = [v for v in heard if v.position in _ANSWERS]
    if answers:
        last = max(v.sentence.item.seen_at for v in answers)
        heard = [v for v in answers if v.sentence.item.seen_at == last]
    first = min((v.position for v in heard), key=_BY_WEIGHT.index)
    fitting = [v for v in heard if v.position is first]
    return max(fitting, key=lambda v: (v.worth, -v.sentence.index))


def _kept(ranked: list[_Voice], limit: int) -> list[_Voice]:
    kept: list[_Voice] = []
    neutral = accounts = 0
    seen: set[int] = set()
    for voice in ranked:
        is_neutral = STANCES[voice.position] is Stance.NEUTRAL
        full = is_neutral and neutral == _MAX_NEUTRAL
        account = voice.speech.own_item and voice.sentence.is_post
        full = full or (account and is_neutral and accounts == 1)
        if full or voice.sentence.index in seen:
            continue
        neutral += is_neutral
        accounts += account and is_neutral
        seen.add(voice.sentence.index)
        kept.append(voice)
    return kept[:limit]


def _side(context: DraftContext, spec: SectionSpec, voice: _Voice, cast: _Cast) -> Written | None:
    answers = voice.position in (Position.DENIES, Position.ADMITS, Position.DEFENDS)
    return write(
        context,
        spec,
        voice.sentence,
        actor=voice.speech.actor,
        stance=STANCES[voice.position],
        position=voice.position,
        replies_to=cast.answers(voice.speech.actor) if answers else None,
        also=voice.speech.cites,
    )
