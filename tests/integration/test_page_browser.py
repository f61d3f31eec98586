"""The reader's page in a browser: on a phone, without script, and printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from summarizer.rendering import render_html
from tests.support.browser import against_wcag, browser, looks, tab
from tests.support.pages import SPECS, newsroom_page

__all__ = ["browser"]

pytestmark = pytest.mark.slow

PHONE = {"viewport": {"width": 400, "height": 800}}
WIDE = {"viewport": {"width": 1280, "height": 900}}
MARK = "#explanation a.mark"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("page") / "page.html"
    file.write_text(render_html(newsroom_page(), SPECS), encoding="utf-8")
    return file.as_uri()


@pytest.fixture
def opened(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page in a tab with the options of the test."""
    options: dict[str, Any] = getattr(request, "param", PHONE)
    with tab(browser, address, **options) as page:
        page.goto(address)
        yield page


def passage_of(page: Page) -> str:
    """The passage that the first mark of the explanation names."""
    number = page.locator(MARK).first.text_content()
    text = page.locator(f"#p-{number} mark").text_content()
    assert text
    return text


def test_on_a_phone_a_number_opens_its_passage_below_the_sentence(opened: Page) -> None:
    panel = opened.locator("#evidence")
    expect(panel).to_be_hidden()
    opened.locator(MARK).first.click()
    expect(panel.locator(".chosen mark")).to_have_text(passage_of(opened))
    expect(opened.locator(".chosen-sentence")).to_be_in_viewport()
    opened.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(opened.locator(MARK).first).to_be_focused()


@pytest.mark.parametrize("opened", [PHONE | {"java_script_enabled": False}], indirect=True)
def test_without_script_a_number_brings_its_passage_to_the_sentence(opened: Page) -> None:
    mark = opened.locator(MARK).first
    mark.click()
    shown = opened.locator(":target")
    expect(shown.locator("mark")).to_be_in_viewport()
    expect(mark).to_be_in_viewport()
    expect(shown.locator(".from")).to_have_text("Northport Wire, May 27, 2026")
    shown.locator(".back a").last.click()
    expect(opened.locator("li:target")).to_have_count(0)
    expect(opened.locator(".sentence:target")).to_be_in_viewport()


@pytest.mark.parametrize("opened", [WIDE], indirect=True)
def test_on_a_wide_screen_the_passages_of_the_first_key_point_stand_beside_it(opened: Page) -> None:
    panel, point = opened.locator("#evidence"), opened.locator("#key_points .claim").first
    for number in point.locator("a.mark:not(.dagger)").all_text_contents():
        expect(panel.locator(f"li[value='{number}']")).to_be_visible()
    expect(point.locator(".chosen-sentence")).to_have_count(1)
    expect(panel.get_by_role("button", name="Close")).to_have_count(0)
    expect(opened.locator("body")).to_be_focused()

    opened.locator("#explanation .sentence").first.click()
    expect(point.locator(".chosen-sentence")).to_have_count(0)
    opened.keyboard.press("Escape")
    expect(point.locator(".chosen-sentence")).to_have_count(1)

    opened.set_viewport_size({"width": 400, "height": 800})
    expect(panel).to_be_hidden()
    expect(opened.locator(".chosen-sentence")).to_have_count(0)


@pytest.mark.parametrize("opened", [WIDE | {"java_script_enabled": False}], indirect=True)
def test_without_script_a_wide_screen_has_no_empty_column(opened: Page) -> None:
    main = opened.locator("main").bounding_box()
    assert main and main["x"] == pytest.approx(1280 - main["x"] - main["width"], abs=1)


@pytest.mark.parametrize("opened", [WIDE], indirect=True)
def test_on_a_wide_screen_a_number_opens_its_passage_beside_the_text(opened: Page) -> None:
    opened.locator(MARK).first.click()
    panel, main = (opened.locator(name).bounding_box() for name in ("#evidence", "main"))
    assert panel and main and panel["x"] >= main["x"] + main["width"]
    expect(opened.locator("#evidence")).to_contain_text("Northport Wire")
    opened.get_by_role("button", name="Close").click()
    expect(opened.locator(MARK).first).to_be_focused()


def test_printed_the_page_has_every_passage_and_its_source(opened: Page) -> None:
    opened.emulate_media(media="print")
    for name in (".passages mark", ".outlet .name", ".disclosure", "#made dl"):
        for part in opened.locator(name).all():
            expect(part).to_be_visible()


def test_a_sentence_is_text_to_a_screen_reader_and_its_number_a_link(opened: Page) -> None:
    points = opened.get_by_role("region", name="Key points")
    assert points.get_by_role("button").count() == 0
    assert points.get_by_role("link", name="Passage").count() >= 4
    opened.get_by_role("heading", name="How this was made").wait_for()


@pytest.mark.parametrize(
    "opened",
    [looks(scheme, width) for scheme in ("light", "dark") for width in (400, 1280)],
    indirect=True,
)
def test_the_page_meets_wcag_with_its_passages_open(opened: Page) -> None:
    opened.locator(MARK).first.click()
    opened.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    assert against_wcag(opened) == []
