"""Holds on an incident, through every door: HTTP, desk, MCP, command line, and exports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import ROUTERS
from api.mcp.server import create_server
from summarizer.app import App
from summarizer.domain.api_keys import Scope
from summarizer.domain.events import EventKind
from summarizer.domain.holds import HoldKind
from summarizer.errors import ConflictError, HeldError, InputError
from summarizer.incidents.listing import Filters
from tests.integration.test_mcp import called, over_http
from tests.support.app import a_client, an_app, bearer, take_in
from tests.support.browser import served
from tests.support.builders import NOON, a_job
from tests.support.cli import done, refused
from tests.support.clock import ManualClock

ID = "INC-000001"
ID_OF_NONE = "INC-000777"
NOW = NOON + dt.timedelta(days=365)
LATER = NOW + dt.timedelta(hours=6)
V1 = "/v1/incidents/{incident_id}"
WITHHOLDING = [HoldKind.EMBARGO, HoldKind.LEGAL_HOLD]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def service(drafted_data: Path, clock: ManualClock) -> Iterator[App]:
    with an_app(drafted_data, clock, mcp="on") as service:
        yield service


@pytest.fixture
def client(service: App) -> TestClient:
    return a_client(service)


@pytest.fixture
def reader(service: App) -> dict[str, str]:
    return bearer(service, Scope.READ, "Rae")


@pytest.fixture
def editor(service: App) -> dict[str, str]:
    return bearer(service, Scope.REVIEW, "Kim")


@pytest.fixture
def senior(service: App) -> dict[str, str]:
    return bearer(service, Scope.SENIOR, "Sam")


def hold(service: App, kind: HoldKind, incident: str = ID) -> None:
    until = LATER if kind is HoldKind.EMBARGO else None
    service.holds.put(incident, kind, "Kim", "As agreed with the ministry.", until)


def another(service: App) -> str:
    """A second incident."""
    row = {"title": "Ferry", "text": "The ferry Alma ran aground.", "incident": "x"}
    (key,) = take_in(service, row).keys
    return service.store.incidents_of([key])[key]


def approval(**more: Any) -> dict[str, Any]:
    return {"decision": "approve", "revision": 1, "override": "Read twice."} | more


# --- Reading -------------------------------------------------------------------------------


def reading_paths() -> list[str]:
    """Every address below an incident that readers and the desk may open, of now and to come."""
    found = [
        route.path
        for router in ROUTERS
        for route in router.routes
        if "{incident_id}" in getattr(route, "path", "") and "GET" in getattr(route, "methods", ())
    ]
    assert len(found) > 12
    return [
        path.replace("{incident_id}", ID)
        for path in found
        if "{key}" not in path and not path.endswith("/reports")
    ]


@pytest.mark.parametrize("kind", WITHHOLDING)
def test_only_editors_are_answered_about_an_incident_that_is_withheld(
    service, client, reader, editor, kind
):
    query = {"before": 1, "after": 1}
    paths = reading_paths()

    def statuses(headers: dict[str, str]) -> dict[str, int]:
        asked = {path: query if path.endswith("/diff") else None for path in paths}
        return {
            path: client.get(path, params=params, headers=headers).status_code
            for path, params in asked.items()
        }

    open_to_all = statuses(reader)  # which the service may keep, and must not give again
    assert set(open_to_all.values()) == {200}

    hold(service, kind)

    assert set(statuses(reader).values()) == {403}
    assert statuses(editor) == open_to_all
    told = client.get(f"/v1/incidents/{ID}", headers=reader).json()
    assert told["type"] == "urn:summarizer:problem:held"
    assert "only editors read it" in told["detail"]
    assert "ministry" not in told["detail"] and str(LATER.year) not in told["detail"]


@pytest.mark.parametrize("kind", WITHHOLDING)
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/v1/incidents", ID),
        ("/v1/incidents?sort=noise&max_noise=99", ID),
        ("/v1/search?q=Skaldic&mode=text", ID),
        ("/v1/search?q=Skaldic&mode=text&kind=incidents", ID),
        ("/", ID),
        ("/?q=Skaldic", f'href="/incidents/{ID}"'),
    ],
)
def test_lists_and_searches_of_readers_leave_out_what_is_withheld(
    service, client, reader, editor, kind, path, words
):
    assert words in client.get(path, headers=reader).text

    hold(service, kind)

    assert words not in client.get(path, headers=reader).text
    assert words in client.get(path, headers=editor).text


def test_forecasts_and_similar_incidents_are_left_out_for_readers(service, client, reader, editor):
    other = another(service)
    assert len(client.get("/v1/forecasts", headers=reader).json()["forecasts"]) > 0

    hold(service, HoldKind.LEGAL_HOLD)

    assert client.get("/v1/forecasts", headers=reader).json()["forecasts"] == []
    assert len(client.get("/v1/forecasts", headers=editor).json()["forecasts"]) > 0
    assert ID not in client.get(f"/v1/incidents/{other}/similar", headers=reader).text


def test_readers_get_each_entry_of_the_log_but_of_a_withheld_incident_without_its_detail(
    service, client, reader, editor
):
    hold(service, HoldKind.LEGAL_HOLD)
    told = client.get("/v1/entries?after=0", headers=reader).json()["entries"]
    every = client.get("/v1/entries?after=0", headers=editor).json()["entries"]

    assert [entry["id"] for entry in told] == [entry["id"] for entry in every]
    assert {str(e["detail"]) for e in told if e["incident"] == ID} == {"{'held': True}"}
    assert every[-1]["detail"]["reason"] == "As agreed with the ministry."


@pytest.mark.parametrize("kind", WITHHOLDING)
def test_nothing_that_is_built_on_pages_lists_or_searches_can_show_it(service, kind):
    """Exports and feeds ask as nobody in particular."""
    hold(service, kind)

    with pytest.raises(HeldError):
        service.pages.of(ID)
    assert service.incidents.page(Filters()).incidents == ()
    assert service.search.find("Skaldic", mode="text") == []
    assert service.pages.of(ID, held=True).incident.id == ID


def test_an_embargo_ends_at_its_time_by_itself_and_is_told_once(service, clock):
    hold(service, HoldKind.EMBARGO)
    clock.at = LATER - dt.timedelta(microseconds=1)
    with pytest.raises(HeldError):
        service.pages.of(ID)

    clock.at = LATER

    assert service.pages.of(ID).incident.id == ID
    assert service.holds.of(ID) == ()
    for _ in range(2):
        service.worker.announce_due()
    ends = [e for e in service.reviews.history(ID) if e.kind is EventKind.HOLD_LIFTED]
    assert [(e.actor, e.detail) for e in ends] == [("calendar", {"hold": "embargo"})]


def test_a_mark_for_the_senior_desk_keeps_nothing_from_readers(service):
    hold(service, HoldKind.SENIOR_DESK)
    assert service.pages.of(ID).incident.id == ID


def test_a_key_without_editing_asks_for_drafts_of_what_is_withheld_and_reads_none(service, client):
    drafter = bearer(service, Scope.DRAFT, "crawler")
    hold(service, HoldKind.EMBARGO)
    asked = client.post(f"/v1/incidents/{ID}/drafts?wait=30", headers=drafter)

    assert asked.status_code == 202
    events = client.get(f"/v1/drafts/{asked.json()['id']}/events", headers=drafter)
    assert events.status_code == 403


def test_what_an_editor_wished_of_a_withheld_incident_is_told_to_editors_alone(service, client):
    hold(service, HoldKind.EMBARGO)
    wish = "Say first that the minister is to resign."
    job = a_job(ID, section="key_points", instruction=wish)
    service.store.jobs.save(job)
    told = {
        scope: client.get(f"/v1/drafts/{job.id}", headers=bearer(service, scope, name)).json()
        for scope, name in ((Scope.READ, "Rae"), (Scope.DRAFT, "crawler"), (Scope.REVIEW, "Kim"))
    }
    assert {scope: job["instruction"] for scope, job in told.items()} == {
        Scope.READ: None,
        Scope.DRAFT: None,
        Scope.REVIEW: wish,
    }


def test_items_of_a_withheld_incident_are_shown_to_editors_alone(service, client, reader, editor):
    (key, *_) = service.store.incident(ID).item_keys
    sent_as = service.store.items([key])[0].source_id

    def seen(headers) -> tuple[int, int]:
        of_id = client.get("/v1/items", params={"source_id": sent_as}, headers=headers).json()
        one = client.get(f"/v1/items/{key}", headers=headers)
        return one.status_code, len(of_id["items"])

    assert seen(reader) == (200, 1)
    hold(service, HoldKind.LEGAL_HOLD)
    assert seen(reader) == (403, 0)
    assert seen(editor) == (200, 1)


# --- Merging and splitting -----------------------------------------------------------------


def test_a_hold_goes_along_when_its_incident_is_merged_and_is_lifted_from_there(service):
    other = another(service)
    hold(service, HoldKind.LEGAL_HOLD)

    service.curation.merge(ID, other, "Kim")

    assert [one.incident_id for one in service.holds.of(other)] == [ID]
    assert {ID, other} <= service.withholding.ids()
    service.holds.lift(other, HoldKind.LEGAL_HOLD, "Sam", "Settled.", senior=True)
    assert service.withholding.ids() == frozenset()


def test_a_split_takes_the_holds_along(service):
    hold(service, HoldKind.EMBARGO)
    keys = service.store.incident(ID).item_keys
    made = service.curation.split(ID, keys[:1], "Kim")

    (one,) = service.holds.of(made.id)
    assert (one.kind, one.until, one.by) == (HoldKind.EMBARGO, LATER, "Kim")


def test_undoing_a_merge_frees_nothing_that_was_held_while_merged(service, clock):
    other = another(service)
    service.curation.merge(ID, other, "Kim")
    clock.at += dt.timedelta(minutes=1)
    hold(service, HoldKind.LEGAL_HOLD, other)

    service.curation.undo_merge(ID, "Kim")

    assert {ID, other} <= service.withholding.ids()
    with pytest.raises(HeldError):
        service.decisions.decide(ID, "approve", "Kim", revision=1, override="Read twice.")


def test_undoing_a_merge_leaves_to_each_the_holds_of_before(service, clock):
    other = another(service)
    hold(service, HoldKind.EMBARGO, other)
    clock.at += dt.timedelta(minutes=1)
    service.curation.merge(ID, other, "Kim")

    service.curation.undo_merge(ID, "Kim")

    assert service.withholding.ids() == {other}


def test_of_two_embargoes_the_later_end_goes_along(service, clock):
    other = another(service)
    service.holds.put(ID, HoldKind.EMBARGO, "Kim", "The longer one.", LATER + dt.timedelta(days=1))
    service.curation.merge(ID, other, "Kim")
    clock.at += dt.timedelta(minutes=1)
    hold(service, HoldKind.EMBARGO, other)

    service.curation.undo_merge(ID, "Kim")

    assert [one.reason for one in service.holds.of(ID)] == ["The longer one."]


ROW = {"title": "Skaldic ferry", "text": "The ferry Alma of Skaldic ran aground twice."}


@pytest.mark.parametrize("kind", HoldKind)
@pytest.mark.parametrize("whole", [False, True], ids=["some items", "all items"])
def test_a_draft_of_sent_items_takes_the_holds_of_the_incident_that_they_leave(
    service, clock, kind, whole
):
    hold(service, kind)
    keys = service.store.incident(ID).item_keys
    (fresh,) = take_in(service, ROW | {"incident": "y"}).keys

    made = service.curation.together([*(keys if whole else keys[:1]), fresh])

    assert made != ID
    assert [one.kind for one in service.holds.of(made)] == [kind]


@pytest.mark.parametrize(
    ("scope", "moved"), [(Scope.DRAFT, False), (Scope.REVIEW, True)], ids=["drafter", "editor"]
)
def test_only_editors_add_items_of_an_incident_on_hold_to_another(service, client, scope, moved):
    other = another(service)
    (key,) = take_in(service, ROW | {"incident": "y"}).keys
    home = service.store.incidents_of([key])[key]
    hold(service, HoldKind.SENIOR_DESK, home)

    path = f"/v1/incidents/{other}/items"
    answer = client.post(path, json=ROW, headers=bearer(service, scope, "Dee"))

    assert (answer.status_code, answer.json()["duplicates"]) == (200, 1)
    assert service.store.incidents_of([key])[key] == (other if moved else home)


# --- Approving -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "status_of_editor", "status_of_senior"),
    [
        (HoldKind.SENIOR_DESK, 403, 200),
        (HoldKind.EMBARGO, 200, 200),
        (HoldKind.LEGAL_HOLD, 403, 403),
    ],
)
def test_a_hold_stands_against_an_approval_whatever_overrides_it(
    service, client, editor, senior, kind, status_of_editor, status_of_senior
):
    hold(service, kind)
    path = f"/v1/incidents/{ID}/review"

    refused_ = client.post(path, json=approval(), headers=editor)
    assert refused_.status_code == status_of_editor
    if status_of_editor == 403:
        assert "As agreed with the ministry." in refused_.json()["detail"]
    assert client.post(path, json=approval(), headers=senior).status_code == status_of_senior


def test_a_page_that_was_approved_before_a_legal_hold_is_withheld_all_the_same(service):
    service.decisions.decide(ID, "approve", "Kim", revision=1, override="Read twice.")
    hold(service, HoldKind.LEGAL_HOLD)
    with pytest.raises(HeldError):
        service.pages.of(ID)


# --- Putting and lifting -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "by_editor"),
    [(HoldKind.SENIOR_DESK, 403), (HoldKind.EMBARGO, 200), (HoldKind.LEGAL_HOLD, 403)],
)
def test_editors_put_holds_over_http_and_the_senior_desk_lifts_all_but_an_embargo(
    client, reader, editor, senior, kind, by_editor
):
    path = f"/v1/incidents/{ID}/holds"
    asked: dict[str, Any] = {"reason": "They asked."}
    asked |= {"until": LATER.isoformat()} if kind is HoldKind.EMBARGO else {}
    assert client.put(f"{path}/{kind.value}", json=asked, headers=reader).status_code == 403

    put = client.put(f"{path}/{kind.value}", json=asked, headers=editor)
    assert (put.status_code, put.json()["by"], put.json()["kind"]) == (200, "Kim", kind.value)
    assert client.get(path, headers=editor).json() == {"holds": [put.json()]}

    lift = f"{path}/{kind.value}/lift"
    assert client.post(lift, json={"reason": "Done."}, headers=editor).status_code == by_editor
    again = client.post(lift, json={"reason": "Done."}, headers=senior)
    assert again.status_code == (409 if by_editor == 200 else 200)
    assert client.get(path, headers=editor).json() == {"holds": []}


@pytest.mark.parametrize(
    ("kind", "reason", "until", "field"),
    [
        (HoldKind.EMBARGO, "Agreed.", None, "until"),
        (HoldKind.EMBARGO, "Agreed.", NOW, "until"),
        (HoldKind.LEGAL_HOLD, "Agreed.", LATER, "until"),
        (HoldKind.LEGAL_HOLD, " . ", None, "reason"),
    ],
    ids=["no end", "over already", "an end", "no reason"],
)
def test_a_hold_without_what_it_needs_is_refused(service, kind, reason, until, field):
    with pytest.raises(InputError) as error:
        service.holds.put(ID, kind, "Kim", reason, until)
    assert error.value.field == field


def test_a_second_embargo_takes_the_place_of_the_first(service):
    hold(service, HoldKind.EMBARGO)
    later = LATER + dt.timedelta(days=1)
    service.holds.put(ID, HoldKind.EMBARGO, "Lou", "A day more.", later)
    (one,) = service.holds.of(ID)
    assert (one.until, one.by) == (later, "Lou")


def test_what_is_not_held_cannot_be_lifted(service):
    with pytest.raises(ConflictError):
        service.holds.lift(ID, HoldKind.EMBARGO, "Kim", "Over.")


def test_the_holds_of_a_deleted_incident_go(service):
    hold(service, HoldKind.LEGAL_HOLD)
    service.deletion.delete(service.deletion.of_incident(ID), "Ada", "A court ordered it.")
    assert service.store.holds.withheld(NOW) == {}


# --- MCP and the command line --------------------------------------------------------------


def test_an_assistant_on_this_machine_reads_as_an_editor(service):
    hold(service, HoldKind.EMBARGO)
    assert called(create_server(service), "get_incident", incident_id=ID)["id"] == ID


@pytest.mark.slow
def test_an_assistant_with_a_readers_key_is_told_nothing_of_it(service, reader):
    hold(service, HoldKind.EMBARGO)
    about: dict[str, Any] = {"incident_id": ID}
    with served(service) as address:
        for tool, more in (("get_incident", {}), ("verify_claims", {"claims": [{"claim": "It."}]})):
            answer = over_http(address, reader, tool, **about, **more)
            assert answer.is_error and "only editors read it" in answer.content[0].text
        found = over_http(address, reader, "search_incidents", query="Skaldic")
        assert found.structured_content == {"matches": []}
        changes = over_http(address, reader, "changes_since").structured_content["changes"]
    assert {str(c["detail"]) for c in changes if c["incident"] == ID} == {"{'held': True}"}


def test_on_the_command_line_a_page_is_withheld_and_shown_to_an_editor(
    drafted_data: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(drafted_data.parent)
    put = ("--by", "Kim", "--reason", "They asked.")
    assert "embargo until 2099-01-01" in done(
        "review", "hold", ID, "embargo", *put, "--until", "2099-01-01"
    )
    assert isinstance(refused("show", ID), HeldError)
    assert "Skaldic" in done("show", ID, "--held")
    assert ID in done("incidents")
    assert "hold: embargo until 2099-01-01 00:00 UTC, by Kim: They asked." in done(
        "review", "status", ID
    )

    done("review", "hold", ID, "senior_desk", *put)
    approve = ("review", "approve", ID, "--revision", 1, "--by", "Kim", "--override", "Read.")
    assert isinstance(refused(*approve), HeldError)
    assert "approved" in done(*approve, "--senior")

    lift = ("review", "lift", ID, "senior_desk", *put)
    assert isinstance(refused(*lift), HeldError)
    assert "is lifted" in done(*lift, "--senior")
