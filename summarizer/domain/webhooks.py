"""Webhooks: subscriptions, deliveries, and the schedule of retries.

A subscription has a position in the history.  Every later event gives one delivery, so that a
crash loses none; ``summarizer.webhooks`` creates and sends them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from enum import StrEnum
from typing import Final

from pydantic import SecretStr

from summarizer.domain.events import Event, EventKind
from summarizer.domain.model import Model

EVENTS: Final = tuple(EventKind)
"""Kinds of event that a subscription may choose, in the order of display."""

WAITS_S = (5, 60, 300, 1_200, 3_600, 7_200, 14_400, 28_800, 28_800)
"""Seconds between attempts, before jitter: ten attempts in about 23 hours."""

JITTER = 0.2
"""Largest random change of a wait, as a share of it, so that deliveries which failed together are
not retried together."""

LONGEST_ASKED_S = max(WAITS_S)
"""Longest delay in seconds that a receiver's ``Retry-After`` can ask for."""

GONE = 410
"""HTTP status of a receiver that wants no further deliveries."""


class Subscription(Model):
    """A URL, and the kinds of event that are posted to it.

    Args:
        id: permanent.
        kinds: some of ``EVENTS``.
        secret: ``whsec_…``, the key that signs deliveries; shown only at creation.
        created_by: name of the API key that created it.
        position: number of the last event for which a delivery was considered.
        paused_at: start of a pause, during which nothing is created or sent; ``None`` if active.
        paused_because: reason of the pause, for a person.
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
    """Status of a subscription."""

    ACTIVE = "active"  # the last attempt succeeded, or none was made yet
    FAILING = "failing"  # the last attempt of any delivery failed
    PAUSED = "paused"  # no deliveries are created or sent


class DeliveryStatus(StrEnum):
    """Status of a delivery."""

    WAITING = "waiting"  # for an attempt at ``next_at``, or for the end of a pause
    DELIVERED = "delivered"  # the receiver answered 2xx
    FAILED = "failed"  # every attempt failed, or the receiver answered 410


class Answer(Model):
    """Result of one attempt to deliver.

    Args:
        status: HTTP status, ``None`` without an answer.
        text: the first characters of the body, or why there is no answer.
        retry_after_s: the receiver's ``Retry-After`` in seconds, >= 0.
    """

    status: int | None
    text: str
    retry_after_s: float | None = None

    @property
    def reached(self) -> bool:
        """Whether the receiver accepted the message: it answered 2xx."""
        return self.status is not None and 200 <= self.status < 300


class Delivery(Model):
    """Delivery of one event to one subscription.

    Args:
        subscription: id of the subscription.
        entry: the event.
        attempts: ended attempts so far.
        next_at: earliest time of the next attempt, ``None`` without one.
        answered_at: end of the last attempt; ``None`` before the first ended.
        answer_status: HTTP status of the last answer, ``None`` without one.
        answer: its first characters, or why there is none.
    """

    subscription: str
    entry: Event
    status: DeliveryStatus = DeliveryStatus.WAITING
    attempts: int = 0
    next_at: dt.datetime | None = None
    answered_at: dt.datetime | None = None
    answer_status: int | None = None
    answer: str = ""

    @property
    def message_id(self) -> str:
        """The ``webhook-id``, the same for every attempt, and never that of another event."""
        return f"msg_{self.subscription}_{self.entry.id}"

    def after(self, answer: Answer, at: dt.datetime) -> Delivery:
        """This delivery after an attempt: delivered, waiting for the next attempt, or failed."""
        changes: dict[str, object] = {
            "status": DeliveryStatus.WAITING,
            "next_at": None,
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
        """Time from the last attempt to the next; ``None`` after the final attempt.

        The jitter is derived from the message id, so that it is the same in every process.
        """
        if self.attempts > len(WAITS_S):
            return None
        drawn = hashlib.sha256(f"{self.message_id}:{self.attempts}".encode()).digest()
        share = int.from_bytes(drawn[:4], "big") / 2**32
        return dt.timedelta(seconds=WAITS_S[self.attempts - 1] * (1 + JITTER * (2 * share - 1)))
