"""Drafts through message batches, with the real SDK over real HTTP: rounds, kills, workers."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from evals.mock_server import (
    Recorded,
    Reply,
    asked_labels,
    cut_off_by_limit,
    error,
    expired,
    passages,
    refusal,
    says,
)
from summarizer import errors, settings
from summarizer.app import open_app, open_batch_context
from summarizer.domain.batches import LONGEST
from summarizer.domain.events import SYSTEM_ACTOR, EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.jobs import JobStatus
from summarizer.jobs import batch_run
from summarizer.jobs.batch_run import BATCH, LEASE
from summarizer.jobs.budget import Limit
from summarizer.jobs.planner import WORKER, Decision, Reason
from tests.support.app import autodrafting_rules
from tests.support.bench import FERRY, JAM, MORE, STORIES, TRAM, Bench, about, faithful
from tests.support.builders import NOON, a_job
from tests.support.cli import run, started

ALL = [FERRY, JAM, TRAM]


@pytest.fixture
def bench(due_data: Path) -> Iterator[Bench]:
    with Bench(due_data, looks=1) as bench:
        yield bench


class Killed(BaseException):
    """As good as SIGKILL: nothing catches it."""


def dead(*_: object) -> None:
    raise Killed


def run_killed(bench: Bench, patch: Callable[[batch_run.BatchContext], None]) -> None:
    """A run that a patch of its parts kills, with no time to release its batches."""

    @contextmanager
    def opened() -> Iterator[batch_run.BatchContext]:
        with bench.workshop() as shop:
            shop.store.batches.release = dead  # type: ignore[method-assign]
            patch(shop)
            yield shop

    with pytest.raises(Killed):
        bench.run(dead, opened)


def unpatched(shop: batch_run.BatchContext) -> None:
    """Leaves a run to be killed while it waits for its first batch."""


# --- Rounds ------------------------------------------------------------------------------------

FAILED = {
    "errored": (error(500, "It broke."), errors.OverloadedError),
    "expired": (expired(), errors.BatchExpiredError),
    "unfit": (says({"no section": []}), errors.SchemaError),
}
FINAL = {
    "rejected": (error(400, "No such model."), errors.ModelRequestError),
    "refused": (refusal("not this"), errors.RefusalError),
    "cut off": (cut_off_by_limit('{"sections"'), errors.CutOffError),
    "canceled": (Reply(body={"type": "canceled"}), errors.BatchCanceledError),
}


def test_all_incidents_are_drafted_in_one_batch_as_ordinary_drafting_would(bench):
    report = bench.run()
    with bench.workshop() as shop:
        drafts = [shop.store.newest_draft(id_) for id_ in ALL]
    (sent,) = [r.body for r in bench.server.requests if r.path.endswith("/batches")]
    params = sent["requests"][0]["params"]

    assert sorted(report.drafted) == ALL and not report.failed
    assert report.batched.calls == 3 and bench.spent() == {True: 3}
    assert [draft.drafter for draft in drafts] == ["anthropic"] * 3
    assert all(draft.section("title").shown for draft in drafts)
    assert bench.outcomes() == [{"succeeded": 3}]
    assert params["system"][-1]["cache_control"] == {"type": "ephemeral"}
    assert "format" not in params["output_config"]
    with open_app(bench.settings) as service:
        assert service.pipeline.draft(FERRY).usage.cached_calls == 1


@pytest.mark.parametrize(("reply", "kind"), FAILED.values(), ids=FAILED)
def test_a_request_that_the_server_fails_goes_into_the_next_batch(due_data, reply, kind):
    with Bench(due_data, about("Marrow", reply)) as bench:
        report = bench.run()

    assert sorted(report.drafted) == ALL and not report.failed
    assert [sum(batch.values()) for batch in bench.outcomes()] == [3, 1]
    assert bench.spent() == {True: 4} and bench.drafts() == [1, 1, 1]


@pytest.mark.parametrize(("reply", "kind"), FAILED.values(), ids=FAILED)
def test_a_request_that_fails_twice_is_reported(due_data, reply, kind):
    with Bench(due_data, about("Marrow", reply, reply)) as bench:
        report = bench.run()
        assert isinstance(report.failed[JAM], kind)
        assert bench.drafts() == [1, 0, 1]
        assert bench.run().drafted == [JAM]


@pytest.mark.parametrize(("reply", "kind"), FINAL.values(), ids=FINAL)
def test_what_would_come_to_the_same_again_is_reported_at_once(due_data, reply, kind):
    with Bench(due_data, about("Marrow", reply)) as bench:
        report = bench.run()
        assert list(report.failed) == [JAM] and isinstance(report.failed[JAM], kind)
        assert len(bench.server.batches.custom_ids) == 3
        with bench.beside() as service:
            (entry,) = service.store.history.after(0, kinds={EventKind.DRAFT_FAILED})
        assert (entry.incident_id, entry.actor) == (JAM, BATCH)
        assert bench.worked()[0] == [JAM]


def wrong_title(request: Recorded, repair: Callable[[Recorded], Reply]) -> Reply:
    """A wrong number of the ferry, and an answer to its repair."""
    if "Halden" not in " ".join(passages(request).values()):
        return faithful(request)
    if asked_labels(request):
        return repair(request)
    wrong = {"text": "Halden Line cancelled 41 crossings.", "cites": ["a1.1"]}
    return says({"title": [wrong]})


def test_repairs_go_out_in_a_second_batch_and_are_verified_as_any(due_data):
    with Bench(due_data, lambda request: wrong_title(request, faithful)) as bench:
        report = bench.run()
        with bench.workshop() as shop:
            (claim,) = shop.store.newest_draft(FERRY).section("title").shown

    assert sorted(report.drafted) == ALL and bench.spent() == {True: 4}
    assert claim.claim.text == STORIES["ferry"][0] and claim.repaired_from is not None
    assert bench.outcomes() == [{"succeeded": 3}, {"succeeded": 1}]


def test_a_repair_that_the_model_refuses_withholds_its_sentence_and_nothing_else(due_data):
    with Bench(due_data, lambda r: wrong_title(r, lambda _: refusal("not this"))) as bench:
        report = bench.run()
        with bench.workshop() as shop:
            title = shop.store.newest_draft(FERRY).section("title")

    assert sorted(report.drafted) == ALL and bench.spent() == {True: 4}
    assert not title.shown and len(title.withheld) == 1


def test_only_the_incidents_named_are_drafted_and_only_if_something_is_new(bench):
    bench.run(only={JAM})
    bench.run(only={JAM})
    assert bench.drafts() == [0, 1, 0]
    assert len(bench.server.batches.custom_ids) == 1


def test_a_batch_that_is_full_is_sent_before_the_rest_is_asked(bench, monkeypatch):
    monkeypatch.setattr(batch_run, "MOST_REQUESTS", 2)
    assert sorted(bench.run().drafted) == ALL
    assert [sum(batch.values()) for batch in bench.outcomes()] == [2, 1]


def test_evidence_that_grew_during_a_batch_is_asked_for_in_the_next(bench):
    bench.run(lambda: bench.add([MORE]))
    assert bench.drafts() == [1, 1, 1]
    assert [sum(batch.values()) for batch in bench.outcomes()] == [3, 1]


# --- Killed and taken up -----------------------------------------------------------------------


def before_the_id_is_stored(shop: batch_run.BatchContext) -> None:
    shop.store.batches.sent = dead  # type: ignore[method-assign]


def while_answers_are_stored(shop: batch_run.BatchContext) -> None:
    record, stored = shop.store.calls.record, list[object]()

    def second_dies(call: Any) -> None:
        stored.append(call)
        if len(stored) == 2:
            raise Killed
        record(call)

    shop.store.calls.record = second_dies  # type: ignore[method-assign]


def before_drafts_are_stored(shop: batch_run.BatchContext) -> None:
    if shop.store.batches.newest():
        shop.pipeline.draft = dead  # type: ignore[method-assign, assignment]


@pytest.mark.parametrize("looks", [0, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "patch",
    [unpatched, before_the_id_is_stored, while_answers_are_stored, before_drafts_are_stored],
)
def test_a_run_that_was_killed_is_taken_up_and_nothing_is_paid_twice(due_data, patch, looks):
    with Bench(due_data, looks=looks) as bench:
        run_killed(bench, patch)
        with pytest.raises(errors.ConflictError, match="run this again after 12:"):
            bench.run()  # as far as one can know it works still
        assert bench.worked()[0] == []
        bench.clock.advance(LEASE.total_seconds())
        bench.run()

    assert bench.drafts() == [1, 1, 1] and bench.spent() == {True: 3}
    assert len(bench.server.batches.held) == 1


def test_a_run_that_was_killed_before_it_sent_its_batch_holds_nothing_for_long(bench):
    def unsent(shop: batch_run.BatchContext) -> None:
        shop.store.batches.sending = dead  # type: ignore[method-assign]

    run_killed(bench, unsent)
    bench.clock.advance(LEASE.total_seconds())
    assert bench.worked()[0] == ALL
    assert bench.run().drafted == [] and not bench.server.batches.held


def test_a_batch_that_never_arrived_is_sent_anew_once_it_cannot_arrive_any_more(bench):
    def lost(shop: batch_run.BatchContext) -> None:
        shop.server.submit = dead  # type: ignore[method-assign]

    run_killed(bench, lost)
    bench.clock.advance(LEASE.total_seconds())
    began = bench.clock.now()
    assert sorted(bench.run().drafted) == ALL
    assert any("never arrived" in words for words in bench.told)
    assert bench.clock.now() - began > dt.timedelta(seconds=bench.settings.timeout_s) - LEASE


def test_results_that_break_off_are_fetched_again_by_the_next_run(bench, monkeypatch):
    reply = bench.server.batches.reply

    def broken(request: Recorded, url: str) -> Reply:
        made = reply(request, url)
        return Reply(body=made.body, sent=0.5) if request.path.endswith("/results") else made

    with monkeypatch.context() as patch:
        patch.setattr(bench.server.batches, "reply", broken)
        with pytest.raises(errors.ConnectionFailedError):
            bench.run()
    bench.run()
    assert bench.drafts() == [1, 1, 1] and len(bench.server.batches.held) == 1


def test_a_batch_that_the_server_refuses_is_forgotten(bench, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(bench.server.batches, "reply", lambda request, url: error(400, "Too large."))
        with pytest.raises(errors.ModelRequestError, match="Too large"):
            bench.run()
    assert bench.worked()[0] == ALL


def test_one_run_works_at_a_time(bench):
    refused: list[BaseException] = []

    def second() -> None:
        with pytest.raises(errors.ConflictError) as caught:
            bench.run()
        refused.append(caught.value)

    assert sorted(bench.run(second).drafted) == ALL
    assert len(refused) == 1 and len(bench.server.batches.held) == 1


@pytest.mark.slow
def test_what_a_killed_process_has_in_a_batch_is_held_until_the_next_collects_it(due_data):
    with Bench(due_data, looks=1_000) as bench:
        with started("draft", "--all", "--batch", env=bench.env) as killed:
            while not bench.server.batches.held:
                assert killed.poll() is None
            killed.kill()
        planned = run("worker", "--dry-run", "--json", **bench.env)
        found = json.loads(planned.stdout)["decisions"]
        assert {decision["reason"] for decision in found} == {"in_batch"}
        bench.server.batches.held[0].looks = 0
        bench.clock.at = dt.datetime.now(dt.UTC) + LEASE
        done = bench.command("draft", "--all", "--batch")
        assert done.exit_code == 0, done.output
        assert bench.drafts() == [1, 1, 1] and len(bench.server.batches.custom_ids) == 3


# --- Beside workers and editors ----------------------------------------------------------------


def test_a_worker_leaves_alone_what_is_in_a_batch_and_says_why(bench):
    seen: list[tuple[list[IncidentId], dict[IncidentId, Decision]]] = []
    report = bench.run(lambda: seen.append(bench.worked()))
    ((made, decisions),) = seen
    assert made == []
    assert {d.reason for d in decisions.values()} == {Reason.IN_BATCH}
    assert decisions[FERRY].until == NOON + dt.timedelta(seconds=60) + LONGEST
    assert "in a message batch" in decisions[FERRY].words
    assert sorted(report.drafted) == ALL
    assert bench.worked()[1][FERRY].reason is Reason.NOTHING_NEW
    assert bench.drafts() == [1, 1, 1]


def test_a_draft_that_an_editor_asks_for_does_not_wait_for_the_batch(bench):
    def ask() -> None:
        with bench.beside() as service:
            hash_ = service.pipeline.evidence_hash(FERRY)
            service.store.jobs.save(a_job(FERRY, evidence_hash=hash_))
            service.jobs.resume()
            service.jobs.drain()

    assert bench.run(ask).drafted == [JAM, TRAM]
    assert bench.drafts() == [1, 1, 1] and bench.spent() == {True: 3, False: 1}


@pytest.mark.parametrize("status", [JobStatus.QUEUED, JobStatus.RUNNING])
@pytest.mark.parametrize("asked_by", [WORKER, "Kim"])
def test_what_others_draft_is_put_into_no_batch(bench, status, asked_by):
    with bench.beside() as service:
        service.store.jobs.save(a_job(FERRY, status=status, asked_by=asked_by))
    assert bench.run().drafted == [JAM, TRAM]
    assert len(bench.server.batches.custom_ids) == 2
    assert f"{FERRY}: skipped: another draft of it is under way" in bench.told


@pytest.mark.slow
def test_a_batch_that_nobody_collects_gives_its_incidents_back(bench):
    run_killed(bench, unpatched)
    bench.clock.advance(LONGEST.total_seconds() - 1)
    assert bench.worked()[0] == []
    bench.clock.advance(1)
    assert bench.worked()[0] == ALL
    assert bench.run().drafted == []
    assert bench.drafts() == [1, 1, 1]


def test_a_batch_that_is_called_off_leaves_its_incidents_to_workers(bench):
    run_killed(bench, unpatched)
    done = bench.command("batches", "--cancel", 1)
    assert done.exit_code == 0, done.output
    assert bench.server.batches.held[0].canceled
    assert bench.worked()[0] == ALL
    bench.clock.advance(LEASE.total_seconds())
    assert bench.run().drafted == []
    assert bench.drafts() == [1, 1, 1] and bench.outcomes() == [{"canceled": 3}]


def test_drafting_all_without_a_batch_leaves_what_is_in_one(bench):
    said: list[str] = []

    def meanwhile() -> None:
        bench.add([{"text": "A library was closed in Averland.", "incident": "library"}])
        done = bench.command("draft", "--all")
        assert done.exit_code == 0, done.output
        said.append(done.output)

    assert sorted(bench.run(meanwhile).drafted) == ALL
    assert said[0].count("another draft of it is under way") == 3
    with bench.beside() as service:
        (job,) = service.store.jobs.with_status(JobStatus.DONE)
    assert (job.asked_by, job.incident_id) == (SYSTEM_ACTOR, "INC-000004")


# --- Budget ------------------------------------------------------------------------------------


def test_what_waits_in_a_batch_is_gone_from_a_workers_budget_until_it_is_answered(bench):
    def left() -> dict[str, Limit]:
        with bench.beside() as service:
            return {purse.window.value: purse for purse in service.worker.survey.purses()}

    seen: list[dict[str, Limit]] = []

    def meanwhile() -> None:
        seen.append(left())
        with bench.workshop() as shop:
            most = [request.reserve.tokens for request in shop.store.batches.waiting(1)]
        assert seen[0]["hour"].in_batches == sum(most) > 3 * 8_000
        bench.clock.advance(3_600)
        seen.append(left())

    bench.run(meanwhile)
    hour, later = seen[0]["hour"], seen[1]
    assert (hour.spent, hour.reserved) == (0, 0)
    assert hour.left == hour.limit - hour.in_batches
    assert (later["hour"].in_batches, later["day"].in_batches) == (0, hour.in_batches)
    over = left()["day"]
    assert over.in_batches == 0 < over.spent < hour.in_batches


def limited(bench: Bench, tmp_path: Path, requests: int, less: int) -> None:
    """Limit the tokens of an hour to the most that so many first requests take, and some less."""
    run_killed(bench, unpatched)
    with bench.workshop() as shop:
        most = max(request.reserve.tokens for request in shop.store.batches.waiting(1))
        shop.store.batches.drop(1)
    rules = autodrafting_rules(tmp_path, tokens_per_hour=requests * most - less)
    bench.settings = bench.settings.model_copy(update={"autodrafting_rules": rules})


def test_a_batch_keeps_within_the_budget_and_says_what_waits(bench, tmp_path):
    limited(bench, tmp_path, requests=1, less=-100)
    report = bench.run()
    assert len(report.drafted) == 1  # its answer leaves less than another may take
    first, second = report.held_back.items()
    assert sorted([*report.drafted, first[0], second[0]]) == ALL
    assert "are left of" in first[1] and "more is from 13:01 UTC on" in first[1]
    assert second[1] == "a louder incident waits for the budget"
    bench.clock.advance(3_600)
    assert bench.run().drafted == [first[0]]


def test_what_has_no_room_beside_others_is_asked_once_they_took_less(bench, tmp_path):
    limited(bench, tmp_path, requests=3, less=1_000)
    report = bench.run()
    assert (sorted(report.drafted), report.held_back) == (ALL, {})
    assert [sum(batch.values()) for batch in bench.outcomes()] == [2, 1]


def test_incidents_that_an_editor_names_go_into_a_batch_whatever_is_left(bench, tmp_path):
    limited(bench, tmp_path, requests=0, less=-10)
    sent = len(bench.server.batches.held)
    assert bench.run().drafted == []
    assert len(bench.server.batches.held) == sent
    assert bench.run(only=[TRAM]).drafted == [TRAM]


# --- Commands ----------------------------------------------------------------------------------


def test_a_plan_says_what_is_set_aside_for_batches(bench):
    said: list[Result] = []

    def meanwhile() -> None:
        for words in (["worker", "--dry-run"], ["worker", "--dry-run", "--json"]):
            said.append(bench.command(*words))

    bench.run(meanwhile)
    hour, _ = json.loads(said[1].stdout)["budget"]
    assert "set aside: " in said[0].output and "for message batches" in said[0].output
    assert 0 < hour["in_batches"] == hour["limit"] - hour["left"]


def test_a_batch_without_a_model_says_what_to_set(tmp_path):
    with (
        pytest.raises(errors.SettingsError, match="ANTHROPIC_API_KEY"),
        open_batch_context(settings.load(data_dir=tmp_path)),
    ):
        pass
    found = run("draft", "--all", "--batch", SUMMARIZER_DATA_DIR="x")
    assert isinstance(found.exception, errors.SettingsError)


def test_the_commands_draft_in_a_batch_and_list_it(due_data):
    with Bench(due_data) as bench:
        drafted = bench.command("draft", "--batch", FERRY, JAM).output
        listed = bench.command("batches").output
    assert "2 drafted, 0 not drafted." in drafted and "at 50% of the price" in drafted
    assert "2 succeeded" in listed and "msgbatch_1" in listed
