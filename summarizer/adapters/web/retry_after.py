"""Parsing of the ``Retry-After`` header."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def seconds(said: str, now: datetime) -> float | None:
    """Seconds to wait, >= 0; ``None`` if the header is neither a number nor a date.

    Args:
        said: value of the header.
        now: current time, for a date.
    """
    try:
        found = float(said)
    except ValueError:
        found = _until(said, now)
    return max(0.0, found) if math.isfinite(found) else None


def _until(date: str, now: datetime) -> float:
    try:
        then = parsedate_to_datetime(date)
    except ValueError:
        return math.nan
    return (then.replace(tzinfo=then.tzinfo or UTC) - now).total_seconds()
