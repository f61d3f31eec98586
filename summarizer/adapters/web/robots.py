"""What sites allow programs to fetch: robots.txt (RFC 9309), read by Protego.

The standard library's parser knows neither ``*`` and ``$`` in paths nor that the longest rule
wins, and so refuses and allows other pages than the sites mean.
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
"""How long rules hold without being asked for again; RFC 9309 allows no longer."""

LONGEST_DELAY_S = 30.0
"""A site that asks for more between two requests gets this: a fetch must end some day."""


class Robots:
    """The rules of sites, for one program; may be used from several threads."""

    def __init__(self, user_agent: str, fetch: Callable[[Wanted], Fetched], clock: Clock) -> None:
        """Prepare to ask sites for their rules.

        Args:
            user_agent: as sent; its first word, up to a slash, is what rules name.
            fetch: gets a robots.txt.
            clock: the time.
        """
        self._name = user_agent.split("/")[0].split()[0]
        self._fetch = fetch
        self._clock = clock
        self._known: dict[str, tuple[Protego, datetime]] = {}

    def check(self, url: str) -> None:
        """Raise when the site forbids the URL, or its rules cannot be had.

        Raises:
            RobotsDeniedError: it does.
            UnreachableError: nobody knows: a site that fails is taken to forbid everything.
        """
        if not self._rules(url).can_fetch(url, self._name):
            raise RobotsDeniedError(
                f"The robots.txt of {urlsplit(url).netloc} forbids programs to fetch this page. "
                "Open it yourself and hand in its text."
            )

    def delay(self, url: str) -> float:
        """Seconds that the site asks for between two requests, at most 30; 0 when it does not."""
        return min(self._rules(url).crawl_delay(self._name) or 0.0, LONGEST_DELAY_S)

    def _rules(self, url: str) -> Protego:
        parts, now = urlsplit(url), self._clock.now()
        site = f"{parts.scheme}://{parts.netloc}"
        rules, until = self._known.get(site, (None, now))
        if rules is None or not now < until <= now + KEPT:  # beyond: the clock was set back
            rules = self._asked(site)
            self._known[site] = rules, now + KEPT
        return rules

    def _asked(self, site: str) -> Protego:
        try:
            found = self._fetch(Wanted(url=f"{site}/robots.txt", purpose=Purpose.ROBOTS))
        except UnreachableError as error:
            raise UnreachableError(
                f"The robots.txt of {site} cannot be had, so that nothing of it may be fetched "
                f"now: {error}",
                error.status,
                error.retry_after,
            ) from error
        except FetchError:  # the site answered that it has none
            return Protego.parse("")
        return Protego.parse(found.body.decode("utf-8", errors="replace"))
