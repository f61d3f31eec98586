"""What was read off items for clustering, in the database of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert as upsert

from summarizer.adapters import schema, sql_rows
from summarizer.adapters.sql_database import Database

_ROWS = schema.imprints

# Built once: these run for every item that is put into an incident.
_ADD = upsert(_ROWS)
_KEEP = _ADD.on_conflict_do_update(
    index_elements=["item"], set_={"version": _ADD.excluded.version, "body": _ADD.excluded.body}
)
_OF = select(_ROWS.c.item, _ROWS.c.body).where(
    _ROWS.c.item.in_(bindparam("items", expanding=True)), _ROWS.c.version == bindparam("version")
)


class SqlImprints:
    """``Imprints`` in a SQLite database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, version: str, imprints: Mapping[int, bytes]) -> None:
        """See ``Imprints.keep``."""
        rows = [
            {"item": number, "version": version, "body": body} for number, body in imprints.items()
        ]
        if rows:
            with self._database.writing() as connection:
                connection.execute(_KEEP, rows)

    def of(self, version: str, numbers: Sequence[int]) -> dict[int, bytes]:
        """See ``Imprints.of``."""
        with self._database.reading() as connection:
            return {
                row.item: row.body
                for part in sql_rows.parts(numbers)
                for row in connection.execute(_OF, {"items": part, "version": version})
            }
