"""Import of a URL: the article of its page as a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from summarizer.domain.fetching import Fetched, Purpose, Wanted
from summarizer.ports.web import Fetcher, ReadArticle
from summarizer.text import strict_json

LARGEST_REQUEST = 16_384
"""Bytes above which a request body holds items and not the URL of one page."""

PATIENT = 3
"""Attempts of a fetch for a command; a fetch for a browser has one."""


class UrlImporter:
    """Fetches URLs given by users; composed by ``summarizer.app``."""

    def __init__(self, fetcher: Fetcher, read_article: ReadArticle) -> None:
        self._fetcher = fetcher
        self._read_article = read_article

    def article(
        self, url: str, given: Mapping[str, Any] | None = None, tries: int = 1
    ) -> dict[str, Any]:
        """The article at a URL, as a row for ``Pipeline.ingest_rows``.

        Args:
            url: of the page.
            given: fields that override those of the page.
            tries: most attempts.

        Raises:
            AddressRefusedError: the URL leads or redirects to a forbidden address.
            FetchError: the page could not be fetched or has no article; the class says why.
        """
        page = self._fetcher.fetch(Wanted(url=url, purpose=Purpose.ARTICLE, tries=tries))
        return self._row(page, given or {})

    def source(self, url: str, tries: int = PATIENT) -> dict[str, Any] | bytes:
        """The article of a page as a row, or the bytes of a feed or a file of rows.

        Raises as ``article`` does.
        """
        found = self._fetcher.fetch(Wanted(url=url, purpose=Purpose.ITEMS, tries=tries))
        return self._row(found, {}) if found.is_page else found.body

    def _row(self, page: Fetched, given: Mapping[str, Any]) -> dict[str, Any]:
        article = self._read_article(page)
        found = {
            "platform": "news",
            "title": article.title,
            "text": article.text,
            "author": article.author,
            "outlet": article.outlet,
            "published_at": article.published_at,
        }
        stated = {name: value for name, value in given.items() if value not in (None, "")}
        guessed = {name: v for name, v in article.guessed.items() if name not in stated}
        return found | stated | {"url": page.url} | ({"guessed": guessed} if guessed else {})


def wanted_page(body: bytes) -> dict[str, Any] | None:
    """The single item of a request body that has a ``url`` but neither text nor title.

    Such an item is a page to fetch; ``None`` for any other body.
    """
    if len(body) > LARGEST_REQUEST:
        return None
    try:
        value = strict_json.loads(body)
    except ValueError:
        return None
    if isinstance(value, list) and len(value) == 1:
        (value,) = value
    if not isinstance(value, dict) or value.get("text") or value.get("title"):
        return None
    url = value.get("url")
    return value if isinstance(url, str) and url.strip() else None
