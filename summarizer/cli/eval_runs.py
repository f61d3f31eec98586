"""Running a suite from the command line: its tables and files, its bars, and its baseline."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.files import check_directory
from summarizer.cli.output import errors, results, tell
from summarizer.errors import BelowBarError, InconclusiveError, InputError, ModelError

if TYPE_CHECKING:
    from evals.framework.gate import Finding
    from evals.framework.results import Run, Suite
    from evals.framework.runner import Stop
    from evals.framework.thresholds import Shortfall

Out = Annotated[
    Path | None,
    typer.Option(help="Folder for the run: run.json, table.md, report.html and its journal."),
]
Resume = Annotated[bool, typer.Option("--resume", help="Continue an interrupted run in --out.")]
Jobs = Annotated[int, typer.Option(min=1, help="Number of concurrent tasks.")]
FailUnder = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE[@GROUP]",
        help="Exit with 1 if this metric is worse: below the value, or above it if lower is "
        "better; with 9 if only its interval reaches there. Can be given several times.",
    ),
]
Baseline = Annotated[
    Path | None,
    typer.Option(help="Run to compare with; default: the accepted baseline of the suite."),
]
NoBaseline = Annotated[bool, typer.Option("--no-baseline", help="Do not compare with a baseline.")]


JUDGE_LOG = "summarizer.adapters.anthropic.judge"

_NUMBER = re.compile(r"[0-9]+")


@dataclass(frozen=True)
class Wanted:
    """Options that all suites share."""

    out: Path | None
    resume: bool
    jobs: int
    fail_under: list[str] | None
    baseline: Path | None
    no_baseline: bool


def evaluate(suite: Suite, wanted: Wanted, stop: Stop | None = None) -> Run:
    """Run a suite, print and write its results, and check thresholds and baseline.

    Args:
        suite: suite to run.
        wanted: options of the command.
        stop: reason to begin no other task.

    Raises:
        InputError: an option is invalid; thresholds and baselines are checked before the run.
        BelowBarError: the run misses a threshold or is worse than the baseline.
        InconclusiveError: its outcomes are too few to tell, or it was stopped.
        ModelError: the judge gave no usable verdict at all.
    """
    from evals.framework import baselines, gate, tables, thresholds

    bars = [thresholds.parse_threshold(text, suite.better) for text in wanted.fail_under or ()]
    baseline = _baseline(suite, wanted)
    run = make_run(suite, wanted, stop)
    for table in tables.terminal(run, results().width):
        results().print(table)
    if wanted.out is not None:
        write(run, baseline, wanted.out)
        tell(f"Written: {wanted.out / 'run.json'}, table.md and report.html beside it")
    if "drafter" in run.version and not baselines.asks_model(run.version):
        tell("No model read a prompt here, so this run gates none: see `summarizer eval prompts`.")
    _check_answered(run)
    said: list[tuple[str, Finding | Shortfall]] = [
        ("", one) for one in thresholds.shortfalls(run, bars)
    ]
    if baseline is not None:
        found = gate.findings(baseline, run, suite.measure, suite.margins)
        results().print(tables.gate(found))
        said += [("against the baseline, ", one) for one in found]
    conclude(said, run.incomplete)
    return run


def _check_answered(run: Run) -> None:
    """Refuse a run whose judge gave no verdict at all."""
    from evals.framework.results import ALL

    coverage = (m for m in run.measured if (m.group, m.name) == (ALL, "judge: coverage"))
    if any(one.value == 0 for one in coverage):
        raise ModelError(
            f"The judge gave no usable verdict on any of {len(run.outcomes)} claims: all figures "
            "are without it."
        )


def tell_whole_files(files: Sequence[Path]) -> None:
    """Say which files are taken for one story each."""
    from evals.datasets import whole_files

    if found := whole_files(files):
        named = ", ".join(f"{name} ({items} items)" for name, items in found.items())
        tell(f"One story a file, since no row names its story: {named}.")


def make_run(suite: Suite, wanted: Wanted, stop: Stop | None) -> Run:
    """Run a suite under a progress bar; print and write nothing but the run itself.

    Raises:
        InputError: the folder cannot be used, or an unfinished run is in it.
    """
    from evals.framework import runner
    from summarizer.adapters.clock import SystemClock

    if wanted.resume and wanted.out is None:
        raise InputError("--resume needs --out: the folder of the run that was cut off.")
    if wanted.out is not None:
        check_directory(wanted.out)
    with _progress(suite.name) as on_progress, _unjudged_counted():
        return runner.run(
            suite,
            out=wanted.out,
            jobs=wanted.jobs,
            resume=wanted.resume,
            on_progress=on_progress,
            now=SystemClock().now(),
            stop=stop,
        )


def conclude(
    said: Iterable[tuple[str, Finding | Shortfall]], incomplete: str | None = None
) -> None:
    """Raise what gate and bars say together, worst first; return if all is well.

    Args:
        said: each with the words that stand before it.
        incomplete: why the run has not all of its outcomes.
    """
    failed, unsure = [], [f"incomplete: {incomplete}. Go on with --resume."] if incomplete else []
    for before, one in said:
        if one.failed:
            failed.append(f"{before}{one}")
        elif one.unsure:
            unsure.append(f"too few to tell: {before}{one}")
    if failed:
        raise BelowBarError("\n".join([*failed, *unsure]))
    if unsure:
        raise InconclusiveError("\n".join(unsure))


def _baseline(suite: Suite, wanted: Wanted) -> Run | None:
    """The run given as the baseline, else the accepted one if it is comparable.

    Raises:
        InputError: the given baseline is of other data, or keeps no outcomes.
    """
    from evals.framework import baselines, runner
    from evals.framework.compare import other_inputs

    accepted = baselines.BASELINES / baselines.name_of(suite.name, suite.version)
    if wanted.no_baseline or (wanted.baseline is None and not accepted.exists()):
        return None
    path = wanted.baseline or accepted
    baseline = runner.load(path)
    others = other_inputs(baseline.inputs, suite.inputs)
    if wanted.baseline is not None:
        if baseline.suite != suite.name or others:
            raise InputError(
                f"{path} is of {baseline.suite!r} on other data than this run: "
                f"{', '.join(file.name for file in baseline.inputs)}. Name the same files, or "
                "leave --baseline out."
            )
    elif not baselines.is_comparable(baseline, suite):
        what = "of other data" if others else "by another drafter or model"
        tell(f"The accepted baseline is {what}, so this run is not held against it: {path}")
        return None
    if not baseline.outcomes:
        raise InputError(f"{path} keeps no outcomes, so no run pairs with it: accept a run again.")
    return baseline


def write(run: Run, baseline: Run | None, out: Path) -> None:
    """Write table and report of a run into its folder."""
    from evals.framework import records, report, runner, tables

    runner.write_atomically(out / "table.md", tables.markdown(run))
    page = report.html(run, baseline, records.read(out))
    runner.write_atomically(out / report.REPORT, page)


@contextmanager
def _unjudged_counted() -> Iterator[None]:
    """Put one line for each reason of a judge's failures in place of one for each call."""
    failures: list[tuple[int, str]] = []

    def taken(record: logging.LogRecord) -> bool:
        if not isinstance(record.args, tuple) or len(record.args) != 2:
            return True
        count, why = record.args
        failures.append((int(str(count)), _NUMBER.sub("…", str(why))))
        return False

    log = logging.getLogger(JUDGE_LOG)
    log.addFilter(taken)
    try:
        yield
    finally:
        log.removeFilter(taken)
        for why in dict.fromkeys(why for _, why in failures):
            counts = [count for count, other in failures if other == why]
            tell(f"{sum(counts)} claims of {len(counts)} calls were not judged: {why}")


@contextmanager
def _progress(name: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, if that is a terminal."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn(name), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = errors()
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(name, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
