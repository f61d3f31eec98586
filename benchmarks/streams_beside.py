"""Time from a step in one service to its arrival at a client of another, on PostgreSQL.

    python -m benchmarks.streams_beside --steps 50

Two ``summarizer serve`` with a slow model.  A draft is asked for and cancelled at one of them.  The
time is measured from the request to cancel, which writes the step, to its arrival in a stream of
the other.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx

from evals.mock_server import MessagesServer, Recorded, Reply, any_answer
from tests.support.app import ITEM
from tests.support.chroma import chroma_server
from tests.support.postgresql import postgres_server
from tests.support.services import services, stream


def measured(here: httpx.Client, there: httpx.Client) -> float:
    """Milliseconds until a step made there has come here."""
    job = there.post("/v1/drafts", json=[ITEM]).json()["id"]
    with stream(here, job) as stages:
        while next(stages) != "retrieved":
            pass
        began = time.perf_counter()
        there.delete(f"/v1/drafts/{job}")
        while next(stages) != "cancelled":
            pass
    return (time.perf_counter() - began) * 1_000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=50)
    arguments = parser.parse_args()
    go = threading.Event()

    def answer(request: Recorded) -> Reply:
        return replace(any_answer(request), before=lambda: go.wait(2))

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(stack.enter_context(postgres_server()).database("empty"))
        model = stack.enter_context(MessagesServer(answer))
        stack.callback(go.set)
        settings = {
            "DATA_DIR": str(folder / "data"), "DATABASE_URL": url, "JUDGE": "off",
            "CHROMA_URL": stack.enter_context(chroma_server(folder / "chroma")),
            "ANTHROPIC_BASE_URL": model.url,
        }  # fmt: skip
        here, there = stack.enter_context(services(folder, 2, **settings))
        took = sorted(measured(here, there) for _ in range(arguments.steps))
    most = took[len(took) * 95 // 100]
    print(
        f"{len(took)} steps: median {statistics.median(took):.0f} ms, nineteen in twenty within "
        f"{most:.0f} ms, longest {took[-1]:.0f} ms, load {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    main()
