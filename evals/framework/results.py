"""What an eval suite produces: outcomes, and what is measured on them.

A **suite** is a list of tasks; a task judges something and returns **outcomes**.  Everything that
is reported is a pure function of outcomes, so that an interrupted run can go on, two runs can be
compared outcome by outcome, and an interval can be had by drawing clusters of outcomes again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from summarizer.domain.model import Model

Better = Literal["higher", "lower"]

ALL = "all"
"""Name of the group of all outcomes."""


class Outcome(Model):
    """One thing that was judged.

    Args:
        key: unique within a run, and the same in every run of the same data.
        cluster: outcomes with the same cluster are not independent (one source document, one
            story); resampling keeps them together.
        group: what is reported apart: a file, a kind of fault, a section.
        values: figures by name; ``None`` where something could not be judged, which is counted and
            never dropped.
        note: what a person who reads the report should see of it, such as the sentence that was
            missed.
    """

    key: str
    cluster: str
    group: str
    values: Mapping[str, float | None]
    note: str | None = None


@dataclass(frozen=True)
class Task:
    """One step of a suite, done or not done: a run that was cut off resumes at the first open one.

    Args:
        key: unique within the suite, and the same in every run of the same data.
        judge: does the work; called at most once a run, perhaps from another thread.
    """

    key: str
    judge: Callable[[], Sequence[Outcome]]


class Line(Model):
    """One named line or cloud of a plot as points (x, y) in drawing order."""

    name: str
    points: tuple[tuple[float, float], ...]


class Bar(Model):
    """One bar with the ends of its interval, where there is one."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None


class Figure(Model):
    """One plot: lines over x and y from 0 to 1, or bars from 0 to 1.

    Args:
        x_span: ends of the axis across where it is another: of the lines' x, or of the bars.
        diagonal: whether the line x = y is drawn (chance in a ROC plot, honesty in a calibration).
    """

    title: str
    x_label: str = ""
    y_label: str = ""
    lines: tuple[Line, ...] = ()
    bars: tuple[Bar, ...] = ()
    diagonal: bool = False
    x_span: tuple[float, float] = (0.0, 1.0)


class InputFile(Model):
    """A file that was read: its name without the folder, its SHA-256 and its rows."""

    name: str
    sha256: str
    rows: int


class Measured(Model):
    """One figure with the ends of its 95% interval; ``None`` where there is nothing to measure.

    A name such as ``checks: AUC`` tells of a **part** of what is judged, here of the checks alone.

    Args:
        group: the group it was measured on, ``all`` for every outcome together.
        n: outcomes in the group.
        better: which way is better, ``None`` for a mere description.
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
        """The part it tells of; nothing where it tells of the whole."""
        return self.name.rpartition(": ")[0]

    @property
    def figure(self) -> str:
        """The name without the part."""
        return self.name.rpartition(": ")[2]


def by_part(measured: Iterable[Measured]) -> list[dict[str, dict[str, Measured]]]:
    """Tables of the parts of one group: of those that have the same figures, part by figure."""
    parts: dict[str, dict[str, Measured]] = {}
    for one in measured:
        if one.part:
            parts.setdefault(one.part, {})[one.figure] = one
    tables: dict[tuple[str, ...], dict[str, dict[str, Measured]]] = {}
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
    """One run of a suite, whole: what a report is rendered from and what runs are compared by.

    Args:
        version: of what was judged: names and versions of verifier, drafter, model and prompts.
        seconds: wall-clock time that judging took, over all sittings of a resumed run.
        peak_memory_mib: most memory that the process held, MiB.
    """

    suite: str
    created_at: datetime
    version: Mapping[str, str]
    inputs: tuple[InputFile, ...]
    outcomes: tuple[Outcome, ...]
    measured: tuple[Measured, ...]
    figures: tuple[Figure, ...] = ()
    seconds: float
    peak_memory_mib: float


class Suite(Protocol):
    """What can be run, reported and compared."""

    @property
    def name(self) -> str:
        """The word after ``summarizer eval``."""
        ...

    @property
    def version(self) -> Mapping[str, str]:
        """Names and versions of what is judged."""
        ...

    @property
    def inputs(self) -> Sequence[InputFile]:
        """The files that are read."""
        ...

    @property
    def better(self) -> Mapping[str, Better]:
        """Which way is better, for the measures of which one can say so."""
        ...

    def tasks(self) -> Iterable[Task]:
        """What is to be done, in order."""
        ...

    def measure(self, outcomes: Sequence[Outcome]) -> Mapping[str, float]:
        """All figures of some outcomes, in the order of a report; ``nan`` where undefined.

        Called for each group, for all outcomes, and for hundreds of resamples of both, in which
        one outcome may stand several times: pure and quick.
        """
        ...

    def figures(self, outcomes: Sequence[Outcome]) -> Sequence[Figure]:
        """Plots of all outcomes of a run."""
        ...
