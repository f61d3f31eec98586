"""Deletion of items, incidents and senders, seen from every side."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from summarizer.app import App
from summarizer.domain.api_keys import Scope
from summarizer.domain.events import EventKind
from summarizer.errors import (
    ConflictError,
    GoneError,
    IndexUnreachableError,
    InputError,
    NotFoundError,
)
from summarizer.pipeline.erasure import EraseWorker
from summarizer.ports.index import PassageIndex
from summarizer.review.deletion import SourceDeletion
from summarizer.review.edits import Edit
from tests.support.app import a_client, an_app, bearer, take_in
from tests.support.clock import ManualClock

TOLD = "The harbour master of Tolmouth sent 40 dockers home and shut the fish market for a week."
SEEN = "Two dockers were hurt when a crane collapsed at the north quay of Tolmouth on Monday."
LATER = "The crane at the north quay of Tolmouth had failed an inspection in March, records show."
ROWS = (
    {
        "title": "North quay closed", "text": TOLD, "outlet": "Quay Post", "incident": "crane",
        "url": "https://quaypost.example/closed", "published_at": "2026-04-28T08:00:00Z",
    },
    {
        "title": "Two hurt", "text": SEEN, "outlet": "Tolmouth Echo", "incident": "crane",
        "url": "https://echo.example/hurt", "published_at": "2026-04-28T09:00:00Z",
    },
    {
        "title": "Failed inspection", "text": LATER, "outlet": "Quay Post", "incident": "crane",
        "url": "https://quaypost.example/failed", "published_at": "2026-04-29T09:00:00Z",
    },
)  # fmt: skip
WORDS = "harbour master"
ID = "INC-000001"


@pytest.fixture
def told(service: App) -> App:
    """An application with an approved page of three items."""
    take_in(service, *ROWS)
    service.pipeline.draft(ID)
    service.decisions.decide(ID, "approve", "Kim", revision=1, override="It is a test.")
    return service


def remove(service: App, key: str = "a1", why: str = "court order") -> Any:
    return service.deletion.delete(service.deletion.of_item(key), "Lee", why)


def shown(service: App, revision: int | None = None) -> str:
    page = service.pages.of(ID, revision=revision)
    return " ".join(claim.claim.text for s in page.draft.sections for claim in s.shown)


def test_a_sentence_whose_source_was_deleted_is_shown_no_more_in_any_revision(told: App) -> None:
    assert WORDS in shown(told)
    plan = told.deletion.of_item("a1")
    assert [(hit.incident, hit.revisions, hit.goes) for hit in plan.incidents] == [(ID, 1, False)]
    remove(told)
    for revision in (1, 2):
        draft = told.store.draft(ID, revision)
        assert WORDS not in draft.model_dump_json()
        assert draft.erased == ("a1",)
        assert [item.key for item in draft.evidence.items] == ["a2", "a3"]
    assert "Two dockers were hurt" in shown(told)
    assert plan.incidents[0].sentences == sum(
        claim.is_erased for s in told.store.draft(ID, 2).sections for claim in s.withheld
    )


def test_an_approved_page_needs_an_editor_again(told: App) -> None:
    remove(told)
    page = told.pages.of(ID)
    assert page.draft.revision == 2
    assert page.review.of(2) == "unreviewed"
    reasons = told.reviews.attention(page.draft)
    assert any("their source was deleted" in reason for reason in reasons)
    kinds = [event.kind for event in told.store.history.of(ID)][-2:]
    assert kinds == [EventKind.DELETED, EventKind.NEEDS_ATTENTION]
    listed = told.incidents.page().incidents[0]
    assert (listed.items, listed.attention != ()) == (("a2", "a3"), True)


def test_the_history_says_who_when_and_why_and_nothing_that_was_deleted(told: App) -> None:
    told.reviews.edit(ID, "key_points", [], "Kim")  # keeps the sentences that it removes
    assert any(WORDS in str(e.detail) for e in told.store.history.of(ID))
    remove(told)
    entry = next(e for e in told.store.history.of(ID) if e.kind is EventKind.DELETED)
    assert (entry.actor, entry.detail["why"], entry.detail["items"]) == (
        "Lee", "court order", ["a1"],
    )  # fmt: skip
    assert not any(WORDS in str(event.detail) for event in told.store.history.after(0))
    assert [(d.by, d.why, d.finished_at is None) for d in told.deletion.deletions()] == [
        ("Lee", "court order", False)
    ]


def test_the_log_says_why_a_whole_incident_went_and_no_word_of_it(told: App) -> None:
    told.deletion.delete(told.deletion.of_incident(ID), "Lee", "court order")
    of_it = told.store.history.after(0)
    deleted = [event.detail for event in of_it if event.kind is EventKind.DELETED]
    assert [detail["why"] for detail in deleted] == ["court order"] * len(deleted) != []
    assert WORDS not in str([event.detail for event in of_it])


def test_no_search_finds_it(told: App) -> None:
    assert told.search.find("harbour master", mode="text")
    remove(told)
    assert told.search.find("harbour master", mode="text") == []
    found = told.search.find("the harbour master closed the quay", mode="meaning")
    assert "a1" not in [hit.item.key for hit in found]
    assert told.index.among(["a1.0", "a1.1"]) == frozenset()
    assert told.indexer.audit().agrees


def test_the_same_row_is_refused_until_it_is_allowed_again(told: App) -> None:
    remove(told)
    by_text = {"title": "Copy", "text": TOLD}
    by_url = {"text": "Another text.", "url": "https://quaypost.example/closed#top"}
    (text, url) = take_in(told, by_text, by_url).rejected
    assert "equals the item a1, which was deleted on 2026-05-01" in text.reason
    assert "summarizer delete allow a1" in url.reason
    told.deletion.allow("a1")
    assert len(take_in(told, by_text, by_url).accepted) == 2
    with pytest.raises(NotFoundError):
        told.deletion.allow("a2")


def test_an_incident_goes_with_everything_and_its_id_says_so(told: App) -> None:
    take_in(told, {"title": "Ferry late", "text": "The ferry was late at Orm.", "incident": "x"})
    told.deletion.delete(told.deletion.of_incident(ID), "Lee", "error of ours")
    for ask in (told.pages.of, told.store.incident, told.deletion.of_incident, told.store.sources):
        with pytest.raises(GoneError, match="was deleted on 2026-05-01"):
            ask(ID)
    assert [found.id for found in told.incidents.page().incidents] == ["INC-000002"]
    assert not any(
        words in str(event.detail)
        for event in told.store.history.after(0)
        for words in (TOLD, SEEN, LATER)
    )
    take_in(told, {"title": "Ferry still late", "text": "The ferry was late again at Orm."})
    assert told.store.items_without_incident() == []


def test_a_sender_goes_and_an_incident_of_nothing_else_with_it(told: App) -> None:
    take_in(told, {"title": "Gull", "text": "A gull was seen at Orm.", "outlet": "Quay Post"})
    plan = told.deletion.of_sender("Quay Post")
    assert [item.key for item in plan.items] == ["a1", "a3", "a4"]
    assert {hit.incident: hit.goes for hit in plan.incidents} == {ID: False, "INC-000002": True}
    told.deletion.delete(plan, "Lee", "not a newspaper")
    assert shown(told).strip() == "" or "Tolmouth" in shown(told)
    assert told.store.incident(ID).item_keys == ("a2",)
    with pytest.raises(GoneError):
        told.store.incident("INC-000002")
    with pytest.raises(NotFoundError, match="as the items have it"):
        told.deletion.of_sender("Quay Post")


def test_copies_of_a_deleted_item_get_another_origin(service: App) -> None:
    text = TOLD + " " + SEEN + " " + LATER
    for n in range(3):
        row = {"text": text, "outlet": f"Paper {n}", "url": f"https://p{n}.example/x"}
        take_in(service, row | {"published_at": f"2026-04-28T0{n + 1}:00:00Z"})
    assert {item.origin for item in service.store.items(["a1", "a2", "a3"])} == {"a1"}
    remove(service)
    assert {item.origin for item in service.store.items(["a2", "a3"])} == {"a2"}


def test_what_was_read_before_a_deletion_is_not_stored_after_it(told: App) -> None:
    draft = told.store.draft(ID, 1)
    remove(told)
    with pytest.raises(ConflictError, match="a1 was deleted meanwhile"):
        told.store.save_draft(draft)


def test_a_killed_deletion_is_finished_by_the_next_start(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with an_app(tmp_path, clock) as service:
        take_in(service, *ROWS)
        with monkeypatch.context() as killed:
            killed.setattr(EraseWorker, "_unindex", _die)
            with pytest.raises(KeyboardInterrupt):
                remove(service)
        assert service.index.among(["a1.0"])
    with an_app(tmp_path, clock) as service:
        assert service.store.deletions.is_due()
        service.pipeline.finish()
        assert not service.index.among(["a1.0"])
        assert not service.store.deletions.is_due()


def test_vectors_wait_for_an_index_that_is_away_and_no_search_returns_them(told: App) -> None:
    def away() -> PassageIndex:
        raise IndexUnreachableError("The Chroma server cannot be reached.")

    erase = EraseWorker(told.store, away, told.clock, settles=True).finish
    plan = told.deletion.of_item("a1")
    done = SourceDeletion(told.store, erase, told.clock).delete(plan, "Lee", "court order")
    assert done.waits == "The Chroma server cannot be reached."
    assert told.index.among(["a1.0", "a1.1"])
    found = told.search.find("the harbour master closed the quay", mode="meaning")
    assert "a1" not in [hit.item.key for hit in found]
    told.pipeline.finish()
    assert not told.index.among(["a1.0", "a1.1"])
    assert not told.store.deletions.is_due()


def test_no_editor_can_show_what_was_deleted(told: App) -> None:
    remove(told)
    draft = told.store.draft(ID, 2)
    section = next(s for s in draft.sections if any(c.is_erased for c in s.withheld))
    erased = next(c for c in section.withheld if c.is_erased)
    kept = [Edit(id=claim.id) for claim in section.shown]
    edits = [*kept, Edit(id=erased.id, restore="I want it.")]
    after = told.reviews.edit(ID, section.key, edits, "Kim").section(section.key)
    assert erased.id in [claim.id for claim in after.withheld]


def _die(_: EraseWorker) -> None:
    raise KeyboardInterrupt


def test_nothing_of_it_is_left_in_the_file(tmp_path: Path, clock: ManualClock) -> None:
    with an_app(tmp_path, clock) as service:
        take_in(service, *ROWS)
        service.pipeline.draft(ID)
        remove(service)
    connection = sqlite3.connect(tmp_path / "summarizer.db")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert b"harbour master" not in (tmp_path / "summarizer.db").read_bytes()


@pytest.mark.parametrize("why", ["", " ", "x" * 2_001])
def test_a_deletion_has_a_reason(told: App, why: str) -> None:
    with pytest.raises(InputError):
        remove(told, why=why)
    assert told.store.items(["a1"])


def test_over_http_an_admin_deletes_and_is_told_what_went(told: App) -> None:
    client, admin = a_client(told), bearer(told, Scope.ADMIN)
    assert (
        client.delete("/v1/items/a1?why=x", headers=bearer(told, Scope.REVIEW, "Ada")).status_code
        == 403
    )
    planned = client.delete("/v1/items/a1?why=x&dry_run=true", headers=admin).json()
    assert (planned["deletion"], planned["items"]) == (None, ["a1"])
    done = client.delete("/v1/items/a1?why=court", headers=admin).json()
    assert done == planned | {"deletion": 1}
    again = client.delete("/v1/items/a1?why=court", headers=admin)
    assert (again.status_code, "deleted by Kim" in again.json()["detail"]) == (410, True)
    assert client.delete("/v1/items/a1", headers=admin).status_code == 422
    assert client.delete("/v1/items/a99?why=x", headers=admin).status_code == 404
    assert client.delete("/v1/items?sender=Quay%20Post&why=x", headers=admin).status_code == 200
    page = client.get(f"/v1/incidents/{ID}", headers=admin)
    assert "harbour master" not in page.text
    gone = client.delete(f"/v1/incidents/{ID}?why=x", headers=admin)
    assert gone.json()["incidents"][0]["goes"]
    for path in (f"/v1/incidents/{ID}", f"/v1/incidents/{ID}/history", f"/incidents/{ID}"):
        assert client.get(path, headers=admin).status_code == 410
