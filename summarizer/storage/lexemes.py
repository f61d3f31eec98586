"""Full text of all items on PostgreSQL: words as ``text`` reads them, in a ``tsvector`` with a GIN
index.

The server splits and stems nothing, so that its locale and its dictionaries make no difference, and
marks are on the very words that matched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, text

from summarizer.domain.items import MarkedText, key_of
from summarizer.storage.full_text import beginnings
from summarizer.storage.memberships import INCIDENTS_OF_FOUND
from summarizer.text.tokens import stem, tokens

INDEXED = 100_000
"""Characters of a text that are indexed: a ``tsvector`` holds no more than a megabyte."""

RANKED = 2_000
"""Most items that are ranked, the newest: a rank reads all words of an item."""

_LONGEST = 200
"""Characters of a word that count; a ``tsvector`` takes 2,046 bytes."""

_GAP = 10
"""Positions between two fields, so that no phrase reaches from one into the next."""

_LAST = 16_383
"""The highest position that a ``tsvector`` knows."""

_ADD = text("INSERT INTO item_texts (item, words) VALUES (:item, CAST(:words AS tsvector))")
_ITEMS = text(
    "WITH found AS ("
    "SELECT item, words FROM item_texts WHERE words @@ CAST(:query AS tsquery) "
    "ORDER BY item DESC LIMIT :ranked"
    "), best AS ("
    "SELECT item, ts_rank('{0.5, 0.5, 0.5, 1}', words, CAST(:query AS tsquery), 1) AS rank "
    "FROM found ORDER BY rank DESC, item LIMIT :limit"
    ") SELECT items.number, items.title, items.text FROM best "
    "JOIN items ON items.number = best.item ORDER BY best.rank DESC, best.item"
)
"""A word in a title counts twice, and long texts count less, as in SQLite."""

_INCIDENTS = text(
    "WITH found AS MATERIALIZED ("
    "SELECT item FROM item_texts WHERE words @@ CAST(:query AS tsquery)"
    f") {INCIDENTS_OF_FOUND}"
)


def add(connection: Connection, items: Sequence[tuple[int, str]]) -> None:
    """Index stored items, each as its number and its ``vector``."""
    connection.execute(_ADD, [{"item": number, "words": words} for number, words in items])


def clear(connection: Connection) -> None:
    """Empty the index."""
    connection.execute(text("DELETE FROM item_texts"))


def found(
    connection: Connection, terms: Sequence[str], limit: int, *, every: bool
) -> list[MarkedText]:
    """Items that have every term, or any of them, best first."""
    asked = [term for term in terms if _stems(term)]
    if not asked:
        return []
    query = (" & " if every else " | ").join(map(_query, asked))
    rows = connection.execute(_ITEMS, {"query": query, "ranked": RANKED, "limit": limit})
    return [
        MarkedText(key_of(row.number), _marks(row.title, asked), _marks(row.text, asked))
        for row in rows
    ]


def incidents(connection: Connection, term: str) -> frozenset[str]:
    """Ids of incidents with an item that has a term."""
    if not _stems(term):
        return frozenset()
    return frozenset(connection.scalars(_INCIDENTS, {"query": _query(term)}))


def _stems(words: str) -> list[str]:
    return [stem(token.norm)[:_LONGEST] for token in tokens(words)]


def vector(title: str, words: str, outlet: str, author: str) -> str:
    """The words of an item as the literal of a ``tsvector``; those of the title weigh more."""
    at, entries = 0, []
    for part, weight in ((title, "A"), (outlet, ""), (author, ""), (words[:INDEXED], "")):
        for word in _stems(part):
            at = min(at + 1, _LAST)
            entries.append(f"{_quoted(word)}:{at}{weight}")
        at += _GAP
    return " ".join(entries)


def _query(term: str) -> str:
    """A term as a ``tsquery``: a phrase, or a word and those that it begins."""
    begun = [token.norm for word in beginnings(term)[:1] for token in tokens(word)]
    found = [_phrase(_stems(term)), *(f"{_quoted(norm[:_LONGEST])}:*" for norm in begun)]
    return f"({' | '.join([*found, *(_phrase(_stems(cut)) for cut in beginnings(term)[1:])])})"


def _phrase(stems: Sequence[str]) -> str:
    return f"({' <-> '.join(map(_quoted, stems))})"


def _quoted(word: str) -> str:
    """A word as PostgreSQL's literals have it, in which nothing is an operator."""
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _marks(plain: str, terms: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Spans of the words of terms, in order."""
    read = tokens(plain)
    stems = [stem(token.norm)[:_LONGEST] for token in read]
    phrases = [_stems(form) for term in terms for form in (term, *beginnings(term)[1:])]
    begun = tuple(token.norm for t in terms for word in beginnings(t)[:1] for token in tokens(word))

    def places() -> Iterator[tuple[int, int]]:
        yield from ((t.start, t.end) for t in read if begun and t.norm.startswith(begun))
        for phrase in phrases:
            long = len(phrase)
            for at, first in enumerate(stems):
                if first == phrase[0] and stems[at : at + long] == list(phrase):
                    yield read[at].start, read[at + long - 1].end

    return _joined(sorted(set(places())))


def _joined(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans in order, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)
