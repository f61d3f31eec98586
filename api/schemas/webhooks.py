"""Public shapes of webhooks: subscriptions and the log of deliveries."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import ConfigDict, Field

from api.schemas.incidents import Public
from summarizer.domain import webhooks
from summarizer.domain.events import EventKind
from summarizer.domain.webhooks import DeliveryStatus, Subscription, SubscriptionStatus
from summarizer.webhooks import WebhookService

SAME = {"status", "attempts", "next_at", "answered_at", "answer_status", "answer"}
"""Fields of a delivery that are shown as they are."""


class WebhookRequest(Public):
    """A URL, and the kinds of event to post to it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(
        min_length=1, max_length=2_000, examples=["https://hooks.newsroom.example/incidents"]
    )
    kinds: list[EventKind] = Field(
        min_length=1,
        max_length=20,
        description="Some of: " + ", ".join(kind.value for kind in webhooks.EVENTS) + ".",
        examples=[["drafted", "approved"]],
    )
    after: int | None = Field(
        default=None,
        ge=0,
        le=2**63 - 1,
        description="Number of the entry after which it begins; now when left out.",
    )


class WebhookChange(Public):
    """Pause or resume."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paused: bool


class WebhookView(Public):
    """A subscription, without its secret."""

    id: str = Field(examples=["3f9a0c1b2d4e"])
    url: str
    kinds: list[EventKind]
    created_at: dt.datetime
    created_by: str
    position: int = Field(description="Entry up to which deliveries were derived.")
    status: SubscriptionStatus = Field(
        description="`failing`: the last try, of whatever delivery, did not reach its receiver."
    )
    paused_at: dt.datetime | None
    paused_because: str | None

    @classmethod
    def of(cls, subscription: Subscription, messenger: WebhookService) -> WebhookView:
        """The public shape of a subscription."""
        return cls(**_said(subscription, messenger))


class WebhookMade(WebhookView):
    """A new subscription with its secret: this once."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])

    @classmethod
    def of(cls, subscription: Subscription, messenger: WebhookService) -> WebhookMade:
        """The public shape of a subscription, and its secret."""
        secret = subscription.secret.get_secret_value()
        return cls(**_said(subscription, messenger), secret=secret)


def _said(subscription: Subscription, messenger: WebhookService) -> dict[str, Any]:
    status = messenger.status(subscription)
    return subscription.model_dump(exclude={"secret"}) | {"status": status}


class WebhookList(Public):
    """All subscriptions, oldest first."""

    webhooks: list[WebhookView]


class DeliveryView(Public):
    """One event on its way to one subscription."""

    message: str = Field(description="The `webhook-id` of every try.")
    entry: int
    kind: EventKind
    incident: str = Field(examples=["INC-000042"])
    revision: int | None
    status: DeliveryStatus
    attempts: int = Field(description="Tries so far; ten at most.")
    next_at: dt.datetime | None = Field(description="Earliest time of the next try.")
    answered_at: dt.datetime | None = Field(description="When the last try ended.")
    answer_status: int | None = Field(description="HTTP status of the last answer.")
    answer: str = Field(description="Its first 500 characters, or why none came.")

    @classmethod
    def of(cls, delivery: webhooks.Delivery) -> DeliveryView:
        """The public shape of a delivery."""
        entry = delivery.entry
        return cls(
            message=delivery.message_id,
            entry=entry.number,
            kind=entry.kind,
            incident=entry.incident_id,
            revision=entry.revision,
            **delivery.model_dump(include=SAME),
        )


class Deliveries(Public):
    """Deliveries, of the newest entry first."""

    deliveries: list[DeliveryView]
    next: int | None = Field(description="Send it as `before` for older ones; null at the end.")
