"""Thresholds that a run must reach: ``--fail-under NAME=VALUE[@GROUP]``.

A bar is reached if the whole 95% interval lies on its good side.  A value beyond the bar misses it;
with a value on the good side and an end of the interval beyond, the rows are too few to tell.  A
bar of 0 or 1, which no number of rows could prove, asks only about these rows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from evals.framework.results import ALL, Better, Measurement, Run
from summarizer.domain.model import Model
from summarizer.errors import InputError


class Threshold(Model):
    """Least value of a figure; the greatest, if lower is better."""

    name: str
    value: float
    group: str = ALL


class Shortfall(Model):
    """A bar that a run does not reach.

    Args:
        failed: whether the value itself misses it; else the rows are too few to tell.
    """

    text: str
    failed: bool

    @property
    def unsure(self) -> bool:
        """Whether the rows are too few to tell."""
        return not self.failed

    def __str__(self) -> str:
        return self.text


def parse_threshold(text: str, better: Mapping[str, Better]) -> Threshold:
    """Read ``NAME=VALUE`` or ``NAME=VALUE@GROUP``.

    Args:
        text: as a user wrote it.
        better: ``better`` of the suite; checks the name before the run starts.

    Raises:
        InputError: the text is malformed, the value is no number, or the suite has no such figure
            with a better direction.
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
            "--fail-under 'AUROC=0.8'."
        )
    if name.strip() not in better:
        raise InputError(
            f"--fail-under names {name.strip()!r}, which is no figure of this suite that can be "
            f"better or worse. {_advice(name.strip(), better)}"
        )
    return Threshold(name=name.strip(), value=number, group=group.strip() or ALL)


def _advice(name: str, better: Mapping[str, Better]) -> str:
    """The figures that may be meant: those spelt alike, else those of the whole."""
    folded = {one.casefold(): one for one in better}
    if close := get_close_matches(name.casefold(), folded):
        return f"Did you mean {' or '.join(repr(folded[one]) for one in close)}?"
    whole, parts = ([one for one in better if (": " in one) is part] for part in (False, True))
    more = f". Parts have some of them too, such as {parts[0]!r}" if parts else ""
    return f"Name one of: {', '.join(whole)}{more}."


def shortfalls(run: Run, thresholds: Sequence[Threshold]) -> tuple[Shortfall, ...]:
    """The thresholds that the run does not reach; an undefined figure misses.

    Raises:
        InputError: a threshold names a group that the run lacks, or a figure that the group lacks.
    """
    found = (_shortfall(threshold, _named(run, threshold)) for threshold in thresholds)
    return tuple(one for one in found if one is not None)


def _named(run: Run, threshold: Threshold) -> Measurement:
    groups = list(dict.fromkeys(m.group for m in run.measured))
    if threshold.group not in groups:
        raise InputError(
            f"--fail-under names the group {threshold.group!r}, which this run of {run.suite!r} "
            f"lacks. It has: {', '.join(groups)}."
        )
    for figure in run.measured:
        if (figure.group, figure.name) == (threshold.group, threshold.name):
            return figure
    raise InputError(
        f"--fail-under names {threshold.name!r}, which {threshold.group!r} does not have."
    )


def _shortfall(threshold: Threshold, figure: Measurement) -> Shortfall | None:
    name, bar = f"{threshold.name} of {threshold.group}", f"the bar of {threshold.value:g}"
    higher = figure.better == "higher"
    if figure.value is None:
        return Shortfall(text=f"{name} could not be measured; it misses {bar}", failed=True)

    def reaches(value: float | None) -> bool:
        return value is not None and (
            value >= threshold.value if higher else value <= threshold.value
        )

    said = f"{name} is {figure.value:.4g}"
    if not reaches(figure.value):
        return Shortfall(text=f"{said}, {'below' if higher else 'above'} {bar}", failed=True)
    end = figure.low if higher else figure.high
    if threshold.value in (0, 1) or reaches(end):
        return None
    shown = "has no interval" if end is None else f"may be {end:.4g}"
    return Shortfall(text=f"{said} and {shown}, too few rows for {bar}", failed=False)
