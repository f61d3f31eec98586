"""Endpoints of webhooks: subscriptions and the delivery log."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.auth import Admin
from api.bodies import GuardedRoute
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
from summarizer.domain.events import Cursor
from summarizer.domain.webhooks import DeliveryStatus

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"], route_class=GuardedRoute)

Number = Annotated[int, Query(ge=0, le=2**63 - 1)]


@router.post("", summary="Create a webhook", status_code=201, responses=answers(410))
def create_webhook(
    service: Service, actor: Admin, asked: WebhookRequest, response: Response
) -> WebhookMade:
    """The answer contains the signing secret, which is not shown again."""
    after = None if asked.after is None else Cursor.read(str(asked.after))
    made = service.webhooks.subscribe(asked.url, asked.kinds, actor.name, after)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Location"] = f"/v1/webhooks/{made.id}"
    return WebhookMade.of(made, service.webhooks)


@router.get("", summary="List webhooks")
def list_webhooks(service: Service, actor: Admin) -> WebhookList:
    """Oldest first, without secrets."""
    found = service.webhooks.subscriptions()
    return WebhookList(webhooks=[WebhookView.of(one, service.webhooks) for one in found])


@router.get("/{webhook_id}", summary="Show a webhook", responses=answers(404))
def show_webhook(service: Service, actor: Admin, webhook_id: str) -> WebhookView:
    """One subscription, without its secret."""
    return WebhookView.of(service.webhooks.subscription(webhook_id), service.webhooks)


@router.patch("/{webhook_id}", summary="Pause or resume a webhook", responses=answers(404))
def change_webhook(
    service: Service, actor: Admin, webhook_id: str, asked: WebhookChange
) -> WebhookView:
    """Events during a pause are delivered after it is resumed."""
    messenger = service.webhooks
    if asked.paused:
        return WebhookView.of(messenger.pause(webhook_id, f"Paused by {actor.name}."), messenger)
    return WebhookView.of(messenger.resume(webhook_id), messenger)


@router.delete("/{webhook_id}", summary="Delete a webhook", status_code=204, responses=answers(404))
def delete_webhook(service: Service, actor: Admin, webhook_id: str) -> None:
    """Deletes the subscription and its deliveries."""
    service.webhooks.remove(webhook_id)


@router.get("/{webhook_id}/deliveries", summary="List deliveries", responses=answers(404))
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
