"""A revision without its sections and evidence, for lists of them."""

from __future__ import annotations

import datetime as dt

from summarizer.domain import Model


class Revision(Model):
    """One revision of an incident's draft; each field as in ``Draft``."""

    revision: int
    created_at: dt.datetime
    drafter: str
    made_by: str | None
    change: str | None
