"""The time, as the machine has it."""

from __future__ import annotations

import datetime as dt


class SystemClock:
    """Meets ``ports.Clock``."""

    def now(self) -> dt.datetime:
        """The current time in UTC."""
        return dt.datetime.now(dt.UTC)
