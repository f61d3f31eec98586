"""What an approval settles, and what calls for an editor after it: on every way to ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api import create_app
from summarizer.app import App
from summarizer.cli import output
from summarizer.cli.app import app
from summarizer.domain.events import EventKind
from summarizer.incidents.listing import Filters
from summarizer.review.edits import Edit
from tests.integration.test_living import FIRST, OTHER_FIGURE, RETRACTION, come_in
from tests.support.app import an_app

ID = "INC-000001"
LAWSUIT = "Varnway was sued in Stannick."
COURT = "Court, charges or a settlement: for the senior desk."
TOLD = {
    EventKind.NEEDS_ATTENTION,
    EventKind.ATTENTION_OVER,
    EventKind.RETRACTED,
    EventKind.CONTRADICTED,
}


@contextmanager
def opened(folder: Path) -> Iterator[App]:
    with an_app(folder) as service:
        come_in(service, FIRST)
        service.pipeline.draft(ID)
        yield service


@pytest.fixture
def service(tmp_path: Path) -> Iterator[App]:
    with opened(tmp_path) as service:
        yield service


def with_a_lawsuit(service: App) -> None:
    """An editor's sentence that is for the senior desk."""
    draft = service.reviews.newest(ID)
    section = next(s for s in draft.sections if len(s.shown) > 1)
    claim = section.shown[0].claim.model_copy(update={"text": LAWSUIT})
    kept = [Edit(id=claim.id) for claim in section.shown]
    edits = [Edit(claim=claim, restore="The filing says so."), *kept]
    service.reviews.edit(ID, section.key, edits, "Kim")


def review(service: App, decision: str) -> None:
    revision = service.reviews.newest(ID).revision
    words = {"override": "Asked by telephone."} if decision == "approve" else {"note": "Read it."}
    service.decisions.decide(ID, decision, "Kim", revision=revision, **words)


def asked(service: App) -> list[str]:
    """Why the incident asks for an editor, which every way to ask tells alike."""
    client = TestClient(create_app(service), "http://127.0.0.1")
    reasons = client.get(f"/v1/incidents/{ID}/draft").json()["attention"]
    listed = client.get("/v1/incidents").json()["incidents"][0]["attention"]
    found = client.get("/v1/incidents?attention=true").json()["incidents"]
    page, row = client.get(f"/incidents/{ID}").text, client.get("/").text

    assert listed == reasons
    assert [one["attention"] for one in found] == ([reasons] if reasons else [])
    assert ("Needs attention</strong>" in page) == ("Needs attention:" in row) == bool(reasons)
    assert bool(service.incidents.page(Filters(attention=True)).total) == bool(reasons)
    return reasons


def told(service: App) -> list[EventKind]:
    return [entry.kind for entry in service.reviews.history(ID) if entry.kind in TOLD]


def test_an_approval_ends_what_needed_attention_and_says_what_it_settled(service):
    with_a_lawsuit(service)
    assert asked(service) == [COURT]

    review(service, "approve")

    assert asked(service) == []
    assert told(service) == [EventKind.NEEDS_ATTENTION, EventKind.ATTENTION_OVER]
    approval = next(e for e in service.reviews.history(ID) if e.kind is EventKind.APPROVED)
    assert approval.detail["settled"] == [COURT]


@pytest.mark.parametrize("decision", ["request_changes", "reject"])
def test_no_other_review_ends_it(service, decision):
    with_a_lawsuit(service)
    review(service, decision)
    assert asked(service) == [COURT]
    assert told(service) == [EventKind.NEEDS_ATTENTION]


def test_a_withdrawn_approval_settles_nothing_any_more(service):
    with_a_lawsuit(service)
    review(service, "approve")
    review(service, "withdraw")

    assert asked(service) == [COURT]
    assert told(service)[-1] is EventKind.NEEDS_ATTENTION
    assert service.reviews.history(ID)[-1].detail["reasons"] == [COURT]


def test_the_next_revision_asks_again_for_what_was_approved_in_the_one_before(service):
    with_a_lawsuit(service)
    review(service, "approve")
    key = next(s.key for s in service.reviews.newest(ID).sections if len(s.shown) > 1)
    service.reviews.lock(ID, key, "Kim", locked=True)

    assert asked(service) == [COURT]
    assert told(service)[-2:] == [EventKind.ATTENTION_OVER, EventKind.NEEDS_ATTENTION]


def test_an_approval_settles_what_later_items_did_by_then_and_not_what_comes_after(service):
    come_in(service, OTHER_FIGURE)
    (known,) = asked(service)
    assert "contradicted by a later source (a2)" in known
    review(service, "approve")
    assert asked(service) == []
    assert service.reviews.standing(service.reviews.newest(ID))  # it is shown at the sentence still

    come_in(service, RETRACTION)
    (fresh,) = asked(service)
    assert "(a3)" in fresh
    assert told(service) == [EventKind.CONTRADICTED, EventKind.ATTENTION_OVER, EventKind.RETRACTED]

    service.curation.split(ID, ["a3"], "Kim")
    assert asked(service) == []
    assert told(service)[-1] is EventKind.ATTENTION_OVER


def test_what_was_settled_asks_again_when_its_sentence_stands_in_the_next_revision(service):
    come_in(service, OTHER_FIGURE)
    review(service, "approve")
    key = next(s.key for s in service.reviews.newest(ID).sections if len(s.shown) > 1)
    service.reviews.lock(ID, key, "Kim", locked=True)

    (again,) = asked(service)
    assert "(a2)" in again
    last = service.reviews.history(ID)[-1]
    assert (last.kind, last.detail["reasons"]) == (EventKind.NEEDS_ATTENTION, [again])


def test_webhooks_are_told_of_it(service):
    with_a_lawsuit(service)
    kinds = [EventKind.NEEDS_ATTENTION, EventKind.ATTENTION_OVER]
    hook = service.webhooks.subscribe("https://desk.example/in", kinds, "Kim", 0)
    review(service, "approve")
    service.webhooks.derive()
    sent = [one.entry.kind for one in service.webhooks.deliveries(hook.id)]
    assert sent == kinds[::-1]  # of the newest first


@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_the_command_line_says_what_still_asks_for_an_editor(tmp_path, monkeypatch, decision):
    with opened(tmp_path) as service:
        come_in(service, OTHER_FIGURE)
        review(service, decision)
    monkeypatch.setenv("SUMMARIZER_DATA_DIR", str(tmp_path))
    output.results.cache_clear()
    output.errors.cache_clear()

    said = CliRunner().invoke(app, ["review", "status", ID]).stdout

    assert ("attention:" in said) == (decision == "reject")
    assert "contradicted:" in said


def test_the_history_tells_in_words_what_was_found_and_nothing_of_what_was_left_out(service):
    come_in(service, OTHER_FIGURE)
    service.pipeline.suggest(ID, "key_points", None, "Kim")
    client = TestClient(create_app(service), "http://127.0.0.1")
    page = client.get(f"/incidents/{ID}/history").text
    assert "contradicted by a later source (a2)" in page
    assert "{&#39;id&#39;" not in page
    assert "None" not in page
