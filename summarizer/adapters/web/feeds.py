"""Parsing of RSS and Atom documents to rows, with feedparser; nothing is fetched."""

from __future__ import annotations

import datetime as dt
import re
from io import BytesIO
from typing import Any
from xml.sax import SAXParseException

import feedparser

from summarizer.errors import InputError

_END = re.compile(rb"</(?:\w+:)?(?:rss|feed|RDF)\s*>\s*(?:<!--.*?-->\s*)*\Z", re.DOTALL)


def parse_feed(data: bytes) -> list[dict[str, object]]:
    """Rows of a feed, in its order, with the full content or else the summary.

    Small faults, such as an undeclared entity, are ignored.

    Raises:
        InputError: the document is not a feed, or its end is missing.
    """
    # A stream, since feedparser would open bytes that are the name of a file or a URL.
    found = feedparser.parse(BytesIO(data), resolve_relative_uris=True, sanitize_html=True)
    fault = found.get("bozo_exception")
    if not found.get("version"):  # missing for an empty document
        raise InputError(f"The file is neither RSS nor Atom{_where(fault)}.", field="stream")
    if isinstance(fault, SAXParseException) and not _END.search(data.rstrip(b"\0 \t\r\n")):
        raise InputError(f"The feed breaks off{_where(fault)}. Fetch it again.", field="stream")
    outlet = found.feed.get("title")
    return [_row(entry, outlet) for entry in found.entries]


def _row(entry: Any, outlet: str | None) -> dict[str, object]:
    source = entry.get("source") or {}
    row = {
        "id": entry.get("id"),
        "published_at": _time(entry),
        "title": entry.get("title"),
        "text": _text(entry),
        "url": entry.get("link"),
        "platform": "news",
        "outlet": source.get("title") or outlet,
        "author": entry.get("author"),
        "tags": [tag.get("term") for tag in entry.get("tags", ()) if tag.get("term")],
    }
    return {name: value for name, value in row.items() if value}


def _text(entry: Any) -> object:
    contents = [str(part.get("value") or "") for part in entry.get("content", ())]
    return max(contents, key=len, default="") or entry.get("summary")


def _time(entry: Any) -> str | None:
    """The time as ISO 8601, or verbatim if feedparser cannot parse it."""
    for field in ("published", "updated"):
        if parsed := entry.get(f"{field}_parsed"):
            return f"{dt.datetime(*parsed[:6]).isoformat()}Z"
        if written := entry.get(field):
            return str(written)
    return None


def _where(fault: object) -> str:
    if not isinstance(fault, SAXParseException):
        return ""
    return f": {fault.getMessage()} at line {fault.getLineNumber()}"
