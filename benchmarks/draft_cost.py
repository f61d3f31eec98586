"""Cost of one draft: tokens sent under both plans, time outside the model, peak memory.

    python benchmarks/draft_cost.py examples/items/varnway-shuttle-fine.jsonl

The model is a loopback server that answers immediately and counts tokens by the product's
estimate, so the results are those of the product, not of a model.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from evals.mock_server import MessagesServer, any_answer
from summarizer import settings
from summarizer.app import open_app
from summarizer.ingestion.ingest import report


def main() -> None:
    """Draft the items of a file under each plan and without a model, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    file = parser.parse_args().file
    print("| plan | calls | pack tokens | sent | x pack | of it cached | seconds of draft |")
    print("|---|---|---|---|---|---|---|")
    for plan in ("extractive", "single", "parallel"):
        measure(file, plan)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nPeak memory of the process: {peak:.0f} MiB")


def measure(file: Path, plan: str) -> None:
    """Print one line of the table."""
    with MessagesServer(any_answer) as server:
        drafter = (
            {"drafter": "extractive"}
            if plan == "extractive"
            else {"drafter": "anthropic", "anthropic_base_url": server.url, "plan": plan}
        )
        with open_app(settings.load(**drafter), in_memory=True) as app, file.open("rb") as rows:
            pipeline = app.pipeline
            incident = pipeline.gather(report(pipeline.ingest(rows)).keys).id
            pack = pipeline.pack(incident).tokens
            started = time.perf_counter()
            usage = pipeline.draft(incident).usage
            seconds = time.perf_counter() - started
    sent = usage.input_tokens + usage.cache_write_tokens + usage.cache_read_tokens
    cells = (plan, usage.calls, pack, sent, f"{sent / pack:.1f}", usage.cache_read_tokens)
    print("| " + " | ".join(map(str, cells)) + f" | {seconds:.2f} |")


if __name__ == "__main__":
    main()
