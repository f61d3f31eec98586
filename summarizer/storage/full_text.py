"""Full text of all items, in SQLite's FTS5; triggers keep it with the table ``items``."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text

from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import MarkedText, key_of
from summarizer.storage.database import Database

_OPEN, _CLOSE = "\x02", "\x03"
"""Markers around matches; no character of readable text."""

_ITEMS = text(
    "SELECT items.number AS number, items.title AS title, items.text AS text, "
    "highlight(item_texts, 0, :open, :close) AS marked_title, "
    "highlight(item_texts, 1, :open, :close) AS marked_text "
    "FROM item_texts JOIN items ON items.number = item_texts.rowid "
    "WHERE item_texts MATCH :query ORDER BY bm25(item_texts, 2.0), items.number LIMIT :limit"
)
"""A word in a title counts twice: our choice."""

_INCIDENTS = text(
    "SELECT DISTINCT incidents.id FROM item_texts "
    "JOIN items ON items.number = item_texts.rowid "
    "JOIN incidents ON incidents.number = items.incident WHERE item_texts MATCH :query"
)
_REBUILD = text("INSERT INTO item_texts (item_texts) VALUES ('rebuild')")


class TextIndex:
    """``TextIndex`` in a SQLite database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def items(self, terms: Sequence[str], limit: int, *, every: bool) -> list[MarkedText]:
        """Items that have every term, or any of them, best first.

        A term is taken as words that follow one another; none of it is syntax.
        """
        query = (" AND " if every else " OR ").join(map(_quoted, terms))
        asked = {"query": query, "limit": limit, "open": _OPEN, "close": _CLOSE}
        with self._database.reading() as connection:
            return [
                MarkedText(
                    key_of(row.number),
                    _marks(row.title, row.marked_title),
                    _marks(row.text, row.marked_text),
                )
                for row in connection.execute(_ITEMS, asked)
            ]

    def incidents(self, terms: Sequence[str]) -> frozenset[IncidentId]:
        """Incidents that have every term, each in whichever of their items."""
        with self._database.reading() as connection:
            found = [
                frozenset(connection.scalars(_INCIDENTS, {"query": _quoted(term)}))
                for term in terms
            ]
        return frozenset(map(IncidentId, frozenset.intersection(*found))) if found else frozenset()

    def rebuild(self) -> None:
        """Make the index anew from the items."""
        with self._database.writing() as connection:
            connection.execute(_REBUILD)


def _quoted(term: str) -> str:
    """A term as a string of FTS5, in which nothing is an operator."""
    escaped = term.replace('"', '""')
    return f'"{escaped}"'


def _marks(plain: str, marked: str) -> tuple[tuple[int, int], ...]:
    """Spans between the markers; none when the text itself has such characters."""
    if marked.count(_OPEN) != marked.count(_CLOSE) or _OPEN in plain or _CLOSE in plain:
        return ()
    before, *parts = marked.split(_OPEN)
    spans, at = [], len(before)
    for part in parts:
        inside, _, rest = part.partition(_CLOSE)
        spans.append((at, at + len(inside)))
        at += len(inside) + len(rest)
    return tuple(spans)
