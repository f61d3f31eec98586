"""Rules of robots.txt (RFC 9309), parsed with Protego.

The standard library's parser supports neither ``*`` and ``$`` in paths nor precedence of the
longest rule.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from summarizer.domain.fetching import Fetched, Purpose, Wanted
from summarizer.errors import FetchError, RobotsDeniedError, UnreachableError
from summarizer.ports.clock import Clock

KEPT = timedelta(hours=24)
"""Time that rules are cached, the longest that RFC 9309 allows."""

LONGEST_DELAY_S = 30.0
"""Longest delay between two requests, even if the site asks for more."""


class Robots:
    """Cached rules of sites for one user agent; thread-safe."""

    def __init__(self, user_agent: str, fetch: Callable[[Wanted], Fetched], clock: Clock) -> None:
        """Prepare an empty cache.

        Args:
            user_agent: as sent; rules match its first word, up to a slash.
            fetch: fetches a robots.txt.
            clock: the time.
        """
        self._name = user_agent.split("/")[0].split()[0]
        self._fetch = fetch
        self._clock = clock
        self._known: dict[str, tuple[Protego, datetime]] = {}

    def check(self, url: str) -> None:
        """Raise if the site forbids the URL.

        Raises:
            RobotsDeniedError: the rules forbid the URL.
            UnreachableError: the rules could not be fetched, which forbids everything.
        """
        if not self._rules(url).can_fetch(url, self._name):
            raise RobotsDeniedError(
                f"The robots.txt of {urlsplit(url).netloc} forbids programs to fetch this page. "
                "Open it yourself and submit its text."
            )

    def delay(self, url: str) -> float:
        """Crawl delay of the site in seconds, 0–30; 0 without one."""
        return min(self._rules(url).crawl_delay(self._name) or 0.0, LONGEST_DELAY_S)

    def _rules(self, url: str) -> Protego:
        parts, now = urlsplit(url), self._clock.now()
        site = f"{parts.scheme}://{parts.netloc}"
        rules, until = self._known.get(site, (None, now))
        if rules is None or not now < until <= now + KEPT:  # later than that: clock was set back
            rules = self._asked(site)
            self._known[site] = rules, now + KEPT
        return rules

    def _asked(self, site: str) -> Protego:
        try:
            found = self._fetch(Wanted(url=f"{site}/robots.txt", purpose=Purpose.ROBOTS))
        except UnreachableError as error:
            raise UnreachableError(
                f"The robots.txt of {site} cannot be fetched, so no page of it may be fetched "
                f"now: {error}",
                error.status,
                error.retry_after,
            ) from error
        except FetchError:  # the site answered that it has none
            return Protego.parse("")
        return Protego.parse(found.body.decode("utf-8", errors="replace"))
