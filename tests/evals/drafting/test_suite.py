"""Values of a whole draft, and the suite over files."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from evals.framework.results import Outcome
from evals.suites.drafting import (
    DraftingSuite,
    judged,
    measure_drafting,
)
from evals.suites.drafting.judged import Judged
from evals.suites.drafting.metrics import (
    BETTER,
    COST,
    ERRORS,
    LATENCIES,
    SECONDS,
    VALUES,
    note_of,
    values_of,
)
from summarizer import settings
from summarizer.domain.claims import Failure
from summarizer.domain.drafts import Usage
from summarizer.domain.sections import Rule
from summarizer.errors import InputError
from summarizer.jobs.budget import Price
from tests.evals.drafting.drafts import (
    CALM,
    RECALL,
    SPECS,
    TWICE,
    a_draft,
    claim,
    shown,
    side,
    withheld,
)


def test_shares_of_sections_and_claims() -> None:
    away = [withheld(claim("The maker recalled 50 lamps.", "a1.1"), "numbers")]
    found = a_draft(*[claim(RECALL, "a1.1")] * 3, away=away)
    values = values_of(found)
    assert values["faithfulness"] == values["faithfulness_as_drafted"] == 3 / 4
    assert values["withheld"] == 1 / 4
    assert values["unchecked"] == 0
    assert values["abstention"] == (len(SPECS) - 1) / len(SPECS)


@pytest.mark.parametrize(("judge", "share"), [("judge-9", 1 / 3), (None, None)])
def test_a_finding_that_a_judge_overruled_is_counted_and_told(
    judge: str | None, share: float | None
) -> None:
    one = shown(claim("The maker recalled 50 lamps.", "a1.1"))
    found = Failure(check="numbers", reason="The passage says 40.")
    verdict = one.verdict.model_copy(update={"overruled": (found,)})
    over = one.model_copy(update={"verdict": verdict})
    drafted = a_draft(over, claim(RECALL, "a1.1"), claim(CALM, "a1.3"))
    of_judge = drafted.draft.model_copy(update={"judge": judge})
    drafted = Judged(of_judge, drafted.verifier)
    assert values_of(drafted)["overruled"] == share
    assert "finding overruled: The maker recalled 50 lamps." in str(note_of(drafted))


def test_tokens_count_what_a_cache_held() -> None:
    usage = Usage(input_tokens=1, output_tokens=20, cache_write_tokens=300, cache_read_tokens=4000)
    assert judged.tokens(a_draft(usage=usage)) == 4321


@pytest.mark.parametrize(
    ("model", "cost"), [("claude-x", 2.5), ("claude-unpriced", None), (None, 0.0)]
)
def test_a_draft_costs_what_its_model_is_priced_at(model: str | None, cost: float | None) -> None:
    usage = Usage(input_tokens=500_000, output_tokens=100_000)
    draft = a_draft(usage=usage).draft.model_copy(update={"model": model})
    assert judged.cost(draft, {"claude-x": Price(input=3, output=10)}) == cost


def test_of_an_empty_draft_little_can_be_said() -> None:
    values = values_of(a_draft())
    known = {name for name, value in values.items() if value is not None}
    faults = {"relative_days", "voice_faults", "false_absences"}
    assert known == {"abstention", "outlets_cited", "tokens", *faults}


def test_a_note_names_what_went_wrong() -> None:
    found = a_draft(side("Petra Vance", "Vance said no.", "a1.2"), rule=Rule.ONE_ACTOR)
    assert note_of(found) == "named by no source: Petra Vance"
    assert note_of(a_draft(claim(CALM, "a1.3"))) is None


def test_a_mean_leaves_out_what_could_not_be_judged() -> None:
    outcomes = [
        Outcome(key=str(n), cluster=str(n), group="g", values={"coverage": value})
        for n, value in enumerate((1.0, None, 0.5))
    ]
    means = measure_drafting(outcomes)
    assert means["coverage"] == 0.75
    assert math.isnan(means["faithfulness"])


def test_every_value_but_the_time_says_which_way_is_better() -> None:
    assert set(BETTER) == {*VALUES, COST, ERRORS}
    assert set(measure_drafting([])) == {*VALUES, COST, ERRORS, SECONDS, *LATENCIES}


ROWS = [
    {"text": RECALL, "outlet": "The Daily", "published_at": "2026-05-01"},
    {"text": TWICE, "outlet": "The Weekly", "published_at": "2026-05-02"},
]


def a_file(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    lines = "\n".join(map(json.dumps, rows)).encode()
    path.write_bytes(gzip.compress(lines) if path.suffix == ".gz" else lines)
    return path


def test_the_suite_drafts_each_story_and_measures_it(tmp_path: Path) -> None:
    path = a_file(tmp_path / "two.jsonl", [{"items": ROWS}, {"items": ROWS[:1]}])
    suite = DraftingSuite([path], settings.load(drafter="extractive"))
    outcomes = [outcome for task in suite.tasks() for outcome in task.judge()]
    assert [outcome.place for outcome in outcomes] == ["two:1", "two:2"]
    # Points and timeline copy sentences; the title cuts one down, which rules alone only check.
    assert [outcome.values["faithfulness"] for outcome in outcomes] == [2 / 3, 2 / 3]
    assert [outcome.values["unchecked"] for outcome in outcomes] == [1 / 3, 1 / 3]
    assert outcomes[0].values["coverage"] == 1
    assert outcomes[1].values["coverage"] is None
    assert outcomes[0].values["cost"] == 0
    assert suite.version["drafter"] == "extractive"
    (figure,) = suite.figures(outcomes)
    assert {"faithfulness", "coverage"} <= {bar.name for bar in figure.bars}


def test_an_item_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    path = a_file(tmp_path / "two.jsonl", [{"items": [{"url": "https://lamps.example"}]}])
    (task,) = DraftingSuite([path], settings.load(drafter="extractive")).tasks()
    with pytest.raises(InputError, match="item 1: field 'text'"):
        task.judge()
