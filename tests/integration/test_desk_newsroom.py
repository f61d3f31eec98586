"""Holds, corrections and readers' reports on the desk, in a real browser."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from summarizer.app import App
from summarizer.domain.corrections import ApprovedChange
from summarizer.domain.holds import HoldKind
from summarizer.domain.reports import ReportOutcome
from summarizer.domain.reviews import ReviewState
from summarizer.review.edits import Edit
from tests.support import browser as browsing
from tests.support.app import an_app

pytestmark = pytest.mark.slow

ID, POINTS = "INC-000001", "key_points"
WORDS = "The fine was two million, see the filing."
SCHEMES = [("light", 1280), ("light", 400), ("dark", 1280), ("dark", 400)]


@pytest.fixture
def service(drafted_data: Path) -> Iterator[App]:
    with an_app(drafted_data, reader_reports="on") as service:
        yield service


def approve(service: App, change: ApprovedChange | None = None) -> None:
    revision = service.reviews.newest(ID).revision
    service.decisions.decide(
        ID, "approve", "Kim", revision=revision, override="Read twice.", change=change
    )


def without_first_point(service: App) -> str:
    """Remove the first point of the page; its words."""
    first, *rest = service.reviews.newest(ID).section(POINTS).shown
    service.reviews.edit(ID, POINTS, [Edit(id=one.id) for one in rest], "Kim")
    return first.claim.text


def test_an_editor_puts_an_embargo_on_a_page_and_lifts_it(page: Page, service: App) -> None:
    page.goto(f"/incidents/{ID}")
    page.locator("#holds > summary").click()
    form = page.locator("#hold-form")
    expect(form.get_by_label("Until", exact=True)).to_be_hidden()
    form.get_by_label("Hold").select_option("embargo")
    form.get_by_label("Until", exact=True).fill("2099-12-03T06:00")
    form.get_by_label("Reason, for the newsroom").fill("Agreed with the ministry.")
    form.get_by_role("button", name="Put it on").click()
    expect(page.locator(".review-bar")).to_contain_text("Embargo until December 3, 2099")
    (hold,) = service.holds.of(ID)
    assert hold.until == dt.datetime(2099, 12, 3, 6, tzinfo=dt.UTC)  # browsers of tests are in UTC
    page.goto("/")
    expect(page.locator(".row")).to_contain_text("Embargo until December 3, 2099")

    page.goto(f"/incidents/{ID}")
    page.locator("#holds .ask > summary").click()
    page.get_by_label("Why is it lifted?").fill("It came out.")
    page.get_by_role("button", name="Lift the embargo").click()
    expect(page.locator(".review-bar")).not_to_contain_text("Embargo")
    page.goto(f"/incidents/{ID}/history")
    expect(page.locator(".history li").first).to_contain_text("Embargo: hold lifted by local")
    expect(page.locator(".history li").first).to_contain_text("It came out.")


def test_a_page_under_legal_hold_offers_no_approval_by_button_or_key(
    page: Page, service: App
) -> None:
    service.holds.put(ID, HoldKind.LEGAL_HOLD, "Kim", "The lawyers read it first.")
    page.goto(f"/incidents/{ID}")
    browsing.listens(page)
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    page.keyboard.press("a")
    expect(page.locator("#review-sheet .needs")).to_contain_text("nobody approves this page")
    expect(page.get_by_label("Reason to approve all the same")).to_have_count(0)


def test_an_approval_that_changes_the_page_asks_why_and_tells_readers(
    page: Page, service: App
) -> None:
    approve(service)
    was = without_first_point(service)
    page.goto(f"/incidents/{ID}")
    browsing.listens(page)
    page.keyboard.press("a")
    sheet = page.locator("#review-sheet")
    expect(sheet.locator(".changed")).to_contain_text(was)
    sheet.get_by_label("Reason to approve all the same").or_(
        sheet.get_by_label("Why does the approved page change?")
    ).first.focus()
    if sheet.get_by_label("Reason to approve all the same").count():
        sheet.get_by_label("Reason to approve all the same").fill("Read twice.")
    page.get_by_role("button", name="Approve revision 2").click()
    expect(page.locator("#status")).to_contain_text("Say why")

    sheet.get_by_label("A correction: readers are told").check()
    sheet.get_by_label("Why does the approved page change?").fill("We had the wrong filing.")
    page.get_by_role("button", name="Approve revision 2").click()
    expect(page.locator(".review-bar .badge").first).to_contain_text("approved")
    assert service.decisions.newest(ID).state is ReviewState.APPROVED
    page.goto(f"/v1/incidents/{ID}?format=html")
    page.get_by_role("link", name="Corrected on").click()
    expect(page.locator("#corrections")).to_contain_text("We had the wrong filing.")
    expect(page.locator("#corrections")).to_contain_text(was)


def test_a_reader_reports_and_an_editor_answers(page: Page, service: App) -> None:
    approve(service)
    page.goto(f"/v1/incidents/{ID}?format=html")
    page.get_by_text("Report an inaccuracy").click()
    page.get_by_label("What is inaccurate").fill(WORDS)
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("main")).to_contain_text("Thank you")

    page.goto("/")
    expect(page.locator(".group-needs_you")).to_contain_text("A reader reports an inaccuracy")
    page.goto(f"/incidents/{ID}")
    panel = page.locator("#reports")
    expect(panel).to_contain_text(WORDS)
    panel.get_by_role("button", name="Dismiss").click()
    expect(page.locator("#status")).to_contain_text("Say why the report is dismissed")
    panel.get_by_label("Reason").fill("The filing says one.")
    panel.get_by_role("button", name="Dismiss").click()
    expect(panel).to_contain_text("Dismissed by local")
    (report,) = service.reports.of(ID)
    assert report.outcome is ReportOutcome.DISMISSED


def test_axe_finds_nothing_where_a_page_is_held_changed_reported_and_corrected(
    browser, address, service
):
    approve(service)
    without_first_point(service)
    service.reports.take(ID, WORDS)
    ids = [one.id for one in service.corrections.since_approval(service.reviews.newest(ID))]
    approve(service, ApprovedChange(why="We had the wrong filing.", corrects=tuple(ids)))
    without_first_point(service)
    service.holds.put(ID, HoldKind.SENIOR_DESK, "Kim", "It names a minor.")
    later = dt.datetime(2099, 12, 3, 6, tzinfo=dt.UTC)
    service.holds.put(ID, HoldKind.EMBARGO, "Kim", "Agreed with the ministry.", later)
    paths = {
        "list": "/",
        "held": f"/incidents/{ID}",
        "history": f"/incidents/{ID}/history",
        "as readers see it": f"/v1/incidents/{ID}?format=html&revision=2",
    }
    found = []
    for scheme, width in SCHEMES:
        with browsing.tab(browser, address, **browsing.looks(scheme, width)) as page:
            for name, path in paths.items():
                page.goto(path)
                page.evaluate("for (const d of document.querySelectorAll('details')) d.open = 1")
                found += [(name, scheme, width, *f) for f in browsing.against_wcag(page)]
                if name == "held":
                    page.locator("#review-open").click()
                    found += [("sheet", scheme, width, *f) for f in browsing.against_wcag(page)]
    assert found == []
