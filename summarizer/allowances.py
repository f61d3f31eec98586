"""What a run of drafting in bulk may still ask for: its questions held against the budget."""

from __future__ import annotations

from collections.abc import Iterable

from summarizer.batches import Held
from summarizer.budgets import Purse
from summarizer.domain import Usage


class Allowance:
    """What is left of every limit, less what was granted here.

    Once something did not fit, ``lacking`` says why, so that what is quieter is not begun instead
    of it.
    """

    def __init__(self, purses: Iterable[Purse]) -> None:
        """Begin with what is left now; without purses everything is granted."""
        self._purses = tuple(purses)
        self.lacking: str | None = None

    def grants(self, questions: Iterable[Held]) -> bool:
        """Whether there is room for all of these in a batch, which is then taken."""
        return self._granted(sum((q.most for q in questions), Usage()), batched=True)

    def grants_draft(self, reserve: Usage) -> bool:
        """Whether there is room for an ordinary draft, which is then taken."""
        return self._granted(reserve, batched=False)

    def _granted(self, most: Usage, batched: bool) -> bool:
        for purse in self._purses:
            need = purse.need(most, batched)
            if need > purse.left:
                more = f"; more is from {purse.frees_at:%H:%M} UTC on" if purse.frees_at else ""
                self.lacking = purse.lacks(need) + more
                return False
        self._purses = tuple(
            purse.model_copy(update={"reserved": purse.reserved + purse.need(most, batched)})
            for purse in self._purses
        )
        return True
