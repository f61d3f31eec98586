"""Rate limit per key, by token bucket."""

from __future__ import annotations

import datetime as dt
import threading

MOST_BUCKETS = 10_000
"""Buckets above which those that have refilled are dropped, and all if none has."""


class RateLimit:
    """Token buckets that hold one minute's requests and refill steadily.

    Args:
        per_minute: maximum requests of one key per minute; 0 for no limit.
    """

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._buckets: dict[str, tuple[float, dt.datetime]] = {}
        self._lock = threading.Lock()

    def wait(self, name: str, now: dt.datetime) -> float:
        """Take a token: 0 if there was one, else the seconds until the next one."""
        if not self._per_minute:
            return 0
        with self._lock:
            self._forget(now)
            left, at = self._buckets.get(name, (float(self._per_minute), now))
            passed = max((now - at).total_seconds(), 0)
            left = min(left + passed * self._per_minute / 60, self._per_minute)
            taken = left >= 1
            self._buckets[name] = (left - 1 if taken else left, now)
        return 0 if taken else (1 - left) * 60 / self._per_minute

    def _forget(self, now: dt.datetime) -> None:
        """Drop full buckets once there are many, so that a flood of names fills no memory."""
        if len(self._buckets) >= MOST_BUCKETS:
            minute = dt.timedelta(minutes=1)
            kept = {name: b for name, b in self._buckets.items() if now - b[1] < minute}
            self._buckets = kept if len(kept) < MOST_BUCKETS else {}
