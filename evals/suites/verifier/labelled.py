"""Labelled claims for the verifier suite: from files, or from the records of an earlier run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from evals.datasets import read_groups
from evals.framework.keys import content_key, told_apart
from evals.framework.records import Record
from evals.framework.results import InputFile, Run
from evals.suites.verifier.rows import Row, read_labelled


@dataclass(frozen=True)
class Case:
    """A labelled claim under the key of its outcome.

    Args:
        group: its file, by ``group_of``.
        place: its file and row, for a reader.
    """

    key: str
    group: str
    place: str
    row: Row


@dataclass(frozen=True)
class Labelled:
    """Labelled claims and where they are from.

    Args:
        cases: file by file.
        inputs: the files.
        version: what a run says of them: the fields that were read, or the run that held them.
    """

    cases: tuple[Case, ...]
    inputs: tuple[InputFile, ...]
    version: Mapping[str, str] = field(default_factory=dict)


def repeats(cases: Sequence[Case]) -> tuple[int, int]:
    """Number of rows that stand before with their label, and of those that stand with both labels.

    Rows are the same by claim and sources.
    """
    labels: dict[tuple[str, tuple[str, ...]], Counter[int]] = {}
    for case in cases:
        labels.setdefault((case.row.claim, case.row.texts), Counter())[case.row.label] += 1
    twice = sum(n - 1 for counts in labels.values() for n in counts.values())
    return twice, sum(counts.total() for counts in labels.values() if len(counts) > 1)


def of_files(files: Sequence[Path], names: Mapping[str, str] = MappingProxyType({})) -> Labelled:
    """The rows of files.

    Args:
        files: JSON Lines, CSV or Parquet, gzipped or not; each is a report group.
        names: fields of the files by what they hold, where they have other names.

    Raises:
        InputError: a file cannot be read, holds no rows or a malformed one, or two have one name.
    """
    groups, inputs = read_groups(files, lambda path: list(read_labelled(path, names)))
    every = (row for rows in groups.values() for row in rows)
    keys = iter(told_apart(content_key(row.claim, row.label, row.texts) for row in every))
    cases = tuple(
        Case(next(keys), group, f"{group}:{number}", row)
        for group, rows in groups.items()
        for number, row in enumerate(rows, start=1)
    )
    fields = ",".join(f"{what}={name}" for what, name in names.items())
    return Labelled(cases, inputs, {"fields": fields} if fields else {})


def of_run(run: Run, records: Mapping[str, Record], version: Mapping[str, str]) -> Labelled:
    """The rows that a run judged, under the keys of its outcomes.

    Args:
        run: the run.
        records: its records by key.
        version: what the new run says of the one that held them.
    """
    cases = tuple(
        Case(outcome.key, outcome.group, outcome.place, _row(records[outcome.key]))
        for outcome in run.outcomes
    )
    fields = {name: run.version[name] for name in ("fields",) if name in run.version}
    return Labelled(cases, run.inputs, fields | dict(version))


def _row(record: Record) -> Row:
    claim = record.claim
    assert claim is not None and claim.label is not None  # as this suite records them
    return Row(
        claim=claim.claim,
        label=claim.label,
        sources=claim.sources,
        section=claim.section,
        kind=claim.kind,
    )
