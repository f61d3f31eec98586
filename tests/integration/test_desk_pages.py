"""The pages of the desk as they are served, without a browser."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from markupsafe import escape

from api import create_app
from summarizer.app import App
from summarizer.domain.api_keys import Scope
from summarizer.domain.claims import Claim
from summarizer.review.edits import Edit
from tests.support.app import a_client, an_app

ID = "INC-000001"
WRONG = "Skaldic Systems paid 900 million crowns <b>yesterday</b>."


@pytest.fixture(scope="module")
def service(drafted, tmp_path_factory) -> Iterator[App]:
    folder = shutil.copytree(drafted, tmp_path_factory.mktemp("desk") / "data")
    with an_app(folder) as service:
        kept = [Edit(id=claim.id) for claim in points(service).shown]
        last = Edit(id=kept.pop().id, remove=True, reason="not_news")
        edits = [Edit(claim=Claim(text=WRONG)), *kept, last]
        service.reviews.edit(ID, points(service).key, edits, "Kim")
        yield service


def points(service: App):
    layouts = {spec.key: spec.row.layout.value for spec in service.pipeline.specs}
    return next(s for s in service.reviews.newest(ID).sections if layouts[s.key] == "points")


PAGES = [
    "/",
    f"/incidents/{ID}",
    f"/incidents/{ID}/diff",
    f"/incidents/{ID}/history",
    "/forecasts",
    "/method",
    "/webhooks",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_holds_no_inline_script_or_style_and_says_so(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=", answer.text)
    assert not re.search(r'(?:src|<link[^>]* href)="(?!/)', answer.text)


def test_every_shown_sentence_stands_on_the_page_with_its_passages(client, service):
    page = client.get(f"/incidents/{ID}").text
    draft = service.reviews.newest(ID)
    for section in draft.sections:
        for claim in section.shown:
            assert str(escape(claim.claim.text)) in page
            for cite in claim.claim.cites:
                assert str(escape(draft.evidence.passage(cite).text.strip())) in page


def test_the_panel_calls_checks_by_what_an_editor_calls_them(client):
    page = client.get(f"/incidents/{ID}").text
    assert "how firmly it is put" in page and "what is denied, asked or planned" in page
    assert not any(word in page for word in ("modality", "operators"))


def test_a_withheld_sentence_is_struck_where_it_stood_with_the_reason_in_words(client, service):
    page = client.get(f"/incidents/{ID}").text
    (held,) = [c for c in points(service).withheld if c.claim.text == WRONG]
    struck = f"<del>{escape(WRONG)}</del>"
    assert struck in page
    assert page.index(struck) < page.index(f'id="c-{points(service).shown[0].id}"')
    assert str(escape(held.verdict.failures[0].reason)) in page


def test_what_others_did_since_the_last_look_is_told_once(client, service):
    client.get(f"/incidents/{ID}")
    assert "nothing new" in client.get("/").text
    service.reviews.lock(ID, points(service).key, "Kim", locked=True)
    assert re.search(r"Since your last look:</strong> locked", client.get("/").text)
    client.get(f"/incidents/{ID}")
    assert "nothing new" in client.get("/").text
    service.reviews.lock(ID, points(service).key, "Kim", locked=False)


def test_a_search_that_finds_nothing_says_so(client):
    answer = client.get("/?q=zeppelin").text
    assert "No incident matches “zeppelin”" in answer and "try fewer" in answer
    assert ID in client.get("/?q=skald").text
    assert ID in client.get("/?q=skaldic").text


def test_the_day_has_what_calls_for_the_editor_first_and_never_a_closed_case(client):
    page = client.get("/").text
    groups = re.findall(r'<section class="group group-(\w+)"', page)
    assert groups[0] == "needs_you"
    assert f'href="/incidents/{ID}"' in page.split("</section>")[0]
    assert re.search("[Qq]uiet since", page) and "Case Closed" not in page
    assert "The day" in client.get("/?group=needs_you").text


def test_a_newsroom_without_items_is_told_how_they_come_in(tmp_path):
    with an_app(tmp_path) as empty:
        page = a_client(empty).get("/").text
    assert "summarizer ingest" in page and "Needs you" in page


def test_two_revisions_stand_side_by_side(client, service):
    service.reviews.edit(ID, points(service).key, [Edit(id=points(service).shown[0].id)], "Kim")
    newest = service.reviews.newest(ID).revision
    page = client.get(f"/incidents/{ID}/diff?before=1&after={newest}").text
    first = service.store.draft(ID, 1)
    gone = next(s for s in first.sections if s.key == points(service).key).shown[1].claim.text
    assert f"<del>{escape(gone)}</del>" in page


def test_the_method_page_shows_the_weights_that_the_code_reads(client):
    from summarizer.noise import score

    page = client.get("/method").text
    for key, weight in score.config().weights.items():
        assert re.search(rf"{key.replace('_', ' ')}</th><td[^>]*>{weight:.2f}<", page)


def test_the_page_is_downloaded_as_json_ld(client):
    answer = client.get(f"/incidents/{ID}/page.jsonld")
    assert answer.headers["content-type"].startswith("application/ld+json")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert json.loads(answer.text)["@type"] == "NewsArticle"


@pytest.mark.parametrize("path", ["/incidents/INC-000099", "/desk/..%2fpages.py", "/desk/x.css"])
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/incidents/INC-000099", 404, "There is no incident INC-000099."),
        (f"/incidents/{ID}?revision=99", 404, "no draft of revision 99"),
        (f"/incidents/{ID}/diff?before=x", 422, "before"),
        ("/?cursor=xyz", 422, "begin again without it"),
        ("/nothing<b>here</b>", 404, "nothing&lt;b&gt;here"),
    ],
)
def test_whoever_opens_a_page_that_is_not_to_be_had_is_told_on_a_page(client, path, status, says):
    answer = client.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, answer.headers["content-type"]) == (
        status,
        "text/html; charset=utf-8",
    )
    assert says in answer.text
    assert 'href="/"' in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert client.get(path).headers["content-type"] == "application/problem+json"


def test_whoever_has_not_signed_in_is_led_to_where_they_can(tmp_path):
    with an_app(tmp_path) as closed:
        _, secret = closed.keys.create("Kim", Scope.READ)
        client = TestClient(create_app(closed), "http://127.0.0.1", follow_redirects=False)
        answer = client.get("/")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert client.get("/sign-in").status_code == 200

        deep = client.get("/incidents/INC-000007/diff?before=1&after=2")
        assert deep.headers["location"] == (
            "/sign-in?next=/incidents/INC-000007/diff%3Fbefore%3D1%26after%3D2"
        )
        assert 'data-next="/incidents/INC-000007/diff?before=1&amp;after=2"' in (
            client.get(deep.headers["location"]).text
        )
        for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example", "x"):
            asked = client.get("/sign-in", params={"next": elsewhere})
            assert 'data-next="/"' in asked.text, elsewhere

        client.post("/v1/session", json={"key": secret})
        assert "Kim" in client.get("/").text
