"""Incidents, and the items in them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    ScalarSelect,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from summarizer.domain.incidents import Incident, IncidentId, IncidentSources
from summarizer.domain.items import ItemKey, key_of, number_of
from summarizer.errors import ConflictError, GoneError, InputError, NotFoundError
from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.dialects import is_postgresql, next_number
from summarizer.storage.items import item_of, passage_of
from summarizer.storage.locks import GROUPING, LOG
from summarizer.storage.memberships import TIMES, Numbers, items_of, members, showing
from summarizer.storage.rows import parts
from summarizer.storage.standings import begin, begin_again, mark

RESOLVED = func.coalesce(tables.incidents.c.merged_into, tables.incidents.c.number)
"""Number of the incident that a row of ``incidents`` leads to."""

_IN_ORDER = (
    func.coalesce(tables.items.c.published_at, tables.items.c.ingested_at),
    tables.items.c.number,
)
# Built once: it runs some times for every item that is put into an incident.
_INCIDENTS_OF = {
    on_postgresql: text(
        "SELECT items.number, incidents.id FROM items "
        "JOIN incidents ON incidents.number = items.incident "
        f"WHERE items.number {among}"
    )
    for on_postgresql, among in (
        (True, "= ANY(CAST(:items AS integer[]))"),
        (False, "IN (SELECT value FROM json_each(:items))"),
    )
}
_INTO = tables.incidents.alias()
_BY_ID = (
    select(_INTO)
    .join(tables.incidents, _INTO.c.number == RESOLVED)
    .where(tables.incidents.c.id == bindparam("id"))
)


class Incidents:
    """Incidents, each under an id that stays valid when it is merged into another."""

    _database: Database
    _prefix: str

    def create_incident(
        self, created_at: datetime, *, label: str | None = None, items: Sequence[ItemKey] = ()
    ) -> Incident:
        """A new incident that holds those items; with a label that exists already, that incident
        with the items added to it."""
        with self._database.writing(GROUPING, LOG) as connection:
            known = None if label is None else _labelled_number(connection, label)
            if known is None:
                number = next_number(connection, tables.incidents.c.number)
                id_ = f"{self._prefix}-{number:06d}"
                row = {"number": number, "id": id_, "created_at": created_at, "label": label}
                connection.execute(insert(tables.incidents).values(row))
                begin(connection, number)
            else:
                number = known
            _move(connection, items, number)
            return _one_incident(connection, number)

    def assign(self, items: Sequence[ItemKey], incident_id: str) -> Incident:
        """Move items into an incident, out of any other."""
        with self._database.writing(GROUPING, LOG) as connection:
            number = resolved_number(connection, incident_id)
            _move(connection, items, number)
            return _one_incident(connection, number)

    def merge(self, source: str, target: str) -> Incident:
        """Move everything in ``source`` into ``target``, to which its id then redirects.

        Raises:
            InputError: both are the same incident.
        """
        with self._database.writing(GROUPING, LOG) as connection:
            from_, into = (
                resolved_number(connection, source),
                resolved_number(connection, target),
            )
            if from_ == into:
                raise InputError(
                    f"{source} and {target} are one incident: nothing to merge.", field="target"
                )
            connection.execute(
                update(tables.items).where(tables.items.c.incident == from_).values(incident=into)
            )
            # Redirects that ended at the source are moved on, so that one step always suffices.
            redirected = (tables.incidents.c.number == from_) | (
                tables.incidents.c.merged_into == from_
            )
            connection.execute(update(tables.incidents).where(redirected).values(merged_into=into))
            connection.execute(delete(tables.standings).where(tables.standings.c.incident == from_))
            mark(connection, [into], items=True)
            return _one_incident(connection, into)

    def part_again(
        self, gone: str, items: Sequence[ItemKey], before: Collection[str] = ()
    ) -> Incident:
        """Undo a merge: an incident that was merged away holds these items again.

        Args:
            gone: its id.
            items: from the incident that it was merged into.
            before: ids that had led to it before the merge, and do so again.

        Raises:
            ConflictError: it is not merged into another one.
        """
        with self._database.writing(GROUPING, LOG) as connection:
            number = exact_number(connection, gone)
            apart = (
                update(tables.incidents)
                .where(tables.incidents.c.number == number)
                .where(tables.incidents.c.merged_into.is_not(None))
                .values(merged_into=None)
            )
            if connection.execute(apart).rowcount == 0:
                raise ConflictError(f"{gone} is not merged into another incident.")
            led = tables.incidents.c.id.in_(before)
            connection.execute(update(tables.incidents).where(led).values(merged_into=number))
            begin_again(connection, number)
            _put(connection, items, number)  # what showed them before the merge does so again
            return _one_incident(connection, number)

    def incident(self, incident_id: str) -> Incident:
        """The incident with that id."""
        with self._database.reading() as connection:
            row = _resolved(connection, incident_id)
            return _incident_of(row, _members(connection, [row.number]))

    def resolved(self, incident_id: str) -> IncidentId:
        """The id of the incident that an id leads to."""
        with self._database.reading() as connection:
            return IncidentId(_resolved(connection, incident_id).id)

    def incidents_led(self, ids: Collection[str]) -> dict[IncidentId, IncidentId | None]:
        """The incident into which each of these was merged, ``None`` for those that stand for
        themselves; deleted and unknown ones are absent from the answer."""
        into = tables.incidents.alias()
        query = select(tables.incidents.c.id, into.c.id.label("into")).outerjoin(
            into, into.c.number == tables.incidents.c.merged_into
        )
        alive = tables.incidents.c.deleted_at.is_(None) & into.c.deleted_at.is_(None)
        found: dict[IncidentId, IncidentId | None] = {}
        with self._database.reading() as connection:
            for part in parts(sorted(ids)):
                rows = connection.execute(query.where(alive, tables.incidents.c.id.in_(part)))
                for row in rows:
                    found[IncidentId(row.id)] = None if row.into is None else IncidentId(row.into)
        return found

    def incident_number(self, incident_id: str) -> int:
        """The number of the incident that an id leads to."""
        with self._database.reading() as connection:
            return resolved_number(connection, incident_id)

    def sources(self, incident_id: str) -> IncidentSources:
        """The incident with that id, its items and their passages."""
        passages = tables.passages
        with self._database.reading() as connection:
            row = _resolved(connection, incident_id)
            found = _members(connection, [row.number])
            here = tables.items.c.number.in_(items_of([row.number]))
            rows = connection.execute(select(tables.items).where(here).order_by(*_IN_ORDER)).all()
            spans = select(passages).join(tables.items).where(here)
            texts = {item.number: item.text for item in rows}
            return IncidentSources(
                _incident_of(row, found),
                tuple(item_of(item) for item in rows),
                tuple(
                    passage_of(span, texts[span.item])
                    for span in connection.execute(spans.order_by(*_IN_ORDER, passages.c.n))
                ),
            )

    def incident_by_label(self, label: str) -> Incident | None:
        """The incident that carries the label, or into which it was merged."""
        with self._database.reading() as connection:
            number = _labelled_number(connection, label)
            return None if number is None else _one_incident(connection, number)

    def incidents_numbered(self, numbers: Collection[int]) -> list[IncidentId]:
        """Ids of the incidents with these numbers, without unknown ones."""
        query = select(tables.incidents.c.id).where(tables.incidents.c.number.in_(numbers))
        with self._database.reading() as connection:
            return list(map(IncidentId, connection.scalars(query)))

    def incidents_of(self, item_keys: Sequence[ItemKey]) -> dict[ItemKey, IncidentId]:
        """The incident of each item; items without one are absent from the answer."""
        numbers = [number_of(key) for key in item_keys]
        with self._database.reading() as connection:
            postgresql = is_postgresql(connection)
            asked = {"items": numbers if postgresql else json.dumps(numbers)}
            rows = connection.execute(_INCIDENTS_OF[postgresql], asked)
            return {key_of(number): IncidentId(id_) for number, id_ in rows}

    def first_labelled(self, label: str) -> tuple[ItemKey, IncidentId] | None:
        """The item in an incident with that label and the lowest number, and its incident."""
        items = tables.items.c
        query = (
            select(items.number, tables.incidents.c.id)
            .join(tables.incidents, tables.incidents.c.number == items.incident)
            .where(items.label == label)
            .order_by(items.number)
            .limit(1)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else (key_of(row.number), IncidentId(row.id))

    def labels_in(self, incident_id: str) -> list[str]:
        """Labels of the items of exactly that incident."""
        label = tables.items.c.label
        here = tables.items.c.incident == _exactly(incident_id)
        with self._database.reading() as connection:
            found = connection.scalars(select(label).where(here, label.is_not(None)).distinct())
            return [str(one) for one in found]

    def incident_size(self, incident_id: str) -> tuple[int, int]:
        """Number of the items of exactly that incident, and the lowest number of one."""
        query = select(func.count(), func.min(tables.items.c.number)).where(
            tables.items.c.incident == _exactly(incident_id)
        )
        with self._database.reading() as connection:
            count, lowest = connection.execute(query).one()
        return count, lowest or 0

    def incidents(self, limit: int = 100, offset: int = 0) -> list[Incident]:
        """Incidents that were not merged away, newest first."""
        query = select(tables.incidents.c.number).where(
            tables.incidents.c.merged_into.is_(None), tables.incidents.c.deleted_at.is_(None)
        )
        newest = query.order_by(tables.incidents.c.number.desc()).limit(limit).offset(offset)
        with self._database.reading() as connection:
            numbers = list(connection.scalars(newest))
            found = _incidents_of(connection, numbers)
        return [found[number] for number in numbers]


def _exactly(incident_id: str) -> ScalarSelect[int]:
    """The number of exactly that incident."""
    found = select(tables.incidents.c.number).where(tables.incidents.c.id == incident_id)
    return found.scalar_subquery()


def unknown_incident(incident_id: str) -> NotFoundError:
    """The error for an id that no incident has."""
    return NotFoundError(f"There is no incident {incident_id}.", field="incident_id")


def deleted_incident(incident_id: str, at: datetime) -> GoneError:
    """The error for an incident that was deleted."""
    return GoneError(
        f"Incident {incident_id} was deleted on {at:%Y-%m-%d at %H:%M} UTC. Its id is given to no "
        "other.",
        field="incident_id",
    )


def exact_number(connection: Connection, incident_id: str) -> int:
    """The number of exactly that incident, merged away or not."""
    return _number(connection, tables.incidents.c.number, incident_id)


def resolved_number(connection: Connection, incident_id: str) -> int:
    """The number of the incident that an id leads to."""
    return _number(connection, RESOLVED, incident_id)


def _number(connection: Connection, number: ColumnElement[int], incident_id: str) -> int:
    query = select(number, tables.incidents.c.deleted_at)
    row = connection.execute(query.where(tables.incidents.c.id == incident_id)).one_or_none()
    if row is None:
        raise unknown_incident(incident_id)
    if row.deleted_at is not None:
        raise deleted_incident(incident_id, row.deleted_at)
    return int(row[0])


def _resolved(connection: Connection, incident_id: str) -> Row[Any]:
    """The row of the incident that an id leads to."""
    row = connection.execute(_BY_ID, {"id": incident_id}).one_or_none()
    if row is None:
        raise unknown_incident(incident_id)
    if row.deleted_at is not None:
        raise deleted_incident(incident_id, row.deleted_at)
    return row


def _labelled_number(connection: Connection, label: str) -> int | None:
    """The number of the incident that a label leads to."""
    number = connection.scalar(select(RESOLVED).where(tables.incidents.c.label == label))
    return None if number is None else int(number)


def _one_incident(connection: Connection, number: int) -> Incident:
    """One incident, which must exist and not be merged away."""
    return _incidents_of(connection, [number])[number]


def _incidents_of(connection: Connection, numbers: Sequence[int]) -> dict[int, Incident]:
    """Incidents that were not merged away, with their items in order."""
    inside: dict[int, list[Row[Any]]] = {number: [] for number in numbers}
    found: dict[int, Incident] = {}
    for part in parts(numbers, TIMES):
        for member in _members(connection, part):
            inside[member.incident].append(member)
        for row in connection.execute(
            select(tables.incidents).where(tables.incidents.c.number.in_(part))
        ):
            found[row.number] = _incident_of(row, inside[row.number])
    return found


def _members(connection: Connection, numbers: Numbers) -> list[Row[Any]]:
    """Items of incidents in their order: ``number``, ``incident``, ``is_guest``."""
    inside = members(numbers).subquery()
    query = select(tables.items.c.number, inside.c.incident, inside.c.is_guest).join(
        tables.items, tables.items.c.number == inside.c.item
    )
    return list(connection.execute(query.order_by(*_IN_ORDER)))


def _incident_of(row: Row[Any], members: Iterable[Row[Any]]) -> Incident:
    """A row of ``incidents`` as the model, with its items."""
    items = list(members)
    return Incident(
        id=IncidentId(row.id),
        created_at=row.created_at,
        label=row.label,
        item_keys=tuple(key_of(item.number) for item in items),
        guests=tuple(key_of(item.number) for item in items if item.is_guest),
    )


def _move(connection: Connection, keys: Sequence[ItemKey], incident: int) -> None:
    """Put items into an incident; those that they leave do not go on showing them."""
    at, items, also = tables.incidents.alias().c, tables.items.c, tables.also_in
    left = select(at.number).where(
        items.number == also.c.item, func.coalesce(at.merged_into, at.number) == items.incident
    )
    for part in parts([number_of(key) for key in keys]):
        if showing(connection, part):
            gone = also.c.item.in_(part) & also.c.incident.in_(left)
            connection.execute(delete(also).where(gone))
    _put(connection, keys, incident)


def _put(connection: Connection, keys: Sequence[ItemKey], incident: int) -> None:
    """Make an incident the home of items; raises ``NotFoundError`` when one does not exist."""
    numbers = list(dict.fromkeys(number_of(key) for key in keys))
    for part in parts(numbers):
        former = select(tables.items.c.incident).where(tables.items.c.number.in_(part)).distinct()
        changed = {n for n in connection.scalars(former) if n is not None} | {incident}
        mark(connection, changed | showing(connection, part), items=True)
        moved = connection.execute(
            update(tables.items).where(tables.items.c.number.in_(part)).values(incident=incident)
        )
        if moved.rowcount != len(part):
            known = set(
                connection.scalars(
                    select(tables.items.c.number).where(tables.items.c.number.in_(part))
                )
            )
            missing = ", ".join(key_of(number) for number in part if number not in known)
            raise NotFoundError(f"No items have these keys: {missing}.", field="items")
