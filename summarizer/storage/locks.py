"""What a transaction decides on, by name, so that no other one decides on it at the same time.

On SQLite there is one writer, and nothing is taken.  On PostgreSQL each is a lock on the whole
database server's copy of this database, held until the transaction ends, whichever way.  Locks are
taken in the order of this module, so that no two transactions wait for each other.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple


class Lock(NamedTuple):
    """A lock; those of a lower rank, then of a lower name, are taken first.

    Args:
        shared: whether many may hold it at once, while nobody holds it alone.
    """

    rank: int
    name: str
    shared: bool = False

    @property
    def key(self) -> int:
        """The lock as the number that PostgreSQL wants, of 64 bits with a sign."""
        digest = hashlib.blake2b(f"summarizer:{self.name}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big", signed=True)


SCHEMA = Lock(0, "schema")
"""The tables themselves, and the id of the installation."""

KEYS = Lock(1, "keys")
"""Whether there is a key."""

ITEMS = Lock(1, "items")
"""Which items there are.  Numbers of items become visible in their order."""

GROUPING = Lock(2, "grouping")
"""Which incidents there are, and which items are in them."""


def drafts_of(incident_id: str) -> Lock:
    """The revisions of one incident."""
    return Lock(3, f"drafts of {incident_id}")


ERASURE = Lock(4, "erasure")
"""Which items are deleted, and which drafts are stored of them."""

STORING = ERASURE._replace(shared=True)
"""Held by those who store drafts, beside one another, while nothing is deleted."""

JOBS = Lock(5, "jobs")
"""What is drafted, now and next."""

BATCHES = Lock(6, "batches")
"""Whose the open message batches are."""


def webhook(subscription_id: str) -> Lock:
    """A subscription, and which deliveries it has."""
    return Lock(7, f"webhook {subscription_id}")


LOG = Lock(8, "log")
"""The history, and the standings that change with it.  Taken last, and before an event gets its
number: numbers of events become visible in their order."""
