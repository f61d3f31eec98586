"""Drafting in place: sections as they arrive over the old page, and what the gate withheld."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from summarizer.app import App
from summarizer.review.edits import Edit
from tests.integration.test_desk_operations import (
    POINTS,
    SCHEMES,
    WRONG,
    Model,
    an_incident,
    model,
    service,
    texts,
)
from tests.support import browser as browsing
from tests.support.app import a_client, take_in
from tests.support.browser import against_wcag, listens, looks, tab

__all__ = ["model", "service"]

pytestmark = pytest.mark.slow


def with_news(service: App, name: str) -> str:
    """A drafted incident to which an item came since, so that the model is asked anew."""
    incident = an_incident(service, name)
    text = f"The ferry {name} sailed again on the tenth day. Two crossings had been full."
    take_in(service, {"text": text, "incident": name, "outlet": "Paper 3", "platform": "news"})
    return incident


def held(model: Model) -> None:
    """Have the model wait before it answers with all but the title."""
    model.reached.clear()
    model.may_go_on.clear()


def with_a_withheld_sentence(service: App, name: str) -> str:
    incident = an_incident(service, name)
    section = service.reviews.newest(incident).section(POINTS)
    claim = section.shown[0].claim.model_copy(update={"text": WRONG, "id": ""})
    kept = [Edit(id=one.id) for one in section.shown]
    service.reviews.edit(incident, POINTS, [Edit(claim=claim), *kept], "Kim")
    assert WRONG not in texts(service, incident)
    return incident


def test_chips_fill_as_sections_arrive_and_the_old_page_stays_readable(page, service, model):
    incident = with_news(service, "Aster")
    held(model)
    page.goto(f"/incidents/{incident}")
    old = page.locator("#key_points .sentence").first
    words = old.inner_text()
    page.get_by_role("button", name="Redraft", exact=True).click()
    chips = page.locator(".chip")
    expect(chips).to_have_count(len(service.pipeline.specs))
    title = chips.first
    expect(title).to_be_enabled()
    assert model.reached.wait(browsing.PATIENCE / 1000)
    expect(page.locator("#progress")).to_contain_text(re.compile("[1-7] of 8 sections written"))
    expect(page.locator('.chip[data-chip="key_points"]')).to_be_disabled()
    expect(old).to_have_text(words)

    arrived = page.locator("#new-title")
    expect(arrived).to_be_hidden()
    title.click()
    expect(arrived).to_contain_text("not yet verified")
    expect(title).to_have_attribute("aria-expanded", "true")
    title.click()
    expect(arrived).to_be_hidden()

    model.may_go_on.set()
    expect(page.locator("#status")).to_contain_text("The draft is there")
    expect(page.locator("#arriving")).to_be_hidden()


def test_a_first_draft_shows_what_arrives_at_once_in_the_order_of_the_page(page, service, model):
    incident = an_incident(service, "Birch", drafted=False)
    held(model)
    page.goto(f"/incidents/{incident}")
    page.get_by_role("button", name="Draft now").click()
    expect(page.locator("#new-title")).to_be_visible()
    assert model.reached.wait(browsing.PATIENCE / 1000)
    model.may_go_on.set()
    expect(page.locator(".part").first).to_be_visible()


def test_one_section_drafted_again_has_one_chip(page, service, model):
    incident = with_news(service, "Cedar")
    held(model)
    page.goto(f"/incidents/{incident}")
    part = page.locator("#key_points")
    part.get_by_role("button", name="Redraft").click()
    part.get_by_role("button", name="Draft again").click()
    expect(page.locator(".chip:visible")).to_have_count(1)
    assert model.reached.wait(browsing.PATIENCE / 1000)
    page.reload()
    expect(page.locator(".chip:visible")).to_have_text("Key points: not yet written")
    model.may_go_on.set()
    expect(page.locator("#status")).to_contain_text("The draft is there")


def test_without_script_the_page_says_who_asked_and_links_to_itself(service, model):
    incident = with_news(service, "Dogwood")
    held(model)
    job = service.jobs.ask(incident, "Kim", force=True)
    assert model.reached.wait(browsing.PATIENCE / 1000)
    client = a_client(service)
    told = client.get(f"/incidents/{incident}").text
    model.may_go_on.set()
    assert "event: stored" in client.get(f"/v1/drafts/{job.id}/events").text  # until its end
    assert "A draft is under way, asked for by Kim." in told
    assert f'<a href="/incidents/{incident}">Load the page again</a>' in told
    assert "under way, asked" not in client.get(f"/incidents/{incident}").text


def test_a_withheld_sentence_stands_struck_with_its_reason_and_its_passage(page, service):
    incident = with_a_withheld_sentence(service, "Elder")
    page.goto(f"/incidents/{incident}")
    struck = page.locator("#key_points .withheld")
    expect(struck.locator("del")).to_have_text(WRONG)
    expect(struck.locator(".why")).to_contain_text("Withheld.")
    (claim,) = service.reviews.newest(incident).section(POINTS).withheld
    passage = service.reviews.newest(incident).evidence.passage(claim.claim.cites[0])
    expect(struck.locator(".otherwise q").first).to_have_text(passage.text.strip())


@pytest.mark.parametrize(
    ("readers", "public"), [("the newsroom only", False), ("readers too", True)]
)
def test_a_withheld_sentence_is_shown_for_a_reason_that_readers_see_only_if_they_may(
    page: Page, service, readers, public
):
    incident = with_a_withheld_sentence(service, "Fir")
    before = texts(service, incident)
    page.goto(f"/incidents/{incident}")
    page.locator("#key_points").get_by_role("button", name="Show it all").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("del")).to_have_text(WRONG)
    expect(dialog.get_by_label("the newsroom only")).to_be_checked()
    dialog.get_by_role("button", name="Show it").click()  # without a reason nothing is sent
    expect(dialog).to_be_visible()
    dialog.get_by_label("Why does it stand?").fill("The harbour master told me.")
    dialog.get_by_label(readers).check()
    dialog.get_by_role("button", name="Show it").click()
    expect(page.locator("#status")).to_contain_text("The sentence is shown.")
    expect(page.locator("#key_points .withheld")).to_have_count(0)

    assert texts(service, incident) == [WRONG, *before]
    (claim, *_) = service.reviews.newest(incident).section(POINTS).shown
    assert claim.restored_because == "The harbour master told me."
    read = a_client(service).get(f"/v1/incidents/{incident}?format=html").text
    assert ("The harbour master told me." in read) == public


def test_a_restore_beside_another_editors_change_keeps_the_reason(page, service):
    incident = with_a_withheld_sentence(service, "Gorse")
    page.goto(f"/incidents/{incident}")
    page.locator("#key_points").get_by_role("button", name="Show it all").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Why does it stand?").fill("I saw it.")
    service.reviews.lock(incident, POINTS, "Lee", locked=True)
    dialog.get_by_role("button", name="Show it").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(dialog.get_by_label("Why does it stand?")).to_have_value("I saw it.")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    assert WRONG not in texts(service, incident)


@pytest.mark.parametrize(("scheme", "width"), SCHEMES)
def test_chips_and_the_dialog_pass_axe(browser, address, service, model, scheme, width):
    incident = with_a_withheld_sentence(service, "Hazel")
    take_in(service, {"text": "The Hazel sails.", "incident": "Hazel", "platform": "news"})
    held(model)
    with tab(browser, address, **looks(scheme, width)) as page:
        page.goto(f"/incidents/{incident}")
        listens(page)
        page.locator("#key_points").get_by_role("button", name="Show it all").click()
        assert against_wcag(page) == []
        page.get_by_role("button", name="Cancel").click()
        page.get_by_role("button", name="Redraft", exact=True).click()
        page.locator(".chip").first.click()
        expect(page.locator("#new-title")).to_be_visible()
        assert against_wcag(page) == []
        model.may_go_on.set()
        expect(page.locator("#status")).to_contain_text("The draft is there")
