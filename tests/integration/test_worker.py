"""Auto-drafting on a real store and pipeline, with a model on loopback where one is asked."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from evals.mock_server import Recorded, Reply, any_answer, error
from summarizer.app import App
from summarizer.domain.api_keys import Scope
from summarizer.domain.events import EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.jobs import Job, JobStatus
from summarizer.errors import InputError
from summarizer.jobs.planner import WORKER, Decision, Reason
from summarizer.jobs.queue import DRAFT, MOST_ATTEMPTS
from tests.support.app import (
    Script,
    a_client,
    a_modelled_app,
    an_app,
    autodrafting_rules,
    bearer,
    take_in,
)
from tests.support.builders import NOON, a_job
from tests.support.clock import ManualClock

FERRY, TRAM, BAKERY = IncidentId("INC-000001"), IncidentId("INC-000002"), IncidentId("INC-000003")
STORIES = {
    "ferry": ("Halden Line cancelled 14 crossings.", "Crews of Halden Line went on strike."),
    "tram": ("A tram left the rails in Orrin.", "Orrin closed two tram lines on Friday."),
    "bakery": ("A bakery in Ostrava won a prize.", "The prize of Ostrava went to a bakery."),
}
LEASE = dt.timedelta(seconds=60)
LONGEST = dt.timedelta(days=1)
LOUDNESS = {"ferry": 500_000, "tram": 5_000, "bakery": 50}


def rows(*stories: str) -> list[dict[str, Any]]:
    return [
        {"text": text, "incident": story, "platform": platform, "outlet": platform}
        | {"published_at": NOON.isoformat(), "engagement": {"likes": LOUDNESS[story]}}
        for story in stories
        for text, platform in zip(STORIES[story], ("x", "news"), strict=True)
    ]


@contextmanager
def working(data: Path, clock: ManualClock, *stories: str) -> Iterator[App]:
    with an_app(data, clock, concurrent_drafts=1) as service:
        take_in(service, *rows(*stories))
        yield service


@contextmanager
def asking(
    script: Script, data: Path, clock: ManualClock, *stories: str, **chosen: Any
) -> Iterator[App]:
    """A worker with a model, and stories that are due."""
    chosen = {"concurrent_drafts": 1, "plan": "single", "anthropic_api_key": "sk-x"} | chosen
    with a_modelled_app(script, data, clock, **chosen) as (service, _):
        take_in(service, *rows(*stories))
        clock.advance(60)
        yield service


@pytest.fixture
def service(tmp_path: Path, clock: ManualClock) -> Iterator[App]:
    with working(tmp_path, clock, *STORIES) as service:
        yield service


def drafted(service: App) -> list[IncidentId]:
    """Incidents in the order in which the worker drafted them, each as often as it did."""
    entries = service.store.history.after(0, kinds={EventKind.DRAFTED})
    return [entry.incident_id for entry in entries if entry.actor == WORKER]


def reasons(decisions: tuple[Decision, ...]) -> dict[IncidentId, Reason]:
    return {decision.incident_id: decision.reason for decision in decisions}


def test_what_is_due_is_drafted_the_loudest_first_and_once(service, clock):
    assert service.worker.once().jobs == ()
    clock.advance(60)
    made = service.worker.once()
    assert [job.status for job in made.jobs] == [JobStatus.DONE] * 3
    assert drafted(service) == [FERRY, TRAM, BAKERY]
    assert reasons(made.decisions) == dict.fromkeys((FERRY, TRAM, BAKERY), Reason.NOTHING_NEW)
    clock.advance(3_600)
    assert service.worker.once().jobs == ()
    assert reasons(service.worker.survey.plan()) == reasons(made.decisions)


def test_a_worker_that_finds_nothing_new_reads_no_text_and_no_incident(service, clock):
    clock.advance(60)
    service.worker.once()
    service.worker.once()
    clock.advance(3_600)
    read: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        read.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert service.worker.once().decisions == ()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert not [one for one in read if "items.text" in one or "drafts.body" in one]
    assert len(read) < 20


def test_new_evidence_is_drafted_after_the_cooldown(service, clock):
    clock.advance(60)
    service.worker.once()
    more = {"text": "Halden Line and its crews met.", "incident": "ferry", "platform": "news"}
    take_in(service, more)
    clock.advance(60)
    assert reasons(service.worker.once().decisions)[FERRY] is Reason.COOLDOWN
    clock.advance(900)
    (job,) = service.worker.once().jobs
    assert (job.incident_id, job.revision) == (FERRY, 2)


def test_what_an_editor_holds_stays_and_the_new_draft_waits_beside_it(service, clock):
    clock.advance(60)
    service.worker.once()
    draft = service.reviews.newest(FERRY)
    key = next(section.key for section in draft.sections if section.shown)
    service.reviews.lock(FERRY, key, "Kim", locked=True)
    more = {"text": "Halden Line fired 41 of its crew on Monday.", "platform": "x"}
    take_in(service, more | {"incident": "ferry", "reach": 9_000_000})
    clock.advance(1_000)
    (decision,) = [d for d in service.worker.survey.plan() if d.incident_id == FERRY]
    assert decision.words.endswith(f"suggestions only for an editor's sections: {key}")
    service.worker.once()
    after = service.reviews.newest(FERRY)
    assert after.evidence_hash != draft.evidence_hash
    assert after.section(key).shown == draft.section(key).shown
    assert after.section(key).locked_by == "Kim"


def during_drafts(service: App, do: Callable[[int], object]) -> None:
    """Have something done within each draft, by its number from 1."""
    draft, numbers = service.pipeline.draft, itertools.count(1)

    def drafted(*arguments: Any) -> Any:
        do(next(numbers))
        return draft(*arguments)

    service.pipeline.draft = drafted


def test_after_a_while_what_is_due_is_looked_at_anew_so_that_the_louder_comes_first(
    tmp_path, clock
):
    with working(tmp_path, clock, "tram", "bakery") as service:
        clock.advance(60)

        def meanwhile(number: int) -> None:
            if number == 1:
                take_in(service, *rows("ferry"))
                clock.advance(60)
                service.worker.plan(LONGEST)

        during_drafts(service, meanwhile)
        service.worker.once()
        labels = {story: service.store.incident_by_label(story).id for story in STORIES}
        assert drafted(service) == [labels[story] for story in ("tram", "ferry", "bakery")]


def test_a_worker_that_is_stopped_hands_back_its_draft_and_begins_no_other(service, clock):
    clock.advance(60)
    during_drafts(service, lambda number: service.jobs.wind_down())
    jobs = service.worker.once().jobs
    assert jobs[0].incident_id == FERRY
    assert {(job.status, job.attempts) for job in jobs} == {(JobStatus.QUEUED, 0)}
    assert drafted(service) == []


# --- Leases ----------------------------------------------------------------------------------


def killed(service: App, attempts: int = 1) -> Job:
    """A draft as a process that was killed during it leaves it."""
    now, tasks = service.clock.now(), service.store.tasks
    left: dict[str, Any] = {"attempts": attempts, "holder": "somebody"}
    (planned,) = [d for d in service.worker.survey.plan() if d.incident_id == FERRY]
    left["evidence_hash"] = planned.evidence_hash
    job = a_job(FERRY, status=JobStatus.RUNNING, asked_by=WORKER, **left)
    service.store.jobs.save(job)
    row = {"name": DRAFT, "arguments": {"job": job.id}, "queueing_lock": job.id, "at": now}
    tasks.add(row | {"lock": f"{DRAFT} {FERRY}", "priority": 0, "runs": 0})
    assert tasks.take([DRAFT], "somebody", now, now + LEASE)
    return job


@pytest.mark.slow
def test_a_draft_stays_with_its_holder_until_the_lease_runs_out(service, clock):
    clock.advance(60)
    job = killed(service)
    clock.advance(59)
    assert reasons(service.worker.once().decisions)[FERRY] is Reason.UNDER_WAY
    assert FERRY not in drafted(service)
    clock.advance(1)
    service.jobs.drain()
    assert over(service, job).status is JobStatus.DONE
    assert drafted(service).count(FERRY) == 1


def test_a_draft_under_which_every_process_dies_is_given_up(service, clock):
    job = killed(service, MOST_ATTEMPTS)
    clock.advance(60)
    service.jobs.resume()
    assert over(service, job).status is JobStatus.FAILED


def over(service: App, job: Job) -> Job:
    while not (now := service.store.jobs.job(job.id)).status.is_over:
        time.sleep(0.01)
    return now


def test_whoever_lost_its_lease_stores_nothing(service, clock):
    clock.advance(60)

    def lose() -> None:
        (job,) = service.store.jobs.with_status(JobStatus.RUNNING)
        service.store.jobs.save(job.model_copy(update={"holder": "another"}))

    first = service.pipeline.drafter
    service.pipeline.drafter = Meddled(first, lose)
    (decision, *_) = service.worker.survey.plan()
    begun = service.jobs.begin(
        FERRY, WORKER, decision.evidence_hash, lambda: True, watch=lambda _: None
    )
    job = service.jobs.made(begun.id)
    assert (job.status, job.holder) == (JobStatus.RUNNING, "another")
    assert service.store.newest_draft(FERRY) is None


class Meddled:
    """A drafter before which something happens."""

    def __init__(self, drafter: Any, before: Callable[[], None]) -> None:
        self._drafter, self._before = drafter, before
        self.name, self.model, self.repair = drafter.name, drafter.model, drafter.repair

    def draft(self, *arguments: Any) -> Any:
        self._before()
        return self._drafter.draft(*arguments)


def test_a_plan_that_is_stale_when_its_turn_comes_begins_nothing(service, clock):
    clock.advance(60)
    stale = service.worker.survey.plan()[0]
    service.worker.once()
    survey, evidence = service.worker.survey, stale.evidence_hash
    assert (
        service.jobs.begin(FERRY, WORKER, evidence, lambda: survey.still_due(FERRY, evidence))
        is None
    )
    assert drafted(service).count(FERRY) == 1


def test_nobody_begins_a_draft_while_one_is_under_way(service, clock):
    killed(service)
    assert service.jobs.begin(FERRY, WORKER, "h", lambda: True) is None


# --- With a model ----------------------------------------------------------------------------


def poisoned(request: Recorded) -> Reply:
    text = json.dumps(request.body)
    return error(400) if "Orrin" in text else any_answer(request)


@pytest.mark.slow
def test_a_poison_incident_is_set_aside_and_blocks_no_other(tmp_path, clock):
    with asking(poisoned, tmp_path, clock, *STORIES) as service:
        done = {job.incident_id: job.status.value for job in service.worker.once().jobs}
        assert done == {FERRY: "done", TRAM: "failed", BAKERY: "done"}
        for wait in (60, 120):
            assert service.worker.once().jobs == ()
            assert reasons(service.worker.survey.plan())[TRAM] is Reason.RETRY
            clock.advance(wait)
            assert [job.incident_id for job in service.worker.once().jobs] == [TRAM]
        clock.advance(10_000)
        last = service.worker.once()
        assert last.jobs == ()
        (aside,) = [d for d in last.decisions if d.incident_id == TRAM]
        assert aside.reason is Reason.SET_ASIDE
        assert "3 drafts of this evidence failed" in aside.words
        assert "answered 400" in aside.words
        more = {"text": "Riverton opened the line again.", "incident": "tram", "platform": "x"}
        take_in(service, more)
        clock.advance(60)
        assert [job.incident_id for job in service.worker.once().jobs] == [TRAM]


@pytest.mark.slow
def test_a_server_that_fails_everybody_sets_nobody_aside(tmp_path, clock):
    down = [True]

    def server_of(request: Recorded) -> Reply:
        return error(401) if down[0] else any_answer(request)

    with asking(server_of, tmp_path, clock, *STORIES) as service:
        for wait in (60, 120, 240):
            tried = service.worker.once()
            assert [job.blameless for job in tried.jobs] == [True]
            assert set(reasons(tried.decisions).values()) == {Reason.OUTAGE}
            clock.advance(wait)
        down[0] = False
        service.worker.once()
        assert sorted(drafted(service)) == [FERRY, TRAM, BAKERY]


# --- Switch and history ----------------------------------------------------------------------


def told(service: App, *kinds: EventKind) -> list[tuple[str, IncidentId | None, str]]:
    entries = service.store.history.after(0, kinds=kinds)
    return [(entry.kind.value, entry.incident_id, entry.actor) for entry in entries]


def test_while_paused_nothing_is_begun_and_the_switch_is_in_the_history_once(service, clock):
    clock.advance(60)
    stale = service.worker.survey.plan()[0]
    service.worker.pause("Kim")
    service.worker.pause("Lee")
    looked = service.worker.once()
    assert looked.jobs == looked.decisions == ()
    assert set(reasons(service.worker.survey.plan()).values()) == {Reason.PAUSED}
    assert not service.worker.survey.still_due(stale.incident_id, stale.evidence_hash)
    service.worker.resume("Lee")
    service.worker.resume("Lee")
    assert len(service.worker.once().jobs) == 3
    switch = told(service, EventKind.PAUSED, EventKind.RESUMED)
    assert switch == [("paused", None, "Kim"), ("resumed", None, "Lee")]


def failed(service: App, times: int) -> None:
    """Drafts of the tram that failed, as the worker leaves them."""
    planned = service.worker.survey.plan()
    (evidence,) = [d.evidence_hash for d in planned if d.incident_id == TRAM]
    for n in range(times):
        now = service.clock.now()
        ended = {"status": JobStatus.FAILED, "error": "It broke.", "created_at": now}
        job = a_job(TRAM, id=f"failed {n}", asked_by=WORKER, evidence_hash=evidence, **ended)
        service.store.jobs.save(job.model_copy(update={"finished_at": now}))


def test_what_is_set_aside_is_told_once_and_tried_again_when_released(service, clock):
    failed(service, 3)
    clock.advance(10_000)
    for _ in range(2):
        service.worker.once()
        assert reasons(service.worker.survey.plan())[TRAM] is Reason.SET_ASIDE
    assert told(service, EventKind.SET_ASIDE) == [("set_aside", TRAM, WORKER)]
    service.worker.release(TRAM, "Kim")
    assert told(service, EventKind.RELEASED) == [("released", TRAM, "Kim")]
    assert [job.incident_id for job in service.worker.once().jobs] == [TRAM]
    with pytest.raises(InputError, match="not set aside"):
        service.worker.release(TRAM, "Kim")


def test_over_http_auto_drafting_is_seen_switched_and_released_by_an_admin(service, clock):
    clock.advance(60)
    failed(service, 3)
    client = a_client(service)
    there = "/v1/autodrafting"
    shown = client.get(there).json()
    assert (shown["in_service"], shown["paused_by"]) == (False, None)
    found = {p["incident"]: p["reason"] for p in shown["plan"]}
    assert found == {FERRY: "due", TRAM: "set_aside", BAKERY: "due"}
    assert client.post(f"{there}/pause").json()["paused_by"] == "local"
    assert client.post(f"{there}/resume").json()["paused_by"] is None
    released = client.post(f"{there}/release", json={"incident": TRAM}).json()
    assert {p["reason"] for p in released["plan"]} == {"due"}
    assert client.post(f"{there}/release", json={"incident": "INC-000099"}).status_code == 404
    entries = client.get("/v1/entries", params={"kind": ["paused", "released"]}).json()["entries"]
    assert [(e["kind"], e["incident"]) for e in entries] == [("paused", None), ("released", TRAM)]
    key = bearer(service, Scope.REVIEW)
    for method, path in (("GET", there), ("POST", f"{there}/pause")):
        assert client.request(method, path, headers=key).status_code == 403


def test_the_plan_is_counted_for_prometheus(service, clock):
    clock.advance(60)
    failed(service, 3)
    client, incidents = a_client(service), "summarizer_autodrafting_incidents"
    assert f'{incidents}{{reason="not_seen"}} 3.0' in client.get("/metrics").text
    service.worker.survey.look()
    text = client.get("/metrics").text
    assert "summarizer_autodrafting_queue 2.0" in text
    assert f'{incidents}{{reason="set_aside"}} 1.0' in text
    assert f'{incidents}{{reason="not_seen"}} 0.0' in text
    assert 'budget_left{unit="tokens",window="hour"} 2e+06' in text
    service.worker.release(TRAM, "Kim")
    service.worker.survey.look()
    assert "summarizer_autodrafting_queue 3.0" in client.get("/metrics").text


def test_neither_metrics_nor_the_plan_over_http_read_what_has_nothing_new(service, clock):
    clock.advance(60)
    service.worker.once()
    clock.advance(3_600)
    service.worker.once()
    client = a_client(service)
    metrics, shown = client.get("/metrics").text, client.get("/v1/autodrafting")
    assert 'summarizer_autodrafting_incidents{reason="nothing_new"} 3.0' in metrics
    assert (shown.json()["nothing_new"], shown.json()["plan"]) == (3, [])
    service.jobs.stop()  # its tasks look for items that wait
    read: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        read.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        client.get("/metrics")
        client.get("/v1/autodrafting")
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert not [one for one in read if "standings.body" in one or "items.text" in one]


def test_the_service_drafts_by_itself_when_it_is_told_to(tmp_path):
    rules = autodrafting_rules(tmp_path, quiet_s=0, least_noise=0)
    with an_app(tmp_path, autodrafting="on", autodrafting_rules=rules) as service:
        take_in(service, *rows("ferry"))
        with a_client(service):
            while not service.store.newest_draft(FERRY):
                pass
        assert service.reviews.newest(FERRY).made_by == WORKER
