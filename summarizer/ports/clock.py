"""The clock port."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Source of the current time; no other code reads the system clock."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        ...
