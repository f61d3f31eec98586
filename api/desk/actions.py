"""What an editor can do about accusations without a reply, and about values that differ.

Nothing here changes anything: a letter is to be copied, and a sentence opens in its section's edit.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence

from api.desk.draft_view import Part
from summarizer.domain.accusations import Accusation, Reply, ReplyKind
from summarizer.domain.claims import Kind, Position, Stance
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.items import Passage, PassageId
from summarizer.domain.model import Model
from summarizer.domain.page import Page
from summarizer.domain.responses import ANSWER_IN, Asked, deadline
from summarizer.domain.sections import Layout
from summarizer.rendering.phrases import date_words, time_words
from summarizer.rendering.schema import Disagreement, Finding
from summarizer.verification import right_of_reply

TIMES = {
    "24 hours": ANSWER_IN,
    "2 days": dt.timedelta(days=2),
    "3 days": dt.timedelta(days=3),
    "a week": dt.timedelta(days=7),
}
"""Times that a letter may give to answer."""

LETTER = """To: {of}
Subject: Request for a response before publication

We are preparing a page on “{title}” ({incident}) and ask for your response.

Our sources say, in their words:

{passages}

Is this right? What do you say to it? Please answer by {deadline}. We print your answer with the \
accusation. If none has come by then, we say that we asked.

{editor}
{site}
"""


ANSWERS = {
    ReplyKind.ADMISSION: "admits it",
    ReplyKind.DENIAL: "denies it",
    ReplyKind.STATEMENT: "answers",
    ReplyKind.CLEARED: "is cleared of it",
}
"""What an answer does, after the name of the accused."""


class Quoted(Model):
    """A passage as a letter or a block quotes it.

    Args:
        told: outlet and day.
    """

    text: str
    told: str
    passage: PassageId


class NewSentence(Model):
    """A sentence to add to a section, as the edit takes it.

    Args:
        key: of the section.
        content: the claim, as JSON.
    """

    key: str
    content: str


class Deadline(Model):
    """A time by which a letter may ask for an answer.

    Args:
        within: how long that is.
        words: as the letter says it.
    """

    within: str
    until: dt.datetime
    words: str


class Answer(Model):
    """What the evidence has of an accused's answer.

    Args:
        words: what it says, or that it has none.
        quoted: passages of the answer.
        letter: to ask for a response; empty where there is an answer, or nobody to ask.
        asked: the request that was made; ``None`` before.
        add: the reply, where no shown sentence rests on it.
    """

    of: str
    words: str
    quoted: tuple[Quoted, ...]
    letter: str
    asked: Asked | None
    add: NewSentence | None


class Charge(Model):
    """An accusation with its passages and the answers to it."""

    head: str
    quoted: tuple[Quoted, ...]
    answers: tuple[Answer, ...]


class Newest(Model):
    """A shown sentence with an older value, and what it would be with the newest.

    Args:
        cites: what it would rest on, as JSON.
    """

    key: str
    claim: str
    text: str
    changed: str
    cites: str


def charges(
    page: Page, parts: Sequence[Part], editor: str, site: str, now: dt.datetime
) -> tuple[Charge, ...]:
    """The accusations of a page in its order, each once."""
    pack = page.draft.evidence
    accusing = [a for a in dict.fromkeys(page.accusations) if a.position is Position.ACCUSES]
    held: dict[str, list[PassageId]] = {}
    for accusation in accusing:
        for accused in accusation.accused:
            held.setdefault(accused, []).extend(accusation.passages)

    def letter(of: str) -> str:
        return LETTER.format(
            of=of,
            title=page.title,
            incident=page.incident.id,
            passages="\n\n".join(
                f"“{one.text}”\n({one.told})" for one in _quoted(dict.fromkeys(held[of]), pack)
            ),
            deadline=time_words(deadline(now)),
            editor=editor,
            site=site,
        )

    cited = {c.passage for part in parts for s in part.sentences if s.shown
             for c in s.claim.citations}  # fmt: skip

    def answer(reply: Reply) -> Answer:
        asks = not reply.is_answer and not right_of_reply.is_nobody(reply.of)
        missing = reply.is_answer and reply.words and not cited & set(reply.passages)
        by = f" {reply.by} answers for it." if reply.by and reply.by != reply.of else ""
        return Answer(
            of=reply.of,
            words=right_of_reply.silence(reply) or f"{reply.of} {ANSWERS[reply.kind]}.{by}",
            quoted=tuple(_quoted(reply.passages, pack)),
            letter=letter(reply.of) if asks else "",
            asked=page.asked.get(reply.of) if asks else None,
            add=_reply(parts, reply.words, reply.passages, reply.of, reply.kind)
            if missing
            else None,
        )

    return tuple(
        Charge(
            head=_head(accusation),
            quoted=tuple(_quoted(accusation.passages, pack)),
            answers=tuple(map(answer, accusation.replies)),
        )
        for accusation in accusing
    )


def deadlines(now: dt.datetime) -> tuple[Deadline, ...]:
    """Times by which a letter of now may ask for an answer, the first of them proposed."""
    return tuple(
        Deadline(within=words, until=due, words=time_words(due))
        for words, time in TIMES.items()
        for due in [deadline(now, time)]
    )


def later_reply(finding: Finding, parts: Sequence[Part]) -> NewSentence | None:
    """The reply that a later item has, as a sentence; ``None`` for another finding."""
    if not (finding.answers and finding.text and finding.passage):
        return None
    passages = (PassageId(finding.passage),)
    return _reply(parts, finding.text, passages, finding.answers, ReplyKind.STATEMENT)


def newest(differing: Disagreement, parts: Sequence[Part]) -> tuple[Newest, ...]:
    """Shown sentences with a value whose place the newest takes, each with that in it.

    Where sources only differ, the newest is another's word, and none is put into a sentence that
    may name who says it.
    """
    last = next((t for t in differing.tellings if t.newest), None)
    if last is None:
        return ()
    found = []
    for part in parts:
        for sentence in (s for s in part.sentences if s.shown):
            claim = sentence.claim
            cites = [c.passage for c in claim.citations]
            old = [
                t
                for t in differing.tellings
                if t.superseded and t.passage in cites and t.value in claim.text
            ]
            if not old or last.value in claim.text:
                continue
            gone = {t.passage for t in old}
            rests = [last.passage, *(cite for cite in cites if cite not in gone)]
            found.append(
                Newest(
                    key=part.key,
                    claim=claim.id,
                    text=claim.text,
                    changed=claim.text.replace(old[0].value, last.value, 1),
                    cites=json.dumps(rests),
                )
            )
    return tuple(found)


def _head(accusation: Accusation) -> str:
    who = accusation.accuser or accusation.source or "Somebody whom the passages do not name"
    return f"{who}, against {', '.join(accusation.accused) or 'nobody named'}"


def _quoted(ids: Sequence[PassageId] | Mapping[PassageId, None], pack: EvidencePack) -> Iterator[
    Quoted
]:  # fmt: skip
    sources = {item.key: item for item in pack.items}
    found: list[Passage | None] = [pack.passage(id_) for id_ in ids]
    for passage in filter(None, found):
        item = sources.get(passage.item_key)
        day = f", {date_words(item.published_at)}" if item and item.published_at else ""
        told = f"{item.source_name if item else passage.item_key}{day}"
        yield Quoted(text=passage.text.strip(), told=told, passage=passage.id)


def _reply(
    parts: Sequence[Part], words: str, passages: Sequence[PassageId], of: str, kind: ReplyKind
) -> NewSentence | None:
    """A reply as a sentence of the sides, else of the first section of points."""
    by_layout = {part.section.layout: part.key for part in reversed(parts)}
    key = by_layout.get(Layout.SIDES) or by_layout.get(Layout.POINTS)
    if key is None:
        return None
    claim = {"text": words, "cites": list(passages)}
    claim["kind"] = Kind.DENIAL.value if kind is ReplyKind.DENIAL else Kind.FACT.value
    if Layout.SIDES in by_layout:
        claim |= {"actor": of, "stance": Stance.DEFENDER.value}
    return NewSentence(key=key, content=json.dumps(claim))
