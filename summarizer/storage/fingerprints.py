"""Fingerprints of items, for clustering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select, update

from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.dialects import put
from summarizer.storage.rows import parts

_ROWS = tables.fingerprints

# Built once: it runs for every item that is put into an incident.
_OF = select(_ROWS.c.item, _ROWS.c.body).where(
    _ROWS.c.item.in_(bindparam("items", expanding=True)), _ROWS.c.version == bindparam("version")
)


class FingerprintStore:
    """``FingerprintStore`` in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, version: str, imprints: Mapping[int, bytes]) -> None:
        """Store fingerprints, in place of earlier ones of these items."""
        rows = [
            {"item": number, "version": version, "body": body} for number, body in imprints.items()
        ]
        if rows:
            with self._database.writing() as connection:
                put(connection, _ROWS, rows, "item")

    def of(self, version: str, numbers: Sequence[int]) -> dict[int, bytes]:
        """Those of these items that have the version, by number."""
        with self._database.reading() as connection:
            return {
                row.item: row.body
                for part in parts(numbers)
                for row in connection.execute(_OF, {"items": part, "version": version})
            }

    def note_headings(self, collection: str, numbers: Sequence[int]) -> None:
        """Note that a collection of vectors holds the headings of these items."""
        self._note(numbers, collection)

    def forget_headings(self, numbers: Sequence[int]) -> None:
        """Note that no collection holds the headings of these items."""
        self._note(numbers, None)

    def headings_in(self, collection: str, numbers: Sequence[int]) -> frozenset[int]:
        """Those of these items whose heading the collection holds."""
        query = select(_ROWS.c.item).where(_ROWS.c.heading_in == collection)
        with self._database.reading() as connection:
            return frozenset(
                number
                for part in parts(numbers)
                for number in connection.scalars(query.where(_ROWS.c.item.in_(part)))
            )

    def _note(self, numbers: Sequence[int], collection: str | None) -> None:
        with self._database.writing() as connection:
            for part in parts(numbers):
                connection.execute(
                    update(_ROWS).where(_ROWS.c.item.in_(part)).values(heading_in=collection)
                )
