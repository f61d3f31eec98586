"""Answers to writes, kept for a day under the key that their sender chose (``Idempotency-Key``).

So a write whose answer was lost can be sent again without being done twice.  Words and rules are
those of draft-ietf-httpapi-idempotency-key-header.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from summarizer.domain.model import Model

KEPT = dt.timedelta(hours=24)
"""How long an answer can be asked for again."""
ABANDONED = dt.timedelta(minutes=10)
"""After which a write without an answer is taken to have died with its process; the longest
honest one, a body of 64 MiB of items, is done before."""
LARGEST = 256 * 1024
"""Most bytes of an answer that is kept; ours are below, but for an ingest of a whole archive."""


class Answer(Model):
    """What a write was answered.

    Args:
        status: of HTTP.
        headers: those that matter to the sender again.
        body: ``None`` when it is not kept, because it held a secret or was too large.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes | None


class Claimed(Model):
    """What is known of a key when somebody comes with it.

    Args:
        fingerprint: hash of the request that it first came with.
        answer: ``None`` while that request is under way.
    """

    fingerprint: str
    answer: Answer | None = None
