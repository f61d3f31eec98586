"""Drafting suite: drafts each story with the product and measures the drafts.

Stories are drafted as with ``summarizer draft --items FILE``: ingested in memory as one incident,
drafted, verified and gated.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from evals.datasets import Stopped, Story, as_of, gathered, read_groups, read_stories
from evals.framework import versions
from evals.framework.confidence import bars, column
from evals.framework.results import Better, Figure, Outcome, Task, by_group
from evals.suites.drafting import agreement, citations, judged, plain_language, sides
from evals.suites.drafting.judged import Judged, Value
from summarizer import __version__
from summarizer.app import open_app
from summarizer.domain.drafts import Draft
from summarizer.jobs.planner import load_rules
from summarizer.ports.models import Drafter
from summarizer.settings import Settings

VALUES: Mapping[str, Callable[[Judged], Value]] = {
    "faithfulness": lambda found: found.draft.faithfulness,
    "citation_precision": citations.citation_precision,
    "citation_recall": citations.citation_recall,
    "coverage": agreement.coverage,
    "quote_exactness": citations.quote_exactness,
    "outlets_cited": sides.outlets_cited,
    "sides_actors": sides.sides_actors,
    "sides_space": sides.sides_space,
    "sides_invented": sides.sides_invented,
    "timeline_dates": plain_language.timeline_dates,
    "plain_grade": plain_language.plain_grade,
    "plain_novelty": plain_language.plain_novelty,
    "abstention": judged.abstention,
    "withheld": judged.withheld,
    "false_withheld": citations.false_withheld,
    "tokens": judged.tokens,
}
"""Metrics of a draft by name."""

SECONDS = "seconds"
"""Duration of drafting."""

COST = "cost"
"""Cost of a draft, at the prices in the auto-drafting rules."""

BETTER: Mapping[str, Better] = {
    "faithfulness": "higher",
    "citation_precision": "higher",
    "citation_recall": "higher",
    "coverage": "higher",
    "quote_exactness": "higher",
    "outlets_cited": "higher",
    "sides_actors": "higher",
    "sides_space": "lower",
    "sides_invented": "lower",
    "timeline_dates": "higher",
    "plain_grade": "lower",
    "plain_novelty": "lower",
    "abstention": "lower",
    "withheld": "lower",
    "false_withheld": "lower",
    "tokens": "lower",
    COST: "lower",
}
"""Preferred direction of each metric except seconds, which depend on the machine."""

NO_SHARES = ("sides_invented", "plain_grade", "plain_novelty", "tokens")
DRAWN = tuple(name for name in VALUES if name not in NO_SHARES)
"""Metrics from 0 to 1, for the bar plot."""

NOTED = 3
"""Maximum examples per kind of error in a note."""


def values_of(found: Judged) -> dict[str, Value]:
    """All metrics of one draft, by name."""
    return {name: value(found) for name, value in VALUES.items()}


def note_of(found: Judged) -> str | None:
    """Examples of errors in a draft: invented, misdated, misquoted or missing content."""
    mishaps = {
        "named by no source": sides.invented(found),
        "new in plain language": plain_language.novel(found),
        "misdated": plain_language.misdated(found),
        "not verbatim": citations.inexact_quotes(found),
        "withheld though verbatim": citations.wrongly_withheld(found),
        "unheard": sides.unheard(found),
        "untold": [fact.text for fact in agreement.untold(found)],
    }
    lines = [f"{name}: {text}" for name, texts in mishaps.items() for text in texts[:NOTED]]
    return "\n".join(lines) or None


def measure_drafting(outcomes: Sequence[Outcome]) -> Mapping[str, float]:
    """Mean of each metric over the stories that have it, each with equal weight."""
    return {name: _mean(outcomes, name) for name in (*VALUES, COST, SECONDS)}


def _mean(outcomes: Sequence[Outcome], name: str) -> float:
    values = column(outcomes, name)
    there = values[~np.isnan(values)]
    return float(there.mean()) if len(there) else math.nan


class DraftingSuite:
    """Drafts of the stories of several files; implements ``Suite``.

    Args:
        files: JSON Lines of stories, gzipped or not; each is a report group, named by
            ``group_of``.
        settings: choice of drafter, judge and gate profile; nothing is stored.
        drafter: replaces the drafter of the settings.

    Raises:
        InputError: a file cannot be read, holds no stories or a malformed one, or two have one
            name.
    """

    name = "drafting"
    better = BETTER
    measure = staticmethod(measure_drafting)

    def __init__(
        self, files: Sequence[Path], settings: Settings, drafter: Drafter | None = None
    ) -> None:
        self._settings = settings
        self._drafter = drafter
        self._prices = load_rules(settings.autodrafting_rules).prices
        self._stories, self.inputs = read_groups(files, read_stories)

    @property
    def version(self) -> Mapping[str, str]:
        """Versions of product, drafter, model, entailment, gate and judge, and evidence budget.

        With a model also prompts, plan and effort.
        """
        with open_app(self._settings, in_memory=True) as app:
            pipeline = app.pipeline
            drafter, verifier = self._drafter or pipeline.drafter, pipeline.verifier
            return {
                "summarizer": __version__,
                "drafter": drafter.name,
                "model": drafter.model or "none",
                "entailment": verifier.entailment.name,
                "gate": verifier.policy.name,
                "judge": verifier.judge.name if verifier.judge else "none",
                "evidence tokens": str(self._settings.evidence_tokens),
                **(self._of_calls() if drafter.model else {}),
            }

    def _of_calls(self) -> Mapping[str, str]:
        """Settings and prompts that affect the drafts of a model."""
        asked = {"plan": self._settings.plan, "effort": self._settings.effort or "none"}
        return {**asked, **versions.of_prompts()}

    def tasks(self) -> Iterator[Task]:
        """One a story, file by file."""
        for group, stories in self._stories.items():
            for story in stories:
                judge = partial(self.judge, group, story)
                yield Task(key=f"{group}:{story.key}", judge=judge)

    def judge(self, group: str, story: Story) -> list[Outcome]:
        """The outcome of one story.

        Raises:
            InputError: an item of the story cannot be used.
            ModelError: the model could not be used.
        """
        with open_app(self._settings, clock=Stopped(as_of(story)), in_memory=True) as app:
            pipeline = app.pipeline
            pipeline.drafter = self._drafter or pipeline.drafter
            incident = gathered(pipeline, story)
            started = time.perf_counter()
            draft: Draft = pipeline.draft(incident)
            seconds = time.perf_counter() - started
            found = Judged(draft, pipeline.verifier)
        key = f"{group}:{story.key}"
        values = {**values_of(found), COST: judged.cost(draft, self._prices), SECONDS: seconds}
        return [Outcome(key=key, cluster=key, group=group, values=values, note=note_of(found))]

    def figures(self, outcomes: Sequence[Outcome]) -> list[Figure]:
        """Bars of every share, one figure a file."""
        return [
            Figure(
                title=f"Drafts of {group}",
                y_label="mean over stories",
                bars=bars(members, measure_drafting, DRAWN),
            )
            for group, members in by_group(outcomes).items()
        ]
