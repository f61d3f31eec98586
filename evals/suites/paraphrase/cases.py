"""Rows of the paraphrase suite under the keys of their outcomes: made of stories, or of the records
of an earlier run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path

from evals.datasets import Story, read_files
from evals.framework.keys import content_key, told_apart
from evals.framework.records import Record
from evals.framework.results import InputFile, Outcome, Run
from evals.suites.paraphrase.kinds import Kind, kinds
from evals.suites.paraphrase.rows import Row, rows
from summarizer.errors import InputError


@dataclass(frozen=True)
class Case:
    """A row with its key, and its place for a reader."""

    key: str
    place: str
    row: Row


@dataclass(frozen=True)
class StoryCases:
    """The rows of one story.

    Args:
        key: of the story.
        place: of the story, for a reader; unique.
        cases: makes them, when they are judged.
    """

    key: str
    place: str
    cases: Callable[[], list[Case]]


@dataclass(frozen=True)
class Cases:
    """Rows by story, and where they are from.

    Args:
        stories: in order.
        inputs: the files.
        version: what a run says of their origin, beside its files.
    """

    stories: tuple[StoryCases, ...]
    inputs: tuple[InputFile, ...]
    version: Mapping[str, str] = field(default_factory=dict)


def of_files(files: Sequence[Path]) -> Cases:
    """Rows made of the stories of files for ``evals.datasets``.

    Raises:
        InputError: a file cannot be read or is malformed, or two have one name.
    """
    stories, inputs = read_files(files)
    found = []
    for key, group, story in stories:
        place = f"{group}:{story.key}"
        found.append(StoryCases(key, place, partial(_made, story, key, place)))
    return Cases(tuple(found), inputs)


def _made(story: Story, key: str, place: str) -> list[Case]:
    made = rows(story, key)
    keys = told_apart(
        content_key(key, row.kind.name, row.wording, row.source, row.claim) for row in made
    )
    return [
        Case(own, f"{place}/{row.kind.name}/{row.wording + 1}", row)
        for own, row in zip(keys, made, strict=True)
    ]


def of_run(run: Run, records: Mapping[str, Record], version: Mapping[str, str]) -> Cases:
    """The rows that a run judged, under the keys of its outcomes.

    Args:
        run: the run.
        records: its records by key.
        version: what the new run says of the one that held them.

    Raises:
        InputError: a row is of a kind that is there no more.
    """
    known = {kind.name: kind for kind in kinds()}
    found = []
    for story, outcomes in groupby(run.outcomes, key=lambda outcome: outcome.cluster):
        cases = [Case(o.key, o.place, _row(o, records[o.key], known)) for o in outcomes]
        found.append(StoryCases(story, story, partial(list, cases)))
    return Cases(tuple(found), run.inputs, version)


def _row(outcome: Outcome, record: Record, known: Mapping[str, Kind]) -> Row:
    kind, claim = known.get(outcome.group), record.claim
    if kind is None:
        raise InputError(
            f"The run has rows of the kind {outcome.group!r}, which is there no more: run the "
            "suite again."
        )
    assert claim is not None  # as this suite records them
    wording = int(outcome.values["wording"] or 0)
    return Row(kind=kind, wording=wording, source=claim.sources[0][1], claim=claim.claim)
