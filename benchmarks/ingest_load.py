"""Load test of ingest while the list is read, by size: what a pipeline and an editor wait for.

    python -m benchmarks.ingest_load [--readers 4] [--idle 60] [--copies .8] 1000 10000

For each size a `serve` process begins on a fresh directory. Generated items (those of growth.py)
are sent 100 a request, one request after the other, while readers open the list with pauses. Then
nothing is asked, and the CPU time of a paused `worker` and of the service is counted. At last
another 200 items are sent and the service is killed at once; the next one is asked from its start
on. With `--copies` a share of the items are cut copies of the first of their hundred, published in
any order. Index and embedding model are the real ones. The clients share the processors with the
service.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks.desk_load import ROOT, grouped, memory, served, share
from benchmarks.growth import YEAR, row
from benchmarks.reads import cpu_s

BATCH = 100
LEFT = 200
"""Items that are sent just before the service is killed."""

LISTS = ("/v1/incidents?limit=50", "/v1/incidents?limit=50&sort=noise", "/")
STORY = 100
"""Items of which some are copies of the first."""

FIRST_LOOK_S = 10
"""Seconds that a worker has to start and to look for the first time."""


def main(sizes: list[int], readers: int, pause: float, idle: float, copies: float) -> None:
    for size in sizes:
        with tempfile.TemporaryDirectory() as directory:
            found = measured(Path(directory), size, readers, pause, idle, copies)
        print(f"\n| {size:,} items | |\n|---|---|")
        for name, value in found.items():
            print(f"| {name} | {value} |", flush=True)


def measured(
    folder: Path, size: int, readers: int, pause: float, idle: float, copies: float
) -> dict[str, str]:
    """The figures of one size, by name."""
    end = dt.datetime.now(dt.UTC).replace(microsecond=0) - YEAR
    rows = [row(n, end, YEAR / (size + LEFT)) for n in range(size + LEFT)]
    copy(rows, copies)
    with served(folder) as (process, url), httpx.Client(base_url=url, timeout=600) as client:
        until_ready(client)  # before, it opens its index beside each request
        with reading(url, readers, pause) as lists:
            began = time.monotonic()
            ingest = [send(client, rows[n : n + BATCH]) for n in range(0, size, BATCH)]
            stored = time.monotonic() - began
            grouped(client)
            settled = time.monotonic() - began
        peak = memory(process.pid)
        with paused_worker(folder) as worker:
            time.sleep(FIRST_LOOK_S)
            before = cpu_s(worker), cpu_s(process.pid)
            time.sleep(idle)
            worked, rested = cpu_s(worker) - before[0], cpu_s(process.pid) - before[1]
        for n in range(size, size + LEFT, BATCH):
            send(client, rows[n : n + BATCH])
        process.kill()
    began = time.monotonic()
    with served(folder) as (_, url), httpx.Client(base_url=url, timeout=600) as client:
        alive = time.monotonic() - began
        left = client.get("/readyz").json().get("left")
        client.get(LISTS[0]).raise_for_status()
        listed = time.monotonic() - began
        until_ready(client)
        ready = time.monotonic() - began
    return {
        "stored, items a second": f"{size / stored:.0f}",
        "grouped, items a second": f"{size / settled:.1f}",
        f"ingest of {BATCH}, p50 / p95 / longest, ms": millis(ingest),
        f"list, p50 / p95 / longest of {len(lists)}, ms": millis(lists),
        "peak memory of the service, MiB": str(peak),
        f"paused worker, share of a core over {idle:.0f} s": f"{worked / idle:.2%}",
        f"service that nobody asks, over {idle:.0f} s": f"{rested / idle:.2%}",
        "restart after a kill, to the first answer, s": f"{alive:.1f}",
        "to the first list, s": f"{listed:.1f}",
        "left by the kill": json.dumps(left),
        "until all of it is done, s": f"{ready:.1f}",
    }


def until_ready(client: httpx.Client) -> None:
    """Wait until a service has done what its start leaves it to do."""
    while client.get("/readyz").status_code != 200:
        time.sleep(0.2)


def copy(rows: list[dict[str, Any]], share: float) -> None:
    """Give a share of the rows sentences of the first row of their story, and a time of any."""
    chance = random.Random(18)
    for n, one in enumerate(rows):
        first = rows[n - n % STORY]
        if one is not first and chance.random() < share:
            told = first["text"].split(". ")
            one["text"] = ". ".join(s for s in told if chance.random() < 0.85) or first["text"]
            one["published_at"] = chance.choice(rows)["published_at"]


def send(client: httpx.Client, rows: list[dict[str, Any]]) -> float:
    """Seconds until rows are stored."""
    began = time.monotonic()
    answer = client.post("/v1/items", json=rows).raise_for_status().json()
    assert len(answer["accepted"]) == len(rows), answer
    return time.monotonic() - began


@contextmanager
def reading(url: str, readers: int, pause: float) -> Iterator[list[float]]:
    """Seconds of each list that readers open meanwhile."""
    took: list[float] = []
    over = threading.Event()

    def read(number: int) -> None:
        chance = random.Random(number)
        with httpx.Client(base_url=url, timeout=600) as client:
            while not over.wait(chance.expovariate(1 / pause)):
                began = time.monotonic()
                client.get(chance.choice(LISTS)).raise_for_status()
                took.append(time.monotonic() - began)

    threads = [threading.Thread(target=read, args=(n,)) for n in range(readers)]
    for thread in threads:
        thread.start()
    try:
        yield took
    finally:
        over.set()
        for thread in threads:
            thread.join()


@contextmanager
def paused_worker(folder: Path) -> Iterator[int]:
    """The process id of a worker that plans and, since it is paused, drafts nothing."""
    env = dict(os.environ) | {
        "PYTHONPATH": str(ROOT),
        "SUMMARIZER_DATA_DIR": str(folder / "data"),
    }
    command = [sys.executable, "-m", "summarizer", "worker"]
    pausing = [*command, "pause", "--by", "benchmark"]
    subprocess.run(pausing, env=env, check=True, stdout=subprocess.DEVNULL)
    with (
        (folder / "log").open("ab") as log,
        subprocess.Popen(command, env=env, stdout=log, stderr=log) as process,
    ):
        try:
            yield process.pid
        finally:
            process.terminate()


def millis(seconds: list[float]) -> str:
    return " / ".join(f"{1000 * share(seconds, part):.0f}" for part in (0.5, 0.95, 1))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", type=int, nargs="+")
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--pause", type=float, default=1, help="mean seconds between two lists")
    parser.add_argument("--idle", type=float, default=60, help="seconds in which nothing is asked")
    parser.add_argument("--copies", type=float, default=0, help="share of the items, 0 to 1")
    asked = parser.parse_args()
    main(asked.sizes, asked.readers, asked.pause, asked.idle, asked.copies)
