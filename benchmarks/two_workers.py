"""Several worker processes on one database: drafts per incident, and duration.

    python -m benchmarks.two_workers --incidents 1000 --workers 2
    python -m benchmarks.two_workers --incidents 200 --workers 2 --chroma

The drafter is extractive; every incident has two short items of two outlets.  With ``--chroma`` the
items are longer than an evidence pack, and the workers share the empty index of a loopback Chroma
server and index passages concurrently; at the end all passages are searched.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from importlib import resources
from pathlib import Path

from summarizer import factories, settings
from summarizer.adapters.chroma.index import ChromaIndex
from summarizer.adapters.chroma.server import ServerAccess
from summarizer.app import App, open_app
from summarizer.domain.events import EventKind
from summarizer.domain.jobs import JobStatus
from tests.support.chroma import chroma_server

SMALLEST_PACK = 500
"""Evidence tokens: the minimum of the settings."""

SENTENCES = 20
"""Sentences of an item that alone fills such a pack."""


def rows(incidents: int, long: bool) -> list[dict[str, object]]:
    return [
        {"text": text, "incident": f"story {n}", "platform": platform, "reach": 9_000_000}
        for n in range(incidents)
        for text, platform in (
            (f"Line {n} of Halden cancelled {n + 3} crossings on Monday." + more(n, long), "x"),
            (f"The crew of line {n} went on strike, a spokesperson of Halden said.", "news"),
        )
    ]


def more(n: int, long: bool) -> str:
    extra = range(SENTENCES) if long else ()
    return "".join(f" Boat {n}-{m} of the line stayed at pier {m + n} until noon." for m in extra)


def fill(data: Path, incidents: int, long: bool) -> None:
    file = data.parent / "items.json"
    file.write_text(json.dumps(rows(incidents, long)))
    with open_app(settings.load(data_dir=data)) as service, file.open("rb") as stream:
        list(service.pipeline.ingest(stream))
        service.pipeline.settle()


def worked(data: Path, workers: int, url: str | None) -> tuple[list[int], float]:
    """Exit codes of the workers, and seconds until all have ended."""
    rules = data.parent / "rules.toml"
    shipped = resources.files("summarizer.jobs").joinpath("autodrafting.toml").read_text()
    rules.write_text(shipped.replace("quiet_s = 60", "quiet_s = 0"))
    ours = {"SUMMARIZER_DATA_DIR": str(data), "SUMMARIZER_AUTODRAFTING_RULES": str(rules)}
    ours |= {"SUMMARIZER_CONCURRENT_DRAFTS": "1", "SUMMARIZER_DRAFTER": "extractive"}
    if url is not None:
        ours |= {"SUMMARIZER_CHROMA_URL": url, "SUMMARIZER_EVIDENCE_TOKENS": str(SMALLEST_PACK)}
    command = [sys.executable, "-m", "summarizer", "worker", "--once"]
    began = time.monotonic()
    running = [
        subprocess.Popen(command, env=dict(os.environ) | ours, stderr=subprocess.DEVNULL)
        for _ in range(workers)
    ]
    return [process.wait() for process in running], time.monotonic() - began


def indexed(service: App, url: str) -> str:
    """Number of passages in the server's index, and number found by their own vectors."""
    keys = [key for incident in service.store.incidents(10**6) for key in incident.item_keys]
    texts = {passage.id: passage.text for passage in service.store.passages(keys)}
    with ChromaIndex.server(
        ServerAccess(url=url), factories.embedder(), service.store.installation()
    ) as index:
        vectors = index.vectors(list(texts))
        found = sum(
            texts[index.nearest(vector, 1)[0][0]] == texts[id_] for id_, vector in vectors.items()
        )
    return f"; passages: {len(texts)}, in the index {len(vectors)}, found there {found}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--incidents", type=int, default=1_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--chroma", action="store_true", help="share the index of a server")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        fill(data, arguments.incidents, arguments.chroma)
        serving = chroma_server(Path(folder) / "server") if arguments.chroma else nullcontext()
        with serving as url:
            codes, seconds = worked(data, arguments.workers, url)
            with open_app(settings.load(data_dir=data), owns_index=False) as service:
                entries = service.store.history.after(0, 10**6, {EventKind.DRAFTED})
                jobs = Counter(j.status.value for j in service.store.jobs.with_status(*JobStatus))
                passages = indexed(service, url) if url else ""
    times = Counter(Counter(entry.incident_id for entry in entries).values())
    print(
        f"exit codes {codes}, {seconds:.0f} s; incidents by how often they were drafted: "
        f"{dict(times)}; jobs: {dict(jobs)}{passages}"
    )


if __name__ == "__main__":
    main()
