"""Locks of transactions: their order, and what they are on PostgreSQL."""

import itertools

import pytest

from summarizer.storage import locks
from summarizer.storage.locks import GROUPING, ITEMS, JOBS, LOG, drafts_of, webhook
from summarizer.storage.store import Store
from tests.support.builders import NOON


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (LOG, ITEMS),
        (LOG, JOBS),
        (JOBS, GROUPING),
        (JOBS, drafts_of("INC-000001")),
        (drafts_of("INC-000002"), drafts_of("INC-000001")),
    ],
)
def test_a_lock_out_of_order_is_refused_and_undoes_the_block(store: Store, first, second) -> None:
    def taken() -> None:
        with store.transaction(first):
            store.history.last()
            with store.transaction(second):
                pass

    with pytest.raises(RuntimeError, match="must be locked before"):
        taken()
    with store.transaction(second), store.transaction(first):
        store.create_incident(NOON) if GROUPING in (first, second) else None


def test_locks_may_be_named_together_in_any_order_and_again(store: Store) -> None:
    with store.transaction(LOG, ITEMS, JOBS):
        with store.transaction(JOBS, ITEMS):
            pass
        with store.transaction(ITEMS):
            pass


def test_who_holds_a_lock_alone_may_share_it(store: Store) -> None:
    with store.transaction(locks.ERASURE, LOG), store.transaction(locks.STORING):
        pass


def test_a_change_of_the_grouping_after_an_event_is_refused(store: Store) -> None:
    def late() -> None:
        with store.transaction(LOG):
            store.create_incident(NOON)

    with pytest.raises(RuntimeError, match="'grouping' must be locked before 'log'"):
        late()
    assert store.incidents() == []


def test_each_lock_has_a_number_of_its_own_that_fits_64_bits() -> None:
    named = [value for value in vars(locks).values() if isinstance(value, locks.Lock)]
    made = [*named, *map(drafts_of, "ab"), *map(webhook, "ab")]
    assert len(named) >= 6
    for one, other in itertools.combinations(made, 2):
        assert (one.key == other.key) == (one.name == other.name)
    assert locks.STORING.key == locks.ERASURE.key
    assert all(-(2**63) <= lock.key < 2**63 for lock in made)
