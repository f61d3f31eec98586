"""Budgets of auto-drafting, with a model on loopback that counts tokens as a server does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from evals.mock_server import Recorded, Reply, any_answer, message
from summarizer.app import App
from summarizer.domain.events import EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.jobs import JobStatus
from summarizer.jobs.planner import WORKER, Reason
from tests.support.app import Script, a_modelled_app, an_app, autodrafting_rules, take_in
from tests.support.builders import NOON
from tests.support.clock import ManualClock

STORIES = 12
LONG = 60_000
FIRST = IncidentId("INC-000001")
LOUD = {"published_at": NOON.isoformat(), "engagement": {"likes": 50_000}}


def story(n: int) -> list[dict[str, Any]]:
    texts = {
        "x": f"Line {n} of Halden cancelled {n + 3} crossings on Monday.",
        "news": f"The crew of line {n} went on strike, a spokesperson of Halden said.",
    }
    return [
        {"text": text, "incident": f"story {n}", "platform": platform, "outlet": platform} | LOUD
        for platform, text in texts.items()
    ]


@contextmanager
def working(
    folder: Path, clock: ManualClock, stories: int, script: Script = any_answer, **budget: float
) -> Iterator[App]:
    """A worker with stories that are due."""
    folder.mkdir(exist_ok=True)
    chosen: dict[str, Any] = {"concurrent_drafts": 1, "plan": "single"}
    if budget:
        chosen["autodrafting_rules"] = autodrafting_rules(folder, **budget)
    with a_modelled_app(script, folder, clock, **chosen) as (service, _):
        take_in(service, *(row for n in range(stories) for row in story(n)))
        clock.advance(60)
        yield service


def drafted(service: App) -> list[IncidentId | None]:
    entries = service.store.history.after(0, kinds={EventKind.DRAFTED})
    return [entry.incident_id for entry in entries]


def spent(service: App) -> int:
    """Tokens of all calls."""
    return sum(call.usage.tokens for call in service.store.calls.made())


@pytest.fixture(scope="module")
def one_draft(tmp_path_factory: pytest.TempPathFactory) -> int:
    """Tokens of one draft."""
    with working(tmp_path_factory.mktemp("one"), ManualClock(), 1) as service:
        service.worker.once()
        return spent(service)


@pytest.mark.slow
def test_a_budget_of_nine_drafts_makes_nine(tmp_path, clock, one_draft):
    with working(tmp_path, clock, STORIES, tokens_per_hour=9 * one_draft + 200) as service:
        service.worker.once()
        assert len(drafted(service)) == 9
        assert spent(service) <= 9 * one_draft + 200
        hour, _ = service.worker.survey.purses()
        assert (hour.reserved, hour.spent) == (0, spent(service))


def test_a_run_goes_on_with_what_a_draft_did_not_use(tmp_path, clock, one_draft):
    limit = 5 * one_draft // 2
    with working(tmp_path, clock, 3, tokens_per_hour=limit) as service:
        assert 2 * service.worker.survey.reserve(FIRST).tokens > limit  # of two, one has to wait
        assert len(service.worker.once().jobs) == 2


def test_an_exhausted_budget_is_told_once_when_nothing_is_under_way(tmp_path, clock, one_draft):
    with working(tmp_path, clock, 3, tokens_per_hour=5 * one_draft // 2) as service:
        for _ in range(2):
            service.worker.once()
        (told,) = service.store.history.after(0, kinds={EventKind.BUDGET_EXHAUSTED})
        assert (told.incident_id, told.actor) == (None, WORKER)
        assert told.number > service.store.history.after(0, kinds={EventKind.DRAFTED})[-1].number
        waits = [d for d in service.worker.survey.plan() if d.reason is Reason.BUDGET]
        assert [d.incident_id for d in waits] == [told.detail["waits"]]
        clock.advance(3_600)
        assert len(service.worker.once().jobs) == 1


def unfit(request: Recorded) -> Reply:
    return message("This is no JSON.")


def test_a_draft_that_failed_counts_with_what_its_calls_used(tmp_path, clock):
    with working(tmp_path, clock, 1, unfit) as service:
        (job,) = service.worker.once().jobs
        assert job.status is JobStatus.FAILED
        assert len(service.store.calls.made()) == 2  # the answer, and its correction
        hour, _ = service.worker.survey.purses()
        assert (hour.reserved, hour.spent) == (0, spent(service))
        assert spent(service) > 0


def long_winded(request: Recorded) -> Reply:
    """An answer that took the model many more tokens than it has."""
    usage = {"input_tokens": 0, "output_tokens": LONG}
    reply = any_answer(request)
    assert not isinstance(reply.body, bytes)
    return Reply(body={**reply.body, "usage": usage})


@pytest.mark.slow
def test_drafts_that_wait_do_not_begin_after_one_that_used_more_than_was_set_aside(
    tmp_path, clock, one_draft
):
    limit = 10 * one_draft
    with working(tmp_path, clock, 4, long_winded, tokens_per_hour=limit) as service:
        reserve = service.worker.survey.reserve(FIRST).tokens
        assert 4 * reserve < limit  # all four are planned at once
        service.worker.once()
        assert limit - reserve < spent(service) <= limit + (2 * LONG - reserve)
        cancelled = service.store.jobs.with_status(JobStatus.CANCELLED)
        assert cancelled and len(drafted(service)) + len(cancelled) == 4


@pytest.mark.slow
def test_two_workers_at_once_keep_within_one_budget(tmp_path, clock, one_draft):
    limit = 9 * one_draft + 200
    with working(tmp_path, clock, STORIES, tokens_per_hour=limit) as service:
        with an_app(tmp_path, clock, owns_index=False, **service.settings.model_dump()) as beside:
            beside_it = threading.Thread(target=beside.worker.once)
            beside_it.start()
            service.worker.once()
            beside_it.join()
        service.worker.once()
        assert len(set(drafted(service))) == len(drafted(service)) == 9
        assert spent(service) <= limit
