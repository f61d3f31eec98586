"""Ports for the web: fetching pages and sending webhooks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from summarizer.domain.fetching import Article, Fetched, Wanted
from summarizer.domain.webhooks import Answer


class Fetcher(Protocol):
    """Fetches URLs within the rules of ``robots.txt`` and of allowed addresses; thread-safe."""

    def check(self, url: str) -> None:
        """Check the address of a URL before use.

        Raises:
            AddressRefusedError: the URL leads to a forbidden address.
        """
        ...

    def fetch(self, wanted: Wanted) -> Fetched:
        """Fetch a URL, following redirects.

        Raises:
            AddressRefusedError: the URL or a redirect leads to a forbidden address.
            UnusablePageError: the site forbids it, or it is too large or of another type.
            UnreachableError: the site did not answer in time, or asks to come later.
            FetchError: the site answered with an error.
        """
        ...


ReadArticle = Callable[[Fetched], Article]
"""Extracts the article of a page; raises ``NoArticleError`` when it has none."""


class Sender(Protocol):
    """Posts to URLs of subscribers."""

    def check(self, url: str) -> None:
        """Check the address of a URL before use.

        Raises:
            AddressRefusedError: the URL leads to a forbidden address.
        """
        ...

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Post once, with a time limit and without redirects; a failure is an answer."""
        ...
