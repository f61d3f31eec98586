"""A missing source is added by its URL: over HTTP and on the command line, from a real server."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from summarizer.app import App
from summarizer.domain.events import EventKind
from tests.support.app import a_client, an_app
from tests.support.cli import done, refused, run
from tests.support.site import Answer, Site, a_site

PAGE = """<html><head><meta property="og:title" content="Aldermoor replies to its rivals">
<meta property="og:site_name" content="The Kerbside Ledger"></head><body><article>
<p>Aldermoor said on Friday that it would publish the logs of the requests that it had called
attacks on its models, and that an outside auditor would read them first.</p>
<p>None of the rivals that it had named answered questions before the evening.</p>
</article></body></html>"""


@dataclass
class Case:
    service: App
    client: TestClient
    site: Site

    def add(self, **row):
        return self.client.post("/v1/incidents/INC-000001/items", json=row)


@pytest.fixture
def site() -> Iterator[Site]:
    with a_site(a=Answer(PAGE)) as site:
        yield site


@pytest.fixture
def case(grouped_data: Path, site: Site) -> Iterator[Case]:
    chosen = {"allowed_hosts": site.host, "fetch_pause_s": 0, "fetch_max_bytes": 50_000}
    with an_app(grouped_data, **chosen) as service:
        yield Case(service, a_client(service), site)


def test_the_article_of_a_page_becomes_an_item_of_the_incident(case):
    answer = case.add(url=case.site.url("/a"))
    (key,) = answer.json()["accepted"]
    (item,) = case.service.store.items([key])

    assert item.title == "Aldermoor replies to its rivals"
    assert item.text.startswith("Aldermoor said on Friday that it would publish")
    assert (item.outlet, item.platform) == ("The Kerbside Ledger", "news")
    assert item.url == case.site.url("/a")
    assert item.published_at is None
    assert key in case.service.store.incident("INC-000001").item_keys


def test_what_the_editor_knows_goes_before_what_the_page_says(case):
    answer = case.add(
        url=case.site.url("/a"), outlet="Kerbside", published_at="2026-10-09T08:00:00Z"
    )
    (item,) = case.service.store.items(answer.json()["accepted"])

    assert item.outlet == "Kerbside"
    assert item.published_at is not None and item.published_at.day == 9
    assert "published_at" not in item.extra.get("guessed", {})


def test_the_history_says_who_added_it_and_from_where(case):
    case.add(url=case.site.url("/a"))
    added = case.service.store.history.after(0, kinds=[EventKind.ITEMS_ADDED])[-1]

    assert added.detail["url"] == case.site.url("/a")


def test_the_same_page_twice_is_one_item(case):
    first, second = (case.add(url=case.site.url("/a")).json() for _ in range(2))

    assert (len(first["accepted"]), len(second["accepted"])) == (1, 0)
    assert second["duplicates"] == 1


def test_an_item_with_a_text_is_not_fetched(case):
    answer = case.add(url=case.site.url("/a"), text="Aldermoor has said nothing more since.")

    assert len(answer.json()["accepted"]) == 1
    assert case.site.asked == []


REFUSALS = {
    "private": ("http://10.0.0.5/a", 422, "address-refused"),
    "no web": ("ftp://post.example/a", 422, "address-refused"),
    "robots": ("/hidden", 422, "robots-denied"),
    "large": ("/large", 422, "too-large"),
    "type": ("/pdf", 422, "wrong-type"),
    "empty": ("/empty", 422, "no-article"),
    "missing": ("/missing", 502, "fetch"),
    "busy": ("/busy", 502, "unreachable"),
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_each_refusal_has_a_type_of_its_own_and_adds_nothing(case, kind):
    url, status, problem = REFUSALS[kind]
    case.site.answers |= {
        "/robots.txt": Answer("User-agent: *\nDisallow: /hidden", type="text/plain"),
        "/large": Answer("x" * 60_000),
        "/pdf": Answer("x", type="application/pdf"),
        "/empty": Answer("<html></html>"),
        "/busy": Answer(status=503),
    }
    before = case.service.store.incident("INC-000001").item_keys
    answer = case.add(url=case.site.url(url) if url.startswith("/") else url)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"urn:summarizer:problem:{problem}"
    assert answer.json()["detail"]
    assert case.service.store.incident("INC-000001").item_keys == before


def test_nothing_is_fetched_for_an_incident_that_is_not_there(case):
    answer = case.client.post("/v1/incidents/INC-000099/items", json={"url": case.site.url("/a")})

    assert answer.status_code == 404
    assert case.site.asked == []


def test_what_was_fetched_is_listed_newest_first(case):
    case.add(url=case.site.url("/a"))
    case.add(url=case.site.url("/missing"))
    listed = case.client.get("/v1/fetches?limit=2").json()
    older = case.client.get(f"/v1/fetches?before={listed['next']}").json()

    assert [row["status"] for row in listed["fetches"]] == [404, 200]
    assert [row["purpose"] for row in older["fetches"]] == ["robots"]
    assert older["next"] is None


def test_a_command_takes_urls_of_pages_and_of_feeds_and_lists_what_it_fetched(
    site, elsewhere, monkeypatch
):
    monkeypatch.setenv("SUMMARIZER_ALLOWED_HOSTS", site.host)
    monkeypatch.setenv("SUMMARIZER_FETCH_PAUSE_S", "0")
    rows = [{"title": "Ostrel delays Vela", "text": "Ostrel said that Vela would come later."}]
    site.answers["/rows"] = Answer(json.dumps(rows), type="application/json")
    assert "put 2 items into incidents" in done("ingest", site.url("/a"), site.url("/rows"))
    listed = done("fetches")
    assert f"items  {site.url('/rows')}  fetched (200" in listed
    assert "robots" in listed

    added = run("review", "add-item", "INC-000001", "--by", "Kim", "--url", site.url("/a"))
    assert (added.exit_code, "0 accepted" in added.output) == (0, True), added.output


@pytest.mark.parametrize("words", [(), ("--url", "http://x.example", "--file", "-")])
def test_an_item_is_added_from_a_url_or_a_file_and_not_from_both_or_neither(elsewhere, words):
    error = refused("review", "add-item", "INC-000001", "--by", "Kim", *words)
    assert "either --url or --file" in str(error)
