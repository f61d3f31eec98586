"""Full text of all items: in SQLite's FTS5, which triggers keep with the table ``items``, or in
``lexemes`` on PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select, text

from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import MarkedText, NewItem, key_of
from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.dialects import is_postgresql, json_field
from summarizer.storage.locks import ITEMS
from summarizer.storage.memberships import INCIDENTS_OF_FOUND
from summarizer.storage.rows import parts

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

BEGINNING = 3
"""Letters of a term that may begin a longer word: with fewer, too much would match."""

MOST_CUT, SHORTEST = 3, 5
"""Letters by which a stem may be shorter than the beginning of its word, and letters that it has at
least."""

_INCIDENTS = text(
    "WITH found AS MATERIALIZED ("
    "SELECT rowid AS item FROM item_texts WHERE item_texts MATCH :query"
    f") {INCIDENTS_OF_FOUND}"
)
_TITLES = (
    select(tables.incidents.c.id, json_field(tables.standings.c.body, "title").label("title"))
    .join(tables.standings, tables.standings.c.incident == tables.incidents.c.number)
    .where(tables.standings.c.body.is_not(None))
    .order_by(tables.standings.c.newest_at.desc(), tables.standings.c.incident.desc())
)
TITLES = 2_000
"""Incidents, those with the newest items, in whose titles a term may be the middle of a word."""

_REBUILD = text("INSERT INTO item_texts (item_texts) VALUES ('rebuild')")


class TextIndex:
    """The index of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def items(self, terms: Sequence[str], limit: int, *, every: bool) -> list[MarkedText]:
        """Items that have every term, or any of them, best first.

        A term is taken as words that follow one another; none of it is syntax.  The beginning of a
        word finds it, from ``BEGINNING`` letters on.
        """
        query = (" AND " if every else " OR ").join(map(_query, terms))
        asked = {"query": query, "limit": limit, "open": _OPEN, "close": _CLOSE}
        with self._database.reading() as connection:
            if is_postgresql(connection):
                from summarizer.storage import lexemes

                return lexemes.found(connection, terms, limit, every=every)
            return [
                MarkedText(
                    key_of(row.number),
                    _marks(row.title, row.marked_title),
                    _marks(row.text, row.marked_text),
                )
                for row in connection.execute(_ITEMS, asked)
            ]

    def incidents(self, terms: Sequence[str]) -> frozenset[IncidentId]:
        """Incidents that have every term, each in whichever of their items, or as any part of their
        title, from ``BEGINNING`` characters on."""
        with self._database.reading() as connection:
            titles = _titles(connection) if any(map(_is_part, terms)) else {}
            found = [_incidents(connection, term) | _titled(titles, term) for term in terms]
        return frozenset(map(IncidentId, frozenset.intersection(*found))) if found else frozenset()

    def rebuild(self) -> None:
        """Make the index anew from the items."""
        with self._database.writing(ITEMS) as connection:
            if not is_postgresql(connection):
                connection.execute(_REBUILD)
                return
            from summarizer.storage import lexemes

            lexemes.clear(connection)
            numbers = list(connection.scalars(select(tables.items.c.number)))
            for part in parts(numbers):
                query = select(tables.items).where(tables.items.c.number.in_(part))
                for row in connection.execute(query).all():
                    words = words_of(self._database, row)
                    add_words(connection, [(row.number, words)] if words is not None else [])


def words_of(database: Database, item: NewItem | Row[Any]) -> str | None:
    """The words of an item as ``add_words`` stores them; ``None`` where the database reads them."""
    if not database.is_postgresql:
        return None
    from summarizer.storage import lexemes

    return lexemes.vector(item.title, item.text, item.outlet or "", item.author or "")


def add_words(connection: Connection, items: Sequence[tuple[int, str]]) -> None:
    """Index new items, each as its number and its words."""
    if items:
        from summarizer.storage import lexemes

        lexemes.add(connection, items)


def _incidents(connection: Connection, term: str) -> frozenset[str]:
    if is_postgresql(connection):
        from summarizer.storage import lexemes

        return lexemes.incidents(connection, term)
    return frozenset(connection.scalars(_INCIDENTS, {"query": _query(term)}))


def _titles(connection: Connection) -> dict[str, str]:
    """Titles of incidents in lower case, by id; as they were last computed."""
    rows = connection.execute(_TITLES.limit(TITLES))
    return {row.id: (row.title or "").casefold() for row in rows}


def _titled(titles: Mapping[str, str], term: str) -> set[str]:
    """Incidents whose title has a term, also in the middle of a word."""
    part = term.casefold()
    return {id_ for id_, title in titles.items() if part in title} if _is_part(term) else set()


def _is_part(term: str) -> bool:
    return len(term) >= BEGINNING


def beginnings(term: str) -> tuple[str, ...]:
    """What the stem of a word that begins with a term may be, the term first.

    A stem may be shorter than the beginning that was typed: ``tribuna`` of ``tribunal``, whose stem
    is ``tribun``.  Only the term itself may go on.  Empty for a term that is no beginning.
    """
    if len(term) < BEGINNING or not term.isalpha():
        return ()
    return (term, *(term[:-n] for n in range(1, MOST_CUT + 1) if len(term) - n >= SHORTEST))


def _query(term: str) -> str:
    """A term as a query of FTS5."""
    long, *short = beginnings(term) or ("",)
    if not long:
        return _quoted(term)
    return f"({' OR '.join([f'{_quoted(long)} *', *map(_quoted, (term, *short))])})"


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
