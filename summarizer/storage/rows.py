"""Rows in portions that fit one statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, insert

from summarizer.storage.dialects import is_postgresql

T = TypeVar("T")

_PARAMETERS = 500
"""Values in one IN list; older builds of SQLite take no more than 999 parameters."""


def parts(values: Sequence[T], times: int = 1) -> Iterator[Sequence[T]]:
    """The values in lists that fit one statement, which has each list so many times."""
    size = _PARAMETERS // times
    for start in range(0, len(values), size):
        yield values[start : start + size]


def insert_all(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows, also none."""
    if rows:
        connection.execute(insert(table), rows)


def insert_tuples(
    connection: Connection,
    table: Table,
    names: Sequence[str],
    rows: list[tuple[Any, ...]],
    key: int = 0,
) -> None:
    """Insert many rows of plain numbers, text and bytes, in the fastest way of each database.

    Args:
        connection: of the transaction.
        table: that has the rows.
        names: of the columns.
        rows: values of these columns.
        key: how many columns, the first, are the key of a row that is replaced; 0 for new rows.
    """
    if not rows:
        return
    quoted = list(map(connection.dialect.identifier_preparer.quote, names))
    into = f"INSERT INTO {table.name} ({', '.join(quoted)})"
    put = ""
    if key:
        changed = ", ".join(f"{name} = excluded.{name}" for name in quoted[key:])
        put = f" ON CONFLICT ({', '.join(quoted[:key])}) DO UPDATE SET {changed}"
    if is_postgresql(connection):
        types = (table.c[name].type.compile(connection.dialect) for name in names)
        arrays = ", ".join(f"CAST(%s AS {type_}[])" for type_ in types)
        columns = tuple(map(list, zip(*rows, strict=True)))
        connection.exec_driver_sql(f"{into} SELECT * FROM unnest({arrays}){put}", columns)
    else:
        marks = ", ".join("?" * len(names))
        connection.exec_driver_sql(f"{into} VALUES ({marks}){put}", rows)
