"""Composer of the timeline: dated events, oldest first, at most two per day."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence

from summarizer.domain.claims import DateBasis
from summarizer.domain.sections import SectionSpec
from summarizer.drafting.extractive.compression import shortened
from summarizer.drafting.extractive.context import DraftContext, Written, write
from summarizer.drafting.extractive.event_dates import AHEAD, day_of_event
from summarizer.drafting.extractive.filters import Lean
from summarizer.drafting.extractive.ranking import repeats
from summarizer.drafting.extractive.sentences import Sentence
from summarizer.drafting.extractive.standing import standing
from summarizer.text.named_days import days_past, deadlines_in

_NON_EVENT = re.compile(
    r"\bdid(?:n['’]t| not) (?:immediately )?(?:respond|reply|return)|\bdeclined to"
)
_PER_DAY = 2
_LATE_REPORT = 3  # days within which a similar sentence reports the same event again
_ONE_EVENT = 0.3  # cosine from which two sentences about one day report the same event


def timeline(context: DraftContext, spec: SectionSpec, used: Sequence[Sentence]) -> list[Written]:
    """Events with a day given by a source; first reports without one get the publication day.

    The latter have ``DateBasis.PUBLICATION``.
    """
    dated = [w for s in context.sentences if (w := _event(context, spec, s))]
    reported = [w for s in _first_reports(context) if (w := _report(context, spec, s))]
    taken = {s.index for s in used}

    def worth(written: Written) -> tuple[float, int]:
        sentence = written.sentence
        score = context.score(sentence) * (0.8 if sentence.index in taken else 1.0)
        score *= 0.4 if sentence.partisan else 1.0
        score *= 0.3 if _NON_EVENT.search(sentence.bare) else 1.0
        score *= 0.5 if standing(sentence.text).heads else 1.0
        score *= 0.5 if written.claim.date_basis is DateBasis.PUBLICATION else 1.0
        return round(score, 9), -sentence.index

    kept: list[Written] = []
    per_day: Counter[dt.date | None] = Counter()
    for written in sorted([*dated, *reported], key=worth, reverse=True):
        day = written.claim.date
        if len(kept) == spec.limits.max_claims or per_day[day] == _PER_DAY:
            continue
        if any(_same_event(context, written, other) for other in kept):
            continue
        per_day[day] += 1
        kept.append(written)
    return sorted(kept, key=lambda w: (w.claim.date or dt.date.min, w.sentence.index))


def _same_event(context: DraftContext, a: Written, b: Written) -> bool:
    if a.claim.date is None or b.claim.date is None:
        return False
    apart = abs((a.claim.date - b.claim.date).days)
    alike = context.ranking.alike(a.sentence, b.sentence)
    reported = DateBasis.PUBLICATION in (a.claim.date_basis, b.claim.date_basis)
    near = apart <= _LATE_REPORT and (
        repeats(a.sentence, b.sentence) or (reported and alike >= _ONE_EVENT)
    )
    return near or (apart == 0 and alike >= _ONE_EVENT)


def _event(context: DraftContext, spec: SectionSpec, sentence: Sentence) -> Written | None:
    text = shortened(sentence.text, spec.limits.max_words)
    day = None if text is None else day_of_event(context, sentence, text)
    if day is None or not sentence.stands_alone or standing(sentence.text).ongoing:
        return None
    return write(context, spec, sentence, date=day, date_basis=DateBasis.EVENT)


def _first_reports(context: DraftContext) -> list[Sentence]:
    """The first standalone sentence of each independent origin, if it gives no day of its own."""
    first: dict[str, Sentence] = {}
    for sentence in context.sentences:
        if sentence.stands_alone and sentence.item.published_at is not None:
            first.setdefault(sentence.item.origin, sentence)
    return [s for s in first.values() if day_of_event(context, s) is None]


def _report(context: DraftContext, spec: SectionSpec, sentence: Sentence) -> Written | None:
    first_hand = not sentence.partisan and sentence.position == 0
    ahead = AHEAD.search(sentence.bare) and deadlines_in(sentence.bare, context.published(sentence))
    named = context.book.of(sentence)
    if not (first_hand and named) or sentence.lean is not Lean.NOT or ahead:
        return None
    day = context.published(sentence)
    written = write(context, spec, sentence, date=day, date_basis=DateBasis.PUBLICATION)
    if written is None:
        return None
    known = {found.date for found in days_past(sentence.bare, day)} | {day}
    told = {found.date for found in days_past(written.claim.text, day)}
    return written if told <= known else None  # "no time Thursday" became another day
