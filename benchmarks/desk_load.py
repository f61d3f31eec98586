"""Load test of the service while it drafts: p50 and p99 of reads, failures, memory.

    python benchmarks/desk_load.py --readers 200 --drafts 20 --seconds 60

A `serve` process on a fresh directory holds invented incidents, each drafted once. Each reader
opens pages with pauses; a fixed number of drafts, each of one section with a new instruction, runs
on a loopback model with a delay. Readers and model run in this process and share the processors
with the service.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from evals.mock_server import MessagesServer, Recorded, Reply, copied_answer

ROOT = Path(__file__).resolve().parent.parent
PAGES = (
    "/",
    "/incidents/{id}",
    "/incidents/{id}/history",
    "/v1/incidents?limit=50",
    "/v1/incidents/{id}",
    "/v1/incidents/{id}/draft",
)
SECTION = "key_points"
STORY = (
    "The ferry {name} stood still for nine days in March. Its owner, Brackwater Lines, said that a "
    "pump had failed. {n} passengers were taken home by bus.",
    "Inspectors of the harbour office found rust in the pump of the {name}. The office ordered a "
    "second inspection before the summer. Brackwater Lines said that it would pay for both.",
    "The union of {name} crews asked for {n} new pumps. Brackwater Lines declined to comment.",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--drafts", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=4, help="mean seconds between two pages")
    parser.add_argument("--model-seconds", type=float, default=3, help="of one answer")
    asked = parser.parse_args()

    def model(request: Recorded) -> Reply:
        said = copied_answer(request)
        return Reply(body=said.body, before=lambda: time.sleep(asked.model_seconds))

    with (
        tempfile.TemporaryDirectory() as directory,
        MessagesServer(model) as server,
        served(
            Path(directory),
            SUMMARIZER_CONCURRENT_DRAFTS=str(asked.drafts),
            ANTHROPIC_BASE_URL=server.url,
        ) as (process, url),
    ):
        ids = prepared(url, asked.drafts)
        took, failed, drafted = asyncio.run(load(url, ids, asked))
        report(took, failed, drafted, memory(process.pid), asked.seconds)


@contextmanager
def served(directory: Path, **settings: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A service on the data of a directory that answers, ended afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = dict(os.environ) | {
        "PYTHONPATH": str(ROOT),
        "SUMMARIZER_DATA_DIR": str(directory / "data"),
    }
    command = [sys.executable, "-m", "summarizer", "serve", "--port", str(port)]
    with (
        (directory / "log").open("ab") as log,
        subprocess.Popen(command, env=env | settings, stdout=log, stderr=log) as process,
    ):
        url = f"http://127.0.0.1:{port}"
        try:
            answers(process, url)
            yield process, url
        finally:
            process.terminate()


def answers(process: subprocess.Popen[bytes], url: str) -> None:
    """Return as soon as a service that was started answers."""
    with httpx.Client(timeout=60) as client:
        while process.poll() is None:
            try:
                client.get(f"{url}/healthz").raise_for_status()
                return
            except httpx.ConnectError:
                time.sleep(0.05)
    raise SystemExit("The service has ended.")


def prepared(url: str, incidents: int) -> list[str]:
    """Create incidents with a first draft each, and return their ids."""
    rows = [
        {
            "title": f"Report {n} on the Vessel{number}",
            "text": text.format(name=f"Vessel{number}", n=number + 3),
            "incident": f"Vessel{number}",
            "outlet": f"Paper {n}",
            "published_at": f"2026-03-0{n}T08:00:00Z",
        }
        for number in range(incidents)
        for n, text in enumerate(STORY, start=1)
    ]
    with httpx.Client(base_url=url, timeout=600) as client:
        client.post("/v1/items", content=json.dumps(rows)).raise_for_status()
        grouped(client)
        ids = [row["id"] for row in client.get("/v1/incidents?limit=100").json()["incidents"]]
        jobs = [client.post(f"/v1/incidents/{id_}/drafts").json()["url"] for id_ in ids]
        for job in jobs:
            while (state := client.get(job).json())["status"] in ("queued", "running"):
                time.sleep(0.5)
            assert state["status"] == "done", state
    return ids


def grouped(client: httpx.Client) -> None:
    """Return when every item of the service has its incident."""
    while "\nsummarizer_items_unsettled 0.0\n" not in client.get("/metrics").text:
        time.sleep(0.2)


async def load(
    url: str, ids: list[str], asked: argparse.Namespace
) -> tuple[dict[str, list[float]], Counter[str], Counter[str]]:
    took: dict[str, list[float]] = defaultdict(list)
    failed: Counter[str] = Counter()
    drafted: Counter[str] = Counter()
    end = time.monotonic() + asked.seconds
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)

    async def read(number: int) -> None:
        chance = random.Random(number)
        await asyncio.sleep(chance.random() * asked.pause)
        while time.monotonic() < end:
            page = chance.choice(PAGES)
            began = time.monotonic()
            try:
                answer = await client.get(page.format(id=chance.choice(ids)))
                if answer.status_code != 200:
                    failed[f"{page}: {answer.status_code}"] += 1
            except httpx.HTTPError as error:
                failed[f"{page}: {type(error).__name__}"] += 1
            took[page].append(time.monotonic() - began)
            await asyncio.sleep(chance.expovariate(1 / asked.pause) if asked.pause else 0)

    async def draft(number: int) -> None:
        wish = 0
        while time.monotonic() < end:
            wish += 1
            body: dict[str, Any] = {"section": SECTION, "instruction": f"Wish {number}.{wish}."}
            path = f"/v1/incidents/{ids[number % len(ids)]}/drafts"
            answer = await client.post(path, params={"wait": 60}, json=body)
            known = answer.json() if answer.status_code == 202 else {}
            drafted[known.get("status", str(answer.status_code))] += 1

    async with httpx.AsyncClient(base_url=url, timeout=120, limits=limits) as client:
        work = [read(n) for n in range(asked.readers)] + [draft(n) for n in range(asked.drafts)]
        await asyncio.gather(*work)
    return took, failed, drafted


def report(
    took: dict[str, list[float]],
    failed: Counter[str],
    drafted: Counter[str],
    peak: int,
    seconds: float,
) -> None:
    rows = {page: times for page in PAGES if (times := took[page])}
    rows["all"] = [time_ for times in took.values() for time_ in times]
    print("| read | count | p50 ms | p99 ms | longest ms |\n|---|---|---|---|---|")
    for page, times in rows.items():
        p50, p99, longest = (1000 * share(times, s) for s in (0.5, 0.99, 1))
        print(f"| `{page}` | {len(times)} | {p50:.0f} | {p99:.0f} | {longest:.0f} |")
    print(f"\n{len(rows['all']) / seconds:.0f} reads a second; failures: {dict(failed) or 'none'}")
    print(f"Drafts that ended: {dict(drafted)}. Peak memory of the service: {peak} MiB")


def share(times: list[float], part: float) -> float:
    return sorted(times)[min(int(len(times) * part), len(times) - 1)]


def memory(pid: int) -> int:
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) // 1024 if found else 0


if __name__ == "__main__":
    main()
