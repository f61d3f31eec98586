"""Every refusal that concerns one input names it, where it stands in the request."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from summarizer.errors import AddressRefusedError, InputError, NotFoundError, blame_field
from tests.support.app import a_client, an_app

INCIDENT = "/v1/incidents/INC-000001"
POINTS = f"{INCIDENT}/sections/key_points"
NOWHERE = "/v1/incidents/INC-000099"
SEALED = {"decision": "withdraw", "revision": 1, "note": "The filing was sealed."}
BRIEF = {"instruction": "Be brief."}
SEEN = {"If-Match": '"x"'}


@pytest.fixture(scope="module")
def client(drafted: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """For tests that change nothing, and say so in the end."""
    folder = Path(shutil.copytree(drafted, tmp_path_factory.mktemp("refusing") / "data"))
    with an_app(folder) as service:
        yield a_client(service)
        kinds = {entry.kind.value for entry in service.store.history.after(0, 1_000)}
        assert kinds <= {"opened", "drafted", "needs_attention", "items_added"}


REFUSED = [
    ("GET", NOWHERE, None, 404, "path.incident_id"),
    ("GET", f"{NOWHERE}/draft", None, 404, "path.incident_id"),
    ("GET", f"{NOWHERE}/items", None, 404, "path.incident_id"),
    ("GET", f"{NOWHERE}/history", None, 404, "path.incident_id"),
    ("GET", f"{NOWHERE}/noise", None, 404, "path.incident_id"),
    ("POST", f"{NOWHERE}/drafts", {}, 404, "path.incident_id"),
    ("GET", f"{INCIDENT}?revision=9", None, 404, "query.revision"),
    ("GET", f"{INCIDENT}?revision=0", None, 422, "query.revision"),
    ("GET", f"{INCIDENT}/draft?revision=9", None, 404, "query.revision"),
    ("GET", f"{INCIDENT}/diff?before=8&after=1", None, 404, "query.before"),
    ("GET", f"{INCIDENT}/diff?before=1&after=9", None, 404, "query.after"),
    ("GET", f"{INCIDENT}/noise?since=2026-05-01&until=2026-04-01", None, 422, "query.until"),
    ("GET", f"{INCIDENT}/noise?since=2020-01-01&step=1", None, 422, "query.step"),
    ("GET", "/v1/incidents?cursor=x", None, 422, "query.cursor"),
    ("GET", "/v1/forecasts?cursor=x", None, 422, "query.cursor"),
    ("GET", "/v1/forecasts?incident=INC-000099", None, 404, "query.incident"),
    ("GET", "/v1/entries?incident=INC-000099", None, 404, "query.incident"),
    ("GET", f"{INCIDENT}/items?cursor=x", None, 422, "query.cursor"),
    ("GET", f"{INCIDENT}/revisions?cursor=x", None, 422, "query.cursor"),
    ("GET", "/v1/drafts/none", None, 404, "path.id"),
    ("DELETE", "/v1/drafts/none", None, 404, "path.id"),
    ("GET", "/v1/drafts/none/events", None, 404, "path.id"),
    ("GET", "/v1/webhooks/none", None, 404, "path.webhook_id"),
    ("PATCH", "/v1/webhooks/none", {"paused": True}, 404, "path.webhook_id"),
    ("GET", "/v1/webhooks/none/deliveries", None, 404, "path.webhook_id"),
    ("POST", "/v1/webhooks", {"url": "ftp://a.example", "kinds": ["drafted"]}, 422, "body.url"),
    ("POST", "/v1/webhooks", {"url": "https://a.example", "kinds": []}, 422, "body.kinds"),
    (
        "POST",
        "/v1/webhooks",
        {"url": "https://a.example", "kinds": ["editted"]},
        422,
        "body.kinds.0",
    ),
    ("PATCH", f"{INCIDENT}/sections/none", {"locked": True}, 404, "path.key"),
    ("PATCH", POINTS, {"locked": True}, 412, "header.if-match"),
    ("PATCH", POINTS, {"edits": [{"id": "x", "restore": ""}]}, 422, "body.edits.0.restore"),
    ("PATCH", POINTS, {"edits": [{"claim": {"text": "\x1c"}}]}, 422, "body.edits.0.claim.text"),
    ("PATCH", POINTS, {"edits": [{"id": "x", "restore": "\x1f"}]}, 422, "body.edits.0.restore"),
    ("GET", f"{INCIDENT}?as_of=0001-01-01T00:00:00%2B14:00", None, 422, "query.as_of"),
    ("GET", f"{INCIDENT}?as_of=9999-12-31T23:59:59-14:00", None, 422, "query.as_of"),
    ("GET", "/v1/incidents?since=0001-01-01", None, 422, "query.since"),
    ("GET", f"{INCIDENT}/noise?until=9999-12-31", None, 422, "query.until"),
    ("PATCH", POINTS, {"edits": [{"id": "x"}, {}]}, 422, "body.edits.1"),
    ("POST", f"{POINTS}/suggestion", {"accept": True}, 422, "path.key"),
    ("POST", f"{INCIDENT}/review", {"decision": "reject", "revision": 1}, 422, "body.note"),
    ("POST", f"{INCIDENT}/review", {"decision": "approve", "revision": 7}, 409, "body.revision"),
    ("POST", f"{INCIDENT}/review", SEALED, 409, "body.decision"),
    ("POST", f"{INCIDENT}/merge", {"into": "INC-000001"}, 422, "body.into"),
    ("POST", f"{INCIDENT}/merge", {"into": "INC-000099"}, 404, "body.into"),
    ("POST", f"{NOWHERE}/merge", {"into": "INC-000001"}, 404, "path.incident_id"),
    ("POST", f"{INCIDENT}/split", {"items": ["a77"]}, 422, "body.items"),
    ("POST", f"{INCIDENT}/split", {"items": ["a1", "a2", "a3"]}, 422, "body.items"),
    ("POST", f"{INCIDENT}/move", {"items": ["a1"], "into": "INC-000001"}, 422, "body.into"),
    ("POST", f"{INCIDENT}/move", {"items": ["a1"], "into": "INC-000099"}, 404, "body.into"),
    ("POST", f"{INCIDENT}/drafts", BRIEF, 422, "body.section"),
    ("POST", f"{INCIDENT}/drafts", {"section": "none"}, 404, "body.section"),
    ("POST", f"{INCIDENT}/drafts", BRIEF | {"section": "title"}, 422, "body.instruction"),
    ("POST", f"{INCIDENT}/drafts?wait=61", None, 422, "query.wait"),
    ("GET", f"{INCIDENT}/draft?revision=9999999999999", None, 422, "query.revision"),
    ("PATCH", POINTS, {}, 422, "body"),
    ("POST", f"{POINTS}/check", {"claims": []}, 422, "body.claims"),
    ("POST", f"{POINTS}/check", {"claims": [{"text": " "}]}, 422, "body.claims.0.text"),
    ("GET", "/v1/entries?kind=x", None, 422, "query.kind.0"),
    ("GET", "/v1/incidents?limit=0", None, 422, "query.limit"),
    ("GET", "/v1/nothing", None, 404, None),
    ("DELETE", "/v1/incidents", None, 405, None),
    ("POST", "/v1/forecasts/9/resolution", {"outcome": "void"}, 404, "path.number"),
    ("POST", "/v1/autodrafting/release", {"incident": "INC-000099"}, 404, "body.incident"),
    ("POST", "/v1/autodrafting/release", {"incident": "INC-000001"}, 422, "body.incident"),
    ("POST", "/v1/verify", {"claim": " ", "sources": ["x"]}, 422, "body.claim"),
    ("POST", "/v1/verify", {"claim": "x", "sources": []}, 422, "body.sources"),
    ("POST", "/v1/verify", {"claim": "x", "sources": ["y", 1]}, 422, "body.sources.1"),
    ("POST", "/v1/drafts", [{"text": "One."}, {"outlet": "The Quay Post"}], 422, "body.text"),
    ("POST", "/v1/drafts", [], 422, "body"),
    ("POST", f"{INCIDENT}/items", {"url": "http://10.0.0.1/x"}, 422, "body.url"),
    ("POST", "/v1/session", {"key": "isk_none"}, 401, "body.key"),
    ("DELETE", "/v1/items/a999?why=x", None, 404, "path.key"),
    ("DELETE", "/v1/items/x?why=x", None, 404, "path.key"),
    ("DELETE", "/v1/items?sender=Nobody&why=x", None, 404, "query.sender"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "field"), REFUSED)
def test_a_refusal_names_the_input_at_fault(client, method, path, body, status, field):
    answer = client.request(method, path, json=body, headers=SEEN)
    said = answer.json()

    assert (answer.status_code, said.get("field")) == (status, field), said["detail"]
    assert {"type", "title", "status", "detail"} <= set(said) and said["status"] == status
    assert said["type"].startswith("urn:summarizer:problem:")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("headers", "body", "status", "field"),
    [
        ({}, '{"locked": true}', 428, "header.if-match"),
        (SEEN, "{", 422, "body"),
    ],
)
def test_a_header_and_a_body_that_is_no_json_are_named_too(client, headers, body, status, field):
    headers = {"Content-Type": "application/json"} | headers
    answer = client.patch(POINTS, content=body, headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (status, field)


@pytest.mark.parametrize("rows", [b"\xff\xfeh\x00", b"<rss><channel>", b"\x00"])
def test_items_that_cannot_be_read_are_the_body(client, rows):
    answer = client.post("/v1/items", content=rows)
    assert (answer.status_code, answer.json()["field"]) == (422, "body")


def test_the_document_says_what_a_problem_holds(client):
    document = client.get("/openapi.json").json()
    said = document["components"]["schemas"]["Problem"]["properties"]
    answers = document["paths"]["/v1/incidents/{incident_id}/review"]["post"]["responses"]

    assert list(said) == ["type", "title", "status", "detail", "field"]
    for status in ("404", "409", "422"):
        (content,) = answers[status]["content"].items()
        wanted = {"$ref": "#/components/schemas/Problem"}
        assert content == ("application/problem+json", {"schema": wanted})


def test_the_document_says_what_happens_to_an_incident_that_went_elsewhere(client):
    paths = client.get("/openapi.json").json()["paths"]
    of_one = {path: found for path, found in paths.items() if "{incident_id}" in path}
    assert of_one
    for path, methods in of_one.items():
        for method, operation in methods.items():
            wanted = {"404", "410"} | ({"308"} if method == "get" else set())
            assert wanted <= operation["responses"].keys(), (method, path)


def test_the_document_says_of_each_field_of_a_row_what_it_is(client):
    row = client.get("/openapi.json").json()["components"]["schemas"]["ItemRow"]["properties"]
    said = [field["description"] for field in row.values()]
    assert len(said) == len(set(said)) >= 14


def test_an_error_of_what_was_handed_on_is_about_what_it_was_made_of():
    with pytest.raises(NotFoundError, match="INC-9") as told, blame_field("into"):
        raise NotFoundError("There is no incident INC-9.", field="incident_id")

    assert told.value.field == "into"
    assert InputError("Something.").field is None
    assert AddressRefusedError("Not there.").field == "url"
