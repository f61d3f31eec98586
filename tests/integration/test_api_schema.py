"""The OpenAPI document against the service: made-up requests, no server errors, no surprises."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from schemathesis import checks
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks as openapi

from api import create_app
from summarizer import bootstrap, settings

ITEMS = Path(__file__).parents[2] / "examples" / "items" / "aldermoor-extraction-claims.jsonl"
HELD = (
    checks.not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
)
ENDLESS = "/events"
"""A stream of events ends with its draft; a test of its own reads it."""


@pytest.fixture
def app(tmp_path: Path) -> Iterator[object]:
    loaded = settings.load(data_dir=tmp_path, drafter="extractive")
    with bootstrap.service(loaded) as service:
        with ITEMS.open("rb") as file:
            list(service.pipeline.ingest(file))
        service.pipeline.settle()
        service.pipeline.draft("INC-000001")
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
        if operation.path.endswith(ENDLESS):
            continue

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
    assert asked > 20
    assert {200, 404, 422} <= statuses  # the requests got past the door
