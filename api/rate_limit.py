"""Rate limit per key, by token bucket."""

from __future__ import annotations

import datetime as dt
import math
import threading
from typing import NamedTuple

MOST_BUCKETS = 10_000
"""Buckets above which those that have refilled are dropped, and all if none has."""


class Allowance(NamedTuple):
    """What a request has left of its limit.

    Args:
        limit: most requests of one key per minute; 0 for no limit.
        left: requests that may still be sent at once.
        wait_s: seconds until this one may be sent; 0 if it was within the limit.
        reset_s: seconds until ``limit`` requests may be sent at once.
    """

    limit: int
    left: int
    wait_s: float
    reset_s: int


class RateLimit:
    """Token buckets that hold one minute's requests and refill steadily.

    Args:
        per_minute: maximum requests of one key per minute; 0 for no limit.
    """

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._buckets: dict[str, tuple[float, dt.datetime]] = {}
        self._lock = threading.Lock()

    def take(self, name: str, now: dt.datetime) -> Allowance:
        """Take a token, if there is one."""
        if not self._per_minute:
            return Allowance(limit=0, left=0, wait_s=0, reset_s=0)
        with self._lock:
            self._forget(now)
            left, at = self._buckets.get(name, (float(self._per_minute), now))
            passed = max((now - at).total_seconds(), 0)
            left = min(left + passed * self._per_minute / 60, self._per_minute)
            taken = left >= 1
            left = left - 1 if taken else left
            self._buckets[name] = (left, now)
        second = 60 / self._per_minute  # in which one token comes
        return Allowance(
            limit=self._per_minute,
            left=math.floor(left),
            wait_s=0 if taken else (1 - left) * second,
            reset_s=math.ceil((self._per_minute - left) * second),
        )

    def _forget(self, now: dt.datetime) -> None:
        """Drop full buckets once there are many, so that a flood of names fills no memory."""
        if len(self._buckets) >= MOST_BUCKETS:
            minute = dt.timedelta(minutes=1)
            kept = {name: b for name, b in self._buckets.items() if now - b[1] < minute}
            self._buckets = kept if len(kept) < MOST_BUCKETS else {}
