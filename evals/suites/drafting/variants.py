"""Variants of the drafter side by side: every one drafts the same stories.

A **variant** is prompts with a model.  Drafts of one story follow one another, each variant first
equally often: a run that is cut off has the same stories of each, and none profits from what an
earlier one left in the server's cache.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.framework import runner
from evals.framework.records import Record
from evals.framework.results import Better, Figure, InputFile, Outcome, Run, Task
from evals.framework.runner import Stop
from evals.suites.drafting.metrics import BETTER, COST, ERRORS, SECONDS, measure_drafting
from evals.suites.drafting.suite import DraftingSuite
from summarizer.errors import InputError, ModelAccessError, ModelError

MINUTE = 60


class VariantsSuite:
    """Drafts of every variant, each variant a group of the report; implements ``Suite``.

    Args:
        variants: the suite of each variant by its name, over the same stories; the first is the
            one that the others are compared with.
    """

    name = "drafting variants"
    better: Mapping[str, Better] = BETTER
    margins: Mapping[str, float] = {}
    measure = staticmethod(measure_drafting)

    def __init__(self, variants: Mapping[str, DraftingSuite]) -> None:
        self._variants = variants
        self.inputs: Sequence[InputFile] = next(iter(variants.values())).inputs

    @property
    def version(self) -> Mapping[str, str]:
        """Versions that all variants share, and those that differ with the name of each."""
        each = {name: suite.version for name, suite in self._variants.items()}
        found: dict[str, str] = {}
        for part in dict.fromkeys(part for version in each.values() for part in version):
            values = {name: version.get(part, "–") for name, version in each.items()}
            if len(set(values.values())) == 1:
                found[part] = next(iter(values.values()))
            else:
                found |= {f"{part} of {name}": value for name, value in values.items()}
        return found

    @property
    def open_cost(self) -> float:
        """Cost of the tries of drafts that have no outcome yet."""
        return sum(suite.open_cost for suite in self._variants.values())

    def tasks(self) -> Iterator[Task]:
        """One a draft, draft by draft, each variant in turn."""
        named = [
            [_task(name, task) for task in suite.tasks()] for name, suite in self._variants.items()
        ]
        for place, tasks in enumerate(zip(*named, strict=True)):
            first = place % len(tasks)
            yield from (*tasks[first:], *tasks[:first])

    def figures(self, outcomes: Sequence[Outcome]) -> Sequence[Figure]:
        """None: the plot compares runs."""
        return ()

    def runs(self, whole: Run) -> dict[str, Run]:
        """The run of each variant by its name, as if it had been run alone."""
        return {name: self._run(name, suite, whole) for name, suite in self._variants.items()}

    def _run(self, name: str, suite: DraftingSuite, whole: Run) -> Run:
        groups = {one.key: one.group for one in suite.drafts}
        outcomes = [_own(o, name, groups) for o in whole.outcomes if o.group == name]
        seconds = sum(outcome.values[SECONDS] or 0.0 for outcome in outcomes)
        run = runner.finished(suite, outcomes, seconds, whole.created_at)
        if len(outcomes) == len(suite.drafts):
            return run
        why = f"{len(outcomes)} of {len(suite.drafts)} drafts. {whole.incomplete}"
        return run.model_copy(update={"incomplete": why})


def _task(name: str, task: Task) -> Task:
    """The task of a variant among those of others."""

    def judge() -> list[Outcome]:
        try:
            return [_shared(outcome, name) for outcome in task.judge()]
        except ModelAccessError as error:
            raise ModelAccessError(f"{name}: {error}") from error

    def failed(error: ModelError) -> list[Outcome]:
        return [_shared(outcome, name) for outcome in task.failed(error)] if task.failed else []

    return Task(key=f"{name}/{task.key}", judge=judge, failed=failed)


def _shared(outcome: Outcome, name: str) -> Outcome:
    key = f"{name}/{outcome.key}"
    record = outcome.record and outcome.record.model_copy(update={"key": key})
    fields: dict[str, Any] = {"key": key, "group": name, "record": record}
    return outcome.model_copy(update=fields)


def records_of(name: str, whole: Iterable[Record]) -> Iterator[Mapping[str, Any]]:
    """Records of one variant among those of all, as if it had been run alone."""
    for record in whole:
        if record.key.startswith(f"{name}/"):
            yield record.model_dump(mode="json") | {"key": record.key.removeprefix(f"{name}/")}


def _own(outcome: Outcome, name: str, groups: Mapping[str, str]) -> Outcome:
    key = outcome.key.removeprefix(f"{name}/")
    return outcome.model_copy(update={"key": key, "group": groups[key]})


def check_drafted(runs: Mapping[str, Run]) -> None:
    """Refuse a run in which a model failed at every story.

    Args:
        runs: finished runs by their names; an empty name is not said.

    Raises:
        ModelError: with what the model said at last.
    """
    for name, run in runs.items():
        if run.outcomes and all(outcome.values[ERRORS] for outcome in run.outcomes):
            before = f"{name}: " if name else ""
            raise ModelError(f"{before}no story was drafted. The last: {run.outcomes[-1].note}")


@dataclass(frozen=True)
class Limits:
    """Reasons to begin no other draft.

    Args:
        cost: money of the whole run, with its earlier sittings.
        minutes: time of this sitting.
        open_cost: money that went into drafts without an outcome.
        elapsed: seconds since the run began.
    """

    cost: float | None
    minutes: float | None
    open_cost: Callable[[], float]
    elapsed: Callable[[], float]

    def reason(self, outcomes: Sequence[Outcome]) -> str | None:
        """Reason to stop after these outcomes, ``None`` to go on."""
        if self.minutes is not None and self.elapsed() >= self.minutes * MINUTE:
            return f"Stopped at --max-minutes {self.minutes:g}"
        if self.cost is None:
            return None
        spent = sum(outcome.values[COST] or 0.0 for outcome in outcomes) + self.open_cost()
        if spent < self.cost:
            return None
        return f"Stopped at --max-cost {self.cost:g} with {spent:.4g} spent"


def limits(
    suite: DraftingSuite | VariantsSuite, cost: float | None, minutes: float | None
) -> Stop | None:
    """When a run that begins now is to stop; ``None`` without a limit."""
    if cost is None and minutes is None:
        return None
    began = time.monotonic()
    found = Limits(cost, minutes, lambda: suite.open_cost, lambda: time.monotonic() - began)
    return found.reason


def check_priced(suites: Mapping[str, DraftingSuite], *, must: bool) -> str | None:
    """Look for the price of every model; return a sentence that names those without one.

    Raises:
        InputError: one has none although a price ``must`` be known.
    """
    models = dict.fromkeys(model for suite in suites.values() for model in suite.models)
    prices = next(iter(suites.values())).prices
    if not (lacking := [model for model in models if model not in prices]):
        return None
    said = f"No price for {', '.join(lacking)}: name it in a file for --prices."
    if must:
        raise InputError(f"{said} --max-cost needs the price of every model that drafts or judges.")
    return said
