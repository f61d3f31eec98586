"""Feeds of public pages: Atom (RFC 4287) and JSON Feed 1.1 (https://jsonfeed.org/version/1.1)."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple
from uuid import UUID, uuid5
from xml.etree import ElementTree as Xml

from markupsafe import escape

from summarizer.domain.publication import Entry
from summarizer.rendering.sanitize import visible

ATOM = "application/atom+xml"
JSON = "application/feed+json"

MOST = 50
"""Entries of a feed: the pages that were approved last."""

_NAMESPACE = "http://www.w3.org/2005/Atom"
_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""Characters that XML cannot hold, beside those that are never visible."""


class Feed(NamedTuple):
    """What a feed says of itself.

    Args:
        name: of the site.
        installation: id of the database, from which the permanent ids of entries are made.
        home: URL of the site; relative to the feed where no absolute one is known, as all are.
        address: URL of the folder or path of the feeds, ending as ``feed.atom`` goes on.
        page: URL of a page.
    """

    name: str
    installation: str
    home: str
    address: str
    page: Callable[[Entry], str]


def render_atom(feed: Feed, entries: Sequence[Entry]) -> bytes:
    """The feed as Atom, in UTF-8."""
    Xml.register_namespace("", _NAMESPACE)
    root = _element(None, "feed")
    _element(root, "title", feed.name)
    _element(root, "id", _id(feed, "feed"))
    _element(root, "updated", _newest(entries).isoformat())
    _element(_element(root, "author"), "name", feed.name)
    _element(root, "link", rel="alternate", type="text/html", href=feed.home)
    _element(root, "link", rel="self", type=ATOM, href=f"{feed.address}feed.atom")
    for entry in entries:
        one = _element(root, "entry")
        _element(one, "title", entry.title)
        _element(one, "id", _id(feed, entry.incident_id))
        _element(one, "published", _utc(entry.first_at))
        _element(one, "updated", _utc(entry.at))
        _element(one, "link", rel="alternate", type="text/html", href=feed.page(entry))
        if entry.lead:
            _element(one, "summary", entry.lead[0])
        _element(one, "content", _content(feed, entry), type="html")
    Xml.indent(root)
    text: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def render_json_feed(feed: Feed, entries: Sequence[Entry]) -> bytes:
    """The feed as JSON, in UTF-8."""
    content = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _plain(feed.name),
        "home_page_url": feed.home,
        "feed_url": f"{feed.address}feed.json",
        "language": "en",
        "authors": [{"name": _plain(feed.name)}],
        "items": [
            {
                "id": _id(feed, entry.incident_id),
                "url": feed.page(entry),
                "title": _plain(entry.title),
                **({"summary": _plain(entry.lead[0])} if entry.lead else {}),
                "content_html": _content(feed, entry),
                "date_published": _utc(entry.first_at),
                "date_modified": _utc(entry.at),
            }
            for entry in entries
        ],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _element(parent: Xml.Element | None, name: str, text: str = "", **fields: str) -> Xml.Element:
    tag = f"{{{_NAMESPACE}}}{name}"
    made = Xml.Element(tag, fields) if parent is None else Xml.SubElement(parent, tag, fields)
    made.text = _plain(text) or None
    return made


def _content(feed: Feed, entry: Entry) -> str:
    """The first sentences as HTML, with the way to their passages."""
    items = "".join(f"<li>{escape(_plain(text))}</li>" for text in entry.lead)
    listed = f"<ul>{items}</ul>" if items else ""
    link = escape(feed.page(entry))
    return f'{listed}<p><a href="{link}">Read it beside its sources</a></p>'


def _plain(text: str) -> str:
    return _NO_XML.sub("", visible(text))


def _id(feed: Feed, name: str) -> str:
    """An id that stays when the site moves."""
    return uuid5(UUID(feed.installation), name).urn


def _newest(entries: Sequence[Entry]) -> dt.datetime:
    return max((entry.at for entry in entries), default=dt.datetime.fromtimestamp(0, dt.UTC))


def _utc(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat()
