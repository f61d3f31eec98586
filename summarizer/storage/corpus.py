"""What clustering has learned of all items up to one: word counts, and which items have a word."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from sqlalchemy import delete, insert, select, text

from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.dialects import is_postgresql
from summarizer.storage.rows import insert_tuples

PORTION = 1_000
"""Rows in one transaction, which blocks other writers of SQLite for some ten milliseconds."""


# Built once: it runs some times for every item that is put into an incident.
_ITEMS_WITH = {
    on_postgresql: text(
        f"SELECT word, numbers FROM postings WHERE word {among} "
        "AND block > :after AND block <= :upto"
    )
    for on_postgresql, among in (
        (True, "= ANY(CAST(:words AS integer[]))"),
        (False, "IN (SELECT value FROM json_each(:words))"),
    )
}


class Learned(NamedTuple):
    """How far the corpus goes.

    Args:
        version: of the fingerprints that it was made of.
        upto: number of the last item in it.
        blocks: number of its blocks.
        texts: number of items in it.
        vectors: sum of the vectors of their headings.
    """

    version: str
    upto: int
    blocks: int
    texts: int
    vectors: bytes


class CorpusStore:
    """The corpus in the database of the store.

    A block of items is written in many transactions and counts from the last of them, ``advance``,
    so that a killed process leaves the corpus as it was.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def learned(self) -> Learned | None:
        """How far the corpus goes, ``None`` before the first block."""
        with self._database.reading() as connection:
            row = connection.execute(select(tables.corpus)).one_or_none()
        return None if row is None else Learned(*row)

    def counts(self, upto: int) -> list[bytes]:
        """Word counts of the items up to one, in parts."""
        rows = tables.word_counts.c
        query = select(rows.body).where(rows.upto == upto).order_by(rows.part)
        with self._database.reading() as connection:
            return list(connection.scalars(query))

    def items_with(
        self, words: Collection[int], after_block: int, upto_block: int
    ) -> dict[int, list[bytes]]:
        """Item numbers of each word, as they were kept, from the blocks after one up to one."""
        found: dict[int, list[bytes]] = defaultdict(list)
        with self._database.reading() as connection:
            values: object = list(words) if is_postgresql(connection) else json.dumps(list(words))
            asked = {"words": values, "after": after_block, "upto": upto_block}
            query = _ITEMS_WITH[is_postgresql(connection)]
            for word, numbers in connection.execute(query, asked):
                found[word].append(numbers)
        return found

    def keep_items_with(self, block: int, words: Iterable[tuple[int, bytes]]) -> None:
        """Store which items of a block have a word, for each word."""
        rest = iter(words)
        while rows := [(word, block, items) for word, items in islice(rest, PORTION)]:
            with self._database.writing() as connection:
                insert_tuples(
                    connection, tables.postings, ("word", "block", "numbers"), rows, key=2
                )

    def keep_counts(self, upto: int, parts: Sequence[bytes]) -> None:
        """Store the word counts of all items up to one."""
        for part, body in enumerate(parts):
            with self._database.writing() as connection:
                names = ("upto", "part", "body")
                insert_tuples(connection, tables.word_counts, names, [(upto, part, body)], key=2)

    def advance(self, before: Learned | None, now: Learned) -> bool:
        """Let the corpus go further, once all of a block is stored.

        Returns:
            ``False``, and nothing is changed, if another process has let it go further.
        """
        with self._database.writing() as connection:
            row = connection.execute(select(tables.corpus).with_for_update()).one_or_none()
            if (None if row is None else Learned(*row)) != before:
                return False
            connection.execute(delete(tables.corpus))
            connection.execute(insert(tables.corpus).values(now._asdict()))
            counts = tables.word_counts
            connection.execute(delete(counts).where(counts.c.upto != now.upto))
        return True

    def clear(self) -> None:
        """Forget all."""
        with self._database.writing() as connection:
            for table in (tables.corpus, tables.word_counts, tables.postings):
                connection.execute(delete(table))
