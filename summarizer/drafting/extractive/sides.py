"""Composer of the sides: one sentence per actor, by what the actor does in the incident."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from summarizer.domain.accusations import ReplyKind
from summarizer.domain.claims import STANCES, Position, Stance
from summarizer.domain.sections import SectionSpec
from summarizer.drafting.extractive.context import DraftContext, Written, fits, write
from summarizer.drafting.extractive.filters import Lean
from summarizer.drafting.extractive.names import bare_name, is_kind, is_role
from summarizer.drafting.extractive.positions import ANSWERS, BY_WEIGHT, TAKEN, Positions, positions
from summarizer.drafting.extractive.sentences import Sentence
from summarizer.drafting.extractive.speakers import SAYING, Speech
from summarizer.drafting.extractive.standing import standing
from summarizer.text.act_words import tells
from summarizer.text.coreference import form, occurrences
from summarizer.text.job_titles import offices
from summarizer.text.tokens import fold, tokens

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
_NOBODY = frozenset(("critics", "opponents", "supporters", "defenders", "observers"))
"""Actors of whom only the stance is told: as a side they would tell nothing of who they are."""
_OPENS_LATE = re.compile(r"^(?:When|While|As|After|If|Although|Though|Before|Because)\b")
_SHORT = 9  # words
_ORDER = (Stance.CRITIC, Stance.DEFENDER, Stance.NEUTRAL)
_MAX_NEUTRAL = 4
_WORTH_OF_POSITION = 0.3
_DOING = frozenset({Position.ACCUSES, Position.OBJECTS, Position.DEFENDS})
"""What an actor may do without a word of saying: "sued", "defended"."""
_ACCORDING = re.compile(r"\b[Aa]ccording to\b")
_QUOTED = re.compile(r"[“\"]")
_SAYING = frozenset({ReplyKind.STATEMENT, ReplyKind.DENIAL, ReplyKind.ADMISSION})
_LONGEST_ACTOR = 8  # words
_LONGEST_OFFICE = 10  # words
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


def sides(context: DraftContext, spec: SectionSpec, used: Sequence[Sentence]) -> list[Written]:
    """The best sentence of each actor: critics first, then defenders, then neutral."""
    cast = positions(context)
    voices: dict[str, list[_Voice]] = {}
    for voice in _voices(context, spec, used, cast):
        voices.setdefault(context.actors.key(voice.speech.actor), []).append(voice)
    best = _one_a_side([_best(heard) for heard in voices.values()])
    ranked = sorted(best, key=lambda v: (v.position not in ANSWERS, -v.worth, v.sentence.index))
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
    for voice in sorted(best, key=_telling):
        kept.setdefault(voice.side, voice)
    return [v for v in best if v.position in ANSWERS or kept[v.side] is v]


def _telling(voice: _Voice) -> tuple[int, bool, bool, float]:
    """Sort key of the voices of one side: what tells most first, a person before a body."""
    person = form(voice.speech.actor).is_person
    return BY_WEIGHT.index(voice.position), not voice.own, not person, -voice.worth


def _folded(written: Written) -> frozenset[str]:
    return frozenset(fold(token.text) for token in tokens(written.claim.actor or ""))


def _voices(
    context: DraftContext, spec: SectionSpec, used: Sequence[Sentence], cast: Positions
) -> list[_Voice]:
    taken = {s.index for s in used}
    outlets = {(i.outlet or "").lower() for i in context.pack.items if i.platform == "news"}
    voices = []
    for sentence, heard in zip(context.sentences, context.speeches, strict=True):
        said = _for_people(sentence, heard, cast) if heard else _doing(sentence, cast)
        if said is None or _is_newsroom(said, outlets) or not fits(spec, sentence):
            continue
        if said.actor.casefold() in _NOBODY:
            continue
        position = cast.position(sentence, said.actor)
        if position is None or not _is_heard(sentence, said, position):
            continue
        worth = context.score(sentence) + _WORTH_OF_POSITION * (position in TAKEN)
        worth = (worth + _directness(sentence, said)) * (0.75 if sentence.index in taken else 1.0)
        side = cast.side(sentence, said.actor)
        own = any(t.act.position is position for t in cast.scene.told_by(sentence.cites))
        voices.append(_Voice(sentence, said, position, own, round(worth, 9), side))
    return voices


def _for_people(sentence: Sentence, heard: Speech, cast: Positions) -> Speech:
    """A speaker; of "the heirs of Ada Lorn" the heirs."""
    key = cast.scene.cast.key(heard.actor)
    for told in cast.scene.told_by(sentence.cites):
        for party, by in zip(told.act.by, told.by, strict=False):
            of_person = not by.name and by.owner == key and cast.scene.cast.is_human(heard.actor)
            if of_person and not by.principal and len(party.text.split()) <= _LONGEST_ACTOR:
                return replace(heard, actor=party.text)
    return heard


def _doing(sentence: Sentence, cast: Positions) -> Speech | None:
    """Who has the word in a sentence by its grammar; or opens it and accuses, objects or defends
    in it without a verb of saying."""
    for told in cast.scene.told_by([sentence.passages[-1].id]):
        name = told.by[0].name if told.act.reply in _SAYING and told.by else ""
        if name and name in sentence.text and _is_statement(sentence) and not is_kind(name):
            return Speech(bare_name(name) or name)
        if told.act.position not in _DOING or told.act.implied or told.sentence != sentence.text:
            continue
        for party, actor in zip(told.act.by, told.by, strict=False):
            named = bool(actor.name) and actor.name in sentence.text
            called = actor.name if named else party.text
            if party.pronoun or not party.agent:
                continue
            if _ACCORDING.search(sentence.bare) and len(called.split()) <= _LONGEST_ACTOR:
                return Speech(called)
            if party.start:
                continue
            behind = sentence.text.partition(called)[2].split()[:_VERB]
            verb = next((n for n, word in enumerate(behind) if tells(word)), None)
            plain = verb is not None and _RELATIVES.isdisjoint(behind[:verb])
            if plain and len(called.split()) <= _LONGEST_ACTOR:
                return Speech(called)
    return None


def _is_statement(sentence: Sentence) -> bool:
    """Whether a sentence is somebody's word, which it only tells."""
    said = standing(sentence.text)
    told = said.reported or _QUOTED.search(sentence.text) or _ACCORDING.search(sentence.bare)
    return bool(told) and not (said.linked or sentence.own_voice)


def _is_heard(sentence: Sentence, said: Speech, position: Position) -> bool:
    if said.own_item and sentence.is_post and position not in TAKEN:
        return False
    bare = sentence.words < _SHORT and not (said.own_item or _QUOTED.search(sentence.text))
    if bare and standing(sentence.text).linked:
        return False  # "Acme also denied it."
    if sentence.lean is Lean.HARD and not (said.by_pronoun or said.own_item):
        return False
    return said.own_item or not sentence.own_voice


def _is_newsroom(said: Speech, outlets: set[str]) -> bool:
    actor = said.actor.lower()
    known = actor in outlets or actor in _NEWSROOMS or bool(_NEWS_WORDS.search(said.actor))
    return known and not said.own_item


def _directness(sentence: Sentence, said: Speech) -> float:
    quoted = 0.15 if _QUOTED.search(sentence.text) else 0.0
    leans = 0.2 if said.by_pronoun or said.cites else 0.0
    others = len(re.findall(SAYING, sentence.bare)) > 2
    leans += 0.2 if sentence.words < _SHORT else 0.0
    return quoted - leans - (0.2 if others or _OPENS_LATE.match(sentence.bare) else 0.0)


def _best(heard: list[_Voice]) -> _Voice:
    """An actor's best sentence for what it does: for answers the last one, else the position that
    tells most."""
    answers = [v for v in heard if v.position in ANSWERS]
    if answers:
        last = max(v.sentence.item.seen_at for v in answers)
        heard = [v for v in answers if v.sentence.item.seen_at == last]
    first = min((v.position for v in heard), key=BY_WEIGHT.index)
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


def _side(
    context: DraftContext, spec: SectionSpec, voice: _Voice, cast: Positions
) -> Written | None:
    answers = voice.position in (Position.DENIES, Position.ADMITS, Position.DEFENDS)
    return write(
        context,
        spec,
        voice.sentence,
        actor=voice.speech.actor,
        stance=STANCES[voice.position],
        position=voice.position,
        replies_to=cast.answers(voice.speech.actor) if answers else None,
        office=_office(context, voice, cast),
        also=voice.speech.cites,
    )


def _office(context: DraftContext, voice: _Voice, cast: Positions) -> str | None:
    """What an actor is, by the words beside its full name; first in the sentence that it says."""
    actor = voice.speech.actor
    if not form(actor).is_person:
        return None
    ids = {*voice.sentence.cites, *voice.speech.cites}
    near = sorted(context.texts, key=lambda id_: id_ not in ids)
    found = (one for id_ in near for one in _offices(context.texts[id_], actor, cast))
    return next((one for one in found if _is_whole(one)), None)


def _is_whole(office: str) -> bool:
    """Whether an office is short, and not cut off at an initial: "spokesman for Senator John A"."""
    held = office.split()
    return len(held) <= _LONGEST_OFFICE and len(held[-1]) > 1 and held[0] not in ("then", "now")


def _offices(text: str, actor: str, cast: Positions) -> Iterator[str]:
    for name in occurrences(text) if actor.rpartition(" ")[2] in text else ():
        if cast.scene.cast.key(name.text) == cast.scene.cast.key(actor):
            yield from (text[span.start : span.end] for span in offices(text, name))
            first = name.text.partition(" ")[0]
            if first != actor.partition(" ")[0] and is_role(first):
                yield first
