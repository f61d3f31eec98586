"""Composer of the forecast: steps that a source announces for a day, each without a number.

A probability would be a reading of the source's hedge, not an estimate of the event; what a source
only calls possible needs a model.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from summarizer.domain.claims import Kind
from summarizer.domain.sections import SectionSpec
from summarizer.drafting.extractive.compression import shortened
from summarizer.drafting.extractive.context import DraftContext, Written, write
from summarizer.drafting.extractive.filters import outside_quotes
from summarizer.drafting.extractive.ranking import repeats
from summarizer.drafting.extractive.sentences import Sentence
from summarizer.text.called_off import is_called_off, moves_to
from summarizer.text.named_days import deadlines_in
from summarizer.text.schedules import announces

_CLAUSE = re.compile(r"[;—]|, (?:and|but|while|who|which)\b")
_PAST_DAY = re.compile(
    r"\b(?:said|told|wrote|earlier|late|last|announced|added|posted|filed|(?!expected|scheduled|slated|planned|delayed|needed)[a-z]+ed)\s(?:\w+\s){0,2}"
    r"(?:on\s)?(?:late\s|early\s)?$|\b(?:earlier|late)\s$"
)
_ONE_STEP = 0.12
"""Cosine from which two sentences about the same future day announce the same event."""


def forecast(context: DraftContext, spec: SectionSpec, used: Sequence[Sentence]) -> list[Written]:
    """Steps announced for days after the newest item; the best are selected, then sorted by day."""
    ahead = [w for s in context.sentences if s.stands_alone and (w := _step(context, spec, s))]
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
    return sorted(kept, key=lambda w: (w.claim.date or dt.date.max, w.sentence.index))


def _same_step(context: DraftContext, a: Written, b: Written) -> bool:
    same_day = a.claim.date == b.claim.date
    alike = context.ranking.alike(a.sentence, b.sentence)
    return repeats(a.sentence, b.sentence) or (same_day and alike >= _ONE_STEP)


def _step(context: DraftContext, spec: SectionSpec, sentence: Sentence) -> Written | None:
    text = outside_quotes(shortened(sentence.text, spec.limits.max_words) or "")
    day = _judged_on(context, sentence, text)
    unresolved = re.search(r"\b(?:it|them)\b", text) and not context.book.of(sentence)
    if day is None or unresolved or not announces(text):
        return None
    if context.is_superseded(text, sentence.cites):
        return None
    return write(
        context,
        spec,
        sentence,
        kind=Kind.PREDICTION,
        date=day,
        criterion="a public report or record shows that what the sentence announces happened.",
    )


def _judged_on(context: DraftContext, sentence: Sentence, bare: str) -> dt.date | None:
    """The first day after the newest item in a clause that announces something."""
    if context.newest is None:
        return None
    for found in deadlines_in(bare, context.published(sentence)):
        clause = _CLAUSE.split(bare[: found.start])[-1]
        past = _PAST_DAY.search(clause)
        moved = moves_to(bare, found.start)
        stands = announces(clause) and not past and not is_called_off(bare, found.start)
        if found.date > context.newest and (moved or stands):
            return found.date
    return None
