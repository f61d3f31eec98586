"""Secrets that were checked a moment ago, with and without a look at the database."""

import pytest

from summarizer.auth import MOST_REMEMBERED, REMEMBERED, ApiKeys
from summarizer.domain.api_keys import Scope
from summarizer.errors import InputError
from summarizer.storage.store import Store
from tests.support.clock import ManualClock

SECOND = REMEMBERED.total_seconds() / 2


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def keys(store: Store, clock: ManualClock) -> ApiKeys:
    return ApiKeys(store.api_keys, clock)


def test_a_secret_remembered_for_a_moment(keys, clock):
    _, secret = keys.create("Kim", Scope.READ)
    assert not keys.remembered(secret)
    keys.recognise(secret)
    assert keys.remembered(secret)
    clock.advance(2 * SECOND)
    assert not keys.remembered(secret)


def test_a_clock_that_is_set_back_makes_nothing_last_longer(keys, clock):
    _, secret = keys.create("Kim", Scope.READ)
    keys.recognise(secret)
    clock.advance(-60)
    assert not keys.remembered(secret)


def test_a_key_that_this_process_revokes_is_no_good_at_once(keys):
    key, secret = keys.create("Kim", Scope.READ)
    _, token, _ = keys.sign_in(secret)
    assert keys.signed_in(token) is not None
    keys.revoke(key.id)
    assert keys.recognise(secret) is keys.signed_in(token) is None


def test_a_key_that_another_process_revokes_is_no_good_after_a_moment(keys, clock, store):
    key, secret = keys.create("Kim", Scope.READ)
    keys.recognise(secret)
    ApiKeys(store.api_keys, clock).revoke(key.id)
    assert keys.recognise(secret) == key.model_copy(update={"last_used_at": None})
    clock.advance(2 * SECOND)
    assert keys.recognise(secret) is None


def test_a_session_that_ends_here_is_no_good_at_once(keys):
    _, token, _ = keys.sign_in(keys.create("Kim", Scope.READ)[1])
    keys.signed_in(token)
    keys.sign_out(token)
    assert keys.signed_in(token) is None


def test_a_session_is_no_key_and_a_key_is_no_session(keys):
    _, secret = keys.create("Kim", Scope.READ)
    _, token, _ = keys.sign_in(secret)
    keys.recognise(secret)
    keys.signed_in(token)
    assert keys.recognise(token) is keys.signed_in(secret) is None


def test_a_wrong_secret_is_never_remembered(keys):
    keys.recognise("isk_0123456789ab_" + "x" * 43)
    assert not keys.remembered("isk_0123456789ab_" + "x" * 43)


def test_memory_is_bounded(keys):
    _, secret = keys.create("Kim", Scope.READ)
    first = keys.sign_in(secret)[1]
    keys.signed_in(first)
    for _ in range(MOST_REMEMBERED):
        keys.signed_in(keys.sign_in(secret)[1])
    assert not keys.remembered_session(first)


GIVEN = "isk_0123456789ab_" + "x" * 43


def test_a_given_secret_becomes_the_first_key_and_never_a_second_one(keys):
    assert keys.create_first(GIVEN)
    key = keys.recognise(GIVEN)
    assert (key.name, Scope.ADMIN in key.scopes) == ("first", True)
    assert not keys.create_first(GIVEN)
    keys.revoke(key.id)
    assert not keys.create_first(GIVEN)
    assert keys.recognise(GIVEN) is None


def test_a_given_secret_is_ignored_where_there_is_a_key(keys):
    keys.create("Kim", Scope.READ)
    assert not keys.create_first(GIVEN)
    assert keys.recognise(GIVEN) is None


@pytest.mark.parametrize("secret", ["", "password", GIVEN[:-1], GIVEN + "x", GIVEN.upper()])
def test_a_given_secret_that_could_be_guessed_is_refused(keys, secret):
    with pytest.raises(InputError, match="first key"):
        keys.create_first(secret)
