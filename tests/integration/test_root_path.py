"""Below a path of a proxy: every link stays there, whether or not the proxy takes the path off."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect

from api import create_app
from summarizer.app import App
from summarizer.domain.api_keys import Scope
from tests.support.app import HERE, an_app

ROOT = "/news/incidents"
PAGES = [
    "/", "/forecasts", "/method", "/webhooks", "/sign-in", "/no-such-page",
    "/incidents/INC-000001", "/incidents/INC-000001/sources", "/incidents/INC-000001/history",
    "/incidents/INC-000001/diff?to=1",
    "/incidents/INC-000001/similar", "/?q=skaldic", "/?group=open",
]  # fmt: skip


@pytest.fixture
def client(drafted_data: Path) -> Iterator[TestClient]:
    with an_app(drafted_data, root_path=ROOT) as service:
        _, secret = service.keys.create("Kim", Scope.ADMIN)
        with TestClient(create_app(service), base_url=HERE, follow_redirects=False) as client:
            client.secret = secret
            yield client


@pytest.fixture
def service(grouped_data: Path) -> Iterator[App]:
    with an_app(grouped_data, root_path=ROOT) as service:
        yield service


def sign_in(client: TestClient) -> None:
    answer = client.post(f"{ROOT}/v1/session", json={"key": client.secret})
    cookie, *attributes = answer.headers["set-cookie"].split("; ")
    assert f"Path={ROOT}" in attributes
    client.headers["Cookie"] = cookie  # also for paths that the proxy has taken it off


@pytest.mark.parametrize("taken_off", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_every_link_of_the_desk_is_below_the_path_and_answers(client, taken_off):
    sign_in(client)
    seen = set()
    for page in PAGES:
        html = client.get((("" if taken_off else ROOT) + page), headers={"Accept": "text/html"})
        links = set(re.findall(r'(?:href|src|action)="([^"#?][^"]*)"', html.text))
        assert links, page
        ours = {link.replace("&amp;", "&") for link in links if not link.startswith("http")}
        assert {link for link in ours if not link.startswith(f"{ROOT}/")} == set(), page
        assert f'data-root="{ROOT}"' in html.text
        seen |= ours
    assert len(seen) > 15
    for link in seen:
        assert client.get(link.partition("#")[0]).status_code == 200, link


def test_whoever_is_not_signed_in_is_sent_to_the_sign_in_below_the_path(client):
    answer = client.get(f"{ROOT}/", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ROOT}/sign-in")


def test_links_of_the_api_are_below_the_path(client):
    client.headers["Authorization"] = f"Bearer {client.secret}"
    asked = client.post(f"{ROOT}/v1/incidents/INC-000001/drafts?wait=60", json={"force": True})
    job = asked.json()
    assert asked.headers["location"] == job["url"] == f"{ROOT}/v1/drafts/{job['id']}"
    assert client.get(job["url"]).json()["status"] == "done"
    last = client.get(job["events_url"]).text.rpartition("data: ")[2]
    assert client.get(json.loads(last)["body"]["url"]).status_code == 200
    revisions = f"{ROOT}/v1/incidents/INC-000001/revisions?limit=1"
    following = re.match(r"<([^>]*)>", client.get(revisions).headers["link"])[1]
    assert following.startswith(revisions)
    assert client.get(following).status_code == 200
    (row,) = client.post(f"{ROOT}/v1/items", json=[{"text": "A mill burned."}]).json()["rows"]
    assert row["url"] == f"{ROOT}/v1/items/{row['key']}"
    assert client.get(f"{ROOT}/v1/incidents/").headers["location"] == f"{ROOT}/v1/incidents"
    assert client.get(f"{ROOT}/openapi.json").json()["servers"][0]["url"] == ROOT


def test_a_path_that_only_begins_like_it_is_none_of_the_service(client):
    assert client.get(f"{ROOT}x/healthz").status_code == 404
    assert client.get(f"{ROOT}/healthz").status_code == 200


@pytest.mark.slow
def test_an_editor_signs_in_drafts_and_reads_below_the_path(page: Page, service: App) -> None:
    _, secret = service.keys.create("Kim", Scope.ADMIN)
    page.goto(f"{ROOT}/")
    page.get_by_label("Key").fill(secret)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{ROOT}/")
    page.locator(".row .go").click()
    page.get_by_role("button", name="Draft now").click()  # its steps come over an event stream
    expect(page.locator("#status")).to_contain_text("The draft is there")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"**{ROOT}/sign-in")
