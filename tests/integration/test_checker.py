"""A checker that the settings name, wherever claims are verified."""

import json

import pytest

from summarizer.app import open_app
from summarizer.errors import SettingsError
from summarizer.settings import load
from tests.support.checker import NLI, make_checker
from tests.support.cli import done, run

SOURCE = "The regulator fined the airline on Monday."
ROWS = [
    {"id": 1, "sources": [SOURCE], "claim": "The airline fined the regulator.", "label": 0},
    {"id": 2, "sources": [SOURCE], "claim": "The regulator left.", "label": 0},
]
GIVEN = "".join(json.dumps(row) + "\n" for row in ROWS)


@pytest.fixture
def checker(tmp_path):
    return make_checker(tmp_path / "checker", NLI)


def verified(**env):
    found = [json.loads(line) for line in done("verify", given=GIVEN, **env).splitlines()]
    return {row["id"]: row for row in found}


def test_verify_asks_the_checker(checker):
    """It reads words only, so that it supports what another reader would not."""
    found = verified(SUMMARIZER_ENTAILMENT=str(checker))
    assert found[2]["score"] < 0.2
    assert found[1]["score"] > verified()[1]["score"]


def test_without_failed_checks_the_score_is_nearly_the_probability(checker):
    row = {"sources": [SOURCE], "claim": SOURCE}
    answer = done("verify", given=json.dumps(row), SUMMARIZER_ENTAILMENT=str(checker))
    # e⁴ against the two labels at 0
    assert json.loads(answer)["score"] == pytest.approx(0.965, abs=0.03)


def test_a_wrong_folder_ends_a_command_at_once(tmp_path):
    failed = run("verify", given=GIVEN, SUMMARIZER_ENTAILMENT=str(tmp_path))
    assert isinstance(failed.exception, SettingsError)
    assert "it holds no network" in str(failed.exception)
    assert failed.stdout == ""


def test_the_eval_measures_the_checker(checker, tmp_path):
    file = tmp_path / "labelled.jsonl"
    file.write_text(GIVEN + json.dumps({"sources": [SOURCE], "claim": SOURCE, "label": 1}))
    out = tmp_path / "run"
    done("eval", "verifier", file, "--out", out, SUMMARIZER_ENTAILMENT=str(checker))
    made = json.loads((out / "run.json").read_text())
    assert made["version"]["entailment"].startswith("checker-")
    assert "alignment" not in made["outcomes"][0]["values"]


def test_drafts_are_checked_by_it_at_thresholds_of_its_own(checker):
    with open_app(load(entailment=checker), in_memory=True) as app:
        verifier = app.pipeline.verifier
        assert verifier.entailment.name.startswith("checker-")
        assert verifier.policy.thresholds("title").supported == 0.5
        assert verifier.policy.thresholds("plain_language").supported == 0.5
    with open_app(load(), in_memory=True) as app:
        assert app.pipeline.verifier.policy.thresholds("title").supported < 0.5
