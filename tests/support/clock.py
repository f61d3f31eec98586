"""The clock of tests."""

from __future__ import annotations

import datetime as dt

from tests.support.builders import NOON


class ManualClock:
    """A clock that moves only when a test moves it.

    Args:
        at: the time that it shows; may be set.
        step_s: seconds that pass with each look at it.
    """

    def __init__(self, at: dt.datetime = NOON, *, step_s: float = 0) -> None:
        self.at, self.step_s = at, step_s
        self.waited: list[float] = []
        """The seconds of each ``sleep``, in order."""

    def now(self) -> dt.datetime:
        self.advance(self.step_s)
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += dt.timedelta(seconds=seconds)

    def sleep(self, seconds: float) -> None:
        """Advance instead of waiting."""
        self.waited.append(seconds)
        self.advance(seconds)
