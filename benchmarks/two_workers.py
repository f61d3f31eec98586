"""Worker processes on one database: how often each incident was drafted, and how long it took.

    python benchmarks/two_workers.py --incidents 1000 --workers 2

The drafter is the extractive one; every incident has two short items of two outlets.
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
from importlib import resources
from pathlib import Path

from summarizer import bootstrap, settings
from summarizer.domain import Happening, JobStatus


def fill(data: Path, incidents: int) -> None:
    rows = [
        {"text": text, "incident": f"story {n}", "platform": platform, "reach": 9_000_000}
        for n in range(incidents)
        for text, platform in (
            (f"Line {n} of Halden cancelled {n + 3} crossings on Monday.", "x"),
            (f"The crew of line {n} went on strike, a spokesperson of Halden said.", "news"),
        )
    ]
    file = data.parent / "items.json"
    file.write_text(json.dumps(rows))
    with bootstrap.service(settings.load(data_dir=data)) as service, file.open("rb") as stream:
        list(service.pipeline.ingest(stream))
        service.pipeline.settle()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=1_000)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data, rules = Path(folder) / "data", Path(folder) / "rules.toml"
        shipped = resources.files("summarizer").joinpath("autodrafting.toml").read_text()
        rules.write_text(shipped.replace("quiet_s = 60", "quiet_s = 0"))
        fill(data, arguments.incidents)
        ours = {"SUMMARIZER_DATA_DIR": str(data), "SUMMARIZER_AUTODRAFTING_RULES": str(rules)}
        ours |= {"SUMMARIZER_CONCURRENT_DRAFTS": "1", "SUMMARIZER_DRAFTER": "extractive"}
        command = [sys.executable, "-m", "summarizer", "worker", "--once"]
        began = time.monotonic()
        running = [
            subprocess.Popen(command, env=dict(os.environ) | ours, stderr=subprocess.DEVNULL)
            for _ in range(arguments.workers)
        ]
        codes = [process.wait() for process in running]
        seconds = time.monotonic() - began
        with bootstrap.service(settings.load(data_dir=data), beside=True) as service:
            entries = service.store.history.after(0, 10**6, {Happening.DRAFTED})
            jobs = Counter(job.status.value for job in service.store.jobs.with_status(*JobStatus))
    times = Counter(Counter(entry.incident_id for entry in entries).values())
    print(
        f"exit codes {codes}, {seconds:.0f} s; incidents by how often they were drafted: "
        f"{dict(times)}; jobs: {dict(jobs)}"
    )


if __name__ == "__main__":
    main()
