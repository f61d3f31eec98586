"""The gate: whether a run lost more than its suite allows, in the few figures that decide.

A loss is the paired difference of a figure on the outcomes that both runs have, in its worse
direction.  A suite names its figures with a **margin**, the largest accepted loss, so that dozens
of figures do not each get a chance to fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from evals.framework.compare import Difference, compare
from evals.framework.confidence import Measure
from evals.framework.estimates import holm
from evals.framework.results import ALL, Run
from summarizer.domain.model import Model

Verdict = Literal["kept", "worse", "too few to tell"]

CHANCE = 0.05
"""Largest chance that a figure of any gated one is called worse where nothing changed, 0–1."""

MIN_SHARED = 0.9
"""Least share of the first run's outcomes that the second must have: a figure may not be kept by
outcomes that are gone."""


class Finding(Model):
    """What the gate says of one figure.

    Args:
        margin: largest accepted loss, in the figure's unit, >= 0.
        p_value: of no difference, adjusted for all gated figures; ``None`` without an interval.
    """

    difference: Difference
    margin: float
    p_value: float | None

    @property
    def loss(self) -> float | None:
        """Loss on the shared outcomes, below 0 for a gain; ``None`` if it could not be measured."""
        return self._worse(self.difference.difference)

    @property
    def least(self) -> float | None:
        """Smallest loss of the 95% interval; ``None`` with too few clusters."""
        d = self.difference
        return self._worse(d.high if d.better == "higher" else d.low)

    @property
    def most(self) -> float | None:
        """Largest loss of the 95% interval; ``None`` with too few clusters."""
        d = self.difference
        return self._worse(d.low if d.better == "higher" else d.high)

    def _worse(self, change: float | None) -> float | None:
        if change is None:
            return None
        return 0.0 - change if self.difference.better == "higher" else change

    @property
    def verdict(self) -> Verdict:
        """``worse``: lost more than the margin, and not by chance; so is a figure that can be
        measured no more.  ``too few to tell``: a loss was seen, and the rows do not show that it
        stays within the margin; or too many outcomes are gone.  ``kept``: everything else."""
        d = self.difference
        if self.loss is None:
            return "worse"
        by_chance = self.p_value is None or self.p_value >= CHANCE
        if self.loss > self.margin and not by_chance:
            return "worse"
        if d.n < MIN_SHARED * (d.n + d.only_a):
            return "too few to tell"
        bounded = self.most is not None and self.most <= self.margin
        return "kept" if self.loss <= 0 or bounded else "too few to tell"

    @property
    def failed(self) -> bool:
        """Whether the gate is closed."""
        return self.verdict == "worse"

    @property
    def unsure(self) -> bool:
        """Whether the outcomes are too few to tell."""
        return self.verdict == "too few to tell"

    def __str__(self) -> str:
        d = self.difference
        if self.loss is None:
            return f"{d.name} was {d.a:.3f} and can be measured no more"
        text = f"{d.name} went from {d.a:.3f} to {d.b:.3f}"
        if self.least is None or self.most is None:
            text += ", with too few documents for an interval"
        else:
            text += f", a loss of {self.least:.3f} to {self.most:.3f}"
        text += f"; the margin is {self.margin:g}"
        if d.n < MIN_SHARED * (d.n + d.only_a):
            text += f", and {d.only_a} of {d.n + d.only_a} outcomes are gone"
        return text


def findings(
    a: Run, b: Run, suite_measure: Measure, margins: Mapping[str, float]
) -> tuple[Finding, ...]:
    """What the gate says of each gated figure that the first run has.

    Args:
        a: the accepted run, or the one before.
        b: the run to gate.
        suite_measure: ``measure`` of their suite.
        margins: ``margins`` of their suite.

    Raises:
        InputError: the runs are of different suites or data.
    """
    gated = [
        d
        for d in compare(a, b, suite_measure, groups=(ALL,))
        if d.name in margins and d.a is not None
    ]
    adjusted = holm({d.name: d.p_value for d in gated if d.p_value is not None})
    return tuple(
        Finding(difference=d, margin=margins[d.name], p_value=adjusted.get(d.name)) for d in gated
    )
