"""Webhooks on the desk, in a real browser and against a real receiver."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from summarizer.app import App
from summarizer.domain.api_keys import Scope
from summarizer.domain.events import EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.webhooks import EVENTS
from tests.support import browser as browsing
from tests.support.app import an_app, bearer
from tests.support.receiver import Receiver, deliver_due


@pytest.fixture
def service(tmp_path: Path, receiver: Receiver) -> Iterator[App]:
    with an_app(tmp_path, allowed_hosts=receiver.host) as service:
        service.store.create_incident(service.clock.now())
        yield service


def tell(service: App, kind: EventKind = EventKind.DRAFTED) -> int:
    """Write an entry, as the pipeline or the desk does; its number."""
    return service.store.history.record(kind, IncidentId("INC-000001"), "Kim", 3).number


def failing(service: App, receiver: Receiver, times: int = 1) -> str:
    """A subscription whose receiver failed to take so many deliveries; its id."""
    made = service.webhooks.subscribe(receiver.url, EVENTS, "Kim")
    receiver.answer = lambda request: (500, b"down <b>for</b> repair", {})
    for _ in range(times):
        tell(service)
    deliver_due(service.webhooks)
    return made.id


# --- As served -----------------------------------------------------------------------------------


def test_pages_of_webhooks_are_for_admins_and_linked_for_no_one_else(client, service, receiver):
    hook = failing(service, receiver)
    for scope, status in ((Scope.REVIEW, 403), (Scope.ADMIN, 200)):
        headers = bearer(service, scope, scope.value)
        for path in ("/webhooks", f"/webhooks/{hook}"):
            assert client.get(path, headers=headers).status_code == status
        assert ('href="/webhooks"' in client.get("/", headers=headers).text) is (status == 200)


def test_no_page_shows_a_secret_or_the_answer_of_a_receiver_as_html(client, service, receiver):
    hook = failing(service, receiver)
    secret = service.webhooks.subscription(hook).secret.get_secret_value()
    for path in ("/webhooks", f"/webhooks/{hook}"):
        text = client.get(path).text
        assert secret not in text
        assert "Answered 500: down &lt;b&gt;for&lt;/b&gt; repair" in text


def test_the_log_is_filtered_and_read_on_page_by_page(client, service, receiver, monkeypatch):
    monkeypatch.setattr("api.desk.webhooks.PAGE", 2)
    hook = failing(service, receiver, times=3)
    first = client.get(f"/webhooks/{hook}?status=waiting").text
    assert first.count("down &lt;b&gt;") == 2
    older = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "status=waiting" in older
    assert client.get(older).text.count("down &lt;b&gt;") == 1
    assert "No such delivery" in client.get(f"/webhooks/{hook}?status=failed").text
    assert client.get(f"/webhooks/{hook}?status=odd").text.count("down &lt;b&gt;") == 2


def test_a_webhook_that_is_not_there_is_not_found(client):
    assert client.get("/webhooks/x").status_code == 404


@pytest.mark.parametrize(
    ("answer", "paused", "status"),
    [
        (None, False, "active"),
        (200, False, "active"),
        (500, False, "failing"),
        (200, True, "paused"),
    ],
)
def test_a_webhook_says_how_it_fares(client, service, receiver, answer, paused, status):
    hook = service.webhooks.subscribe(receiver.url, EVENTS, "Kim").id
    if answer:
        tell(service)
        receiver.answer = lambda request: (answer, b"", {})
        deliver_due(service.webhooks)
    if paused:
        service.webhooks.pause(hook, "Paused by Kim.")
    assert client.get(f"/v1/webhooks/{hook}").json()["status"] == status
    assert f"fares-{status}" in client.get("/webhooks").text


# --- In a browser --------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_webhook_is_added_and_its_secret_shown_once(page, service, receiver):
    page.goto("/")
    page.get_by_role("link", name="Webhooks").click()
    page.get_by_label("Address").fill("http://10.0.0.7/hook")
    page.get_by_role("button", name="Add", exact=True).click()
    alert = page.locator("#webhook-form").get_by_role("alert")
    expect(alert).to_contain_text("Choose at least one event")
    page.get_by_label("approved").check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(alert).to_contain_text("not a public address")
    expect(page.get_by_label("Address")).to_be_focused()
    page.get_by_label("Address").fill(receiver.url)
    page.keyboard.press("Enter")

    output = page.locator("#secret output")
    expect(output).to_contain_text("whsec_")
    expect(output).to_have_text(service.webhooks.subscriptions()[0].secret.get_secret_value())
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#status")).to_contain_text("Copied the secret")
    secret = page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="I have kept it").click()
    expect(page.locator(".hook")).to_contain_text(receiver.url)
    assert secret not in page.content()
    assert service.webhooks.subscriptions()[0].kinds == (EventKind.APPROVED,)


@pytest.mark.slow
def test_a_webhook_is_paused_resumed_and_removed(page, service, receiver):
    hook = service.webhooks.subscribe(receiver.url, EVENTS, "Kim").id
    page.goto("/webhooks")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator(".hook .flag")).to_contain_text("Paused by local.")
    assert service.webhooks.subscription(hook).paused_at is not None
    page.get_by_role("link", name=receiver.url).click()
    page.get_by_role("button", name="Resume").click()
    expect(page.locator(".badge")).to_have_text("active")
    page.locator("summary", has_text="Remove").click()
    page.get_by_role("button", name="Remove this webhook").click()
    expect(page.locator(".nothing")).to_contain_text("No program is told yet")
    assert service.webhooks.subscriptions() == []


@pytest.mark.slow
def test_a_delivery_that_failed_is_read_with_the_keyboard(page, service, receiver):
    failing(service, receiver)
    page.goto("/webhooks")
    expect(page.locator(".hook .badge")).to_have_text("failing")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".hook")).to_contain_text("try 1 of 10")
    expect(page.locator(".hook .answer")).to_contain_text("Answered 500: down <b>for</b> repair")


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "width"), [("light", 400), ("dark", 1280)])
def test_the_forms_of_webhooks_and_a_failing_log_pass_axe(
    browser, address, service, receiver, scheme, width
):
    hook = failing(service, receiver)
    with browsing.tab(browser, address, **browsing.looks(scheme, width)) as page:
        page.goto(f"/webhooks/{hook}")
        page.locator("summary", has_text="Remove").click()
        assert browsing.against_wcag(page) == []
        page.goto("/webhooks")
        page.get_by_label("Address").fill("http://10.0.0.7/hook")
        page.get_by_label("approved").check()
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert browsing.against_wcag(page) == []
        page.get_by_label("Address").fill(receiver.url)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator("#secret output")).to_contain_text("whsec_")
        assert browsing.against_wcag(page) == []
