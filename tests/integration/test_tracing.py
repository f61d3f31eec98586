"""Spans of a request, the draft that it asks for, and what that is made of."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry import trace
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from evals.mock_server import copied_answer, error
from summarizer import telemetry
from summarizer.errors import SettingsError
from tests.support.app import Script, a_client, a_modelled_app

ROW = b'{"id": "1", "title": "Ferry Dawn", "text": "The Dawn stood still. A pump had failed."}'
TEXT = ("stood still", "pump", "Dawn", "secret-key")


@pytest.fixture
def exported() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with telemetry.use(provider):
        yield exporter
    provider.shutdown()


def drafted(tmp_path: Path, script: Script, **chosen: object) -> dict[str, object]:
    """One draft over HTTP, asked for by request ``r1``; the job as it ended."""
    with a_modelled_app(script, tmp_path, anthropic_api_key="secret-key", **chosen) as (service, _):
        asked = {"X-Request-Id": "r1", "Content-Type": "application/jsonl"}
        job = a_client(service).post("/v1/drafts?wait=60", content=ROW, headers=asked).json()
    return dict(job)


def parent(span: ReadableSpan, spans: dict[int, ReadableSpan]) -> str | None:
    return spans[span.parent.span_id].name if span.parent else None


def test_a_draft_is_traced_from_its_request_down_to_each_call(tmp_path, exported):
    job = drafted(tmp_path, copied_answer)
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
    drafted(tmp_path, copied_answer)
    told = " ".join(span.to_json() for span in exported.get_finished_spans())
    assert "summarizer.incident" in told
    assert not [word for word in TEXT if word in told]


def test_a_call_that_fails_is_told_by_the_type_of_its_error(tmp_path, exported):
    job = drafted(tmp_path, lambda request: error(529, "a pump had failed"))
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


def test_what_a_setting_names_is_sent_the_spans(tmp_path, receiver):
    endpoint = f"http://{receiver.host}"
    receiver.answer = lambda request: (200, b"", {})
    drafted(tmp_path, copied_answer, otel_exporter_otlp_endpoint=endpoint)

    assert {request.path for request in receiver.requests} == {"/v1/traces"}
    sent = [
        span
        for request in (ExportTraceServiceRequest.FromString(r.body) for r in receiver.requests)
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    assert {"request", "draft", "model call", "store"} <= {span.name for span in sent}
    assert len({span.trace_id for span in sent}) == 1
