"""What is counted of drafts for those who watch the service, so that no draft is read for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Literal, NamedTuple, Protocol

from summarizer.domain import Draft


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


class Tallies(Protocol):
    """Adds up what was counted of each draft when it was stored."""

    def after(self, number: int) -> Tally:
        """All that was drafted after an entry of the history; 0 for everything."""
        ...


def of(draft: Draft) -> Mapping[Counted, int]:
    """What is counted of one draft; nothing is counted as 0."""
    counts = Counter({Counted("drafter", draft.drafter): 1})
    for section in draft.sections:
        for claim in (*section.shown, *section.withheld):
            counts[Counted("verdict", claim.verdict.label.value)] += 1
    for name, tokens in draft.usage.model_dump().items():
        if tokens and name.endswith("_tokens"):
            counts[Counted("tokens", name.removesuffix("_tokens"))] += tokens
    return counts
