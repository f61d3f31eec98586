"""Commands that score a run again and open its report."""

from __future__ import annotations

import datetime as dt
import json
import re
import webbrowser
from pathlib import Path

import pytest

from evals.framework import runner
from evals.suites.verifier import labelled
from evals.suites.verifier.suite import VerifierSuite
from summarizer import factories
from summarizer.errors import InputError, SettingsError
from summarizer.verification.entailment.lexical import LexicalEntailment
from tests.support.cli import done, refused, run

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(factories, "entailment", lambda checker=None: LexicalEntailment())
    monkeypatch.setattr(factories, "entailment_parts", dict)


@pytest.fixture
def saved() -> Path:
    """The folder of a run over one claim."""
    row = {"claim": "Nobody was hurt.", "label": 1, "sources": ["Nobody was hurt, they said."]}
    Path("rows.jsonl").write_text(json.dumps(row))
    suite = VerifierSuite(labelled.of_files([Path("rows.jsonl")]), LexicalEntailment())
    quiet = {"resume": False, "on_progress": lambda *_: None, "now": NOW}
    runner.run(suite, out=Path("run"), **quiet)
    return Path("run")


def test_a_run_that_is_scored_again_is_a_run_like_any_other(saved: Path) -> None:
    policy = Path("gate.toml")
    policy.write_text(
        'version = "9"\n[profiles.strict]\nabout = "All."\n'
        "support = {supported = 0.01, partly = 0.01}\n"
    )
    found = run("eval", "score", saved, "--gate", policy, "--out", "again", "--no-baseline")
    assert found.exit_code == 0, found.output
    assert "Written: again/run.json" in found.stderr
    assert runner.load(Path("again")).version["gate"] == "strict-9"
    assert {path.name for path in Path("again").iterdir()} == {
        "run.json", "journal.jsonl", "records.jsonl.gz", "table.md", "report.html",
    }  # fmt: skip
    assert "Nobody was hurt." in Path("again/report.html").read_text()


@pytest.mark.parametrize(
    ("words", "error", "says"),
    [
        (["--out", "run"], InputError, "the folder of the run itself"),
        (["--out", "run/../run"], InputError, "the folder of the run itself"),
        (
            ["--out", "again", "--gate", "nowhere.toml"],
            InputError,
            "nowhere.toml cannot be read: No such",
        ),
        (["--out", "again", "--gate", "rows.jsonl"], SettingsError, "rows.jsonl: The gate's"),
    ],
)
def test_a_score_that_cannot_be_made_says_why(
    saved: Path, words: list[str], error: type[Exception], says: str
) -> None:
    found = refused("eval", "score", saved, *words)
    assert isinstance(found, error) and says in str(found)
    assert not Path("again").exists()


@pytest.mark.slow
def test_a_gate_that_withholds_everything_is_worse_and_what_was_kept_is_told() -> None:
    rows = [
        {
            "claim": f"{n + 10} boats sank early.",
            "label": label,
            "sources": [f"{n + 10} boats {said}."],
        }
        for n in range(12)
        for label, said in ((1, "sank"), (0, "did well at sea"))
    ]
    Path("rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert run("eval", "verifier", "rows.jsonl", "--out", "run").exit_code == 0
    Path("hard.toml").write_text(
        'version = "9"\n[profiles.strict]\nabout = "None."\nsupport = {supported = 1, partly = 1}\n'
    )
    assert run("eval", "score", "run", "--gate", "hard.toml", "--out", "hard").exit_code == 0

    same = run("eval", "compare", "run", "run", "--fail-on-worse")
    assert same.exit_code == 0
    assert re.search(r"│ gate: false alarms +│.* kept", same.stdout)
    found = run("eval", "compare", "run", "hard", "--fail-on-worse")
    assert found.exit_code == 1
    assert "B: gate: false alarms went from 0.000 to 1.000" in str(found.exception)
    assert "checks: F1" not in found.stdout  # what did not change
    assert "checks: F1" in run("eval", "compare", "run", "hard", "--all").stdout


@pytest.mark.parametrize("named", ["run", "run/run.json"])
@pytest.mark.parametrize("opens", [True, False])
def test_a_report_is_opened_and_its_path_printed(
    saved: Path, monkeypatch: pytest.MonkeyPatch, named: str, opens: bool
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: bool(asked.append(url)) or opens)
    found = run("eval", "view", named)
    page = (saved / "report.html").resolve()
    assert found.stdout.strip() == str(page)
    assert asked == [page.as_uri()]
    assert ("No browser" in found.stderr) is not opens
    assert "Nobody was hurt." in page.read_text()  # it was missing, and is made of the run


def test_no_browser_is_asked_for_by_no_open(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda url: pytest.fail("A browser was opened."))
    (saved / "report.html").write_text("As it is.")
    assert done("eval", "view", saved, "--no-open").strip() == str(
        (saved / "report.html").resolve()
    )
    assert (saved / "report.html").read_text() == "As it is."
    assert "cannot be read" in str(refused("eval", "view", "nowhere"))
