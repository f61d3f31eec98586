"""An editor's day in a real browser, and every page read by axe.

Needs Chromium at ``/usr/bin/chromium``, which ``.ci/run`` installs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from summarizer.app import App
from summarizer.domain.events import EventKind
from summarizer.domain.reviews import ReviewState
from tests.support import browser as browsing
from tests.support.app import an_app
from tests.support.browser import browser

__all__ = ["browser"]

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


@pytest.fixture
def address(service: App) -> Iterator[str]:
    """Where the desk is served on this machine."""
    with browsing.served(service) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A tab in which any error of the page's script fails the test."""
    with browsing.tab(browser, address) as page:
        yield page


def points(service: App) -> str:
    """Key of the section that is a list of points."""
    return next(spec.key for spec in service.pipeline.specs if spec.row.layout.value == "points")


def test_an_editor_works_through_a_day(page: Page, service: App) -> None:
    page.goto("/")
    page.keyboard.press("j")
    expect(page.locator(".row.at .go")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/incidents/{ID}")

    page.get_by_role("button", name="Draft now").click()
    expect(page.locator(".part")).to_have_count(len(service.pipeline.specs))
    expect(page.locator("#status")).to_contain_text("The draft is there")

    part = page.locator(f"#{points(service)}")
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

    part.get_by_role("button", name="again").click()
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
    expect(page.locator("[name=override]")).to_have_count(0)  # nothing speaks against it
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


def test_the_second_of_two_editors_keeps_their_words_beside_the_others(
    page: Page, service: App
) -> None:
    from summarizer.review.edits import Edit

    service.pipeline.draft(ID)
    page.goto(f"/incidents/{ID}")
    part = page.locator(f"#{points(service)}")
    part.get_by_role("button", name="Edit ").click()
    part.locator("textarea").first.fill(WRONG)
    first = service.reviews.newest(ID).section(points(service)).shown[0]
    service.reviews.edit(ID, points(service), [Edit(id=first.id)], "Kim")
    part.get_by_role("button", name="Save").click()

    expect(part.locator(".theirs")).to_contain_text("by Kim")
    expect(part.locator("textarea").first).to_have_value(WRONG)
    part.get_by_role("button", name="Save mine over theirs").click()
    expect(part.locator("del", has_text=WRONG)).to_be_visible()
    assert service.reviews.newest(ID).made_by == "local"


def test_a_withheld_sentence_comes_back_only_with_a_written_reason(
    page: Page, service: App
) -> None:
    from summarizer.domain.claims import Claim
    from summarizer.review.edits import Edit

    service.pipeline.draft(ID)
    key = points(service)
    kept = [Edit(id=claim.id) for claim in service.reviews.newest(ID).section(key).shown]
    service.reviews.edit(ID, key, [Edit(claim=Claim(text=WRONG)), *kept], "local")
    page.goto(f"/incidents/{ID}")
    part = page.locator(f"#{key}")
    part.locator("del").dblclick()
    part.get_by_label("Show all the same, because").fill("The filing of May says so, page 3.")
    part.get_by_role("button", name="Save").click()

    expect(part.locator("del")).to_have_count(0)
    (claim,) = [c for c in service.reviews.newest(ID).section(key).shown if c.claim.text == WRONG]
    assert claim.restored_because == "The filing of May says so, page 3."
    expect(page.locator(".obstacles")).to_contain_text(WRONG)


def test_a_draft_that_fails_says_why_and_changes_nothing(
    page: Page, service: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    from summarizer.errors import ModelError

    def refuses(*args: object) -> None:
        raise ModelError("The model is overloaded: try again in a minute.")

    service.pipeline.draft(ID)
    monkeypatch.setattr(service.pipeline.drafter, "draft", refuses)
    page.goto(f"/incidents/{ID}")
    page.get_by_role("button", name="Draft anew").click()

    expect(page.get_by_role("alert")).to_contain_text("overloaded")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was changed")
    expect(page.get_by_role("button", name="Draft anew")).to_be_enabled()
    assert service.reviews.newest(ID).revision == 1


def test_the_desk_can_be_read_without_script(browser: Browser, address: str, service: App) -> None:
    draft = service.pipeline.draft(ID)
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/incidents/{ID}")
    shown = draft.section(points(service)).shown[0]
    expect(page.locator(".sentence", has_text=shown.claim.text).first).to_be_visible()
    expect(page.locator(".evidence blockquote").first).to_be_visible()
    expect(page.locator(".card").first).to_be_visible()
    expect(page.get_by_role("button", name="Edit ")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_against_wcag_2_2_aa(
    browser: Browser, address: str, service: App, scheme: str
) -> None:
    from summarizer.domain.claims import Claim
    from summarizer.review.edits import Edit

    service.pipeline.draft(ID)
    first = service.reviews.newest(ID).section(points(service)).shown[0]
    edits = [Edit(id=first.id), Edit(claim=Claim(text=WRONG))]
    service.reviews.edit(ID, points(service), edits, "Kim")
    found = []
    for width in (1280, 400):
        context = browser.new_context(
            base_url=address,
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": width, "height": 800},
            bypass_csp=True,
        )
        page = context.new_page()
        for path in (
            "",
            f"incidents/{ID}",
            f"incidents/{ID}/diff",
            f"incidents/{ID}/history",
            "method",
            f"v1/incidents/{ID}?format=html",
        ):
            page.goto(f"/{path}")
            if path == f"incidents/{ID}":
                page.locator(".draft .sentence").first.focus()
                page.locator(f"#{points(service)}").get_by_role("button", name="Edit ").click()
                page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
            found += [(width, path, *fault) for fault in browsing.against_wcag(page)]
        context.close()
    assert found == []
