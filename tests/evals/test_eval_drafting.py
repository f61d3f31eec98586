"""``summarizer eval drafting`` with several prompts and models, on a model that a test plays."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from evals.framework import baselines, records, runner
from evals.mock_server import MessagesServer, Recorded, Reply, copied_answer, error, refusal
from summarizer.cli.app import app
from summarizer.cli.eval_drafting import repeated
from summarizer.errors import (
    InconclusiveError,
    InputError,
    ModelAccessError,
    ModelError,
    PromptError,
    SettingsError,
)
from tests.evals.drafting.drafts import RECALL, TWICE

PRICES = '[prices."quill-small"]\ninput = 1.0\noutput = 5.0\n'
Script = Callable[[Recorded], Reply]


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from summarizer.cli import output

    monkeypatch.chdir(tmp_path)
    output.results.cache_clear()
    output.errors.cache_clear()
    for name, value in (("JUDGE", "off"), ("MAX_ATTEMPTS", "1"), ("PLAN", "single")):
        monkeypatch.setenv(f"SUMMARIZER_{name}", value)
    rows = [{"items": [{"text": f"{RECALL} {n}"}, {"text": TWICE}]} for n in range(2)]
    Path("lamps.jsonl").write_text("\n".join(map(json.dumps, rows)))
    Path("prices.toml").write_text(PRICES)
    Path("own").mkdir()
    Path("own/instruction.md").write_text("{wish}")


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Script], MessagesServer]]:
    """Start a model that answers by a script."""
    running: list[MessagesServer] = []

    def start(script: Script) -> MessagesServer:
        server = MessagesServer(script)
        server.__enter__()
        running.append(server)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        return server

    yield start
    for server in running:
        server.__exit__()


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["eval", "drafting", "lamps.jsonl", *map(str, words)])


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("a.jsonl --prompts A B --out x", "a.jsonl --prompts A --prompts B --out x"),
        ("--models M --prompts A B -- a.jsonl", "--models M --prompts A --prompts B -- a.jsonl"),
        ("--models --prompts A", "--models --prompts A"),
        ("--prompts=A a.jsonl", "--prompts=A a.jsonl"),
        ("--models", "--models"),
        ("a.jsonl --jobs 2", "a.jsonl --jobs 2"),
    ],
)
def test_an_option_takes_every_word_up_to_the_next_one(given: str, read: str) -> None:
    assert repeated(given.split()) == read.split()


@pytest.mark.slow
def test_the_same_prompts_twice_show_no_difference(play: Callable[..., MessagesServer]) -> None:
    play(copied_answer)
    words = ("--prompts", "shipped", "own", "--models", "quill-small", "--prices", "prices.toml")
    found = run(*words, "--epochs", 2, "--limit", 1, "--out", "runs")
    assert found.exit_code == 0, found.output

    a, b = (runner.load(Path("runs") / f"{name}@quill-small") for name in ("shipped", "own"))
    quality = [[{**o.values, "seconds": 0, "model_seconds": 0} for o in r.outcomes] for r in (a, b)]
    assert quality[0] == quality[1] and len(quality[0]) == 2
    assert a.outcomes[0].cluster == a.outcomes[1].cluster
    assert a.version["model"] == b.version["model"] == "quill-small"
    assert a.outcomes[0].values["cost"] and a.outcomes[0].values["model_seconds"]
    kept = [list(records.read(Path("runs") / f"{name}@quill-small")) for name in ("shipped", "own")]
    assert [[r.key for r in found] for found in kept] == [[o.key for o in a.outcomes]] * 2
    table = Path("runs/table.md").read_text()
    assert "| faithfulness ↑ | +0.000 |" in table
    assert "shipped@quill-small/report.html" in Path("runs/report.html").read_text().replace(
        "%40", "@"
    )


def test_errors_of_a_model_are_counted_and_end_no_run(play: Callable[..., MessagesServer]) -> None:
    """One model refuses everything, the other works: the run ends, and says so at the end."""

    def script(request: Recorded) -> Reply:
        return refusal("No.") if request.body["model"] == "shy" else copied_answer(request)

    server = play(script)
    found = run("--models", "quill-small", "shy", "--limit", 1, "--out", "runs")
    assert isinstance(found.exception, ModelError)
    assert "shipped@shy: no story was drafted" in str(found.exception)
    (outcome,) = runner.load(Path("runs/shipped@shy")).outcomes
    assert (outcome.values["errors"], outcome.values["faithfulness"]) == (1, None)
    assert "no draft after 3 tries" in (outcome.note or "")
    assert sum(request.body["model"] == "shy" for request in server.requests) == 3
    assert "No price for quill-small, shy" in found.output
    assert "no price" in Path("runs/table.md").read_text()


@pytest.mark.parametrize("status", [401, 404])
def test_an_error_of_every_story_ends_the_run_at_once(
    play: Callable[..., MessagesServer], status: int
) -> None:
    server = play(lambda _: Reply(status, error(401).body))
    found = run("--models", "quill-small", "missing")
    assert isinstance(found.exception, ModelAccessError)
    assert str(found.exception).startswith("shipped@quill-small: ")
    assert len(server.requests) == 1


def test_a_run_stops_at_its_cost_and_goes_on(play: Callable[..., MessagesServer]) -> None:
    server = play(copied_answer)
    words = ("--models", "quill-small", "--prices", "prices.toml", "--out", "run")
    found = run(*words, "--max-cost", 0.000001)
    assert isinstance(found.exception, InconclusiveError)
    assert "Stopped at --max-cost 1e-06" in str(found.exception)
    stopped = runner.load(Path("run"))
    assert len(stopped.outcomes) == 1 and "after 1 of 2 tasks" in (stopped.incomplete or "")
    assert "Incomplete: Stopped" in Path("run/report.html").read_text()
    asked = len(server.requests)
    with pytest.raises(InputError, match="no baseline"):
        baselines.accept(stopped, Path("baselines"))

    assert run(*words, "--max-cost", 9, "--resume").exit_code == 0
    whole = runner.load(Path("run"))
    assert whole.incomplete is None and whole.outcomes[0] == stopped.outcomes[0]
    assert len(server.requests) == 2 * asked


@pytest.mark.parametrize(
    ("words", "kind", "said"),
    [
        ("--prompts prices.toml", InputError, "prices.toml is a file, and stands after --prompts"),
        ("--prompts nowhere", PromptError, "nowhere is no folder of prompts"),
        ("--models m --prices own", InputError, "The prices in own cannot be read"),
        ("--models m --prices prices.toml --max-cost 1", InputError, "No price for m"),
        ("--models m n --baseline own", InputError, "--baseline is for one prompt and model"),
    ],
)
def test_what_is_wrong_is_said_before_any_call(
    play: Callable[..., MessagesServer], words: str, kind: type[Exception], said: str
) -> None:
    server = play(copied_answer)
    found = run(*words.split())
    assert isinstance(found.exception, kind)
    assert said in str(found.exception)
    assert not server.requests


def test_without_a_model_no_prompt_is_compared() -> None:
    found = run("--prompts", "own")
    assert isinstance(found.exception, SettingsError)
    assert "No model drafts here" in str(found.exception)
