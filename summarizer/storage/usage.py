"""What is counted of drafts, from the database of the store."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from summarizer.domain.events import EventKind
from summarizer.domain.usage import Counted, Tally
from summarizer.storage import rows as storage_rows
from summarizer.storage import tables
from summarizer.storage.database import Database

_ENTRIES, _TALLIES = tables.entries, tables.tallies


class Tallies:
    """Counts in a SQLite database, a row a thing counted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def after(self, number: int) -> Tally:
        """All that was drafted after an entry of the history; 0 for everything."""
        with self._database.reading() as connection:
            upto = connection.scalar(select(func.max(_ENTRIES.c.number))) or 0
            new = _ENTRIES.c.number.between(number + 1, upto)
            failed = select(func.count()).select_from(_ENTRIES)
            failed = failed.where(new, _ENTRIES.c.kind == EventKind.DRAFT_FAILED.value)
            counts = (
                select(_TALLIES.c.kind, _TALLIES.c.name, func.sum(_TALLIES.c.count).label("sum"))
                .join(
                    _ENTRIES,
                    (_ENTRIES.c.incident == _TALLIES.c.incident)
                    & (_ENTRIES.c.revision == _TALLIES.c.revision),
                )
                .where(new, _ENTRIES.c.kind == EventKind.DRAFTED.value)
                .group_by(_TALLIES.c.kind, _TALLIES.c.name)
            )
            return Tally(
                upto=max(number, upto),
                failed=connection.scalar(failed) or 0,
                counts={Counted(r.kind, r.name): r.sum for r in connection.execute(counts)},
            )


def keep(
    connection: Connection, incident: int, revision: int, counts: Mapping[Counted, int]
) -> None:
    """Write down what was counted of a draft, in the transaction that stores it."""
    of = {"incident": incident, "revision": revision}
    rows = [{**of, "kind": c.kind, "name": c.name, "count": n} for c, n in counts.items()]
    storage_rows.insert_all(connection, tables.tallies, rows)
