"""Counters of drafts, and usage of models for the cost account."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from summarizer.domain.drafts import Draft, Usage
from summarizer.domain.model import Model


class Spending(Model):
    """Usage of the calls to one model in a period.

    Args:
        first_at: time of sending of the oldest call.
        batched: whether the calls were part of batches, at half the price.
    """

    model: str
    usage: Usage
    first_at: dt.datetime
    batched: bool = False


class DraftCounts(NamedTuple):
    """Counters of the drafts in a range of events.

    Args:
        last: number of the last event.
        failed: number of failed drafts.
        drafters: number of drafts by drafter.
        verdicts: number of claims by verdict.
        tokens: number of tokens by kind, such as ``input`` and ``cache_read``.
    """

    last: int
    failed: int
    drafters: Mapping[str, int]
    verdicts: Mapping[str, int]
    tokens: Mapping[str, int]


def count_draft(draft: Draft) -> dict[str, dict[str, int]]:
    """Counters for a draft's event, without zeros: claims by verdict, shown or withheld
    (``verdicts``), and ``tokens`` by kind."""
    claims = (c for section in draft.sections for c in (*section.shown, *section.withheld))
    verdicts = Counter(claim.verdict.label.value for claim in claims)
    used = draft.usage.model_dump().items()
    tokens = {name.removesuffix("_tokens"): n for name, n in used if n and name.endswith("_tokens")}
    counts = {"verdicts": dict(verdicts), "tokens": tokens}
    return {name: count for name, count in counts.items() if count}
