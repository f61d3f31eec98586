"""SQL that SQLite and PostgreSQL spell in different ways."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Function,
    Insert,
    Select,
    Table,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import Integer, Text


def is_postgresql(connection: Connection) -> bool:
    """Whether a connection leads to PostgreSQL."""
    return connection.dialect.name == "postgresql"


def upsert(connection: Connection, table: Table) -> sqlite.Insert:
    """An INSERT with ``on_conflict_do_update``, ``on_conflict_do_nothing`` and ``excluded``."""
    # Both dialects have these under the same names; the type is that of one of them.
    return postgresql.insert(table) if is_postgresql(connection) else sqlite.insert(table)  # type: ignore[return-value]


def among(
    connection: Connection, column: Column[Any], values: Collection[Any]
) -> ColumnElement[bool]:
    """Whether a column of numbers or text has one of any number of values, as one parameter."""
    if is_postgresql(connection):
        array = postgresql.ARRAY(column.type)
        return column == func.any(cast(literal(list(values), array), array))
    each = func.json_each(literal(json.dumps(list(values)))).table_valued("value")
    return column.in_(select(each.c.value))


def put(connection: Connection, table: Table, rows: Sequence[dict[str, Any]], *key: str) -> None:
    """Insert rows, each in place of the one with the same key; other columns of it stay."""
    if rows:
        statement = _put(is_postgresql(connection), table, key, tuple(rows[0]))
        connection.execute(statement, list(rows))


@lru_cache(maxsize=64)  # some run for every item, and building one costs more than running it
def _put(on_postgresql: bool, table: Table, key: Sequence[str], names: Sequence[str]) -> Insert:
    add = postgresql.insert(table) if on_postgresql else sqlite.insert(table)
    changed = {name: add.excluded[name] for name in names if name not in key}
    if not changed:  # all columns are the key
        return add.on_conflict_do_nothing(index_elements=list(key))
    return add.on_conflict_do_update(index_elements=list(key), set_=changed)


def next_number(connection: Connection, column: Column[int]) -> int:
    """The number of the next row, for one that is needed before the row is there.

    On SQLite, where nobody else writes, the one after the highest; on PostgreSQL from the sequence.
    """
    query: Select[Any] = select(func.coalesce(func.max(column), 0) + 1)
    if is_postgresql(connection):
        sequence = func.pg_get_serial_sequence(column.table.name, column.name)
        query = select(func.nextval(cast(sequence, postgresql.REGCLASS)))
    number: int = connection.execute(query).scalar_one()
    return number


def follow_highest(connection: Connection, table: Table) -> None:
    """Let the next number of a table follow the highest, after rows came with theirs."""
    if is_postgresql(connection):
        for column in table.primary_key:
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            if connection.scalar(select(sequence)) is not None:
                highest = select(func.max(column)).scalar_subquery()
                last = func.coalesce(highest, 1)
                called = highest.is_not(None)
                connection.execute(
                    select(func.setval(cast(sequence, postgresql.REGCLASS), last, called))
                )


class greater(GenericFunction[int]):
    """The greater of two numbers."""

    type = Integer()
    inherit_cache = True


@compiles(greater, "sqlite")
def _greater_sqlite(element: greater, compiler: SQLCompiler, **kw: Any) -> str:
    return f"max{compiler.process(element.clause_expr, **kw)}"


@compiles(greater, "postgresql")
def _greater_postgresql(element: greater, compiler: SQLCompiler, **kw: Any) -> str:
    return f"greatest{compiler.process(element.clause_expr, **kw)}"


class json_field(GenericFunction[str]):
    """A string of an object in a column of text; its arguments are the column and the name."""

    type = Text()
    inherit_cache = True


@compiles(json_field, "sqlite")
def _field_sqlite(element: Function[str], compiler: SQLCompiler, **kw: Any) -> str:
    column, name = (compiler.process(part, **kw) for part in element.clauses)
    return f"json_extract({column}, '$.' || {name})"


@compiles(json_field, "postgresql")
def _field_postgresql(element: Function[str], compiler: SQLCompiler, **kw: Any) -> str:
    column, name = (compiler.process(part, **kw) for part in element.clauses)
    return f"(({column})::json ->> {name})"
