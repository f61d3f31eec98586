"""Full texts of an incident's items, with the sentences of the draft that cite each passage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from summarizer.domain.assignments import Member
from summarizer.domain.drafts import Draft
from summarizer.domain.items import ItemKey, Passage, SourceItem
from summarizer.domain.model import Model
from summarizer.domain.sections import ROWS


class User(Model):
    """A shown sentence that cites a passage.

    Args:
        anchor: its HTML id on the page of the draft.
        heading: heading of its section.
    """

    anchor: str
    heading: str
    text: str


class Piece(Model):
    """A piece of an item's text.

    Args:
        passage: id of the passage that it is; empty for the space between two.
    """

    text: str
    passage: str = ""
    users: tuple[User, ...] = ()


class SourceText(Model):
    """An item with its whole text.

    Args:
        copy_of: name of the source that it is a copy of; ``None`` if it is none.
        reason: why it is in the incident.
        elsewhere: other incidents that have it, its home first.
    """

    item: SourceItem
    copy_of: str | None
    reason: str
    elsewhere: tuple[str, ...]
    pieces: tuple[Piece, ...]

    @property
    def users(self) -> int:
        """Number of shown sentences that cite the item."""
        return len({user.anchor for piece in self.pieces for user in piece.users})


def texts(
    members: Sequence[Member], passages: Iterable[Passage], draft: Draft | None
) -> tuple[SourceText, ...]:
    """The items of an incident, newest first.

    Args:
        members: of the incident.
        passages: of its items.
        draft: whose sentences are counted; ``None`` before the first.
    """
    users = _users(draft) if draft else {}
    named = {member.item.key: member.item.source_name for member in members}
    within: dict[ItemKey, list[Passage]] = {}
    for passage in passages:
        within.setdefault(passage.item_key, []).append(passage)
    found = [
        SourceText(
            item=member.item,
            copy_of=_copied(member.item, named),
            reason=member.reason,
            elsewhere=member.elsewhere,
            pieces=tuple(_pieces(member.item.text, within.get(member.item.key, ()), users)),
        )
        for member in members
    ]
    return tuple(sorted(found, key=lambda text: text.item.publication_order, reverse=True))


def _copied(item: SourceItem, named: Mapping[ItemKey, str]) -> str | None:
    return None if item.origin == item.key else named.get(item.origin, item.origin)


def _users(draft: Draft) -> dict[str, list[User]]:
    found: dict[str, list[User]] = {}
    for section in draft.sections:
        for checked in section.shown:
            claim = checked.claim
            user = User(
                anchor=f"c-{checked.id}", heading=ROWS[section.key].heading, text=claim.text
            )
            for cited in dict.fromkeys(claim.cites):
                found.setdefault(cited, []).append(user)
    return found


def _pieces(
    text: str, passages: Sequence[Passage], users: Mapping[str, Sequence[User]]
) -> Iterable[Piece]:
    at = 0
    for passage in sorted(passages, key=lambda p: p.start):
        if passage.start > at:
            yield Piece(text=text[at : passage.start])
        cited = tuple(users.get(passage.id, ()))
        yield Piece(text=text[passage.start : passage.end], passage=passage.id, users=cited)
        at = passage.end
    if at < len(text):
        yield Piece(text=text[at:])
