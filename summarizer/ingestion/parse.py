"""Parser of files into rows: JSON Lines as a stream, JSON and feeds as a whole.

A malformed row is reported in its place, and the rows around it are still parsed; so is a place
where the JSON itself is broken (``Broken``), which ``unbroken`` refuses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from io import BufferedReader, RawIOBase
from typing import Any, BinaryIO, cast

from summarizer.domain.model import Model
from summarizer.errors import BrokenInputError, InputError
from summarizer.ingestion.validate import Rejected
from summarizer.text import strict_json

LONGEST_LINE = 64 * 1024 * 1024
"""Most bytes of a line of JSON Lines: enough for the longest text with every character escaped."""

_PEEK = 64 * 1024
_BOM = b"\xef\xbb\xbf"
_BLANK = re.compile(r"[ \t\r\n]*")
_OPENS_OBJECT = re.compile(rb"\A\{([^\r\n]*[{\[,:])?[ \t]*\r?\n")
"""Start of an object that spans several lines.  A first line that ends elsewhere, such as within a
string, is a broken row of JSON Lines."""

_UNDECODABLE = re.compile("[\udc80-\udcff]")


class Row(Model):
    """One row as sent, with the line at which it starts."""

    line: int
    value: Any


class Broken(Rejected):
    """A place where a file is no JSON, so that rows may be missing.

    Args:
        byte: 1-based position in the file.
    """

    byte: int


ParseFeed = Callable[[bytes], list[dict[str, object]]]
"""Parses an RSS or Atom document into rows; raises ``InputError`` for any other document."""


class Format(StrEnum):
    """File format of rows."""

    JSON = "json"
    JSON_LINES = "json_lines"
    FEED = "feed"


def parse_rows(stream: BinaryIO, parse_feed: ParseFeed) -> Iterator[Row | Rejected]:
    """Rows of a binary stream; the format is detected from the content.

    JSON may be an array, one object, or an object with the rows under ``items``.

    Raises:
        InputError: the stream cannot be read, or is neither JSON, JSON Lines, RSS nor Atom.
    """
    try:
        # A pipe is buffered already; a second buffer would wait until it is full.
        buffered: BufferedReader = (
            stream
            if isinstance(stream, BufferedReader)
            else BufferedReader(cast(RawIOBase, stream), _PEEK)
        )
        match sniff(buffered.peek(_PEEK)):
            case Format.JSON_LINES:
                yield from _json_lines(iter(lambda: buffered.readline(LONGEST_LINE), b""))
            case Format.JSON:
                yield from _json(buffered.read())
            case Format.FEED:
                rows = parse_feed(buffered.read())
                yield from (Row(line=n, value=row) for n, row in enumerate(rows, start=1))
    except OSError as error:
        raise InputError(f"The rows cannot be read: {error}.", field="stream") from error


def at_most(rows: Iterable[Row | Rejected], most: int) -> Iterator[Row | Rejected]:
    """The first rows, then a rejection of the next one, which says that the others were skipped."""
    for number, row in enumerate(rows):
        if number == most:
            reason = f"only {most:,} rows are read at one time: send this one and the rest again"
            yield Rejected(line=row.line, reason=reason)
            return
        yield row


def unbroken(rows: Iterable[Row | Rejected]) -> Iterator[Row | Rejected]:
    """The rows of a file, none of which may be missing.

    Raises:
        BrokenInputError: where the JSON is cut off or broken.
    """
    for number, row in enumerate(rows, start=1):
        if isinstance(row, Broken):
            where = f"Row {number:,} (line {row.line:,}, byte {row.byte:,})"
            raise BrokenInputError(f"{where} cannot be read: {row.reason}.", field="stream")
        yield row


def sniff(head: bytes) -> Format:
    """The format of a document from its first bytes; an empty one counts as JSON Lines.

    Raises:
        InputError: it looks like none of the formats.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError("The file is in UTF-16. Save it as UTF-8.", field="stream")
    start = head.removeprefix(_BOM).lstrip()
    if not start:
        return Format.JSON_LINES
    if start.startswith(b"<"):
        return Format.FEED
    if start.startswith(b"[") or _OPENS_OBJECT.match(start):
        return Format.JSON
    if start.startswith(b"{") or b"\n{" in start:
        return Format.JSON_LINES
    raise InputError("The file is neither JSON, JSON Lines, RSS nor Atom.", field="stream")


def _json_lines(lines: Iterable[bytes]) -> Iterator[Row | Rejected]:
    n, at, whole = 0, 0, True
    for line in lines:
        continued, whole = not whole, line.endswith(b"\n")
        n += not continued
        start, at = at, at + len(line)
        if continued:
            continue
        if len(line) >= LONGEST_LINE and not whole:
            yield Rejected(line=n, reason=f"the line has more than {LONGEST_LINE:,} bytes")
        elif text := line.removeprefix(_BOM if n == 1 else b"").strip():
            yield from _json_line(n, start + line.find(text), text)


def _json_line(n: int, start: int, line: bytes) -> Iterator[Row | Rejected]:
    """Rows of a line that begins at an offset of the file."""
    try:
        value = strict_json.loads(line)
    except json.JSONDecodeError as error:
        byte = start + len(error.doc[: error.pos].encode()) + 1
        yield Broken(line=n, reason=strict_json.why(error), byte=byte)
    except ValueError as error:
        yield _unread(n, error)
    else:
        rows = value["items"] if _is_container(value) else [value]
        yield from (Row(line=n, value=row) for row in rows)


def _is_container(value: object) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("items"), list)
        and not ("text" in value or "title" in value)
    )


def _json(data: bytes) -> Iterator[Row | Rejected]:
    """Rows of one JSON document, parsed one by one, so that rows before an error still count."""
    # A byte that is not UTF-8 becomes a lone surrogate, which identifies its row.
    text = data.decode("utf-8", errors="surrogateescape")
    scanner = _Scanner(text)
    try:
        if scanner.peek() == "[":
            yield from scanner.array()
        else:
            yield from scanner.object()
        if scanner.peek():
            yield scanner.broken("there is more text after the end of the JSON")
    except ValueError as error:
        reason = f"{strict_json.why(error)}; the rows after this place were not read"
        yield scanner.broken(reason, getattr(error, "pos", None))


class _Scanner:
    """Scanner of the outermost array or object of a JSON document."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = len(text) - len(text.removeprefix("\ufeff"))
        self._line = 1
        self._counted = 0

    def peek(self) -> str:
        """Skip white space and return the next character; empty at the end."""
        blank = _BLANK.match(self._text, self._at)
        self._at = blank.end() if blank else self._at
        return self._text[self._at : self._at + 1]

    def broken(self, reason: str, at: int | None = None) -> Broken:
        """The current place as a broken one; ``at`` is the offset of the fault, if it is known."""
        line = self._here()
        before = self._text[: self._at if at is None else at]
        byte = len(before.encode("utf-8", errors="surrogateescape")) + 1
        return Broken(line=line, reason=reason, byte=byte)

    def array(self) -> Iterator[Row | Rejected]:
        """Entries of the array at the current position."""
        self._take("[")
        while self.peek() != "]":
            yield self._row(self._here(), self._at)
            self._next("]")
        self._take("]")

    def object(self) -> Iterator[Row | Rejected]:
        """Entries under ``items`` of the object at the current position, else the object itself."""
        line, start, contained = self._here(), self._at, False
        self._take("{")
        while self.peek() != "}":
            name = self._value().value
            self.peek()
            self._take(":")
            if name == "items" and self.peek() == "[":
                contained = True
                yield from self.array()
            else:
                self._value()
            self._next("}")
        self._take("}")
        if not contained:
            yield self._row(line, start)

    def _row(self, line: int, start: int) -> Row | Rejected:
        """The row that begins at an offset."""
        self._at = start
        value, _, fault = self._value()
        if _UNDECODABLE.search(self._text, start, self._at):
            return Rejected(line=line, reason="the row is not UTF-8")
        return Row(line=line, value=value) if fault is None else _unread(line, fault)

    def _value(self) -> strict_json.Found:
        self.peek()
        found = strict_json.scan(self._text, self._at)
        self._at = found.end
        return found

    def _next(self, end: str) -> None:
        """Go on behind a comma, which another entry follows, or stay before the end."""
        if self.peek() == end:
            return
        self._take(",")
        if self.peek() == end:
            raise ValueError(f"there is a comma before {end!r}")

    def _take(self, expected: str) -> None:
        if (found := self.peek()) != expected:
            raise ValueError(f"{expected!r} is missing" if found else "the JSON is cut off")
        self._at += 1

    def _here(self) -> int:
        self.peek()
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line


def _unread(line: int, error: ValueError) -> Rejected:
    if isinstance(error, strict_json.JsonError):
        return Rejected(line=line, field=error.field, reason=error.reason)
    return Rejected(line=line, reason=strict_json.why(error))
