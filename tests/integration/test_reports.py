"""A reader's report of an inaccuracy: from the form of the published page to an editor's answer."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from summarizer.app import App
from summarizer.domain.api_keys import Scope
from summarizer.domain.corrections import ApprovedChange
from summarizer.domain.events import EventKind
from summarizer.domain.holds import HoldKind
from summarizer.domain.reports import ReportOutcome
from summarizer.domain.reviews import ReviewState
from summarizer.domain.standings import Group
from summarizer.errors import ConflictError, InputError, NotFoundError
from summarizer.incidents.listing import Filters
from summarizer.rendering import render_html
from summarizer.review.edits import Edit
from summarizer.review.reports import MOST_WAITING
from tests.support.app import a_client, an_app, bearer
from tests.support.cli import done
from tests.support.clock import ManualClock

ID = "INC-000001"
WORDS = "The fine was <b>two</b> million, see the filing."
WAITS = "A reader reports an inaccuracy: answer."
TO_CORRECT = "A reader's report was accepted: correct the page and approve it."
FROM_AFAR = {"Origin": "https://pages.example", "Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def service(drafted_data: Path, clock: ManualClock) -> Iterator[App]:
    with an_app(drafted_data, clock, reader_reports="on") as service:
        service.decisions.decide(ID, "approve", "Kim", revision=1, override="Read twice.")
        yield service


@pytest.fixture
def client(service: App) -> TestClient:
    bearer(service, Scope.ADMIN, "Ada")  # from now on nobody is let in without a key
    return a_client(service)


def page(service: App) -> str:
    """The page of readers, with quotation marks as they mean."""
    return unescape(render_html(service.pages.of(ID), service.pipeline.specs))


def attention(service: App) -> tuple[str, ...]:
    """Why the incident calls, which the list and its page tell alike."""
    found = service.reviews.attention(service.reviews.newest(ID))
    (listed,) = service.incidents.page().incidents
    assert listed.attention == found
    return found


# --- The form ------------------------------------------------------------------------------


def test_an_approved_page_has_a_form_that_leads_to_the_service(service):
    html = page(service)
    assert f'action="/reports/{ID}"' in html
    assert "form-action 'self'" in html


def test_on_a_page_of_another_host_it_leads_to_the_address_of_the_service(drafted_data):
    with an_app(drafted_data, reader_reports="on", service_url="https://desk.example/d") as service:
        service.decisions.decide(ID, "approve", "Kim", revision=1, override="Read twice.")
        html = page(service)
    assert f'action="https://desk.example/d/reports/{ID}"' in html
    assert "form-action https://desk.example&#34;" in html or (
        'form-action https://desk.example"' in html
    )


@pytest.mark.parametrize(
    ("setting", "approves"), [("off", True), ("on", False)], ids=["switched off", "not approved"]
)
def test_another_page_has_none(drafted_data, setting, approves):
    with an_app(drafted_data, reader_reports=setting) as service:
        if approves:
            service.decisions.decide(ID, "approve", "Kim", revision=1, override="Read twice.")
        html = page(service)
    assert "<form" not in html
    assert "form-action 'none'" in html


# --- Reporting -----------------------------------------------------------------------------


def test_the_public_revision_takes_reports_while_a_newer_one_was_sent_back(service, client):
    (shown, *_) = service.reviews.newest(ID).section("key_points").shown
    service.reviews.edit(ID, "key_points", [Edit(id=shown.id)], "Kim")
    service.decisions.decide(ID, "request_changes", "Kim", revision=2, note="Not yet.")

    approval = service.publication.approval(ID)
    public = service.publication.page(approval, service.clock.now())
    assert (approval.revision, public.report_to) == (1, f"/reports/{ID}")
    assert client.post(f"/reports/{ID}", data={"text": WORDS}).status_code == 200
    assert [report.revision for report in service.reports.of(ID)] == [1]
    service.decisions.decide(ID, "withdraw", "Kim", revision=2, note="Wrong.")
    assert client.post(f"/reports/{ID}", data={"text": WORDS}).status_code == 404


def test_a_report_from_any_site_needs_no_login_and_calls_an_editor(service, client):
    assert attention(service) == ()
    answer = client.post(f"/reports/{ID}", data={"text": WORDS}, headers=FROM_AFAR)

    assert answer.status_code == 200 and "Thank you" in answer.text
    assert "set-cookie" not in answer.headers
    assert "access-control-allow-origin" not in answer.headers
    assert "form-action 'self'" in answer.headers["content-security-policy"]
    (report,) = service.reports.of(ID)
    assert (report.text, report.revision, report.outcome) == (WORDS, 1, None)
    assert attention(service) == (WAITS,)
    assert service.incidents.page(Filters(group=Group.NEEDS_YOU)).total == 1
    kinds = [event.kind for event in service.reviews.history(ID)][-2:]
    assert kinds == [EventKind.REPORTED, EventKind.NEEDS_ATTENTION]
    assert WORDS not in str([event.detail for event in service.reviews.history(ID)])


def test_a_cookie_is_not_looked_at(service, client):
    client.cookies.set("summarizer_session", "x" * 43)
    assert client.post(f"/reports/{ID}", data={"text": WORDS}).status_code == 200


@pytest.mark.parametrize(
    ("text", "status"),
    [("", 422), (" ?! ", 422), ("x" * 2_001, 422), ("x" * 40_000, 413)],
    ids=["empty", "no letter", "too long", "far too long"],
)
def test_a_report_says_something_and_not_too_much(service, client, text, status):
    assert client.post(f"/reports/{ID}", data={"text": text}).status_code == status
    assert service.reports.of(ID) == []


@pytest.mark.parametrize("incident", ["INC-000777", "x"], ids=["unknown", "no id"])
def test_what_is_not_published_answers_alike(service, client, incident):
    unknown = client.post(f"/reports/{incident}", data={"text": WORDS})
    service.holds.put(ID, HoldKind.LEGAL_HOLD, "Kim", "The lawyers read it.")
    held = client.post(f"/reports/{ID}", data={"text": WORDS})
    assert (unknown.status_code, unknown.text) == (held.status_code, held.text)
    assert held.status_code == 404


def test_a_page_whose_approval_was_withdrawn_takes_none(service, client):
    service.decisions.decide(ID, "withdraw", "Kim", revision=1, note="It is wrong.")
    assert client.post(f"/reports/{ID}", data={"text": WORDS}).status_code == 404


def test_switched_off_there_is_nothing(drafted_data):
    with an_app(drafted_data) as service:
        answer = a_client(service).post(f"/reports/{ID}", data={"text": WORDS})
        assert answer.status_code == 404


def test_only_a_form_is_taken(service, client):
    assert client.post(f"/reports/{ID}", json={"text": WORDS}).status_code == 415


def test_one_address_sends_three_a_minute(service, client, clock):
    sent = [client.post(f"/reports/{ID}", data={"text": WORDS}).status_code for _ in range(4)]
    assert sent == [200, 200, 200, 429]
    clock.advance(60)
    assert client.post(f"/reports/{ID}", data={"text": WORDS}).status_code == 200


def test_while_many_wait_no_more_are_taken(service, client):
    for _ in range(MOST_WAITING):
        service.store.reports.add(ID, service.clock.now(), 1, WORDS)
    answer = client.post(f"/reports/{ID}", data={"text": WORDS})
    assert answer.status_code == 409 and "wait for an answer" in answer.text


# --- Answering -----------------------------------------------------------------------------


def test_a_dismissal_says_why_and_ends_the_call(service):
    report = service.reports.take(ID, WORDS)
    with pytest.raises(InputError):
        service.reports.answer(ID, report.number, ReportOutcome.DISMISSED, "Kim", " ")
    note = "The filing says one million."
    service.reports.answer(ID, report.number, ReportOutcome.DISMISSED, "Kim", note)

    assert attention(service) == ()
    assert service.reviews.history(ID)[-1].kind is EventKind.ATTENTION_OVER
    with pytest.raises(ConflictError):
        service.reports.answer(ID, report.number, ReportOutcome.ACCEPTED, "Lou")


def test_an_accepted_report_calls_until_the_corrected_page_is_approved(service):
    report = service.reports.take(ID, WORDS)
    service.reports.answer(ID, report.number, ReportOutcome.ACCEPTED, "Kim")
    assert attention(service) == (TO_CORRECT,)

    shown = service.reviews.newest(ID).section("key_points").shown
    service.reviews.edit(ID, "key_points", [Edit(id=one.id) for one in shown[1:]], "Kim")
    assert TO_CORRECT in attention(service)
    change = ApprovedChange(why="A reader pointed it out.", corrects=(shown[0].id,))
    service.decisions.decide(
        ID, "approve", "Kim", revision=2, override="Read twice.", change=change
    )

    assert attention(service) == ()
    assert service.pages.of(ID).review.state is ReviewState.APPROVED
    assert service.pages.of(ID).corrections[0].why == "A reader pointed it out."


def test_editors_read_and_answer_over_http_and_readers_do_not(service, client):
    service.reports.take(ID, WORDS)
    editor, reader = bearer(service, Scope.REVIEW, "Kim"), bearer(service, Scope.READ, "Rae")
    path = f"/v1/incidents/{ID}/reports"
    (listed,) = client.get(path, headers=editor).json()["reports"]
    assert (listed["text"], listed["outcome"]) == (WORDS, None)
    assert client.get(path, headers=reader).status_code == 403

    answer = f"{path}/{listed['number']}/answer"
    assert client.post(answer, json={"outcome": "dismissed"}, headers=editor).status_code == 422
    made = client.post(answer, json={"outcome": "accepted"}, headers=editor)
    assert (made.status_code, made.json()["answered_by"]) == (200, "Kim")
    assert client.post(answer, json={"outcome": "accepted"}, headers=editor).status_code == 409
    assert (
        client.post(f"{path}/99/answer", json={"outcome": "accepted"}, headers=editor).status_code
        == 404
    )


def test_the_desk_shows_the_readers_words_as_text_to_editors_only(service, client):
    service.reports.take(ID, WORDS)
    editor, reader = bearer(service, Scope.REVIEW, "Kim"), bearer(service, Scope.READ, "Rae")
    shown = client.get(f"/incidents/{ID}", headers=editor).text
    assert "The fine was &lt;b&gt;two&lt;/b&gt; million" in shown and "<b>two" not in shown
    assert "The fine was" not in client.get(f"/incidents/{ID}", headers=reader).text
    history = client.get(f"/incidents/{ID}/history", headers=editor).text
    assert "an inaccuracy reported by a reader" in history


def test_the_command_line_lists_and_answers(
    service: App, drafted_data: Path, monkeypatch: pytest.MonkeyPatch
):
    number = service.reports.take(ID, WORDS).number
    service.store.close()
    monkeypatch.chdir(drafted_data.parent)
    assert WORDS in done("review", "reports", ID)
    words = ("review", "answer-report", ID, number, "--by", "Kim", "--accept")
    assert f"Report {number}: accepted by Kim." in done(*words)


def test_the_reports_of_a_deleted_incident_go(service):
    number = service.reports.take(ID, WORDS).number
    service.deletion.delete(service.deletion.of_incident(ID), "Ada", "A court ordered it.")
    with pytest.raises(NotFoundError, match="no report"):
        accepted = ReportOutcome.ACCEPTED
        service.store.reports.answer(number, accepted, "Kim", service.clock.now(), None)
