"""The worker on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from summarizer.cli.app import app

LOUD = {"platform": "x", "reach": 40_000_000, "engagement": {"likes": 500_000}}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("SUMMARIZER_DATA_DIR", str(tmp_path / "data"))
    rules = Path(__file__).parents[2] / "summarizer" / "jobs" / "autodrafting.toml"
    mine = tmp_path / "rules.toml"
    mine.write_text(rules.read_text().replace("quiet_s = 60", "quiet_s = 0"))
    monkeypatch.setenv("SUMMARIZER_AUTODRAFTING_RULES", str(mine))

    def run(*arguments: str) -> Any:
        done = CliRunner().invoke(app, arguments, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    rows = [
        {"text": "Halden Line cancelled 14 crossings.", "incident": "ferry", **LOUD},
        {"text": "Crews of Halden Line went on strike.", "incident": "ferry", "platform": "news"},
        {"text": "A bakery in Ostrava won a prize.", "incident": "bakery", **LOUD},
    ]
    items = tmp_path / "items.jsonl"
    items.write_text("\n".join(map(json.dumps, rows)))
    run("ingest", str(items))
    return run


def test_a_dry_run_says_what_would_be_drafted_and_why_and_drafts_nothing(run):
    for _ in range(2):
        said = run("worker", "--dry-run")
        assert "no draft yet: 2 items, 2 independent origins" in said
        assert "1 item(s), at least 2 required" in said


def test_a_dry_run_for_programs_has_the_plan_and_what_is_left(run):
    said = json.loads(run("worker", "--dry-run", "--json"))
    found = {d["incident_id"]: (d["action"], d["reason"]) for d in said["decisions"]}
    assert found == {"INC-000001": ("draft", "due"), "INC-000002": ("skip", "few_items")}
    assert [(p["window"], p["left"]) for p in said["budget"]] == [("hour", 2e6), ("day", 2e7)]
    run("draft", "INC-000001")
    after = json.loads(run("worker", "--dry-run", "--json"))
    assert after["nothing_new"] == 1
    assert [d["incident_id"] for d in after["decisions"]] == ["INC-000002"]
