"""Extraction of the article of a page: its text with trafilatura, its metadata from the markup.

Title, author, outlet and time come from meta tags (Open Graph, ``article:…``) or from JSON-LD of
schema.org.  Values that trafilatura infers from the layout are marked as guessed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from urllib.parse import urlsplit

import trafilatura
from bs4.dammit import UnicodeDammit
from lxml.etree import ParserError
from lxml.html import HtmlElement

from summarizer.adapters.web.markup_meaning import is_unseen, raised
from summarizer.domain.fetching import Article, Fetched
from summarizer.errors import NoArticleError

SHORTEST = 140
"""Least characters of an article: shorter texts are teasers, paywalls or error pages, and the
shortest wire flashes have more."""

MOST_ELEMENTS, MOST_CHARACTERS = 20_000, 1_000_000
"""Size above which a page is not extracted, since the time grows faster than the size: on two busy
cores 5 s at twice the characters, 39 s at five times."""

_META = {
    "title": ("og:title", "twitter:title", "dc.title"),
    "author": ("article:author_name", "author", "dc.creator", "parsely-author"),
    "outlet": ("og:site_name", "application-name"),
    "published_at": ("article:published_time", "og:article:published_time", "datepublished"),
}
_LINKED = {"title": "headline", "author": "author", "outlet": "publisher"}
_KINDS = ("Article", "NewsArticle", "BlogPosting", "Report", "LiveBlogPosting")
_DEEPEST = 6
"""Most levels of JSON-LD that are searched; real pages nest three."""


def read_article(page: Fetched) -> Article:
    """The article of a page.

    Raises:
        NoArticleError: no article text was found.
    """
    markup = UnicodeDammit(page.body, [page.charset] if page.charset else []).unicode_markup or ""
    tree = _tree(markup)
    found = None
    if tree is not None and _has_the_size_of_an_article(tree):
        found = trafilatura.bare_extraction(
            _with_meaning(deepcopy(tree)),
            url=page.url,
            include_comments=False,
            favor_precision=True,
            with_metadata=True,
        )
    text = (getattr(found, "text", None) or "").strip()
    if tree is None or found is None or len(text) < SHORTEST:
        raise NoArticleError(
            f"No article text was found at {page.url}: it may need a browser, a subscription or "
            "consent. Open it yourself and submit its text."
        )
    stated = _stated(tree)
    guessed = _guessed(stated, found, page.url)
    title = stated.get("title") or guessed.get("title", "")
    return Article(
        title=title,
        text=_without_title(text, title),
        author=stated.get("author"),
        outlet=stated.get("outlet") or guessed.get("outlet"),
        published_at=stated.get("published_at"),
        guessed=guessed,
    )


def _tree(markup: str) -> HtmlElement | None:
    try:
        return trafilatura.load_html(markup)
    except ParserError:
        return None


def _has_the_size_of_an_article(tree: HtmlElement) -> bool:
    elements = characters = 0
    for element in tree.iter():
        unread = element.tag in ("script", "style")
        elements += 1
        characters += len(element.tail or "") + (0 if unread else len(element.text or ""))
    return elements <= MOST_ELEMENTS and characters <= MOST_CHARACTERS


def _with_meaning(tree: HtmlElement) -> HtmlElement:
    """The tree without deleted and hidden text, and with superscripts that join no number."""
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None:
            continue
        if is_unseen(element.tag, element.attrib) and element.tag not in ("html", "body"):
            element.drop_tree()
        elif element.tag == "sup":
            written = _raised(element)
            element.clear(keep_tail=True)
            element.text = written
            element.drop_tag()
    return tree


def _raised(sup: HtmlElement) -> str:
    before, parent, below = sup.getprevious(), sup.getparent(), sup.getnext()
    text = (parent.text if before is None else before.tail) or ""
    mark, after = sup.text_content(), sup.tail or ""
    if after.strip() in ("/", "⁄") and below is not None and below.tag == "sub":
        return f" {mark}" if text[-1:].isdigit() else mark
    linked = sup.find(".//a") is not None or parent.tag == "a"
    return raised(mark, text[-20:], after, linked)


def _stated(tree: HtmlElement) -> dict[str, str]:
    linked = next(iter(_linked(tree)), {})
    stated = {
        field: said for field, name in _LINKED.items() if (said := _words(linked.get(name)))
    } | ({"published_at": said} if (said := _words(linked.get("datePublished"))) else {})
    for meta in tree.iterfind(".//meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        said = " ".join((meta.get("content") or "").split())
        for field, names in _META.items():
            if said and name in names and not said.startswith(("http://", "https://")):
                stated.setdefault(field, said)
    return stated


def _guessed(stated: dict[str, str], found: Any, url: str) -> dict[str, str]:
    """Values inferred from the layout, for fields that the markup does not state."""
    inferred = {
        "title": found.title,
        "author": found.author,
        "outlet": found.sitename or (urlsplit(url).hostname or "").removeprefix("www."),
        "published_at": found.date,
    }
    return {name: value for name, value in inferred.items() if value and name not in stated}


def _linked(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        try:
            yield from _articles(json.loads(script.text or ""))
        except (ValueError, RecursionError):
            continue


def _articles(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for part in value:
            yield from _articles(part, depth + 1)
    elif isinstance(value, dict):
        kinds = value.get("@type")
        if any(kind in _KINDS for kind in (kinds if isinstance(kinds, list) else [kinds])):
            yield value
        yield from _articles(value.get("@graph"), depth + 1)


def _words(value: Any) -> str:
    """Text of a JSON-LD value, or the names of its persons and organisations."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_words, value)))
    if isinstance(value, dict):
        return _words(value.get("name"))
    return " ".join(value.split()) if isinstance(value, str) else ""


def _without_title(text: str, title: str) -> str:
    first, _, rest = text.partition("\n")
    return rest.strip() if title and first.strip() == title and rest.strip() else text
