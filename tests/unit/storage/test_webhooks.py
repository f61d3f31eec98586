"""``Webhooks`` on databases in memory and in a file."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pydantic import SecretStr

from summarizer.domain.events import EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.webhooks import Delivery, DeliveryStatus, Subscription
from summarizer.errors import NotFoundError
from summarizer.storage.store import Store
from tests.support.builders import NOON, hours
from tests.support.clock import ManualClock

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


def test_what_is_due_longest_is_claimed_first_and_one_of_a_subscription_at_a_time(store):
    for id_ in ("s1", "s2"):
        store.webhooks.save(a_subscription(id_))
    late, early = due(store), due(store, next_at=NOON - MINUTE)
    other, later = due(store, "s2"), due(store, "s2", next_at=NOON + MINUTE)
    claims = [store.webhooks.claim(NOON, NOON + MINUTE) for _ in range(3)]
    assert [claim and claim.entry.number for claim in claims] == [
        early.entry.number,
        other.entry.number,
        None,
    ]
    assert claims[0] == early.model_copy(update={"attempts": 1, "claimed_until": NOON + MINUTE})
    done = {"status": DeliveryStatus.DELIVERED, "claimed_until": None}
    store.webhooks.keep(early.model_copy(update=done))
    assert store.webhooks.claim(NOON, NOON + MINUTE).entry == late.entry
    store.webhooks.keep(other.model_copy(update=done))
    assert store.webhooks.claim(NOON, NOON + MINUTE) is None
    assert store.webhooks.claim(NOON + MINUTE, NOON + hours(1)).entry in (late.entry, later.entry)


def test_a_claim_of_a_worker_that_died_ends(store):
    store.webhooks.save(a_subscription())
    due(store)
    assert store.webhooks.claim(NOON, NOON + MINUTE).attempts == 1
    assert store.webhooks.claim(NOON + MINUTE / 2, NOON + hours(1)) is None
    assert store.webhooks.claim(NOON + MINUTE, NOON + hours(1)).attempts == 2


def test_a_clock_that_was_set_back_makes_no_delivery_wait_for_it(store):
    store.webhooks.save(a_subscription())
    due(store, next_at=NOON + hours(10_000))
    assert store.webhooks.claim(NOON, NOON + hours(10_000)).attempts == 1
    assert store.webhooks.claim(NOON, NOON + MINUTE).attempts == 2
    assert store.webhooks.claim(NOON, NOON + MINUTE) is None


def test_nothing_of_a_paused_subscription_is_claimed(store):
    store.webhooks.save(a_subscription(paused_at=NOON))
    due(store)
    assert store.webhooks.claim(NOON, NOON + MINUTE) is None
    store.webhooks.save(a_subscription())
    assert store.webhooks.claim(NOON, NOON + MINUTE) is not None


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


def test_two_processes_never_claim_one_delivery(tmp_path):
    url = f"sqlite:///{tmp_path / 'x.db'}"
    stores = [Store.open(url, ManualClock()) for _ in range(2)]
    stores[0].create_incident(NOON)
    for n in range(20):
        stores[0].webhooks.save(a_subscription(f"s{n}"))
        due(stores[0], f"s{n}")

    def take(store: Store) -> list[str]:
        found = []
        while claimed := store.webhooks.claim(NOON, NOON + hours(1)):
            found.append(claimed.subscription)
        return found

    with ThreadPoolExecutor(2) as threads:
        taken = [one for part in threads.map(take, stores) for one in part]
    assert sorted(taken) == sorted(f"s{n}" for n in range(20))
    for store in stores:
        store.close()
