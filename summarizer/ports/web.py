"""Ports for the web: fetching pages and sending webhooks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from summarizer.domain.fetching import Article, Fetched, Wanted
from summarizer.domain.webhooks import Answer


class Fetcher(Protocol):
    """Fetches URLs by the rules of the house; may be used from several threads."""

    def fetch(self, wanted: Wanted) -> Fetched:
        """What the URL leads to.

        Raises:
            AddressRefusedError: it leads, or redirects, where nothing may be sent.
            UnusablePageError: the site forbids it, or it is too large or of another type.
            UnreachableError: the site did not answer in time, or asks to come later.
            FetchError: the site answered that it does not have it.
        """
        ...


ReadArticle = Callable[[Fetched], Article]
"""Finds the article of a page; raises ``NoArticleError`` when it has none."""


class Sender(Protocol):
    """Posts to URLs that others named."""

    def check(self, url: str) -> None:
        """Refuse a URL that nothing may be sent to, as far as it can be told beforehand; raises
        ``AddressRefusedError``."""
        ...

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Post once, within a limit of time, and follow nothing; a failure is an answer."""
        ...
