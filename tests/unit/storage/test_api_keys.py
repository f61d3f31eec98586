"""``Keys`` on databases in memory and in a file."""

from typing import Any

import pytest

from summarizer.domain.api_keys import Key, Scope
from summarizer.storage.api_keys import Keys
from summarizer.storage.store import Store
from tests.support.builders import NOON, hours


@pytest.fixture
def keys(store: Store) -> Keys:
    return store.api_keys


def a_key(id_: str = "k1", **fields: Any) -> Key:
    defaults = {"name": "Kim", "scopes": frozenset({Scope.READ, Scope.DRAFT}), "created_at": NOON}
    return Key(**({"id": id_} | defaults | fields))


def test_a_key_comes_back_with_the_hash_of_its_secret(keys):
    keys.add(a_key(), "hash")
    assert keys.find("k1") == (a_key(), "hash")
    assert keys.find("k2") is None


def test_all_keys_come_oldest_first_revoked_ones_too(keys):
    for id_, after in (("late", 2), ("first", 1), ("second", 1)):
        keys.add(a_key(id_, created_at=NOON + hours(after)), "hash")
    keys.revoke("first", NOON + hours(3))
    assert [key.id for key in keys.all()] == ["first", "second", "late"]


def test_the_last_use_is_noted(keys):
    keys.add(a_key(), "hash")
    keys.used("k1", NOON + hours(1))
    assert keys.find("k1") == (a_key(last_used_at=NOON + hours(1)), "hash")


def test_a_key_is_revoked_once_and_its_sessions_end_with_it(keys):
    for id_ in ("k1", "k2"):
        keys.add(a_key(id_), "hash")
        keys.add_session(f"token of {id_}", id_, NOON, NOON + hours(12))
    keys.revoke("k1", NOON + hours(1))
    keys.revoke("k1", NOON + hours(2))

    assert keys.find("k1") == (a_key(revoked_at=NOON + hours(1)), "hash")
    assert keys.of_session("token of k1", NOON + hours(1)) is None
    assert keys.of_session("token of k2", NOON + hours(1)) == a_key("k2")


def test_a_session_lasts_until_its_end_and_no_longer(keys):
    keys.add(a_key(), "hash")
    keys.add_session("token", "k1", NOON, NOON + hours(1))

    assert keys.of_session("token", NOON) == a_key()
    assert keys.of_session("token", NOON + hours(1)) is None
    assert keys.of_session("other", NOON) is None


def test_a_session_that_was_ended_is_forgotten_and_an_unknown_one_ignored(keys):
    keys.add(a_key(), "hash")
    keys.add_session("token", "k1", NOON, NOON + hours(1))
    keys.end_session("token")
    keys.end_session("token")
    assert keys.of_session("token", NOON) is None


def test_sessions_that_ended_are_forgotten_when_another_begins(keys):
    keys.add(a_key(), "hash")
    keys.add_session("old", "k1", NOON, NOON + hours(1))
    keys.add_session("new", "k1", NOON + hours(2), NOON + hours(3))
    assert keys.of_session("old", NOON) is None  # by a clock that was turned back
