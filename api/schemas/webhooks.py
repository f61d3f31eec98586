"""Public shapes of webhooks: subscriptions and the delivery log."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import Field

from api.schemas.incidents import Asked, Public
from summarizer.domain import limits, webhooks
from summarizer.domain.events import EventKind
from summarizer.domain.webhooks import DeliveryStatus, Subscription, SubscriptionStatus
from summarizer.webhooks import WebhookService

SAME = {"status", "attempts", "next_at", "answered_at", "answer_status", "answer"}
"""Fields of a delivery that are copied unchanged."""


class WebhookRequest(Asked):
    """A URL and the kinds of event posted to it."""

    url: str = Field(
        min_length=1, max_length=limits.NAME, examples=["https://hooks.newsroom.example/incidents"]
    )
    kinds: list[EventKind] = Field(
        min_length=1,
        max_length=len(webhooks.EVENTS),
        description="Some of: " + ", ".join(kind.value for kind in webhooks.EVENTS) + ".",
        examples=[["drafted", "approved"]],
    )
    after: str | int | None = Field(
        default=None,
        description="Deliver events after this place, the `next` of `GET /v1/entries` or a number; "
        "by default, new events only.",
        examples=["9f2c41d07ab3.42"],
    )


class WebhookChange(Asked):
    """Pausing or resuming of a webhook."""

    paused: bool


class WebhookView(Public):
    """A subscription, without its secret."""

    id: str = Field(examples=["3f9a0c1b2d4e"])
    url: str
    kinds: list[EventKind]
    created_at: dt.datetime
    created_by: str
    position: int = Field(description="Number of the last event for which deliveries exist.")
    status: SubscriptionStatus = Field(
        description="`failing`: the last attempt of any delivery failed."
    )
    paused_at: dt.datetime | None
    paused_because: str | None

    @classmethod
    def of(cls, subscription: Subscription, service: WebhookService) -> WebhookView:
        """The public shape of a subscription."""
        return cls(**_fields(subscription, service))


class WebhookMade(WebhookView):
    """A new subscription with its secret, which is not shown again."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])

    @classmethod
    def of(cls, subscription: Subscription, service: WebhookService) -> WebhookMade:
        """The public shape of a subscription with its secret."""
        secret = subscription.secret.get_secret_value()
        return cls(**_fields(subscription, service), secret=secret)


def _fields(subscription: Subscription, service: WebhookService) -> dict[str, Any]:
    status = service.status(subscription)
    return subscription.model_dump(exclude={"secret"}) | {"status": status}


class WebhookList(Public):
    """All subscriptions, oldest first."""

    webhooks: list[WebhookView]


class DeliveryView(Public):
    """Delivery of one event to one subscription."""

    message: str = Field(description="The `webhook-id` header of every attempt.")
    entry: int
    kind: EventKind
    incident: str | None = Field(
        examples=["INC-000042"], description="Null for an event about no single incident."
    )
    revision: int | None
    status: DeliveryStatus
    attempts: int = Field(description="Attempts so far; at most ten.")
    next_at: dt.datetime | None = Field(description="Earliest time of the next attempt.")
    answered_at: dt.datetime | None = Field(description="End of the last attempt.")
    answer_status: int | None = Field(description="HTTP status of the last answer.")
    answer: str = Field(description="First 500 characters of the last answer, or the error.")

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
    """Deliveries, of the newest event first."""

    deliveries: list[DeliveryView]
    next: int | None = Field(description="`before` of the next page; null at the end.")
