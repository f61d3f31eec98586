"""Feeds over HTTP: approved pages only, conditional, behind a key, below a path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest
from fastapi.testclient import TestClient

from summarizer.app import App
from summarizer.domain.api_keys import Scope
from summarizer.domain.holds import HoldKind
from tests.support.app import a_client, an_app, bearer, take_in

FERRY, TRAM = "INC-000001", "INC-000003"
BOTH = pytest.mark.parametrize("path", ["/v1/feed.atom", "/v1/feed.json"])


@pytest.fixture
def service(due_data: Path, clock) -> Iterator[App]:
    with an_app(due_data, clock) as service:
        for id_ in (FERRY, TRAM):
            service.pipeline.draft(id_)
        yield service


def approve(service: App, id_: str) -> None:
    service.decisions.decide(id_, "approve", "Kim", revision=1, override="Asked.")


def links(client: TestClient) -> list[str]:
    """Links of the entries, the same in both feeds."""
    atom = feedparser.parse(client.get("/v1/feed.atom").content)
    found = [str(entry.links[0].href) for entry in atom.entries]
    assert [item["url"] for item in client.get("/v1/feed.json").json()["items"]] == found
    return found


def test_a_feed_has_the_approved_revisions_newest_approval_first(service, client):
    assert links(client) == []
    approve(service, TRAM)
    service.clock.advance(60)
    approve(service, FERRY)
    assert links(client) == [f"/v1/incidents/{id_}?format=html&revision=1" for id_ in (FERRY, TRAM)]
    assert client.get(links(client)[0]).status_code == 200
    service.decisions.decide(FERRY, "withdraw", "Kim", revision=1, note="Wrong.")
    assert len(links(client)) == 1
    service.curation.merge(TRAM, FERRY, "Kim")
    assert links(client) == []


@BOTH
def test_a_feed_is_told_again_only_after_a_change(service, client, path):
    approve(service, FERRY)
    first = client.get(path)
    assert first.headers["content-type"].partition(";")[0] in (
        "application/atom+xml", "application/feed+json",
    )  # fmt: skip
    seen = {"If-None-Match": first.headers["etag"]}
    assert client.get(path, headers=seen).status_code == 304
    take_in(service, {"text": "Crews met.", "incident": "ferry"})
    assert client.get(path, headers=seen).status_code == 304
    head = client.head(path)
    assert (head.status_code, head.content, head.headers["etag"]) == (
        200,
        b"",
        seen["If-None-Match"],
    )
    approve(service, TRAM)
    assert client.get(path, headers=seen).status_code == 200


def test_a_feed_names_no_incident_that_is_withheld(service, client):
    approve(service, FERRY)
    assert len(links(client)) == 1
    until = service.clock.now() + dt.timedelta(minutes=6)
    service.holds.put(FERRY, HoldKind.EMBARGO, "Kim", "Agreed with the line.", until)
    assert links(client) == []
    service.clock.advance(6 * 60)
    assert len(links(client)) == 1


@BOTH
def test_a_feed_needs_a_key_that_may_read(service, client, path):
    reads = bearer(service, Scope.READ)
    assert client.get(path).status_code == 401
    assert client.get(path, headers=reads).status_code == 200


@pytest.mark.parametrize(
    ("chosen", "link"),
    [
        ({"root_path": "/desk"}, f"/desk/v1/incidents/{FERRY}?format=html&revision=1"),
        (
            {"service_url": "https://desk.example/x/"},
            f"https://desk.example/x/v1/incidents/{FERRY}?format=html&revision=1",
        ),
        ({"public_url": "https://news.example/i/"}, f"https://news.example/i/{FERRY}"),
    ],
)
def test_links_lead_to_the_published_page_else_to_the_service(due_data, clock, chosen, link):
    with an_app(due_data, clock, **chosen) as service:
        service.pipeline.draft(FERRY)
        approve(service, FERRY)
        assert links(a_client(service)) == [link]


def test_the_site_and_the_service_name_an_entry_alike(service, client, tmp_path):
    approve(service, FERRY)
    service.public_site.write(tmp_path / "site")
    ours = feedparser.parse(client.get("/v1/feed.atom").content).entries
    theirs = feedparser.parse(tmp_path / "site" / "feed.atom").entries
    assert [entry.id for entry in ours] == [entry.id for entry in theirs]
