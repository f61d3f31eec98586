"""Composer of the sides: one sentence per actor, by what the actor does in the incident."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from summarizer.domain.accusations import Accusation
from summarizer.domain.claims import STANCES, Position, Stance
from summarizer.domain.sections import SectionSpec
from summarizer.drafting.extractive.context import DraftContext, Written, fits, write
from summarizer.drafting.extractive.filters import FIRST_PERSON, Lean
from summarizer.drafting.extractive.names import bare_name
from summarizer.drafting.extractive.sentences import Sentence
from summarizer.drafting.extractive.speakers import SAYING, Speech
from summarizer.text.act_words import words
from summarizer.text.name_matching import mentions
from summarizer.text.parties import Party
from summarizer.text.quotations import quotes
from summarizer.text.tokens import fold, tokens
from summarizer.verification.accusations import accusations, accusers
from summarizer.verification.cast import Actor
from summarizer.verification.conflicts.overtaken import overtaken
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
_LEADS = re.compile(rf"[,”\"]$|\b{SAYING}$")
_WHOSE = re.compile(r"(?:His|Her|Its|Their)\b")
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
_HELD = (Position.ACCUSES, Position.DECIDES)
_LAWYERS = frozenset(("lawyer", "attorney", "counsel", "solicitor", "barrister"))
_TRIED = frozenset(("defendant",))
_ANSWERLESS = frozenset({Position.DECLINES, Position.SILENT})
_TAKEN = frozenset(_BY_WEIGHT) - {Position.REPORTS}
_MAX_NEUTRAL = 4
_WORTH_OF_POSITION = 0.3
_IN_PASSING = 0.5
"""What a sentence loses for an actor who is not the first to act in it."""


@dataclass(frozen=True, slots=True)
class _Voice:
    """One actor in one sentence.

    Args:
        side: key of the actor whose word it is.
        also: passages that name the actor, where the sentence does not.
        is_group: whether it is a group without a name.
        is_person: whether it is a person who speaks for nobody.
    """

    sentence: Sentence
    actor: str
    side: str
    position: Position
    worth: float = 0.0
    also: tuple[str, ...] = ()
    own_item: bool = False
    is_group: bool = False
    is_person: bool = False


@dataclass(frozen=True, slots=True)
class _Parties:
    """Who does what in the evidence, and who is accused."""

    scene: Scene
    accusations: tuple[Accusation, ...]
    accused: frozenset[str]
    accusers: frozenset[str]
    replies: frozenset[str]
    """Ids of passages in which somebody accused answers."""
    kin: frozenset[str]
    """Keys of persons to whose people accusers belong: the dead man of "the man's family"."""

    def position(self, told: Sequence[Told], keys: set[str], owner: str) -> Position | None:
        """What a sentence shows an actor doing; ``None`` when it declines, or is accused there.

        Args:
            told: the acts of the sentence.
            keys: of the actor, and of those for whom it speaks.
            owner: key of whose it is; empty for nobody's.
        """
        mine = [t for t in told if any(keys & {a.key, a.side} for a in t.by)]
        positions = {
            t.act.position
            for t in mine
            if not t.act.implied or keys & self.accused or t.act.position is Position.ADMITS
        }
        against = any(a.key in keys for t in told if not t.act.ends for a in t.of)
        if positions & _ANSWERLESS or (against and not positions & _TAKEN):
            return None
        found = min(positions & set(_BY_WEIGHT), key=_BY_WEIGHT.index, default=Position.REPORTS)
        about = {a.key for t in mine if t.act.position is found for a in t.about}
        whose = owner if self.scene.cast.is_person(owner) else ""
        roles = self._roles(keys)
        accused = bool({*keys, whose} & self.accused - self.accusers) or bool(roles & _TRIED)
        accuses = bool({*keys, whose} & self.accusers or whose in self.kin or roles & _SUING)
        if found is Position.DEFENDS and about and about <= keys:
            found = Position.REPORTS  # "stood by her account"
        if found is Position.ADMITS and accuses and not accused:
            found = Position.REPORTS  # an accuser's lawyer concedes a point
        if found is Position.DEFENDS and about & self.accusers - self.accused:
            return Position.OBJECTS  # takes the part of who accuses
        if found is Position.OBJECTS and about & self.accusers - self.accused - keys:
            return Position.DEFENDS
        if found in _AGAINST and accused and not (about & self.accused - keys):
            back = found is Position.OBJECTS or any(self._accuses(t, keys) for t in mine)
            if back or roles & _LAWYERS:
                return Position.DEFENDS  # the accused hits back
        if found is not Position.REPORTS:
            return found
        if accuses and not (accused and not keys & self.accusers):
            return Position.ACCUSES
        answers = accused and any(t.passage.id in self.replies for t in told)
        return Position.DEFENDS if answers or roles & _TRIED else found

    def _roles(self, keys: set[str]) -> set[str]:
        roles = (role for key in keys for role in self.scene.cast.roles.get(key, (key,)))
        return {role.removesuffix("s") for role in roles}

    def _accuses(self, told: Told, keys: set[str]) -> bool:
        """Whether an accusation is against one who accuses some actors."""
        against, key = {actor.key for actor in told.of}, self.scene.cast.key
        return any(
            keys & set(map(key, one.accused)) and key(one.accuser or one.source) in against
            for one in self.accusations
        )

    def answers(self, side: str) -> str | None:
        """Who accuses an actor, where one accuser is told of."""
        by = {
            a.accuser or a.source
            for a in self.accusations
            if a.position is Position.ACCUSES and side in map(self.scene.cast.key, a.accused)
        }
        return by.pop() or None if len(by) == 1 else None


def _is_actor(told: Told, actor: Actor, party: Party) -> bool:
    """Whether a party acts in a sentence: neither inside a quotation, nor a thing or a document
    without a name ("Tests said"), nor somebody in passing ("as lawyers write")."""
    quoted = any(q.start <= party.start < q.end for q in quotes(told.sentence))
    if quoted and not party.is_speaker:
        return False
    if actor.name or party.pronoun:
        return party.head != "it"
    if not party.agent and (told.act.reply is not None or party.head in words("documents")):
        return False
    before = told.sentence[: party.start].rstrip()
    return told.act.position is not Position.REPORTS or not before or bool(_LEADS.search(before))


def sides(context: DraftContext, spec: SectionSpec, used: Sequence[Sentence]) -> list[Written]:
    """The best sentence of each actor: critics first, then defenders, then neutral."""
    parties = _parties(context)
    voices: dict[str, list[_Voice]] = {}
    for voice in _voices(context, spec, used, parties):
        voices.setdefault(voice.side, []).append(voice)
    for side in [*voices]:  # "Defendant Acme" is Acme
        if short := next((other for other in voices if side.endswith(f" {other}")), None):
            voices[short] += voices.pop(side)
    best = [_best(heard) for heard in voices.values()]
    ranked = sorted(best, key=lambda v: (-v.worth, v.sentence.index))
    kept = _kept(ranked, spec.limits.max_claims)
    written = [w for v in kept if (w := _side(context, spec, v, parties))]
    written = [
        w
        for n, w in enumerate(written)
        if _folded(w) not in {_folded(earlier) for earlier in written[:n]}
    ]
    return sorted(written, key=lambda w: _ORDER.index(w.claim.stance or Stance.NEUTRAL))


def _folded(written: Written) -> frozenset[str]:
    return frozenset(fold(token.text) for token in tokens(written.claim.actor or ""))


def _parties(context: DraftContext) -> _Parties:
    scene, found = scene_of(context.pack), accusations(context.pack)
    told = scene.told_by({id_ for s in context.sentences for id_ in s.cites})
    answers = (t for t in told if t.act.position in _ANSWERS and not t.act.implied)
    answering = (actor.side for t in answers for actor in t.by)
    accused = (name for one in found for name in one.accused if one.position in _HELD)
    by = accusers(context.pack) - _accused_first(told)
    kin = {a.owner for t in told for a in t.by if a.side in by and scene.cast.is_person(a.owner)}
    return _Parties(
        scene,
        found,
        frozenset((*map(scene.cast.key, accused), *answering)),
        by,
        frozenset(id_ for one in found for reply in one.replies for id_ in reply.passages),
        frozenset(kin),
    )


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
    context: DraftContext, spec: SectionSpec, used: Sequence[Sentence], parties: _Parties
) -> list[_Voice]:
    taken = {s.index for s in used}
    outlets = {(i.outlet or "").lower() for i in context.pack.items if i.platform == "news"}
    voices: list[_Voice] = []
    for sentence, said in zip(context.sentences, context.speeches, strict=True):
        before = [v for v in voices if v.sentence.index == sentence.antecedent]
        heard = [
            _illustrating(v, before)
            for v in _heard(context, sentence, said, parties)
            if _may_stand(v, outlets)
        ]
        stands = fits(spec, sentence) and not overtaken(sentence.text, sentence.cites, context.pack)
        for n, voice in enumerate(heard if stands else ()):
            worth = context.score(sentence) + _WORTH_OF_POSITION * (voice.position in _TAKEN)
            worth = (worth + _directness(voice, n)) * (0.75 if sentence.index in taken else 1.0)
            voices.append(replace(voice, worth=round(worth, 9)))
    return voices


def _heard(
    context: DraftContext, sentence: Sentence, said: Speech | None, parties: _Parties
) -> Iterator[_Voice]:
    """Who speaks or acts in a sentence, as grammar tells; else who its item is by, or who stands
    before a verb of saying."""
    told, cast = parties.scene.told_by(sentence.cites), parties.scene.cast
    if said is not None and (said.own_item or not any(one.by for one in told)):
        side = cast.side(said.actor)
        position = parties.position(told, {side, cast.key(said.actor)}, "")
        if position is not None:
            yield _Voice(sentence, said.actor, side, position, 0.0, said.cites, said.own_item)
        return
    sides: dict[str, tuple[Actor, Party]] = {}
    for one in told:
        for actor, party in zip(one.by, one.act.by, strict=False):
            if actor.key and not one.act.ends and _is_actor(one, actor, party):
                side = actor.principal or cast.side(actor.name) if actor.name else actor.side
                sides.setdefault(side, (actor, party))
    for side, (actor, party) in sides.items():
        also = _where(context, sentence, actor, party)
        if also is None:
            continue
        keys = {side, actor.key, actor.side}
        position = parties.position(told, keys, actor.owner)
        if position is not None:
            yield _Voice(
                sentence,
                bare_name(actor.name) or actor.words,
                side,
                position,
                also=also,
                is_group=not actor.name and party.noun != party.head,
                is_person=side == actor.key and cast.may_be_person(actor.name),
            )


def _illustrating(voice: _Voice, before: Sequence[_Voice]) -> _Voice:
    """A voice; one of a group that accuses or objects in the sentence before and is heard in its
    own words: "Residents blame the quarry. 'My kitchen shakes,' said Ada Lorn"."""
    groups = [v for v in before if v.position in _AGAINST and v.is_group]
    own = any(FIRST_PERSON.search(quote.text) for quote in quotes(voice.sentence.text))
    if groups and own and voice.position is Position.REPORTS and voice.is_person:
        return replace(voice, position=groups[0].position)
    return voice


def _where(
    context: DraftContext, sentence: Sentence, actor: Actor, party: Party
) -> tuple[str, ...] | None:
    """Passages that name an actor whom a sentence does not, or whose the actor is ("His lawyer, Ada
    Lorn"); ``None`` where that is too far away."""
    name = bare_name(actor.name)
    before = context.antecedent(sentence)
    if party.pronoun:
        return before.cites if before is not None and mentions(name, before.text) else None
    if (
        party.start == 0
        and _WHOSE.match(sentence.text)
        and (actor.principal or actor.owner)
        and name
    ):
        return before.cites if before is not None else None
    if not name or name in sentence.text:
        return () if name or mentions(actor.words, sentence.text) else None
    return next((s.cites for s in context.sentences if name in s.text), ())


def _may_stand(voice: _Voice, outlets: set[str]) -> bool:
    sentence, actor = voice.sentence, voice.actor.casefold()
    if voice.own_item:
        return not sentence.is_post or voice.position in _TAKEN
    newsroom = actor in outlets or actor in _NEWSROOMS or bool(_NEWS_WORDS.search(voice.actor))
    return (
        not newsroom
        and not sentence.own_voice
        and (sentence.lean is not Lean.HARD or bool(voice.also))
    )


def _directness(voice: _Voice, place: int) -> float:
    sentence = voice.sentence
    quoted = 0.15 if re.search(r"[“\"]", sentence.text) else 0.0
    leans = 0.2 if voice.also else 0.0
    others = len(re.findall(SAYING, sentence.bare)) > 2
    leans += _IN_PASSING * (place > 0)
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
        account = voice.own_item and voice.sentence.is_post
        full = full or (account and is_neutral and accounts == 1)
        if full or voice.sentence.index in seen:
            continue
        neutral += is_neutral
        accounts += account and is_neutral
        seen.add(voice.sentence.index)
        kept.append(voice)
    return kept[:limit]


def _side(
    context: DraftContext, spec: SectionSpec, voice: _Voice, parties: _Parties
) -> Written | None:
    answers = voice.position in (Position.DENIES, Position.ADMITS, Position.DEFENDS)
    return write(
        context,
        spec,
        voice.sentence,
        actor=voice.actor,
        stance=STANCES[voice.position],
        position=voice.position,
        replies_to=parties.answers(voice.side) if answers else None,
        also=voice.also,
    )
