"""Types of an eval suite: tasks, outcomes, measurements, figures and the run.

A **suite** is a list of tasks; a task judges something and returns **outcomes**.  Every reported
figure is a pure function of outcomes.  A run can therefore be resumed, two runs can be compared
outcome by outcome, and intervals come from resampled outcomes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from pydantic import Field, field_validator

from evals.framework.records import Record
from summarizer.domain.model import Model
from summarizer.errors import ModelError

Better = Literal["higher", "lower"]

ALL = "all"
"""Name of the group of all outcomes."""


class Outcome(Model):
    """One judged case.

    Args:
        key: unique within a run, made from the content of what was judged (``keys``), so that runs
            of the same rows pair and runs of other rows do not.
        cluster: name shared by outcomes that are not independent (one source document, one story);
            resampling keeps them together.
        group: unit of the report: a file, a kind of fault, a section.
        values: values by name; ``None`` if unjudged, which is counted, never dropped.
        note: text for a reader of the report, such as the sentence that was missed.
        place: where a reader finds it: file and row, or story.
        record: the texts behind it, which stand in a file of their own beside the run.
    """

    key: str
    cluster: str
    group: str
    values: Mapping[str, float | None]
    note: str | None = None
    place: str = ""
    record: Record | None = Field(default=None, exclude=True, repr=False)


@dataclass(frozen=True)
class Task:
    """One step of a suite; a resumed run skips the finished ones.

    Args:
        key: unique within the suite, the same in every run of the same data.
        judge: called once a run, possibly from another thread; more often if it raises and
            ``failed`` is given.
        failed: the outcomes of a task that raised ``ModelError`` at every try; ``None`` where such
            an error ends the run.
    """

    key: str
    judge: Callable[[], Sequence[Outcome]]
    failed: Callable[[ModelError], Sequence[Outcome]] | None = None


class Line(Model):
    """Named line of a plot: points (x, y) in drawing order."""

    name: str
    points: tuple[tuple[float, float], ...]


class Bar(Model):
    """Bar of a plot, with the ends of its interval if it has one."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None


class Dot(Model):
    """Named point of a plot, with the ends of its intervals along both axes if it has them."""

    name: str
    x: float
    y: float
    x_low: float | None = None
    x_high: float | None = None
    y_low: float | None = None
    y_high: float | None = None


class Figure(Model):
    """Content of a plot: lines, dots, bars.  The y axis of lines and dots runs from 0 to 1.

    Args:
        x_span: ends of the x axis.
        diagonal: draw x = y: chance in a ROC plot, perfect calibration.
    """

    title: str
    x_label: str = ""
    y_label: str = ""
    lines: tuple[Line, ...] = ()
    dots: tuple[Dot, ...] = ()
    bars: tuple[Bar, ...] = ()
    diagonal: bool = False
    x_span: tuple[float, float] = (0.0, 1.0)


class InputFile(Model):
    """Input of a run: file name without folder, SHA-256 and number of rows."""

    name: str
    sha256: str
    rows: int


class Measurement(Model):
    """A figure of one group with the ends of its 95% interval; ``None`` if undefined.

    The name ``checks: F1`` means the figure ``F1`` of the part ``checks``.

    Args:
        group: name of the group; ``all`` for all outcomes.
        n: number of outcomes in the group.
        better: better direction; ``None`` for a description.
    """

    group: str
    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int
    better: Better | None = None

    @property
    def part(self) -> str:
        """Name of the part; empty for the whole."""
        return self.name.rpartition(": ")[0]

    @property
    def figure(self) -> str:
        """The name without the part."""
        return self.name.rpartition(": ")[2]


def by_part(measured: Iterable[Measurement]) -> list[dict[str, dict[str, Measurement]]]:
    """Tables of the parts of one group, part by figure; parts with equal figures share a table."""
    parts: dict[str, dict[str, Measurement]] = {}
    for one in measured:
        if one.part:
            parts.setdefault(one.part, {})[one.figure] = one
    tables: dict[tuple[str, ...], dict[str, dict[str, Measurement]]] = {}
    for part, figures in parts.items():
        tables.setdefault(tuple(figures), {})[part] = figures
    return list(tables.values())


def by_group(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    """Outcomes by group, in the order of their first."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.group, []).append(outcome)
    return groups


class Run(Model):
    """A finished run of a suite.

    Args:
        version: what made it, by part: code, weights, thresholds, gate, prompts, model.
        seconds: wall-clock time of judging, over all sittings of a resumed run.
        peak_memory_mib: peak memory of the process, MiB.
        incomplete: why tasks were left open, and how many; ``None`` for a whole run.
    """

    suite: str
    created_at: datetime
    version: Mapping[str, str]
    inputs: tuple[InputFile, ...]
    outcomes: tuple[Outcome, ...]
    measured: tuple[Measurement, ...]
    figures: tuple[Figure, ...] = ()
    seconds: float
    peak_memory_mib: float
    incomplete: str | None = None

    @field_validator("outcomes", mode="before")
    @classmethod
    def _from_columns(cls, given: Any) -> Any:
        """Outcomes as a baseline keeps them, one column a field and value."""
        if not isinstance(given, dict):
            return given
        fields = {name: given[name] for name in ("key", "cluster", "group")}
        values = given["values"]
        return [
            {name: column[row] for name, column in fields.items()}
            | {"values": {name: column[row] for name, column in values.items()}}
            for row in range(len(fields["key"]))
        ]


class Suite(Protocol):
    """An eval that can be run, reported and compared."""

    @property
    def name(self) -> str:
        """Name of the command after ``summarizer eval``."""
        ...

    @property
    def version(self) -> Mapping[str, str]:
        """Names and versions of the judged parts."""
        ...

    @property
    def inputs(self) -> Sequence[InputFile]:
        """Input files."""
        ...

    @property
    def better(self) -> Mapping[str, Better]:
        """Better direction of each figure that has one."""
        ...

    @property
    def margins(self) -> Mapping[str, float]:
        """Largest accepted loss of each figure that gates, in its unit; no other figure gates."""
        ...

    def tasks(self) -> Iterable[Task]:
        """Tasks in order."""
        ...

    def measure(self, outcomes: Sequence[Outcome]) -> Mapping[str, float]:
        """All figures of some outcomes, in the order of a report; ``nan`` if undefined.

        Pure and fast: it is called for each group, for all outcomes, and for hundreds of resamples
        of both, in which outcomes repeat.
        """
        ...

    def figures(self, outcomes: Sequence[Outcome]) -> Sequence[Figure]:
        """Plots over all outcomes of a run."""
        ...
