"""Composer of the forecast: steps that a source announces for a day, each without a number.

A probability would be a reading of the source's hedge, not an estimate of the event; what a source
only calls possible needs a model.  A step whose day can mean several, or that is told in another
language, stands in the words of its source.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Any

from summarizer.domain.claims import Claim, Kind
from summarizer.domain.sections import SectionSpec
from summarizer.drafting.extractive.compression import shortened
from summarizer.drafting.extractive.context import DraftContext, Written, spoken, write
from summarizer.drafting.extractive.filters import Lean, outside_quotes
from summarizer.drafting.extractive.ranking import repeats
from summarizer.drafting.extractive.sentences import Sentence, verbatim
from summarizer.text.foreign_days import foreign_step
from summarizer.text.steps import steps

_CRITERION = "a public report or record shows that what the sentence announces happened."
_ONE_STEP = 0.12
"""Cosine from which two sentences about the same future day announce the same event."""


def forecast(context: DraftContext, spec: SectionSpec, used: Sequence[Sentence]) -> list[Written]:
    """Steps announced for days after the newest item; the best are selected, then sorted by day."""
    told = (s for s in context.sentences if s.lean is not Lean.HARD)
    ahead = [written for s in told if (written := _step(context, spec, s))]
    keys = [item.key for item in context.pack.items]
    taken = {s.index for s in used}

    def worth(written: Written) -> tuple[float, int]:
        sentence = written.sentence
        place = keys.index(sentence.item.key) / len(keys)
        score = context.score(sentence) * (0.4 + place) * (0.7 if sentence.index in taken else 1.0)
        return round(score, 9), -sentence.index

    kept: list[Written] = []
    for written in sorted(ahead, key=worth, reverse=True):
        if len(kept) < spec.limits.max_claims and not any(
            _same_step(context, written, other) for other in kept
        ):
            kept.append(written)
    for written in _foreign(context, spec):
        days = {w.claim.date for w in kept}
        if len(kept) < spec.limits.max_claims and written.claim.date not in days:
            kept.append(written)
    return sorted(kept, key=lambda w: (w.claim.date or dt.date.max, w.sentence.index))


def _same_step(context: DraftContext, a: Written, b: Written) -> bool:
    same_day = a.claim.date == b.claim.date
    alike = context.ranking.alike(a.sentence, b.sentence)
    return repeats(a.sentence, b.sentence) or (same_day and alike >= _ONE_STEP)


def _step(context: DraftContext, spec: SectionSpec, sentence: Sentence) -> Written | None:
    text = outside_quotes(shortened(sentence.text, spec.limits.max_words) or "")
    days = steps(text, context.published(sentence)) if context.newest else []
    day = next((day for day in days if context.newest and day > context.newest), None)
    unresolved = re.search(r"\b(?:it|them)\b", text) and not context.book.of(sentence)
    if day is None or unresolved or context.is_superseded(text, sentence.cites):
        return None
    if context.rests_on_ended(sentence):
        return None
    fields: dict[str, Any] = {"kind": Kind.PREDICTION, "date": day, "criterion": _CRITERION}
    plain = write(context, spec, sentence, **fields)
    return plain or write(context, spec, sentence, quoted=True, **fields)


def _foreign(context: DraftContext, spec: SectionSpec) -> Iterator[Written]:
    """Steps told in another language, quoted."""
    for passage in context.pack.passages:
        item = context.pack.item(passage.item_key)
        published = item.published_at.date() if item.published_at else None
        day = foreign_step(passage.text, published)
        if day is None or context.newest is None or day <= context.newest:
            continue
        sentence = verbatim(item, passage, len(context.sentences))
        if text := spoken(item.source_name, sentence, spec.limits.max_words):
            kind, cites = Kind.PREDICTION, (passage.id,)
            claim = Claim(text=text, cites=cites, kind=kind, date=day, criterion=_CRITERION)
            yield Written(sentence, claim)
