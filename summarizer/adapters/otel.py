"""Spans as OpenTelemetry exports them, over OTLP/HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.trace import Span, Status, StatusCode

from summarizer import __version__
from summarizer.errors import SettingsError
from summarizer.telemetry import Attribute

NAME = "summarizer"


class OtelTracer:
    """A ``summarizer.telemetry.Tracer`` on a provider of its own, not the global one."""

    def __init__(self, processor: SpanProcessor) -> None:
        resource = Resource.create({SERVICE_NAME: NAME, SERVICE_VERSION: __version__})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer(NAME, __version__)

    @classmethod
    def exporting(cls, endpoint: str) -> OtelTracer:
        """One that sends to a collector, as ``OTEL_EXPORTER_OTLP_ENDPOINT`` names it.

        Raises:
            SettingsError: the exporter is not installed.
        """
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        except ImportError as error:
            raise SettingsError(
                "Traces need an exporter that is not installed: "
                "pip install 'incident-summarizer[otel]', or unset OTEL_EXPORTER_OTLP_ENDPOINT."
            ) from error
        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
        return cls(BatchSpanProcessor(exporter))

    def close(self) -> None:
        """Send what waits, and end."""
        self._provider.shutdown()

    @contextmanager
    def span(self, name: str, attributes: dict[str, Attribute]) -> Iterator[OtelSpan]:
        """See ``Tracer.span``."""
        with self._tracer.start_as_current_span(
            name, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield OtelSpan(span)
            except BaseException as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(Status(StatusCode.ERROR))
                raise


class OtelSpan:
    """A ``summarizer.telemetry.Span``."""

    def __init__(self, span: Span) -> None:
        self._span = span

    def set(self, name: str, value: Attribute) -> None:
        """See ``Span.set``."""
        self._span.set_attribute(f"{NAME}.{name}", value)
