"""Right of reply: what a page shows of accusations stands with what the evidence holds of replies.

A shown accusation without the reply that the evidence holds gets the reply's own sentence as a
note, a denial without its accusation gets the accusation's, and where nobody answers the note says
what the evidence holds of that.  Notes are about the evidence, never about the world.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from summarizer.domain.absences import Absence, AbsenceReason
from summarizer.domain.accusations import Accusation, Reply, ReplyKind
from summarizer.domain.claims import CheckedClaim, Failure, Position
from summarizer.domain.drafts import Draft, Section
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.responses import Requests
from summarizer.domain.sections import ROWS, Layout, Row, Rule, SectionSpec
from summarizer.text.act_words import names_accusation
from summarizer.text.name_matching import mentions
from summarizer.text.parties import OF_SOME
from summarizer.text.quotations import quotes
from summarizer.verification.accusations import accusations, answers, carried
from summarizer.verification.outcomes import outdated, tells
from summarizer.verification.scene import scene_of

CHECK = "right_of_reply"
ORPHAN = "It answers an accusation that nothing else in the evidence tells."
_EMPTIED = Absence(reason=AbsenceReason.WITHHELD, words=ORPHAN)
ENDED = "A later source tells how this ended: “{words}”"
NONE_FOUND = "No response from {of} was found in the sources."
_NOTES = {
    ReplyKind.DECLINED: "{of} declined to comment, as a source reports.",
    ReplyKind.NO_ANSWER_REPORTED: "{of} had not commented when the sources were published.",
    ReplyKind.NONE_FOUND: NONE_FOUND,
}


@dataclass(frozen=True)
class _Read:
    """What one claim accuses, and who answers in it, by key."""

    checked: CheckedClaim
    accusations: tuple[Accusation, ...]
    answers: Mapping[str, Position]


def paired(
    sections: Sequence[Section], pack: EvidencePack, specs: Sequence[SectionSpec]
) -> tuple[Section, ...]:
    """All sections with their accusations and notes.

    A denial that says nothing of what it denies is withheld when no source tells the accusation.  A
    note stands once, with the sides where they show what it is about.

    Args:
        sections: the sections of a page after the gate, in order.
        pack: their evidence.
        specs: of these sections; a headline has no room for notes.
    """
    page = _Page(pack)
    rows = {spec.key: spec.row for spec in specs}
    kept = [page.without_orphans(section) for section in sections]
    shown = [one for section in kept for one in page.read(section.shown)]
    found, told = {}, set[str]()
    for section in sorted(kept, key=lambda s: Rule.ONE_ACTOR not in rows[s.key].rules):
        own = page.read(section.shown)
        held = page.accusations(own, shown)
        notes = page.notes(section, shown) if has_notes(rows[section.key]) else ()
        new = [note for note, again in dict.fromkeys(notes) if again or note not in told]
        told.update(new)
        update = {"notes": tuple(dict.fromkeys(new)), "accusations": held}
        found[section.key] = section.model_copy(update=update)
    return tuple(found[section.key] for section in sections)


def accusations_of(draft: Draft) -> Iterator[tuple[str, Accusation]]:
    """What the shown claims of a draft accuse, each with its section's key."""
    for section in draft.sections:
        held = section.accusations
        if held is None:  # a revision from before they were stored
            held = tuple(a for c in section.shown for a in carried(c.claim, draft.evidence))
        yield from ((section.key, accusation) for accusation in held)


def unanswered(draft: Draft) -> tuple[tuple[str, str], ...]:
    """Accused of whom the evidence has no word, each once with the section that accuses first;
    of "some" or "two labs" nobody can be asked, and no note speaks."""
    found: dict[str, str] = {}
    for key, accusation in accusations_of(draft):
        for actor in accusation.unanswered:
            if not is_nobody(actor):
                found.setdefault(actor, key)
    return tuple((key, actor) for actor, key in found.items())


def silence(reply: Reply) -> str | None:
    """What the evidence holds of an answer that it does not have; ``None`` for an answer."""
    words = _NOTES.get(reply.kind)
    return words.format(of=reply.of) if words else None


def still_true(notes: Sequence[str], answered: Iterable[str]) -> tuple[str, ...]:
    """Notes without those that say that somebody has not answered who has in a later source."""
    kinds = (ReplyKind.NONE_FOUND, ReplyKind.NO_ANSWER_REPORTED)
    gone = {_NOTES[kind].format(of=actor) for actor in answered for kind in kinds}
    return tuple(note for note in notes if note not in gone)


def with_requests(
    notes: Mapping[str, Sequence[str]], draft: Draft, asked: Requests, answered: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Notes by section that also say who was asked for a response, and when: behind the note that
    nothing was found, else with the first section that has room for it.

    Args:
        notes: of the sections, those that are still true.
        draft: the draft.
        asked: who was asked.
        answered: who has answered in a later source.
    """
    kinds = (ReplyKind.NONE_FOUND, ReplyKind.NO_ANSWER_REPORTED)
    silent = {_NOTES[kind].format(of=actor): actor for kind in kinds for actor in asked}
    said = {silent[note] for own in notes.values() for note in own if note in silent}
    told = {
        key: [f"{note} {asked[silent[note]].words}" if note in silent else note for note in own]
        for key, own in notes.items()
    }
    for key, accusation in accusations_of(draft):
        for actor in accusation.unanswered:
            if actor in asked and actor not in {*said, *answered} and has_notes(ROWS[key]):
                said.add(actor)
                told[key].append(asked[actor].words)
    return {key: tuple(own) for key, own in told.items()}


def has_notes(row: Row) -> bool:
    """Whether a section has room for notes: a headline has none."""
    return row.layout is not Layout.HEADLINE


class _Page:
    def __init__(self, pack: EvidencePack) -> None:
        self._pack = pack
        self._scene = scene_of(pack)
        self._read: dict[str, _Read] = {}

    def read(self, claims: Sequence[CheckedClaim]) -> list[_Read]:
        return [self._one(checked) for checked in claims]

    def _one(self, checked: CheckedClaim) -> _Read:
        claim = checked.claim
        text = f"{claim.text}\n{claim.actor}\n{claim.cites}"
        if text not in self._read:
            self._read[text] = _Read(
                checked, carried(claim, self._pack), answers(claim, self._pack)
            )
        return replace(self._read[text], checked=checked)

    def accusations(self, own: Sequence[_Read], shown: Sequence[_Read]) -> tuple[Accusation, ...]:
        """What a section's claims accuse; a reply that only a claim tells counts."""
        held = dict.fromkeys(a for one in own for a in one.accusations)
        return tuple(
            a.model_copy(update={"replies": tuple(self._told(r, shown) for r in a.replies)})
            for a in held
        )

    def _told(self, reply: Reply, shown: Sequence[_Read]) -> Reply:
        if reply.is_answer:
            return reply
        for one in shown:
            mine = self._scene.cast.key(reply.of)
            accuses = any(
                a.accuser and self._scene.cast.key(a.accuser) == mine for a in one.accusations
            )
            if self._answers(one, reply.of) and not accuses:
                claim = one.checked.claim
                said = {"kind": ReplyKind.STATEMENT, "by": reply.of, "words": claim.text}
                return reply.model_copy(update=said | {"passages": claim.cites})
        return reply

    def _answers(self, one: _Read, of: str) -> bool:
        key = self._scene.cast.key(of)
        keys = {key, *self._scene.cast.owners(key)}
        return any(k in keys or (k and key.endswith(f" {k}")) for k in one.answers)

    # --- What belongs together -----------------------------------------------------------------

    def without_orphans(self, section: Section) -> Section:
        """The section without bare denials of what no source tells."""
        orphans = [one.checked for one in self.read(section.shown) if self._is_orphan(one)]
        if not orphans:
            return section
        gone = {checked.id for checked in orphans}
        shown = tuple(checked for checked in section.shown if checked.id not in gone)
        update = {
            "shown": shown,
            "withheld": (*section.withheld, *map(_withheld, orphans)),
            "abstained": None if shown else section.abstained or _EMPTIED,
        }
        return section.model_copy(update=update)

    def _is_orphan(self, one: _Read) -> bool:
        claim = one.checked
        kept = claim.edited_by is not None or claim.restored_because is not None
        denied = [key for key, position in one.answers.items() if position is Position.DENIES]
        if kept or not denied or one.accusations or not names_accusation(claim.claim.text):
            return False
        if len(one.answers) > 1 or quotes(claim.claim.text):
            return False  # what is denied stands in the sentence itself
        return not any(self._against(key) or self._is_spoken_of(one, key) for key in denied)

    def _is_spoken_of(self, one: _Read, key: str) -> bool:
        """Whether a passage that the claim does not cite speaks of an accusation and the actor."""
        return any(
            names_accusation(passage.text) and mentions(key, passage.text)
            for passage in self._pack.passages
            if passage.id not in one.checked.claim.cites
        )

    def _against(self, key: str) -> list[Accusation]:
        return [
            a
            for a in accusations(self._pack)
            if any(k == key or k.endswith(f" {key}") for k in map(self._scene.cast.key, a.accused))
        ]

    # --- Notes ---------------------------------------------------------------------------------

    def notes(self, section: Section, shown: Sequence[_Read]) -> Iterator[tuple[str, bool]]:
        """What a section lacks beside what it shows, and whether the note stands although another
        section has it: the section has lost the sentence."""
        own, lost = self.read(section.shown), self.read(section.withheld)
        ends = tuple(self._ends(own))
        told_ends = "\n".join(ends)
        for accusation in (a for one in own for a in one.accusations):
            for reply in accusation.replies:
                gone = self._has(lost, reply.of)
                if self._has(own, reply.of) or (self._has(shown, reply.of) and not gone):
                    continue
                if _tells_nothing(reply) or (reply.words and reply.words in told_ends):
                    continue
                if reply.is_answer:
                    yield self._answer(reply), gone
                elif accusation.position is Position.ACCUSES and (note := silence(reply)):
                    yield note, False
        yield from ((note, True) for note in ends)
        told = (name for one in shown for a in one.accusations for name in a.accused)
        accused = set(map(self._scene.cast.key, told))
        for one in own:
            for key, position in one.answers.items():
                if position is Position.DENIES and key not in accused:
                    yield from ((note, False) for note in self._what_it_answers(key))

    def _ends(self, own: Sequence[_Read]) -> Iterator[str]:
        """How what a section holds against somebody ended, where it does not tell that."""
        for one in own:
            end = outdated(one.checked.claim, self._pack)
            if end is not None and not any(tells(end, o.checked.claim.text) for o in own):
                yield ENDED.format(words=end.words)

    def _answer(self, reply: Reply) -> str:
        cast = self._scene.cast
        if reply.kind is ReplyKind.CLEARED:
            # A settlement or a word taken back clears nobody: no more is said than the source says.
            does = f"How the accusation against {reply.of} ended"
        elif cast.key(reply.by) in cast.owners(cast.key(reply.of)):
            does = f"{reply.by} answers for {reply.of}"
        else:
            does = f"{reply.of} answers"
        return f"{does}, in the words of a source: “{reply.words}”"

    def _has(self, claims: Sequence[_Read], of: str) -> bool:
        return any(self._answers(one, of) for one in claims)

    def _what_it_answers(self, key: str) -> Iterator[str]:
        for accusation in self._against(key)[:1]:
            passage = self._pack.passage(accusation.passages[0])
            if passage is not None:
                words = " ".join(passage.text.split())
                yield f"{accusation.accused[0]} answers this: “{words}”"


def _tells_nothing(reply: Reply) -> bool:
    """Whether a reply is no note for a reader: of some whom nothing tells apart ("two labs"), or in
    the words of a heading."""
    return is_nobody(reply.of) or reply.words.isupper()


def is_nobody(actor: str) -> bool:
    """Whether an accused is "some" or "two labs", of whom nobody can be asked."""
    first, _, rest = actor.partition(" ")
    return first.casefold() in OF_SOME and not any(word[:1].isupper() for word in rest.split())


def _withheld(checked: CheckedClaim) -> CheckedClaim:
    verdict = checked.verdict
    failure = Failure(check=CHECK, reason=ORPHAN, label=verdict.label)
    verdict = verdict.model_copy(update={"failures": (*verdict.failures, failure)})
    return checked.model_copy(update={"verdict": verdict, "place": None})
