"""What a screen reader gets of the desk beyond the rules of axe: order, names, descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from summarizer.app import App
from tests.support import browser as browsing
from tests.support.app import an_app

pytestmark = pytest.mark.slow

ID = "INC-000001"
PAGES = {
    "list": "/",
    "group": "/?group=needs_you",
    "incident": f"/incidents/{ID}",
    "sources": f"/incidents/{ID}/sources",
    "history": f"/incidents/{ID}/history",
    "method": "/method",
    "as readers see it": f"/v1/incidents/{ID}?format=html",
}
LEVELS = """() => [...document.querySelectorAll("h1, h2, h3, h4")]
  .filter((one) => one.checkVisibility()).map((one) => Number(one.tagName[1]))"""
LINKS = """() => [...document.querySelectorAll("main a[href]")]
  .filter((one) => one.checkVisibility())
  .map((one) => [(one.ariaLabel || one.textContent).trim(), one.href])"""


@pytest.fixture
def service(drafted_data: Path) -> Iterator[App]:
    with an_app(drafted_data) as service:
        yield service


@pytest.mark.parametrize("name", PAGES)
def test_headings_begin_with_the_first_level_and_leave_none_out(
    page: Page, service: App, name: str
) -> None:
    page.goto(PAGES[name])
    levels = page.evaluate(LEVELS)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= before + 1 for before, later in pairwise(levels))


@pytest.mark.parametrize("name", ["incident", "sources"])
def test_links_of_one_name_lead_to_one_address(page: Page, service: App, name: str) -> None:
    page.goto(PAGES[name])
    found: dict[str, set[str]] = {}
    for words, address in page.evaluate(LINKS):
        found.setdefault(words, set()).add(address)
    originals = [words for words in found if words.startswith("original")]
    assert originals
    assert all(len(found[words]) == 1 for words in originals)
    assert not any(words.isdigit() for words in found)


def test_a_sentence_is_heard_with_its_verdict(page: Page, service: App) -> None:
    page.goto(PAGES["incident"])
    browsing.listens(page)
    sentence = page.locator("#key_points .sentence").first
    expect(sentence).to_have_accessible_description(re.compile("Supported by its sources"))


def test_an_incident_of_the_list_is_named_before_its_noise(page: Page, service: App) -> None:
    page.goto("/")
    row = page.locator(".row").first
    heard = row.aria_snapshot()
    assert heard.index("heading") < heard.index("Noise")
    assert heard.count("Noise") == 1
