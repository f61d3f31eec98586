"""Webhooks: subscriptions, and the log of deliveries."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.auth import Admin
from api.dependencies import Service
from api.problems import answers
from api.schemas.webhooks import (
    Deliveries,
    DeliveryView,
    WebhookChange,
    WebhookList,
    WebhookMade,
    WebhookRequest,
    WebhookView,
)
from summarizer.domain.webhooks import DeliveryStatus

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])

Number = Annotated[int, Query(ge=0, le=2**63 - 1)]


@router.post("", summary="Tell a URL of what happens", status_code=201)
def subscribe(
    service: Service, actor: Admin, asked: WebhookRequest, response: Response
) -> WebhookMade:
    """Answers the secret with which deliveries are signed, this once."""
    made = service.webhooks.subscribe(asked.url, asked.kinds, actor.name, asked.after)
    response.headers["Cache-Control"] = "no-store"
    return WebhookMade.of(made, service.webhooks)


@router.get("", summary="All webhooks")
def list_webhooks(service: Service, actor: Admin) -> WebhookList:
    """Oldest first, without secrets."""
    found = service.webhooks.subscriptions()
    return WebhookList(webhooks=[WebhookView.of(one, service.webhooks) for one in found])


@router.get("/{webhook_id}", summary="One webhook", responses=answers(404))
def show(service: Service, actor: Admin, webhook_id: str) -> WebhookView:
    """Without its secret."""
    return WebhookView.of(service.webhooks.subscription(webhook_id), service.webhooks)


@router.patch("/{webhook_id}", summary="Pause or resume a webhook", responses=answers(404))
def change(service: Service, actor: Admin, webhook_id: str, asked: WebhookChange) -> WebhookView:
    """What happens while it is paused is told when it is resumed."""
    messenger = service.webhooks
    if asked.paused:
        return WebhookView.of(messenger.pause(webhook_id, f"Paused by {actor.name}."), messenger)
    return WebhookView.of(messenger.resume(webhook_id), messenger)


@router.delete("/{webhook_id}", summary="End a webhook", status_code=204, responses=answers(404))
def remove(service: Service, actor: Admin, webhook_id: str) -> None:
    """Its deliveries go with it."""
    service.webhooks.remove(webhook_id)


@router.get("/{webhook_id}/deliveries", summary="The delivery log", responses=answers(404))
def list_deliveries(
    service: Service,
    actor: Admin,
    webhook_id: str,
    status: DeliveryStatus | None = None,
    before: Number | None = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> Deliveries:
    """Newest event first."""
    found = service.webhooks.deliveries(webhook_id, status, before, limit)
    return Deliveries(
        deliveries=[DeliveryView.of(one) for one in found],
        next=found[-1].entry.number if len(found) == limit else None,
    )
