"""Webhooks as data: subscriptions, the deliveries owed to them, and when one is tried again.

A subscription has a position in the log of events.  Deliveries are derived from the log from there
on, each once, so that a crash loses none; ``summarizer.webhooks`` derives and sends them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
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
"""Kinds of event that a subscription may ask for, in the order in which they are shown."""

WAITS_S = (5, 60, 300, 1_200, 3_600, 7_200, 14_400, 28_800, 28_800)
"""Seconds between tries, before jitter: ten tries in about 23 hours.  Our choice."""

JITTER = 0.2
"""Share by which a wait is longer or shorter, so that what failed together comes back apart."""

LONGEST_ASKED_S = max(WAITS_S)
"""Most seconds that a receiver's ``Retry-After`` puts a try off."""

GONE = 410
"""The status by which a receiver says that it wants no more."""


class Subscription(Model):
    """A URL, and the kinds of event that are posted to it.

    Args:
        id: permanent.
        url: that deliveries are posted to.
        kinds: some of ``EVENTS``.
        secret: ``whsec_…``, with which deliveries are signed; shown when it is made and never
            again.
        created_by: name of the key that made it.
        position: number of the last event from which deliveries were derived.
        paused_at: since when nothing is derived or sent; ``None`` while it runs.
        paused_because: why, for a person.
    """

    id: str
    url: str
    kinds: tuple[EventKind, ...]
    secret: SecretStr
    created_at: dt.datetime
    created_by: str
    position: int = 0
    paused_at: dt.datetime | None = None
    paused_because: str | None = None


class SubscriptionStatus(StrEnum):
    """How a subscription fares."""

    ACTIVE = "active"  # the last try reached its receiver, or none was made yet
    FAILING = "failing"  # the last try, of whatever delivery, did not
    PAUSED = "paused"  # nothing is derived or sent


class DeliveryStatus(StrEnum):
    """Where a delivery has got to."""

    WAITING = "waiting"  # it will be tried, at ``next_at`` or as soon as the subscription runs
    DELIVERED = "delivered"  # the receiver answered 2xx
    FAILED = "failed"  # every try failed, or the receiver answered 410


class Answer(Model):
    """Result of one try.

    Args:
        status: HTTP status, ``None`` when no answer came.
        text: the first characters of the body, or why there is no answer.
        retry_after_s: seconds for which the receiver wants no further try, as it said, >= 0.
    """

    status: int | None
    text: str
    retry_after_s: float | None = None

    @property
    def reached(self) -> bool:
        """Whether the receiver took the message: it answered 2xx."""
        return self.status is not None and 200 <= self.status < 300


class Delivery(Model):
    """One event on its way to one subscription.

    Args:
        subscription: its id.
        entry: the event.
        attempts: tries so far, one that is under way too.
        next_at: earliest time of the next try, ``None`` when there is none.
        claimed_until: while a worker is at it: when others may take it for dead.
        answered_at: when the last try ended; ``None`` before the first has.
        answer_status: HTTP status of the last answer, ``None`` when none came.
        answer: its first characters, or why none came.
    """

    subscription: str
    entry: Event
    status: DeliveryStatus = DeliveryStatus.WAITING
    attempts: int = 0
    next_at: dt.datetime | None = None
    claimed_until: dt.datetime | None = None
    answered_at: dt.datetime | None = None
    answer_status: int | None = None
    answer: str = ""

    @property
    def message_id(self) -> str:
        """The ``webhook-id`` of every try."""
        return f"msg_{self.subscription}_{self.entry.number}"

    def after(self, answer: Answer, at: dt.datetime) -> Delivery:
        """This delivery when a try has ended: done, to be tried again, or given up."""
        changes: dict[str, object] = {
            "status": DeliveryStatus.WAITING,
            "next_at": None,
            "claimed_until": None,
            "answered_at": at,
            "answer_status": answer.status,
            "answer": answer.text,
        }
        if answer.reached:
            changes["status"] = DeliveryStatus.DELIVERED
        elif answer.status == GONE or (wait := self.wait()) is None:
            changes["status"] = DeliveryStatus.FAILED
        else:
            asked = min(answer.retry_after_s or 0, LONGEST_ASKED_S)
            changes["next_at"] = at + max(wait, dt.timedelta(seconds=asked))
        return self.model_copy(update=changes)

    def wait(self) -> dt.timedelta | None:
        """Time from the last try to the next; ``None`` after the last of all.

        The jitter is drawn from the message's id, so that it is the same in every process.
        """
        if self.attempts > len(WAITS_S):
            return None
        drawn = hashlib.sha256(f"{self.message_id}:{self.attempts}".encode()).digest()
        share = int.from_bytes(drawn[:4], "big") / 2**32
        return dt.timedelta(seconds=WAITS_S[self.attempts - 1] * (1 + JITTER * (2 * share - 1)))
