"""The log of events over HTTP: read on, waited for, streamed, and refused after a restore."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

import pytest

from summarizer.app import App
from summarizer.domain.events import Event, EventKind
from tests.support.app import ITEM, take_in


@pytest.fixture
def incident(service: App) -> str:
    take_in(service, ITEM)
    return str(service.store.incidents()[0].id)


def tell(service: App, incident: str, kind: EventKind = EventKind.EDITED) -> Event:
    return service.store.history.record(kind, incident, "Kim")


def ask(address: str, path: str, **headers: str) -> tuple[HTTPConnection, HTTPResponse]:
    where = urlsplit(address)
    connection = HTTPConnection(where.hostname, where.port, timeout=60)
    connection.request("GET", path, headers=headers)
    return connection, connection.getresponse()


def streamed(address: str, path: str, most: int, **headers: str) -> list[dict[str, str]]:
    """The first events of a stream."""
    connection, response = ask(address, path, **headers)
    found: list[dict[str, str]] = [{}]
    with closing(connection):
        assert response.getheader("content-type", "").startswith("text/event-stream")
        while len(found) <= most:
            line = response.readline().decode().rstrip("\n")
            if line and not line.startswith(":"):
                name, _, value = line.partition(": ")
                found[-1][name] = value
            elif found[-1]:
                found.append({})
    return found[:-1]


def test_a_stream_tells_every_entry_and_goes_on_from_the_last_seen_one(
    service: App, incident: str, address: str
) -> None:
    told = [tell(service, incident) for _ in range(3)]
    every = service.store.history.after(0)
    found = streamed(address, "/v1/entries/stream", len(every))
    assert [json.loads(one["data"])["number"] for one in found] == [one.number for one in every]
    assert [one["event"] for one in found[-3:]] == ["edited"] * 3
    seen = {"Last-Event-ID": found[-2]["id"]}
    (last,) = streamed(address, "/v1/entries/stream?after=0", 1, **seen)
    assert json.loads(last["data"])["id"] == told[-1].id


def test_a_stream_hears_of_what_happens_meanwhile(
    service: App, incident: str, address: str
) -> None:
    place = service.store.history.place(service.store.history.last())
    with ThreadPoolExecutor(1) as pool:
        path = f"/v1/entries/stream?after={place}&kind=approved&incident={incident}"
        waiting = pool.submit(streamed, address, path, 1)
        tell(service, incident)
        made = tell(service, incident, EventKind.APPROVED)
        assert [one["id"] for one in waiting.result(60)] == [made.id]


def test_who_waits_is_answered_as_soon_as_there_is_an_entry(
    service: App, incident: str, address: str
) -> None:
    place = service.store.history.place(service.store.history.last())
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(ask, address, f"/v1/entries?after={place}&wait=60")
        made = tell(service, incident)
        connection, response = waiting.result(60)
        with closing(connection):
            answer = json.loads(response.read())
    assert [one["id"] for one in answer["entries"]] == [made.id]
    assert answer["next"] == made.id


def test_who_waits_in_vain_keeps_the_place(client, service: App, incident: str) -> None:
    place = str(service.store.history.place(service.store.history.last()))
    answer = client.get(f"/v1/entries?after={place}&wait=0.01").json()
    assert answer == {"entries": [], "next": place}


@pytest.mark.parametrize("path", ["/v1/entries", "/v1/entries/stream"])
def test_a_place_that_the_log_lacks_is_gone_and_the_answer_says_what_to_do(
    client, service: App, incident: str, path: str
) -> None:
    place = str(service.store.history.place(service.store.history.last()))
    for gone in ("999999", f"{'0' * 12}.1"):
        answer = client.get(f"{path}?after={gone}")
        assert (answer.status_code, answer.json()["field"]) == (410, "query.after")
        assert answer.json()["type"] == "urn:summarizer:problem:gone"
        assert "Read the log again from 0" in answer.json()["detail"]
    service.store.history.epochs.begin()
    assert client.get(f"{path}?after={place}").status_code == 410


def test_a_draft_s_last_event_names_where_the_draft_is(client, service: App, incident: str) -> None:
    made = client.post(f"/v1/incidents/{incident}/drafts?wait=60").json()
    last = client.get(made["events_url"]).text.strip().split("\n\n")[-1]
    data = json.loads(last.partition("data: ")[2])
    assert data["body"] == {"revision": 1, "url": f"/v1/incidents/{incident}?revision=1"}
    assert client.get(data["body"]["url"]).status_code == 200
