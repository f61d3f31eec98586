"""The timeline: dated events, oldest first, one or two a day."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence

from summarizer.domain.claims import DateBasis
from summarizer.domain.sections import SectionSpec
from summarizer.drafting.extractive.compression import shortened
from summarizer.drafting.extractive.context import DraftContext, Written, write
from summarizer.drafting.extractive.event_dates import AHEAD, day_of_event, deadlines_in
from summarizer.drafting.extractive.filters import Lean
from summarizer.drafting.extractive.ranking import repeats
from summarizer.drafting.extractive.sentences import Sentence

_NON_EVENT = re.compile(
    r"\bdid(?:n['’]t| not) (?:immediately )?(?:respond|reply|return)|\bdeclined to"
)
_PER_DAY = 2
_LATE_REPORT = 3  # days within which a like sentence reports the same event again
_ONE_EVENT = 0.3  # cosine from which two sentences about one day tell one event


def timeline(material: DraftContext, spec: SectionSpec, used: Sequence[Sentence]) -> list[Written]:
    """Events whose day a source gives; where an item gives none, its first report, so marked."""
    dated = [w for s in material.sentences if (w := _event(material, spec, s))]
    reported = [w for s in _first_reports(material) if (w := _report(material, spec, s))]
    taken = {s.index for s in used}

    def worth(written: Written) -> tuple[float, int]:
        sentence = written.sentence
        score = material.score(sentence) * (0.8 if sentence.index in taken else 1.0)
        score *= 0.4 if sentence.partisan else 1.0
        score *= 0.3 if _NON_EVENT.search(sentence.bare) else 1.0
        score *= 0.5 if sentence.lean is Lean.SOFT else 1.0
        score *= 0.5 if written.claim.date_basis is DateBasis.PUBLICATION else 1.0
        return round(score, 9), -sentence.index

    kept: list[Written] = []
    per_day: Counter[dt.date | None] = Counter()
    for written in sorted([*dated, *reported], key=worth, reverse=True):
        day = written.claim.date
        if len(kept) == spec.limits.max_claims or per_day[day] == _PER_DAY:
            continue
        if any(_same_event(material, written, other) for other in kept):
            continue
        per_day[day] += 1
        kept.append(written)
    return sorted(kept, key=lambda w: (w.claim.date or dt.date.min, w.sentence.index))


def _same_event(material: DraftContext, a: Written, b: Written) -> bool:
    if a.claim.date is None or b.claim.date is None:
        return False
    apart = abs((a.claim.date - b.claim.date).days)
    alike = material.ranking.alike(a.sentence, b.sentence)
    reported = DateBasis.PUBLICATION in (a.claim.date_basis, b.claim.date_basis)
    near = apart <= _LATE_REPORT and (
        repeats(a.sentence, b.sentence) or (reported and alike >= _ONE_EVENT)
    )
    return near or (apart == 0 and alike >= _ONE_EVENT)


def _event(material: DraftContext, spec: SectionSpec, sentence: Sentence) -> Written | None:
    text = shortened(sentence.text, spec.limits.max_words)
    day = None if text is None else day_of_event(material, sentence, text)
    if day is None or not sentence.stands_alone:
        return None
    return write(material, spec, sentence, date=day, date_basis=DateBasis.EVENT)


def _first_reports(material: DraftContext) -> list[Sentence]:
    """The first sentence that stands alone of each independent origin, where it is dated."""
    first: dict[str, Sentence] = {}
    for sentence in material.sentences:
        if sentence.stands_alone and sentence.item.published_at is not None:
            first.setdefault(sentence.item.origin, sentence)
    return [s for s in first.values() if day_of_event(material, s) is None]


def _report(material: DraftContext, spec: SectionSpec, sentence: Sentence) -> Written | None:
    first_hand = not sentence.partisan and sentence.position == 0
    ahead = AHEAD.search(sentence.bare) and deadlines_in(
        sentence.bare, material.published(sentence)
    )
    named = material.book.of(sentence)
    if not (first_hand and named) or sentence.lean is not Lean.NOT or ahead:
        return None
    day = material.published(sentence)
    return write(material, spec, sentence, date=day, date_basis=DateBasis.PUBLICATION)
