"""Baselines: accepted runs, against which later ones are gated.

A **baseline** is a run in ``evals/baselines`` under the name of its suite, without notes, plots and
undefined figures; its outcomes stand in columns, so that a later run pairs with them.  A run in
which a model drafts or judges has a baseline of its own (``drafting.model.json``), since it needs a
model to be held against.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.framework import runner
from evals.framework.compare import other_inputs
from evals.framework.results import Outcome, Run, Suite
from evals.framework.versions import PREFIX
from summarizer.errors import InputError

BASELINES = Path(__file__).resolve().parents[1] / "baselines"
"""Folder of the accepted baselines."""

NONE = "none"
"""Model or judge of a run without one."""


def accept(run: Run, directory: Path) -> Path:
    """Make a run the baseline of its suite; return the file.

    Raises:
        InputError: the run is incomplete.
    """
    if run.incomplete:
        raise InputError(f"The run is incomplete, so it is no baseline. {run.incomplete}.")
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / name_of(run.suite, run.version)
    runner.write_atomically(path, as_json(run))
    return path


def name_of(suite: str, version: Mapping[str, str]) -> str:
    """Name of the baseline's file for runs of a suite and version."""
    return f"{suite}.model.json" if asks_model(version) else f"{suite}.json"


def asks_model(version: Mapping[str, str]) -> bool:
    """Whether a model drafted or judged in a run."""
    return any(version.get(part, NONE) != NONE for part in ("model", "judge"))


def is_comparable(baseline: Run, suite: Suite) -> bool:
    """Whether a baseline is of the same suite, data, drafter and model, both judged or neither."""
    one, other = _writers(baseline.version), _writers(suite.version)
    return baseline.suite == suite.name and one == other and is_of_same_data(baseline, suite)


def is_of_same_data(baseline: Run, suite: Suite) -> bool:
    """Whether a baseline is of the suite's inputs."""
    return not other_inputs(baseline.inputs, suite.inputs)


def _writers(version: Mapping[str, str]) -> tuple[str | None, str | None, bool]:
    return version.get("drafter"), version.get("model"), version.get("judge", NONE) != NONE


# --- Prompts -----------------------------------------------------------------------------------


def ungated_prompts(current: Mapping[str, str], accepted: Run | None) -> tuple[str, ...]:
    """Prompts of today, by key, with which no accepted drafts of a model were made.

    Args:
        current: version of each prompt, as in the version of a run.
        accepted: the accepted drafting run of a model.
    """
    made_with = accepted.version if accepted is not None else {}
    return tuple(
        part.removeprefix(PREFIX)
        for part, version in current.items()
        if made_with.get(part) != version
    )


# --- The file ----------------------------------------------------------------------------------


def as_json(run: Run) -> str:
    """JSON with one figure and one column of outcomes a line, for readable diffs."""
    known = tuple(one for one in run.measured if one.value is not None)
    bare = run.model_copy(update={"outcomes": (), "figures": (), "measured": known})
    fields = bare.model_dump(mode="json", exclude_defaults=True)
    del fields["outcomes"]
    measured = [json.dumps(one, ensure_ascii=False) for one in fields.pop("measured")]
    columns = _columns(run.outcomes)
    values = ",\n   ".join(_line(*one) for one in columns.pop("values").items())
    outcomes = ",\n  ".join(_line(*one) for one in columns.items())
    head = json.dumps(fields, ensure_ascii=False, indent=1).removesuffix("\n}")
    figures = ",\n  ".join(measured)
    return (
        f'{head},\n "measured": [\n  {figures}\n ],\n'
        f' "outcomes": {{\n  {outcomes},\n  "values": {{\n   {values}\n  }}\n }}\n}}\n'
    )


def _line(name: str, column: Sequence[Any]) -> str:
    return f"{json.dumps(name)}: {json.dumps(column, ensure_ascii=False, separators=(',', ':'))}"


def _columns(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    names = dict.fromkeys(name for outcome in outcomes for name in outcome.values)
    values = {name: [_short(outcome.values.get(name)) for outcome in outcomes] for name in names}
    fields = {
        name: [getattr(outcome, name) for outcome in outcomes]
        for name in ("key", "cluster", "group")
    }
    return {**fields, "values": values}


def _short(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value
