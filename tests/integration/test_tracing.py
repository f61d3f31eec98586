"""Spans of a request, the draft that it asks for, and what that is made of."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from opentelemetry import trace
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from api import create_app
from evals.mock_server import MessagesServer, copied_answer, error
from summarizer import settings, telemetry
from summarizer.app import open_app
from summarizer.errors import SettingsError

ROW = b'{"id": "1", "title": "Ferry Dawn", "text": "The Dawn stood still. A pump had failed."}'
TEXT = ("stood still", "pump", "Dawn", "secret-key")
HERE = "http://127.0.0.1"


@pytest.fixture
def exported() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with telemetry.use(provider):
        yield exporter
    provider.shutdown()


def drafted(tmp_path: Path, url: str, **chosen: object) -> dict[str, object]:
    """One draft over HTTP, asked for by request ``r1``; the job as it ended."""
    loaded = settings.load(
        data_dir=tmp_path,
        anthropic_base_url=url,
        anthropic_api_key="secret-key",
        max_attempts=1,
        **chosen,
    )
    with open_app(loaded) as service:
        client = TestClient(create_app(service), HERE)
        asked = {"X-Request-Id": "r1", "Content-Type": "application/jsonl"}
        job = client.post("/v1/drafts?wait=60", content=ROW, headers=asked).json()
    return dict(job)


def parent(span: ReadableSpan, spans: dict[int, ReadableSpan]) -> str | None:
    return spans[span.parent.span_id].name if span.parent else None


def test_a_draft_is_traced_from_its_request_down_to_each_call(tmp_path, exported):
    with MessagesServer(copied_answer) as server:
        job = drafted(tmp_path, server.url)
    spans = {span.context.span_id: span for span in exported.get_finished_spans()}

    assert job["status"] == "done"
    tree = {(span.name, parent(span, spans)) for span in spans.values()}
    assert {("request", None), ("draft", "request")} <= tree
    for step in ("retrieve", "model call", "verify", "gate", "store"):
        assert (step, "draft") in tree
    assert {span.attributes["summarizer.request"] for span in spans.values()} == {"r1"}
    (draft,) = [span for span in spans.values() if span.name == "draft"]
    assert draft.attributes["summarizer.incident"] == job["incident_id"]
    (request,) = [span for span in spans.values() if span.name == "request"]
    assert request.attributes["summarizer.route"] == "/v1/drafts"
    assert request.attributes["summarizer.status"] == 202
    calls = [span for span in spans.values() if span.name == "model call"]
    assert all(call.attributes["summarizer.output_tokens"] > 0 for call in calls)


def test_a_span_holds_neither_source_text_nor_a_key(tmp_path, exported):
    with MessagesServer(copied_answer) as server:
        drafted(tmp_path, server.url)
    told = " ".join(span.to_json() for span in exported.get_finished_spans())
    assert "summarizer.incident" in told
    assert not [word for word in TEXT if word in told]


def test_a_call_that_fails_is_told_by_the_type_of_its_error(tmp_path, exported):
    with MessagesServer(lambda request: error(529, "a pump had failed")) as server:
        job = drafted(tmp_path, server.url)
    (call,) = [span for span in exported.get_finished_spans() if span.name == "model call"]

    assert job["status"] == "failed"
    assert not call.status.is_ok
    assert call.attributes["error.type"] == "OverloadedError"
    assert call.events == ()
    assert "pump" not in call.to_json()


def test_without_an_exporter_nothing_is_recorded():
    with telemetry.span("draft", incident="INC-000001") as span:
        span.set("status", 200)
        assert not trace.get_current_span().is_recording()


def test_traces_without_their_extra_are_refused_with_advice(monkeypatch):
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(SettingsError, match="otel"), telemetry.exporting("http://127.0.0.1:1"):
        pass


@pytest.fixture
def collector() -> Iterator[tuple[str, list[ExportTraceServiceRequest]]]:
    """An OTLP/HTTP receiver on loopback: where it listens, and what it was sent."""
    received: list[ExportTraceServiceRequest] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.path == "/v1/traces":
                received.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", received
    server.shutdown()
    server.server_close()
    thread.join()


def test_what_a_setting_names_is_sent_the_spans(tmp_path, collector):
    endpoint, received = collector
    with MessagesServer(copied_answer) as server:
        drafted(tmp_path, server.url, otel_exporter_otlp_endpoint=endpoint)

    sent = [
        span
        for request in received
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    assert {"request", "draft", "model call", "store"} <= {span.name for span in sent}
    assert len({span.trace_id for span in sent}) == 1
