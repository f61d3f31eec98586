"""One request as it came, and what is done with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What the server does with one request.

    Args:
        body: a dict is sent as JSON; in a message with status 200, missing ``usage`` is counted.
        sent: share of the body that is sent before the connection is closed, 0-1.
        held: nothing is sent before the server is closed.
        before: called in the request's own thread before anything is sent.
    """

    status: int = 200
    body: Mapping[str, Any] | bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    sent: float = 1.0
    held: bool = False
    before: Callable[[], object] | None = None


@dataclass(frozen=True)
class Recorded:
    """One request as it came."""

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
        """The system blocks as JSON, which is what a server caches."""
        return json.dumps(self.body["system"])
