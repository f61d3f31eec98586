"""Runs a suite: task by task, in parallel where wanted, and on from where a run was cut off.

Each task that is done becomes one line of ``journal.jsonl`` at once, so that a process killed at
any moment loses only the tasks it was in the middle of.  When all are done, ``run.json`` holds the
whole run; it appears complete or not at all.
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
from evals.framework.results import ALL, InputFile, Measured, Outcome, Run, Suite, Task, by_group
from summarizer.domain.model import Model
from summarizer.errors import InputError

RUN = "run.json"
JOURNAL = "journal.jsonl"

SPEED = "outcomes per second"
"""The one figure that is measured on the run instead of on its outcomes."""


class Header(Model):
    """First line of a journal: what its outcomes are of."""

    suite: str
    version: Mapping[str, str]
    inputs: tuple[InputFile, ...]


class Entry(Model):
    """One task that is done.

    Args:
        task: its key.
        seconds: of wall-clock time since the task before it was done, or since the start of the
            sitting; they add up to the time of all sittings.
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
    """Do what is open of a suite's tasks, then measure.

    Args:
        suite: what to run.
        out: folder for the journal and ``run.json``, made when missing; ``None`` writes nothing.
        jobs: tasks that run at once, >= 1; outcomes are in the order of the tasks all the same.
        resume: take what the journal in ``out`` holds as done.
        on_progress: called with the tasks done and all tasks: at the start, then after each.
        now: when the run was made.

    Raises:
        InputError: ``out`` holds an unfinished run and ``resume`` is off; or ``resume`` is on and
            the journal is damaged, or of another suite, version or data.
    """
    tasks = _tasks(suite)
    header = Header(suite=suite.name, version=dict(suite.version), inputs=tuple(suite.inputs))
    entries = {} if out is None else _earlier(out, header, tasks, resume)
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
    made = _whole(suite, [entries[task.key] for task in tasks], now)
    if out is not None:
        replace(out / RUN, made.model_dump_json(indent=1) + "\n")
    return made


def load(path: Path) -> Run:
    """A run as it was written: ``run.json``, or the folder it is in.

    Raises:
        InputError: it is not there or is no run.
    """
    file = path / RUN if path.is_dir() else path
    try:
        return Run.model_validate_json(file.read_bytes())
    except OSError as error:
        raise InputError(
            f"{file} cannot be read: {error.strerror}. Name the {RUN} of a run, or its folder."
        ) from error
    except ValidationError as error:
        raise InputError(f"{file} holds no run of an eval suite: {_first(error)}.") from error


def replace(path: Path, text: str) -> None:
    """Write a file so that a reader finds the old text or all of the new, never a part."""
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def measured(suite: Suite, outcomes: Sequence[Outcome]) -> Iterator[Measured]:
    """Every figure with its interval: of all outcomes, then of each group as they first come."""
    for group, members in {ALL: list(outcomes), **by_group(outcomes)}.items():
        ends = intervals(members, suite.measure)
        for name, value in suite.measure(Sample(members)).items():
            low, high = ends.get(name, (None, None))
            defined = math.isfinite(value)
            yield Measured(
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
    _unique([task.key for task in tasks], f"tasks of the suite {suite.name!r}")
    return tasks


def _judged(tasks: Sequence[Task], jobs: int) -> Iterator[tuple[Task, tuple[Outcome, ...]]]:
    """Tasks with their outcomes as they finish; an error comes after what was still running."""
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


def _whole(suite: Suite, entries: Sequence[Entry], now: datetime) -> Run:
    outcomes = tuple(outcome for entry in entries for outcome in entry.outcomes)
    _unique([outcome.key for outcome in outcomes], f"outcomes of the suite {suite.name!r}")
    seconds = sum(entry.seconds for entry in entries)
    figures = list(measured(suite, outcomes))
    if outcomes and seconds > 0:
        speed = len(outcomes) / seconds
        figures.append(Measured(group=ALL, name=SPEED, value=speed, n=len(outcomes)))
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


def _unique(keys: Sequence[str], what: str) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise ValueError(f"Two {what} have the key {key!r}; keys must be unique.")
        seen.add(key)


def _peak_memory() -> float:
    """MiB; the unit of the figure the system gives is bytes on macOS and KiB elsewhere."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak / (2**20 if sys.platform == "darwin" else 2**10))


# --- The journal -------------------------------------------------------------------------------


def _earlier(out: Path, header: Header, tasks: Sequence[Task], resume: bool) -> dict[str, Entry]:
    """What earlier sittings did; a last line that was cut off is dropped from the file."""
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
    _same(_read(Header, lines[0], path, 1), header, path)
    entries = {}
    for number, line in enumerate(lines[1:], start=2):
        entry = _read(Entry, line, path, number)
        entries[entry.task] = entry
    if unknown := sorted(entries.keys() - {task.key for task in tasks}):
        raise InputError(f"{path} has a task {unknown[0]!r} that the suite lacks. {_MEND}")
    return entries


def _journal(out: Path, header: Header, resume: bool) -> BinaryIO:
    """The journal open for appending, with its header; a run that starts anew empties it."""
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
        raise InputError(f"{path}:{number} is damaged: {_first(error)}. {_MEND}") from error


_MEND = "Delete it to start anew, or name another folder with --out."


def _same(there: Header, here: Header, path: Path) -> None:
    """Refuse to go on with outcomes of something else."""
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


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    return f"{'.'.join(map(str, first['loc'])) or 'text'}: {first['msg']}"
