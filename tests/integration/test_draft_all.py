"""``draft --all`` and ``worker --once``: leases, and drafts that fail."""

from __future__ import annotations

import threading

import pytest
from typer.testing import CliRunner

from evals.mock_server import Recorded, Reply, error, refusal
from summarizer.adapters import clock
from summarizer.cli.app import app
from summarizer.errors import ModelError
from tests.support.bench import Bench, faithful


@pytest.mark.parametrize("words", [["draft", "--all"], ["worker", "--once"]])
def test_every_command_that_makes_drafts_renews_its_leases_meanwhile(tmp_path, monkeypatch, words):
    threads = set[str]()

    def answer(request: Recorded) -> Reply:
        threads.update(thread.name for thread in threading.enumerate())
        return faithful(request)

    bench = Bench(tmp_path, answer)
    monkeypatch.setattr(clock, "SystemClock", lambda: bench.clock)
    with bench.server:
        done = CliRunner().invoke(app, words, env=bench.env)
    assert done.exit_code == 0, done.output
    assert "leases" in threads
    assert bench.drafts() == [1, 1, 1]


def test_one_draft_that_fails_does_not_stop_the_others_but_a_server_that_fails_does(tmp_path):
    replies = [error(401), refusal("not this")]
    bench = Bench(tmp_path, lambda request: replies.pop(0) if replies else faithful(request))
    with bench.server:
        stopped = CliRunner().invoke(app, ["draft", "--all"], env=bench.env)
        assert isinstance(stopped.exception, ModelError)
        assert bench.drafts() == [0, 0, 0]
        done = CliRunner().invoke(app, ["draft", "--all"], env=bench.env)
    assert done.exit_code == 1
    assert "not drafted: " in done.output and "not this" in done.output
    assert bench.drafts() == [0, 1, 1]
