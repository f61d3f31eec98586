"""Message batches API: create, list, retrieve, cancel, and results as JSON Lines.

Shapes are those of the SDK's ``types.messages``.  Results come in reverse order, because the API
guarantees none.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from evals.mock_server.requests import Recorded, Reply

CUSTOM_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


@dataclass
class _Batch:
    """State of one batch."""

    id: str
    requests: list[tuple[str, Recorded]]
    looks: int
    created: dt.datetime
    canceled: bool = False
    results: list[dict[str, Any]] = field(default_factory=list)


class BatchDesk:
    """Server side of message batches.

    Args:
        said: reply to one request; a body ``{"type": "expired"}`` or ``{"type": "canceled"}`` is
            that result, any status except 200 an error.
        looks: number of retrievals before a batch has ended.
    """

    PATH = "/v1/messages/batches"

    def __init__(self, said: Callable[[Recorded], Reply], looks: int) -> None:
        self.held: list[_Batch] = []
        self._said = said
        self._looks = looks

    @property
    def custom_ids(self) -> list[str]:
        """Custom ids of all requests of all batches, in order of arrival."""
        return [id_ for batch in self.held for id_, _ in batch.requests]

    def reply(self, request: Recorded, url: str) -> Reply:
        """Reply to a request of the batches API."""
        path = request.path.partition("?")[0].removeprefix(self.PATH).strip("/")
        if not path and request.method == "POST":
            return self._create(request, url)
        if not path:
            shown = [self._shown(batch, url) for batch in reversed(self.held)]
            return Reply(body={"data": shown, "has_more": False, "first_id": None, "last_id": None})
        id_, _, action = path.partition("/")
        found = next((batch for batch in self.held if batch.id == id_), None)
        if found is None:
            return _error(404, "not_found_error", "There is no such batch.")
        if action == "results":
            lines = b"".join(json.dumps(line).encode() + b"\n" for line in reversed(found.results))
            return Reply(body=lines, headers={"content-type": "application/x-jsonl"})
        if action == "cancel":
            found.canceled = True
        else:
            self._look(found)
        return Reply(body=self._shown(found, url))

    def _create(self, request: Recorded, url: str) -> Reply:
        asked = [(each["custom_id"], each["params"]) for each in request.body["requests"]]
        ids = [id_ for id_, _ in asked]
        if not ids or len(set(ids)) < len(ids) or not all(map(CUSTOM_ID.fullmatch, ids)):
            return _error(400, "invalid_request_error", "custom_id must be unique and fit.")
        inner = [
            (id_, Recorded("/v1/messages", request.headers, json.dumps(params).encode()))
            for id_, params in asked
        ]
        made = _Batch(f"msgbatch_{len(self.held) + 1}", inner, self._looks, dt.datetime.now(dt.UTC))
        self.held.append(made)
        return Reply(body=self._shown(made, url))

    def _look(self, batch: _Batch) -> None:
        if batch.results:
            return
        if batch.looks and not batch.canceled:
            batch.looks -= 1
            return
        batch.results = [
            {"custom_id": id_, "result": self._result(batch, inner)}
            for id_, inner in batch.requests
        ]

    def _result(self, batch: _Batch, request: Recorded) -> Mapping[str, Any]:
        if batch.canceled:
            return {"type": "canceled"}
        reply = self._said(request)
        assert not isinstance(reply.body, bytes)
        if reply.status != 200:
            return {"type": "errored", "error": reply.body}
        if reply.body.get("type") in ("expired", "canceled"):
            return reply.body
        return {"type": "succeeded", "message": reply.body}

    def _shown(self, batch: _Batch, url: str) -> dict[str, Any]:
        counted = Counter(line["result"]["type"] for line in batch.results)
        ended = bool(batch.results)
        running = "canceling" if batch.canceled else "in_progress"
        names = ("succeeded", "errored", "canceled", "expired")
        return {
            "id": batch.id,
            "type": "message_batch",
            "processing_status": "ended" if ended else running,
            "request_counts": {name: counted[name] for name in names}
            | {"processing": 0 if ended else len(batch.requests)},
            "created_at": batch.created.isoformat(),
            "expires_at": (batch.created + dt.timedelta(days=1)).isoformat(),
            "ended_at": batch.created.isoformat() if ended else None,
            "archived_at": None,
            "cancel_initiated_at": batch.created.isoformat() if batch.canceled else None,
            "results_url": f"{url}{self.PATH}/{batch.id}/results" if ended else None,
        }


def _error(status: int, kind: str, said: str) -> Reply:
    return Reply(status, {"type": "error", "error": {"type": kind, "message": said}})
