"""Plain text of HTML, with Beautiful Soup."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import CData, NavigableString, PageElement, Tag

from summarizer.adapters.web.markup_meaning import is_unseen, raised

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

_BEFORE = 20
"""Characters before a superscript that tell its meaning."""

_GONE = "\x1f"
"""Placeholder of a dropped element within a line; removed like that of a break."""

_GAP = re.compile(rf"(?<=[$£€¥(\[“]){_GONE}\s+")
"""White space that stood behind a dropped element: the amount of ``$<s>4</s> 5`` is ``$5``."""

_STRAY = re.compile(r"<(?![^<>]*>)")
"""A ``<`` that begins no tag."""


def html_to_text(markup: str) -> str:
    """Visible text of HTML, one line for each block, without scripts, styles and controls.

    Deleted and hidden elements are left out, inserted ones stay.  ``10<sup>6</sup>`` becomes
    ``10⁶``, a footnote mark goes, ``2<sup>1</sup>/<sub>2</sub>`` becomes ``2 1/2``.

    Line breaks of a text without block elements are kept: it is plain text with a stray link or
    character reference.
    """
    if "<" not in markup:
        return html.unescape(markup)
    # The parser takes quadratic time for unclosed comments and tags.
    plain = _STRAY.sub("&lt;", _without_comments(re.sub(f"[{_BREAK}{_GONE}]", " ", markup)))
    soup = BeautifulSoup(plain, "html.parser")
    text = _GAP.sub("", "".join(_pieces(soup))).replace(_GONE, "")
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
    before = ""
    while waiting:
        node = waiting.pop()
        piece = ""
        if isinstance(node, Tag):
            if node.name in _UNREAD:
                continue
            if node.name == "sup":
                piece = _raised(node, before)
            elif is_unseen(node.name, node.attrs):
                piece = _GONE
                waiting.extend(reversed(_after_open_paragraph(node)))
            else:
                piece = _BREAK if node.name in _BLOCKS else " " if node.name in _CELLS else ""
                waiting.append(piece)
                waiting.extend(reversed(node.contents))
        elif type(node) in (str, NavigableString, CData):
            piece = str(node)
        if piece:
            before = (before + piece)[-_BEFORE:]
            yield piece


def _raised(sup: Tag, before: str) -> str:
    after = sup.next_sibling if isinstance(sup.next_sibling, NavigableString) else ""
    below = after.next_sibling if isinstance(after, NavigableString) else None
    if after.strip() in ("/", "⁄") and isinstance(below, Tag) and below.name == "sub":
        return f" {sup.get_text()}" if before[-1:].isdigit() else sup.get_text()
    linked = sup.find("a") is not None or (sup.parent is not None and sup.parent.name == "a")
    return raised(sup.get_text(), before, after, linked)


def _after_open_paragraph(node: Tag) -> list[PageElement]:
    """Blocks that the parser put into a paragraph that the author left open."""
    if node.name != "p":
        return []
    return [part for part in node.contents if isinstance(part, Tag) and part.name in _BLOCKS]
