"""Time of whole processes from start to end: a bare Typer program, ``summarizer --help`` and
``summarizer incidents`` on a store of the sample items.

    python benchmarks/startup.py

Prints the median of five runs after one that fills the caches: wall time, which depends on what
else the machine does, and CPU time.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ITEMS = ROOT / "examples" / "items" / "aldermoor-extraction-claims.jsonl"
RUNS = 5

BARE = """
import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode="markdown")


@app.command()
def one(name: str = "") -> None:
    '''The first.'''


@app.command()
def two(name: str = "") -> None:
    '''The second.'''


app()
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
        } | {"SUMMARIZER_DATA_DIR": folder, "SUMMARIZER_DRAFTER": "extractive"}
        ours = [sys.executable, "-m", "summarizer"]
        subprocess.run([*ours, "ingest", str(ITEMS)], env=environment, check=True)
        commands = {
            "bare Typer program, `--help`": [sys.executable, "-c", BARE, "--help"],
            "`summarizer --help`": [*ours, "--help"],
            "`summarizer incidents`": [*ours, "incidents"],
        }
        taken = {name: measured(command, environment) for name, command in commands.items()}
        _, bare = next(iter(taken.values()))
        print("| process | wall, s | CPU, s | times the bare program, CPU |")
        print("|---|---:|---:|---:|")
        for name, (wall, cpu) in taken.items():
            print(f"| {name} | {wall:.2f} | {cpu:.2f} | {cpu / bare:.1f} |")


def measured(command: Sequence[str], environment: dict[str, str]) -> tuple[float, float]:
    """Medians of wall and CPU time of a process, in seconds."""
    runs = [once(command, environment) for _ in range(RUNS + 1)][1:]
    wall, cpu = zip(*runs, strict=True)
    return statistics.median(wall), statistics.median(cpu)


def once(command: Sequence[str], environment: dict[str, str]) -> tuple[float, float]:
    started, before = time.perf_counter(), _cpu()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started, _cpu() - before


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
