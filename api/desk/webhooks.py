"""Desk pages of webhooks: subscriptions and the delivery log."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Response

from api.auth import Actor
from api.dependencies import Service
from api.desk.jinja import Editor, rendered
from summarizer.domain.api_keys import Scope
from summarizer.domain.webhooks import EVENTS, WAITS_S, DeliveryStatus

PAGE = 50
"""Deliveries on one page of the log."""

router = APIRouter(include_in_schema=False)


def administers(editor: Editor) -> Actor:
    """The signed-in editor, who must be an admin.

    Raises:
        HTTPException: 403 without the scope ``admin``.
    """
    if Scope.ADMIN not in editor.scopes:
        raise HTTPException(
            HTTPStatus.FORBIDDEN, f"The key {editor.name!r} lacks the scope 'admin'."
        )
    return editor


Admin = Annotated[Actor, Depends(administers)]


@router.get("/webhooks")
def show_webhooks(service: Service, admin: Admin) -> Response:
    """All subscriptions with their status, and a form for a new one."""
    messenger = service.webhooks
    found = messenger.subscriptions()
    return rendered(
        "webhooks.html.j2",
        service,
        admin,
        here="webhooks",
        hooks=[(one, messenger.status(one), messenger.last_tried(one.id)) for one in found],
        events=EVENTS,
    )


@router.get("/webhooks/{webhook_id}")
def show_webhook(
    service: Service,
    admin: Admin,
    webhook_id: str,
    status: str = "",
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
) -> Response:
    """One subscription with its deliveries, newest first; an unknown status does not filter."""
    hook = service.webhooks.subscription(webhook_id)
    wanted = DeliveryStatus(status) if status in set(DeliveryStatus) else None
    found = service.webhooks.deliveries(hook.id, wanted, before, PAGE + 1)
    return rendered(
        "webhook.html.j2",
        service,
        admin,
        here="webhooks",
        hook=hook,
        fares=service.webhooks.status(hook),
        wanted=wanted,
        statuses=list(DeliveryStatus),
        deliveries=found[:PAGE],
        before=before,
        older=found[PAGE - 1].entry.number if len(found) > PAGE else None,
        most_tries=len(WAITS_S) + 1,
    )
