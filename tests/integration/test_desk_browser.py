"""An editor's day in a real browser, without a model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from summarizer.app import App
from summarizer.domain.events import EventKind
from summarizer.domain.reviews import ReviewState
from tests.support.app import an_app

pytestmark = pytest.mark.slow

ID = "INC-000001"
WRONG = "Skaldic Systems paid 900 million crowns."

COPIED = """async () => {
  const [item] = await navigator.clipboard.read();
  const text = async (type) => (await item.getType(type)).text();
  return [await text("text/html"), await text("text/plain")];
}"""


@pytest.fixture
def service(grouped_data: Path) -> Iterator[App]:
    with an_app(grouped_data) as service:
        yield service


def test_an_editor_works_through_a_day(page: Page, service: App) -> None:
    page.goto("/")
    page.keyboard.press("j")
    expect(page.locator(".row.at .go")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/incidents/{ID}")

    page.get_by_role("button", name="Draft now").click()
    expect(page.locator(".part")).to_have_count(len(service.pipeline.specs))
    expect(page.locator("#status")).to_contain_text("The draft is there")

    part = page.locator("#key_points")
    part.locator(".sentence").first.focus()
    lit = page.locator("blockquote.lit")
    expect(lit.first).to_be_visible()
    expect(lit.first).to_contain_text("cited by the chosen sentence")
    expect(page.locator(".card.chosen")).to_contain_text("Supported by its sources")

    part.get_by_role("button", name="Edit ").click()
    first, second = part.locator(".edit-row textarea").nth(0), part.locator("textarea").nth(1)
    first.fill(WRONG)
    second.focus()
    expect(part.locator(".beside.bad")).to_contain_text("it would be withheld")
    part.get_by_role("button", name="Save").click()
    expect(part.locator("del")).to_have_text(WRONG)
    expect(part.locator(".why")).to_contain_text("Withheld.")

    part.get_by_role("button", name="Lock ").click()
    expect(part.locator(".badge")).to_contain_text("locked by")

    part.get_by_role("button", name="Redraft").click()
    part.get_by_label("What should be different?").fill("Put the numbers first.")
    part.get_by_role("button", name="Draft again").click()
    expect(page.locator("#status")).to_contain_text("follows no instruction")
    part.get_by_label("What should be different?").fill("")
    part.get_by_role("button", name="Draft again").click()
    expect(part.locator(".suggestion")).to_be_visible()
    part.get_by_role("button", name="Accept").click()
    expect(part.locator(".suggestion")).to_have_count(0)

    page.get_by_role("link", name="Compare").click()
    page.get_by_label("Before").select_option("1")
    page.get_by_label("After").select_option("2")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("tr.removed, tr.changed").first).to_be_visible()

    page.goto(f"/incidents/{ID}")
    expect(page.locator(".needs .blocks")).to_have_count(0)  # nothing speaks against it
    page.keyboard.press("a")
    for box in page.locator("[name=read]").all():  # what is in its own words was read
        box.check()
    expect(page.locator("#unread")).to_have_text("0")
    page.get_by_role("button", name="Approve revision").click()
    expect(page.locator(".crumbs .badge")).to_contain_text("approved")
    assert service.decisions.newest(ID).state is ReviewState.APPROVED

    page.locator("#out summary").click()
    page.get_by_role("button", name="Copy as Markdown").click()
    expect(page.locator("#status")).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith("# ")
    page.get_by_role("button", name="Copy as HTML").click()
    expect(page.locator("#status")).to_contain_text("Copied: as HTML")
    formatted, plain = page.evaluate(COPIED)
    assert "<h1" in formatted and "<h1" in plain
    assert WRONG not in formatted and "<script" not in plain
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON-LD").click()
    assert '"NewsArticle"' in Path(download.value.path()).read_text(encoding="utf-8")
    assert EventKind.APPROVED in [entry.kind for entry in service.reviews.history(ID)]
