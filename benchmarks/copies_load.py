"""Latency of `POST /v1/items` and of `GET /v1/incidents` while new items are settled.

    python benchmarks/copies_load.py [--rows 1000] [--batch 100] [--copies 0] [--seconds 60]

A `serve` process on a fresh directory takes batches of invented rows, one after the other; beside
them one reader asks for the list of incidents, ten times a second.  Ten rows in a row are of one
incident.  Of a share of the rows each is a copy of its story's first row, cut and edited, with a
time of publication in any order.  This process only sends and reads.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
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

ROOT = Path(__file__).resolve().parent.parent
PER_INCIDENT = 10
EVERY_S = 0.1
"""Seconds between two reads of the list."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--copies", type=float, default=0, help="share of the rows, 0 to 1")
    parser.add_argument("--per-story", type=int, default=PER_INCIDENT)
    parser.add_argument("--seconds", type=float, default=60, help="of reading after the batches")
    parser.add_argument("--words", type=int, default=150, help="of a text")
    asked = parser.parse_args()
    rows = list(made(asked))
    print(f"load average before: {os.getloadavg()[0]:.2f}")
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as url:
        measure(url, rows, asked)


def made(asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """The rows; the same for the same arguments."""
    seeded = random.Random(18)
    lexicon = [
        "".join(seeded.choices("abcdefghilmnoprstuv", k=seeded.randint(3, 9))) for _ in range(9_000)
    ]
    weights = [1 / (n + 3) for n in range(len(lexicon))]
    for n in range(asked.rows):
        story = random.Random(n // asked.per_story)
        told = sentences(story, lexicon, weights, asked.words)
        own = random.Random(f"row {n}")
        if n % asked.per_story and own.random() < asked.copies:
            kept = [sentence for sentence in told if own.random() < 0.85]
        elif n % asked.per_story:
            kept = sentences(own, lexicon, weights, asked.words // 2) + own.sample(told, 1)
        else:
            kept = told
        yield {
            "id": f"row-{n}",
            "title": " ".join(told[0].split()[:8]),
            "text": " ".join(kept),
            "url": f"https://outlet-{n % 97}.example/{n}",
            "outlet": f"Outlet {n % 97}",
            "platform": "news",
            "published_at": f"2026-03-{1 + n % 28:02}T{own.randrange(24):02}:00:00Z",
        }


def sentences(
    seeded: random.Random, lexicon: list[str], weights: list[float], words: int
) -> list[str]:
    """A text of about so many words, as sentences with a name and a number each."""
    told = []
    for _ in range(max(1, words // 15)):
        drawn = seeded.choices(lexicon, weights, k=12)
        name = seeded.choice(lexicon).title()
        told.append(f"The {drawn[0]} of {name} {' '.join(drawn[1:])} {seeded.randrange(900)}.")
    return told


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A service on a directory, until the block is left."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if not name.startswith("ANTHROPIC_")}
    env |= {"PYTHONPATH": str(ROOT), "SUMMARIZER_DATA_DIR": str(folder / "data")}
    command = [sys.executable, "-m", "summarizer", "serve", "--port", str(port)]
    with (
        Path(os.environ.get("SERVE_LOG", folder / "log")).open("wb") as log,
        subprocess.Popen(command, env=env, stdout=log, stderr=log) as process,
    ):
        url = f"http://127.0.0.1:{port}"
        try:
            with httpx.Client(transport=httpx.HTTPTransport(retries=9), timeout=60) as client:
                client.get(f"{url}/healthz").raise_for_status()
            yield url
        finally:
            process.terminate()


def measure(url: str, rows: list[dict[str, Any]], asked: argparse.Namespace) -> None:
    """Send the batches, read on while they are settled, and print the times of both."""
    sent: list[float] = []
    read: list[float] = []
    over = threading.Event()

    def reading() -> None:
        with httpx.Client(base_url=url, timeout=120) as client:
            while not over.is_set():
                began = time.perf_counter()
                client.get("/v1/incidents", params={"limit": 50}).raise_for_status()
                read.append(time.perf_counter() - began)
                time.sleep(EVERY_S)

    reader = threading.Thread(target=reading)
    with httpx.Client(base_url=url, timeout=120) as client:
        client.post("/v1/items", content=json.dumps(rows[:1])).raise_for_status()
        wait_until_settled(client, "a1")
        reader.start()
        began = time.perf_counter()
        for start in range(1, len(rows), asked.batch):
            body = json.dumps(rows[start : start + asked.batch])
            at = time.perf_counter()
            answer = client.post("/v1/items", content=body)
            sent.append(time.perf_counter() - at)
            answer.raise_for_status()
        took = time.perf_counter() - began
        time.sleep(asked.seconds)
        listed = client.get("/v1/incidents", params={"limit": 1}).json()["total"]
    over.set()
    reader.join()
    print(
        f"{len(rows)} rows sent in {took:.1f} s; after {asked.seconds:.0f} s more {listed} "
        f"incidents; copies {asked.copies}"
    )
    print("| request | count | p50 ms | p95 ms | longest ms |\n|---|---|---|---|---|")
    for name, times in (("POST /v1/items", sent), ("GET /v1/incidents", read)):
        p50, p95, most = (1000 * share(times, part) for part in (0.5, 0.95, 1))
        print(f"| `{name}` | {len(times)} | {p50:.0f} | {p95:.0f} | {most:.0f} |")
    print(f"load average after: {os.getloadavg()[0]:.2f}")


def wait_until_settled(client: httpx.Client, key: str) -> None:
    """Wait until an item has an incident."""
    while client.get(f"/v1/items/{key}").json()["incident"] is None:
        time.sleep(0.3)


def share(times: list[float], part: float) -> float:
    return sorted(times)[min(int(len(times) * part), len(times) - 1)]


if __name__ == "__main__":
    main()
