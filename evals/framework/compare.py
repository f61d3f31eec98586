"""Two runs side by side, a run against the accepted baseline, and a run against bars.

A **baseline** is a run without outcomes and plots, kept under ``evals/baselines`` by the name of
its suite.  It speaks for its own data, drafter and model only: runs of others are never held
against it unbidden.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from evals.framework.confidence import Interval, Measure, Sample, draws, percentiles
from evals.framework.results import ALL, Better, InputFile, Measured, Outcome, Run, Suite
from evals.framework.runner import replace
from summarizer.domain.model import Model
from summarizer.errors import InputError

BASELINES = Path(__file__).resolve().parents[1] / "baselines"
"""Where accepted baselines are."""

LEAST_TOLERANCE = 0.01
"""What a figure may always fall behind its baseline, in its own unit: intervals of thousands of
outcomes get so narrow that a change nobody would notice lies outside."""


class Difference(Model):
    """One figure of two runs on the outcomes that both have, and how sure its difference is.

    Args:
        a: the figure in the first run; ``None`` where there is nothing to measure.
        b: in the second.
        difference: ``b - a``.
        low: lower end of the 95% interval of the difference, ``None`` with too few clusters.
        high: upper end.
        n: outcomes of the group that both runs have, on which all of this is measured.
        only_a: outcomes of the group that only the first run has, which are not.
        only_b: the same for the second.
    """

    group: str
    name: str
    a: float | None
    b: float | None
    difference: float | None
    low: float | None = None
    high: float | None = None
    n: int
    only_a: int
    only_b: int
    better: Better | None = None

    @property
    def says(self) -> str:
        """``better`` or ``worse`` where 0 lies outside the interval, else nothing."""
        if self.low is None or self.high is None or self.low <= 0 <= self.high:
            return ""
        if self.better is None:
            return "differs"
        return "better" if (self.low > 0) == (self.better == "higher") else "worse"


class Bar(Model):
    """What a figure must reach: at least the value, or at most where lower is better."""

    name: str
    value: float
    group: str = ALL


class Regression(Model):
    """A figure that fell behind its baseline by more than the tolerance.

    Args:
        was: in the baseline.
        now: in the run; ``None`` where it could not be measured or is gone.
        tolerance: what it might have fallen behind.
    """

    group: str
    name: str
    was: float
    now: float | None
    tolerance: float

    def __str__(self) -> str:
        now = "not measured" if self.now is None else f"{self.now:.3f}"
        return (
            f"{self.name} of {self.group}: {now}, baseline {self.was:.3f}, "
            f"tolerance {self.tolerance:.3f}"
        )


# --- Two runs ----------------------------------------------------------------------------------


def compare(a: Run, b: Run, suite_measure: Measure) -> tuple[Difference, ...]:
    """The second run against the first, outcome by outcome.

    Both are measured again on the outcomes whose keys they share; the rest is counted.  Each draw
    takes the same clusters of both, so that what is hard for both cancels out.

    Args:
        a: the first run.
        b: the second.
        suite_measure: ``measure`` of their suite.

    Raises:
        InputError: the runs are of different suites or share no outcome.
    """
    if a.suite != b.suite:
        raise InputError(f"A run of {a.suite!r} cannot be compared with one of {b.suite!r}.")
    of_a, of_b = ({outcome.key: outcome for outcome in run.outcomes} for run in (a, b))
    if not of_a.keys() & of_b.keys():
        raise InputError(
            f"The runs share no outcome ({len(of_a)} in the first, {len(of_b)} in the second): "
            "compare runs of the same files."
        )
    better = {m.name: m.better for m in (*a.measured, *b.measured)}
    found: list[Difference] = []
    for group in (ALL, *dict.fromkeys(o.group for o in (*a.outcomes, *b.outcomes))):
        in_a, in_b = _of_group(of_a, group), _of_group(of_b, group)
        found += _differences(group, in_a, in_b, suite_measure, better)
    return tuple(found)


def _of_group(outcomes: Mapping[str, Outcome], group: str) -> dict[str, Outcome]:
    return {key: o for key, o in outcomes.items() if group in (ALL, o.group)}


def _differences(
    group: str,
    of_a: Mapping[str, Outcome],
    of_b: Mapping[str, Outcome],
    measure: Measure,
    better: Mapping[str, Better | None],
) -> Iterable[Difference]:
    keys = [key for key in of_a if key in of_b]
    a, b = Sample([of_a[key] for key in keys]), Sample([of_b[key] for key in keys])
    in_a, in_b = (measure(a), measure(b)) if keys else ({}, {})
    rows = draws([outcome.cluster for outcome in a])
    ends = percentiles([_minus(measure(a.at(row)), measure(b.at(row))) for row in rows])
    counts = {"n": len(keys), "only_a": len(of_a) - len(keys), "only_b": len(of_b) - len(keys)}
    for name in dict.fromkeys((*in_a, *in_b)):
        yield _difference(group, name, in_a, in_b, ends, counts, better.get(name))


def _difference(
    group: str,
    name: str,
    in_a: Mapping[str, float],
    in_b: Mapping[str, float],
    ends: Mapping[str, Interval],
    counts: Mapping[str, int],
    better: Better | None,
) -> Difference:
    was, now = _defined(in_a.get(name)), _defined(in_b.get(name))
    known = was is not None and now is not None
    low, high = ends.get(name, (None, None)) if known else (None, None)
    return Difference(
        group=group,
        name=name,
        a=was,
        b=now,
        difference=now - was if was is not None and now is not None else None,
        low=low,
        high=high,
        better=better,
        n=counts["n"],
        only_a=counts["only_a"],
        only_b=counts["only_b"],
    )


def _minus(a: Mapping[str, float], b: Mapping[str, float]) -> dict[str, float]:
    return {name: b[name] - a[name] for name in a if name in b}


def _defined(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None


# --- The baseline ------------------------------------------------------------------------------


def accept(run: Run, directory: Path) -> Path:
    """Make a run the baseline of its suite; answers the file, whose folder is made if missing."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{run.suite}.json"
    kept = run.model_copy(update={"outcomes": (), "figures": ()})
    replace(path, _a_line_a_figure(kept))
    return path


def _a_line_a_figure(run: Run) -> str:
    """As JSON that a person can read as a diff."""
    fields = run.model_dump(mode="json", exclude_defaults=True)
    measured = [json.dumps(one, ensure_ascii=False) for one in fields.pop("measured")]
    head = json.dumps(fields, ensure_ascii=False, indent=1).removesuffix("\n}")
    lines = ",\n  ".join(measured)
    return f'{head},\n "measured": [\n  {lines}\n ]\n}}\n'


WRITERS = ("drafter", "model")
"""What a version names where a suite drafts."""


def speaks_for(baseline: Run, suite: Suite) -> bool:
    """Whether a suite is the baseline's, on the same files, with the same drafter and model."""
    writers = [[run.version.get(name) for name in WRITERS] for run in (baseline, suite)]
    same = baseline.suite == suite.name and writers[0] == writers[1]
    return same and same_inputs(suite.inputs, baseline.inputs)


def same_inputs(one: Sequence[InputFile], other: Sequence[InputFile]) -> bool:
    """Whether both are the very same files, in any order."""
    return {(f.name, f.sha256) for f in one} == {(f.name, f.sha256) for f in other}


def regressions(run: Run, baseline: Run) -> tuple[Regression, ...]:
    """Figures that are worse than in the baseline beyond a tolerance.

    Only figures of which one can say which way is better count.  The tolerance of a figure is half
    the width of its own interval in the run, and at least ``LEAST_TOLERANCE``.  A figure that the
    baseline has and the run lacks has regressed.

    Raises:
        InputError: the baseline is of another suite or of other data.
    """
    if run.suite != baseline.suite or not same_inputs(run.inputs, baseline.inputs):
        raise InputError(
            f"The baseline of {baseline.suite!r} is of other data than this run of {run.suite!r}: "
            f"{', '.join(file.name for file in baseline.inputs) or 'no files'}. Run the suite on "
            "those, or accept this run as the baseline."
        )
    here = {(m.group, m.name): m for m in run.measured}
    found = (_regression(was, here.get((was.group, was.name))) for was in baseline.measured)
    return tuple(one for one in found if one is not None)


def _regression(was: Measured, now: Measured | None) -> Regression | None:
    if was.better is None or was.value is None:
        return None
    tolerance = LEAST_TOLERANCE
    if now is not None and now.low is not None and now.high is not None:
        tolerance = max(tolerance, (now.high - now.low) / 2)
    value = now.value if now is not None else None
    if value is not None:
        behind = was.value - value if was.better == "higher" else value - was.value
        if behind <= tolerance:
            return None
    return Regression(group=was.group, name=was.name, was=was.value, now=value, tolerance=tolerance)


# --- Bars --------------------------------------------------------------------------------------


def parse_bar(text: str, better: Mapping[str, Better]) -> Bar:
    """Read ``NAME=VALUE`` or ``NAME=VALUE@GROUP``.

    Args:
        text: as a user wrote it.
        better: of the suite, so that a misspelt name is found before hours of judging.

    Raises:
        InputError: it is written otherwise, the value is no number, or the suite has no such
            figure of which one can say which way is better.
    """
    name, equals, rest = text.partition("=")
    value, at, group = rest.partition("@")
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not equals or not name.strip() or not math.isfinite(number) or (at and not group.strip()):
        raise InputError(
            f"--fail-under {text!r} cannot be read. Write NAME=VALUE or NAME=VALUE@GROUP, such as "
            "--fail-under 'AUC=0.8'."
        )
    if name.strip() not in better:
        raise InputError(
            f"--fail-under names {name.strip()!r}, which is no figure of this suite that can be "
            f"better or worse. Name one of: {', '.join(better)}."
        )
    return Bar(name=name.strip(), value=number, group=group.strip() or ALL)


def check_bars(run: Run, bars: Sequence[Bar]) -> tuple[str, ...]:
    """One sentence for each bar that the run does not reach; what can't be measured doesn't.

    Raises:
        InputError: a bar names a group that the run lacks, or a figure that the group lacks.
    """
    return tuple(said for bar in bars if (said := _missed(bar, _named(run, bar))))


def _named(run: Run, bar: Bar) -> Measured:
    groups = list(dict.fromkeys(m.group for m in run.measured))
    if bar.group not in groups:
        raise InputError(
            f"--fail-under names the group {bar.group!r}, which this run of {run.suite!r} lacks. "
            f"It has: {', '.join(groups)}."
        )
    for figure in run.measured:
        if (figure.group, figure.name) == (bar.group, bar.name):
            return figure
    raise InputError(f"--fail-under names {bar.name!r}, which {bar.group!r} does not have.")


def _missed(bar: Bar, figure: Measured) -> str | None:
    what = f"{bar.name} of {bar.group}"
    side = "below" if figure.better == "higher" else "above"
    if figure.value is None:
        return f"{what} could not be measured; the bar is {bar.value:g}"
    reached = figure.value >= bar.value if side == "below" else figure.value <= bar.value
    return None if reached else f"{what} is {figure.value:.4g}, {side} the bar of {bar.value:g}"
