"""Public shapes of webhooks: subscriptions and the delivery log."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

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


class EventLinks(Public):
    """Where more is read: URLs of this service if it knows its own, else paths of it."""

    incident: str | None = Field(
        default=None,
        description="The page; absent for an event about no single incident.",
        examples=["/v1/incidents/INC-000042?revision=3"],
    )
    history: str | None = Field(default=None, description="All events of the incident.")
    desk: str | None = Field(default=None, description="The incident on the editors' desk.")
    page: str | None = Field(
        default=None, description="The published page; absent if the service does not know it."
    )
    entries: str = Field(
        description="The event in the log.", examples=["/v1/entries?after=41&limit=1"]
    )


class EventData(Public):
    """What happened, without source text."""

    entry: int = Field(description="Number of the event in the log.", examples=[42])
    kind: EventKind
    incident: str | None = Field(
        examples=["INC-000042"], description="Null for an event about no single incident."
    )
    revision: int | None
    links: EventLinks = Field(description="Where more is read.")


class EventMessage(Public):
    """A CloudEvent 1.0, as it is posted to a webhook."""

    specversion: Literal["1.0"] = Field(description="Version of CloudEvents.")
    id: str = Field(
        description="With `source`: what no other event has. Keep both of those that you have "
        "seen, for a message may come again.",
        examples=["9f2c41d07ab3.42"],
    )
    source: str = Field(
        description="The installation.", examples=["urn:uuid:6f0e0f0a-52b1-4c8e-9d52-1e1f5b1c7a11"]
    )
    type: str = Field(description="`summarizer.` and the kind.", examples=["summarizer.approved"])
    time: dt.datetime = Field(description="When it happened.")
    subject: str | None = Field(
        default=None, description="The incident; absent for an event about no single one."
    )
    datacontenttype: Literal["application/json"] = Field(description="Of `data`.")
    data: EventData = Field(description="What happened.")
