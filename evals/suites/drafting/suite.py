"""Drafting suite: drafts each story with the product and measures the drafts.

Stories are drafted as with ``summarizer draft --items FILE``: ingested in memory as one incident,
drafted, verified and gated.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from evals.datasets import Stopped, Story, as_of, gathered, keyed, read_groups, read_stories
from evals.framework import versions
from evals.framework.attempts import RETRIES
from evals.framework.confidence import bars
from evals.framework.keys import content_key
from evals.framework.records import Record
from evals.framework.results import Figure, Outcome, Task, by_group
from evals.suites.drafting import judged, spending
from evals.suites.drafting.judged import Judged, Value
from evals.suites.drafting.metrics import (
    BETTER,
    COST,
    DRAWN,
    ERRORS,
    MODEL_SECONDS,
    SECONDS,
    TOKENS,
    VALUES,
    measure_drafting,
    note_of,
    values_of,
)
from evals.suites.drafting.spending import Running, calls_of
from summarizer import __version__
from summarizer.app import open_app
from summarizer.domain.drafts import CallRecord, Draft
from summarizer.drafting.prompts import PromptSet
from summarizer.errors import ModelError
from summarizer.jobs.budget import Price
from summarizer.jobs.planner import load_rules
from summarizer.ports.models import Drafter
from summarizer.settings import Settings


@dataclass(frozen=True)
class Choice:
    """What a run of the suite drafts, and with what, otherwise than the product does.

    Args:
        prompts: of the drafter, in place of the shipped ones; the judge keeps those.
        epochs: drafts of each story, >= 1; those of one story are one cluster.
        limit: number of stories, the first in the order of the hashes of their content: a sample
            that depends on no order of files or rows.  ``None`` takes all.
        prices: by model, in place of those of the auto-drafting rules.
    """

    prompts: PromptSet | None = None
    epochs: int = 1
    limit: int | None = None
    prices: Mapping[str, Price] | None = None

    @property
    def version(self) -> dict[str, str]:
        """What differs from a run of every story once, at the prices of the rules."""
        found = {}
        if self.epochs > 1:
            found["epochs"] = str(self.epochs)
        if self.limit is not None:
            found["stories"] = f"first {self.limit} by hash"
        if self.prices is not None:
            priced = {name: price.model_dump() for name, price in self.prices.items()}
            found["prices"] = content_key(priced)
        return found


class _Draft(NamedTuple):
    """One draft to make: the key of its outcome, the key of its story, its group and place."""

    key: str
    cluster: str
    group: str
    place: str
    story: Story


class _Tries(NamedTuple):
    """Calls of the failed tries of a draft, and their seconds."""

    calls: tuple[CallRecord, ...] = ()
    seconds: float = 0.0


def _draft(key: str, group: str, story: Story, epoch: int) -> _Draft:
    place = f"{group}:{story.key}"
    if epoch == 1:
        return _Draft(key, key, group, place, story)
    return _Draft(f"{key}#{epoch}", key, group, f"{place}#{epoch}", story)


def _outcome(
    one: _Draft, values: Mapping[str, Value], note: str | None, record: Record | None = None
) -> Outcome:
    return Outcome(
        key=one.key,
        cluster=one.cluster,
        group=one.group,
        values=values,
        note=note,
        place=one.place,
        record=record,
    )


class DraftingSuite:
    """Drafts of the stories of several files; implements ``Suite``.

    Args:
        files: JSON Lines of stories, gzipped or not; each is a report group, named by
            ``group_of``.
        settings: choice of drafter, judge and gate profile; nothing is stored.
        drafter: replaces the drafter of the settings.
        choice: prompts, stories and prices.

    Raises:
        InputError: a file cannot be read, holds no stories or a malformed one, or two have one
            name.
    """

    name = "drafting"
    better = BETTER
    margins: Mapping[str, float] = {
        "faithfulness": 0.02,
        "coverage": 0.05,
        "quote_exactness": 0.01,
        "timeline_dates": 0.02,
        ERRORS: 0.02,
    }
    measure = staticmethod(measure_drafting)

    def __init__(
        self,
        files: Sequence[Path],
        settings: Settings,
        drafter: Drafter | None = None,
        choice: Choice | None = None,
    ) -> None:
        self.settings = settings
        self._drafter = drafter
        self._choice = choice = choice or Choice()
        rules = load_rules(settings.autodrafting_rules)
        self.prices = rules.prices if choice.prices is None else choice.prices
        groups, self.inputs = read_groups(files, read_stories)
        stories = keyed(groups)
        taken = set(sorted(key for key, _, _ in stories)[: choice.limit])
        self.drafts = [
            _draft(key, group, story, epoch)
            for epoch in range(1, choice.epochs + 1)
            for key, group, story in stories
            if key in taken
        ]
        self._tries: dict[str, _Tries] = {}
        """Of drafts that are to be tried again."""

    @property
    def version(self) -> Mapping[str, str]:
        """Versions of product, suite, drafter, verifier and judge, and evidence budget.

        With a model also prompts, plan and effort.
        """
        with open_app(self.settings, prompts=self._choice.prompts, in_memory=True) as app:
            pipeline = app.pipeline
            drafter, verifier = self._drafter or pipeline.drafter, pipeline.verifier
            return {
                "summarizer": __version__,
                "suite code": versions.code("evals.suites.drafting"),
                "drafter": drafter.name,
                "drafter code": versions.code(*versions.DRAFTER),
                "model": drafter.model or "none",
                **versions.of_verifier(verifier.entailment, verifier.policy),
                "judge": verifier.judge.name if verifier.judge else "none",
                "evidence tokens": str(self.settings.evidence_tokens),
                **(self._of_calls() if drafter.model else {}),
                **self._choice.version,
            }

    def _of_calls(self) -> Mapping[str, str]:
        """Settings and prompts that affect the drafts of a model."""
        asked = {"plan": self.settings.plan, "effort": self.settings.effort or "none"}
        return {**asked, **versions.of_prompts(self._choice.prompts)}

    @property
    def models(self) -> tuple[str, ...]:
        """Models of the settings that draft or judge."""
        settings = self.settings
        drafts = [settings.model] if settings.drafts_with_model else []
        judges = [settings.judge_model or settings.model] if settings.judges_with_model else []
        return tuple(dict.fromkeys((*drafts, *judges)))

    @property
    def open_cost(self) -> float:
        """Cost of the tries of drafts that have no outcome yet, as far as models have prices."""
        tries = list(self._tries.values())
        return sum(spending.cost(calls_of(one.calls), self.prices) or 0.0 for one in tries)

    def tasks(self) -> Iterator[Task]:
        """One a draft: each story once, file by file, then each again."""
        for one in self.drafts:
            judge, failed = partial(self.judge, one), partial(self.failed, one)
            yield Task(key=one.place, judge=judge, failed=failed)

    def judge(self, one: _Draft) -> list[Outcome]:
        """The outcome of one draft.  A second try asks only what has no answer yet.

        Raises:
            InputError: an item of the story cannot be used.
            ModelError: the model could not be used.
        """
        start = as_of(one.story)
        clock = Running(start) if self.settings.drafts_with_model else Stopped(start)
        with open_app(
            self.settings, clock=clock, prompts=self._choice.prompts, in_memory=True
        ) as app:
            pipeline = app.pipeline
            pipeline.drafter = self._drafter or pipeline.drafter
            incident = gathered(pipeline, one.story)
            before = self._tries.get(one.key, _Tries())
            for call in before.calls:
                app.store.calls.record(call)
            started = time.perf_counter()
            try:
                draft: Draft = pipeline.draft(incident)
            except ModelError:
                seconds = before.seconds + time.perf_counter() - started
                self._tries[one.key] = _Tries(tuple(app.store.calls.made()), seconds)
                raise
            seconds = before.seconds + time.perf_counter() - started
            found = Judged(draft, pipeline.verifier)
            made = tuple(app.store.calls.made())
        self._tries.pop(one.key, None)
        calls = calls_of(made)
        own = {
            TOKENS: float(spending.tokens(calls)) if calls else judged.tokens(found),
            COST: spending.cost(calls, self.prices) if calls else judged.cost(draft, self.prices),
            ERRORS: 0.0,
            SECONDS: seconds,
            MODEL_SECONDS: spending.seconds(calls),
        }
        record = Record(key=one.key, draft=draft, items=one.story.items, calls=made)
        return [_outcome(one, {**values_of(found), **own}, note_of(found), record)]

    def failed(self, one: _Draft, error: ModelError) -> list[Outcome]:
        """The outcome of a draft that could not be made: its cost, and no quality."""
        spent = calls_of(self._tries.pop(one.key, _Tries()).calls)
        own = {
            TOKENS: float(spending.tokens(spent)),
            COST: spending.cost(spent, self.prices),
            ERRORS: 1.0,
            SECONDS: None,
            MODEL_SECONDS: None,
        }
        note = f"no draft after {RETRIES + 1} tries: {error}"
        return [_outcome(one, {**dict.fromkeys(VALUES), **own}, note)]

    def figures(self, outcomes: Sequence[Outcome]) -> list[Figure]:
        """Bars of every share, one figure a file."""
        return figures_of(outcomes)


def figures_of(outcomes: Sequence[Outcome]) -> list[Figure]:
    """Bars of every share, one figure a file."""
    return [
        Figure(
            title=f"Drafts of {group}",
            y_label="mean over stories",
            bars=bars(members, measure_drafting, DRAWN),
        )
        for group, members in by_group(outcomes).items()
    ]
