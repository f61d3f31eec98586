"""``Replies`` on databases in memory and in a file."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from summarizer.domain.idempotency import ABANDONED, KEPT, Answer, Claimed
from summarizer.storage.idempotency import Replies
from summarizer.storage.store import Store
from tests.support.builders import NOON

MOMENT = dt.timedelta(seconds=1)
ANSWER = Answer(status=201, headers={"location": "/v1/x"}, body=b'{"a": "\xc3\xa9"}')


@pytest.fixture
def replies(store: Store) -> Replies:
    return store.replies


def test_a_key_is_taken_by_the_first_and_gives_its_answer_to_the_others(replies):
    assert replies.claim("kim", "k", "f", NOON) is None
    assert replies.claim("kim", "k", "g", NOON) == Claimed(fingerprint="f")
    replies.keep("kim", "k", ANSWER)
    assert replies.claim("kim", "k", "g", NOON) == Claimed(fingerprint="f", answer=ANSWER)


def test_a_key_is_its_owners_alone(replies):
    assert replies.claim("kim", "k", "f", NOON) is None
    assert replies.claim("ada", "k", "f", NOON) is None


def test_a_key_that_is_given_back_is_free_and_one_that_was_answered_is_not(replies):
    replies.claim("kim", "k", "f", NOON)
    replies.release("kim", "k")
    assert replies.claim("kim", "k", "f", NOON) is None
    replies.keep("kim", "k", ANSWER)
    replies.release("kim", "k")
    assert replies.claim("kim", "k", "f", NOON) is not None


@pytest.mark.parametrize(("answered", "after"), [(True, KEPT), (False, ABANDONED)])
def test_a_key_is_free_again_after_its_time_and_not_before(replies, answered, after):
    replies.claim("kim", "k", "f", NOON)
    if answered:
        replies.keep("kim", "k", ANSWER)
    assert replies.claim("kim", "k", "f", NOON + after - MOMENT) is not None
    assert replies.claim("kim", "k", "f", NOON + after) is None


def test_an_answer_without_a_body_says_that_it_is_not_kept(replies):
    replies.claim("kim", "k", "f", NOON)
    unkept = ANSWER.model_copy(update={"body": None})
    replies.keep("kim", "k", unkept)
    found = replies.claim("kim", "k", "f", NOON)
    assert found is not None and found.answer == unkept


def test_of_many_that_come_at_once_one_takes_the_key(replies):
    def take(_: int) -> bool:
        return replies.claim("kim", "k", "f", NOON) is None

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(take, range(16))) == 1
