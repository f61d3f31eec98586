"""What holds for every request."""

import datetime as dt
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from api import rate_limit
from api.rate_limit import RateLimit
from summarizer.app import App
from tests.support.app import an_app, bearer
from tests.support.builders import NOON
from tests.support.clock import ManualClock


@pytest.fixture
def service(tmp_path: Path) -> Iterator[App]:
    with an_app(tmp_path, ManualClock(), requests_per_minute=2) as service:
        yield service


@pytest.mark.parametrize("path", ["/healthz", "/v1/incidents", "/v1/incidents/INC-9", "/nothing"])
def test_every_answer_carries_safe_headers_and_an_id(client, path):
    headers = client.get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert len(headers["x-request-id"]) == 16


@pytest.mark.parametrize(("sent", "kept"), [("abc-1", True), ("a b", False), ("x" * 65, False)])
def test_the_id_of_a_request_is_kept_when_it_is_one(client, sent, kept):
    answer = client.get("/healthz", headers={"X-Request-Id": sent})
    assert (answer.headers["x-request-id"] == sent) is kept


def test_a_key_that_asks_too_often_is_told_when_to_come_back(client, service):
    headers, other = bearer(service), bearer(service, name="Ada")
    statuses = [client.get("/v1/incidents", headers=headers).status_code for _ in range(3)]
    refused = client.get("/v1/incidents", headers=headers)

    assert statuses == [200, 200, 429]
    assert refused.headers["retry-after"] == "30"
    assert client.get("/v1/incidents", headers=other).status_code == 200


def test_invalid_keys_are_counted_by_address_and_refuse_no_valid_one(client, service):
    good, bad = bearer(service), {"Authorization": "Bearer isk_0"}
    statuses = [client.get("/v1/incidents", headers=bad).status_code for _ in range(61)]
    refused = client.get("/v1/incidents", headers=bad)

    assert statuses == [401] * 60 + [429]
    assert "invalid keys" in refused.json()["detail"]
    assert refused.headers["retry-after"] == "1"
    assert client.post("/v1/session", json={"key": "isk_0"}).status_code == 429
    assert client.get("/v1/incidents", headers=good).status_code == 200
    assert client.get("/v1/incidents").status_code == 401


def test_a_flood_of_names_fills_no_memory(monkeypatch):
    monkeypatch.setattr(rate_limit, "MOST_BUCKETS", 3)
    limit = RateLimit(1)
    for minute in range(9):
        limit.take(str(minute), NOON + dt.timedelta(minutes=minute))
    assert len(limit._buckets) <= 3


def test_a_bucket_is_refilled_steadily():
    limit = RateLimit(60)
    assert [limit.take("Kim", NOON).wait_s for _ in range(60)] == [0] * 60
    assert limit.take("Kim", NOON) == (60, 0, 1, 60)
    assert limit.take("Kim", NOON + dt.timedelta(seconds=1)).wait_s == 0
    assert RateLimit(0).take("Kim", NOON).wait_s == 0


def test_a_request_is_one_line_of_the_log_without_what_was_asked(client, caplog):
    caplog.set_level(logging.INFO, "summarizer.http")
    client.get("/v1/incidents/INC-000009/draft?revision=1", headers={"X-Request-Id": "r1"})
    (line,) = [json.loads(r.message) for r in caplog.records if r.name == "summarizer.http"]

    assert line.pop("ms") >= 0
    asked = {"request": "r1", "method": "GET", "route": "/v1/incidents/{incident_id}/draft"}
    assert line == asked | {"incident": "INC-000009", "status": 404}


def test_a_failure_that_nobody_expected_is_a_problem_without_its_words(client, service, caplog):
    caplog.set_level(logging.INFO, "summarizer.http")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret words")

    service.incidents.page = broken
    answer = client.get("/v1/incidents")

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret words" not in answer.text + caplog.text
    assert "RuntimeError" in caplog.text


def test_readiness_tells_each_part(client, service):
    service.pipeline.settle()
    parts = {"status": "ready", "database": "ok", "index": "ok", "model": "none", "left": None}
    assert client.get("/readyz").json() == parts


def test_metrics_count_requests_by_route(client):
    client.get("/v1/incidents/INC-000009/draft")
    text = client.get("/metrics").text

    assert (
        'summarizer_http_request_seconds_count{method="GET",'
        'route="/v1/incidents/{incident_id}/draft",status="404"} 1.0' in text
    )
