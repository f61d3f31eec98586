"""One item in several incidents: pages, drafts, attention, holds, deletion, and every interface."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from summarizer.app import App
from summarizer.domain.api_keys import Scope
from summarizer.domain.events import EventKind
from summarizer.domain.holds import HoldKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import ItemKey
from summarizer.errors import InputError, NotFoundError
from summarizer.incidents.listing import Filters
from tests.support.app import a_client, an_app, bearer, take_in
from tests.support.builders import NOON
from tests.support.clock import ManualClock

ID = IncidentId("INC-000001")
NOW = NOON + dt.timedelta(days=365)
FERRY = {
    "title": "Ferry Alma aground",
    "text": "The ferry Alma ran aground off Skaldic. Nobody was hurt.",
    "outlet": "Skaldic Post",
    "platform": "gazette",
    "incident": "ferry",
}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def service(drafted_data: Path, clock: ManualClock) -> Iterator[App]:
    with an_app(drafted_data, clock) as service:
        yield service


@pytest.fixture
def client(service: App) -> TestClient:
    return a_client(service)


@pytest.fixture
def ferry(service: App) -> ItemKey:
    """An item at home in a second incident."""
    (key,) = take_in(service, FERRY).keys
    return key


@pytest.fixture
def home(service: App, ferry: ItemKey) -> IncidentId:
    return service.store.incidents_of([ferry])[ferry]


def shown(service: App, home: str, ferry: ItemKey) -> None:
    service.curation.also_show(home, [ferry], ID, "Kim")


def kinds(service: App, incident: str = ID) -> list[EventKind]:
    return [event.kind for event in service.reviews.history(incident)]


def test_the_page_the_draft_and_the_list_count_it_as_when_it_had_arrived(service, home, ferry):
    before = service.pages.of(ID)
    tag = service.pages.version(ID)
    assert service.pipeline.due() == [home]

    other = service.curation.also_show(home, [ferry], ID, "Kim")

    assert (other.id, other.guests) == (ID, (ferry,))
    page = service.pages.of(ID)
    assert "gazette" in set(page.platforms) - set(before.platforms)
    assert service.pages.version(ID).told != tag.told
    assert set(service.pipeline.due()) == {home, ID}
    assert ferry in {item.key for item in service.pipeline.pack(ID).items}
    listed = service.incidents.page(Filters(platform="gazette"))
    assert {row.id for row in listed.incidents} == {home, ID}
    assert all("Skaldic Post" in row.outlets for row in listed.incidents)
    found = service.incidents.page(Filters(q="aground"))
    assert {row.id for row in found.incidents} == {home, ID}
    assert service.store.incident(home).item_keys == (ferry,)


def test_it_waits_for_a_draft_since_it_is_shown(service, clock, home, ferry):
    clock.at += dt.timedelta(hours=3)
    shown(service, home, ferry)
    standing, _ = service.standings.marked(ID)
    assert (standing.arrived_at, standing.waiting_since) == (clock.at, clock.at)


def test_the_history_tells_when_it_was_shown_and_taken_back_and_each_once(service, home, ferry):
    first = kinds(service)
    for _ in range(2):
        shown(service, home, ferry)
    (told,) = [e for e in service.reviews.history(ID) if e.kind is EventKind.ALSO_SHOWN]
    assert (told.actor, dict(told.detail)) == ("Kim", {"items": [ferry], "from": home})
    for _ in range(2):
        service.curation.show_no_longer(ID, [ferry], "Ana")
    assert [k for k in kinds(service) if k not in first] == [
        EventKind.ALSO_SHOWN,
        EventKind.SHOWN_NO_LONGER,
    ]
    assert ferry not in service.store.incident(ID).item_keys
    assert EventKind.ALSO_SHOWN not in kinds(service, home)


@pytest.mark.parametrize(
    ("keys", "into", "error"),
    [
        ([], ID, InputError),
        (["a1"], ID, InputError),
        (["a4"], "INC-000002", InputError),
        (["a4"], "INC-000099", NotFoundError),
    ],
    ids=["none", "of another", "into its home", "into none"],
)
def test_what_cannot_be_shown_is_refused(service, home, ferry, keys, into, error):
    with pytest.raises(error):
        service.curation.also_show(home, keys, into, "Kim")


def test_an_item_is_not_taken_out_of_its_home(service, home, ferry):
    with pytest.raises(InputError, match="move it"):
        service.curation.show_no_longer(home, [ferry], "Kim")


def test_what_is_at_home_elsewhere_is_not_moved_or_split_off(service, home, ferry):
    shown(service, home, ferry)
    with pytest.raises(InputError, match="at home in another"):
        service.curation.split(ID, [ferry], "Kim")
    own = service.store.incident(ID).own_keys
    with pytest.raises(InputError, match="not all"):
        service.curation.split(ID, own, "Kim")


def test_clustering_knows_the_home_alone(service, home, ferry):
    shown(service, home, ferry)
    assert service.store.assignments.rulings([ferry]) == []
    copy = FERRY | {"outlet": "Tolby Courier", "title": "", "incident": None}
    (copied,) = take_in(service, {k: v for k, v in copy.items() if v is not None}).keys
    assert service.store.incidents_of([copied])[copied] == home


def test_two_incidents_that_share_an_item_are_merged_and_parted_again(service, home, ferry):
    shown(service, home, ferry)
    merged = service.curation.merge(home, ID, "Kim")
    assert merged.item_keys.count(ferry) == 1
    assert merged.guests == ()

    again = service.curation.undo_merge(home, "Kim")

    assert again.item_keys == (ferry,)
    assert service.store.incident(ID).guests == (ferry,)


def test_merging_what_shows_it_into_a_third_shows_it_there_until_the_merge_is_undone(
    service, home, ferry
):
    (tram,) = take_in(service, {"text": "A tram left its rails.", "incident": "tram"}).keys
    third = service.store.incidents_of([tram])[tram]
    shown(service, home, ferry)
    assert service.curation.merge(ID, third, "Kim").guests == (ferry,)
    assert all(r.incident != third for r in service.store.assignments.rulings([ferry]))
    service.curation.undo_merge(ID, "Kim")
    assert service.store.incident(third).item_keys == (tram,)
    assert service.store.incident(ID).guests == (ferry,)


# --- Deletion ------------------------------------------------------------------------------


def test_a_deleted_item_leaves_every_incident_and_each_is_told(service, home, ferry):
    shown(service, home, ferry)
    plan = service.deletion.of_item(ferry)
    assert {hit.incident: hit.goes for hit in plan.incidents} == {home: True, ID: False}
    service.deletion.delete(plan, "Ana", "asked for")
    assert ferry not in service.store.incident(ID).item_keys
    assert kinds(service)[-1] is EventKind.DELETED
    assert service.store.also_in.of([ferry]) == {}


def test_deleting_an_incident_leaves_what_is_at_home_elsewhere(service, home, ferry):
    shown(service, home, ferry)
    plan = service.deletion.of_incident(ID)
    assert ferry not in {item.key for item in plan.items}
    assert {hit.incident: hit.goes for hit in plan.incidents} == {ID: True}
    service.deletion.delete(plan, "Ana", "asked for")
    assert service.store.incident(home).item_keys == (ferry,)
    assert service.store.also_in.of([ferry]) == {}
    (member,) = service.curation.members(home, held=True)
    assert member.elsewhere == ()


def test_deleting_the_home_deletes_the_item_everywhere(service, home, ferry):
    shown(service, home, ferry)
    service.deletion.delete(service.deletion.of_incident(home), "Ana", "asked for")
    assert ferry not in service.store.incident(ID).item_keys
    assert kinds(service)[-1] is EventKind.DELETED


# --- Holds ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [HoldKind.EMBARGO, HoldKind.LEGAL_HOLD])
def test_a_reader_learns_nothing_of_an_incident_on_hold_by_what_it_shares(
    service, client, home, ferry, kind
):
    shown(service, home, ferry)
    reader = bearer(service, Scope.READ, "Rae")
    editor = bearer(service, Scope.REVIEW, "Kim")
    paths = [f"/incidents/{ID}/sources", f"/incidents/{ID}", f"/v1/incidents/{ID}/items"]
    client.get(paths[1], headers=reader)  # which the service may keep
    until = NOW + dt.timedelta(hours=6) if kind is HoldKind.EMBARGO else None
    service.holds.put(home, kind, "Kim", "As agreed.", until)
    for path in paths:
        assert home not in client.get(path, headers=reader).text
        assert home in client.get(path, headers=editor).text
    assert client.get(f"/v1/incidents/{home}/items", headers=reader).status_code == 403


def test_an_item_that_is_also_shown_takes_no_hold_along_as_one_that_is_moved(service, home, ferry):
    service.holds.put(home, HoldKind.LEGAL_HOLD, "Kim", "A judge said so.")
    shown(service, home, ferry)
    assert service.holds.of(ID) == ()
    assert service.withholding.ids() == {home}


# --- Interfaces ----------------------------------------------------------------------------


def test_it_is_shown_and_taken_back_over_http_and_twice_is_once(client, home, ferry):
    path, body = f"/v1/incidents/{home}/also-shown", {"items": [ferry], "into": ID}
    first, second = (client.post(path, json=body) for _ in range(2))
    assert first.status_code == 200 and first.json() == second.json()
    assert ferry in first.json()["items"]
    members = {m["key"]: m for m in client.get(f"/v1/incidents/{ID}/items").json()["items"]}
    guest = members.pop(ferry)
    assert (guest["also_shown"], guest["elsewhere"]) == (True, [home])
    assert guest["reason"] == f"{guest['by']} shows it here as well, since {NOW:%Y-%m-%d}."
    assert not any(one["also_shown"] or one["elsewhere"] for one in members.values())
    (own,) = client.get(f"/v1/incidents/{home}/items").json()["items"]
    assert (own["also_shown"], own["elsewhere"]) == (False, [ID])

    path = f"/v1/incidents/{ID}/also-shown"
    first, second = (client.delete(path, params={"items": [ferry]}) for _ in range(2))
    assert first.status_code == 200 and first.json() == second.json()
    assert ferry not in first.json()["items"]
    at_home = client.delete(path, params={"items": [first.json()["items"][0]]})
    assert (at_home.status_code, at_home.json()["field"]) == (422, "query.items")


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_only_editors_show_items_in_several_incidents(service, client, home, ferry, method):
    path = f"/v1/incidents/{home}/also-shown"
    asked = {"json": {"items": [ferry], "into": ID}} if method == "POST" else {}
    answer = client.request(
        method,
        f"{path}?items={ferry}" if method == "DELETE" else path,
        headers=bearer(service, Scope.DRAFT, "Dee"),
        **asked,
    )
    assert answer.status_code == 403


def test_an_etag_of_a_page_changes_when_it_shows_an_item_more(service, client, home, ferry):
    path = f"/v1/incidents/{ID}"
    tag = client.get(path).headers["etag"]
    shown(service, home, ferry)
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.slow
def test_the_desk_says_on_both_pages_that_it_is_in_two_incidents(service, client, home, ferry):
    for path in (f"/incidents/{ID}", f"/incidents/{home}"):
        assert "in 2 incidents" not in client.get(path).text  # and may keep it
    shown(service, home, ferry)
    here, there = (client.get(f"/incidents/{id_}").text for id_ in (ID, home))
    assert "in 2 incidents" in here and f'href="/incidents/{home}"' in here
    assert "in 2 incidents" in there and f'href="/incidents/{ID}"' in there
    assert f'data-show-no-longer="{ferry}"' in here
    assert f'data-show-no-longer="{ferry}"' not in there
    sources = client.get(f"/incidents/{ID}/sources").text
    assert "Kim shows it here as well" in sources and "in 2 incidents" in sources
    history = client.get(f"/incidents/{ID}/history").text
    assert "items of another incident shown here as well by Kim" in history
    assert "1 item: Skaldic Post" in history
