"""What a draft will use of a model, by what recent drafts used: the amount that a budget sets
aside for it.

A draft sends its prompts and evidence once a call.  How often, and how a server counts it, is that
of recent drafts by the same model: sent tokens for each estimated token of prompts and evidence.
What is written depends little on the evidence.  Both are high percentiles, so that most drafts take
less than was set aside for them.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeVar

from pydantic import Field

from summarizer.domain.drafts import Usage
from summarizer.domain.model import Model
from summarizer.domain.usage import DraftUse
from summarizer.storage.planner_inputs import PlannerRecords

T = TypeVar("T")

RECENT = 50
"""Newest drafts, or answers, that are measured."""

ENOUGH = 5
"""Drafts, or answers, from which on they are; before, the start value is set aside."""

SHARE = 0.9
"""Share of the measured ones that took no more than what is set aside."""

START_ANSWER = 2_000
"""Tokens of an answer before any is measured.  The recorded answers of the samples have 1,000 to
3,000; 1,400 in the mean."""


class Estimate(Model):
    """How the use of one draft is estimated.

    Args:
        model: id of the model that drafts; ``None`` without one.
        calls: calls of a draft with a repair; 0 if no model is asked.
        prompt_tokens: tokens of all prompts, without evidence.
        evidence_tokens: most tokens of an evidence pack.
        answer_tokens: most tokens of one answer.
    """

    model: str | None = None
    calls: int = Field(default=0, ge=0)
    prompt_tokens: int = Field(default=0, ge=0)
    evidence_tokens: int = Field(default=0, ge=0)
    answer_tokens: int = Field(default=0, ge=0)

    def of(self, evidence: int, drafts: Sequence[DraftUse] = ()) -> Usage:
        """Use of a draft with that many tokens of evidence, by recent drafts of the same model."""
        if not self.calls:
            return Usage()
        sent = self.prompt_tokens + min(evidence, self.evidence_tokens)
        if len(drafts) < ENOUGH:
            return Usage(
                calls=self.calls,
                input_tokens=self.calls * sent,
                output_tokens=self.calls * self.answer(()),
            )
        typical = percentile(drafts, self._resent)
        used, share = typical.usage, sent / (self.prompt_tokens + typical.evidence)
        return Usage(
            calls=used.calls,
            input_tokens=math.ceil(share * used.input_tokens),
            cache_write_tokens=math.ceil(share * used.cache_write_tokens),
            cache_read_tokens=math.ceil(share * used.cache_read_tokens),
            output_tokens=percentile(drafts, _written).usage.output_tokens,
        )

    def answer(self, answers: Sequence[int]) -> int:
        """Tokens of one answer, by those of recent ones."""
        if len(answers) < ENOUGH:
            return min(START_ANSWER, self.answer_tokens)
        return percentile(answers, float)

    def _resent(self, draft: DraftUse) -> float:
        """Sent tokens for each token of prompts and evidence."""
        sent = draft.usage.tokens - draft.usage.output_tokens
        return sent / (self.prompt_tokens + draft.evidence)


class MeasuredUse:
    """Estimates of one installation, which follow its drafts; safe in any thread."""

    def __init__(self, records: PlannerRecords, estimate: Estimate) -> None:
        self._records = records
        self._estimate = estimate
        self._drafts: deque[DraftUse] = deque(maxlen=RECENT)
        self._seen = 0
        self._lock = threading.Lock()

    def of_draft(self, evidence: int) -> Usage:
        """What a draft with that many tokens of evidence will use.

        It is more than nine in ten of the recent drafts would have used.
        """
        if not self._estimate.calls:
            return Usage()
        return self._estimate.of(evidence, self._recent())

    def of_request(self, model: str, purpose: str, most: Usage) -> Usage:
        """What one request will use, of which the sent tokens are counted."""
        written = self._estimate.answer(self._records.answers(model, purpose, RECENT))
        return most.model_copy(update={"output_tokens": min(most.output_tokens, written)})

    def _recent(self) -> list[DraftUse]:
        """Recent drafts by the model; reads those that are new."""
        with self._lock:
            self._seen, new = self._records.drafts(self._seen, self._estimate.model)
            self._drafts += new
            return list(self._drafts)


def percentile(found: Sequence[T], value: Callable[[T], float]) -> T:
    """That of some, with the lowest value that ``SHARE`` of them do not exceed."""
    return sorted(found, key=value)[math.ceil(SHARE * len(found)) - 1]


def _written(draft: DraftUse) -> float:
    return draft.usage.output_tokens
