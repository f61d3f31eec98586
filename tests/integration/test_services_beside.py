"""Two services on one PostgreSQL: a client of one hears what happens in the other, and what they do
by themselves is done once."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from evals.mock_server import MessagesServer, Recorded, Reply, any_answer
from tests.integration.test_polling_beside import FEED
from tests.support.app import ITEM, autodrafting_rules
from tests.support.receiver import Receiver
from tests.support.services import LONG, services, stream
from tests.support.site import a_site

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


def test_what_two_services_do_by_themselves_is_done_once(
    tmp_path: Path, postgres_url: str, chroma_url: str, receiver: Receiver
) -> None:
    at_once = {"quiet_s": 0, "least_items": 1, "least_origins": 1, "least_noise": 0}
    with a_site(feed=FEED) as site:
        (tmp_path / "feeds.toml").write_text(f"[[feed]]\nurl = '{site.url('/feed')}'\n")
        settings = {
            "DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": postgres_url,
            "CHROMA_URL": chroma_url, "DRAFTER": "extractive", "AUTODRAFTING": "on",
            "AUTODRAFTING_RULES": str(autodrafting_rules(tmp_path, **at_once)),
            "FEEDS_FILE": str(tmp_path / "feeds.toml"), "FETCH_PAUSE_S": "0",
            "ALLOWED_HOSTS": f"{site.host},{receiver.host}",
        }  # fmt: skip
        with services(tmp_path, 2, **settings) as (here, there):
            asked = {"url": receiver.url, "kinds": ["drafted"], "after": 0}
            here.post("/v1/webhooks", json=asked).raise_for_status()
            until = time.monotonic() + LONG
            while not receiver.requests:
                assert time.monotonic() < until
                time.sleep(0.1)
            entries = there.get("/v1/entries", params={"kind": "drafted"}).json()["entries"]
        assert site.asked.count("/feed") == 1
    assert set(Counter(entry["incident"] for entry in entries).values()) == {1}
    told = [json.loads(request.body)["data"]["entry"] for request in receiver.requests]
    assert len(told) == len(set(told)) >= 1
