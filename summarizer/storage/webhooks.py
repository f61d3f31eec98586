"""Subscriptions and deliveries, in the database of the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr
from sqlalchemy import ColumnElement, Row, Select, and_, delete, insert, select, update

from summarizer.domain.events import EventKind
from summarizer.domain.webhooks import Delivery, DeliveryStatus, Subscription
from summarizer.errors import NotFoundError
from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.dialects import put
from summarizer.storage.epochs import EPOCH
from summarizer.storage.events import event_of
from summarizer.storage.locks import webhook

_HOOKS, _SENT, _EVENTS = tables.webhooks, tables.deliveries, tables.events

_ROWS = (
    select(_SENT, _EVENTS, tables.incidents.c.id.label("incident_id"), EPOCH.label("epoch"))
    .select_from(_SENT.join(_EVENTS, _EVENTS.c.number == _SENT.c.event))
    .outerjoin(tables.incidents, tables.incidents.c.number == _EVENTS.c.incident)
)
_FIELDS = frozenset(Delivery.model_fields) - {"entry"}
_TOO_LONG = timedelta(days=1)
"""No delivery waits for so long, unless the clock was set back meanwhile."""


class Webhooks:
    """Webhooks in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, subscription: Subscription) -> None:
        """Store a subscription, in place of its former state."""
        row = subscription.model_dump() | {
            "kinds": [kind.value for kind in subscription.kinds],
            "secret": subscription.secret.get_secret_value(),
        }
        with self._database.writing(webhook(subscription.id)) as connection:
            put(connection, _HOOKS, [row], "id")

    def all(self) -> list[Subscription]:
        """Every subscription, oldest first."""
        query = select(_HOOKS).order_by(_HOOKS.c.created_at, _HOOKS.c.id)
        with self._database.reading() as connection:
            return [_subscription(row) for row in connection.execute(query)]

    def subscription(self, subscription_id: str) -> Subscription:
        """The subscription with that id."""
        query = select(_HOOKS).where(_HOOKS.c.id == subscription_id)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(
                f"There is no webhook {subscription_id!r}: see summarizer webhooks list, "
                "or GET /v1/webhooks.",
                field="subscription_id",
            )
        return _subscription(row)

    def pause_all(self, at: datetime, because: str) -> int:
        """Pause those that run; their number."""
        running = _HOOKS.c.paused_at.is_(None)
        with self._database.writing() as connection:
            changed = update(_HOOKS).where(running).values(paused_at=at, paused_because=because)
            return connection.execute(changed).rowcount

    def remove(self, subscription_id: str) -> None:
        """Forget a subscription and its deliveries."""
        with self._database.writing(webhook(subscription_id)) as connection:
            self.subscription(subscription_id)
            connection.execute(delete(_SENT).where(_SENT.c.subscription == subscription_id))
            connection.execute(delete(_HOOKS).where(_HOOKS.c.id == subscription_id))

    def add(self, deliveries: Sequence[Delivery]) -> None:
        """Store new deliveries."""
        if deliveries:
            with self._database.writing() as connection:
                connection.execute(insert(_SENT), [_row(one) for one in deliveries])

    def keep(self, delivery: Delivery) -> None:
        """Store a delivery in place of its former state; a deleted delivery stays deleted."""
        same = _is(delivery.subscription, delivery.entry.number)
        with self._database.writing() as connection:
            connection.execute(update(_SENT).where(same).values(_row(delivery)))

    def with_due(self, at: datetime) -> list[str]:
        """Ids of the subscriptions that are not paused and have a delivery that is due."""
        query = select(_SENT.c.subscription).where(_due(at)).distinct()
        with self._database.reading() as connection:
            return sorted(connection.scalars(query))

    def next_due(self, subscription_id: str, at: datetime) -> Delivery | None:
        """The delivery of a subscription that is due longest; ``None`` if it is paused."""
        query = _ROWS.where(_SENT.c.subscription == subscription_id, _due(at))
        first = query.order_by(_SENT.c.next_at, _SENT.c.event).limit(1)
        return next(iter(self._found(first)), None)

    def last_tried(self, subscription_id: str) -> Delivery | None:
        """The delivery of a subscription whose last try ended last; ``None`` before the first."""
        tried = (_SENT.c.subscription == subscription_id) & _SENT.c.answered_at.is_not(None)
        newest = (_SENT.c.answered_at.desc(), _SENT.c.event.desc())
        return next(iter(self._found(_ROWS.where(tried).order_by(*newest).limit(1))), None)

    def deliveries(
        self,
        subscription_id: str,
        status: DeliveryStatus | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> list[Delivery]:
        """Deliveries of a subscription, of the newest event first; below an event's number when it
        is given."""
        self.subscription(subscription_id)
        query = _ROWS.where(_SENT.c.subscription == subscription_id)
        if status is not None:
            query = query.where(_SENT.c.status == status.value)
        if before is not None:
            query = query.where(_SENT.c.event < before)
        return self._found(query.order_by(_SENT.c.event.desc()).limit(limit))

    def _found(self, query: Select[Any]) -> list[Delivery]:
        with self._database.reading() as connection:
            return [_delivery(row) for row in connection.execute(query)]


def _is(subscription_id: str, event: int) -> ColumnElement[bool]:
    return (_SENT.c.subscription == subscription_id) & (_SENT.c.event == event)


def _due(at: datetime) -> ColumnElement[bool]:
    running = select(_HOOKS.c.id).where(_HOOKS.c.paused_at.is_(None))
    return and_(
        _SENT.c.status == DeliveryStatus.WAITING.value,
        (_SENT.c.next_at <= at) | (_SENT.c.next_at > at + _TOO_LONG),
        _SENT.c.subscription.in_(running),
    )


def _row(delivery: Delivery) -> dict[str, Any]:
    return delivery.model_dump(include=set(_FIELDS)) | {
        "event": delivery.entry.number,
        "status": delivery.status.value,
    }


def _delivery(row: Row[Any]) -> Delivery:
    fields = {name: getattr(row, name) for name in _FIELDS}
    return Delivery.model_validate(fields | {"entry": event_of(row)})


def _subscription(row: Row[Any]) -> Subscription:
    fields = dict(row._mapping) | {
        "kinds": tuple(EventKind(kind) for kind in row.kinds),
        "secret": SecretStr(row.secret),
    }
    return Subscription.model_validate(fields)
