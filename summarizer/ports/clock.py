"""The clock port."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The one door through which time enters."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        ...
