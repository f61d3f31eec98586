"""Rows of the store as models, and the lookups that several of its methods share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection, Row, Table, func, insert, select, update

from summarizer.domain.drafts import Draft
from summarizer.domain.incidents import Incident, IncidentId
from summarizer.domain.items import ItemKey, NewItem, Passage, SourceItem
from summarizer.errors import NotFoundError, StorageError
from summarizer.storage import tables

T = TypeVar("T")

_KEY = re.compile(r"a([1-9][0-9]{0,17})")
_PARAMETERS = 500
"""Values in one IN list; older builds of SQLite take no more than 999 parameters."""


def key_of(number: int) -> ItemKey:
    """The key of the item with that number."""
    return ItemKey(f"a{number}")


def number_of(key: str) -> int:
    """The number behind a key; raises ``NotFoundError`` for what is no key."""
    match = _KEY.fullmatch(key)
    if match is None:
        raise NotFoundError(f"No item has the key {key!r}; keys look like a3.", field="items")
    return int(match[1])


def known(found: dict[int, T], number: int) -> T:
    """What was found under an item's number; raises ``NotFoundError`` when nothing was."""
    if number not in found:
        raise NotFoundError(f"No item has the key {key_of(number)}.", field="items")
    return found[number]


def parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in lists that fit one statement."""
    for start in range(0, len(values), _PARAMETERS):
        yield values[start : start + _PARAMETERS]


def insert_all(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows, also none."""
    if rows:
        connection.execute(insert(table), rows)


def item_of(row: Row[Any]) -> SourceItem:
    """A row of ``items`` as the model."""
    fields = {name: getattr(row, name) for name in NewItem.model_fields if name != "incident"}
    key = key_of(row.number)
    return SourceItem(
        **fields,
        incident=row.label,
        key=key,
        origin=key if row.origin is None else key_of(row.origin),
        ingested_at=row.ingested_at,
    )


def passages_of(connection: Connection, numbers: Sequence[int]) -> dict[int, list[Passage]]:
    """Passages by item; unknown items are absent, blank ones have none."""
    found: dict[int, list[Passage]] = {}
    texts: dict[int, str] = {}
    for part in parts(numbers):
        query = select(tables.items.c.number, tables.items.c.text).where(
            tables.items.c.number.in_(part)
        )
        texts.update((row.number, row.text) for row in connection.execute(query))
        found.update((number, []) for number in texts if number not in found)
        spans = select(tables.passages).where(tables.passages.c.item.in_(part))
        for item, n, start, end in connection.execute(
            spans.order_by(tables.passages.c.item, tables.passages.c.n)
        ):
            text = texts[item][start:end]
            found[item].append(Passage(item_key=key_of(item), n=n, start=start, end=end, text=text))
    return found


def exact_number(connection: Connection, incident_id: str) -> int:
    """The number of exactly that incident, merged away or not."""
    number = connection.scalar(
        select(tables.incidents.c.number).where(tables.incidents.c.id == incident_id)
    )
    if number is None:
        raise NotFoundError(f"There is no incident {incident_id}.", field="incident_id")
    return int(number)


def resolved_number(connection: Connection, incident_id: str) -> int:
    """The number of the incident that an id leads to."""
    target = func.coalesce(tables.incidents.c.merged_into, tables.incidents.c.number)
    number = connection.scalar(select(target).where(tables.incidents.c.id == incident_id))
    if number is None:
        raise NotFoundError(f"There is no incident {incident_id}.", field="incident_id")
    return int(number)


def labelled_number(connection: Connection, label: str) -> int | None:
    """The number of the incident that a label leads to."""
    target = func.coalesce(tables.incidents.c.merged_into, tables.incidents.c.number)
    number = connection.scalar(select(target).where(tables.incidents.c.label == label))
    return None if number is None else int(number)


def move(connection: Connection, keys: Sequence[ItemKey], incident: int) -> None:
    """Put items into an incident; raises ``NotFoundError`` when one does not exist."""
    numbers = list(dict.fromkeys(number_of(key) for key in keys))
    for part in parts(numbers):
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


def one_incident(connection: Connection, number: int) -> Incident:
    """One incident, which must exist and not be merged away."""
    return incidents_of(connection, [number])[number]


def incidents_of(connection: Connection, numbers: Sequence[int]) -> dict[int, Incident]:
    """Incidents that were not merged away, with their items in order."""
    seen_at = func.coalesce(tables.items.c.published_at, tables.items.c.ingested_at)
    keys: dict[int, list[ItemKey]] = {number: [] for number in numbers}
    found: dict[int, Incident] = {}
    for part in parts(numbers):
        members = select(tables.items.c.incident, tables.items.c.number).where(
            tables.items.c.incident.in_(part)
        )
        for incident, item in connection.execute(members.order_by(seen_at, tables.items.c.number)):
            keys[incident].append(key_of(item))
        for row in connection.execute(
            select(tables.incidents).where(tables.incidents.c.number.in_(part))
        ):
            found[row.number] = Incident(
                id=IncidentId(row.id),
                created_at=row.created_at,
                label=row.label,
                item_keys=tuple(keys[row.number]),
            )
    return found


def draft_of(body: str, incident_id: str) -> Draft:
    """A draft from its stored JSON."""
    try:
        return Draft.model_validate_json(body)
    except ValidationError as error:
        raise StorageError(
            f"A stored draft of {incident_id} cannot be read by this version of the program: "
            f"{error}"
        ) from error
