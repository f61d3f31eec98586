"""Spans of the work, through OpenTelemetry's API, which does nothing until spans are exported.

A span carries ids and counts, never source text, a draft or a key: of an error only the type.  The
id of the request goes along into threads that run in a copied context.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry import trace

from summarizer import __version__
from summarizer.errors import SettingsError

Attribute = str | int | float | bool

NAME = "summarizer"

_request: ContextVar[str | None] = ContextVar("request", default=None)
_tracer = trace.get_tracer(NAME, __version__)


class Span:
    """A span of OpenTelemetry that takes plain values under our names alone."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def set(self, name: str, value: Attribute) -> None:
        """Add an attribute that was not known when the span began."""
        self._span.set_attribute(f"{NAME}.{name}", value)


@contextmanager
def request(id_: str) -> Iterator[None]:
    """Give all spans in the block the id of the HTTP request that caused them."""
    token = _request.set(id_)
    try:
        yield
    finally:
        _request.reset(token)


@contextmanager
def span(name: str, **attributes: Attribute) -> Iterator[Span]:
    """A span of the work in the block: ``span("draft", incident="INC-000042")``.

    An exception that leaves the block ends the span as failed, with the type of the error.
    """
    with _tracer.start_as_current_span(
        name, record_exception=False, set_status_on_exception=False
    ) as begun:
        made, id_ = Span(begun), _request.get()
        if id_ is not None:
            made.set("request", id_)
        for key, value in attributes.items():
            made.set(key, value)
        try:
            yield made
        except BaseException as error:
            begun.set_attribute("error.type", type(error).__name__)
            begun.set_status(trace.StatusCode.ERROR)
            raise


@contextmanager
def use(provider: trace.TracerProvider) -> Iterator[None]:
    """Send the spans of this process to a provider until the block is left.

    It is not made the global one, to which other libraries would send what they please.
    """
    global _tracer
    before, _tracer = _tracer, provider.get_tracer(NAME, __version__)
    try:
        yield
    finally:
        _tracer = before


@contextmanager
def exporting(endpoint: str) -> Iterator[None]:
    """Send spans to a collector over OTLP/HTTP until the block is left.

    Raises:
        SettingsError: the extra ``otel`` is not installed.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise SettingsError(
            "Traces need an exporter that is not installed: "
            "pip install 'incident-summarizer[otel]', or unset OTEL_EXPORTER_OTLP_ENDPOINT."
        ) from error
    resource = Resource.create({SERVICE_NAME: NAME, SERVICE_VERSION: __version__})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    try:
        with use(provider):
            yield
    finally:
        provider.shutdown()
