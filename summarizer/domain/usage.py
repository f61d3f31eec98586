"""Counts of drafts and of the money spent on them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from summarizer.domain.drafts import Draft, Usage
from summarizer.domain.model import Model


class Spending(Model):
    """What the calls to one model took since some time.

    Args:
        first_at: when the oldest of these calls was sent.
        batched: whether they came in batches, at half the price.
    """

    model: str
    usage: Usage
    first_at: dt.datetime
    batched: bool = False


class DraftCounts(NamedTuple):
    """What the drafts of a part of the history add up to.

    Args:
        last: number of its last event.
        failed: drafts that could not be made.
        drafters: drafts by the name of their drafter.
        verdicts: sentences by their verdict.
        tokens: by kind, such as ``input`` and ``cache_read``.
    """

    last: int
    failed: int
    drafters: Mapping[str, int]
    verdicts: Mapping[str, int]
    tokens: Mapping[str, int]


def count_draft(draft: Draft) -> dict[str, dict[str, int]]:
    """Counts for the event of a draft, without zeros: its ``verdicts`` on sentences, shown or
    withheld, and its ``tokens`` by kind."""
    claims = (c for section in draft.sections for c in (*section.shown, *section.withheld))
    verdicts = Counter(claim.verdict.label.value for claim in claims)
    used = draft.usage.model_dump().items()
    tokens = {name.removesuffix("_tokens"): n for name, n in used if n and name.endswith("_tokens")}
    counts = {"verdicts": dict(verdicts), "tokens": tokens}
    return {name: count for name, count in counts.items() if count}
