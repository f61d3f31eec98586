"""``Batches`` on databases in memory and in a file."""

import datetime as dt

import pytest

from summarizer.domain.batches import LONGEST, WAITING, BatchedRequest
from summarizer.domain.drafts import Usage
from summarizer.domain.incidents import IncidentId
from summarizer.errors import ConflictError
from summarizer.storage.batches import Batches
from summarizer.storage.store import Store
from tests.support.builders import NOON

HERE, ONE, TWO = "https://model.example", "run 1", "run 2"
MINUTE = dt.timedelta(minutes=1)
FERRY, TRAM = IncidentId("INC-000001"), IncidentId("INC-000002")


@pytest.fixture
def batches(store: Store) -> Batches:
    return store.batches


def a_request(id_: str, incident: IncidentId = FERRY) -> BatchedRequest:
    return BatchedRequest(
        id=id_,
        incident_id=incident,
        purpose="draft",
        model="m",
        request='{"model": "m"}',
        reserve=Usage(calls=1, input_tokens=3, output_tokens=2),
    )


def begun(batches: Batches, *requests: BatchedRequest, run: str = ONE) -> int:
    number = batches.begin(HERE, run, NOON, NOON + MINUTE)
    batches.add(number, requests)
    return number


def test_requests_come_back_until_they_have_an_outcome_and_are_settled_once(batches):
    number = begun(batches, a_request("a"), a_request("b", TRAM))
    batches.add(number, [a_request("a")])
    assert batches.waiting(number) == [a_request("a"), a_request("b", TRAM)]
    assert batches.incidents(number) == {FERRY, TRAM}

    assert batches.settle(number, "a", "succeeded")
    assert not batches.settle(number, "a", "errored")
    assert batches.waiting(number) == [a_request("b", TRAM)]
    (known,) = batches.newest()
    assert dict(known.outcomes) == {"succeeded": 1, WAITING: 1} and known.requests == 2


def test_a_batch_is_open_at_its_server_until_it_is_closed(batches):
    number = begun(batches, a_request("a"))
    batches.sending(number, NOON + MINUTE)
    batches.sent(number, "msgbatch_1")
    (known,) = batches.open(HERE)
    assert (known.begun_at, known.sent_at, known.batch_id) == (NOON, NOON + MINUTE, "msgbatch_1")
    assert batches.open("https://elsewhere.example") == []

    batches.close(number, NOON + 2 * MINUTE)
    assert batches.open(HERE) == []
    assert [batch.closed_at for batch in batches.newest()] == [NOON + 2 * MINUTE]


def test_a_batch_that_was_not_taken_leaves_nothing(batches):
    number = begun(batches, a_request("a"))
    batches.drop(number)
    assert batches.newest() == [] and batches.waiting(number) == []


def test_one_run_holds_what_is_open_until_its_lease_ends_or_it_lets_go(batches):
    begun(batches, a_request("a"))
    batches.hold(HERE, ONE, NOON, NOON + 2 * MINUTE)
    for attempt in (batches.hold, batches.begin):
        with pytest.raises(ConflictError, match="after 12:02:00 UTC"):
            attempt(HERE, TWO, NOON + MINUTE, NOON + 9 * MINUTE)
    batches.hold("https://elsewhere.example", TWO, NOON, NOON + MINUTE)

    batches.release(TWO, NOON)
    with pytest.raises(ConflictError):
        batches.hold(HERE, TWO, NOON + MINUTE, NOON + 9 * MINUTE)
    batches.release(ONE, NOON + MINUTE)
    batches.hold(HERE, TWO, NOON + MINUTE, NOON + 9 * MINUTE)
    with pytest.raises(ConflictError):
        batches.hold(HERE, ONE, NOON + 2 * MINUTE, NOON + 9 * MINUTE)
    batches.hold(HERE, ONE, NOON + 9 * MINUTE, NOON + 10 * MINUTE)


@pytest.mark.parametrize("ended", [Batches.close, Batches.cancel])
def test_incidents_are_held_as_long_as_a_batch_may_run(batches, ended):
    number = begun(batches, a_request("a"), a_request("b", TRAM))
    assert batches.held(NOON) == dict.fromkeys((FERRY, TRAM), NOON + MINUTE)
    assert batches.held(NOON + MINUTE) == {}  # never sent, and nobody is at it any more

    batches.sending(number, NOON)
    assert batches.held(NOON + MINUTE) == dict.fromkeys((FERRY, TRAM), NOON + LONGEST)
    assert batches.held(NOON + LONGEST) == {}
    assert batches.held(NOON - MINUTE) == {}  # the clock was set back
    ended(batches, number, NOON + MINUTE)
    assert batches.held(NOON + MINUTE) == {}
