"""Execution of a suite, task by task, in parallel if wanted, and resumable.

Each finished task is appended to ``journal.jsonl`` at once: a killed process loses only the tasks
in progress.  At the end ``run.json`` is written, whole or not at all.
"""

from __future__ import annotations

import math
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, TypeVar

from pydantic import ValidationError

from evals.framework.confidence import Sample, intervals
from evals.framework.results import ALL, InputFile, Measurement, Outcome, Run, Suite, Task, by_group
from summarizer.domain.model import Model
from summarizer.errors import InputError

RUN = "run.json"
JOURNAL = "journal.jsonl"

SPEED = "outcomes per second"
"""Name of the one figure that is measured on the run, not on its outcomes."""


class Header(Model):
    """First line of a journal: suite, version and inputs."""

    suite: str
    version: Mapping[str, str]
    inputs: tuple[InputFile, ...]


class Entry(Model):
    """A finished task.

    Args:
        task: key of the task.
        seconds: wall-clock time since the task before it, or since the start.  The sum is the time
            of the run, over all its sittings.
    """

    task: str
    outcomes: tuple[Outcome, ...]
    seconds: float


Line = TypeVar("Line", Header, Entry)


def run(
    suite: Suite,
    *,
    out: Path | None,
    jobs: int = 1,
    resume: bool,
    on_progress: Callable[[int, int], None],
    now: datetime,
) -> Run:
    """Run the open tasks of a suite, then measure.

    Args:
        suite: suite to run.
        out: folder for the journal and ``run.json``, created if missing; ``None`` writes nothing.
        jobs: number of parallel tasks, >= 1.  Outcomes keep the order of the tasks.
        resume: skip the tasks that the journal in ``out`` holds.
        on_progress: called with finished and all tasks, at the start and after each.
        now: time of the run.

    Raises:
        InputError: ``out`` holds an unfinished run and ``resume`` is off; or ``resume`` is on and
            the journal is damaged, or of another suite, version or data.
    """
    tasks = _tasks(suite)
    header = Header(suite=suite.name, version=dict(suite.version), inputs=tuple(suite.inputs))
    entries = {} if out is None else _resumed(out, header, tasks, resume)
    on_progress(len(entries), len(tasks))
    with ExitStack() as stack:
        journal = None if out is None else stack.enter_context(_journal(out, header, resume))
        started = time.perf_counter()
        for task, outcomes in _judged([t for t in tasks if t.key not in entries], jobs):
            before, started = started, time.perf_counter()
            entry = Entry(task=task.key, outcomes=outcomes, seconds=started - before)
            _append(journal, entry)
            entries[task.key] = entry
            on_progress(len(entries), len(tasks))
    made = _finished(suite, [entries[task.key] for task in tasks], now)
    if out is not None:
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
        raise InputError(f"{file} holds no run of an eval suite: {_first_error(error)}.") from error


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


# --- Judging -----------------------------------------------------------------------------------


def _tasks(suite: Suite) -> list[Task]:
    tasks = list(suite.tasks())
    _check_unique([task.key for task in tasks], f"tasks of the suite {suite.name!r}")
    return tasks


def _judged(tasks: Sequence[Task], jobs: int) -> Iterator[tuple[Task, tuple[Outcome, ...]]]:
    """Tasks with their outcomes as they finish.  An error is raised after the running tasks end."""
    if jobs <= 1:
        for task in tasks:
            yield task, tuple(task.judge())
        return
    pool = ThreadPoolExecutor(jobs)
    try:
        futures = {pool.submit(task.judge): task for task in tasks}
        failed: BaseException | None = None
        for future in as_completed(futures):
            if future.cancelled():
                continue
            if error := future.exception():
                failed = failed or error
                _cancel(futures)
            else:
                yield futures[future], tuple(future.result())
        if failed is not None:
            raise failed
    finally:
        pool.shutdown(cancel_futures=True)


def _cancel(futures: Mapping[Future[Sequence[Outcome]], Task]) -> None:
    for future in futures:
        future.cancel()


def _finished(suite: Suite, entries: Sequence[Entry], now: datetime) -> Run:
    outcomes = tuple(outcome for entry in entries for outcome in entry.outcomes)
    _check_unique([outcome.key for outcome in outcomes], f"outcomes of the suite {suite.name!r}")
    seconds = sum(entry.seconds for entry in entries)
    figures = list(measured(suite, outcomes))
    if outcomes and seconds > 0:
        speed = len(outcomes) / seconds
        figures.append(Measurement(group=ALL, name=SPEED, value=speed, n=len(outcomes)))
    return Run(
        suite=suite.name,
        created_at=now,
        version=dict(suite.version),
        inputs=tuple(suite.inputs),
        outcomes=outcomes,
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


# --- The journal -------------------------------------------------------------------------------


def _resumed(out: Path, header: Header, tasks: Sequence[Task], resume: bool) -> dict[str, Entry]:
    """Finished tasks of earlier sittings; an incomplete last line is ignored."""
    path = out / JOURNAL
    lines = _whole_lines(path)
    if not resume:
        if len(lines) > 1 and not (out / RUN).exists():
            raise InputError(
                f"{path} holds {len(lines) - 1} finished tasks of a run that was cut off. Go on "
                "with it by --resume, delete the file, or name another folder with --out."
            )
        return {}
    if not lines:
        return {}
    _check_same(_read(Header, lines[0], path, 1), header, path)
    entries = {}
    for number, line in enumerate(lines[1:], start=2):
        entry = _read(Entry, line, path, number)
        entries[entry.task] = entry
    if unknown := sorted(entries.keys() - {task.key for task in tasks}):
        raise InputError(f"{path} has a task {unknown[0]!r} that the suite lacks. {_MEND}")
    return entries


def _journal(out: Path, header: Header, resume: bool) -> BinaryIO:
    """The journal open for appending, with its header; emptied unless the run resumes."""
    out.mkdir(parents=True, exist_ok=True)
    # A journal without a run beside it is one that was cut off.
    (out / RUN).unlink(missing_ok=True)
    path = out / JOURNAL
    kept = sum(len(line) for line in _whole_lines(path)) if resume else 0
    journal = path.open("ab")
    journal.truncate(kept)
    if not kept:
        _append(journal, header)
    return journal


def _append(journal: BinaryIO | None, line: Header | Entry) -> None:
    if journal is not None:
        journal.write(line.model_dump_json().encode() + b"\n")
        journal.flush()


def _whole_lines(path: Path) -> list[bytes]:
    if not path.exists():
        return []
    return [line for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]


def _read(kind: type[Line], line: bytes, path: Path, number: int) -> Line:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        raise InputError(f"{path}:{number} is damaged: {_first_error(error)}. {_MEND}") from error


_MEND = "Delete it to start anew, or name another folder with --out."


def _check_same(there: Header, here: Header, path: Path) -> None:
    """Refuse to resume a run of another suite, version or input."""
    differ = []
    if there.suite != here.suite:
        differ.append(f"the suite was {there.suite!r} and is {here.suite!r}")
    for name in sorted(there.version.keys() | here.version.keys()):
        was, now = there.version.get(name), here.version.get(name)
        if was != now:
            differ.append(f"the version of {name} was {was} and is {now}")
    was_inputs, now_inputs = ({f.name: f for f in h.inputs} for h in (there, here))
    for name in sorted(was_inputs.keys() | now_inputs.keys()):
        if name not in now_inputs:
            differ.append(f"{name} was read and is not named now")
        elif name not in was_inputs:
            differ.append(f"{name} was not read and is named now")
        elif was_inputs[name].sha256 != now_inputs[name].sha256:
            differ.append(f"{name} has changed")
    if differ:
        raise InputError(f"{path} is of another run: {'; '.join(differ)}. {_MEND}")


def _first_error(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    return f"{'.'.join(map(str, first['loc'])) or 'text'}: {first['msg']}"
