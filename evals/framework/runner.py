"""Execution of a suite, task by task, in parallel if wanted, and resumable.

Each finished task is appended to the ``journal`` at once: a killed process loses only the tasks in
progress.  At the end the records and ``run.json`` are written, each whole or not at all.
"""

from __future__ import annotations

import math
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from evals.framework import journal, records
from evals.framework.attempts import judged
from evals.framework.confidence import Sample, intervals
from evals.framework.journal import RUN, Entry, Header, first_error
from evals.framework.results import ALL, Measurement, Outcome, Run, Suite, Task, by_group
from summarizer.errors import InputError

SPEED = "outcomes per second"
"""Name of the one figure that is measured on the run, not on its outcomes."""


Stop = Callable[[Sequence[Outcome]], str | None]
"""Reason to begin no other task, from the outcomes until now; ``None`` to go on."""


def run(
    suite: Suite,
    *,
    out: Path | None,
    jobs: int = 1,
    resume: bool,
    on_progress: Callable[[int, int], None],
    now: datetime,
    stop: Stop | None = None,
) -> Run:
    """Run the open tasks of a suite, then measure.

    Tasks whose model fails are tried again at the end.  With a reason to stop the run is
    ``incomplete``, and can be resumed.

    Args:
        suite: suite to run.
        out: folder for journal, records and ``run.json``, created if missing; ``None`` writes
            nothing.
        jobs: number of parallel tasks, >= 1.  Outcomes keep the order of the tasks.
        resume: skip the tasks that the journal in ``out`` holds, but those that failed.
        on_progress: called with finished and all tasks, at the start and after each.
        now: time of the run.
        stop: asked before each task.

    Raises:
        InputError: ``out`` holds an unfinished run and ``resume`` is off; or ``resume`` is on and
            the journal is damaged, or of another suite, version or data.
        ModelError: the server rejects every request, or the model failed at a task without
            ``failed``.
    """
    tasks = _tasks(suite)
    header = Header(suite=suite.name, version=dict(suite.version), inputs=tuple(suite.inputs))
    entries = {}
    if out is not None:
        entries = journal.resumed(out, header, tasks, resume, _is_whole(out))
    on_progress(len(entries), len(tasks))
    with ExitStack() as stack:
        lines = None if out is None else stack.enter_context(journal.opened(out, header, resume))
        started = time.perf_counter()
        left = [task for task in tasks if task.key not in entries]
        for task, outcomes, failed in judged(left, jobs, _stopped(stop, entries)):
            before, started = started, time.perf_counter()
            entry = journal.entry(task.key, outcomes, started - before, failed)
            journal.append(lines, entry)
            entries[task.key] = entry.bare
            on_progress(len(entries), len(tasks))
    done = {task.key: entries[task.key] for task in tasks if task.key in entries}
    seconds = sum(entry.seconds for entry in done.values())
    made = finished(suite, _outcomes(done), seconds, now)
    if stop is not None and len(done) < len(tasks):
        why = f"{stop(made.outcomes)}, after {len(done)} of {len(tasks)} tasks"
        made = made.model_copy(update={"incomplete": why})
    if out is not None:
        records.write(out, journal.records_of(out))
        write_atomically(out / RUN, made.model_dump_json(indent=1) + "\n")
    return made


def load(path: Path) -> Run:
    """Read a run from ``run.json`` or the folder that holds it.

    Raises:
        InputError: the file is missing or holds no run.
    """
    file = path / RUN if path.is_dir() else path
    try:
        return Run.model_validate_json(file.read_bytes())
    except OSError as error:
        raise InputError(
            f"{file} cannot be read: {error.strerror}. Name the {RUN} of a run, or its folder."
        ) from error
    except ValidationError as error:
        raise InputError(f"{file} holds no run of an eval suite: {first_error(error)}.") from error


def _is_whole(out: Path) -> bool:
    """Whether a folder holds a run that has all of its tasks."""
    return (out / RUN).exists() and load(out).incomplete is None


def write_atomically(path: Path, text: str) -> None:
    """Write a file; a reader finds the old text or the new, never a part."""
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def measured(suite: Suite, outcomes: Sequence[Outcome]) -> Iterator[Measurement]:
    """Every figure with its interval, of all outcomes, then of each group in order."""
    for group, members in {ALL: list(outcomes), **by_group(outcomes)}.items():
        ends = intervals(members, suite.measure)
        for name, value in suite.measure(Sample(members)).items():
            low, high = ends.get(name, (None, None))
            defined = math.isfinite(value)
            yield Measurement(
                group=group,
                name=name,
                value=float(value) if defined else None,
                low=low if defined else None,
                high=high if defined else None,
                n=len(members),
                better=suite.better.get(name),
            )


# --- Measuring -----------------------------------------------------------------------------------


def _tasks(suite: Suite) -> list[Task]:
    tasks = list(suite.tasks())
    _check_unique([task.key for task in tasks], f"tasks of the suite {suite.name!r}")
    return tasks


def _stopped(stop: Stop | None, entries: Mapping[str, Entry]) -> Callable[[], bool]:
    if stop is None:
        return lambda: False
    return lambda: stop(_outcomes(entries)) is not None


def _outcomes(entries: Mapping[str, Entry]) -> tuple[Outcome, ...]:
    return tuple(outcome for entry in list(entries.values()) for outcome in entry.outcomes)


def finished(suite: Suite, outcomes: Sequence[Outcome], seconds: float, now: datetime) -> Run:
    """The run of a suite with these outcomes, measured; ``seconds`` is their wall-clock time."""
    _check_unique([outcome.key for outcome in outcomes], f"outcomes of the suite {suite.name!r}")
    figures = list(measured(suite, outcomes))
    if outcomes and seconds > 0:
        speed = len(outcomes) / seconds
        figures.append(Measurement(group=ALL, name=SPEED, value=speed, n=len(outcomes)))
    return Run(
        suite=suite.name,
        created_at=now,
        version=dict(suite.version),
        inputs=tuple(suite.inputs),
        outcomes=tuple(outcomes),
        measured=tuple(figures),
        figures=tuple(suite.figures(Sample(outcomes))),
        seconds=seconds,
        peak_memory_mib=_peak_memory(),
    )


def _check_unique(keys: Sequence[str], what: str) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise ValueError(f"Two {what} have the key {key!r}; keys must be unique.")
        seen.add(key)


def _peak_memory() -> float:
    """Peak memory of the process in MiB.  The system counts bytes on macOS, KiB elsewhere."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak / (2**20 if sys.platform == "darwin" else 2**10))
