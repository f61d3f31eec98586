"""Replies to the cases of a pack: what each accused answers, and whether it is to the case."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from summarizer.domain.accusations import Accusation, Reply, ReplyKind, Stage
from summarizer.domain.claims import Position
from summarizer.text.act_words import names_accusation
from summarizer.text.coreference import form, occurrences
from summarizer.text.name_matching import mentions
from summarizer.text.plain_replies import plain_reply
from summarizer.text.prompt_injection import holds_order
from summarizer.text.quantities import quantities
from summarizer.text.tokens import read, stem
from summarizer.verification.cases import Case, plain_words
from summarizer.verification.cast import Actor
from summarizer.verification.kinship import may_be_answered
from summarizer.verification.outcomes import end_of
from summarizer.verification.scene import Scene, Told

_NEXT, _BESIDE = 1, 4
"""Most passages from an accusation to what anybody says next, and to an answer in its words."""
SILENT = (ReplyKind.DECLINED, ReplyKind.NO_ANSWER_REPORTED)
_SAYING = (ReplyKind.STATEMENT,)
_BY_WORTH = (
    (ReplyKind.DENIAL, ReplyKind.ADMISSION),
    (ReplyKind.CLEARED,),
    _SAYING,
    (ReplyKind.DECLINED,),
    (ReplyKind.NO_ANSWER_REPORTED,),
)
_PLAN = re.compile(r"\b(?:would|will|plans?|planned|planning|intends?|intended)\b")
_CLEARED_OF = re.compile(
    r"\b(?:clear|acquitt|absolv|exonerat)(?:ed|ing)\s(?:[\w’'-]{1,30}\s){0,4}?of\s([^.,;]{1,200})"
)
_NEWS = re.compile(r"\b(?:also|meanwhile|separately|announc\w{2,4}|unveil\w{0,3})\b")
_FLATLY = re.compile(r"\b(?:never|nothing|innocent|innocence|guilty)\b")
_RUMOUR = re.compile(r"rumou?rs?|speculation|reports?|suggestions?|talk|gossip")
_INDEFINITE = ("a ", "an ", "one ", "another ")


def with_replies(scene: Scene, cases: Sequence[Case]) -> tuple[Accusation, ...]:
    """The accusations of some cases, each with the replies in the evidence."""
    if not cases:
        return ()
    accused = frozenset[str]().union(*(case.keys for case in cases))
    keys = accused.union(*map(scene.cast.owners, accused))
    accusing = {told.sentence for case in cases for told in case.told}
    for case in cases:
        case.behind = plain_words(set(_going_on(scene, case)))
    replies: dict[str, list[Told]] = {}
    for told in scene.told(saying=keys):
        if _kind(told) is not None:
            told = replace(told, accuses=told.sentence in accusing)
            for key in {key for actor in _answering(told) for key in (actor.key, actor.principal)}:
                replies.setdefault(key, []).append(told)
    return tuple(_accusation(scene, case, replies, cases) for case in cases)


def _going_on(scene: Scene, case: Case) -> Iterator[str]:
    places = {(item, n + 1) for item, found in case.places.items() for n in found}
    for line in scene.lines:
        if (line.item.key, line.passage.n) in places:
            named = {scene.cast.key(name.text) for name in occurrences(line.text)}
            if named.isdisjoint(case.keys):
                yield line.text


def _accusation(
    scene: Scene, case: Case, replies: Mapping[str, Sequence[Told]], cases: Sequence[Case]
) -> Accusation:
    best = min(case.told, key=lambda t: t.act.what == (0, len(t.sentence)))
    stages = (told.act.stage for told in case.told if told.act.stage is not None)
    accuser = case.accuser
    return Accusation(
        accuser=(accuser.name or None) if accuser else None,
        source=accuser.words if accuser else "",
        accused=tuple(actor.called for actor in case.accused),
        what=best.sentence[best.act.what.start : best.act.what.end],
        stage=max(stages, default=Stage.ALLEGED),
        position=case.position if case.accused else Position.ACCUSES,
        passages=tuple(dict.fromkeys(told.passage.id for told in case.told)),
        replies=tuple(
            _sure(scene, case, actor, _reply(scene, actor, case, replies), cases)
            for actor in case.accused
        ),
    )


def _sure(scene: Scene, case: Case, accused: Actor, reply: Reply, cases: Sequence[Case]) -> Reply:
    """A reply, or that none is clear where somebody may speak for the accused."""
    if reply.kind not in (ReplyKind.NONE_FOUND, ReplyKind.NO_ANSWER_REPORTED):
        return reply
    if not may_be_answered(scene, case, accused, cases, reply.passages):
        return reply
    return Reply(kind=ReplyKind.UNCLEAR, of=accused.called)


def _kind(told: Told) -> ReplyKind | None:
    """Of an act as a reply: who accuses back states something."""
    if told.act.ends is not None:
        return None if told.act.ends.negated else ReplyKind.CLEARED
    return told.act.reply or (ReplyKind.STATEMENT if told.of else None)


def _answering(told: Told) -> tuple[Actor, ...]:
    """Who answers by an act, or is cleared by it."""
    return told.by if told.act.ends is None else told.of


def _speaking_for(scene: Scene, key: str, case: Case) -> frozenset[str]:
    """Keys of the owners of an accused, who may answer for it, without its accuser."""
    return scene.cast.owners(key) - ({case.accuser.side} if case.accuser else set())


def _reply(
    scene: Scene, accused: Actor, case: Case, replies: Mapping[str, Sequence[Told]]
) -> Reply:
    """The fullest answer of an accused: beside the accusation if possible, else the last."""
    beside = case.places
    keys = {accused.key, *_speaking_for(scene, accused.key, case)}
    mine = [
        told
        for key in sorted(keys)
        for told in replies.get(key, ())
        if any(_answers_for(a, accused, keys) for a in _answering(told)) and _is_to(told, case)
    ]
    for kinds in _BY_WORTH:
        found = [told for told in mine if _kind(told) in kinds]
        own = scene.own_items(accused.key) if kinds == _SAYING and not found else []
        if own := [p for p in own if p.item_key not in beside]:
            return Reply(
                kind=ReplyKind.STATEMENT,
                of=accused.called,
                by=accused.called,
                words=own[0].text,
                passages=tuple(p.id for p in own),
            )
        if not found and kinds == (ReplyKind.CLEARED,) and (end := _cleared(scene, accused, case)):
            return end
        if found:
            best = max(found, key=lambda told: (told.item.key in beside, told.item.seen_at))
            same = (told for told in found if _kind(told) is _kind(best))
            return Reply(
                kind=_kind(best) or ReplyKind.STATEMENT,
                of=accused.called,
                by=next(a for a in _answering(best) if _answers_for(a, accused, keys)).called,
                words=best.sentence,
                passages=tuple(dict.fromkeys([best.passage.id, *(t.passage.id for t in same)])),
            )
    return _in_fixed_form(scene, accused) or Reply(kind=ReplyKind.NONE_FOUND, of=accused.called)


def _cleared(scene: Scene, accused: Actor, case: Case) -> Reply | None:
    """An end in words that do not name the accused: "We had the wrong man"."""
    end = end_of(accused.key, scene)
    if end is None or end.item.seen_at < case.since:
        return None
    return Reply(
        kind=ReplyKind.CLEARED,
        of=accused.called,
        by=accused.called,
        words=end.words,
        passages=(end.passage.id,),
    )


def _in_fixed_form(scene: Scene, accused: Actor) -> Reply | None:
    """An answer that grammar did not read, in a form of newswriting."""
    called = accused.name or accused.called
    names = [called]
    if form(called).legal is not None:  # "Brandauer" of Brandauer Uhren GmbH
        names += [" ".join(called.split()[:-1]), called.split()[0]]
    for line in scene.lines:
        found = (plain_reply(line.text, name) for name in dict.fromkeys(names))
        kind = next((one for one in found if one is not None), None)
        if kind is not None and not holds_order(line.text):
            return Reply(
                kind=kind,
                of=accused.called,
                by=accused.called,
                words=line.text,
                passages=(line.passage.id,),
            )
    return None


def _answers_for(by: Actor, accused: Actor, keys: Collection[str]) -> bool:
    """Whether it is the accused who answers, or somebody for it; "a nurse" is not "the nurse"."""
    if by.key not in keys and by.principal not in keys:
        return False
    return bool(accused.name) or not by.words.casefold().startswith(_INDEFINITE)


def _is_before(told: Told, case: Case) -> bool:
    first = min((one.item.seen_at, one.passage.n) for one in case.told)
    return (told.item.seen_at, told.passage.n) < first


def _is_to(told: Told, case: Case) -> bool:
    """Whether an answer may be to this accusation: beside it, in words that speak of one, or, where
    it is no earlier, in words that it shares.  Who accuses the accuser answers, if no earlier."""
    kind = _kind(told)
    if told.act.reply is None and kind is ReplyKind.STATEMENT:
        back = case.accuser is not None and case.accuser.key in [actor.key for actor in told.of]
        return back and _place(told) > min(map(_place, case.told))
    if kind in SILENT:
        return True
    if told.accuses and told.act.reply is ReplyKind.STATEMENT and _is_before(told, case):
        return False  # who accused first has not answered what is then said of them
    same = case.places.get(told.item.key, ())
    what = told.sentence[told.act.what.start : told.act.what.end]
    alike = what != told.sentence and bool(case.words & read(what).content_set)
    if kind is ReplyKind.CLEARED:
        of = _CLEARED_OF.search(told.sentence)
        if of is not None and not names_accusation(of[1]):
            return bool(case.words & read(of[1]).content_set)
        return bool(same) or told.item.seen_at >= case.since
    apart = min((abs(n - told.passage.n) for n in same), default=_BESIDE + 1)
    plain = told.act.implied or kind is ReplyKind.STATEMENT
    if kind is ReplyKind.DENIAL and not plain:
        about = bool(same) or names_accusation(told.sentence)
        return alike or (about and not _is_of_future(what, told))
    flat = kind is ReplyKind.DENIAL and _FLATLY.search(told.sentence) is not None
    if flat and told.item.seen_at >= case.since:
        return True
    shared = _shared(told, case)
    if apart <= _BESIDE and told.act.position is Position.DEFENDS:
        return True
    if apart <= (_NEXT if plain else _BESIDE) and (shared or not plain or not _is_news(told)):
        return True
    owned_up = (
        kind is ReplyKind.ADMISSION and not plain
    )  # nobody admits what is held against nobody
    return told.item.seen_at >= case.since and shared >= (1 if apart <= _BESIDE or owned_up else 2)


def _shared(told: Told, case: Case) -> int:
    """How much ties a statement to an accusation: words of it or of what its accuser goes on to
    say, a word for one, the name of who accuses."""
    mine = read(told.sentence)
    tied = len((case.words | case.behind) & mine.content_set)
    return tied + names_accusation(told.sentence) + _mentions_accuser(told, case)


def _mentions_accuser(told: Told, case: Case) -> bool:
    accuser = case.accuser
    if accuser is None or not accuser.name:
        return accuser is not None and stem(accuser.key) in read(told.sentence).stems
    return mentions(accuser.name, told.sentence)


def _is_news(told: Told) -> bool:
    """Whether a statement that nothing ties to an accusation tells news of its own: what somebody
    announces, also says, or has in figures."""
    figures = any(q.value > 1 for q in quantities(told.sentence))
    return figures or _NEWS.search(told.sentence) is not None


def _place(told: Told) -> tuple[dt.datetime, str, int]:
    return told.item.seen_at, told.item.key, told.passage.n


def _is_of_future(what: str, told: Told) -> bool:
    """Whether something else than a deed is denied: a plan, or a rumour with its content."""
    if what == told.sentence:
        return False
    before = told.sentence[: told.act.what.start].split()[-1:]
    return bool(_PLAN.search(what)) or (bool(before) and bool(_RUMOUR.fullmatch(before[0])))
