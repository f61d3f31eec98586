"""The system clock."""

from __future__ import annotations

import datetime as dt


class SystemClock:
    """``Clock`` of the machine."""

    def now(self) -> dt.datetime:
        """The current time in UTC."""
        return dt.datetime.now(dt.UTC)
