"""How far each collection of vectors is filled with the items of this database."""

from __future__ import annotations

from sqlalchemy import delete, insert, select, update

from summarizer.storage import tables
from summarizer.storage.database import Database

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
            here = _ROWS.c.collection == collection
            found = connection.scalar(select(_ROWS.c.item).where(here))
            if found is None:
                connection.execute(insert(_ROWS).values(collection=collection, item=item))
            elif found < item:
                connection.execute(update(_ROWS).where(here).values(item=item))

    def forget(self, collection: str) -> None:
        """Remove the mark."""
        with self._database.writing() as connection:
            connection.execute(delete(_ROWS).where(_ROWS.c.collection == collection))
