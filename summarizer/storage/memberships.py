"""Which items an incident has: those that are at home there, and those that it shows as well.

Incidents are given by their numbers, of those that were not merged away.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Connection,
    Exists,
    Select,
    func,
    literal,
    or_,
    select,
    union_all,
)

from summarizer.storage import tables
from summarizer.storage.rows import parts

_ALSO = tables.also_in.c
# Of their own, so that no query around these takes them for its own.
_ITEMS = tables.items.alias()
_AT = tables.incidents.alias()
_SHOWN_IN: ColumnElement[int] = func.coalesce(_AT.c.merged_into, _AT.c.number)

Numbers = Sequence[int] | Select[tuple[int]]
"""Numbers of incidents, or a query for them."""

TIMES = 3
"""How often the statements below have the numbers of incidents."""

INCIDENTS_OF_FOUND = (
    "SELECT incidents.id FROM found JOIN items ON items.number = found.item "
    "JOIN incidents ON incidents.number = items.incident "
    "UNION SELECT roots.id FROM found JOIN also_in ON also_in.item = found.item "
    "JOIN incidents ON incidents.number = also_in.incident JOIN incidents AS roots "
    "ON roots.number = coalesce(incidents.merged_into, incidents.number)"
)
"""Ids of the incidents that have one of the items of ``found``."""


def members(numbers: Numbers) -> CompoundSelect[Any]:
    """All items of incidents, one row each: ``item``, ``incident``, ``at`` (when it came there) and
    ``is_guest``."""
    at_home = select(
        _ITEMS.c.number.label("item"),
        _ITEMS.c.incident.label("incident"),
        _ITEMS.c.ingested_at.label("at"),
        literal(value=False).label("is_guest"),
    ).where(_ITEMS.c.incident.in_(numbers))
    guests = (
        _shown(numbers, _ALSO.item, _SHOWN_IN, func.min(_ALSO.at), literal(value=True))
        .join(_ITEMS, _ITEMS.c.number == _ALSO.item)
        .where(_ITEMS.c.incident != _SHOWN_IN)
        .group_by(_ALSO.item, _SHOWN_IN)
    )
    return union_all(at_home, guests)


def items_of(numbers: Numbers) -> CompoundSelect[Any]:
    """Numbers of all items of incidents, for ``IN``: some perhaps twice."""
    at_home = select(_ITEMS.c.number).where(_ITEMS.c.incident.in_(numbers))
    return union_all(at_home, _shown(numbers, _ALSO.item))


def shows(incident: Column[int], *conditions: ColumnElement[bool]) -> Exists:
    """Whether the incident of a row around this query shows an item as well that meets conditions
    on ``tables.items``."""
    here = or_(_AT.c.number == incident, _AT.c.merged_into == incident)
    found = select(_ALSO.item).join(_AT, _AT.c.number == _ALSO.incident)
    met = found.join(tables.items, tables.items.c.number == _ALSO.item).where(here, *conditions)
    return met.correlate(incident.table).exists()


def _shown(numbers: Numbers, *columns: ColumnElement[Any]) -> Select[Any]:
    """Rows of ``also_in`` that count for incidents."""
    here = or_(_AT.c.number.in_(numbers), _AT.c.merged_into.in_(numbers))
    return select(*columns).join(_AT, _AT.c.number == _ALSO.incident).where(here)


def showing(connection: Connection, items: Sequence[int]) -> set[int]:
    """Numbers of the incidents that show one of the items as well."""
    query = select(_SHOWN_IN).join(tables.also_in, _ALSO.incident == _AT.c.number).distinct()
    return {
        number
        for part in parts(items)
        for number in connection.scalars(query.where(_ALSO.item.in_(part)))
    }


def homes_of_guests(connection: Connection, incidents: Collection[int]) -> set[int]:
    """Numbers of the incidents that are the home of what these show as well."""
    query = select(_ITEMS.c.incident).join(tables.also_in, _ALSO.item == _ITEMS.c.number)
    found = connection.scalars(query.where(_ALSO.incident.in_(sorted(incidents))).distinct())
    return {number for number in found if number is not None}
