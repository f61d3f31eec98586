"""``summarizer search``, as an editor meets it at a terminal."""

from __future__ import annotations

import pytest

from tests.integration.test_search import ITEMS
from tests.support.app import as_rows
from tests.support.cli import done, run


@pytest.fixture(autouse=True)
def _newsroom(elsewhere) -> None:
    done("ingest", "-", given=as_rows(*ITEMS))


def test_a_search_shows_where_each_passage_stands_and_what_it_says():
    assert done("search", "cancelled crossings", "--mode", "text") == (
        "INC-000001  a1.2  Tolby Courier\n"
        "  Halden Line cancelled 14 crossings on Thursday, 3 < 4.\n"
    )  # fmt: skip


def test_words_of_two_items_find_their_incident_and_no_item():
    words = ("search", "crossings travellers", "--mode", "text")
    assert done(*words, "--kind", "incidents").startswith("INC-000001  ")
    items = run(*words)
    assert (items.exit_code, items.stdout) == (0, "")
    assert "Nothing was found." in items.stderr


def test_what_says_something_alike_is_found_by_meaning():
    found = done("search", "boat trips called off", "--limit", "1")
    assert found.startswith("INC-000001  a1 ")
    assert len(found.splitlines()) == 2
