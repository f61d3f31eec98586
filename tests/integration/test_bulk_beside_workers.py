"""Drafting in bulk beside a worker and a service on the same data: nothing is drafted twice."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evals.mock_server import (
    MessagesServer,
    Recorded,
    Reply,
    asked_labels,
    error,
    passages,
    refusal,
    says,
)
from summarizer import settings
from summarizer.adapters import clock
from summarizer.app import App, open_app, open_batch_context
from summarizer.cli.app import app
from summarizer.domain.batches import BatchedRequest
from summarizer.domain.drafts import Usage
from summarizer.domain.events import SYSTEM_ACTOR, EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.jobs import Job, JobStatus
from summarizer.errors import ModelError
from summarizer.jobs import batch_run
from summarizer.jobs.budget import Limit, tokens_of
from summarizer.jobs.planner import WORKER, Decision, Reason
from summarizer.jobs.reservations import BATCH, HOLD, IN_BATCH
from tests.support.builders import NOON
from tests.support.clock import ManualClock

FERRY, TRAM = IncidentId("INC-000001"), IncidentId("INC-000002")
STORIES = {
    "ferry": ("Halden Line cancelled 14 crossings.", "Crews of Halden Line went on strike."),
    "tram": ("A tram left the rails in Orrin.", "Orrin closed two tram lines on Friday."),
}
MORE = {"text": "Halden Line and its crews met on Sunday.", "incident": "ferry", "platform": "x"}


def faithful(request: Recorded) -> Reply:
    """A title, copied from the first passage: nothing of it is repaired."""
    id_, text = next(iter(passages(request).items()))
    said = {"text": text, "cites": [id_]}
    return says({key: [said] for key in asked_labels(request) or ["title"]})


class Killed(BaseException):
    """As good as SIGKILL: nothing catches it."""


class Bench:
    """Two incidents that are due, for runs of drafting in bulk and a service beside them."""

    def __init__(self, folder: Path, script: Callable[[Recorded], Reply], **model: Any) -> None:
        self.clock, self.news = ManualClock(), list[str]()
        self.server = MessagesServer(script, **model)
        self.settings = settings.load(
            data_dir=folder, anthropic_base_url=self.server.url, max_attempts=1, plan="single"
        )
        with self.workshop() as shop:
            rows = [
                {"text": text, "incident": story, "platform": platform, "reach": 9_000_000}
                for story, texts in STORIES.items()
                for text, platform in zip(texts, ("x", "news"), strict=True)
            ]
            list(shop.pipeline.ingest(io.BytesIO(json.dumps(rows).encode())))
            shop.pipeline.settle()
        self.clock.advance(60)

    @contextmanager
    def workshop(self) -> Iterator[batch_run.BatchContext]:
        with open_batch_context(self.settings, clock=self.clock) as shop:
            yield shop

    @contextmanager
    def beside(self) -> Iterator[App]:
        with open_app(self.settings, clock=self.clock, owns_index=False) as service:
            yield service

    def run(self, meanwhile: Callable[[], object] = lambda: None) -> batch_run.BatchReport:
        """Draft in bulk; ``meanwhile`` happens while a batch is first waited for."""
        left = [meanwhile]

        def sleep(seconds: float) -> None:
            while left:
                left.pop()()

        def watch(news: batch_run.News) -> None:
            self.news.append(f"{news.incident_id}: {news.words}")

        return batch_run.BatchRun(self.workshop, sleep, watch).run()

    def run_killed(self) -> None:
        """Draft in bulk until the first batch is sent."""

        def die() -> None:
            raise Killed

        with pytest.raises(Killed):
            self.run(die)

    def worked(self) -> tuple[list[IncidentId], dict[IncidentId, Decision]]:
        """What a worker drafts now, and what it decided."""
        with self.beside() as service:
            looked = service.worker.once()
            made = [job.incident_id for job in looked.jobs if job.status is JobStatus.DONE]
            return made, {d.incident_id: d for d in looked.decisions}

    def grow(self) -> None:
        """New evidence of the ferry, for which nothing is waited any more."""
        with self.workshop() as shop:
            list(shop.pipeline.ingest(io.BytesIO(json.dumps([MORE]).encode())))
            shop.pipeline.settle()
        self.clock.advance(60)

    def drafts(self) -> dict[IncidentId, int]:
        """How often each incident was drafted; never twice from the same evidence."""
        with self.beside() as service:
            found = {id_: service.store.drafts(id_) for id_ in (FERRY, TRAM)}
        for drafts in found.values():
            assert len({draft.evidence_hash for draft in drafts}) == len(drafts)
        return {id_: len(drafts) for id_, drafts in found.items()}

    def jobs(self, *statuses: JobStatus) -> list[Job]:
        with self.beside() as service:
            return service.store.jobs.with_status(*statuses)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path, faithful, looks=1)
    with bench.server:
        yield bench


def test_a_worker_leaves_alone_what_is_in_a_batch_and_says_why(bench):
    seen: list[tuple[list[IncidentId], dict[IncidentId, Decision]]] = []
    tally = bench.run(lambda: seen.append(bench.worked()))
    ((made, decisions),) = seen
    assert made == []
    assert {d.reason for d in decisions.values()} == {Reason.IN_BATCH}
    assert decisions[FERRY].until == bench.clock.now() + IN_BATCH
    assert "in a batch" in decisions[FERRY].words
    assert sorted(tally.drafted) == [FERRY, TRAM]
    assert bench.worked()[1][FERRY].reason is Reason.NOTHING_NEW
    assert bench.drafts() == {FERRY: 1, TRAM: 1}
    assert [request.path for request in bench.server.requests].count("/v1/messages") == 0


def test_who_asks_for_a_draft_of_it_joins_the_batch(bench):
    joined: list[Job] = []

    def ask() -> None:
        with bench.beside() as service:
            joined.append(service.jobs.ask(FERRY, "Kim"))

    bench.run(ask)
    (job,) = joined
    assert (job.status, job.asked_by, job.batched) == (JobStatus.RUNNING, BATCH, True)
    with bench.beside() as service:
        over = service.jobs.job(job.id)
        events = [(event.stage, event.body) for event in service.jobs.events(job.id)]
    assert (over.status, over.revision) == (JobStatus.DONE, 1)
    assert events == [("batched", None), ("stored", {"revision": 1})]
    assert bench.drafts() == {FERRY: 1, TRAM: 1}


@pytest.mark.parametrize("status", [JobStatus.QUEUED, JobStatus.RUNNING])
@pytest.mark.parametrize("asked_by", [WORKER, "Kim"])
def test_what_others_draft_is_put_into_no_batch(bench, status, asked_by):
    with bench.beside() as service:
        fields = {"incident_id": FERRY, "asked_by": asked_by, "created_at": NOON}
        service.store.jobs.save(Job(id="theirs", status=status, evidence_hash="h", **fields))
    assert bench.run().drafted == [TRAM]
    assert len(bench.server.batches.custom_ids) == 1
    assert f"{FERRY}: left to whoever drafts it" in bench.news


def test_newer_evidence_is_drafted_beside_the_batch_and_the_older_is_not_stored(bench):
    made: list[list[IncidentId]] = []

    def meanwhile() -> None:
        bench.grow()
        made.append(bench.worked()[0])

    tally = bench.run(meanwhile)
    assert made == [[FERRY]]
    assert tally.drafted == [TRAM]
    assert bench.drafts() == {FERRY: 1, TRAM: 1}
    (outdated,) = [job for job in bench.jobs(JobStatus.CANCELLED) if job.batched]
    assert outdated.incident_id == FERRY


def test_an_editors_draft_of_newer_evidence_does_not_wait_for_the_batch(bench):
    def meanwhile() -> None:
        bench.grow()
        with bench.beside() as service:
            hash_ = service.pipeline.evidence_hash(FERRY)
            fields = {"incident_id": FERRY, "asked_by": "Kim", "created_at": NOON}
            service.store.jobs.save(Job(id="asked", evidence_hash=hash_, **fields))
            for done in service.jobs.tend():
                done.result()

    assert bench.run(meanwhile).drafted == [TRAM]
    assert bench.drafts() == {FERRY: 1, TRAM: 1}


def test_a_batch_whose_process_was_killed_keeps_its_incidents_for_the_next_run(bench):
    bench.run_killed()
    bench.clock.advance(3_600)
    assert bench.worked()[0] == []
    assert sorted(bench.run().drafted) == [FERRY, TRAM]
    assert bench.drafts() == {FERRY: 1, TRAM: 1}
    assert len(bench.server.batches.custom_ids) == 2


def test_a_batch_that_nobody_collects_gives_its_incidents_back(bench):
    bench.run_killed()
    bench.clock.advance(IN_BATCH.total_seconds() - 1)
    assert bench.worked()[0] == []
    bench.clock.advance(1)
    assert sorted(bench.worked()[0]) == [FERRY, TRAM]
    assert bench.run().drafted == []
    assert bench.drafts() == {FERRY: 1, TRAM: 1}


def test_a_run_killed_while_it_drafts_from_its_batch_is_followed_by_the_next_or_by_a_worker(bench):
    def dying() -> Any:
        @contextmanager
        def opened() -> Iterator[batch_run.BatchContext]:
            with bench.workshop() as shop:
                draft = shop.pipeline.draft

                def second_dies(incident_id: str, *rest: Any) -> Any:
                    if bench.server.batches.held and incident_id == TRAM:
                        raise Killed
                    return draft(incident_id, *rest)

                shop.pipeline.draft = second_dies
                yield shop

        return opened

    with pytest.raises(Killed):
        batch_run.BatchRun(dying(), lambda seconds: None, lambda news: None).run()
    assert bench.drafts() == {FERRY: 1, TRAM: 0}
    assert bench.worked()[1][TRAM].reason is Reason.IN_BATCH
    bench.clock.advance(HOLD.total_seconds())
    assert bench.worked()[0] == [TRAM]
    assert bench.run().drafted == []
    assert bench.drafts() == {FERRY: 1, TRAM: 1}


def test_a_batch_that_is_called_off_leaves_its_incidents_to_workers(bench, monkeypatch, tmp_path):
    bench.run_killed()
    monkeypatch.chdir(tmp_path)
    env = {
        "SUMMARIZER_DATA_DIR": str(bench.settings.data_dir),
        "ANTHROPIC_BASE_URL": bench.server.url,
    }
    assert CliRunner().invoke(app, ["batches", "--cancel", "1"], env=env).exit_code == 0
    assert sorted(bench.worked()[0]) == [FERRY, TRAM]
    assert bench.run().drafted == []
    assert bench.drafts() == {FERRY: 1, TRAM: 1}


def test_an_editor_who_calls_the_job_off_takes_the_incident_out_of_the_batch(bench):
    made: list[list[IncidentId]] = []

    def meanwhile() -> None:
        (job,) = [job for job in bench.jobs(JobStatus.RUNNING) if job.incident_id == FERRY]
        with bench.beside() as service:
            service.jobs.cancel(job.id)
        made.append(bench.worked()[0])

    assert bench.run(meanwhile).drafted == [TRAM]
    assert made == [[FERRY]]
    assert bench.drafts() == {FERRY: 1, TRAM: 1}


def test_a_run_that_lost_an_incident_while_it_drafted_stores_nothing_of_it(bench):
    @contextmanager
    def slow() -> Iterator[batch_run.BatchContext]:
        with bench.workshop() as shop:
            draft = shop.pipeline.draft

            def taken_away(incident_id: str, *rest: Any) -> Any:
                if bench.server.batches.held and incident_id == FERRY:
                    bench.clock.advance(HOLD.total_seconds())
                    assert sorted(bench.worked()[0]) == [FERRY, TRAM]
                return draft(incident_id, *rest)

            shop.pipeline.draft = taken_away
            yield shop

    tally = batch_run.BatchRun(
        slow, lambda seconds: None, lambda news: bench.news.append(news.words)
    ).run()
    assert tally.drafted == []
    assert bench.news.count("left to whoever drafts it") == 2
    assert bench.drafts() == {FERRY: 1, TRAM: 1}


def test_a_run_that_drafts_for_hours_keeps_what_it_has_not_come_to_yet(bench):
    @contextmanager
    def slow() -> Iterator[batch_run.BatchContext]:
        with bench.workshop() as shop:
            draft = shop.pipeline.draft

            def late(incident_id: str, *rest: Any) -> Any:
                if bench.server.batches.held:
                    bench.clock.advance(HOLD.total_seconds() * 0.8)
                    assert bench.worked()[0] == []
                return draft(incident_id, *rest)

            shop.pipeline.draft = late
            yield shop

    tally = batch_run.BatchRun(slow, lambda seconds: None, lambda news: None).run()
    assert sorted(tally.drafted) == [FERRY, TRAM]


def test_a_refusal_in_a_batch_ends_the_reservation_and_stands_in_the_history(tmp_path):
    refused = [refusal("not this")]
    bench = Bench(tmp_path, lambda request: refused.pop() if refused else faithful(request))
    with bench.server:
        tally = bench.run()
        (failed,) = tally.failed
        with bench.beside() as service:
            (entry,) = service.store.history.after(0, kinds={EventKind.DRAFT_FAILED})
        assert (entry.incident_id, entry.actor) == (failed, BATCH)
        assert bench.jobs(JobStatus.RUNNING, JobStatus.QUEUED) == []
        assert bench.worked()[0] == [failed]


def test_what_waits_in_a_batch_is_gone_from_a_workers_budget_until_it_is_answered(bench):
    def left() -> dict[str, Limit]:
        with bench.beside() as service:
            return {purse.window.value: purse for purse in service.worker.survey.purses()}

    seen: list[dict[str, Limit]] = []

    def meanwhile() -> None:
        with bench.workshop() as shop:
            (batch,) = shop.batches.under_way(bench.server.url)
            most = [question.most for question in shop.batches.waiting(batch.number)]
        seen.append(left())
        assert seen[0]["hour"].in_batches == sum(map(tokens_of, most)) > 2 * 8_000
        bench.clock.advance(3_600)
        seen.append(left())

    bench.run(meanwhile)
    hour, later = seen[0]["hour"], seen[1]
    assert (hour.spent, hour.reserved) == (0, 0)
    assert hour.left == hour.limit - hour.in_batches
    assert (later["hour"].in_batches, later["day"].in_batches) == (0, hour.in_batches)
    over = left()["day"]
    assert over.in_batches == 0 < over.spent < hour.in_batches


def limited(bench: Bench, tmp_path: Path, tokens: int) -> None:
    """Limit the tokens of an hour."""
    shipped = Path(__file__).parents[2] / "summarizer" / "jobs" / "autodrafting.toml"
    rules = tmp_path / "rules.toml"
    text = shipped.read_text().replace("_hour = 2_000_000", f"_hour = {tokens}")
    rules.write_text(text)
    bench.settings = bench.settings.model_copy(update={"autodrafting_rules": rules})


def most_of(bench: Bench) -> int:
    """What the dearer of the two first questions can take."""
    bench.run_killed()
    with bench.workshop() as shop:
        (batch,) = shop.batches.under_way(bench.server.url)
        asked = shop.batches.waiting(batch.number)
        batch_run.release(shop, batch.number)
        shop.batches.drop(batch.number)
    return max(tokens_of(question.most) for question in asked)


def test_a_batch_keeps_within_the_budget_and_says_what_waits(bench, tmp_path):
    most = most_of(bench)
    limited(bench, tmp_path, most + 100)
    tally = bench.run()
    assert sorted(tally.drafted) == [FERRY]  # its answer leaves less than the tram may take
    assert list(tally.held_back) == [TRAM]
    assert (
        "are left of" in tally.held_back[TRAM]
        and "more is from 13:01 UTC on" in (tally.held_back[TRAM])
    )
    assert bench.jobs(JobStatus.RUNNING) == []
    bench.clock.advance(3_600)
    tally = bench.run()
    assert (tally.drafted, tally.held_back) == ([TRAM], {})
    assert bench.drafts() == {FERRY: 1, TRAM: 1}


def test_what_has_no_room_beside_others_is_asked_once_they_took_less(bench, tmp_path):
    limited(bench, tmp_path, 2 * most_of(bench) - 5_000)
    sent = len(bench.server.batches.held)
    tally = bench.run()
    assert (sorted(tally.drafted), tally.held_back) == ([FERRY, TRAM], {})
    assert len(bench.server.batches.held) - sent == 2


def test_incidents_that_an_editor_names_go_into_a_batch_whatever_is_left(bench, tmp_path):
    limited(bench, tmp_path, 10)
    assert bench.run().drafted == []
    assert len(bench.server.batches.held) == 0
    tally = batch_run.BatchRun(bench.workshop, lambda s: None, lambda news: None, [TRAM]).run()
    assert tally.drafted == [TRAM]


def test_two_runs_at_once_do_not_take_the_same_room_twice(bench, tmp_path):
    limited(bench, tmp_path, most_of(bench) + 100)
    begun: list[BatchedRequest] = []

    @contextmanager
    def raced() -> Iterator[batch_run.BatchContext]:
        with bench.workshop() as shop:
            look = shop.survey.purses

            def purses() -> Any:
                found = look()
                if not begun:  # others are quicker
                    taken = Usage(calls=1, input_tokens=5_000)
                    fields = {"purpose": "draft", "model": "m", "request": "{}"}
                    begun.append(BatchedRequest(id="x", most=taken, incident_id=TRAM, **fields))
                    with bench.workshop() as other:
                        other.batches.begin("http://elsewhere", begun, bench.clock.now())
                return found

            shop.survey.purses = purses
            yield shop

    tally = batch_run.BatchRun(raced, lambda s: None, lambda news: None).run()
    assert (tally.drafted, sorted(tally.held_back)) == ([], [FERRY, TRAM])
    assert bench.jobs(JobStatus.RUNNING) == []


def test_a_plan_says_what_is_set_aside_for_batches(bench, monkeypatch):
    monkeypatch.setattr(clock, "SystemClock", lambda: bench.clock)
    said: list[str] = []

    def meanwhile() -> None:
        env = {"SUMMARIZER_DATA_DIR": str(bench.settings.data_dir)}
        env |= {"ANTHROPIC_BASE_URL": bench.server.url}
        said.append(CliRunner().invoke(app, ["worker", "--dry-run"], env=env).output)
        planned = CliRunner().invoke(app, ["worker", "--dry-run", "--json"], env=env).stdout
        said.append(planned)

    bench.run(meanwhile)
    assert "set aside: " in said[0] and "for message batches" in said[0]
    hour, _ = json.loads(said[1])["budget"]
    assert 0 < hour["in_batches"] == hour["limit"] - hour["left"]


def test_drafting_all_without_a_batch_leaves_what_is_in_one(bench, monkeypatch):
    monkeypatch.setattr(clock, "SystemClock", lambda: bench.clock)
    environment = {
        "SUMMARIZER_DATA_DIR": str(bench.settings.data_dir),
        "ANTHROPIC_BASE_URL": bench.server.url,
        "SUMMARIZER_PLAN": "single",
    }
    said: list[str] = []

    def meanwhile() -> None:
        with bench.beside() as service:
            (job,) = [j for j in bench.jobs(JobStatus.RUNNING) if j.incident_id == TRAM]
            service.jobs.cancel(job.id)
        done = CliRunner().invoke(app, ["draft", "--all"], env=environment)
        assert done.exit_code == 0, done.output
        said.append(done.output)

    assert bench.run(meanwhile).drafted == [FERRY]
    assert said[0].count("left to whoever drafts it") == 1
    assert bench.drafts() == {FERRY: 1, TRAM: 1}
    assert [job.asked_by for job in bench.jobs(JobStatus.DONE)] == [BATCH, SYSTEM_ACTOR]


@pytest.mark.parametrize("words", [["draft", "--all"], ["worker", "--once"]])
def test_every_command_that_makes_drafts_renews_its_leases_meanwhile(tmp_path, monkeypatch, words):
    threads = set[str]()

    def answer(request: Recorded) -> Reply:
        threads.update(thread.name for thread in threading.enumerate())
        return faithful(request)

    bench = Bench(tmp_path, answer)
    monkeypatch.setattr(clock, "SystemClock", lambda: bench.clock)
    environment = {
        "SUMMARIZER_DATA_DIR": str(bench.settings.data_dir),
        "ANTHROPIC_BASE_URL": bench.server.url,
        "SUMMARIZER_PLAN": "single",
    }
    with bench.server:
        done = CliRunner().invoke(app, words, env=environment)
    assert done.exit_code == 0, done.output
    assert "leases" in threads
    assert bench.drafts() == {FERRY: 1, TRAM: 1}


def test_one_draft_that_fails_does_not_stop_the_others_but_a_server_that_fails_does(tmp_path):
    replies = [error(401), refusal("not this")]
    bench = Bench(tmp_path, lambda request: replies.pop(0) if replies else faithful(request))
    environment = {
        "SUMMARIZER_DATA_DIR": str(bench.settings.data_dir),
        "ANTHROPIC_BASE_URL": bench.server.url,
        "SUMMARIZER_PLAN": "single",
        "SUMMARIZER_MAX_ATTEMPTS": "1",
    }
    with bench.server:
        stopped = CliRunner().invoke(app, ["draft", "--all"], env=environment)
        assert isinstance(stopped.exception, ModelError)
        assert bench.drafts() == {FERRY: 0, TRAM: 0}
        done = CliRunner().invoke(app, ["draft", "--all"], env=environment)
    assert done.exit_code == 1
    assert "not drafted: " in done.output and "not this" in done.output
    assert bench.drafts() == {FERRY: 0, TRAM: 1}


@pytest.mark.slow
def test_what_a_killed_process_has_in_a_batch_is_left_alone_until_the_next_collects_it(tmp_path):
    bench = Bench(tmp_path, faithful, looks=1_000)
    with bench.server:
        environment = {
            "SUMMARIZER_DATA_DIR": str(bench.settings.data_dir),
            "ANTHROPIC_BASE_URL": bench.server.url,
        }
        command = [sys.executable, "-m", "summarizer"]
        with subprocess.Popen(
            [*command, "draft", "--all", "--batch"], env=dict(os.environ) | environment
        ) as killed:
            while not bench.server.batches.held:
                assert killed.poll() is None
            killed.kill()
        planned = CliRunner().invoke(app, ["worker", "--dry-run", "--json"], env=environment)
        found = json.loads(planned.stdout)["decisions"]
        assert {decision["reason"] for decision in found} == {"in_batch"}
        bench.server.batches.held[0].looks = 0
        done = CliRunner().invoke(app, ["draft", "--all", "--batch"], env=environment)
        assert done.exit_code == 0, done.output
        assert bench.drafts() == {FERRY: 1, TRAM: 1}
        assert len(bench.server.batches.custom_ids) == 2
