"""Webhooks as data: who is told of what, what became of each delivery, and what keeps and sends.

A subscription has a position in the log of what happened.  Deliveries are derived from the log
from there on, each once, so that a crash loses none; ``summarizer.delivering`` does it.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Final

from pydantic import SecretStr

from summarizer.domain.events import Event, EventKind
from summarizer.domain.model import Model

EVENTS: Final = (
    EventKind.DRAFTED,
    EventKind.NEEDS_ATTENTION,
    EventKind.ATTENTION_OVER,
    EventKind.APPROVED,
    EventKind.WITHDRAWN,
    EventKind.RETRACTED,
    EventKind.CONTRADICTED,
    EventKind.FORECAST_DUE,
)
"""Kinds of entry that a subscription may ask for, in the order in which they are shown."""


class FormerSecret(Model):
    """A secret that another took the place of; until that time both sign."""

    secret: SecretStr
    until: dt.datetime


class Subscription(Model):
    """Who is told of what.

    Args:
        id: permanent.
        url: that deliveries are posted to.
        kinds: what it is told of, some of ``EVENTS``.
        secret: ``whsec_…``, with which deliveries are signed; shown when it is made and never
            again.
        former: secrets before it, newest first, of which those that are not over sign too.
        created_by: name of the key that made it.
        position: number of the last entry of which deliveries were derived.
        paused_at: since when nothing is derived or sent; ``None`` while it runs.
        paused_because: why, for a person.
    """

    id: str
    url: str
    kinds: tuple[EventKind, ...]
    secret: SecretStr
    former: tuple[FormerSecret, ...] = ()
    created_at: dt.datetime
    created_by: str
    position: int = 0
    paused_at: dt.datetime | None = None
    paused_because: str | None = None

    def still_signing(self, at: dt.datetime) -> tuple[FormerSecret, ...]:
        """The former secrets that sign at that time, newest first."""
        return tuple(one for one in self.former if one.until > at)


class SubscriptionStatus(StrEnum):
    """How a subscription fares."""

    ACTIVE = "active"  # the last try reached its receiver, or none was made yet
    FAILING = "failing"  # the last try, of whatever delivery, did not
    PAUSED = "paused"  # nothing is derived or sent


class DeliveryStatus(StrEnum):
    """Where a delivery has got to."""

    WAITING = "waiting"  # it will be tried, at ``next_at`` or as soon as the subscription runs
    DELIVERED = "delivered"  # the receiver answered 2xx
    FAILED = "failed"  # every try failed, or the receiver answered 410; only by hand again


class Try(Model):
    """One request of a delivery, and what came of it.

    Args:
        at: when it ended.
        ms: how long it took, >= 0; ``None`` where an older program made it.
        status: HTTP status of the answer, ``None`` when none came.
        text: the first characters of the answer, or why none came.
    """

    at: dt.datetime
    ms: int | None = None
    status: int | None = None
    text: str = ""


MOST_TRIES = 20
"""Tries of a delivery that are kept, the newest: what two full rounds of them make."""


class Delivery(Model):
    """One entry on its way to one subscription.

    Args:
        subscription: its id.
        entry: what it tells of.
        attempts: tries since it was derived or last asked for by hand.
        next_at: earliest time of the next try, ``None`` when there is none.
        claimed_until: while a worker is at it: when others may take it for dead.
        tries: those that ended, oldest first, by hand too; the newest ``MOST_TRIES``.
    """

    subscription: str
    entry: Event
    status: DeliveryStatus = DeliveryStatus.WAITING
    attempts: int = 0
    next_at: dt.datetime | None = None
    claimed_until: dt.datetime | None = None
    tries: tuple[Try, ...] = ()

    @property
    def last(self) -> Try | None:
        """The last try; ``None`` before the first ended."""
        return self.tries[-1] if self.tries else None

    @property
    def reached(self) -> bool:
        """Whether the last try reached its receiver: it answered 2xx."""
        status = self.last.status if self.last else None
        return status is not None and 200 <= status < 300

    @property
    def message_id(self) -> str:
        """What a receiver knows it by: the same for every try, and by hand too."""
        return f"msg_{self.subscription}_{self.entry.number}"


class Answer(Model):
    """What came of one try.

    Args:
        status: HTTP status, ``None`` when no answer came.
        text: the first characters of the body, or why there is no answer.
        retry_after_s: seconds for which the receiver wants no further try, as it said, >= 0.
    """

    status: int | None
    text: str
    retry_after_s: float | None = None
