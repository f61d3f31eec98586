"""Incidents in outline, from the database of the store."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, select

from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import key_of
from summarizer.domain.outlines import Member, Outline
from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.memberships import TIMES, members
from summarizer.storage.rows import parts

_INCIDENTS, _ITEMS, _DRAFTS = tables.incidents, tables.items, tables.drafts
_SEEN_AT = func.coalesce(_ITEMS.c.published_at, _ITEMS.c.ingested_at, type_=tables.UtcDateTime())


class Outlines:
    """Outlines in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, ids: Collection[str] | None = None) -> list[Outline]:
        """Exactly those incidents, all when left out; those that were merged away are absent."""
        with self._database.reading() as connection:
            if ids is None:
                return list(_outlines(connection, None))
            return [
                found
                for part in parts(sorted(set(ids)), TIMES)
                for found in _outlines(connection, part)
            ]


def _outlines(connection: Connection, ids: Sequence[str] | None) -> Iterator[Outline]:
    def those(query: Select[Any]) -> Select[Any]:
        lasting = query.where(_INCIDENTS.c.merged_into.is_(None), _INCIDENTS.c.deleted_at.is_(None))
        return lasting if ids is None else lasting.where(_INCIDENTS.c.id.in_(ids))

    found: dict[int, list[Member]] = {}
    numbers = those(select(_INCIDENTS.c.number))
    inside = members(numbers).subquery()
    shown = (_ITEMS.c.published_at, _ITEMS.c.ingested_at, _ITEMS.c.platform)
    items = select(inside.c.incident, inside.c.at, _ITEMS.c.number, *shown)
    items = items.join(inside, inside.c.item == _ITEMS.c.number)
    for row in connection.execute(items.order_by(_SEEN_AT, _ITEMS.c.number)):
        at = row.published_at and min(row.published_at, row.ingested_at)
        member = Member(row.number, key_of(row.number), at, row.platform, row.at)
        found.setdefault(row.incident, []).append(member)
    newest = select(func.max(_DRAFTS.c.revision)).where(_DRAFTS.c.incident == _INCIDENTS.c.number)
    rows = select(_INCIDENTS, newest.scalar_subquery().label("revision"))
    for row in connection.execute(those(rows).order_by(_INCIDENTS.c.number)):
        yield Outline(
            id=IncidentId(row.id),
            number=row.number,
            created_at=row.created_at,
            members=tuple(found.get(row.number, ())),
            revision=row.revision,
        )
