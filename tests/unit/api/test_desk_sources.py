"""Full texts of sources, with what the draft takes from them."""

from __future__ import annotations

import pytest

from api.desk import sources
from summarizer.app import App
from tests.support.app import an_app, take_in
from tests.support.samples import ITEMS

FERRY = [
    {"title": "Ferry", "text": "The ferry stood still. A pump had failed.", "incident": "f"},
    {
        "title": "Ferry, as others had it",
        "text": "The ferry stood still. A pump had failed.",
        "outlet": "Tolby Courier",
        "incident": "f",
    },
    {"title": "Later", "text": "The owner apologised on Friday.", "incident": "f"},
]

FERRY_ID = "INC-000002"


@pytest.fixture(scope="module")
def app():
    with an_app() as app:
        take_in(app, ITEMS, *FERRY)
        yield app


def texts(app: App, draft=None, incident="INC-000001"):
    members = app.curation.members(incident)
    passages = app.store.passages([member.item.key for member in members])
    return sources.texts(members, passages, draft)


def test_every_text_is_whole_and_verbatim(app):
    for text in texts(app):
        assert "".join(piece.text for piece in text.pieces) == text.item.text


def test_before_a_draft_no_sentence_rests_on_anything(app):
    assert [text.users for text in texts(app)] == [0] * len(texts(app))


def test_a_passage_names_the_sentences_that_cite_it(app):
    draft = app.pipeline.draft("INC-000001")
    cited = {
        (cite, checked.claim.text)
        for section in draft.sections
        for checked in section.shown
        for cite in checked.claim.cites
    }
    found = {
        (piece.passage, user.text)
        for text in texts(app, draft)
        for piece in text.pieces
        for user in piece.users
    }
    assert found == cited != set()


def test_a_copy_says_of_whom(app):
    (copy,) = [text for text in texts(app, incident=FERRY_ID) if text.copy_of]
    assert copy.item.outlet == "Tolby Courier"
