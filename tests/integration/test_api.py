"""The HTTP service over the real pipeline."""

import datetime as dt
import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from summarizer.ingestion.ingest import report
from summarizer.verification import scoring
from tests.support.app import ITEM, a_client, an_app, take_in
from tests.support.builders import NOON, hours
from tests.support.clock import ManualClock
from tests.support.samples import ITEMS


@pytest.fixture
def client(drafted_data: Path) -> Iterator[TestClient]:
    with an_app(drafted_data) as service:
        yield a_client(service)


def test_items_are_taken_and_every_rejected_row_is_named(client):
    body = ITEMS.read_bytes() + b'{"id": "x"}\n'
    answer = client.post("/v1/items", content=body).json()

    assert answer["accepted"] == []
    assert answer["duplicates"] == 3
    assert [r["line"] for r in answer["rejected"]] == [4]


def test_each_row_is_told_what_became_of_it_and_where_its_item_is_asked_for(client):
    text = "A mill in Corran burned on Friday, and nobody was hurt in the fire."
    sent = [
        {"id": "n-1", "text": text, "url": "https://a.example/1", "outlet": "A"},
        {"id": "n-1", "text": text, "url": "https://a.example/1", "outlet": "A"},
        {"id": "n-2", "text": text, "url": "https://b.example/2", "outlet": "B"},
        {"id": "n-3", "text": ""},
    ]
    rows = client.post("/v1/items", json=sent).json()["rows"]
    key, copy = rows[0]["key"], rows[2]["key"]
    assert [(r["index"], r["id"], r["status"], r["key"], r["of"]) for r in rows] == [
        (0, "n-1", "accepted", key, None),
        (1, "n-1", "duplicate_of", key, key),
        (2, "n-2", "copy_of", copy, key),
        (3, "n-3", "rejected", None, None),
    ]
    assert client.get(rows[0]["url"]).json()["incident"] is None
    client.app.state.service.pipeline.settle()
    (found,) = client.get("/v1/items", params={"source_id": "n-2"}).json()["items"]
    assert (found["key"], found["copy_of"], found["incident"]) == (copy, key, "INC-000002")
    assert client.get("/v1/items/a999").status_code == 404


BROKEN = (
    b'[{"text": "A mill in Corran burned."},\n {"text": "Nobody was hurt."}, {"text": "Ther',
    b'{"text": "A mill in Corran burned."}\n{"text": "Ther\n{"text": "Nobody was hurt."}\n',
)


@pytest.mark.parametrize("body", BROKEN)
@pytest.mark.parametrize("path", ["/v1/items", "/v1/incidents/INC-000001/items", "/v1/drafts"])
def test_of_a_broken_body_nothing_is_stored(client, path, body):
    answer = client.post(path, content=body)
    said = answer.json()

    assert (answer.status_code, said["field"]) == (422, "body")
    assert said["type"] == "urn:summarizer:problem:broken-input"
    row = "Row 3 (line 2, byte 80)" if body.startswith(b"[") else "Row 2 (line 2, byte 47)"
    assert said["detail"].startswith(f"{row} cannot be read: ")
    assert "Nothing of the body was stored" in said["detail"] and "?partial=true" in said["detail"]
    assert client.app.state.service.store.newest_number() == 3


@pytest.mark.parametrize("body", BROKEN)
def test_of_a_broken_body_that_may_be_partial_all_rows_that_can_be_read_are_stored(client, body):
    answer = client.post("/v1/items?partial=true", content=body)
    rows = answer.json()["rows"]

    assert answer.status_code == 200
    assert sorted(row["status"] for row in rows) == ["accepted", "accepted", "rejected"]
    (rejected,) = answer.json()["rejected"]
    assert rejected["line"] == 2 and "JSON is broken" in rejected["reason"]


def test_an_item_that_is_dated_ahead_is_noted_and_marked_where_its_source_is_read():
    clock = ManualClock()
    row = {"text": "A mill in Corran burned.", "published_at": (NOON + hours(20)).isoformat()}
    with an_app(clock=clock) as service:
        client = a_client(service)
        (note,) = client.post("/v1/items", json=row).json()["notes"]
        service.pipeline.settle()
        service.pipeline.draft("INC-000001")
        (listed,) = client.get("/v1/incidents").json()["incidents"]
        pages = [
            client.get(f"/incidents/INC-000001{path}", headers={"accept": "text/html"}).text
            for path in ("", "/sources")
        ]
    assert "is still to come" in note["note"]
    assert dt.datetime.fromisoformat(listed["newest_at"]) == NOON
    assert ["it was received" in page for page in pages] == [True, True]


def test_a_row_with_an_unreadable_date_is_taken_and_noted(client):
    row = {"text": "A bridge closed.", "published_at": "03/04/2026", "url": "b1"}
    answer = client.post("/v1/items", content=json.dumps(row).encode()).json()

    assert (len(answer["accepted"]), answer["rejected"]) == (1, [])
    assert [(n["line"], n["item"], n["note"].split(":")[0]) for n in answer["notes"]] == [
        (1, answer["accepted"][0], "url"),
        (1, answer["accepted"][0], "published_at"),
    ]


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("POST", "/v1/verify", {"claim": "x" * 8_000, "sources": ["x"]}),
        ("POST", "/v1/verify", {"claim": "x", "sources": ["x"] * 101}),
        ("POST", "/v1/verify", {"claim": "x", "sources": ["x" * 1_000_001]}),
        (
            "POST",
            "/v1/incidents/INC-000001/drafts",
            {"section": "title", "instruction": "x" * 2_000},
        ),
        ("POST", "/v1/webhooks", {"url": "https://a.example/" + "x" * 2_000, "kinds": ["drafted"]}),
        ("GET", "/v1/search?q=" + "x" * 600, None),
    ],
)
def test_what_is_over_a_limit_is_refused(client, method, path, sent):
    answer = client.request(method, path, json=sent)

    assert answer.status_code == 422
    assert any(n in answer.text for n in ("3,000", "3000", "100", "1,000", "2000", "500"))


def test_incidents_are_listed(client):
    (incident,) = client.get("/v1/incidents").json()["incidents"]

    assert incident["id"] == "INC-000001"
    assert (incident["items"], incident["revision"]) == (3, 1)


def test_every_shown_sentence_of_the_json_has_its_evidence(client):
    page = client.get("/v1/incidents/INC-000001").json()
    shown = [claim for section in page["sections"] for claim in section["claims"]]

    assert shown
    assert all(claim["verdict"]["evidence"] for claim in shown)


def test_a_claim_is_verified(client):
    row = {"id": 1, "claim": "The fine was 5 crowns.", "sources": ["The fine was 3 crowns."]}
    answer = client.post("/v1/verify", json=row).json()

    assert answer["id"] == 1
    assert answer["verdict"] != "supported"
    assert answer["failed_checks"]


def test_a_claim_with_a_number_of_310_digits_is_verified(client):
    huge = "7" * 310
    row = {"claim": f"It lost {huge} crowns.", "sources": [f"It lost {huge} crowns."]}
    answer = client.post("/v1/verify", json=row)

    assert (answer.status_code, answer.json()["verdict"]) == (200, "supported")


def test_a_claim_that_a_check_cannot_read_is_answered_as_unchecked(client, monkeypatch):
    monkeypatch.setitem(scoring.CHECKS, "brittle", lambda claim, grounds: [][0])
    row = {"claim": "It lost 3 crowns.", "sources": ["It lost 3 crowns."]}
    answer = client.post("/v1/verify", json=row)

    assert answer.status_code == 200
    assert (answer.json()["verdict"], answer.json()["score"]) == ("unchecked", 0.0)


def test_a_length_of_thousands_of_digits_is_refused(client):
    answer = client.post("/v1/verify", content=b"{}", headers={"content-length": "9" * 5_000})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/json", "application/json"),
        ("text/markdown", "text/markdown"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("text/html;q=0.1, text/markdown;q=0.5", "text/markdown"),
        ("text/markdown, text/html", "text/markdown"),
        ("text/*", "text/markdown"),
        ("text/html;q=0", "application/json"),
        ("text/html;q=lots, image/png", "application/json"),
        ("*/*", "application/json"),
        ("", "application/json"),
    ],
)
def test_the_format_is_the_one_liked_best_unless_the_address_names_one(client, accept, kind):
    path = "/v1/incidents/INC-000001"
    answer = client.get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, kind)
    said = client.get(f"{path}?format=markdown", headers={"Accept": accept})
    assert said.headers["content-type"].startswith("text/markdown")


def test_the_service_says_that_it_runs_and_describes_itself(client):
    assert client.get("/healthz").json()["status"] == "ok"
    paths = json.dumps(client.get("/openapi.json").json()["paths"])
    assert "/v1/verify" in paths


def test_metrics_count_drafts_and_their_verdicts(client):
    for _ in range(2):  # asking twice counts nothing twice
        text = client.get("/metrics").text

    assert 'summarizer_drafts_total{drafter="extractive"} 1.0' in text
    assert 'summarizer_verdicts_total{label="supported"}' in text


def test_no_draft_is_read_to_count_them(client, monkeypatch):
    store = client.app.state.service.store
    for reading in ("draft", "newest_draft", "drafts"):
        monkeypatch.setattr(store, reading, None)

    assert 'summarizer_drafts_total{drafter="extractive"} 1.0' in client.get("/metrics").text


def test_what_waits_is_measured(client):
    service = client.app.state.service
    report(service.pipeline.ingest(BytesIO(b'{"text": "A bridge closed."}')))
    text = client.get("/metrics").text
    assert "summarizer_items_unsettled 1.0" in text
    assert "summarizer_items_unindexed NaN" in text
    service.pipeline.settle()
    text = client.get("/metrics").text
    assert "summarizer_items_unsettled 0.0" in text
    assert "summarizer_items_unindexed 0.0" in text


def test_a_list_is_filtered_and_sorted(client):
    (known,) = client.get("/v1/incidents?sort=noise").json()["incidents"]
    at = f"state={known['state']}&min_noise={known['noise']}&platform={known['platforms'][0]}"
    for query, found in {at: 1, f"{at}&platform=nowhere": 0, "min_noise=100": 0}.items():
        assert len(client.get(f"/v1/incidents?{query}").json()["incidents"]) == found, query


def test_the_next_page_is_linked_and_ends_the_list(client):
    take_in(client.app.state.service, ITEM)
    whole = client.get("/v1/incidents").json()
    first = client.get("/v1/incidents?limit=1&sort=recent")
    second = client.get(first.links["next"]["url"])

    assert (whole["total"], whole["next"]) == (2, None)
    assert first.json()["incidents"] + second.json()["incidents"] == whole["incidents"]
    assert second.json()["next"] is None and "next" not in second.links
    assert client.get("/v1/incidents?cursor=x").status_code == 422


@pytest.mark.parametrize("form", ["json", "markdown", "html"])
def test_a_page_that_says_the_same_is_not_sent_again_and_each_format_has_its_own_tag(client, form):
    path = "/v1/incidents/INC-000001"
    day = f"{path}?format={form}&as_of=2026-06-01T"
    first = client.get(f"{day}08:00:00Z")
    tag = {"If-None-Match": f'"x", {first.headers["etag"]}'}
    same = client.get(f"{day}08:00:05Z", headers=tag)

    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["etag"] == first.headers["etag"]
    assert client.get(f"{path}?format={form}&as_of=2026-06-02", headers=tag).status_code == 200
    other = "html" if form != "html" else "json"
    assert client.get(f"{path}?format={other}&as_of=2026-06-01T08:00:00Z", headers=tag).content


def test_a_page_is_sent_again_once_other_templates_render_it(client):
    path = "/v1/incidents/INC-000001?format=html&as_of=2026-06-01"
    tag = {"If-None-Match": client.get(path).headers["etag"]}
    assert client.get(path, headers=tag).status_code == 304

    client.app.state.edition = "another"

    assert client.get(path, headers=tag).status_code == 200


def test_a_page_that_is_not_sent_again_is_not_built(client, monkeypatch):
    path = "/v1/incidents/INC-000001?as_of=2026-06-01"
    tag = {"If-None-Match": client.get(path).headers["etag"]}
    monkeypatch.setattr(client.app.state.service.store, "newest_draft", None)
    monkeypatch.setattr(client.app.state.service.store, "items", None)
    assert client.get(path, headers=tag).status_code == 304


CHANGES = {
    "a lock": lambda app: app.reviews.lock("INC-000001", "title", "Kim", locked=True),
    "a review": lambda app: app.decisions.decide(
        "INC-000001", "reject", "Kim", revision=1, note="Old."
    ),
    "an item": lambda app: app.curation.split(
        "INC-000001", app.store.incident("INC-000001").item_keys[:1], "Kim"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("revision", ["", "&revision=1"])
def test_a_page_is_sent_again_once_anything_of_its_incident_has_changed(client, change, revision):
    path = f"/v1/incidents/INC-000001?as_of=2026-06-01{revision}"
    tag = {"If-None-Match": client.get(path).headers["etag"]}
    CHANGES[change](client.app.state.service)
    assert client.get(path, headers=tag).status_code == 200


@pytest.mark.parametrize("path", ["INC-000002", "INC-000001?revision=9"])
def test_a_page_that_is_not_there_is_not_unchanged(client, path):
    assert client.get(f"/v1/incidents/{path}", headers={"If-None-Match": "*"}).status_code == 404


def test_a_list_that_says_the_same_is_not_sent_again(client):
    path = "/v1/incidents?as_of=2026-06-01T08:00:00Z"
    tag = {"If-None-Match": client.get(path).headers["etag"]}

    assert client.get(path, headers=tag).status_code == 304
    assert client.get(f"{path}&min_noise=100", headers=tag).status_code == 200
    take_in(client.app.state.service, ITEM)
    assert client.get(path, headers=tag).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/v1/incidents", "/", "/v1/search?q=boat", "/v1/no"])
def test_a_head_is_answered_like_a_get_without_the_body(client, path):
    whole, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]


def test_a_head_of_a_stream_without_an_end_is_answered(client):
    assert client.head("/v1/entries/stream").headers["content-type"].startswith("text/event-stream")


def test_the_document_says_how_a_key_is_sent_and_what_a_page_holds(client):
    said = client.get("/openapi.json").json()
    assert said["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert said["paths"]["/v1/incidents"]["get"]["security"] == [{"key": []}, {}]
    page = said["paths"]["/v1/incidents/{incident_id}"]["get"]["responses"]["200"]["content"]
    assert page["application/json"]["schema"] == {"$ref": "#/components/schemas/Document"}
    assert "sections" in said["components"]["schemas"]["Document"]["required"]
