"""The worker on the command line."""

from __future__ import annotations

import json

import pytest

from tests.support.app import as_rows, autodrafting_rules
from tests.support.cli import done

LOUD = {"platform": "x", "reach": 40_000_000, "engagement": {"likes": 500_000}}
ROWS = (
    {"text": "Halden Line cancelled 14 crossings.", "incident": "ferry", **LOUD},
    {"text": "Crews of Halden Line went on strike.", "incident": "ferry", "platform": "news"},
    {"text": "A bakery in Ostrava won a prize.", "incident": "bakery", **LOUD},
)


@pytest.fixture(autouse=True)
def _newsroom(elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = autodrafting_rules(elsewhere, quiet_s=0)
    monkeypatch.setenv("SUMMARIZER_AUTODRAFTING_RULES", str(rules))
    done("ingest", "-", given=as_rows(*ROWS))


def test_a_dry_run_says_what_would_be_drafted_and_why_and_drafts_nothing():
    for _ in range(2):
        said = done("worker", "--dry-run")
        assert "no draft yet: 2 items, 2 independent origins" in said
        assert "1 item(s), at least 2 required" in said


def test_a_dry_run_for_programs_has_the_plan_and_what_is_left():
    said = json.loads(done("worker", "--dry-run", "--json"))
    found = {d["incident_id"]: (d["action"], d["reason"]) for d in said["decisions"]}
    assert found == {"INC-000001": ("draft", "due"), "INC-000002": ("skip", "few_items")}
    assert [(p["window"], p["left"]) for p in said["budget"]] == [("hour", 2e6), ("day", 2e7)]
    done("draft", "INC-000001")
    after = json.loads(done("worker", "--dry-run", "--json"))
    assert after["nothing_new"] == 1
    assert [d["incident_id"] for d in after["decisions"]] == ["INC-000002"]
