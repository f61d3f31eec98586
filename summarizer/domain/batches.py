"""Questions that are sent to a model many at a time, at half the price, and answered later.

What is asked, what a batch of it looks like on our side and at the server, and what is asked of
the two that hold it.  ``summarizer.jobs.batch_run`` drafts with it.
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
"""What a token of a batch costs, over what it costs otherwise (Anthropic's price list,
2026-11-24)."""


class ModelRequest(Model):
    """One question that waits for its answer.

    Args:
        id: hash of the request, under which its answer is kept; the batch's ``custom_id``.
        purpose: ``draft``, ``repair`` or ``judge``.
        model: id of the model.
        request: body as JSON, without the key.
        most: the most that it can take: all of the request, and the longest answer to it.
    """

    id: str
    purpose: str
    model: str
    request: str
    most: Usage


class BatchedRequest(ModelRequest):
    """A question in a batch, and the incident for which it is asked."""

    incident_id: IncidentId


class Batch(Model):
    """A batch as we know it.

    Args:
        number: ours, from 1.
        server: address to which it was sent.
        begun_at: when it was written down, just before it was sent.
        batch_id: the server's; ``None`` until the server has named it.
        collected_at: when all its answers were stored.
        outcomes: how many questions ended in which way; ``waiting`` those that did not yet.
    """

    number: int
    server: str
    begun_at: dt.datetime
    batch_id: str | None = None
    collected_at: dt.datetime | None = None
    outcomes: Mapping[str, int]

    @property
    def requests(self) -> int:
        """How many questions it holds."""
        return sum(self.outcomes.values())


WAITING = "waiting"
"""Outcome of a question without an answer."""


class Progress(Model):
    """A batch as the server sees it.

    Args:
        ended: whether there are results.
        counts: questions by what became of them, in the server's words.
    """

    batch_id: str
    ended: bool
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Answer:
    """What came back for one question.

    Args:
        id: of the question.
        outcome: ``succeeded``, ``errored``, ``expired``, ``canceled``, or ``missing`` when the
            server says nothing of it.
        response: the message as it came, ``None`` when none did.
        error: why there is no usable answer.
    """

    id: str
    outcome: str
    response: str | None = None
    usage: Usage = field(default_factory=lambda: Usage(calls=1))
    error: ModelError | None = None


class Outbox:
    """Where questions are laid down instead of being sent, while it is open.

    What is asked of a model and was answered before comes from the log of calls either way.
    """

    def __init__(self) -> None:
        self._laid: list[ModelRequest] | None = None

    @property
    def is_open(self) -> bool:
        """Whether questions wait here."""
        return self._laid is not None

    def lay(self, asked: ModelRequest) -> None:
        """Lay a question down; only while it is open."""
        assert self._laid is not None
        self._laid.append(asked)

    @contextmanager
    def opened(self) -> Iterator[list[ModelRequest]]:
        """Open it for a block, which gets what is laid down."""
        laid: list[ModelRequest] = []
        self._laid = laid
        try:
            yield laid
        finally:
            self._laid = None
