"""``draft --all`` and ``worker --once``: leases, and drafts that fail."""

from __future__ import annotations

import threading

import pytest

from evals.mock_server import Recorded, Reply, error, refusal
from summarizer.errors import ModelError
from tests.support.bench import Bench, faithful


@pytest.mark.parametrize("words", [["draft", "--all"], ["worker", "--once"]])
def test_every_command_that_makes_drafts_renews_its_leases_meanwhile(due_data, words):
    threads = set[str]()

    def answer(request: Recorded) -> Reply:
        threads.update(thread.name for thread in threading.enumerate())
        return faithful(request)

    with Bench(due_data, answer) as bench:
        done = bench.command(*words)
    assert done.exit_code == 0, done.output
    assert "queue" in threads
    assert bench.drafts() == [1, 1, 1]


def test_one_draft_that_fails_does_not_stop_the_others_but_a_server_that_fails_does(due_data):
    replies = [error(401), refusal("not this")]
    with Bench(due_data, lambda r: replies.pop(0) if replies else faithful(r)) as bench:
        stopped = bench.command("draft", "--all")
        assert isinstance(stopped.exception, ModelError)
        assert bench.drafts() == [0, 0, 0]
        done = bench.command("draft", "--all")
    assert done.exit_code == 1
    assert "not drafted: " in done.output and "not this" in done.output
    assert bench.drafts() == [0, 1, 1]
