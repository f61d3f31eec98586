"""Spans of the work, for whoever traces it; nothing happens until ``use`` is called.

A span carries ids and counts, never source text, a draft or a key: an error is told by its type
alone.  What asked for the work (``asked_by_request``) goes along with it into other threads that
run in a copied context.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Protocol

Attribute = str | int | float | bool


class Span(Protocol):
    """One stretch of work that is being traced."""

    def set(self, name: str, value: Attribute) -> None:
        """Say something of it that was not known when it began."""
        ...


class Tracer(Protocol):
    """Keeps spans; nests those that begin within another in the same context."""

    def span(self, name: str, attributes: dict[str, Attribute]) -> AbstractContextManager[Span]:
        """A span that ends with the block, as failed when that raises."""
        ...


class _Untraced:
    def set(self, name: str, value: Attribute) -> None:
        """Nobody looks."""


_UNTRACED = _Untraced()
_request: ContextVar[str | None] = ContextVar("request", default=None)
_tracer: Tracer | None = None


@contextmanager
def use(tracer: Tracer) -> Iterator[None]:
    """Have that tracer keep the spans of this process until the block is left."""
    global _tracer
    before, _tracer = _tracer, tracer
    try:
        yield
    finally:
        _tracer = before


@contextmanager
def asked_by_request(id_: str) -> Iterator[None]:
    """What happens in the block was asked for by the HTTP request of that id."""
    token = _request.set(id_)
    try:
        yield
    finally:
        _request.reset(token)


def span(name: str, **attributes: Attribute) -> AbstractContextManager[Span]:
    """A span of the work in the block: ``span("draft", incident="INC-000042")``."""
    if _tracer is None:
        return nullcontext(_UNTRACED)
    request = _request.get()
    known: dict[str, Attribute] = {} if request is None else {"request": request}
    named = (known | attributes).items()
    return _tracer.span(name, {f"summarizer.{key}": value for key, value in named})
