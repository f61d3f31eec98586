"""Parsing of RSS and Atom documents to rows, with feedparser; nothing is fetched."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from xml.sax import SAXParseException

import feedparser

from summarizer.errors import InputError

_END = re.compile(rb"</(?:\w{1,20}:)?(?:rss|feed|RDF)\s{0,9}>\Z")
_LONGEST_END = 50
_BLANK = b"\0 \t\r\n"


def parse_feed(data: bytes) -> list[dict[str, object]]:
    """Rows of a feed, in its order, with the full content or else the summary.

    Small faults, such as an undeclared entity, are ignored.

    Raises:
        InputError: the document is not a feed, or its end is missing.
    """
    # A stream, since feedparser would open bytes that are the name of a file or a URL.
    # Its sanitizer would drop the attributes by which text is hidden; ingestion reads no element.
    found = feedparser.parse(BytesIO(data), resolve_relative_uris=True, sanitize_html=False)
    fault = found.get("bozo_exception")
    if not found.get("version"):  # missing for an empty document
        raise InputError(f"The file is neither RSS nor Atom{_where(fault)}.", field="stream")
    if isinstance(fault, SAXParseException) and not _is_whole(data):
        raise InputError(f"The feed breaks off{_where(fault)}. Fetch it again.", field="stream")
    outlet = found.feed.get("title")
    return [_row(entry, outlet) for entry in found.entries]


def _is_whole(data: bytes) -> bool:
    """Whether a document ends with the end of its root, comments behind it aside."""
    end = len(data)
    while end:
        if data[end - 1] in _BLANK:
            end -= 1
        elif data.endswith(b"-->", 0, end):
            end = max(0, data.rfind(b"<!--", 0, end))
        else:
            break
    return _END.search(data[max(0, end - _LONGEST_END) : end]) is not None


def _row(entry: Any, outlet: str | None) -> dict[str, object]:
    source = entry.get("source") or {}
    row = {
        "id": entry.get("id"),
        "published_at": _time(entry),
        "title": entry.get("title"),
        "text": _text(entry),
        "url": _link(entry),
        "platform": "news",
        "outlet": source.get("title") or outlet,
        "author": entry.get("author"),
        "tags": [tag.get("term") for tag in entry.get("tags", ()) if tag.get("term")],
    }
    return {name: value for name, value in row.items() if value}


def _link(entry: Any) -> str | None:
    """The address, unless feedparser took it from a ``guid`` that is no address.

    A poller would complete it to an address of the feed's host.
    """
    link = entry.get("link")
    guessed = entry.get("guidislink") and not re.match("https?://", link or "", re.IGNORECASE)
    return None if guessed else link


def _text(entry: Any) -> object:
    contents = [str(part.get("value") or "") for part in entry.get("content", ())]
    return max(contents, key=len, default="") or entry.get("summary")


def _time(entry: Any) -> str | None:
    """The time as written: feedparser reads part of a form that it does not know, and guesses."""
    return next((str(w) for f in ("published", "updated") if (w := dict.get(entry, f))), None)


def _where(fault: object) -> str:
    if not isinstance(fault, SAXParseException):
        return ""
    return f": {fault.getMessage()} at line {fault.getLineNumber()}"
