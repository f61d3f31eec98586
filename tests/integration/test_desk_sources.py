"""A missing source is added on the desk by its address, in a real browser, from a real site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from summarizer.app import App
from tests.integration.test_adding_by_url import PAGE
from tests.support import browser as browsing
from tests.support.app import an_app
from tests.support.site import Answer, Site, a_site

pytestmark = pytest.mark.slow

ID, TITLE = "INC-000001", "Aldermoor replies to its rivals"

REFUSALS = {
    "http://10.0.0.5/a": "10.0.0.5 is not a public address",
    "/missing": "404",
    "/pdf": "only pages and feeds are read. Submit its text",
    "/empty": "Open it yourself and submit its text",
}
"""What an editor reads, by the address that they gave."""


@pytest.fixture
def site() -> Iterator[Site]:
    with a_site(
        a=Answer(PAGE),
        pdf=Answer("%PDF-1.7", type="application/pdf"),
        empty=Answer("<html></html>"),
    ) as site:
        yield site


@pytest.fixture
def service(grouped_data: Path, site: Site) -> Iterator[App]:
    with an_app(grouped_data, allowed_hosts=site.host, fetch_pause_s=0) as service:
        yield service


def give(page: Page, address: str) -> None:
    page.get_by_label("Address").fill(address)
    page.get_by_role("button", name=f"Add to {ID}").click()


def test_a_source_is_added_by_its_address_and_stands_among_the_others(page, service, site):
    page.goto(f"/incidents/{ID}")
    page.locator("#add-source summary").click()
    give(page, site.url("/a"))
    expect(page.locator("#status")).to_contain_text("Redraft to use it")
    newest = service.store.items(service.store.incident(ID).item_keys)[-1]
    assert (newest.title, newest.outlet) == (TITLE, "The Kerbside Ledger")
    page.locator("#mend summary").click()
    expect(page.locator("#split-form")).to_contain_text(TITLE)
    page.locator("#add-source summary").click()
    give(page, site.url("/a"))
    expect(page.locator("#status")).to_contain_text("This item was known already")


def test_what_cannot_be_added_says_why_in_the_form_and_keeps_what_was_written(page, service, site):
    page.goto(f"/incidents/{ID}")
    page.locator("#add-source summary").click()
    before = service.store.incident(ID).item_keys
    alert = page.locator("#source-form").get_by_role("alert")
    page.get_by_label("Outlet").fill("The Quay Post")
    page.get_by_role("button", name=f"Add to {ID}").click()
    expect(alert).to_contain_text("Give a text, or an address")
    for address, reason in REFUSALS.items():
        give(page, site.url(address) if address.startswith("/") else address)
        expect(alert).to_contain_text(reason)
        expect(page.get_by_label("Address")).to_be_focused()
        expect(page.get_by_label("Address")).to_have_attribute("aria-invalid", "true")
        expect(page.get_by_label("Outlet")).to_have_value("The Quay Post")
    assert service.store.incident(ID).item_keys == before
    assert browsing.against_wcag(page) == []
    give(page, site.url("/a"))
    expect(page.locator("#status")).to_contain_text("Redraft to use it")
    expect(alert).to_have_count(0)
