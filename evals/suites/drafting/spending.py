"""Tokens, money and time of the calls to models that a draft made, failed ones included."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from summarizer.domain.drafts import CallRecord, Usage
from summarizer.jobs.budget import Price


class Call(NamedTuple):
    """A call to a model; ``seconds`` from sending to the answer or the failure."""

    model: str
    usage: Usage
    seconds: float


def calls_of(records: Iterable[CallRecord]) -> tuple[Call, ...]:
    """The calls of records, without their texts."""
    return tuple(Call(one.model, one.usage, one.latency_ms / 1000) for one in records)


def cost(calls: Iterable[Call], prices: Mapping[str, Price]) -> float | None:
    """Cost of calls, each at the price of its model; ``None`` if one of the models has none."""
    total = 0.0
    for call in calls:
        price = prices.get(call.model)
        if price is None:
            return None
        total += price.of(call.usage)
    return total


def tokens(calls: Iterable[Call]) -> int:
    """Tokens sent and received, including cache writes and reads."""
    return sum(call.usage.tokens for call in calls)


def seconds(calls: Iterable[Call]) -> float:
    """Seconds of all calls, those at the same time added up."""
    return sum(call.seconds for call in calls)


class Running:
    """A clock that starts at a given time and goes on from there.

    Args:
        start: time at the beginning.
        elapsed: seconds since any fixed moment.
    """

    def __init__(
        self, start: dt.datetime, elapsed: Callable[[], float] = time.perf_counter
    ) -> None:
        self._start = start
        self._elapsed = elapsed
        self._began = elapsed()

    def now(self) -> dt.datetime:
        """The start and the time since."""
        return self._start + dt.timedelta(seconds=self._elapsed() - self._began)
