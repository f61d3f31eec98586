"""Tells subscribers what happened, at least once each, by looking again.

Deliveries are derived from the log of what happened and kept before anything is sent; what is due
is sent, and what failed is due again later.  Whatever dies in between is found by whoever looks
next.  Signed as the Standard Webhooks specification says (https://www.standardwebhooks.com), so
that a receiver can use a library to check it.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import logging
import secrets
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from pydantic import SecretStr

from summarizer.domain.events import EventKind
from summarizer.domain.webhooks import (
    EVENTS,
    MOST_TRIES,
    Answer,
    Delivery,
    DeliveryStatus,
    FormerSecret,
    Subscription,
    SubscriptionStatus,
    Try,
)
from summarizer.errors import ConflictError, InputError, NotFoundError
from summarizer.ports.clock import Clock
from summarizer.ports.web import Sender
from summarizer.storage.store import Store
from summarizer.storage.webhooks import Webhooks

log = logging.getLogger(__name__)

WAITS_S = (5, 60, 300, 1_200, 3_600, 7_200, 14_400, 28_800, 28_800)
"""Seconds between tries, before jitter: ten tries in about 23 hours.  Our choice."""

JITTER = 0.2
"""Share by which a wait is longer or shorter, so that what failed together comes back apart."""

LONGEST_ASKED_S = max(WAITS_S)
"""Most seconds that a receiver's ``Retry-After`` puts a try off."""

CLAIM = dt.timedelta(minutes=5)
"""How long a delivery is one worker's.  A try ends long before; only after a crash it passes."""

BATCH = 500
"""Entries that are read at one time."""

GONE = 410
"""The status by which a receiver says that it wants no more."""

LONGEST_URL = 2_000

ROTATION = dt.timedelta(hours=24)
"""How long a secret signs beside the one that took its place: a working day for whoever puts it in
place, and longer than all tries of a delivery.  Our choice; Standard Webhooks names no time."""

MOST_FORMER = 4
"""Secrets that sign beside the newest, so that the header stays short."""

WORKERS = 4
"""Deliveries at one time, each to another subscription: a slow receiver holds up one of them."""

LOOK_S = 1.0
"""Seconds between two looks for what is due."""


class WebhookService:
    """Keeps subscriptions and delivers what they ask for; composed by ``bootstrap``."""

    def __init__(
        self,
        store: Store,
        webhooks: Webhooks,
        sender: Sender,
        clock: Clock,
        public_url: str | None = None,
    ) -> None:
        """Nothing is sent before it is asked for.

        Args:
            store: whose history is told.
            webhooks: keeps subscriptions and deliveries in the same database.
            sender: posts.
            clock: the time.
            public_url: where pages are published, for links.
        """
        self._store = store
        self._webhooks = webhooks
        self._sender = sender
        self._clock = clock
        self._public_url = public_url

    # --- Subscriptions -----------------------------------------------------------------------

    def subscribe(
        self, url: str, kinds: Sequence[EventKind], created_by: str, after: int | None = None
    ) -> Subscription:
        """Have a URL told of what happens.

        Args:
            url: of the receiver, http or https.
            kinds: some of ``EVENTS``.
            created_by: who asks.
            after: number of the entry after which it begins; the newest when left out, so that it
                is told of nothing that has happened already.

        Raises:
            AddressRefusedError: nothing may be sent there.
            InputError: no kinds, or one of which nobody is told.
        """
        if not kinds or not set(kinds) <= set(EVENTS):
            asked = ", ".join(kind.value for kind in kinds) or "nothing"
            allowed = ", ".join(kind.value for kind in EVENTS)
            raise InputError(f"Webhooks tell of {allowed}; {asked} was asked for.", field="kinds")
        if len(url) > LONGEST_URL:
            raise InputError(f"The URL has more than {LONGEST_URL:,} characters.", field="url")
        self._sender.check(url)
        with self._store.transaction():
            made = Subscription(
                id=secrets.token_hex(6),
                url=url,
                kinds=tuple(kind for kind in EVENTS if kind in kinds),
                secret=_new_secret(),
                created_at=self._clock.now(),
                created_by=created_by,
                position=self._store.history.last() if after is None else after,
            )
            self._webhooks.save(made)
        return made

    def subscriptions(self) -> list[Subscription]:
        """Every subscription, oldest first."""
        return self._webhooks.all()

    def subscription(self, subscription_id: str) -> Subscription:
        """The subscription with that id; raises ``NotFoundError``."""
        return self._webhooks.subscription(subscription_id)

    def status(self, subscription: Subscription) -> SubscriptionStatus:
        """How a subscription fares now."""
        if subscription.paused_at is not None:
            return SubscriptionStatus.PAUSED
        last = self._webhooks.last_tried(subscription.id)
        reached = last is None or last.reached
        return SubscriptionStatus.ACTIVE if reached else SubscriptionStatus.FAILING

    def old_secret_until(self, subscription: Subscription) -> dt.datetime | None:
        """Until when an old secret of it signs too; ``None`` when none does."""
        signing = subscription.still_signing(self._clock.now())
        return max((one.until for one in signing), default=None)

    def last_tried(self, subscription_id: str) -> Delivery | None:
        """What was tried last of a subscription; ``None`` before the first try."""
        return self._webhooks.last_tried(subscription_id)

    def pause(self, subscription_id: str, because: str) -> Subscription:
        """Send nothing until it is resumed; what happens meanwhile is told then.

        Raises:
            NotFoundError: there is no such subscription.
        """
        with self._store.transaction():
            found = self._webhooks.subscription(subscription_id)
            if found.paused_at is None:
                now = self._clock.now()
                found = found.model_copy(update={"paused_at": now, "paused_because": because})
                self._webhooks.save(found)
        return found

    def resume(self, subscription_id: str) -> Subscription:
        """Go on where it was paused.

        Raises:
            NotFoundError: there is no such subscription.
        """
        with self._store.transaction():
            found = self._webhooks.subscription(subscription_id)
            found = found.model_copy(update={"paused_at": None, "paused_because": None})
            self._webhooks.save(found)
        return found

    def rotate(self, subscription_id: str) -> Subscription:
        """Give a subscription a new secret; for ``ROTATION`` the old one signs beside it.

        Raises:
            ConflictError: ``MOST_FORMER`` old secrets sign still.
            NotFoundError: there is no such subscription.
        """
        with self._store.transaction():
            found, now = self._webhooks.subscription(subscription_id), self._clock.now()
            signing = found.still_signing(now)
            if len(signing) >= MOST_FORMER:
                raise ConflictError(
                    f"{MOST_FORMER} old secrets of webhook {found.id} sign still: wait until "
                    f"{min(one.until for one in signing).isoformat(timespec='minutes')}."
                )
            old = FormerSecret(secret=found.secret, until=now + ROTATION)
            changes = {"secret": _new_secret(), "former": (old, *signing)}
            found = found.model_copy(update=changes)
            self._webhooks.save(found)
        return found

    def remove(self, subscription_id: str) -> None:
        """End a subscription, with its deliveries; raises ``NotFoundError``."""
        self._webhooks.remove(subscription_id)

    # --- Deliveries --------------------------------------------------------------------------

    def deliveries(
        self,
        subscription_id: str,
        status: DeliveryStatus | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> list[Delivery]:
        """What was and will be sent to a subscription, the newest entry first; see
        ``Webhooks.deliveries``."""
        return self._webhooks.deliveries(subscription_id, status, before, limit)

    def redeliver(self, subscription_id: str, entry: int) -> Delivery:
        """Send a delivery again, now, under the same message id, with all its tries.

        Raises:
            ConflictError: the subscription is paused, or a worker is at this delivery.
            NotFoundError: there is no such delivery.
        """
        with self._store.transaction():
            found, now = self._webhooks.delivery(subscription_id, entry), self._clock.now()
            if self._webhooks.subscription(subscription_id).paused_at is not None:
                raise ConflictError(f"Webhook {subscription_id} is paused: resume it first.")
            if found.claimed_until is not None and found.claimed_until > now:
                raise ConflictError(f"{found.message_id} is being sent: look at it again shortly.")
            again = {"status": DeliveryStatus.WAITING, "attempts": 0, "next_at": now}
            found = found.model_copy(update=again)
            self._webhooks.keep(found)
        return found

    def derive(self) -> int:
        """Turn the events since each subscription's position into deliveries; their number."""
        return sum(
            self._derive(found.id) for found in self._webhooks.all() if self._is_behind(found)
        )

    def _is_behind(self, found: Subscription) -> bool:
        """Whether there is something to look at: asked without holding other writers up."""
        return found.paused_at is None and bool(self._store.history.after(found.position, 1))

    def _derive(self, subscription_id: str) -> int:
        with self._store.transaction():
            known = [one for one in self._webhooks.all() if one.id == subscription_id]
            if not known or known[0].paused_at is not None:
                return 0
            found, now, wanted = known[0], self._clock.now(), 0
            while batch := self._store.history.after(found.position, BATCH):
                told = [entry for entry in batch if entry.kind in found.kinds]
                self._webhooks.add(
                    [Delivery(subscription=found.id, entry=entry, next_at=now) for entry in told]
                )
                wanted += len(told)
                found = found.model_copy(update={"position": batch[-1].number})
            self._webhooks.save(found)
        return wanted

    def deliver_due(self) -> list[Delivery]:
        """Derive, and try everything that is due once; what became of each, in order."""
        self.derive()
        done = []
        while (tried := self.deliver_next()) is not None:
            done.append(tried)
        return done

    def deliver_next(self) -> Delivery | None:
        """Try the delivery that is due longest; ``None`` when none is."""
        while True:
            now = self._clock.now()
            claimed = self._webhooks.claim(now, now + CLAIM)
            if claimed is None:
                return None
            try:
                found = self._webhooks.subscription(claimed.subscription)
            except NotFoundError:
                continue  # ended since it was claimed: there may be others
            return self._deliver(found, claimed, now)

    def _deliver(self, found: Subscription, claimed: Delivery, now: dt.datetime) -> Delivery:
        body = message(claimed, self._public_url)
        began = self._clock.now()
        answer = self._sender.post(found.url, headers(found, claimed, body, now), body)
        done = answered(claimed, answer, began, self._clock.now())
        with self._store.transaction():
            self._webhooks.keep(done)
            if answer.status == GONE:
                with suppress(NotFoundError):  # ended while it was told
                    self.pause(found.id, "The receiver answered 410 Gone: it wants no more.")
        return done


class DeliveryWorkers:
    """Delivers what is due in threads of this process, until it is stopped."""

    def __init__(self, messenger: WebhookService, look_first: Callable[[], None]) -> None:
        """Nothing runs before ``start``.

        Args:
            messenger: delivers.
            look_first: logs events that nobody caused, a day that came; called before each look.
        """
        self._messenger = messenger
        self._look_first = look_first
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin; to be called once."""
        for n in range(WORKERS):
            thread = threading.Thread(target=self._work, name=f"webhook-{n}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Begin no further try, and wait for those under way: seconds, by the sender's limit."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                self._look_first()
                self._messenger.derive()
                while not self._stopping.is_set() and self._messenger.deliver_next():
                    pass
            except Exception:
                # Whatever it is, the next look may fare better: nothing is lost by it.
                log.exception("webhooks could not be delivered")
            self._stopping.wait(LOOK_S)


def message(delivery: Delivery, public_url: str | None = None) -> bytes:
    """The body of a delivery: where to read what happened, and no source text.

    The same for every try.  Links begin at the service; ``page`` is where it is published.
    """
    entry = delivery.entry
    incident = f"/v1/incidents/{entry.incident_id}"
    revision = "" if entry.revision is None else f"?revision={entry.revision}"
    links = {
        "incident": f"{incident}{revision}",
        "history": f"{incident}/history",
        "desk": f"/incidents/{entry.incident_id}{revision}",
    }
    if public_url:
        links["page"] = f"{public_url.rstrip('/')}/{entry.incident_id}"
    said = {
        "id": delivery.message_id,
        "type": entry.kind.value,
        "timestamp": entry.at.isoformat(),
        "data": {
            "entry": entry.number,
            "incident": entry.incident_id,
            "revision": entry.revision,
            "links": links,
        },
    }
    return json.dumps(said, separators=(",", ":")).encode()


def headers(
    subscription: Subscription, delivery: Delivery, body: bytes, at: dt.datetime
) -> dict[str, str]:
    """The headers of one try, signed at its time with every secret that is good then."""
    former = [one.secret for one in subscription.still_signing(at)]
    id_, seconds = delivery.message_id, int(at.timestamp())
    return {
        "content-type": "application/json",
        "webhook-id": id_,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(
            signature(secret, id_, seconds, body) for secret in (subscription.secret, *former)
        ),
    }


def _new_secret() -> SecretStr:
    return SecretStr(f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}")


def signature(secret: SecretStr, message_id: str, seconds: int, body: bytes) -> str:
    """Version 1 of Standard Webhooks: HMAC-SHA256 of id, time and body, joined by full stops."""
    key = base64.b64decode(secret.get_secret_value().removeprefix("whsec_"))
    signed = f"{message_id}.{seconds}.".encode() + body
    return f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"


def answered(delivery: Delivery, answer: Answer, began: dt.datetime, now: dt.datetime) -> Delivery:
    """A delivery after one more try: done, to be tried again, or given up."""
    took = max(0, round((now - began).total_seconds() * 1_000))
    one = Try(at=now, ms=took, status=answer.status, text=answer.text)
    changes: dict[str, object] = {
        "claimed_until": None,
        "tries": (*delivery.tries, one)[-MOST_TRIES:],
        "status": DeliveryStatus.WAITING,
        "next_at": None,
    }
    if answer.status is not None and 200 <= answer.status < 300:
        changes["status"] = DeliveryStatus.DELIVERED
    elif answer.status == GONE or (wait := wait_after(delivery)) is None:
        changes["status"] = DeliveryStatus.FAILED
    else:
        asked = min(answer.retry_after_s or 0, LONGEST_ASKED_S)
        changes["next_at"] = now + max(wait, dt.timedelta(seconds=asked))
    return delivery.model_copy(update=changes)


def wait_after(delivery: Delivery) -> dt.timedelta | None:
    """How long to wait after the last of its attempts; ``None`` when it was the last of all.

    The jitter is drawn from the message's id, so that it is the same whoever asks.
    """
    if delivery.attempts > len(WAITS_S):
        return None
    drawn = hashlib.sha256(f"{delivery.message_id}:{delivery.attempts}".encode()).digest()
    share = int.from_bytes(drawn[:4], "big") / 2**32
    return dt.timedelta(seconds=WAITS_S[delivery.attempts - 1] * (1 + JITTER * (2 * share - 1)))
