"""``Jobs`` on databases in memory and in a file."""

from typing import Any

import pytest

from summarizer.domain.incidents import IncidentId
from summarizer.domain.jobs import Job, JobEvent, JobStatus
from summarizer.errors import NotFoundError
from summarizer.storage.store import Store
from tests.support.builders import NOON, hours


@pytest.fixture
def store(store: Store) -> Store:
    store.create_incident(NOON)
    return store


def a_job(id_: str = "j1", **fields: Any) -> Job:
    defaults = {"incident_id": IncidentId("INC-000001"), "asked_by": "Kim", "created_at": NOON}
    return Job(**({"id": id_, "evidence_hash": "h"} | defaults | fields))


def an_event(stage: str = "queued", **fields: Any) -> JobEvent:
    return JobEvent(**({"at": NOON, "stage": stage, "detail": stage} | fields))


def test_a_job_comes_back_as_it_was_saved_last(store):
    job = a_job(section="timeline", instruction="Shorter.")
    store.jobs.save(job)
    assert store.jobs.job("j1") == job
    over = job.model_copy(
        update={"status": JobStatus.FAILED, "error": "why", "finished_at": NOON, "attempts": 2}
    )
    store.jobs.save(over)
    assert store.jobs.job("j1") == over


def test_jobs_are_found_by_status_oldest_first(store):
    for name, after in (("late", 2), ("first", 1), ("second", 1)):
        store.jobs.save(a_job(name, created_at=NOON + hours(after)))
    store.jobs.save(a_job("over", status=JobStatus.DONE))
    store.jobs.save(a_job("first", created_at=NOON + hours(1), status=JobStatus.RUNNING))
    found = store.jobs.with_status(JobStatus.QUEUED, JobStatus.RUNNING)
    assert [job.id for job in found] == ["first", "second", "late"]


def test_whole_drafts_under_way_are_found_by_what_their_incident_has_become(store):
    other, merged = (store.create_incident(NOON).id for _ in range(2))
    for name, incident in (("here", "INC-000001"), ("away", merged), ("elsewhere", other)):
        store.jobs.save(a_job(name, incident_id=incident))
    store.jobs.save(a_job("section", section="timeline"))
    store.jobs.save(a_job("over", status=JobStatus.DONE))
    store.merge(merged, IncidentId("INC-000001"))
    for asked in ("INC-000001", merged):
        assert [job.id for job in store.jobs.drafting(asked)] == ["here", "away"]
    assert store.jobs.drafting(IncidentId("INC-000099")) == []


def test_events_are_numbered_by_job_and_read_from_anywhere(store):
    store.jobs.save(a_job("j1"))
    store.jobs.save(a_job("j2"))
    first = store.jobs.add_event("j1", an_event())
    store.jobs.add_event("j2", an_event())
    body = {"claims": [{"text": "x", "verified": False}]}
    second = store.jobs.add_event("j1", an_event("drafted", section="timeline", body=body))
    assert (first.number, second.number) == (1, 2)
    assert store.jobs.events("j1") == [first, second]
    assert store.jobs.events("j1", after=1) == [second]
    assert second.body == body


@pytest.mark.parametrize(
    "ask",
    [
        lambda jobs: jobs.job("x"),
        lambda jobs: jobs.events("x"),
        lambda jobs: jobs.add_event("x", an_event()),
        lambda jobs: jobs.save(a_job(incident_id=IncidentId("INC-000099"))),
    ],
)
def test_an_unknown_id_is_not_found(store, ask):
    with pytest.raises(NotFoundError):
        ask(store.jobs)


def test_a_job_and_its_events_are_undone_with_the_transaction_around_them(store):
    with pytest.raises(RuntimeError), store.transaction():
        store.jobs.save(a_job())
        store.jobs.add_event("j1", an_event())
        raise RuntimeError
    with pytest.raises(NotFoundError):
        store.jobs.job("j1")
