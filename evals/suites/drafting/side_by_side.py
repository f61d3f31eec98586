"""Variants side by side: a table of figures, paired differences from the first, and one plot."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from rich.table import Table

from evals.framework import report, versions
from evals.framework.compare import Difference, compare
from evals.framework.confidence import MIN_CLUSTERS
from evals.framework.estimates import holm
from evals.framework.gate import CHANCE
from evals.framework.results import ALL, Measurement, Run
from evals.framework.tables import format_figure
from evals.suites.drafting import cost
from evals.suites.drafting.metrics import (
    BETTER,
    COST,
    ERRORS,
    LATENCIES,
    TOKENS,
    measure_drafting,
)

QUALITY = "faithfulness"
"""Figure on the plot."""

COMPARED = (
    QUALITY,
    "faithfulness_as_drafted",
    "overruled",
    "coverage",
    "citation_precision",
    "citation_recall",
    "quote_exactness",
    "timeline_dates",
    "withheld",
    "abstention",
    ERRORS,
    TOKENS,
    COST,
)
"""Figures with a paired difference."""

SHOWN = (*COMPARED, *LATENCIES)


@dataclass(frozen=True)
class Grid:
    """A table of text: a header, rows, and a note below."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str

    def terminal(self) -> Table:
        """For a terminal."""
        table = Table(title=self.title, title_justify="left", caption=self.note)
        table.caption_justify = "left"
        for place, name in enumerate(self.header):
            heading = name.replace("@", "\n@")
            table.add_column(heading, overflow="fold", no_wrap=not place)
        for row in self.rows:
            table.add_row(*row)
        return table

    def markdown(self) -> str:
        """In Markdown."""
        lines = [self.header, ("---",) * len(self.header), *self.rows]
        table = "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)
        return f"## {self.title}\n\n{table}\n\n{self.note}\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


@dataclass(frozen=True)
class SideBySide:
    """Runs of variants on the drafts that all of them have.

    Args:
        runs: by name of the variant, the first the one to compare with, each with the same drafts.
        left_out: drafts that another variant lacks, over all runs.
        unpriced: whether a model has no price.
    """

    runs: Mapping[str, Run]
    left_out: int
    unpriced: bool

    @property
    def stories(self) -> int:
        """Number of stories that each variant drafted."""
        return len({outcome.cluster for outcome in next(iter(self.runs.values())).outcomes})

    @classmethod
    def of(cls, runs: Mapping[str, Run]) -> SideBySide:
        """The runs, cut to the drafts that all have.

        Raises:
            InputError: they have no draft in common.
        """
        common = cost.shared(runs)
        cut = {
            name: run.model_copy(update={"outcomes": tuple(common[name])})
            for name, run in runs.items()
        }
        left_out = sum(len(run.outcomes) - len(common[name]) for name, run in runs.items())
        costs = [outcome.values[COST] for run in cut.values() for outcome in run.outcomes]
        return cls(cut, left_out, unpriced=None in costs)

    def figures(self) -> Grid:
        """A row for each figure, a column for each variant."""
        found = {name: _measured(run) for name, run in self.runs.items()}
        rows = [
            (_named(figure), *(self._value(measured[figure]) for measured in found.values()))
            for figure in SHOWN
        ]
        outcomes = next(iter(self.runs.values())).outcomes
        note = (
            f"Each variant: {len(outcomes)} drafts of {self.stories} stories. Means with 95% "
            "intervals over stories; seconds of a draft. ↑ higher is better, ↓ lower."
        )
        if self.left_out:
            note += f" {self.left_out} drafts that another variant lacks are left out."
        return Grid("Variants", ("figure", *self.runs), tuple(rows), note)

    def differences(self) -> Grid | None:
        """Paired differences from the first variant, figure by figure; ``None`` without others."""
        first, *others = self.runs
        if not others:
            return None
        found = {
            (name, d.name): d
            for name in others
            for d in compare(self.runs[first], self.runs[name], measure_drafting, (ALL,))
            if d.name in COMPARED
        }
        tested = {f"{name}\n{figure}": d.p_value for (name, figure), d in found.items()}
        adjusted = holm({key: p for key, p in tested.items() if p is not None})
        rows = [
            (
                _named(figure),
                *(
                    self._difference(found[name, figure], adjusted.get(f"{name}\n{figure}"))
                    for name in others
                ),
            )
            for figure in COMPARED
        ]
        note = (
            f"Paired by draft, less {first}, with 95% intervals over stories. Better and worse: "
            f"p < {CHANCE:g}, adjusted by Holm's method for all cells of this table; unclear: only "
            "before that."
        )
        if self.stories < MIN_CLUSTERS:
            note = (
                f"Paired by draft, less {first}. {self.stories} stories are too few to tell "
                f"anything: from {MIN_CLUSTERS} on a difference has an interval."
            )
        return Grid(f"Difference from {first}", ("figure", *others), tuple(rows), note)

    def page(self, incomplete: str | None) -> str:
        """The report as an HTML document."""
        x = TOKENS if self.unpriced else COST
        differ = versions.differences({name: run.version for name, run in self.runs.items()})
        parts = [(part, *by_run.values()) for part, by_run in differ.items()]
        grids = [self.figures(), self.differences()]
        if parts:
            note = "All else is the same."
            grids.append(Grid("What differs", ("part", *self.runs), tuple(parts), note))
        return report.page(
            "side_by_side.html.j2",
            cost.figures(self.runs, x, (QUALITY,)),
            grids=[grid for grid in grids if grid is not None],
            runs=self.runs,
            incomplete=incomplete,
        )

    def markdown(self, incomplete: str | None) -> str:
        """The tables in Markdown."""
        grids = (self.figures(), self.differences())
        texts = [grid.markdown() for grid in grids if grid is not None]
        return "\n".join([f"Incomplete: {incomplete}.\n", *texts] if incomplete else texts)

    def _value(self, measured: Measurement) -> str:
        if measured.name == COST and self.unpriced and measured.value is None:
            return "no price"
        return _money(measured) if measured.name == COST else format_figure(measured)

    def _difference(self, d: Difference, p_value: float | None) -> str:
        if d.difference is None:
            return "–"
        change = f"{d.difference:+.{_digits(d.name, d.difference)}f}"
        if d.low is not None and d.high is not None:
            digits = _digits(d.name, max(abs(d.low), abs(d.high)))
            change += f" [{d.low:+.{digits}f}, {d.high:+.{digits}f}]"
        return f"{change} {_word(d, p_value)}" if self.stories >= MIN_CLUSTERS else change


def _word(d: Difference, p_value: float | None) -> str:
    """What a difference with that adjusted p value shows; it has none where all stories agree, or
    where too few have the figure."""
    if not d.difference:
        return "no difference"
    if p_value is None:
        return "too few to tell"
    if p_value >= CHANCE:
        return "unclear" if d.direction else "no difference shown"
    return "better" if (d.difference > 0) == (BETTER[d.name] == "higher") else "worse"


def _measured(run: Run) -> dict[str, Measurement]:
    values, ends = cost.estimated(run.outcomes)
    return {
        name: Measurement(
            group=ALL,
            name=name,
            value=float(value) if math.isfinite(value) else None,
            low=ends.get(name, (None, None))[0],
            high=ends.get(name, (None, None))[1],
            n=len(run.outcomes),
        )
        for name, value in values.items()
    }


def _named(figure: str) -> str:
    arrow = {"higher": " ↑", "lower": " ↓", None: ""}[BETTER.get(figure)]
    return f"{figure}{arrow}"


def _digits(figure: str, size: float) -> int:
    """Decimals of a difference: money is small, tokens are many."""
    if figure == COST:
        return 4
    return 3 if abs(size) < 10 else 0


def _money(measured: Measurement) -> str:
    """``0.0123 [0.0101, 0.0145]``: a draft may cost less than a hundredth."""
    if measured.value is None:
        return "–"
    if measured.low is None or measured.high is None:
        return f"{measured.value:.4f}"
    return f"{measured.value:.4f} [{measured.low:.4f}, {measured.high:.4f}]"
