"""Webhooks: posts events to subscribed URLs, each at least once.

Deliveries are derived from the event log and stored before they are sent; failed ones are due again
later.  Messages are CloudEvents 1.0 (https://cloudevents.io) in structured JSON, signed by Standard
Webhooks (https://www.standardwebhooks.com).
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from uuid import UUID

from pydantic import SecretStr

from summarizer.domain import event_details, limits
from summarizer.domain.events import Cursor, Event, EventKind
from summarizer.domain.webhooks import (
    EVENTS,
    GONE,
    Delivery,
    DeliveryStatus,
    Subscription,
    SubscriptionStatus,
)
from summarizer.errors import InputError, NotFoundError
from summarizer.ports.clock import Clock
from summarizer.ports.queue import Queue, Task
from summarizer.ports.web import Sender
from summarizer.storage.locks import webhook
from summarizer.storage.store import Store
from summarizer.storage.webhooks import Webhooks

BATCH = 500
"""Events read at one time."""

WORKERS = 4
"""Deliveries of a process at one time, each to another subscription: a slow receiver blocks one of
them."""

TYPE = "summarizer"
"""Type of all messages, before the kind of event."""

LOOK, DELIVER = "webhooks", "deliver"
"""Names of the tasks that look for what is due, and that deliver it to one subscription."""

LOOK_S = 2
"""Seconds between two looks for due deliveries."""


class WebhookService:
    """Subscriptions and their deliveries; composed by ``summarizer.app``."""

    def __init__(
        self,
        store: Store,
        webhooks: Webhooks,
        sender: Sender,
        clock: Clock,
        public_url: str | None = None,
        service_url: str | None = None,
    ) -> None:
        """Prepare the service; nothing is sent yet.

        Args:
            store: of the event log.
            webhooks: of subscriptions and deliveries, in the same database.
            sender: posts messages.
            clock: the time.
            public_url: base address of published pages, for links.
            service_url: base address of this service, for links.
        """
        self._store = store
        self._webhooks = webhooks
        self._sender = sender
        self._clock = clock
        self._public_url = public_url
        self._service_url = service_url

    # --- Subscriptions -----------------------------------------------------------------------

    def subscribe(
        self, url: str, kinds: Sequence[EventKind], created_by: str, after: Cursor | None = None
    ) -> Subscription:
        """Subscribe a URL to kinds of event.

        Args:
            url: of the receiver, http or https.
            kinds: one or more of ``EVENTS``.
            created_by: name of the person or key.
            after: place of the last event that is not sent; the newest event if left out.

        Raises:
            AddressRefusedError: the address is forbidden.
            GoneError: there is no such place in this log.
            InputError: no kinds, a kind outside ``EVENTS``, or too long a URL.
        """
        if not kinds or not set(kinds) <= set(EVENTS):
            asked = ", ".join(kind.value for kind in kinds) or "nothing"
            allowed = ", ".join(kind.value for kind in EVENTS)
            raise InputError(
                f"No webhook is sent for {asked}: choose from {allowed}.", field="kinds"
            )
        self._sender.check(limits.checked(url, limits.NAME, "url"))
        position = None if after is None else self._store.history.position(after)
        with self._store.transaction():
            made = Subscription(
                id=secrets.token_hex(6),
                url=url,
                kinds=tuple(kind for kind in EVENTS if kind in kinds),
                secret=_new_secret(),
                created_at=self._clock.now(),
                created_by=created_by,
                position=self._store.history.last() if position is None else position,
            )
            self._webhooks.save(made)
        return made

    def subscriptions(self) -> list[Subscription]:
        """All subscriptions, oldest first."""
        return self._webhooks.all()

    def subscription(self, subscription_id: str) -> Subscription:
        """The subscription with that id; raises ``NotFoundError``."""
        return self._webhooks.subscription(subscription_id)

    def status(self, subscription: Subscription) -> SubscriptionStatus:
        """Present status of a subscription."""
        if subscription.paused_at is not None:
            return SubscriptionStatus.PAUSED
        last = self._webhooks.last_tried(subscription.id)
        reached = last is None or last.status is DeliveryStatus.DELIVERED
        return SubscriptionStatus.ACTIVE if reached else SubscriptionStatus.FAILING

    def last_tried(self, subscription_id: str) -> Delivery | None:
        """The last tried delivery of a subscription; ``None`` before the first try."""
        return self._webhooks.last_tried(subscription_id)

    def pause(self, subscription_id: str, because: str) -> Subscription:
        """Pause a subscription; events of the pause are sent after ``resume``.

        Raises:
            NotFoundError: there is no such subscription.
        """
        with self._store.transaction(webhook(subscription_id)):
            found = self._webhooks.subscription(subscription_id)
            if found.paused_at is None:
                now = self._clock.now()
                found = found.model_copy(update={"paused_at": now, "paused_because": because})
                self._webhooks.save(found)
        return found

    def resume(self, subscription_id: str) -> Subscription:
        """Resume a paused subscription.

        Raises:
            NotFoundError: there is no such subscription.
        """
        with self._store.transaction(webhook(subscription_id)):
            found = self._webhooks.subscription(subscription_id)
            found = found.model_copy(update={"paused_at": None, "paused_because": None})
            self._webhooks.save(found)
        return found

    def remove(self, subscription_id: str) -> None:
        """Delete a subscription and its deliveries; raises ``NotFoundError``."""
        self._webhooks.remove(subscription_id)

    # --- Deliveries --------------------------------------------------------------------------

    def deliveries(
        self,
        subscription_id: str,
        status: DeliveryStatus | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> list[Delivery]:
        """Deliveries of a subscription, newest event first.

        Args:
            subscription_id: of the subscription.
            status: of the deliveries; any if left out.
            before: number of an event; only deliveries of older events.
            limit: most deliveries, > 0.

        Raises:
            NotFoundError: there is no such subscription.
        """
        return self._webhooks.deliveries(subscription_id, status, before, limit)

    def derive(self) -> int:
        """Store deliveries for all events after each subscription's position; their number."""
        return sum(
            self._derive(found.id) for found in self._webhooks.all() if self._is_behind(found)
        )

    def _is_behind(self, found: Subscription) -> bool:
        """Whether there are new events; asked outside the write lock."""
        return found.paused_at is None and bool(self._store.history.after(found.position, 1))

    def _derive(self, subscription_id: str) -> int:
        with self._store.transaction(webhook(subscription_id)):
            known = [one for one in self._webhooks.all() if one.id == subscription_id]
            if not known or known[0].paused_at is not None:
                return 0
            found, now, wanted = known[0], self._clock.now(), 0
            while batch := self._store.history.after(found.position, BATCH):
                chosen = [entry for entry in batch if entry.kind in found.kinds]
                self._webhooks.add(
                    [Delivery(subscription=found.id, entry=entry, next_at=now) for entry in chosen]
                )
                wanted += len(chosen)
                found = found.model_copy(update={"position": batch[-1].number})
            self._webhooks.save(found)
        return wanted

    def due(self) -> list[str]:
        """Ids of the subscriptions with a delivery that is due."""
        return self._webhooks.with_due(self._clock.now())

    def deliver(
        self, subscription_id: str, stopping: Callable[[], bool] = lambda: False
    ) -> list[Delivery]:
        """Try each due delivery of a subscription once, the longest due first.

        Nobody else may deliver to the subscription meanwhile.

        Args:
            subscription_id: of the subscription; one that was deleted has no delivery.
            stopping: whether to begin no other try.

        Returns:
            The deliveries with their results.
        """
        done: list[Delivery] = []
        while not stopping() and (
            next_ := self._webhooks.next_due(subscription_id, self._clock.now())
        ):
            tried = self._deliver(next_)
            if tried is None:
                break
            done.append(tried)
        return done

    def _deliver(self, due: Delivery) -> Delivery | None:
        """The delivery after one try; ``None`` if its subscription was deleted meanwhile."""
        try:
            found = self._webhooks.subscription(due.subscription)
        except NotFoundError:
            return None
        begun = due.model_copy(update={"attempts": due.attempts + 1})
        body = message(begun, self._store.installation(), self._public_url, self._service_url)
        sent = headers(found.secret, begun, body, self._clock.now())
        answer = self._sender.post(found.url, sent, body)
        done = begun.after(answer, self._clock.now())
        with self._store.transaction(webhook(found.id)):
            self._webhooks.keep(done)
            if answer.status == GONE:
                with suppress(NotFoundError):  # the subscription was deleted meanwhile
                    self.pause(found.id, "The receiver answered 410 Gone: it wants no more.")
        return done


class DeliveryTasks:
    """Delivers due webhooks as tasks of a queue: one of a subscription at a time, in all processes.

    A process that dies while it delivers has its task run again by another, so that a receiver may
    get a message twice.
    """

    def __init__(
        self, messenger: WebhookService, queue: Queue, look_first: Callable[[], None]
    ) -> None:
        """Make the tasks known; a process delivers once its queue has been started.

        Args:
            messenger: delivers.
            queue: runs the tasks.
            look_first: called before each look, to record events that a date causes.
        """
        self._messenger = messenger
        self._queue = queue
        self._look_first = look_first
        self._done: list[Delivery] = []
        queue.add(Task(DELIVER, self._deliver, threads=WORKERS))

    def keep_looking(self) -> None:
        """Look for due deliveries from now on, before the queue is started."""
        self._queue.add(Task(LOOK, lambda _: self.look(), every=LOOK_S))

    def look(self) -> None:
        """Have everything delivered that is due."""
        self._look_first()
        self._messenger.derive()
        for id_ in self._messenger.due():
            name = f"{DELIVER} {id_}"
            self._queue.defer(DELIVER, {"subscription": id_}, lock=name, queueing_lock=name)

    def once(self) -> list[Delivery]:
        """Have everything delivered that is due; returns what this process has delivered."""
        self.look()
        self._queue.start()
        while self._queue.stored(DELIVER):
            time.sleep(0.05)
        return self._done

    def _deliver(self, arguments: Mapping[str, str]) -> None:
        id_, stopping = arguments["subscription"], lambda: self._queue.is_stopping
        self._done += self._messenger.deliver(id_, stopping)


def message(
    delivery: Delivery,
    installation: str,
    public_url: str | None = None,
    service_url: str | None = None,
) -> bytes:
    """The body of a delivery, the same for every try: the event with links, without words of its
    detail.

    Args:
        delivery: of the event.
        installation: id of the database, which names the source.
        public_url: base address of published pages; without it there is no link ``page``.
        service_url: base address of this service; without it links are paths of the service.
    """
    entry, base = delivery.entry, (service_url or "").rstrip("/")
    links: dict[str, str] = {"entries": f"{base}/v1/entries?after={_before(entry)}&limit=1"}
    if entry.incident_id is not None:
        incident = f"{base}/v1/incidents/{entry.incident_id}"
        revision = "" if entry.revision is None else f"?revision={entry.revision}"
        links = {
            "incident": f"{incident}{revision}",
            "history": f"{incident}/history",
            "desk": f"{base}/incidents/{entry.incident_id}{revision}",
        } | links
        if public_url:
            links["page"] = f"{public_url.rstrip('/')}/{entry.incident_id}"
    told = event_details.read(entry.kind, event_details.without_words(entry.detail))
    content = {
        "specversion": "1.0",
        "id": entry.id,
        "source": f"urn:uuid:{UUID(installation)}",
        "type": f"{TYPE}.{entry.kind.value}",
        "time": entry.at.isoformat(),
        "subject": entry.incident_id,
        "datacontenttype": "application/json",
        "data": {
            "entry": entry.number,
            "kind": entry.kind.value,
            "incident": entry.incident_id,
            "revision": entry.revision,
            "detail": told.model_dump(mode="json"),
            "links": links,
        },
    }
    sent = {name: value for name, value in content.items() if value is not None}
    return json.dumps(sent, separators=(",", ":")).encode()


def _before(entry: Event) -> Cursor:
    return Cursor(entry.epoch or None, entry.number - 1)


def headers(secret: SecretStr, delivery: Delivery, body: bytes, at: dt.datetime) -> dict[str, str]:
    """The headers of one try, with a signature for its time."""
    id_, seconds = delivery.message_id, int(at.timestamp())
    return {
        "content-type": "application/cloudevents+json",
        "webhook-id": id_,
        "webhook-timestamp": str(seconds),
        "webhook-signature": signature(secret, id_, seconds, body),
    }


def _new_secret() -> SecretStr:
    return SecretStr(f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}")


def signature(secret: SecretStr, message_id: str, seconds: int, body: bytes) -> str:
    """Version 1 signature of Standard Webhooks: HMAC-SHA256 of id, time and body joined by dots."""
    key = base64.b64decode(secret.get_secret_value().removeprefix("whsec_"))
    signed = f"{message_id}.{seconds}.".encode() + body
    return f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"
