"""What an editor can do about accusations, replies and values that differ, in a real browser."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from api.desk import actions, draft_view
from summarizer.app import App
from summarizer.domain.claims import Claim
from summarizer.review.edits import Edit
from tests.support import browser as browsing
from tests.support.app import an_app
from tests.support.clock import ManualClock

ID = "INC-000001"
ACCUSED = (
    "The union Harbour Hands accused Brackwater Lines on Monday of hiding rust in the pump of the "
    "ferry Quince. The ferry carried 40 passengers, the harbour office said."
)
OLDER = "The ferry carried 40 passengers, the harbour office said."
REPLY = "Brackwater Lines denied that it had hidden rust in the pump of the ferry Quince."
GREW = (
    "The ferry carried 44 passengers, the harbour office said, correcting its earlier figure of "
    "40 passengers. The union Harbour Hands accused Brackwater Lines of hiding "
    "rust in the pump of the ferry Quince."
)


def with_items(app: App, *texts: str) -> App:
    now = app.clock.now()
    rows = [
        {"text": text, "outlet": f"Paper {n}", "incident": "own",
         "published_at": now.replace(hour=n).isoformat()}
        for n, text in enumerate(texts, start=1)
    ]  # fmt: skip
    list(app.pipeline.ingest(io.BytesIO("\n".join(map(json.dumps, rows)).encode())))
    app.pipeline.settle()
    app.pipeline.draft(ID)
    return app


@pytest.fixture
def service(tmp_path: Path, clock: ManualClock) -> Iterator[App]:
    """An incident in which somebody is accused and has not answered."""
    with an_app(tmp_path, clock) as app:
        yield with_items(app, ACCUSED)


def charges(app: App) -> tuple[actions.Charge, ...]:
    page = app.pages.of(ID)
    sheet = draft_view.sheet(page, app.pipeline.specs, (), (), must_read=False)
    return actions.charges(page, sheet.parts, "Kim", "The Desk", app.clock.now())


def test_a_letter_has_the_words_of_the_sources_to_whom_and_by_when(service):
    (charge,) = charges(service)
    (answer,) = charge.answers
    assert answer.words == "No response from Brackwater Lines was found in the sources."
    letter = answer.letter
    assert letter.startswith("To: Brackwater Lines\n")
    assert f"“{ACCUSED.split('. ')[0]}.”\n(Paper 1, May 1, 2026)" in letter
    assert "answer by May 2, 2026, 13:00 UTC" in letter
    assert letter.endswith("Kim\nThe Desk\n") and ID in letter


def test_where_the_evidence_has_a_reply_nobody_is_asked(tmp_path, clock):
    with an_app(tmp_path, clock) as app:
        with_items(app, ACCUSED, REPLY)
        (answer,) = charges(app)[0].answers
        assert (answer.words, answer.letter) == ("Brackwater Lines denies it.", "")
        assert answer.add is None  # a sentence of the page rests on it


def without_reply(app: App) -> None:
    """Take every sentence that rests on the reply out of the page."""
    for section in app.reviews.newest(ID).sections:
        kept = [c for c in section.shown if not any(p.startswith("a2.") for p in c.claim.cites)]
        if len(kept) < len(section.shown):
            app.reviews.edit(ID, section.key, [Edit(id=c.id) for c in kept], "Kim")


@pytest.mark.slow
def test_a_letter_is_copied_as_the_editor_has_changed_it(page: Page, service: App) -> None:
    page.goto(f"/incidents/{ID}")
    browsing.listens(page)
    page.locator("#charges > summary").click()
    page.get_by_text("Ask for a response").click()
    letter = page.get_by_label("Letter to Brackwater Lines")
    letter.fill(letter.input_value().replace("Subject:", "Re:"))
    assert browsing.against_wcag(page) == []
    page.get_by_role("button", name="Copy the letter").click()
    expect(page.locator("#status")).to_have_text("Copied: the letter.")
    assert "Re: Request for a response" in page.evaluate("navigator.clipboard.readText()")


@pytest.mark.slow
class TestReply:
    """The evidence has a reply on which no sentence rests."""

    @pytest.fixture
    def service(self, tmp_path: Path, clock: ManualClock) -> Iterator[App]:
        with an_app(tmp_path, clock) as app:
            with_items(app, ACCUSED, REPLY)
            without_reply(app)
            yield app

    def test_it_is_added_in_an_edit_that_the_editor_saves(self, page: Page, service: App) -> None:
        page.goto(f"/incidents/{ID}")
        browsing.listens(page)
        page.locator("#charges > summary").click()
        page.get_by_role("button", name="Add the reply of Brackwater Lines").click()
        field = page.locator(".editor:visible textarea").last
        expect(field).to_be_focused()
        expect(field).to_have_value(REPLY)
        assert browsing.against_wcag(page) == []
        page.locator(".editor:visible").get_by_role("button", name="Save").click()
        expect(page.locator("#status")).to_contain_text("Saved")
        shown = [c.claim for s in service.reviews.newest(ID).sections for c in s.shown]
        assert [c.cites for c in shown if c.text == REPLY] == [("a2.1",)]


@pytest.mark.slow
class TestNewest:
    """A source has corrected a number that stands on the page."""

    @pytest.fixture
    def service(self, tmp_path: Path, clock: ManualClock) -> Iterator[App]:
        with an_app(tmp_path, clock) as app:
            with_items(app, ACCUSED, GREW)
            older = Claim(text=OLDER, cites=("a1.2",))
            kept = [Edit(id=c.id) for c in app.reviews.newest(ID).section("key_points").shown]
            app.reviews.edit(ID, "key_points", [*kept, Edit(claim=older, restore="Seen.")], "Kim")
            yield app

    def test_the_newest_value_is_taken_in_an_edit(self, page: Page, service: App) -> None:
        page.goto(f"/incidents/{ID}")
        browsing.listens(page)
        page.locator("#differ > summary").click()
        page.get_by_role("button", name="Take the newest value").first.click()
        field = page.locator(".editor:visible textarea:focus")
        expect(field).to_have_value(OLDER.replace("40", "44"))
        expect(page.locator(".editor:visible .beside strong").first).to_be_visible()
