"""Accepted eval baselines for the method page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

BASELINES = Path(__file__).parents[2] / "evals" / "baselines"
"""Folder of accepted eval results; exists only in the repository, not in the package."""


class Measured(BaseModel):
    """One metric over all data of a suite."""

    model_config = ConfigDict(frozen=True)

    name: str
    value: float | None
    n: int


class Baseline(BaseModel):
    """The accepted result of one suite."""

    model_config = ConfigDict(frozen=True)

    suite: str
    date: str
    version: Mapping[str, str]
    inputs: tuple[str, ...]
    figures: tuple[Measured, ...]


def baselines(folder: Path = BASELINES) -> tuple[Baseline, ...]:
    """Accepted baselines by suite; empty if the folder is missing."""
    files = sorted(folder.glob("*.json")) if folder.is_dir() else []
    return tuple(_baseline(json.loads(file.read_text(encoding="utf-8"))) for file in files)


def _baseline(run: Mapping[str, Any]) -> Baseline:
    measured = run.get("measured", ())
    groups = [row["group"] for row in measured]
    first = "all" if "all" in groups else next(iter(groups), "all")
    return Baseline(
        suite=run["suite"],
        date=str(run["created_at"])[:10],
        version={name: str(value) for name, value in run.get("version", {}).items()},
        inputs=tuple(file["name"] for file in run.get("inputs", ())),
        figures=tuple(
            Measured(name=row["name"], value=row["value"], n=row["n"])
            for row in measured
            if row["group"] == first
        ),
    )
