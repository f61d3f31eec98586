"""No control sequence or override of direction from outside reaches a terminal or a pipe."""

import json
import logging
import re
import sys
from pathlib import Path

import pytest

from evals.mock_server import MessagesServer, error
from summarizer.cli import output
from summarizer.cli.app import main
from summarizer.domain.fetching import FetchOutcome, FetchRecord, Purpose
from tests.support.app import an_app
from tests.support.builders import NOON
from tests.support.cli import run

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b2J\u202eevil\u2066[bold]x[/bold][link=http://a.example]y\r"
FORGED = f"{HOSTILE}\nerror: all is well"
STYLE = re.compile(r"\x1b\[[0-9;]*m")
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
ROW = {
    "title": f"Ferry {HOSTILE} late",
    "text": f"The ferry Dawn was late on Monday {HOSTILE}. It was two hours late.",
    "outlet": f"Quay {HOSTILE} Post",
    "author": FORGED,
    "published_at": "2026-11-20T08:00:00Z",
    "incident": f"ferry {HOSTILE}",
    f"field {FORGED}": HOSTILE,
}
COMMANDS = [
    ("show", "INC-000001"),
    ("show", "INC-000001", "--format", "markdown"),
    ("show", "INC-000001", "--format", "html"),
    ("show", "INC-000001", "--format", "json"),
    ("incidents",),
    ("show", "INC-000001", "--why"),
    ("noise", "INC-000001"),
    ("noise", "INC-000001", "--json"),
    ("search", "ferry", "--mode", "text"),
    ("entries",),
    ("forecasts",),
    ("fetches",),
    ("review", "history", "INC-000001"),
    ("review", "status", "INC-000001"),
    ("review", "section", "INC-000001", "title"),
    ("keys", "list"),
    ("webhooks", "list"),
    ("worker", "--dry-run"),
    ("worker", "--dry-run", "--json"),
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data of which everything that came from outside holds control sequences."""
    folder = tmp_path_factory.mktemp("hostile")
    rows = folder / "rows.jsonl"
    rows.write_text(
        json.dumps(ROW) + "\n" + json.dumps({f"x{FORGED}": 1, "engagement": {FORGED: -1}})
    )
    with an_app(folder / "data") as app, rows.open("rb") as stream:
        list(app.pipeline.ingest(stream))
        app.pipeline.settle()
        app.pipeline.draft("INC-000001")
        app.decisions.decide("INC-000001", "reject", FORGED, revision=1, note=FORGED)
        app.store.fetches.add(
            FetchRecord(
                at=NOON, url=f"http://a.example/{HOSTILE}", final_url="http://a.example/",
                purpose=Purpose.FEED, outcome=FetchOutcome.FAILED, status=500, size=0, ms=1,
                error=FORGED,
            )
        )  # fmt: skip
    return folder / "data"


@pytest.mark.parametrize(
    ("words", "terminal"),
    [
        (COMMANDS[0], "1"),
        *((words, "") for words in COMMANDS),
        *(pytest.param(words, "1", marks=pytest.mark.slow) for words in COMMANDS[1:]),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else value or "plain",
)
def test_no_command_prints_a_hidden_character(hostile, words, terminal):
    found = run(
        *words, SUMMARIZER_DATA_DIR=str(hostile), SUMMARIZER_DRAFTER="extractive",
        FORCE_COLOR=terminal,
    )  # fmt: skip
    printed = found.output if terminal == "" else STYLE.sub("", found.output)

    assert found.exit_code in (0, 1), found.exception
    assert not HIDDEN.search(printed.replace("\r\n", "\n"))


def test_a_rejected_row_cannot_forge_a_line_of_the_report(elsewhere):
    file = f"{FORGED.replace('/', '')}.jsonl"
    (elsewhere / file).write_text(json.dumps({"text": "x", "engagement": {FORGED: -1}}))
    found = run("ingest", file)
    (line,) = [line for line in found.stderr.splitlines() if "rejected:" in line]

    assert not HIDDEN.search(found.output)
    assert r"\u001b]0;owned\u0007" in line
    assert r"\nerror: all is well" in line
    assert "[bold]x[/bold]" in line


def test_the_words_of_a_model_server_are_one_plain_line(hostile, monkeypatch, capsys):
    with MessagesServer([error(400, FORGED)]) as server:
        monkeypatch.setenv("SUMMARIZER_DATA_DIR", str(hostile))
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        printed = failed(monkeypatch, capsys, "draft", "INC-000001")

    assert "owned" in printed
    assert "\nerror: all is well" not in printed


@pytest.mark.parametrize("argument", ["a\x1b[2J", "caf\udce9", "a\x9b"])
def test_an_argument_that_is_no_plain_text_is_refused(monkeypatch, capsys, argument):
    assert "Argument 2 is not plain text" in failed(monkeypatch, capsys, "show", argument)


def failed(monkeypatch, capsys, *words: str) -> str:
    """What a whole command that fails prints to a terminal, without styles or hidden characters."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(sys, "argv", ["summarizer", *words])
    output.errors.cache_clear()
    with pytest.raises(SystemExit):
        main()
    printed = STYLE.sub("", capsys.readouterr().err)
    assert not HIDDEN.search(printed)
    return printed


def test_the_log_of_every_library_passes_the_same_door(capsys, monkeypatch):
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    output.log_to_stderr()
    logging.getLogger("elsewhere").warning("a server said %s", HOSTILE)

    assert not HIDDEN.search(capsys.readouterr().err)
