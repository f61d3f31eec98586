"""Arguments are checked before any work: nothing is stored and no model is asked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.mock_server import MessagesServer
from summarizer.errors import InputError
from tests.support.cli import done, refused, run
from tests.support.samples import ITEMS

ID = "INC-000001"


@pytest.fixture(scope="module")
def model() -> Iterator[MessagesServer]:
    """A model that is asked for nothing."""
    with MessagesServer([]) as server:
        yield server


@pytest.fixture
def here(
    elsewhere: Path, grouped: Path, model: MessagesServer, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A folder with one incident in ``data``, some files, and a model that costs money."""
    shutil.copytree(grouped, elsewhere / "data")
    (elsewhere / "folder").mkdir()
    (elsewhere / "edits.json").write_text("[{]")
    (elsewhere / "rows.jsonl").write_text('{"text": "The tram was late."}\n')
    monkeypatch.setenv("ANTHROPIC_BASE_URL", model.url)
    return elsewhere


def kept(folder: Path) -> dict[str, bytes]:
    files = sorted(folder.rglob("*"))
    passing = (".lock", "-wal", "-shm")
    return {
        str(file): file.read_bytes()
        for file in files
        if file.is_file() and not file.name.endswith(passing)
    }


CONTRADICTIONS = [
    (f"draft {ID} -o x.md", "--output needs --format"),
    (f"draft {ID} -f markdown -o x.json", "x.json has the suffix of --format json"),
    (f"draft {ID} -f html -o none/x.html", "there is no directory none"),
    (f"draft {ID} -f html -o folder", "it is a directory"),
    (f"draft {ID} --as-of noon", "'noon' is not a time"),
    (f"draft {ID} INC-000002 -f html", "give one ID"),
    (f"draft {ID} --batch -f html -o x.html", "give one ID, without --batch"),
    (f"draft {ID} --items rows.jsonl", "Give one of"),
    ("draft --all -f html -o x.html", "give one ID"),
    ("draft --items none.jsonl", "none.jsonl cannot be read"),
    ("draft --items rows.jsonl -o x.html", "--output needs --format"),
    ("draft --items rows.jsonl --batch", "--batch drafts stored incidents"),
    (f"show {ID} -o x.md", "--output needs --format"),
    (f"show {ID} -f html -o none/x.html", "there is no directory none"),
    (f"show {ID} --as-of noon", "'noon' is not a time"),
    (f"show {ID} --why -f html", "--why prints no page"),
    (f"noise {ID} --since noon", "'noon' is not a time"),
    (f"noise {ID} --until noon", "'noon' is not a time"),
    ("incidents --as-of noon", "'noon' is not a time"),
    ("ingest rows.jsonl none.jsonl", "none.jsonl cannot be read"),
    ("ingest folder", "folder cannot be read: Is a directory"),
    ("cluster none.jsonl", "none.jsonl cannot be read"),
    ("verify none.jsonl", "none.jsonl cannot be read"),
    (f"review edit {ID} title edits.json --by Kim", "edits.json has no valid edits"),
    (f"review edit {ID} title none.json --by Kim", "none.json cannot be read"),
    (f"review add-item {ID} --by Kim", "Give either --url or --file"),
    (f"review add-item {ID} --by Kim --file none.jsonl", "none.jsonl cannot be read"),
    ("feeds poll none.toml", "none.toml"),
    ("feeds poll rows.jsonl", "rows.jsonl"),
    ("worker --feeds none.toml", "none.toml"),
    ("worker --feeds rows.jsonl --dry-run", "--dry-run polls no feeds"),
    ("demo --folder rows.jsonl", "rows.jsonl is a file"),
    ("eval mutation rows.jsonl --resume", "--resume needs --out"),
    ("eval mutation rows.jsonl --out rows.jsonl/x", "rows.jsonl is a file"),
    ("eval compare folder folder --report none/x.html", "there is no directory none"),
]


@pytest.mark.parametrize(("command", "says"), CONTRADICTIONS, ids=[c for c, _ in CONTRADICTIONS])
def test_a_wrong_argument_costs_nothing(
    here: Path, model: MessagesServer, command: str, says: str
) -> None:
    before = kept(here)
    error = refused(*command.split())
    assert isinstance(error, InputError), error
    assert error.exit_code == 2
    assert says in str(error)
    assert (kept(here), model.requests) == (before, [])


@pytest.mark.parametrize(
    "command",
    [
        f"draft {ID} INC-000099",
        f"draft {ID} INC-000099 --batch",
        "show INC-000099",
        "review lock INC-000099 title --by Kim",
        f"merge {ID} INC-000099 --by Kim",
        f"split {ID} a99 --by Kim",
    ],
)
def test_an_unknown_incident_costs_nothing(here: Path, model: MessagesServer, command: str) -> None:
    before = kept(here)
    assert refused(*command.split()).exit_code in (2, 3)
    assert (kept(here), model.requests) == (before, [])


@pytest.mark.parametrize(
    ("command", "near"),
    [
        ("draf", "Did you mean 'draft'"),
        ("review locks", "Did you mean 'lock'"),
        ("eval draftin", "Did you mean 'drafting'"),
        ("draft --outptu x", "--output"),
        ("show X --revison 1", "--revision"),
        ("incidents --stat emerging", "--state"),
    ],
)
def test_an_unknown_command_or_option_names_the_near_one(command: str, near: str) -> None:
    found = run(*command.split())
    assert found.exit_code == 2
    assert near in " ".join(found.stderr.split())


def test_without_a_command_the_program_says_how_to_begin() -> None:
    assert "Start with summarizer demo" in run().output.replace("`", "")


NOTHING_YET = [
    ("incidents", "summarizer ingest FILE"),
    ("draft --all", "summarizer ingest FILE"),
    ("fetches", "Nothing was fetched yet"),
    ("search ferry --mode text", "Nothing was found"),
    ("forecasts", "No forecast was resolved yet"),
    ("keys list", "No keys"),
    ("webhooks list", "summarizer webhooks create"),
]


@pytest.mark.parametrize(("command", "says"), NOTHING_YET)
def test_an_empty_data_directory_says_what_comes_next(
    elsewhere: Path, command: str, says: str
) -> None:
    found = run(*command.split())
    assert found.exit_code == 0
    assert says in found.output


def test_a_file_without_an_item_is_not_drafted(elsewhere: Path) -> None:
    Path("empty.jsonl").touch()
    error = refused("draft", "--items", "empty.jsonl")
    assert "empty.jsonl holds no item that can be used" in str(error)


def test_drafting_all_with_nothing_to_do_says_so(elsewhere: Path) -> None:
    done("ingest", ITEMS)
    done("draft", "--all")
    assert (
        "Nothing to draft: the evidence of every incident is as in" in run("draft", "--all").stderr
    )
