"""Counts of drafts and of the money spent on them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Literal, NamedTuple

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


class Counted(NamedTuple):
    """One thing that is counted of a draft: which drafter made it, the verdict on its sentences,
    or the kind of tokens that it took."""

    kind: Literal["drafter", "verdict", "tokens"]
    name: str


class Tally(NamedTuple):
    """What the drafts of a stretch of the history add up to.

    Args:
        upto: number of its last entry.
        failed: drafts that could not be made.
    """

    upto: int
    failed: int
    counts: Mapping[Counted, int]


def count_draft(draft: Draft) -> Mapping[Counted, int]:
    """What is counted of one draft; nothing is counted as 0."""
    counts = Counter({Counted("drafter", draft.drafter): 1})
    for section in draft.sections:
        for claim in (*section.shown, *section.withheld):
            counts[Counted("verdict", claim.verdict.label.value)] += 1
    for name, tokens in draft.usage.model_dump().items():
        if tokens and name.endswith("_tokens"):
            counts[Counted("tokens", name.removesuffix("_tokens"))] += tokens
    return counts
