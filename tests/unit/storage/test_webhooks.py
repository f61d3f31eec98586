"""``Webhooks`` on databases in memory and in a file."""

import datetime as dt
from typing import Any

import pytest
from pydantic import SecretStr

from summarizer.domain.events import EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.webhooks import Delivery, DeliveryStatus, Subscription
from summarizer.errors import NotFoundError
from summarizer.storage.store import Store
from tests.support.builders import NOON, hours

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def store(store: Store) -> Store:
    store.create_incident(NOON)
    return store


def a_subscription(id_: str = "s1", **fields: Any) -> Subscription:
    defaults = {
        "url": "https://hooks.example/x",
        "kinds": (EventKind.DRAFTED, EventKind.APPROVED),
        "secret": SecretStr("whsec_c2VjcmV0"),
        "created_at": NOON,
        "created_by": "Kim",
    }
    return Subscription(**({"id": id_} | defaults | fields))


def due(store: Store, subscription: str = "s1", **fields: Any) -> Delivery:
    """A delivery of a new entry, kept and due at noon unless said otherwise."""
    made = Delivery(
        subscription=subscription,
        entry=store.history.record(EventKind.DRAFTED, IncidentId("INC-000001"), "x", 1),
        **({"next_at": NOON} | fields),
    )
    store.webhooks.add([made])
    return made


def test_a_subscription_comes_back_as_it_was_saved_last(store):
    made = a_subscription()
    store.webhooks.save(made)
    assert store.webhooks.subscription("s1") == made
    paused = made.model_copy(update={"paused_at": NOON, "paused_because": "why", "position": 2**40})
    store.webhooks.save(paused)
    assert store.webhooks.all() == [paused]


def test_a_secret_is_shown_in_no_representation(store):
    store.webhooks.save(a_subscription())
    assert "c2VjcmV0" not in repr(store.webhooks.all())


def test_deliveries_are_listed_of_the_newest_entry_first(store):
    store.webhooks.save(a_subscription())
    first, second, third = (due(store) for _ in range(3))
    done = second.model_copy(
        update={
            "status": DeliveryStatus.DELIVERED,
            "answered_at": NOON,
            "answer_status": 204,
            "answer": "ok",
            "next_at": None,
        }
    )
    store.webhooks.keep(done)
    listed = store.webhooks.deliveries
    assert listed("s1") == [third, done, first]
    assert listed("s1", limit=1) == [third]
    assert listed("s1", before=third.entry.number) == [done, first]
    assert listed("s1", DeliveryStatus.DELIVERED) == [done]


def test_of_a_subscription_what_is_due_longest_comes_first(store):
    for id_ in ("s1", "s2"):
        store.webhooks.save(a_subscription(id_))
    late, early = due(store), due(store, next_at=NOON - MINUTE)
    later = due(store, "s2", next_at=NOON + MINUTE)
    webhooks = store.webhooks
    assert webhooks.with_due(NOON) == ["s1"]
    assert webhooks.with_due(NOON + MINUTE) == ["s1", "s2"]
    assert webhooks.next_due("s1", NOON) == early
    webhooks.keep(early.model_copy(update={"status": DeliveryStatus.DELIVERED}))
    assert webhooks.next_due("s1", NOON) == late
    assert webhooks.next_due("s2", NOON) is None
    assert webhooks.next_due("s2", NOON + MINUTE) == later


def test_a_clock_that_was_set_back_makes_no_delivery_wait_for_it(store):
    store.webhooks.save(a_subscription())
    far = due(store, next_at=NOON + hours(10_000))
    assert store.webhooks.with_due(NOON) == ["s1"]
    assert store.webhooks.next_due("s1", NOON) == far


def test_nothing_of_a_paused_subscription_is_due(store):
    store.webhooks.save(a_subscription(paused_at=NOON))
    waiting = due(store)
    assert store.webhooks.with_due(NOON) == []
    assert store.webhooks.next_due("s1", NOON) is None
    store.webhooks.save(a_subscription())
    assert store.webhooks.next_due("s1", NOON) == waiting


def test_a_subscription_goes_with_its_deliveries_and_stays_gone(store):
    for id_ in ("s1", "s2"):
        store.webhooks.save(a_subscription(id_))
    mine, theirs = due(store), due(store, "s2")
    store.webhooks.remove("s1")
    store.webhooks.keep(mine)  # a try that was under way ends
    assert [one.id for one in store.webhooks.all()] == ["s2"]
    assert store.webhooks.deliveries("s2") == [theirs]
    store.webhooks.save(a_subscription("s1"))
    assert store.webhooks.deliveries("s1") == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda webhooks: webhooks.subscription("x"),
        lambda webhooks: webhooks.remove("x"),
        lambda webhooks: webhooks.deliveries("x"),
    ],
)
def test_an_unknown_id_is_not_found(store, ask):
    with pytest.raises(NotFoundError):
        ask(store.webhooks)
