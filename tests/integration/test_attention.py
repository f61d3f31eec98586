"""What an approval settles, and what calls for an editor after it: on every way to ask."""

from __future__ import annotations

import pytest

from summarizer.app import App
from summarizer.domain.events import Cursor, EventKind
from summarizer.incidents.listing import Filters
from summarizer.review.edits import Edit
from tests.integration.test_living import OTHER_FIGURE, RETRACTION, service
from tests.support.app import a_client, take_in
from tests.support.cli import done

ID = "INC-000001"
LAWSUIT = "A lawsuit began in Stannick."
COURT = "Court, charges or a settlement: for the senior desk."
ASKS, OVER = EventKind.NEEDS_ATTENTION, EventKind.ATTENTION_OVER
TOLD = {ASKS, OVER, EventKind.RETRACTED, EventKind.CONTRADICTED}

__all__ = ["service"]


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
    client = a_client(service)
    reasons = client.get(f"/v1/incidents/{ID}/draft").json()["attention"]
    listed = client.get("/v1/incidents").json()["incidents"][0]["attention"]
    found = client.get("/v1/incidents?attention=true").json()["incidents"]
    page, row = client.get(f"/incidents/{ID}").text, client.get("/").text

    assert listed == reasons
    assert [one["attention"] for one in found] == ([reasons] if reasons else [])
    on_page = 'class="needs"' in page or 'class="to-read"' in page
    assert ("Needs attention:" in row) == bool(reasons)
    assert on_page or not reasons
    assert bool(service.incidents.page(Filters(attention=True)).total) == bool(reasons)
    for view in (page, row):
        assert ("Open, quiet since" in view) == bool(reasons)
        assert "Case Closed" not in view
    return reasons


def told(service: App) -> list[EventKind]:
    return [entry.kind for entry in service.reviews.history(ID) if entry.kind in TOLD]


def test_an_approval_ends_what_needed_attention_and_says_what_it_settled(service):
    with_a_lawsuit(service)
    assert asked(service) == [COURT]

    review(service, "approve")

    assert asked(service) == []
    assert told(service) == [ASKS, OVER]
    approval = next(e for e in service.reviews.history(ID) if e.kind is EventKind.APPROVED)
    assert approval.detail["settled"] == [COURT]


@pytest.mark.parametrize("decision", ["request_changes", "reject"])
def test_no_other_review_ends_it(service, decision):
    with_a_lawsuit(service)
    review(service, decision)
    assert asked(service) == [COURT]
    assert told(service) == [ASKS]


def test_a_withdrawn_approval_settles_nothing_any_more(service):
    with_a_lawsuit(service)
    review(service, "approve")
    review(service, "withdraw")

    assert asked(service) == [COURT]
    assert told(service)[-1] is ASKS
    assert service.reviews.history(ID)[-1].detail["reasons"] == [COURT]


def test_the_next_revision_asks_again_for_what_was_approved_in_the_one_before(service):
    with_a_lawsuit(service)
    review(service, "approve")
    key = next(s.key for s in service.reviews.newest(ID).sections if len(s.shown) > 1)
    service.reviews.lock(ID, key, "Kim", locked=True)

    assert asked(service) == [COURT]
    assert told(service)[-2:] == [OVER, ASKS]


@pytest.mark.slow
def test_an_approval_settles_what_later_items_did_by_then_and_not_what_comes_after(service):
    take_in(service, OTHER_FIGURE)
    (known,) = asked(service)
    assert "contradicted or overtaken by a later source (a2)" in known
    review(service, "approve")
    assert asked(service) == []
    assert service.reviews.standing(service.reviews.newest(ID))  # it is shown at the sentence still

    take_in(service, RETRACTION)
    (fresh,) = asked(service)
    assert "(a3)" in fresh
    assert told(service) == [EventKind.CONTRADICTED, OVER, EventKind.RETRACTED]

    service.curation.split(ID, ["a3"], "Kim")
    assert asked(service) == []
    assert told(service)[-1] is OVER


@pytest.mark.slow
def test_what_was_settled_asks_again_when_its_sentence_stands_in_the_next_revision(service):
    take_in(service, OTHER_FIGURE)
    review(service, "approve")
    key = next(s.key for s in service.reviews.newest(ID).sections if len(s.shown) > 1)
    service.reviews.lock(ID, key, "Kim", locked=True)

    (again,) = asked(service)
    assert "(a2)" in again
    last = service.reviews.history(ID)[-1]
    assert (last.kind, last.detail["reasons"]) == (ASKS, [again])


def test_webhooks_are_told_of_it(service):
    with_a_lawsuit(service)
    kinds = [ASKS, OVER]
    hook = service.webhooks.subscribe("https://desk.example/in", kinds, "Kim", Cursor(None, 0))
    review(service, "approve")
    service.webhooks.derive()
    sent = [one.entry.kind for one in service.webhooks.deliveries(hook.id)]
    assert sent == kinds[::-1]  # of the newest first


@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_the_command_line_says_what_still_asks_for_an_editor(service, tmp_path, decision):
    take_in(service, OTHER_FIGURE)
    review(service, decision)
    said = done("review", "status", ID, SUMMARIZER_DATA_DIR=str(tmp_path))

    assert ("attention:" in said) == (decision == "reject")
    assert "contradicted:" in said


def test_the_history_tells_in_words_what_was_found_and_nothing_of_what_was_left_out(service):
    take_in(service, OTHER_FIGURE)
    service.pipeline.suggest(ID, "key_points", None, "Kim")
    client = a_client(service)
    page = client.get(f"/incidents/{ID}/history").text
    outlet = service.store.items(["a2"])[0].source_name
    assert f"contradicted or overtaken by a later source ({outlet})" in page
    assert "(a2)" not in page
    assert "{&#39;id&#39;" not in page
    assert "None" not in page


def test_the_history_keeps_who_was_asked_for_a_response_and_by_whom(service):
    client = a_client(service)
    asked_ = client.post(f"/v1/incidents/{ID}/responses", json={"of": "Brackwater Lines"})
    assert (asked_.status_code, asked_.json()["kind"]) == (201, "response_asked")
    assert asked_.json()["detail"]["of"] == "Brackwater Lines"
    history = client.get(f"/incidents/{ID}/history").text
    assert "a response asked for by local" in history and "of Brackwater Lines" in history
    assert client.post(f"/v1/incidents/{ID}/responses", json={"of": " ? "}).status_code == 422
