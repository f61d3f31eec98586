"""Entities of an incident: actors with their roles, platforms, outlets, and gaps in the evidence.

They are computed from a draft and its evidence without a model.  Every actor and every role has the
passage that names it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from summarizer.domain.absences import AbsenceReason
from summarizer.domain.accusations import Reply, ReplyKind
from summarizer.domain.claims import CheckedClaim, Position
from summarizer.domain.drafts import Draft
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.findings import SourceValue
from summarizer.domain.items import Passage, PassageId, SourceItem
from summarizer.domain.page import Actor, Entities, Gap, Outlet
from summarizer.text.coreference import EntityGroups, Group, form, occurrences
from summarizer.text.job_titles import offices
from summarizer.text.names import WORD
from summarizer.text.sentences import Span
from summarizer.text.tokens import read
from summarizer.verification import right_of_reply

MOST_ROLES = 4
"""Most roles shown of one actor, the earliest first."""


def of(draft: Draft) -> Entities:
    """The entities of a draft."""
    shown = [claim for section in draft.sections for claim in section.shown]
    empty = (
        Gap(section=section.key, words=section.abstained.words)
        for section in draft.sections
        if section.abstained
        and not section.shown
        and section.abstained.reason is AbsenceReason.NOTHING_FOUND
    )
    replies = _replies(draft)
    silences = dict.fromkeys(map(right_of_reply.silence, replies.values()))
    silent = (Gap(words=words) for words in silences if words)
    items = draft.evidence.items
    return Entities(
        actors=_actors(shown, draft.evidence, replies),
        platforms=_places(items, [item.platform for item in items]),
        outlets=_places(items, [item.source_name for item in items]),
        gaps=(*empty, *silent, *_one_origin(items)),
    )


@dataclass
class _Named:
    """Occurrences of names and of their roles in the passages of a pack, by form of the name."""

    seen: dict[str, list[tuple[Passage, Span]]] = field(default_factory=dict)
    roles: dict[str, list[tuple[Passage, Span]]] = field(default_factory=dict)

    def works(self) -> dict[str, set[str]]:
        """Words of the roles of each form."""
        return {
            name: {word for p, span in held for word in WORD.findall(p.text[span.start : span.end])}
            for name, held in self.roles.items()
        }


def _named(pack: EvidencePack) -> _Named:
    found = _Named()
    for passage in pack.passages:
        for name in occurrences(passage.text):
            place = passage, Span(name.start, name.end)
            found.seen.setdefault(name.text, []).append(place)
            for span in offices(passage.text, name):
                found.roles.setdefault(name.text, []).append((passage, span))
    return found


def _replies(draft: Draft) -> dict[str, Reply]:
    """The reply of each accused of a draft."""
    return {
        reply.of: reply
        for _, accusation in right_of_reply.accusations_of(draft)
        if accusation.position is Position.ACCUSES
        for reply in accusation.replies
    }


def _actors(
    shown: Sequence[CheckedClaim], pack: EvidencePack, replies: Mapping[str, Reply]
) -> tuple[Actor, ...]:
    called = [c.claim.actor for c in shown if c.claim.actor] + list(replies)
    named = _named(pack)
    cast = EntityGroups([p.text for p in pack.passages], called, named.works())
    actors: dict[str, list[str]] = {}
    for name in called:
        group = cast.of(name)
        known = next((head for head in actors if group and cast.of(head) is group), None)
        actors.setdefault(known or _head(name, called, group, cast), []).append(name)
    found = (
        _actor(name, set(forms), cast, named, shown, pack, replies)
        for name, forms in actors.items()
    )
    return tuple(actor for actor in found if actor is not None)


def _head(name: str, called: Sequence[str], group: Group | None, cast: EntityGroups) -> str:
    """The longest form of an actor's name on the page; for a lone surname, the full name."""
    forms = [one for one in called if group is not None and cast.of(one) is group]
    longest = max(forms, key=len, default=name)
    lone = group is not None and len(longest.split()) == 1 and group.forms[0].is_person
    if group is None or lone:
        return group.name if group else name
    same = [f for f in group.forms if f.words == form(longest).words]
    return min(same, key=lambda f: (len(f.titles), -len(f.text))).text


def _actor(
    name: str,
    forms: set[str],
    cast: EntityGroups,
    named: _Named,
    shown: Sequence[CheckedClaim],
    pack: EvidencePack,
    replies: Mapping[str, Reply],
) -> Actor | None:
    group = cast.of(name)
    mine = [c.claim for c in shown if c.claim.actor in forms]
    cited = [PassageId(cite) for claim in mine for cite in claim.cites]
    places = [p for one in named.seen if _is_of(one, name, group, cast) for p in named.seen[one]]
    roles = [
        r for form in named.roles if _is_of(form, name, group, cast) for r in named.roles[form]
    ]
    seen = _seen(name, places, cited, pack)
    if seen is None:
        return None
    answering = [reply for of, reply in replies.items() if of in forms]
    answers = [r.is_answer for r in answering if r.kind is not ReplyKind.UNCLEAR]
    return Actor(
        name=name,
        aliases=group.others(name) if group else (),
        roles=tuple(_distinct(roles, pack)),
        seen=seen,
        stances=tuple(dict.fromkeys(claim.stance for claim in mine if claim.stance)),
        kinds=tuple(dict.fromkeys(claim.kind for claim in mine)),
        accused=bool(answering),
        answered=any(answers) if answers else None,
    )


def _is_of(one: str, name: str, group: Group | None, cast: EntityGroups) -> bool:
    return one == name if group is None else cast.of(one) is group


def _seen(
    name: str,
    places: Sequence[tuple[Passage, Span]],
    cited: Sequence[PassageId],
    pack: EvidencePack,
) -> SourceValue | None:
    """A passage that names an actor, preferably a cited one; else the first cited passage."""
    known = {p.id: p for p in pack.passages}
    own = [known[id_] for id_ in cited if id_ in known]
    near = [place for place in places if place[0].id in cited]
    if near or places:
        return _source_value(*(near or places)[0], pack)
    for passage in [*own, *pack.passages]:
        at = passage.text.casefold().find(name.casefold())
        if at >= 0 and len(passage.text) == len(passage.text.casefold()):
            return _source_value(passage, Span(at, at + len(name)), pack)
    return _source_value(own[0], Span(0, 0), pack) if own else None


def _distinct(roles: Iterable[tuple[Passage, Span]], pack: EvidencePack) -> Iterator[SourceValue]:
    """Each role once, in its longest wording."""
    place = {p.id: n for n, p in enumerate(pack.passages)}
    ordered = sorted(roles, key=lambda held: (place[held[0].id], held[1]))
    words = [read(p.text[s.start : s.end]).content_set for p, s in ordered]
    kept = [
        held
        for n, held in enumerate(ordered)
        if not any(
            words[n] < other or (words[n] == other and m < n)
            for m, other in enumerate(words)
            if m != n
        )
    ]
    for passage, span in kept[:MOST_ROLES]:
        yield _source_value(passage, span, pack)


def _source_value(passage: Passage, span: Span, pack: EvidencePack) -> SourceValue:
    item = pack.item(passage.item_key)
    return SourceValue(
        value=passage.text[span.start : span.end],
        item=item.key,
        source=item.source_name,
        passage=passage.id,
        text=passage.text,
        start=span.start,
        end=span.end,
        day=item.published_at.date() if item.published_at else None,
    )


def _one_origin(items: Sequence[SourceItem]) -> Iterator[Gap]:
    if len(items) > 1 and len({item.origin for item in items}) == 1:
        yield Gap(words=f"All {len(items)} items repeat one text: no second origin was found.")


def _places(items: Sequence[SourceItem], where: Sequence[str]) -> tuple[Outlet, ...]:
    origins: dict[str, set[str]] = {}
    for item, name in zip(items, where, strict=True):
        origins.setdefault(name, set()).add(item.origin)
    counted = sorted(Counter(where).items(), key=lambda found: (-found[1], found[0]))
    return tuple(Outlet(name=name, items=n, origins=len(origins[name])) for name, n in counted)
