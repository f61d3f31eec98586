"""How far each collection of vectors is filled with the items of this database."""

from __future__ import annotations

from sqlalchemy import delete, select

from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.dialects import upsert

_ROWS = tables.index_marks


class IndexMarks:
    """The last item that a collection holds with all items before it, by the collection's id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, collection: str) -> int | None:
        """Number of the item; ``None`` for a collection that was never marked."""
        query = select(_ROWS.c.item).where(_ROWS.c.collection == collection)
        with self._database.reading() as connection:
            return connection.scalar(query)

    def advance(self, collection: str, item: int) -> None:
        """Set the mark, unless another process has set a later one."""
        with self._database.writing() as connection:
            added = upsert(connection, _ROWS).values(collection=collection, item=item)
            connection.execute(
                added.on_conflict_do_update(
                    index_elements=["collection"],
                    set_={"item": added.excluded.item},
                    where=_ROWS.c.item < added.excluded.item,
                )
            )

    def forget(self, collection: str) -> None:
        """Remove the mark."""
        with self._database.writing() as connection:
            connection.execute(delete(_ROWS).where(_ROWS.c.collection == collection))
