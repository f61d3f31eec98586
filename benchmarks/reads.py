"""Reads of the running service against a bare FastAPI endpoint that returns the same bytes.

    python benchmarks/reads.py [--seconds 4] [--connections 8] [--only WORD] [--keep FOLDER]

A fresh directory gets the sample stories, each drafted without a model, and 50 small incidents;
with `--keep` it is kept and reused.  `serve` and the bare endpoints run in a process each, under
the same server, and are asked in turn by one client over loopback.  A bare endpoint reads nothing:
it returns the answer of the service, with its headers, from a plain function, as the service does,
or from a coroutine, which is as fast as it gets.  CPU time is that of the server's process.
Statements are counted in this process, by the driver, without the begins and ends of transactions.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import uvicorn
from fastapi import FastAPI, Response
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event

from api import create_app
from summarizer import open_app, settings
from summarizer.cli.demo import samples
from summarizer.domain.api_keys import Scope

ROOT = Path(__file__).resolve().parent.parent
SMALL = 50
"""Incidents besides the samples."""

PER_CONNECTION = ("content-length", "date", "server", "connection", "x-request-id")
"""Headers that the server adds itself, and the id of one request."""


class Read(NamedTuple):
    """One kind of request."""

    name: str
    path: str
    headers: Mapping[str, str] = {}


class Rate(NamedTuple):
    """What one run took."""

    per_second: float
    cpu_us: float


def prepared(folder: Path) -> tuple[str, str]:
    """Fill a directory; returns a key that may read, and the id of a drafted incident."""
    rows = [
        {
            "title": f"Report {n} on the Vessel{number}",
            "text": f"The ferry Vessel{number} stood still for {number + n} days. A pump failed.",
            "incident": f"Vessel{number}",
            "outlet": f"Paper {n}",
            "published_at": f"2026-03-{1 + number % 28:02}T0{n}:00:00Z",
        }
        for number in range(SMALL)
        for n in (1, 2, 3)
    ]
    with open_app(settings.load(data_dir=folder, drafter="extractive")) as app:
        for file in samples():
            with file.open("rb") as stream:
                list(app.pipeline.ingest(stream))
        app.pipeline.settle()
        stories = app.store.incidents()
        for story in stories:
            app.pipeline.draft(story.id)
        list(app.pipeline.ingest_rows(rows))
        app.pipeline.settle()
        largest = max(stories, key=lambda one: (len(one.item_keys), one.id))
        return app.keys.create("bench", Scope.READ)[1], largest.id


def wanted(client: Any, id_: str) -> list[Read]:
    """The requests that are measured."""
    page, desk = f"/v1/incidents/{id_}", f"/incidents/{id_}"
    plain = {"accept-encoding": "identity"}
    tagged = {
        path: plain | {"if-none-match": client.get(path, headers=plain).headers["etag"]}
        for path in (page, "/v1/incidents?limit=50")
    }
    return [
        Read("list", "/v1/incidents?limit=50", plain),
        Read("list by noise", "/v1/incidents?sort=noise&limit=50", plain),
        Read("list of a state", "/v1/incidents?state=closed&limit=50", plain),
        Read("list, 304", "/v1/incidents?limit=50", tagged["/v1/incidents?limit=50"]),
        Read("page as JSON", page, plain),
        Read("page as JSON, gzip", page, {"accept-encoding": "gzip"}),
        Read("page as HTML", f"{page}?format=html", plain),
        Read("page as HTML, gzip", f"{page}?format=html", {"accept-encoding": "gzip"}),
        Read("page as Markdown", f"{page}?format=markdown", plain),
        Read("page, 304", page, tagged[page]),
        Read("desk, list", "/", plain),
        Read("desk, incident", desk, plain),
        Read("healthz", "/healthz", plain),
    ]


def statements(folder: Path, key: str, reads: list[Read]) -> dict[str, int]:
    """SQL statements of a repeated request of each kind."""
    counted = 0

    def count(statement: str) -> None:
        nonlocal counted
        counted += not statement.startswith(("BEGIN", "ROLLBACK", "COMMIT", "PRAGMA", "--"))

    @event.listens_for(Engine, "connect")
    def listen(connection: Any, _: object) -> None:
        connection.set_trace_callback(count)

    found = {}
    with open_app(settings.load(data_dir=folder, drafter="extractive")) as app:
        client = TestClient(
            create_app(app), "http://127.0.0.1", headers={"Authorization": f"Bearer {key}"}
        )
        for read in reads:
            for _ in range(2):
                before = counted
                assert client.get(read.path, headers=read.headers).status_code in (200, 304)
            found[read.name] = counted - before
    return found


@contextmanager
def running(command: list[str], env: Mapping[str, str], port: int) -> Iterator[int]:
    """A server's process, once it listens."""
    with subprocess.Popen(command, env=dict(os.environ) | dict(env), stderr=-3) as process:
        try:
            transport = httpx.HTTPTransport(retries=12)
            with httpx.Client(transport=transport, timeout=60) as client:
                client.get(f"http://127.0.0.1:{port}/healthz").raise_for_status()
            yield process.pid
        finally:
            process.terminate()


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def bare(file: Path, port: int) -> None:
    """Serve stored answers, each from a function and from a coroutine."""
    app = FastAPI()
    for n, told in enumerate(json.loads(file.read_text("utf-8"))):
        _add(app, n, told["status"], bytes.fromhex(told["body"]), told["headers"])
    app.get("/healthz")(lambda: "ok")
    uvicorn.run(app, port=port, log_level="warning", timeout_keep_alive=75)


def _add(app: FastAPI, n: int, status: int, body: bytes, headers: dict[str, str]) -> None:
    @app.get(f"/def/{n}")
    def function() -> Response:
        return Response(body, status, headers)

    @app.get(f"/async/{n}")
    async def coroutine() -> Response:
        return Response(body, status, headers)


async def asked(
    port: int, path: str, headers: Mapping[str, str], connections: int, seconds: float
) -> int:
    """Ask as fast as the answers come; returns their number."""
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    end = time.monotonic() + seconds

    async def connection() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
        done = 0
        while time.monotonic() < end:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head[9:12] in (b"200", b"304"), head
            at = head.lower().find(b"content-length:")
            if at >= 0:
                await reader.readexactly(int(head[at + 15 : head.index(b"\r", at)]))
            done += 1
        writer.close()
        return done

    return sum(await asyncio.gather(*(connection() for _ in range(connections))))


def rate(pid: int, port: int, read: Read, connections: int, seconds: float) -> Rate:
    """Requests a second, and CPU time of the server a request."""
    asyncio.run(asked(port, read.path, read.headers, connections, seconds / 4))
    began, cpu = time.monotonic(), cpu_s(pid)
    done = asyncio.run(asked(port, read.path, read.headers, connections, seconds))
    return Rate(done / (time.monotonic() - began), 1e6 * (cpu_s(pid) - cpu) / done)


def cpu_s(pid: int) -> float:
    """CPU seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main(folder: Path, seconds: float, connections: int, only: str) -> None:
    """Measure and print one row for each kind of request."""
    data, port, bare_port = folder / "data", free_port(), free_port()
    known = folder / "known.json"
    if not known.exists():
        known.write_text(json.dumps(prepared(data)), "utf-8")
    key, id_ = json.loads(known.read_text("utf-8"))
    env = {
        "SUMMARIZER_DATA_DIR": str(data),
        "SUMMARIZER_DRAFTER": "extractive",
        "SUMMARIZER_REQUESTS_PER_MINUTE": "1000000000",
        "PYTHONPATH": str(ROOT),
    }
    bearer = {"authorization": f"Bearer {key}"}
    serve = [sys.executable, "-m", "summarizer", "serve", "--port", str(port)]
    rows = []
    with running(serve, env, port) as pid:
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=url, headers=bearer, timeout=600) as client:
            reads = [read for read in wanted(client, id_) if only in read.name]
            answers = []
            for read in reads:
                with client.stream("GET", read.path, headers=read.headers) as answer:
                    raw = b"".join(answer.iter_raw())
                headers = {n: v for n, v in answer.headers.items() if n not in PER_CONNECTION}
                answers.append({"status": answer.status_code, "headers": headers})
                answers[-1]["body"] = raw.hex()
        file = folder / "answers.json"
        file.write_text(json.dumps(answers), "utf-8")
        endpoints = [sys.executable, __file__, "--bare", str(file), "--port", str(bare_port)]
        with running(endpoints, env, bare_port) as bare_pid:
            for n, read in enumerate(reads):
                headers = dict(read.headers) | bearer
                runs = [
                    rate(pid, port, read._replace(headers=headers), connections, seconds),
                    *(
                        rate(bare_pid, bare_port, Read("", path, headers), connections, seconds)
                        for path in (f"/def/{n}", f"/async/{n}")
                    ),
                ]
                rows.append((read.name, len(answers[n]["body"]) // 2, runs))
    counted = statements(data, key, reads)
    print("| read | bytes | a second | bare, function | bare, coroutine | ratio | ratio |", end="")
    print(" CPU, ms | bare | bare | statements |")
    print(f"|---|{'---|' * 10}")
    for name, size, (ours, function, coroutine) in rows:
        rates = " | ".join(f"{one.per_second:,.0f}" for one in (ours, function, coroutine))
        ratios = " | ".join(
            f"{ours.per_second / one.per_second:.2f}" for one in (function, coroutine)
        )
        cpu = " | ".join(f"{one.cpu_us / 1000:.2f}" for one in (ours, function, coroutine))
        print(f"| {name} | {size:,} | {rates} | {ratios} | {cpu} | {counted[name]} |")
    print(f"\nload {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--only", default="", metavar="WORD")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    parser.add_argument("--bare", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.bare:
        bare(given.bare, given.port)
    elif given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
        main(given.keep, given.seconds, given.connections, given.only)
    else:
        with tempfile.TemporaryDirectory() as name:
            main(Path(name), given.seconds, given.connections, given.only)
