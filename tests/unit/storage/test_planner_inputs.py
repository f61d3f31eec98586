"""``PlannerRecords`` on databases in memory and in a file."""

import pytest

from summarizer.domain.batches import BatchedRequest
from summarizer.domain.drafts import Usage
from summarizer.domain.events import EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.jobs import JobStatus
from summarizer.domain.usage import DraftUse, Spending, count_draft
from summarizer.storage.store import Store
from tests.support.builders import NOON, a_draft, a_pack, an_item, hours
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


def a_made(store: Store, usage: Usage, **fields: object) -> None:
    """A whole draft and its event."""
    fields = {"incident_id": IncidentId("INC-000001"), "usage": usage, "model": "small"} | fields
    pack = a_pack(an_item()).model_copy(update={"tokens": 40})
    draft = store.save_draft(a_draft(evidence=pack, **fields))
    detail = {"drafter": "x", **count_draft(draft)}
    store.history.record(EventKind.DRAFTED, draft.incident_id, "Kim", draft.revision, detail)


def test_the_use_of_drafts_is_read_once_and_by_model(store):
    usage = Usage(calls=2, input_tokens=70, output_tokens=9, cache_read_tokens=5)
    records = store.planner_records
    a_made(store, usage)
    a_made(store, usage, model="large")
    a_made(store, usage + Usage(cached_calls=1))  # partly paid for by an earlier draft
    a_made(store, Usage(), model=None)
    last, found = records.drafts(0, "small")
    assert found == [DraftUse(usage=usage, evidence=40)]
    assert records.drafts(last, "small") == (last, [])
    assert records.drafts(0, None)[1] == []
    a_made(store, usage)
    assert len(records.drafts(last, "small")[1]) == 1


def test_a_draft_that_was_stored_before_its_evidence_was_counted_is_left_out(store):
    draft = store.save_draft(a_draft(incident_id=IncidentId("INC-000001"), model="small"))
    detail = {"drafter": "x", "tokens": {"input": 7}, "verdicts": {}}
    store.history.record(EventKind.DRAFTED, draft.incident_id, "Kim", draft.revision, detail)
    assert store.planner_records.drafts(0, "small")[1] == []


def test_the_lengths_of_answers_are_those_of_a_model_and_purpose_newest_first(store):
    for n, fields in enumerate(
        [{}, {"model": "large"}, {"purpose": "judge"}, {"error": "cut off"}, {}, {}]
    ):
        call = {"model": "small", "purpose": "draft", "usage": Usage(calls=1, output_tokens=n)}
        store.calls.record(a_call(**(call | fields)))
    assert store.planner_records.answers("small", "draft", 2) == [5, 4]
    assert store.planner_records.answers("small", "draft", 9) == [5, 4, 0]


def test_what_waits_in_batches_is_summed_by_model_until_it_is_settled(store):
    def begin(at: int, *models: str) -> int:
        held = [
            BatchedRequest(
                id=f"{at}-{n}",
                purpose="draft",
                model=model,
                request="{}",
                reserve=Usage(calls=1, input_tokens=100 * (n + 1), output_tokens=7),
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
