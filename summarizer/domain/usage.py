"""Counters of drafts, and usage of models for the cost account."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

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


class DraftUse(Model):
    """What one whole draft used, and of how much evidence.

    Args:
        usage: of all its calls, repair and judge included.
        evidence: estimated tokens of its evidence pack.
    """

    usage: Usage
    evidence: int


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


def count_draft(draft: Draft) -> dict[str, Any]:
    """Counters for a draft's event, without zeros: claims by verdict, shown or withheld
    (``verdicts``), ``tokens`` by kind, ``calls`` and ``cached_calls``, and, where a model was
    asked, the estimated tokens of the evidence."""
    claims = (c for section in draft.sections for c in (*section.shown, *section.withheld))
    verdicts = Counter(claim.verdict.label.value for claim in claims)
    used = draft.usage.model_dump().items()
    tokens = {name.removesuffix("_tokens"): n for name, n in used if n and name.endswith("_tokens")}
    calls, cached = draft.usage.calls, draft.usage.cached_calls
    evidence = draft.evidence.tokens if calls or cached else 0
    counts = {"verdicts": dict(verdicts), "tokens": tokens, "evidence_tokens": evidence}
    counts |= {"calls": calls, "cached_calls": cached}
    return {name: count for name, count in counts.items() if count}


def use_of(detail: Mapping[str, Any]) -> DraftUse | None:
    """The use of a draft from the counters of its event; ``None`` if no model was asked, an answer
    was paid for by an earlier draft, or it was stored before this was counted."""
    if "evidence_tokens" not in detail or "cached_calls" in detail:
        return None
    tokens = {f"{kind}_tokens": n for kind, n in detail["tokens"].items()}
    usage = Usage(calls=detail["calls"], **tokens)
    return DraftUse(usage=usage, evidence=detail["evidence_tokens"])
