"""Incidents that look like one story: suggested, merged, and parted again."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect

from summarizer.app import App
from summarizer.domain.claims import Claim
from summarizer.errors import ConflictError, InputError
from summarizer.review.edits import Edit
from tests.support import browser as browsing
from tests.support.app import a_client, an_app
from tests.support.clock import ManualClock

TEXTS = (
    "The ferry Quince ran aground off Tolby on Monday. Brackwater Lines said that a pump had "
    "failed. Forty passengers of the Quince were taken ashore at Tolby.",
    "Forty passengers of the ferry Quince were brought to Tolby after it ran aground on Monday. "
    "Its owner Brackwater Lines blamed a pump.",
    "Divers look at the hull of the ferry Quince, aground off Tolby. Brackwater Lines will replace "
    "the pump of the Quince. All forty passengers are ashore.",
    "Brackwater Lines takes the ferry Quince out of service. The Quince had run aground off Tolby "
    "on Monday after a pump failed, with forty passengers.",
)
BAKERY = "A bakery in the old town of Stannick has won the regional prize for its rye bread."


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four incidents of one story, kept apart by their senders, and another one."""
    folder, clock = tmp_path_factory.mktemp("apart"), ManualClock()
    with an_app(folder, clock) as service:
        rows = [
            {"text": text, "outlet": f"Paper {n}", "incident": f"own-{n}",
             "published_at": clock.now().isoformat()}
            for n, text in enumerate((*TEXTS, BAKERY), start=1)
        ]  # fmt: skip
        lines = "\n".join(map(json.dumps, rows)).encode()
        list(service.pipeline.ingest(io.BytesIO(lines)))
        service.pipeline.settle()
    return folder


@pytest.fixture
def service(apart: Path, tmp_path: Path, clock: ManualClock) -> Iterator[App]:
    with an_app(shutil.copytree(apart, tmp_path, dirs_exist_ok=True), clock) as service:
        yield service


IDS = [f"INC-{n:06d}" for n in range(1, 6)]


def test_incidents_of_one_story_are_suggested_with_what_they_share(service):
    found = service.similar.of(IDS[0])
    assert {one.id for one in found} == set(IDS[1:4])
    assert all(one.is_likely for one in found)
    assert all("same day" in one.why and "Quince" in " ".join(one.why) for one in found)
    assert (found[0].mine.key, len(service.similar.of(IDS[0], limit=2))) == ("a1", 2)
    assert service.similar.of(IDS[4]) == ()


def test_what_an_editor_parted_is_suggested_no_more(service):
    service.curation.merge(IDS[1], IDS[0], "Kim")
    service.curation.undo_merge(IDS[1], "Kim")
    assert {one.id for one in service.similar.of(IDS[0])} == set(IDS[2:4])


def test_only_the_items_that_one_names_are_compared(service):
    service.curation.merge(IDS[4], IDS[0], "Kim")
    (bread,) = [i.key for i in service.store.items(["a5"])]
    assert service.similar.of(IDS[0], [bread]) == ()
    assert len(service.similar.of(IDS[0], ["a1"])) == 3
    with pytest.raises(InputError, match="does not hold a2"):
        service.similar.of(IDS[0], ["a2"])


def test_a_merge_is_undone_with_drafts_ids_and_later_items_as_they_are(service):
    service.pipeline.draft(IDS[1])
    text = service.reviews.newest(IDS[1])
    service.curation.merge(IDS[2], IDS[1], "Kim")
    service.curation.merge(IDS[1], IDS[0], "Kim")
    assert service.store.resolved(IDS[2]) == IDS[0]
    merges = service.curation.merged_into(IDS[0])
    assert [m.incident_id for m in merges] == [IDS[1], IDS[2]]

    again = service.curation.undo_merge(IDS[1], "Ada")
    assert (again.id, again.item_keys) == (IDS[1], ("a2", "a3"))
    assert service.store.resolved(IDS[2]) == IDS[1]
    assert service.reviews.newest(IDS[1]) == text
    assert service.store.incident(IDS[0]).item_keys == ("a1",)
    assert {row.id for row in service.incidents.page().incidents} == {*IDS[:2], *IDS[3:]}
    assert service.curation.merged_into(IDS[0]) == []
    assert [m.incident_id for m in service.curation.merged_into(IDS[1])] == [IDS[2]]
    service.pipeline.settle()  # and the clusterer does not merge them again
    assert service.store.incident(IDS[1]).item_keys == ("a2", "a3")

    assert service.curation.merge(IDS[1], IDS[0], "Kim").id == IDS[0]
    assert service.curation.undo_merge(IDS[1], "Kim").item_keys == ("a2", "a3")


def test_a_merge_that_is_not_there_or_leaves_nothing_is_not_undone(service):
    with pytest.raises(ConflictError, match="No merge"):
        service.curation.undo_merge(IDS[1], "Kim")
    service.curation.merge(IDS[1], IDS[0], "Kim")
    service.curation.move(IDS[0], ["a2"], IDS[2], "Kim")
    with pytest.raises(ConflictError, match="Nothing would be left"):
        service.curation.undo_merge(IDS[1], "Kim")
    with pytest.raises(ConflictError, match="No merge"):
        service.curation.undo_merge(IDS[0], "Kim")


def test_the_same_over_http(service):
    client: TestClient = a_client(service)
    answer = client.get(f"/v1/incidents/{IDS[0]}/similar?limit=3").json()
    assert answer["incident"] == IDS[0]
    first = answer["similar"][0]
    assert {first["id"], first["nearest"]} <= {*IDS, "a2", "a3", "a4"}
    assert first["likeness"]["features"] and first["why"] and first["score"] >= 0.5
    assert client.get(f"/v1/incidents/{IDS[0]}/similar?items=a9").status_code == 422
    client.post(f"/v1/incidents/{IDS[1]}/merge", json={"into": IDS[0]})
    undone = client.delete(f"/v1/incidents/{IDS[1]}/merge")
    assert undone.json()["items"] == ["a2"]
    assert client.delete(f"/v1/incidents/{IDS[1]}/merge").status_code == 409


@pytest.mark.slow
def test_an_editor_merges_four_in_two_actions_and_undoes_one(page: Page, service: App) -> None:
    page.goto(f"/incidents/{IDS[0]}")
    page.get_by_role("link", name="3 other incidents look like this story").click()
    expect(page.locator("#similar input:checked")).to_have_count(3)
    page.locator("#similar summary", has_text="Read both").first.click()
    expect(page.locator("#similar blockquote").nth(1)).to_be_visible()
    assert browsing.against_wcag(page) == []
    page.get_by_role("button", name="Merge the chosen").click()
    expect(page.locator("#status")).to_contain_text("You can undo it")
    expect(page.locator("#merged summary")).to_be_focused()
    assert len(service.store.incident(IDS[0]).item_keys) == 4
    assert browsing.against_wcag(page) == []

    page.get_by_role("button", name=f"Undo the merge of {IDS[2]}").click()
    expect(page.locator("#status")).to_contain_text(f"{IDS[2]} stands for its own items again")
    assert service.store.incident(IDS[2]).item_keys == ("a3",)


@pytest.mark.slow
def test_an_item_is_moved_to_an_incident_that_is_likely(page: Page, service: App) -> None:
    service.curation.merge(IDS[0], IDS[4], "Kim")
    page.goto(f"/incidents/{IDS[4]}")
    page.locator("#mend summary").click()
    page.get_by_label("Paper 1:").check()
    into = page.locator("#split-form select")
    expect(into.locator("option")).to_have_count(4)
    into.select_option(IDS[1])
    page.locator("#split-form").get_by_role("button", name="Move").click()
    page.wait_for_url(f"**/incidents/{IDS[1]}")
    assert service.store.incident(IDS[1]).item_keys == ("a1", "a2")


@pytest.mark.slow
def test_an_undone_merge_keeps_what_was_edited_meanwhile(service: App) -> None:
    service.pipeline.draft(IDS[0])
    service.curation.merge(IDS[1], IDS[0], "Kim")
    kept = [Edit(claim=Claim(text=TEXTS[0].split(". ")[0] + "."))]
    edited = service.reviews.edit(IDS[0], "key_points", kept, "Kim")
    service.curation.undo_merge(IDS[1], "Kim")
    assert service.reviews.newest(IDS[0]) == edited
