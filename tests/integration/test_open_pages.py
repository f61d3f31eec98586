"""Who has an incident open: on its page, in the list, over HTTP."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from summarizer.app import App
from summarizer.domain.api_keys import Scope
from summarizer.storage.presence import LASTS
from tests.support.app import a_client, an_app, bearer
from tests.support.builders import NOON
from tests.support.clock import ManualClock

ID = "INC-000001"
PAGE = f"/incidents/{ID}"
PRESENCE = f"/v1/incidents/{ID}/presence"
NOW = NOON + dt.timedelta(days=365)
Headers = dict[str, str]


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
def kim(service: App) -> Headers:
    return bearer(service, Scope.REVIEW, "Kim")


@pytest.fixture
def ana(service: App) -> Headers:
    return bearer(service, Scope.REVIEW, "Ana")


def told(client: TestClient, headers: Headers, path: str = PAGE) -> str:
    """What a page says of who else has an incident open."""
    html = client.get(path, headers=headers).text
    pattern = r'id="open-by"[^>]*>([^<]*)<' if path == PAGE else r'class="badge">(open: [^<]*)<'
    return "".join(re.findall(pattern, html))


def test_an_editor_who_opens_a_page_sees_who_else_has_it_open(client, kim, ana):
    assert told(client, kim) == ""
    assert told(client, kim) == ""  # which the service has kept by now
    assert told(client, ana) == "Kim has this incident open as well."
    assert told(client, kim) == "Ana has this incident open as well."


def test_the_list_names_them_too(client, clock, kim, ana):
    told(client, kim)
    assert told(client, ana, "/") == "open: Kim"
    assert told(client, kim, "/") == ""
    clock.at += LASTS
    assert told(client, ana, "/") == ""


def test_a_page_without_script_counts_as_opened_once(client, clock, kim, ana):
    told(client, kim)
    clock.at += LASTS
    assert told(client, ana) == ""
    told(client, kim)  # loaded again, it is opened again
    assert told(client, ana) == "Kim has this incident open as well."


def test_a_page_that_goes_on_saying_so_stays_open_and_is_answered_who_else_has_it(
    client, clock, kim, ana
):
    told(client, kim)
    for _ in range(4):
        clock.at += LASTS / 3
        answer = client.put(PRESENCE, headers=kim)
        assert (answer.status_code, answer.json()) == (200, {"incident": ID, "others": []})
    assert client.put(PRESENCE, headers=ana).json()["others"] == ["Kim"]
    assert client.put(PRESENCE, headers=kim).json()["others"] == ["Ana"]


@pytest.mark.parametrize("scope", [Scope.READ, Scope.DRAFT])
def test_who_edits_nothing_is_neither_named_nor_told(service, client, kim, ana, scope):
    other = bearer(service, scope, "Rae")
    told(client, kim)
    assert (told(client, other), told(client, other, "/")) == ("", "")
    assert client.put(PRESENCE, headers=other).status_code == 403
    assert told(client, kim) == ""


def test_an_incident_that_does_not_exist_is_open_to_nobody(client, kim):
    assert client.put("/v1/incidents/INC-000099/presence", headers=kim).status_code == 404


def test_no_event_tells_of_it(service, client, kim, ana):
    told(client, kim)
    before = service.store.history.last()
    told(client, ana)
    client.put(PRESENCE, headers=ana)
    assert service.store.history.last() == before


def test_a_deleted_incident_is_open_to_nobody(service, client, kim, clock):
    told(client, kim)
    service.deletion.delete(service.deletion.of_incident(ID), "Ana", "asked for")
    assert service.store.presence.everywhere(clock.now()) == {}
