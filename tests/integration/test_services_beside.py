"""Two services on one PostgreSQL: a client of one hears what happens in the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from evals.mock_server import MessagesServer, Recorded, Reply, any_answer
from tests.support.app import ITEM
from tests.support.services import LONG, services, stream

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]


@pytest.fixture
def held() -> threading.Event:
    """What answers of the model wait for."""
    return threading.Event()


@pytest.fixture
def two(
    tmp_path: Path, postgres_url: str, chroma_url: str, held: threading.Event
) -> Iterator[list[httpx.Client]]:
    def answer(request: Recorded) -> Reply:
        return replace(any_answer(request), before=lambda: held.wait(LONG))

    with ExitStack() as stack:
        model = stack.enter_context(MessagesServer(answer))
        stack.callback(held.set)
        yield stack.enter_context(
            services(
                tmp_path,
                2,
                DATA_DIR=str(tmp_path / "data"),
                DATABASE_URL=postgres_url,
                CHROMA_URL=chroma_url,
                JUDGE="off",
                ANTHROPIC_BASE_URL=model.url,
            )
        )


def asked(client: httpx.Client) -> str:
    """Id of a draft that waits for its model."""
    answer = client.post("/v1/drafts", json=[ITEM])
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def test_a_step_in_one_process_wakes_the_stream_of_another(two: list[httpx.Client]) -> None:
    here, there = two
    job = asked(there)
    with stream(here, job) as stages:
        while next(stages) != "retrieved":
            pass
        there.delete(f"/v1/drafts/{job}").raise_for_status()
        # Without a wake it would be seen after the next sign of life.
        assert list(stages) == ["cancelled"]
