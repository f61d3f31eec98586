"""Baselines: accepted runs, and regressions from them.

A **baseline** is a run without outcomes and plots, in ``evals/baselines`` under the name of its
suite.  By default a run is compared only with a baseline of the same data, drafter and model.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from evals.framework.results import InputFile, Measurement, Run, Suite
from evals.framework.runner import write_atomically
from summarizer.domain.model import Model
from summarizer.errors import InputError

BASELINES = Path(__file__).resolve().parents[1] / "baselines"
"""Folder of the accepted baselines."""

MIN_TOLERANCE = 0.01
"""Smallest tolerance of a regression, in the figure's unit.  The interval of thousands of outcomes
is narrower than any change that matters."""

WRITERS = ("drafter", "model")
"""Parts of a version that name the writer of drafts."""


class Regression(Model):
    """A figure that is worse than its baseline by more than the tolerance.

    Args:
        was: value in the baseline.
        now: value in the run; ``None`` if undefined or missing.
        tolerance: largest accepted loss.
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


def accept(run: Run, directory: Path) -> Path:
    """Make a run the baseline of its suite; return the file."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{run.suite}.json"
    kept = run.model_copy(update={"outcomes": (), "figures": ()})
    write_atomically(path, _as_json(kept))
    return path


def _as_json(run: Run) -> str:
    """JSON with one figure a line, for readable diffs."""
    fields = run.model_dump(mode="json", exclude_defaults=True)
    measured = [json.dumps(one, ensure_ascii=False) for one in fields.pop("measured")]
    head = json.dumps(fields, ensure_ascii=False, indent=1).removesuffix("\n}")
    lines = ",\n  ".join(measured)
    return f'{head},\n "measured": [\n  {lines}\n ]\n}}\n'


def is_comparable(baseline: Run, suite: Suite) -> bool:
    """Whether a baseline is of the same suite, files, drafter and model."""
    writers = [[run.version.get(name) for name in WRITERS] for run in (baseline, suite)]
    same = baseline.suite == suite.name and writers[0] == writers[1]
    return same and same_inputs(suite.inputs, baseline.inputs)


def same_inputs(one: Sequence[InputFile], other: Sequence[InputFile]) -> bool:
    """Whether both are the same files, in any order."""
    return {(f.name, f.sha256) for f in one} == {(f.name, f.sha256) for f in other}


def regressions(run: Run, baseline: Run) -> tuple[Regression, ...]:
    """Figures of a run that are worse than in the baseline, beyond a tolerance.

    Figures without a better direction are skipped.  The tolerance is half the width of the figure's
    interval in the run, at least ``MIN_TOLERANCE``.  A figure that is missing in the run has
    regressed.

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


def _regression(was: Measurement, now: Measurement | None) -> Regression | None:
    if was.better is None or was.value is None:
        return None
    tolerance = MIN_TOLERANCE
    if now is not None and now.low is not None and now.high is not None:
        tolerance = max(tolerance, (now.high - now.low) / 2)
    value = now.value if now is not None else None
    if value is not None:
        behind = was.value - value if was.better == "higher" else value - was.value
        if behind <= tolerance:
            return None
    return Regression(group=was.group, name=was.name, was=was.value, now=value, tolerance=tolerance)
