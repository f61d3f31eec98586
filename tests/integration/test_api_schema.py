"""The OpenAPI document against the service: made-up requests, no server errors, no surprises."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from urllib.parse import quote

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from schemathesis import checks
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks as openapi

from api import create_app, desk
from tests.support.app import an_app, bearer

HELD = (
    checks.not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
)
ODD = (
    "",
    " ",
    "0",
    "-1",
    "9" * 30,
    "x" * 3_000,
    "\x00",
    "\u202e\U0001f469\u200d\U0001f680",
    "%",
    "INC-1",
)
"""Words for whatever a page is asked with."""


@pytest.fixture
def app(drafted_data: Path) -> Iterator[object]:
    with an_app(drafted_data) as service:
        yield create_app(service)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of the tool itself
def test_no_request_that_the_document_allows_is_answered_with_a_surprise(app):
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    asked, statuses = 0, set()
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        if not operation.path.startswith(("/v1", "/healthz", "/readyz", "/metrics")):
            continue
        # Events are asked of drafts that nobody asked for: a stream ends with its draft.

        @examples(
            max_examples=10,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def holds(case):
            answer = case.call_and_validate(checks=HELD, headers={"Host": "127.0.0.1"})
            statuses.add(answer.status_code)

        holds()
        asked += 1
    assert asked > 40
    assert {200, 404, 422} <= statuses  # the requests got past the door


def test_the_steps_of_a_draft_are_answered_as_the_document_says(app):
    client = TestClient(app, "http://127.0.0.1")
    said = client.get("/openapi.json").json()["paths"]["/v1/drafts/{id}/events"]["get"]["responses"]
    job = client.post("/v1/incidents/INC-000001/drafts?wait=60").json()
    assert job["status"] == "done"

    steps = client.get(job["events_url"])
    last = len(re.findall("^id: ", steps.text, re.MULTILINE))
    over = client.get(job["events_url"], headers={"Last-Event-ID": str(last)})
    wrong = client.get(job["events_url"], headers={"Last-Event-ID": "x"})
    none = client.get("/v1/drafts/none/events")

    found = {one.status_code: one for one in (steps, over, wrong, none)}
    assert found.keys() == {200, 204, 422, 404}
    assert {str(status) for status in found} <= said.keys()
    for status, answer in found.items():
        kind = answer.headers.get("content-type", "").partition(";")[0]
        assert kind in said[str(status)].get("content", {"": None}), status


def answered(client: TestClient, page: str, at: str, query: dict[str, str], accept: str) -> int:
    """The status of a page, which must be one that the documentation names, in what was asked."""
    path = re.sub(r"{\w+}", quote(at, safe="") or "x", page)
    answer = client.get(path, params=query, headers={"Accept": accept})
    assert answer.status_code in (200, 404, 422), (path, query)
    if answer.status_code != 200:
        kind = "text/html" if accept == "text/html" else "application/problem+json"
        assert answer.headers["content-type"].partition(";")[0] == kind
    return answer.status_code


@pytest.mark.slow
def test_no_page_of_the_desk_fails_whatever_it_is_asked_with(app):
    client = TestClient(app, "http://127.0.0.1", raise_server_exceptions=False)
    statuses = Counter()
    for route in (route for router in desk.routers for route in router.routes):
        names = [one.alias for one in route.dependant.query_params]
        names += ["q", "state", "review", "platform", "attention", "cursor"]
        for name, word in product(dict.fromkeys(names), ODD):
            statuses[answered(client, route.path, "INC-000001", {name: word}, "text/html")] += 1
        for at in (*ODD, "desk.css"):
            statuses[answered(client, route.path, at, {}, "*/*")] += 1
    assert min(statuses[200], statuses[404], statuses[422]) > 20


def test_every_property_is_described_and_every_operation_named_and_scoped(app):
    document = app.openapi()
    schemas = document["components"]["schemas"]
    assert not [
        f"{schema}.{name}"
        for schema, body in schemas.items()
        for name, field in body.get("properties", {}).items()
        if not {"description", "$ref"} & field.keys()
    ]
    operations = [o for ways in document["paths"].values() for o in ways.values()]
    ids = [operation["operationId"] for operation in operations]
    assert len(set(ids)) == len(ids) and "listIncidents" in ids
    assert all(re.fullmatch(r"[a-z]+([A-Z][a-z]*)*", id_) for id_ in ids)
    for operation in operations:
        scope = operation.get("x-required-scope")
        assert scope is None or f"`{scope}`" in operation["description"]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/v1/incidents", {"etag", "x-request-id", "ratelimit-remaining"}),
        ("/v1/incidents?limit=1", {"etag", "x-request-id", "ratelimit-reset"}),
        ("/v1/incidents/INC-000001", {"etag", "ratelimit-limit"}),
    ],
)
def test_the_headers_that_the_document_names_are_sent(drafted_data, path, headers):
    with an_app(drafted_data) as service:
        key = bearer(service)
        made = create_app(service)
        answer = TestClient(made, "http://127.0.0.1").get(path, headers=key)
    said = made.openapi()["paths"][re.sub(r"\?.*", "", path).replace("INC-000001", "{incident_id}")]
    assert headers <= set(answer.headers)
    assert headers <= {name.lower() for name in said["get"]["responses"]["200"]["headers"]}


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("GET", "/v1/incidents?min_nois=40", None, "query.min_nois"),
        ("GET", "/v1/search?q=x&knd=items", None, "query.knd"),
        ("POST", "/v1/incidents/INC-000001/drafts", {"sektion": "sides"}, "body.sektion"),
        ("POST", "/v1/verify", {"claim": "x", "sources": ["x"], "model": "y"}, "body.model"),
    ],
)
def test_what_is_not_known_is_refused_and_not_ignored(app, method, path, body, field):
    answer = TestClient(app, "http://127.0.0.1").request(method, path, json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_a_page_opens_whatever_others_have_added_to_its_link(app):
    answer = TestClient(app, "http://127.0.0.1").get("/incidents/INC-000001?utm_source=mail")
    assert answer.status_code == 200
