"""Message batches: requests that a model answers later, at half the price.

A request, a batch on our side and at the server, an answer, and the outbox that collects requests.
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
"""Price of a token in a batch over its usual price (Anthropic's price list, 2026-11-24)."""

LONGEST = dt.timedelta(hours=25)
"""For how long a batch keeps its incidents from workers: none runs for more than 24 hours, and the
next run has another to collect it."""


class ModelRequest(Model):
    """A request that waits for its answer.

    Args:
        id: hash of the request, under which its answer is stored; the batch's ``custom_id``.
        purpose: ``draft``, ``repair`` or ``judge``.
        model: id of the model.
        request: body as JSON, without the key.
        most: upper bound of its usage: all of the request, and the longest answer to it.
    """

    id: str
    purpose: str
    model: str
    request: str
    most: Usage


class BatchedRequest(ModelRequest):
    """A request in a batch, and the incident that it is for."""

    incident_id: IncidentId


class Batch(Model):
    """A batch on our side.

    Args:
        number: ours, from 1.
        server: address to which it is sent.
        begun_at: when its first request was prepared.
        sent_at: just before it was sent; ``None`` while requests are added.
        batch_id: the server's; ``None`` until the server has named it.
        closed_at: when its answers were drafted from; until then its incidents are held.
        outcomes: number of requests by outcome; ``waiting`` for those without an answer.
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
"""Outcome of a request without an answer."""


class Progress(Model):
    """A batch as the server sees it.

    Args:
        ended: whether there are results.
        counts: number of requests by outcome, in the server's words.
    """

    batch_id: str
    ended: bool
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Answer:
    """Answer to one request.

    Args:
        id: of the request.
        outcome: ``succeeded``, ``errored``, ``expired``, ``canceled``, or ``missing`` when the
            results have no line for it.
        response: the message as it came, ``None`` when none did.
        error: why there is no usable answer.
    """

    id: str
    outcome: str
    response: str | None = None
    usage: Usage = field(default_factory=lambda: Usage(calls=1))
    error: ModelError | None = None


class Outbox:
    """Collects requests instead of sending them, while it is open.

    A request with a stored answer never comes here: the log of calls answers it.
    """

    def __init__(self) -> None:
        self._laid: list[ModelRequest] | None = None
        self._given_up: Mapping[str, ModelError] = {}

    @property
    def is_open(self) -> bool:
        """Whether requests are collected here."""
        return self._laid is not None

    def lay(self, asked: ModelRequest) -> None:
        """Collect a request; only while it is open.  Raises the error of one that was given up."""
        assert self._laid is not None
        if asked.id in self._given_up:
            raise self._given_up[asked.id]
        self._laid.append(asked)

    @contextmanager
    def opened(self, given_up: Mapping[str, ModelError]) -> Iterator[list[ModelRequest]]:
        """Open it for a block, which gets the collected requests.

        Args:
            given_up: errors of requests that are not to be asked again, by id.
        """
        laid: list[ModelRequest] = []
        self._laid, self._given_up = laid, given_up
        try:
            yield laid
        finally:
            self._laid, self._given_up = None, {}
