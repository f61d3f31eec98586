"""Edits that are open in several sections at once, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from summarizer.app import App
from summarizer.review.edits import Edit
from tests.support.app import an_app

pytestmark = pytest.mark.slow

ID = "INC-000001"
SAVED, OPEN = "key_points", "explanation"
WORDS = "Skaldic Systems paid 900 million crowns."
CARET = "(field) => [field.selectionStart, field.selectionEnd]"


@pytest.fixture
def service(drafted_data: Path) -> Iterator[App]:
    with an_app(drafted_data) as service:
        yield service


def opened(page: Page, key: str) -> Locator:
    """A section's edit, opened."""
    part = page.locator(f"#{key}")
    part.get_by_role("button", name="Edit ").click()
    return part


def two_edits(page: Page) -> tuple[Locator, Locator]:
    """A section that is to be saved, and one with a changed, a new and a removed sentence."""
    page.goto(f"/incidents/{ID}")
    saved, other = opened(page, SAVED), opened(page, OPEN)
    other.locator("textarea").first.fill(WORDS)
    other.get_by_role("button", name="Add a sentence").click()
    other.locator("textarea").last.fill("The court sits on Monday.")
    other.get_by_role("button", name="Move up").last.click()
    other.get_by_role("button", name="Remove").last.click()
    other.get_by_label("Reason for a change").first.select_option("wrong_source")
    return saved, other


def save(part: Locator) -> None:
    part.get_by_role("button", name="Remove").first.click()
    part.get_by_role("button", name="Save").click()


def written(part: Locator) -> list[str]:
    return [field.input_value() for field in part.locator("textarea").all()]


def test_saving_a_section_keeps_the_open_edit_of_another(page: Page, service: App) -> None:
    saved, other = two_edits(page)
    before = written(other)
    save(saved)
    expect(page.locator("#status")).to_contain_text("Saved: Key points.")
    expect(saved.locator(".editor")).to_be_hidden()
    expect(saved.get_by_role("button", name="Edit ")).to_be_focused()
    expect(other.locator(".editor")).to_be_visible()
    assert written(other) == before
    expect(other.locator(".gone")).to_have_count(1)
    expect(other.get_by_role("button", name="Keep")).to_have_count(1)
    expect(other.get_by_label("Reason for a change").first).to_have_value("wrong_source")

    other.get_by_role("button", name="Save").click()
    expect(page.locator("#status")).to_contain_text("Saved: What happened.")
    expect(other.locator("del")).to_contain_text([WORDS])


def test_the_caret_stays_where_the_editor_went_on_writing(page: Page, service: App) -> None:
    saved, other = two_edits(page)
    field = other.locator("textarea").first
    page.route("**/sections/*", lambda route: (_write_on(field), route.continue_()))
    save(saved)
    expect(page.locator("#status")).to_contain_text("Saved: Key points.")
    expect(field).to_be_focused()
    expect(field).to_have_value(f"{WORDS[:8]}so they say {WORDS[8:]}")
    assert field.evaluate(CARET) == [20, 20]


def _write_on(field: Locator) -> None:
    """Words that are typed while the service has not answered yet."""
    field.focus()
    field.evaluate("(field) => field.setSelectionRange(8, 8)")
    field.press_sequentially("so they say ")


def test_locking_a_section_keeps_the_open_edit_of_another(page: Page, service: App) -> None:
    page.goto(f"/incidents/{ID}")
    part = opened(page, OPEN)
    part.locator("textarea").first.fill(WORDS)
    page.get_by_role("button", name="Lock Key points").click()
    expect(page.locator("#status")).to_contain_text("Locked")
    expect(part.locator("textarea").first).to_have_value(WORDS)
    part.get_by_role("button", name="Cancel").click()
    page.goto("/")  # and nothing asks whether to leave


def test_an_edit_that_is_kept_open_is_not_saved_over_another_editors_words(
    page: Page, service: App
) -> None:
    saved, other = two_edits(page)
    first = service.reviews.newest(ID).section(OPEN).shown[0]
    service.reviews.edit(ID, OPEN, [Edit(id=first.id)], "Kim")
    save(saved)
    expect(page.locator("#status")).to_contain_text("Saved: Key points.")
    other.get_by_role("button", name="Save").click()
    expect(other.locator(".theirs")).to_contain_text("by Kim")
    assert WORDS in written(other)
    other.get_by_role("button", name="Take theirs").click()
    expect(page.locator("#status")).to_contain_text("Their words stand")
    expect(other.locator(".editor")).to_be_hidden()
