"""Make the pictures of the desk in ``docs/images``, from the samples drafted without a model.

Needs Chromium, and the tools for tests.  Look at each picture before you commit it.

    python scripts/desk_pictures.py FOLDER      # a folder in which `summarizer demo` has run
"""

from __future__ import annotations

import datetime as dt
import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from summarizer.app import App, open_app
from summarizer.domain.holds import HoldKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.reviews import ReviewState
from summarizer.settings import load
from tests.support.browser import CHROMIUM, FLAGS, served
from tests.support.samples import ROOT

IMAGES = ROOT / "docs" / "images"
SHOWN, APPROVED, SENT_BACK = map(IncidentId, ("INC-000005", "INC-000003", "INC-000002"))
HELD, ACCUSING = map(IncidentId, ("INC-000001", "INC-000006"))
EDITOR = "Kim"
EMBARGO = dt.datetime(2027, 1, 4, 6, tzinfo=dt.UTC)
TRUE, FALSE = "$6.4 million", "$9.4 million"


def main(folder: Path) -> None:
    """Edit and review the incidents of a folder, and photograph the desk."""
    with open_app(load(data_dir=folder, drafter="extractive")) as app, served(app) as url:
        _reviewed(app)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = _tab(browser, url, 1280, 820)
            page.goto("/")
            _save(page, "desk-list")
            page.set_viewport_size({"width": 1280, "height": 1000})
            page.goto(f"/incidents/{SHOWN}")
            _edit(page)
            page.evaluate("scrollTo(0, 0)")
            _choose(page, ".sentence")
            _save(page, "desk-incident")
            page.set_viewport_size({"width": 1280, "height": 900})
            page.keyboard.press("a")
            _save(page, "desk-review")
            page.goto(f"/incidents/{ACCUSING}")
            _ask(page)
            _save(page, "desk-letter")
            page.goto(f"/v1/incidents/{APPROVED}?format=html&revision=1")
            _save(page, "reader-page")
            phone = _tab(browser, url, 400, 860, dark=True)
            phone.goto(f"/incidents/{SHOWN}")
            _choose(phone, "del")
            _save(phone, "desk-phone")
            browser.close()


def _reviewed(app: App) -> None:
    decide, edit = app.decisions.decide, "The second point rests on one post."
    if app.decisions.newest(APPROVED).state is not ReviewState.UNREVIEWED:
        return  # a second run
    decide(APPROVED, "approve", EDITOR, revision=1, override="Each sentence was read.")
    decide(SENT_BACK, "request_changes", EDITOR, revision=1, note=edit)
    app.holds.put(HELD, HoldKind.SENIOR_DESK, EDITOR, "An accusation by a competitor.")
    app.holds.put(SHOWN, HoldKind.EMBARGO, EDITOR, "Agreed with the office.", EMBARGO)


def _tab(browser: Browser, url: str, width: int, height: int, dark: bool = False) -> Page:
    page = browser.new_page(
        base_url=url,
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
    )
    page.set_default_timeout(60_000)
    return page


def _edit(page: Page) -> None:
    """Add a sentence with a wrong number to the key points, which is withheld."""
    points = page.locator("#key_points")
    points.get_by_role("button", name="Edit ").click()
    field = points.locator("textarea").nth(1)
    first = points.locator("textarea").first.input_value()
    field.fill(first.replace(TRUE, FALSE))
    points.get_by_role("button", name="Save").click()
    points.locator("del").wait_for()
    page.locator("#status", has_text="Saved").wait_for()
    page.keyboard.press("Escape")  # what it says of the edit lies over the page


def _ask(page: Page) -> None:
    """Open the letter to somebody who is accused."""
    page.locator("#charges > summary").click()
    page.locator("#charges .ask > summary").first.click()
    page.locator("#charges .ask").first.scroll_into_view_if_needed()


def _choose(page: Page, what: str) -> None:
    chosen = page.locator("#key_points").locator(what).first
    chosen.scroll_into_view_if_needed()
    chosen.click()
    page.locator("blockquote.lit").first.wait_for()


def _save(page: Page, name: str) -> None:
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.save(IMAGES / f"{name}.webp", quality=82, method=6)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
