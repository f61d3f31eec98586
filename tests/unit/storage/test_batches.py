"""``Batches`` on databases in memory and in a file."""

from __future__ import annotations

import pytest

from summarizer.domain.batches import WAITING, BatchedRequest
from summarizer.domain.drafts import Usage
from summarizer.domain.incidents import IncidentId
from summarizer.storage.batches import Batches
from summarizer.storage.store import Store
from tests.support.builders import NOON, hours

HERE = "http://127.0.0.1:1"


@pytest.fixture
def batches(store: Store) -> Batches:
    return store.batches


def held(id_: str) -> BatchedRequest:
    return BatchedRequest(
        id=id_,
        purpose="draft",
        model="m",
        request='{"a": 1}',
        most=Usage(calls=1, input_tokens=30, output_tokens=7),
        incident_id=IncidentId("INC-000001"),
    )


def test_a_question_waits_in_one_batch_at_a_time(batches):
    first = batches.begin(HERE, [held("a"), held("b"), held("b")], NOON)
    second = batches.begin(HERE, [held("b"), held("c")], NOON)

    assert [q.id for q in batches.waiting(first.number)] == ["a", "b"]
    assert [q.id for q in batches.waiting(second.number)] == ["c"]
    assert batches.begin(HERE, [held("a"), held("c")], NOON) is None

    batches.settle(first.number, "a", "expired")
    assert batches.begin(HERE, [held("a")], NOON) is not None


def test_what_waits_is_given_back_as_it_was_and_only_once(batches):
    batch = batches.begin(HERE, [held("a"), held("b")], NOON)
    batches.settle(batch.number, "a", "succeeded")

    assert batches.waiting(batch.number) == [held("b")]
    (known,) = batches.newest()
    assert dict(known.outcomes) == {"succeeded": 1, WAITING: 1} and known.requests == 2


def test_a_batch_is_under_way_at_its_server_until_it_was_collected(batches):
    batch = batches.begin(HERE, [held("a")], NOON)
    assert (batch.batch_id, batch.begun_at, batch.collected_at) == (None, NOON, None)
    batches.sent(batch.number, "msgbatch_1")

    (known,) = batches.under_way(HERE)
    assert known.batch_id == "msgbatch_1"
    assert batches.under_way("http://elsewhere") == []

    batches.collected(batch.number, NOON + hours(1))
    assert batches.under_way(HERE) == []
    assert [b.collected_at for b in batches.newest()] == [NOON + hours(1)]


def test_a_batch_that_was_not_taken_leaves_nothing(batches):
    batch = batches.begin(HERE, [held("a")], NOON)
    batches.drop(batch.number)

    assert batches.newest() == [] and batches.waiting(batch.number) == []
    assert batches.begin(HERE, [held("a")], NOON) is not None
