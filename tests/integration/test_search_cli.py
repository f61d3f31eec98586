"""``summarizer search``, as an editor meets it at a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from summarizer.cli.app import app

ITEMS = [
    {
        "title": "Ferries late",
        "text": "The weather was mild. Halden Line cancelled 14 crossings on Thursday.",
        "outlet": "Tolby Courier",
        "incident": "ferry",
    },
    {"title": "A reply", "text": "The operator apologises to travellers.", "incident": "ferry"},
    {"title": "Bakery prize", "text": "Rye bread won a prize in Oslo.", "incident": "bread"},
]


@pytest.fixture(autouse=True)
def _newsroom(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from summarizer.cli import output

    monkeypatch.chdir(tmp_path)
    output.results.cache_clear()
    output.errors.cache_clear()
    ingested = run("ingest", "-", given="\n".join(map(json.dumps, ITEMS)))
    assert ingested.exit_code == 0, ingested.output


def run(*words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(app, list(words), input=given)


def test_a_search_shows_where_each_passage_stands_and_what_it_says():
    found = run("search", "cancelled crossings", "--mode", "text")

    assert found.exit_code == 0
    assert found.stdout == (
        "INC-000001  a1.2  Tolby Courier\n"
        "  Halden Line cancelled 14 crossings on Thursday.\n"
    )  # fmt: skip


def test_words_of_two_items_find_their_incident_and_no_item():
    words = ("search", "crossings travellers", "--mode", "text")
    incidents, items = run(*words, "--kind", "incidents"), run(*words)

    assert incidents.stdout.startswith("INC-000001  ")
    assert (items.exit_code, items.stdout) == (0, "")
    assert "Nothing was found." in items.stderr


def test_what_says_something_alike_is_found_by_meaning():
    found = run("search", "boat trips called off", "--limit", "1")
    assert found.stdout.startswith("INC-000001  a1 ")
    assert len(found.stdout.splitlines()) == 2
