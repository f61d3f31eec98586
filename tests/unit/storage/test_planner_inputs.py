"""``PlannerRecords`` on databases in memory and in a file."""

import pytest

from summarizer.domain.batches import BatchedRequest
from summarizer.domain.drafts import Usage
from summarizer.domain.incidents import IncidentId
from summarizer.domain.jobs import JobStatus
from summarizer.domain.usage import Spending
from summarizer.storage.store import Store
from tests.support.builders import NOON, hours
from tests.unit.storage.test_jobs import a_job
from tests.unit.storage.test_store import a_call


@pytest.fixture
def store(store: Store) -> Store:
    for _ in range(3):
        store.create_incident(NOON)
    return store


def test_failed_drafts_are_those_that_one_asked_for_whole_oldest_first(store):
    def failed(id_: str, at: int, **fields: object) -> None:
        status = {"status": JobStatus.FAILED, "finished_at": NOON + hours(at), "error": "why"}
        store.jobs.save(a_job(id_, **({"asked_by": "worker"} | status | fields)))

    failed("late", 2)
    failed("early", 1)
    failed("hers", 1, asked_by="Kim")
    failed("a section's", 1, section="timeline")
    failed("made", 3, status=JobStatus.DONE)
    store.jobs.save(a_job("waiting", asked_by="worker"))
    found = store.planner_records.failed("worker", [IncidentId("INC-000001")])
    assert [job.id for job in found] == ["early", "late"]
    assert store.planner_records.failed("worker", [IncidentId("INC-000002")]) == []
    assert [job.id for job in store.planner_records.newest_over("worker", 2)] == ["made", "late"]


def test_what_was_spent_is_summed_by_model_from_a_time_on(store):
    def call(model: str, at: int, tokens: int) -> None:
        usage = Usage(calls=1, input_tokens=tokens, output_tokens=1, cache_read_tokens=2)
        failed = {"response": None, "error": "a call that failed is paid for too"}
        store.calls.record(a_call(model=model, created_at=NOON + hours(at), usage=usage, **failed))

    call("small", 0, 100)
    call("small", 1, 10)
    call("small", 2, 20)
    call("large", 3, 5)
    found = sorted(
        store.planner_records.spent(NOON + hours(0.5)), key=lambda spending: spending.model
    )
    assert found == [
        Spending(
            model="large",
            first_at=NOON + hours(3),
            usage=Usage(calls=1, input_tokens=5, output_tokens=1, cache_read_tokens=2),
        ),
        Spending(
            model="small",
            first_at=NOON + hours(1),
            usage=Usage(calls=2, input_tokens=30, output_tokens=2, cache_read_tokens=4),
        ),
    ]
    assert store.planner_records.spent(NOON + hours(3)) == []


def test_what_waits_in_batches_is_summed_by_model_until_it_is_settled(store):
    def begin(at: int, *models: str) -> int:
        held = [
            BatchedRequest(
                id=f"{at}-{n}",
                purpose="draft",
                model=model,
                request="{}",
                most=Usage(calls=1, input_tokens=100 * (n + 1), output_tokens=7),
                incident_id=IncidentId("INC-000001"),
            )
            for n, model in enumerate(models)
        ]
        begun = NOON + hours(at)
        number = store.batches.begin("https://model.example", "run", begun, begun)
        store.batches.add(number, held)
        return number

    def waiting(since: float) -> dict[str, tuple[int, int, int]]:
        found = store.planner_records.in_batches(NOON + hours(since))
        assert all(spending.batched for spending in found)
        return {
            s.model: (s.usage.calls, s.usage.input_tokens, s.usage.output_tokens) for s in found
        }

    begin(0, "small")
    number = begin(2, "small", "small", "large")
    assert waiting(-1) == {"small": (3, 400, 21), "large": (1, 300, 7)}
    assert waiting(1) == {"small": (2, 300, 14), "large": (1, 300, 7)}
    assert store.planner_records.in_batches(NOON - hours(1))[0].first_at in (NOON, NOON + hours(2))
    store.batches.settle(number, "2-0", "succeeded")
    assert waiting(1)["small"] == (1, 200, 7)
