"""Thresholds that a run must reach: ``--fail-under NAME=VALUE[@GROUP]``."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from evals.framework.results import ALL, Better, Measurement, Run
from summarizer.domain.model import Model
from summarizer.errors import InputError


class Threshold(Model):
    """Least value of a figure; the greatest, if lower is better."""

    name: str
    value: float
    group: str = ALL


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
            "--fail-under 'AUC=0.8'."
        )
    if name.strip() not in better:
        raise InputError(
            f"--fail-under names {name.strip()!r}, which is no figure of this suite that can be "
            f"better or worse. Name one of: {', '.join(better)}."
        )
    return Threshold(name=name.strip(), value=number, group=group.strip() or ALL)


def missed_thresholds(run: Run, thresholds: Sequence[Threshold]) -> tuple[str, ...]:
    """One sentence for each threshold that the run misses; an undefined figure misses.

    Raises:
        InputError: a threshold names a group that the run lacks, or a figure that the group lacks.
    """
    missed = (_missed(threshold, _named(run, threshold)) for threshold in thresholds)
    return tuple(filter(None, missed))


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


def _missed(threshold: Threshold, figure: Measurement) -> str | None:
    name, least = f"{threshold.name} of {threshold.group}", threshold.value
    side = "below" if figure.better == "higher" else "above"
    if figure.value is None:
        return f"{name} could not be measured; the bar is {least:g}"
    reached = figure.value >= least if side == "below" else figure.value <= least
    return None if reached else f"{name} is {figure.value:.4g}, {side} the bar of {least:g}"
