"""The vector index on the command line: audited, repaired, rebuilt, and waited for."""

import json

import pytest

from summarizer import settings
from summarizer.app import open_app
from summarizer.domain.items import ItemKey, Passage, PassageId
from summarizer.errors import IndexUnreachableError
from tests.support.cli import done, refused, run

pytestmark = pytest.mark.usefixtures("elsewhere")

ITEM = json.dumps({"text": "The ferry at Tolmouth was late.\nNobody was hurt on the pier."})


def test_an_audit_names_differences_and_repairs_them_when_asked():
    done("ingest", "-", given=ITEM)
    assert "agrees with the database" in done("index", "audit")
    with open_app(settings.load()) as app:
        app.index.remove([PassageId("a1.2")])
        app.index.add([Passage(item_key=ItemKey("a8"), n=1, start=0, end=1, text="gone")])
    found = run("index", "audit")
    assert found.exit_code == 1
    assert "1 missing: passages and headings that the index lacks: a1.2" in found.stdout
    assert "1 left over: passages and headings that the database lacks: a8.1" in found.stdout
    assert "--repair" in found.stderr
    assert "Repaired." in done("index", "audit", "--repair")
    assert "1 items in the database, 0 of them to be indexed yet." in done("index", "audit")
    assert "Indexed 3 passages" in done("reindex")
    assert "agrees with the database" in done("index", "audit")


def test_items_are_stored_while_the_server_is_away_and_a_rebuild_says_that_it_cannot(monkeypatch):
    monkeypatch.setenv("SUMMARIZER_CHROMA_URL", "http://127.0.0.1:9")
    found = run("ingest", "-", given=ITEM)
    assert found.exit_code == 0
    assert "The items are stored, and wait for the index." in found.stderr
    assert "at 127.0.0.1:9 cannot be reached" in found.stderr
    for command in (["reindex"], ["index", "audit"]):
        assert isinstance(refused(*command), IndexUnreachableError)
    monkeypatch.delenv("SUMMARIZER_CHROMA_URL")
    assert "put 1 items into incidents" in done("ingest", "-", given=ITEM)
