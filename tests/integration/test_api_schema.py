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
from tests.support.app import an_app

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
