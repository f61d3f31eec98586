"""Rate limit per key, by token bucket."""

from __future__ import annotations

import datetime as dt
import threading


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
            left, at = self._buckets.get(name, (float(self._per_minute), now))
            passed = max((now - at).total_seconds(), 0)
            left = min(left + passed * self._per_minute / 60, self._per_minute)
            taken = left >= 1
            self._buckets[name] = (left - 1 if taken else left, now)
        return 0 if taken else (1 - left) * 60 / self._per_minute
