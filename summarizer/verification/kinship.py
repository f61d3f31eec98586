"""Whether somebody in the evidence may speak for an accused of whom no answer was read.

An absence is stated only where nobody may: the words that two actors share, an office that may be
that of the accused, a denial that answers nothing else, and a text that cannot be read leave it
open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from summarizer.domain.accusations import ReplyKind
from summarizer.domain.claims import Position
from summarizer.text.act_words import says, words
from summarizer.text.coreference import form
from summarizer.text.language import is_english
from summarizer.text.name_matching import mentions
from summarizer.text.tokens import STOPWORDS, read, stem, tokens
from summarizer.verification.cases import Case
from summarizer.verification.cast import Actor
from summarizer.verification.scene import Scene, Told

_ANSWERS = (ReplyKind.DENIAL, ReplyKind.ADMISSION, ReplyKind.STATEMENT)


def may_be_answered(
    scene: Scene, case: Case, accused: Actor, cases: Sequence[Case], known: Collection[str]
) -> bool:
    """Whether somebody may answer for an accused, as far as rules can tell.

    Args:
        scene: the evidence.
        case: what the accused is accused of.
        accused: one of its accused.
        cases: all cases; who is accused in another answers for itself, and what is denied beside
            another answers that one.
        known: passages that tell that no answer came.
    """
    if any(
        line.passage.id not in known
        and not is_english(line.text)
        and mentions(accused.called, line.text)
        for line in scene.lines
    ):
        return True
    accuser = {case.accuser.key, case.accuser.side} if case.accuser else set()
    apart = accuser.union(*(one.keys for one in cases))
    elsewhere = {key for one in cases for key in one.places} - set(case.places)
    if any(
        told.act.position is Position.DENIES
        and not told.act.implied
        and told.item.seen_at >= case.since
        and told.item.key not in elsewhere
        and any(not {by.key, by.side} & apart for by in told.by)
        for told in scene.told()
    ):
        return True
    mine = _words_of(scene, accused)
    return any(
        not {by.key, by.side} & apart and _may_be_of(scene, told, by, mine)
        for told in _saying(scene, mine)
        if told.act.reply in _ANSWERS
        for by in told.by
    )


def _words_of(scene: Scene, accused: Actor) -> frozenset[str]:
    """Stems of the words that name or describe an accused, with those of its parts for a state."""
    known = {*form(accused.called).words, *read(accused.words).content_set}
    known |= scene.cast.roles.get(accused.key, set())
    found = _stems(known)
    return found | _stems(words("states")) if found & _stems(words("states")) else found


def _saying(scene: Scene, stems: frozenset[str]) -> list[Told]:
    """What sentences tell that hold one of some words and a verb of saying."""
    near = {
        line.passage.id
        for line in scene.lines
        if says(line.text) and not stems.isdisjoint(read(line.text).stems)
    }
    return scene.told_by(near)


def _may_be_of(scene: Scene, told: Told, by: Actor, stems: Collection[str]) -> bool:
    """Whether what tells who somebody is has a word of an accused: "museum director"."""
    roles = scene.cast.roles.get(by.key, set())
    if roles & words("people") and not by.principal:
        return False  # "a nurse at the clinic" speaks for herself
    return not _stems(_described(told, by)).isdisjoint(stems)


def _described(told: Told, by: Actor) -> Iterator[str]:
    for text in (by.words, by.name, by.principal, by.owner):
        yield from (token.norm for token in tokens(text))
    for party in told.act.by:
        if party.text == by.words:
            yield from party.roles


def _stems(found: Collection[str] | Iterator[str]) -> frozenset[str]:
    return frozenset(stem(word) for word in found if word not in STOPWORDS)
