"""Comparison of two runs of a suite, outcome by outcome."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from evals.framework.confidence import Measure, Sample, differences
from evals.framework.estimates import Estimate
from evals.framework.results import ALL, Better, InputFile, Outcome, Run
from summarizer.domain.model import Model
from summarizer.errors import InputError


class Difference(Model):
    """Difference of one figure between two runs, on the outcomes that both have.

    Args:
        a: value in the first run; ``None`` if undefined.
        b: value in the second run.
        difference: ``b - a``.
        low: lower end of the 95% interval of the difference; ``None`` with too few clusters.
        high: upper end.
        p_value: two-sided p value of no difference; ``None`` without an interval.
        n: outcomes of the group in both runs.
        only_a: outcomes of the group in the first run alone; they are left out.
        only_b: outcomes of the group in the second run alone.
    """

    group: str
    name: str
    a: float | None
    b: float | None
    difference: float | None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    n: int
    only_a: int
    only_b: int
    better: Better | None = None

    @property
    def direction(self) -> str:
        """``better``, ``worse`` or ``differs`` if 0 lies outside the interval; else empty."""
        if self.low is None or self.high is None or self.low <= 0 <= self.high:
            return ""
        if self.better is None:
            return "differs"
        return "better" if (self.low > 0) == (self.better == "higher") else "worse"


def compare(
    a: Run, b: Run, suite_measure: Measure, groups: Sequence[str] = ()
) -> tuple[Difference, ...]:
    """Differences of the second run from the first.

    Both are measured again on the outcomes with the same keys, and the intervals are of paired
    differences, so that documents that are hard for both cancel out.

    Args:
        a: first run.
        b: second run.
        suite_measure: ``measure`` of their suite.
        groups: groups to compare; all by default.

    Raises:
        InputError: the runs are of different suites or data, or share no outcome.
    """
    if a.suite != b.suite:
        raise InputError(f"A run of {a.suite!r} cannot be compared with one of {b.suite!r}.")
    if others := other_inputs(a.inputs, b.inputs):
        raise InputError(f"The runs are of other data, so nothing can be compared: {others}.")
    of_a, of_b = ({outcome.key: outcome for outcome in run.outcomes} for run in (a, b))
    if not of_a.keys() & of_b.keys():
        raise InputError(
            f"The runs share no outcome ({len(of_a)} in the first, {len(of_b)} in the second), "
            "though they are of the same files: one was made by an earlier version. Run it again."
        )
    better = {m.name: m.better for m in (*a.measured, *b.measured)}
    found: list[Difference] = []
    for group in groups or (ALL, *dict.fromkeys(o.group for o in (*a.outcomes, *b.outcomes))):
        in_a, in_b = _of_group(of_a, group), _of_group(of_b, group)
        found += _differences(group, in_a, in_b, suite_measure, better)
    return tuple(found)


def other_inputs(a: Sequence[InputFile], b: Sequence[InputFile]) -> str:
    """What the inputs of two runs do not share, in words; empty if they are the same.

    Inputs are known by their content, whatever their names and order.
    """
    of_a, of_b = ({file.sha256: file.name for file in files} for files in (a, b))
    only = [
        (which, ", ".join(f"{n} ({d[:8]})" for d, n in here.items() if d not in there))
        for which, here, there in (("first", of_a, of_b), ("second", of_b, of_a))
    ]
    return "; ".join(f"only the {which} is of {names}" for which, names in only if names)


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
    estimates = differences(a, b, measure) if keys else {}
    counts = {"n": len(keys), "only_a": len(of_a) - len(keys), "only_b": len(of_b) - len(keys)}
    for name in dict.fromkeys((*in_a, *in_b)):
        yield _difference(group, name, in_a, in_b, estimates.get(name), counts, better.get(name))


def _difference(
    group: str,
    name: str,
    in_a: Mapping[str, float],
    in_b: Mapping[str, float],
    estimate: Estimate | None,
    counts: Mapping[str, int],
    better: Better | None,
) -> Difference:
    was, now = _defined(in_a.get(name)), _defined(in_b.get(name))
    low, high = estimate.interval() if estimate is not None else (None, None)
    return Difference(
        group=group,
        name=name,
        a=was,
        b=now,
        difference=now - was if was is not None and now is not None else None,
        low=low,
        high=high,
        p_value=estimate.p_value(0) if estimate is not None else None,
        better=better,
        n=counts["n"],
        only_a=counts["only_a"],
        only_b=counts["only_b"],
    )


def _defined(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None
