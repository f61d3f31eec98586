"""Recorded requests and scripted replies."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reply:
    """Reply to one request.

    Args:
        body: a dict is sent as JSON; a message with status 200 gets a ``usage`` if it has none.
        sent: share of the body sent before the connection closes, 0–1.
        held: whether nothing is sent until the server is closed.
        before: called in the request's thread before sending.
    """

    status: int = 200
    body: Mapping[str, Any] | bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    sent: float = 1.0
    held: bool = False
    before: Callable[[], object] | None = None


@dataclass(frozen=True)
class Recorded:
    """One recorded request."""

    path: str
    headers: Mapping[str, str]
    raw: bytes
    method: str = "POST"

    @property
    def body(self) -> dict[str, Any]:
        """The body as JSON."""
        parsed: dict[str, Any] = json.loads(self.raw)
        return parsed

    @property
    def turn(self) -> str:
        """Text of the last turn."""
        return str(self.body["messages"][-1]["content"])

    @property
    def prefix(self) -> str:
        """The system blocks as JSON, which are the cached prefix."""
        return json.dumps(self.body["system"])
