"""Who accuses whom, and who answers: read from the evidence, and from the claims of a draft."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from summarizer.domain.accusations import Accusation, Reply, ReplyKind, Stage
from summarizer.domain.claims import Claim, Kind, Position
from summarizer.domain.evidence import EvidencePack
from summarizer.text.act_words import names_accusation, words
from summarizer.text.coreference import form, occurrences
from summarizer.text.name_matching import mentions
from summarizer.text.plain_replies import plain_reply
from summarizer.text.prompt_injection import holds_order
from summarizer.text.quantities import quantities
from summarizer.text.tokens import read, stem
from summarizer.verification.cast import Actor
from summarizer.verification.outcomes import end_of, withdrawing
from summarizer.verification.scene import Scene, Told, scene_of

_NEXT, _BESIDE = 1, 4
"""Most passages from an accusation to what anybody says next, and to an answer in its words."""
_SILENT = (ReplyKind.DECLINED, ReplyKind.NO_ANSWER_REPORTED)
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


@dataclass
class _Case:
    """All that is told of one accuser against the same accused."""

    accuser: Actor | None
    accused: tuple[Actor, ...]
    told: list[Told]
    behind: frozenset[str] = frozenset()
    """Stems of the sentences that go on from its own without naming the accused."""

    @property
    def position(self) -> Position:
        return self.told[0].act.position

    @property
    def keys(self) -> frozenset[str]:
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
        return _plain_words({told.sentence for told in self.told})

    @property
    def is_anonymous(self) -> bool:
        """Whether nothing tells who accuses but a pronoun or a document."""
        if self.accuser is None or not self.accuser.side:
            return True
        document = self.accuser.key.removesuffix("s") in words("documents")
        return document and not self.accuser.name and not self.accuser.principal


def _plain_words(texts: Collection[str]) -> frozenset[str]:
    held = frozenset[str]().union(*(read(text).content_set for text in texts))
    names = {name.text for text in texts for name in occurrences(text)}
    return held - frozenset[str]().union(*(read(name).content_set for name in names))


def accusations(pack: EvidencePack) -> tuple[Accusation, ...]:
    """The accusations of a pack in the order of its passages, each with the replies to it."""
    return tuple(accusation for _, accusation in _of_pack(scene_of(pack)))


@lru_cache(maxsize=4)  # as many as there are scenes
def _of_pack(scene: Scene) -> tuple[tuple[_Case, Accusation], ...]:
    back = withdrawing(scene)  # "We reported that X had taken money. We withdraw the report."
    told = [one for one in scene.told() if one.item.key not in back or not _is_own(one)]
    cases = _joined(_cases(told))
    return tuple(zip(cases, _with_replies(scene, cases), strict=True))


def _is_own(told: Told) -> bool:
    """Whether an item tells what it said itself."""
    return any(party.is_speaker for party in told.act.by)


def accusers(pack: EvidencePack) -> frozenset[str]:
    """Keys of those whose word the accusations of a pack are."""
    cases = (case for case, _ in _of_pack(scene_of(pack)))
    sides = (c.accuser.side for c in cases if c.accuser and c.position is Position.ACCUSES)
    return frozenset(side for side in sides if side)


def carried(claim: Claim, pack: EvidencePack) -> tuple[Accusation, ...]:
    """The accusations that a claim makes, with the replies in the evidence.

    Its own words tell; where they do not, an allegation makes those of its cited passages whose
    accused it names, or one whose accused nothing tells.
    """
    scene = scene_of(pack)
    speaker = scene.cast.side(claim.actor) if claim.actor else ""
    own = scene.told_in(claim)
    cases = _cases(own)
    if not cases and (claim.kind is Kind.ALLEGATION or claim.position is Position.ACCUSES):
        named = {scene.cast.key(name.text) for name in occurrences(claim.text)}
        cases = [
            case for case in _cases(scene.told_by(claim.cites)) if case.keys & named - {speaker}
        ] or [_Case(told.by[0], (), [told]) for told in own[:1] if told.by]
    return tuple(_known(scene, case) or _with_replies(scene, [case])[0] for case in cases)


def _known(scene: Scene, case: _Case) -> Accusation | None:
    """The accusation of the pack that a claim's own is, where just one is."""
    named = any(actor.name for actor in case.accused)
    fit = [
        accusation
        for known, accusation in (_of_pack(scene) if case.accused else ())
        if known.position is case.position
        and (case.is_anonymous or _same_side(known, case))
        and (case.keys <= known.keys or (not named and known.accused[0].name))
    ]
    return fit[0] if len(fit) == 1 else None


def answers(claim: Claim, pack: EvidencePack) -> dict[str, Position]:
    """What a claim tells of answers: the position of each who denies, admits or states something,
    by the key of the actor whose word it is."""
    scene = scene_of(pack)
    found = {
        actor.side: told.act.position
        for told in scene.told_in(claim)
        if told.act.reply is not None and told.act.reply not in _SILENT
        for actor in told.by
    }
    if claim.actor and claim.position in (Position.DENIES, Position.ADMITS):
        found[scene.cast.side(claim.actor)] = claim.position
    elif claim.actor and claim.kind is Kind.DENIAL:
        found.setdefault(scene.cast.side(claim.actor), Position.DENIES)
    return found


def accuses_itself(claim: Claim, pack: EvidencePack) -> bool:
    """Whether a claim has for its actor one whom it only accuses."""
    if claim.actor is None:
        return False
    scene = scene_of(pack)
    keys = {scene.cast.key(claim.actor), scene.cast.side(claim.actor)}
    told = scene.told_in(claim)
    against = any(a.key in keys for one in told if not one.act.ends for a in one.of)
    speaks = any(keys & {actor.key, actor.side} for one in told for actor in one.by)
    return against and not speaks


def _cases(found: Iterable[Told]) -> list[_Case]:
    cases: dict[tuple[str, Position, frozenset[str]], _Case] = {}
    for told in found:
        by = told.by[0] if told.by else None
        own = (by.key, by.side) if by else ()
        held = () if told.act.ends else told.of
        of = tuple(actor for actor in held if actor.key and actor.key not in own)
        if of:
            new = _Case(by, of, [])
            key = by.side if by else "", told.act.position, new.keys
            cases.setdefault(key, new).told.append(told)
    return list(cases.values())


def _joined(cases: list[_Case]) -> list[_Case]:
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
            near = [c for c in others if _same_side(c, case) and c.accused[0].name]
        if len(near) == 1:
            near[0].told = [*near[0].told, *case.told]
        else:
            kept.append(case)
    return kept


def _same_side(one: _Case, other: _Case) -> bool:
    mine, theirs = one.accuser, other.accuser
    return mine is not None and theirs is not None and mine.side == theirs.side


# --- Replies -----------------------------------------------------------------------------------


def _with_replies(scene: Scene, cases: Sequence[_Case]) -> tuple[Accusation, ...]:
    if not cases:
        return ()
    accused = frozenset[str]().union(*(case.keys for case in cases))
    keys = accused.union(*map(scene.cast.owners, accused))
    accusing = {told.sentence for case in cases for told in case.told}
    for case in cases:
        case.behind = _plain_words(set(_going_on(scene, case)))
    replies: dict[str, list[Told]] = {}
    for told in scene.told(saying=keys):
        if _kind(told) is not None:
            told = replace(told, accuses=told.sentence in accusing)
            for key in {key for actor in _answering(told) for key in (actor.key, actor.principal)}:
                replies.setdefault(key, []).append(told)
    return tuple(_accusation(scene, case, replies) for case in cases)


def _going_on(scene: Scene, case: _Case) -> Iterator[str]:
    places = {(item, n + 1) for item, found in case.places.items() for n in found}
    for line in scene.lines:
        if (line.item.key, line.passage.n) in places:
            named = {scene.cast.key(name.text) for name in occurrences(line.text)}
            if named.isdisjoint(case.keys):
                yield line.text


def _accusation(scene: Scene, case: _Case, replies: Mapping[str, Sequence[Told]]) -> Accusation:
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
        replies=tuple(_reply(scene, actor, case, replies) for actor in case.accused),
    )


def _kind(told: Told) -> ReplyKind | None:
    """Of an act as a reply: who accuses back states something."""
    if told.act.ends is not None:
        return None if told.act.ends.negated else ReplyKind.CLEARED
    return told.act.reply or (ReplyKind.STATEMENT if told.of else None)


def _answering(told: Told) -> tuple[Actor, ...]:
    """Who answers by an act, or is cleared by it."""
    return told.by if told.act.ends is None else told.of


def _speaking_for(scene: Scene, key: str, case: _Case) -> frozenset[str]:
    """Keys of the owners of an accused, who may answer for it, without its accuser."""
    return scene.cast.owners(key) - ({case.accuser.side} if case.accuser else set())


def _reply(
    scene: Scene, accused: Actor, case: _Case, replies: Mapping[str, Sequence[Told]]
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


def _cleared(scene: Scene, accused: Actor, case: _Case) -> Reply | None:
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


def _is_before(told: Told, case: _Case) -> bool:
    first = min((one.item.seen_at, one.passage.n) for one in case.told)
    return (told.item.seen_at, told.passage.n) < first


def _is_to(told: Told, case: _Case) -> bool:
    """Whether an answer may be to this accusation: beside it, in words that speak of one, or, where
    it is no earlier, in words that it shares.  Who accuses the accuser answers, if no earlier."""
    kind = _kind(told)
    if told.act.reply is None and kind is ReplyKind.STATEMENT:
        back = case.accuser is not None and case.accuser.key in [actor.key for actor in told.of]
        return back and _place(told) > min(map(_place, case.told))
    if kind in _SILENT:
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


def _shared(told: Told, case: _Case) -> int:
    """How much ties a statement to an accusation: words of it or of what its accuser goes on to
    say, a word for one, the name of who accuses."""
    mine = read(told.sentence)
    tied = len((case.words | case.behind) & mine.content_set)
    return tied + names_accusation(told.sentence) + _mentions_accuser(told, case)


def _mentions_accuser(told: Told, case: _Case) -> bool:
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
