"""Plain text of HTML, with Beautiful Soup."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import CData, NavigableString, PageElement, Tag

_UNREAD = frozenset(
    {"script", "style", "template", "noscript", "head", "iframe", "object", "svg", "math"}
    | {"form", "button", "select", "textarea", "nav"}
)
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "div"}
    | {"dl", "dt", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header"}
    | {"hr", "li", "main", "ol", "p", "pre", "section", "table", "tbody", "thead", "tr", "ul"}
)
_CELLS = frozenset({"td", "th"})

_BREAK = "\x1e"
"""Placeholder of a line break while whitespace is folded; removed from the markup before."""

_STRAY = re.compile(r"<(?![^<>]*>)")
"""A ``<`` that begins no tag."""


def html_to_text(markup: str) -> str:
    """Visible text of HTML, one line for each block, without scripts, styles and controls.

    Line breaks of a text without block elements are kept: it is plain text with a stray link or
    character reference.
    """
    if "<" not in markup:
        return html.unescape(markup)
    # The parser takes quadratic time for unclosed comments and tags.
    plain = _STRAY.sub("&lt;", _without_comments(markup.replace(_BREAK, " ")))
    soup = BeautifulSoup(plain, "html.parser")
    text = "".join(_pieces(soup))
    if _BREAK not in text:
        text = text.replace("\n", _BREAK)
    lines = (" ".join(line.split()) for line in text.split(_BREAK))
    return "\n".join(line for line in lines if line)


def _without_comments(markup: str) -> str:
    kept = []
    at = 0
    while (start := markup.find("<!--", at)) >= 0 and (end := markup.find("-->", start + 4)) >= 0:
        kept.append(markup[at:start])
        at = end + 3
    return "".join(kept) + markup[at:]


def _pieces(soup: BeautifulSoup) -> Iterator[str]:
    """Texts in document order, with a mark at the begin and end of each block and cell.

    Uses a stack, since a page may be nested deeper than Python's recursion limit.
    """
    waiting: list[PageElement | str] = [soup]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Tag):
            if node.name in _UNREAD:
                continue
            mark = _BREAK if node.name in _BLOCKS else " " if node.name in _CELLS else ""
            yield mark
            waiting.append(mark)
            waiting.extend(reversed(node.contents))
        elif type(node) in (str, NavigableString, CData):
            yield str(node)
