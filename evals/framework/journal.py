"""The journal of a run: finished tasks, one a line, behind a line that says what is run.

A task's outcomes and records are appended together: a killed process loses only the tasks in
progress, and none by half.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, takewhile
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from pydantic import ValidationError

from evals.framework.records import RECORDS, Record
from evals.framework.results import InputFile, Outcome, Task
from summarizer.domain.model import Model
from summarizer.errors import InputError

JOURNAL = "journal.jsonl"

RUN = "run.json"
"""A journal without it beside is one that was cut off."""


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
        records: of its outcomes.
        failed: whether its model failed at every try; a resumed run tries it again.
    """

    task: str
    outcomes: tuple[Outcome, ...]
    seconds: float
    records: tuple[Record, ...] = ()
    failed: bool = False

    @property
    def bare(self) -> Entry:
        """The entry without records, which may be too many to hold."""
        return self.model_copy(update={"records": ()})


Line = TypeVar("Line", Header, Entry)


def entry(task: str, outcomes: Sequence[Outcome], seconds: float, failed: bool) -> Entry:
    """The entry of a task, with the records of its outcomes apart."""
    records = tuple(outcome.record for outcome in outcomes if outcome.record is not None)
    bare = tuple(outcome.model_copy(update={"record": None}) for outcome in outcomes)
    return Entry(task=task, outcomes=bare, seconds=seconds, records=records, failed=failed)


def resumed(
    out: Path, header: Header, tasks: Sequence[Task], resume: bool, whole: bool
) -> dict[str, Entry]:
    """Finished tasks of earlier sittings, without records; an incomplete last line is ignored.

    Args:
        out: folder of the run.
        header: of the run that is to go on.
        tasks: its tasks.
        resume: whether it goes on, or starts anew.
        whole: whether a finished run with all of its tasks stands beside the journal.

    Raises:
        InputError: ``out`` holds an unfinished run and ``resume`` is off; or ``resume`` is on and
            the journal is damaged, or of another suite, version or data.
    """
    path = out / JOURNAL
    if not resume:
        done = sum(1 for _ in _whole_lines(path)) - 1
        if done > 0 and not whole:
            raise InputError(
                f"{path} holds {done} finished tasks of a run that was cut off. Go on with it by "
                "--resume, delete the file, or name another folder with --out."
            )
        return {}
    entries = {}
    for number, line in enumerate(_whole_lines(path), start=1):
        if number == 1:
            _check_same(_read(Header, line, path, number), header, path)
        else:
            done_before = _read(Entry, line, path, number)
            entries[done_before.task] = done_before.bare
    if unknown := sorted(entries.keys() - {task.key for task in tasks}):
        raise InputError(f"{path} has a task {unknown[0]!r} that the suite lacks. {_MEND}")
    return {key: entry for key, entry in entries.items() if not entry.failed}


def opened(out: Path, header: Header, resume: bool) -> BinaryIO:
    """The journal open for appending, with its header; emptied unless the run resumes."""
    out.mkdir(parents=True, exist_ok=True)
    for stale in (RUN, RECORDS):
        (out / stale).unlink(missing_ok=True)
    path = out / JOURNAL
    kept = sum(len(line) for line in _whole_lines(path)) if resume else 0
    journal = path.open("ab")
    journal.truncate(kept)
    if not kept:
        append(journal, header)
    return journal


def append(journal: BinaryIO | None, line: Header | Entry) -> None:
    """Write one line at once; nothing without a journal."""
    if journal is not None:
        journal.write(line.model_dump_json().encode() + b"\n")
        journal.flush()


def records_of(out: Path) -> Iterator[Mapping[str, Any]]:
    """Records of the finished tasks, as JSON has them."""
    for line in islice(_whole_lines(out / JOURNAL), 1, None):
        yield from json.loads(line).get("records", ())


def _whole_lines(path: Path) -> Iterator[bytes]:
    """Lines up to the first that was cut off, one at a time: records make them long."""
    if path.exists():
        with path.open("rb") as lines:
            yield from takewhile(lambda line: line.endswith(b"\n"), lines)


def _read(kind: type[Line], line: bytes, path: Path, number: int) -> Line:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        raise InputError(f"{path}:{number} is damaged: {first_error(error)}. {_MEND}") from error


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


def first_error(error: ValidationError) -> str:
    """The first fault of a text that fits no model: where, and what."""
    first = error.errors(include_url=False)[0]
    return f"{'.'.join(map(str, first['loc'])) or 'text'}: {first['msg']}"
