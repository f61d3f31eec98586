"""Message batches: requests that a model server answers later, at half the price.

``summarizer.jobs.batch_run`` drafts with them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from summarizer.domain.drafts import Usage
from summarizer.domain.incidents import IncidentId
from summarizer.domain.model import Model
from summarizer.errors import ModelError

PRICE = 0.5
"""Price of a token in a batch, as a share of the usual price (Anthropic's price list)."""

LONGEST = dt.timedelta(hours=25)
"""Time for which a batch reserves its incidents against workers: a batch runs for at most 24 hours,
and the next run has one more hour to collect it."""


class ModelRequest(Model):
    """A request to a model, waiting for its answer.

    Args:
        id: hash of the request, the key of its stored answer; the batch's ``custom_id``.
        purpose: ``draft``, ``repair`` or ``judge``.
        model: id of the model.
        request: body as JSON, without the API key.
        reserve: its usage by estimate: the whole request, and at first the longest possible answer.
    """

    id: str
    purpose: str
    model: str
    request: str
    reserve: Usage


class BatchedRequest(ModelRequest):
    """A request in a batch, with its incident."""

    incident_id: IncidentId


class Batch(Model):
    """A batch as stored locally.

    Args:
        number: local number, from 1.
        server: address of the server.
        begun_at: time at which its first request was prepared.
        sent_at: time just before it was sent; ``None`` while requests are added.
        batch_id: the server's id; ``None`` until the server has assigned one.
        closed_at: time at which drafts were made from its answers; its incidents are reserved
            until then.
        outcomes: number of requests by outcome; ``waiting`` for unanswered ones.
    """

    number: int
    server: str
    begun_at: dt.datetime
    sent_at: dt.datetime | None = None
    batch_id: str | None = None
    closed_at: dt.datetime | None = None
    outcomes: Mapping[str, int]

    @property
    def requests(self) -> int:
        """Number of its requests."""
        return sum(self.outcomes.values())


WAITING = "waiting"
"""Outcome of an unanswered request."""


class Progress(Model):
    """State of a batch at the server.

    Args:
        ended: whether results are available.
        counts: number of requests by outcome, in the server's terms.
    """

    batch_id: str
    ended: bool
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Answer:
    """Answer to one request.

    Args:
        id: id of the request.
        outcome: ``succeeded``, ``errored``, ``expired``, ``canceled``, or ``missing`` when the
            results have no line for it.
        response: the message as received, ``None`` without one.
        error: the error, when there is no usable answer.
    """

    id: str
    outcome: str
    response: str | None = None
    usage: Usage = field(default_factory=lambda: Usage(calls=1))
    error: ModelError | None = None


class Outbox:
    """Collects requests instead of sending them, while it is open.

    A request with a stored answer never reaches it: the log of calls answers that request.
    """

    def __init__(self) -> None:
        self._collected: list[ModelRequest] | None = None
        self._given_up: Mapping[str, ModelError] = {}

    @property
    def is_open(self) -> bool:
        """Whether requests are collected."""
        return self._collected is not None

    def lay(self, asked: ModelRequest) -> None:
        """Collect a request; only while open.  Raises the request's error if it was given up."""
        assert self._collected is not None
        if asked.id in self._given_up:
            raise self._given_up[asked.id]
        self._collected.append(asked)

    @contextmanager
    def opened(self, given_up: Mapping[str, ModelError]) -> Iterator[list[ModelRequest]]:
        """Open the outbox for a block, and yield the list that collects its requests.

        Args:
            given_up: errors of requests not to be sent again, by id.
        """
        collected: list[ModelRequest] = []
        self._collected, self._given_up = collected, given_up
        try:
            yield collected
        finally:
            self._collected, self._given_up = None, {}
