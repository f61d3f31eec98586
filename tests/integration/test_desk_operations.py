"""What an editor does on the desk, one operation at a time, in a real browser.

Every test has a service, a store and a model on loopback of its own: what an editor rules on one
item holds for its copies, and the stories told here are copies of each other.
"""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from evals.mock_server import Recorded, Reply, asked_keys, copied_answer, error, garbage
from summarizer.app import App
from summarizer.domain.api_keys import Scope
from summarizer.domain.claims import Claim
from summarizer.domain.events import Cursor, EventKind
from summarizer.domain.forecasts import NewForecast
from summarizer.domain.incidents import IncidentId
from summarizer.domain.reviews import ReviewState
from summarizer.domain.webhooks import EVENTS
from summarizer.review.edits import Edit
from tests.support import browser as browsing
from tests.support.app import a_modelled_app, take_in

pytestmark = pytest.mark.slow

STORY = (
    "The ferry {name} stood still for nine days in March. Its owner, Brackwater Lines, said that a "
    "pump had failed.",
    "Inspectors of the harbour office found rust in the pump of the {name}. The office ordered a "
    "second inspection before the summer. Brackwater Lines said that it would pay for both.",
)
POINTS = "key_points"
WISH = "Say first what the inspectors found."
WRONG = "The captain resigned in anger."
SCHEMES = [("light", 1280), ("light", 400), ("dark", 1280), ("dark", 400)]


class Model:
    """What the model on loopback answers; honest until a test says otherwise."""

    def __init__(self) -> None:
        self.fault: Reply | None = None
        self.last: Recorded | None = None
        self.reached = threading.Event()
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def __call__(self, request: Recorded) -> Reply:
        self.last = request
        if self.fault is not None:
            return self.fault
        shift = 1 if WISH in request.turn else 0
        said = copied_answer(request, 3, shift)
        keys = asked_keys(request)
        held = "key_points" in keys and "title" not in keys

        def wait() -> None:
            if held:
                self.reached.set()
                self.may_go_on.wait(browsing.PATIENCE / 1000)

        return Reply(body=said.body, before=wait)


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def service(tmp_path: Path, model: Model) -> Iterator[App]:
    with a_modelled_app(model, tmp_path) as (service, _):
        yield service


def an_incident(service: App, name: str, *, drafted: bool = True) -> str:
    """A new incident of two items about a ship of that name."""
    rows = [
        {
            "title": f"Report {n} on the {name}", "text": text.format(name=name), "incident": name,
            "outlet": f"Paper {n}", "platform": ("news", "blog")[n - 1],
            "published_at": f"2026-03-0{n}T08:00:00Z",
        }
        for n, text in enumerate(STORY, start=1)
    ]  # fmt: skip
    take_in(service, *rows)
    found = service.store.incident_by_label(name)
    assert found is not None
    if drafted:
        service.pipeline.draft(found.id)
    return found.id


def texts(service: App, incident: str) -> list[str]:
    return [c.claim.text for c in service.reviews.newest(incident).section(POINTS).shown]


def kinds(service: App, incident: str) -> list[EventKind]:
    return [entry.kind for entry in service.reviews.history(incident)]


def edited(page: Page, service: App, incident: str):
    """The section of points on the page of an incident, open for editing."""
    page.goto(f"/incidents/{incident}")
    part = page.locator("#key_points")
    part.get_by_role("button", name="Edit ").click()
    return part


# --- Drafting ------------------------------------------------------------------------------------


def test_sections_appear_while_others_are_drafted_and_a_reload_follows_on(page, service, model):
    incident = an_incident(service, "Dawn", drafted=False)
    model.reached.clear()
    model.may_go_on.clear()
    page.goto(f"/incidents/{incident}")
    expect(page.locator(".nothing")).to_contain_text("No draft yet. 2 source items wait.")
    page.get_by_role("button", name="Draft now").click()
    expect(page.locator("#arrived section").first).to_contain_text("not yet verified")
    assert model.reached.wait(browsing.PATIENCE / 1000)

    page.reload()
    expect(page.locator("#arrived section").first).to_contain_text("not yet verified")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    model.may_go_on.set()
    expect(page.locator(".part").first).to_be_visible()
    expect(page.locator("#status")).to_contain_text("The draft is there")


def test_a_draft_is_called_off(page, service, model):
    incident = an_incident(service, "Elm", drafted=False)
    model.reached.clear()
    model.may_go_on.clear()
    page.goto(f"/incidents/{incident}")
    page.get_by_role("button", name="Draft now").click()
    assert model.reached.wait(browsing.PATIENCE / 1000)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#status")).to_contain_text("Stopped. Nothing was changed.")
    model.may_go_on.set()
    assert service.store.newest_draft(incident) is None


@pytest.mark.parametrize(
    ("name", "fault", "reason"),
    [("Fern", error(529, "Overloaded"), "529"), ("Gale", garbage(), "answer")],
)
def test_a_draft_that_fails_says_why_and_what_to_do_until_the_next(
    page, service, model, name, fault, reason
):
    incident = an_incident(service, name, drafted=False)
    page.goto(f"/incidents/{incident}")
    model.fault = fault
    try:
        page.get_by_role("button", name="Draft now").click()
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text(reason)
        expect(alert).to_contain_text("Nothing was changed. Draft again with the button above")
        page.reload()
        expect(alert).to_contain_text(reason)
    finally:
        model.fault = None
    page.get_by_role("button", name="Draft now").click()
    expect(page.locator(".part").first).to_be_visible()
    expect(alert).to_have_count(0)


def test_a_section_drafted_with_an_instruction_is_refused_or_accepted_beside_the_old(
    page, service, model
):
    incident = an_incident(service, "Harrow")
    before = texts(service, incident)
    part = page.locator("#key_points")
    for answer in ("Refuse", "Accept"):
        page.goto(f"/incidents/{incident}")
        part.get_by_role("button", name="Redraft").click()
        part.get_by_label("What should be different?").fill(WISH)
        part.get_by_role("button", name="Draft again").click()
        expect(part.locator(".suggestion")).to_contain_text(WISH)
        assert WISH in model.last.turn
        old, new = part.locator(".text").bounding_box(), part.locator(".suggestion").bounding_box()
        assert new["x"] > old["x"] + old["width"] - 1
        part.get_by_role("button", name=answer).click()
        expect(part.locator(".suggestion")).to_have_count(0)
        assert (texts(service, incident) == before) is (answer == "Refuse")
    assert {EventKind.REFUSED, EventKind.ACCEPTED} <= set(kinds(service, incident))


# --- Editing -------------------------------------------------------------------------------------


def test_sentences_are_reordered_added_and_removed(page, service):
    incident = an_incident(service, "Iris")
    first, second, third = texts(service, incident)
    part = edited(page, service, incident)
    part.get_by_role("button", name="Move down").first.click()
    part.locator("textarea").nth(2).press("Alt+ArrowUp")
    part.get_by_role("button", name="Remove").nth(2).click()
    part.get_by_role("button", name="Add a sentence").click()
    part.locator("textarea").last.fill("Brackwater Lines said that a pump had failed.")
    part.get_by_role("button", name="Save").click()
    expect(page.locator("#status")).to_contain_text("Saved")

    assert texts(service, incident)[:2] == [second, third]
    assert first not in texts(service, incident)
    added = service.reviews.newest(incident).section(POINTS).shown[2]
    assert added.claim.text == "Brackwater Lines said that a pump had failed."
    assert added.claim.cites


def test_an_edit_that_is_dropped_leaves_the_section_as_it_was(page, service):
    incident = an_incident(service, "Juno")
    before = texts(service, incident)
    part = edited(page, service, incident)
    part.get_by_role("button", name="Move down").first.click()
    part.get_by_role("button", name="Remove").first.click()
    part.get_by_role("button", name="Add a sentence").click()
    part.locator("textarea").last.fill("Nobody knows.")
    part.get_by_role("button", name="Cancel").click()
    part.get_by_role("button", name="Edit ").click()
    assert [row.input_value() for row in part.locator("textarea").all()] == before
    expect(part.locator(".gone")).to_have_count(0)
    page.goto("/")  # and nothing asks whether to leave


def test_the_list_and_one_whole_edit_need_no_mouse(page, service):
    incident = an_incident(service, "Kestrel")
    last = texts(service, incident)[-1]
    page.goto("/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("Kestrel")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=Kestrel*")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/incidents/{incident}")
    chosen = page.locator(f"#{POINTS} .sentence.chosen")
    for _ in range(60):
        page.keyboard.press("j")
        if chosen.is_visible():
            break
    expect(chosen).to_have_count(1)
    page.keyboard.press("e")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(last)
    page.keyboard.press("Tab")
    expect(page.locator(".beside.good")).to_contain_text("Supported by its sources")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator("#status")).to_contain_text("Saved")
    assert texts(service, incident)[0] == last


# --- Review --------------------------------------------------------------------------------------


def test_changes_are_requested_and_a_draft_is_rejected_only_with_a_note(page, service):
    incident = an_incident(service, "Larch")
    page.goto(f"/incidents/{incident}")
    badge = page.locator(".crumbs .badge")
    page.keyboard.press("r")
    page.get_by_role("button", name="Request changes").click()
    expect(page.locator("#status")).to_contain_text("needs a note")
    page.get_by_label("Note").fill("Who paid for the first inspection?")
    page.get_by_role("button", name="Request changes").click()
    expect(badge).to_contain_text("changes requested")
    page.get_by_role("button", name="Send back").click()
    page.get_by_label("Note").fill("It is one story told twice.")
    page.get_by_role("button", name="Reject").click()
    expect(badge).to_contain_text("rejected")

    page.get_by_role("link", name="History").click()
    expect(page.locator(".history")).to_contain_text("note: It is one story told twice.")
    expect(page.locator(".history li").first).to_contain_text("rejected by local")


def test_an_approval_against_obstacles_is_refused_until_a_reason_is_given(page, service):
    incident = an_incident(service, "Maple")
    part = edited(page, service, incident)
    part.get_by_role("button", name="Add a sentence").click()
    part.locator("textarea").last.fill(WRONG)
    part.get_by_role("button", name="Save").click()
    expect(page.locator("#status")).to_contain_text("1 sentence withheld")
    part.locator("del").dblclick()
    part.get_by_label("Show all the same, because").fill("She told us so herself.")
    part.get_by_label("Readers may see this reason").check()
    part.get_by_role("button", name="Save").click()
    expect(page.locator(".needs .blocks")).to_contain_text(WRONG)
    page.locator("#review-open").click()
    restored = service.reviews.newest(incident).section(POINTS).shown[-1]
    assert restored.restored_because == "She told us so herself."
    assert restored.reason_is_public

    page.get_by_role("button", name="Approve revision").click()
    expect(page.locator("#status")).to_contain_text("override with a reason")
    page.get_by_label("Reason to approve all the same").fill("Confirmed by telephone.")
    page.get_by_role("button", name="Approve revision").click()
    expect(page.locator(".crumbs .badge")).to_contain_text("approved")
    assert service.decisions.newest(incident).override == "Confirmed by telephone."
    expect(page.locator(".review-bar .badge")).to_contain_text("approved")
    page.locator("#review-open").click()
    page.get_by_label("Note").fill("The captain denies it.")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.locator(".crumbs .badge")).to_contain_text("withdrawn")
    assert service.decisions.newest(incident).state is ReviewState.WITHDRAWN


def test_what_only_rules_checked_is_read_with_the_keyboard_before_an_approval(page, service):
    incident = an_incident(service, "Medlar")
    wanted = [claim for _, claim in service.reviews.newest(incident).to_read()]
    page.goto(f"/incidents/{incident}")
    page.keyboard.press("a")
    boxes, left = page.get_by_label("I read it beside its passages"), page.locator("#unread")
    expect(boxes).to_have_count(len(wanted))
    expect(boxes.first).to_have_accessible_description(re.compile(wanted[0].claim.text))
    for box in boxes.all()[1:]:
        box.focus()
        page.keyboard.press("Space")
    expect(left).to_have_text("1")
    approve = page.get_by_role("button", name="Approve revision")
    approve.press("Enter")
    expect(page.locator("#status")).to_contain_text(
        f'"{wanted[0].claim.text}" was checked by rules'
    )
    expect(boxes.first).to_be_focused()
    page.keyboard.press("Space")
    expect(left).to_have_text("0")
    approve.press("Enter")
    expect(page.locator(".crumbs .badge")).to_contain_text("approved")
    expect(page.locator(".disclosure")).to_contain_text(f"who read {len(wanted)} sentences")
    assert set(service.decisions.newest(incident).read) == {claim.id for claim in wanted}


# --- Sources and clusters ------------------------------------------------------------------------


def test_a_source_is_added_by_its_text(page, service):
    incident = an_incident(service, "Nettle")
    page.goto(f"/incidents/{incident}")
    page.locator("#add-source summary").click()
    page.get_by_label("Outlet").fill("The Quay Post")
    page.get_by_label("Text, as published").fill("The crew of the Nettle was paid in full.")
    page.get_by_role("button", name=f"Add to {incident}").click()
    expect(page.locator("#status")).to_contain_text("Redraft to use it")
    assert len(service.store.incident(incident).item_keys) == 3
    page.get_by_role("button", name="Redraft", exact=True).click()
    expect(page.locator("#status")).to_contain_text("The draft is there")
    expect(page.locator(".evidence")).to_contain_text("The Quay Post")


def test_an_incident_is_split_and_merged_again(page, service):
    incident = an_incident(service, "Osprey")
    page.goto(f"/incidents/{incident}")
    page.locator("#mend summary").click()
    move = page.locator("#split-form").get_by_role("button", name="Move")
    move.click()
    expect(page.locator("#status")).to_contain_text("Choose the items that move")
    page.get_by_role("checkbox", name="Report 2").check()
    move.click()
    expect(page.locator("#status")).to_contain_text("Now in")
    split = page.locator(".crumbs .id").inner_text()
    assert split != incident
    expect(page.locator(".nothing")).to_contain_text("1 source item wait")

    page.locator("#mend summary").click()
    page.locator("#merge-form").get_by_label("into").fill(incident)
    page.get_by_role("button", name="Merge").click()
    expect(page.locator("#status")).to_contain_text(f"Merged into {incident}")
    page.goto(f"/incidents/{split}")
    expect(page.locator(".crumbs .id")).to_have_text(incident)
    assert len(service.store.incident(incident).item_keys) == 2


def test_an_item_is_shown_in_a_second_incident_and_taken_back(page, service):
    incident = an_incident(service, "Heron")
    other = service.curation.split(incident, service.store.incident(incident).item_keys[:1], "Ana")
    (key,) = service.store.incident(incident).item_keys
    page.goto(f"/incidents/{incident}")
    page.locator("#mend summary").click()
    also = page.locator("#split-form").get_by_role("button", name="Also show there")
    page.get_by_role("checkbox", name="Report 2").check()
    also.click()
    expect(page.locator("#status")).to_contain_text("Choose the incident")
    page.locator("#split-form").get_by_label("or by its id").fill(other.id)
    also.click()
    expect(page.locator("#status")).to_contain_text(f"Also shown in {other.id}")
    assert service.store.incident(other.id).guests == (key,)
    page.locator("#mend summary").click()
    page.locator("#mend").get_by_role("link", name=other.id).click()

    page.locator("#mend summary").click()
    page.get_by_role("button", name="No longer show here").click()
    expect(page.locator("#status")).to_contain_text("No longer shown here")
    assert service.store.incident(other.id).guests == ()


def test_an_open_page_says_so_every_half_minute_and_is_told_of_others(page, service):
    incident = an_incident(service, "Tern")
    page.clock.install()
    page.goto(f"/incidents/{incident}")
    expect(page.locator("#open-by")).to_be_hidden()
    service.store.presence.note(incident, "Ana", service.clock.now())
    page.clock.fast_forward(31_000)
    expect(page.locator("#open-by")).to_have_text("Ana has this incident open as well.")


# --- Two editors, keys ---------------------------------------------------------------------------


def test_two_editors_sign_in_and_the_second_loses_nothing(browser, address, service):
    incident = an_incident(service, "Plover")
    keys = {name: service.keys.create(name, Scope.REVIEW)[1] for name in ("Kim", "Ada")}
    with browsing.tab(browser, address) as kim, browsing.tab(browser, address) as ada:
        for page, name in ((kim, "Kim"), (ada, "Ada")):
            sign_in(page, keys[name], name)
        both_edit(kim, ada, service, incident)
        kim.get_by_role("button", name="Sign out").click()
        expect(kim.get_by_label("Key", exact=True)).to_be_visible()
        kim.goto("/")
        expect(kim.get_by_label("Key", exact=True)).to_be_visible()


def test_the_second_of_two_editors_saves_theirs_over_the_others(page, service):
    incident = an_incident(service, "Swan")
    part = edited(page, service, incident)
    part.locator("textarea").first.fill(WRONG)
    first = service.reviews.newest(incident).section(POINTS).shown[0]
    service.reviews.edit(incident, POINTS, [Edit(id=first.id)], "Kim")
    part.get_by_role("button", name="Save").click()
    expect(part.locator(".theirs")).to_contain_text("by Kim")
    expect(part.locator("textarea").first).to_have_value(WRONG)
    part.get_by_role("button", name="Save mine over theirs").click()
    expect(part.locator("del", has_text=WRONG)).to_be_visible()
    assert service.reviews.newest(incident).made_by == "local"


@pytest.mark.parametrize(
    ("scope", "offered"),
    [(Scope.READ, []), (Scope.DRAFT, ["draft"]), (Scope.REVIEW, ["draft", "review"])],
)
def test_nobody_is_offered_what_their_key_may_not_do(browser, service, scope, offered):
    incident = an_incident(service, "Wren")
    _, secret = service.keys.create("Kim", scope)
    with browsing.served(service) as address, browsing.tab(browser, address) as page:
        page.goto(f"/incidents/{incident}")
        page.get_by_label("Key", exact=True).fill(secret)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"**/incidents/{incident}")
        expect(page.locator(".who")).to_contain_text("Kim")
        browsing.listens(page)
        shown = {
            "draft": page.get_by_role("button", name="Redraft", exact=True).count(),
            "review": page.get_by_role("button", name="Approve", exact=True).count(),
        }
        assert [name for name, count in shown.items() if count] == offered
        page.locator(f"#{POINTS} .sentence").first.dblclick()
        assert page.locator(".editor:visible").count() == ("review" in offered)
        expect(page.locator(".card.chosen")).to_be_visible()


def sign_in(page: Page, key: str, name: str) -> None:
    page.goto("/")
    page.get_by_label("Key", exact=True).fill("isk_0000_wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#status")).to_contain_text("There is no such key")
    page.get_by_label("Key", exact=True).fill(key)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".who")).to_contain_text(f"Signed in as {name}")


def both_edit(kim: Page, ada: Page, service: App, incident: str) -> None:
    hers, his = edited(kim, service, incident), edited(ada, service, incident)
    last = texts(service, incident)[-1]
    hers.locator("textarea").first.fill(last)
    his.get_by_role("button", name="Remove").first.click()
    hers.get_by_role("button", name="Save").click()
    expect(kim.locator("#status")).to_contain_text("Saved")
    his.get_by_role("button", name="Save").click()
    expect(his.locator(".theirs")).to_contain_text("by Kim")
    expect(his.locator(".gone")).to_have_count(1)
    his.get_by_role("button", name="Take theirs").click()
    expect(ada.locator("#status")).to_contain_text("Their words stand")
    assert texts(service, incident)[0] == last

    hers.get_by_role("button", name="Lock ").click()
    expect(hers.locator(".badge")).to_contain_text("locked by Kim")
    his = edited(ada, service, incident)
    his.locator("textarea").first.fill("Nobody knows.")
    his.get_by_role("button", name="Save").click()
    expect(his.locator(".theirs")).to_contain_text("locked by Kim")
    expect(his.locator("textarea").first).to_have_value("Nobody knows.")


# --- Reading -------------------------------------------------------------------------------------


def test_every_page_can_be_read_without_script(browser, address, service):
    incident = an_incident(service, "Quince")
    service.reviews.lock(incident, POINTS, "Kim", locked=True)
    with browsing.tab(browser, address, java_script_enabled=False) as page:
        page.goto("/?q=Quince")
        page.get_by_text("Filters", exact=True).click()
        page.get_by_label("Order").select_option("newest")
        page.get_by_role("button", name="Show").click()
        page.locator(".go").first.click()
        expect(page.locator(".sentence").first).to_be_visible()
        expect(page.locator(".to-read blockquote").first).to_be_visible()
        expect(page.get_by_role("button")).to_have_count(0)
        page.get_by_role("link", name="Compare").click()
        page.get_by_label("Before").select_option("1")
        page.get_by_role("button", name="Compare").click()
        expect(page.locator("h1")).to_contain_text("Revision 1 beside revision 2")
        page.get_by_role("link", name="History").click()
        expect(page.locator(".history")).to_contain_text("locked by Kim")
        page.goto("/method")
        expect(page.locator("h1")).to_have_text("Method")


def test_nothing_on_any_page_seems_to_work_that_needs_the_script(browser, address, service, model):
    pages = showing(service, model)
    with browsing.tab(browser, address, java_script_enabled=False) as page:
        for name, path in pages.items():
            page.goto(path)
            tools = page.locator("button:visible, input:visible, textarea:visible, select:visible")
            idle = [
                one
                for one in tools.all()
                if not one.locator("xpath=ancestor::form[@method='get']").count()
            ]
            assert not idle, name


def test_a_wish_that_is_refused_stays_where_it_was_written(page, service):
    incident = an_incident(service, "Finch")
    page.goto(f"/incidents/{incident}")
    refusal = {"detail": "No model drafts here.", "field": "body.instruction"}
    page.route("**/drafts", lambda route: route.fulfill(status=422, json=refusal))
    part = page.locator("#key_points")
    part.get_by_role("button", name="Redraft").click()
    wish = part.locator("[name=instruction]")
    wish.fill(WISH)
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("No model drafts here.")
    expect(wish).to_have_value(WISH)
    expect(wish).to_be_focused()


def test_a_draft_that_ends_takes_nobodys_half_written_note(page, service):
    incident = an_incident(service, "Heron")
    page.goto(f"/incidents/{incident}")
    page.keyboard.press("r")
    page.get_by_label("Note").fill("Who says so?")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Redraft", exact=True).click()
    expect(page.locator("#status")).to_contain_text("Save or drop what you are writing")
    expect(page.get_by_label("Note")).to_have_value("Who says so?")


def test_focus_comes_back_to_the_section_that_was_worked_at(page, service):
    incident = an_incident(service, "Ibis")
    page.goto(f"/incidents/{incident}")
    part = page.locator("#key_points")
    part.get_by_role("button", name="Lock").press("Enter")
    expect(page.locator("#status")).to_contain_text("Locked")
    expect(part.locator("button:focus")).to_have_count(1)


@pytest.mark.parametrize(
    ("form", "button", "field"),
    [("#review-form", "Reject", "note"), ("#merge-form", "Merge", "into")],
)
def test_what_is_missing_or_wrong_is_pointed_out(page, service, form, button, field):
    incident = an_incident(service, "Jay")
    page.goto(f"/incidents/{incident}")
    browsing.listens(page)
    page.locator("#mend summary").click()
    page.keyboard.press("r")
    if field == "into":
        page.locator(f"{form} [name=into]").fill(incident)
    page.locator(form).get_by_role("button", name=button).click()
    expect(page.locator(f"{form} [name={field}]")).to_be_focused()
    expect(page.locator(f"{form} [aria-invalid]")).to_have_count(1)


def test_on_a_phone_the_panel_holds_the_passages_of_the_chosen_sentence_alone(
    browser, address, service
):
    incident = an_incident(service, "Vole")
    with browsing.tab(browser, address, viewport={"width": 400, "height": 800}) as page:
        page.goto(f"/incidents/{incident}")
        quotes = page.locator(".evidence blockquote")
        every = quotes.count()
        page.locator(f"#{POINTS} .sentence").first.click()
        expect(page.locator("blockquote.lit")).to_have_count(1)
        assert quotes.locator("visible=true").count() == 1 < every
        expect(page.locator(".card.chosen")).to_be_visible()
        page.get_by_role("button", name="Close").click()
        assert quotes.locator("visible=true").count() == every


def test_on_a_phone_the_verdict_comes_first_then_the_passage_then_the_checks(
    browser, address, service
):
    incident = an_incident(service, "Wren")
    with browsing.tab(browser, address, viewport={"width": 400, "height": 800}) as page:
        page.goto(f"/incidents/{incident}")
        browsing.listens(page)
        page.locator(f"#{POINTS} .sentence").first.click()
        parts = [".card.chosen .judged", "blockquote.lit", ".card.chosen .checks"]
        tops = [page.locator(part).bounding_box()["y"] for part in parts]
        assert tops == sorted(tops)


LONE_MARKS = """() => [...document.querySelectorAll(".mark")].filter((mark) => {
  const at = mark.getBoundingClientRect();
  const block = mark.closest("li, p, h1, blockquote, .withheld");
  const text = document.createRange();
  text.selectNodeContents(block);
  return at.width && ![...text.getClientRects()].some((box) => box.width > 2
    && box.right <= at.left + 3 && Math.abs(box.top + box.bottom - at.top - at.bottom) < 28);
}).map((mark) => mark.closest(".claim").textContent)"""
"""Sentences of which a mark stands at the beginning of a line."""


@pytest.mark.parametrize("path", ["/incidents/{}", "/v1/incidents/{}?format=html"])
def test_no_line_begins_with_the_number_of_a_passage(browser, address, service, path):
    incident = an_incident(service, "Yarrow")
    with browsing.tab(browser, address) as page:
        page.goto(path.format(incident))
        assert page.locator(".mark").count() > 3
        for width in range(320, 560, 12):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(LONE_MARKS) == [], width


def a_forecast_that_is_due(incident: str) -> NewForecast:
    long_ago = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
    return NewForecast(
        incident_id=IncidentId(incident), section="forecast", revision=1, probability=0.6,
        text="The council will likely buy a ferry in January.",
        criterion="The minutes record a purchase.", due=long_ago.date(), made_at=long_ago,
    )  # fmt: skip


def showing(service: App, model: Model) -> dict[str, str]:
    """Addresses of pages in every state that they have, by name."""
    asked = an_incident(service, "Rowan")
    service.pipeline.suggest(asked, POINTS, WISH, "Kim")
    service.store.forecasts.keep([a_forecast_that_is_due(asked)])
    waiting = an_incident(service, "Sable", drafted=False)
    held = an_incident(service, "Swift")
    first = service.reviews.newest(held).section(POINTS).shown[0]
    edits = [Edit(id=first.id), Edit(claim=Claim(text=WRONG))]
    service.reviews.edit(held, POINTS, edits, "Kim")
    hook = service.webhooks.subscribe(
        "https://hooks.newsroom.example/x", EVENTS, "Kim", Cursor(None, 0)
    )
    service.webhooks.derive()
    service.webhooks.pause(hook.id, "Paused by Kim.")
    return {
        "list": "/",
        "a group": "/?group=needs_you",
        "nothing found": "/?q=zeppelin",
        "suggestion": f"/incidents/{asked}",
        "no draft": f"/incidents/{waiting}",
        "being edited": f"/incidents/{held}",
        "as readers see it": f"/v1/incidents/{held}?format=html",
        "compare": f"/incidents/{asked}/diff",
        "history": f"/incidents/{asked}/history",
        "forecasts": "/forecasts",
        "method": "/method",
        "webhooks": "/webhooks",
        "one webhook": f"/webhooks/{hook.id}",
        "sign in": "/sign-in",
        "not found": "/incidents/INC-009999",
    }


def test_axe_finds_nothing_on_any_page_in_any_state(browser, address, service, model):
    pages = showing(service, model)
    found = []
    for scheme, width in SCHEMES:
        with browsing.tab(browser, address, **browsing.looks(scheme, width)) as page:
            for name, path in pages.items():
                page.goto(path)
                if name == "being edited":
                    page.locator(".draft .sentence").first.focus()
                    page.locator("#key_points").get_by_role("button", name="Edit ").click()
                    page.evaluate(
                        "for (const d of document.querySelectorAll('details')) d.open = 1"
                    )
                faults = browsing.against_wcag(page)
                found += [(name, scheme, width, *fault) for fault in faults]
    assert found == []


def test_a_draft_under_way_and_one_that_failed_pass_axe(browser, address, service, model):
    for scheme, ship in (("light", "Teal"), ("dark", "Umber")):
        incident = an_incident(service, ship, drafted=False)
        with browsing.tab(browser, address, **browsing.looks(scheme, 400)) as page:
            model.reached.clear()
            model.may_go_on.clear()
            page.goto(f"/incidents/{incident}")
            page.get_by_role("button", name="Draft now").click()
            assert model.reached.wait(browsing.PATIENCE / 1000)
            assert browsing.against_wcag(page) == []
            page.get_by_role("button", name="Stop").click()
            model.may_go_on.set()
            expect(page.locator("#status")).to_contain_text("Stopped")
            model.fault = error(529, "Overloaded")
            try:
                page.get_by_role("button", name="Draft now").click()
                expect(page.get_by_role("alert")).to_be_visible()
            finally:
                model.fault = None
            assert browsing.against_wcag(page) == []
