"""Composers of points, consequences and the story in chronological order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from math import ceil

from summarizer.domain.sections import SectionSpec
from summarizer.drafting.extractive.context import DraftContext, Written, fits, write
from summarizer.drafting.extractive.effects import ENOUGH, effect, has_amount
from summarizer.drafting.extractive.event_dates import AHEAD, day_of_event
from summarizer.drafting.extractive.filters import OWN_SPEAKS, Lean
from summarizer.drafting.extractive.ranking import repeats, varied
from summarizer.drafting.extractive.sentences import Sentence
from summarizer.drafting.extractive.standing import standing
from summarizer.text.named_days import deadlines_in
from summarizer.text.parse import parse
from summarizer.verification.section_rules import VERDICT_OF_OURS

_EARLY = (1.0, 0.6, 0.4)
"""Weights of an item's first sentences as the opening, by position."""
_FEW = 3
"""Number of usable sentences up to which points use all of them."""
_MOST_POINTS = 5
_MOST_TOLD = 6
_READ = 30
"""Sentences whose grammar is read, the most salient first."""
_APART = 0.1
"""Weight of a sentence that shares nothing with any other: often of another story."""
_NEWEST = 1.5
"""Weight of a point that gives the newest value of a fact."""
_FLOOR = 0.06
"""Share of the best worth below which a sentence is left out."""


def points(context: DraftContext, spec: SectionSpec, used: Sequence[Sentence]) -> list[Written]:
    """The most salient sentences that do not repeat one another, most important first.

    Each stands alone: it takes nothing for known, is no mere quotation and goes on from nothing.
    """
    alone = _tellable(context)
    quota = len(alone) if len(alone) <= _FEW else max(2, ceil(0.4 * len(alone)))
    limit = min(quota, spec.limits.max_claims, _MOST_POINTS)
    worth = _worth(context, alone)
    best = _best(spec, alone, worth)
    whole = [s for s in best if _is_point(s) or (_is_free(s) and context.is_newest(s.text))]
    candidates = whole if len(whole) >= spec.limits.min_claims else best
    worth |= {s.index: _NEWEST * worth[s.index] for s in best if context.is_newest(s.text)}
    return _written(context, spec, candidates, worth, used, limit)


def consequences(
    context: DraftContext, spec: SectionSpec, used: Sequence[Sentence]
) -> list[Written]:
    """Sentences about effects, decisions and amounts; empty if there are none."""
    tellable = [s for s in _tellable(context) if not s.partisan and fits(spec, s)]
    worth = _worth(context, tellable)
    counted = [s for s in tellable if worth[s.index] or has_amount(s.text)][:_READ]
    parse([s.text for s in counted])  # together, which is faster
    known = {stem for s in used for stem in s.stems}
    strength = {s.index: effect(s.text) for s in counted if _is_point(s, known)}
    found = [s for s in context.sentences if strength.get(s.index, 0.0) >= ENOUGH]
    mattering = {s.index: (0.2 + worth[s.index]) * strength[s.index] / ENOUGH for s in found}
    limit = min(spec.limits.max_claims, max(1, len(context.sentences) // 5))
    return _written(context, spec, found, mattering, used, limit)


def story(context: DraftContext, spec: SectionSpec, used: Sequence[Sentence]) -> list[Written]:
    """The story: an early lead, then sentences that add to it, by date of their events.

    A dependent sentence is used only directly after its antecedent, and one that takes something
    for known only after a sentence that tells it.
    """
    opening = lead(context, spec, used)
    if opening is None:
        return []
    alone = _tellable(context)
    worth = _worth(context, alone)
    limit = min(spec.limits.max_claims, _MOST_TOLD)
    free = [s for s in _best(spec, alone, worth) if _is_free(s)]
    chosen = [opening, *_varied(context, free, worth, [*used, opening], limit - 1)]
    told = _with_followers(context, chosen, used, limit)
    ordered = sorted(told, key=lambda s: (s.index != opening.index, *_when(context, s)))
    return [w for s in _introduced(context, ordered, used) if (w := _told(context, spec, s))]


def lead(context: DraftContext, spec: SectionSpec, used: Sequence[Sentence]) -> Sentence | None:
    """Opening sentence of the story: a salient lead, preferably of an early item.

    ``None`` if no lead fits the section.
    """
    taken = {s.index for s in used}
    leads = [
        s
        for s in _tellable(context)
        if s.position < len(_EARLY) and s.index not in taken and fits(spec, s)
    ]
    leads = [s for s in leads if _is_free(s)]
    if not leads:
        return None
    last = max(1, len(context.pack.items) - 1)
    place = {item.key: n / last for n, item in enumerate(context.pack.items)}
    worth = _worth(context, leads)

    def opens(sentence: Sentence) -> tuple[float, int]:
        first = 1.0 if context.retracts is not None else 1.0 - 0.6 * place[sentence.item.key]
        return (
            round(worth[sentence.index] * _EARLY[sentence.position] * first, 9),
            -sentence.index,
        )

    return max(leads, key=opens)


def _tellable(context: DraftContext) -> list[Sentence]:
    """Sentences that stand alone and give no older value; partisan ones only if there are few
    others."""
    alone = [
        s
        for s in context.sentences
        if s.stands_alone and not context.is_superseded(s.text, s.cites)
    ]
    impartial = [s for s in alone if not s.partisan]
    return impartial if len(impartial) > _FEW else alone


def _best(
    spec: SectionSpec, sentences: Sequence[Sentence], worth: Mapping[int, float]
) -> list[Sentence]:
    """Sentences that fit a section and are near the best in worth, in order."""
    floor = _FLOOR * max((worth[s.index] for s in sentences), default=0.0)
    return [s for s in sentences if worth[s.index] >= floor and fits(spec, s)]


def _is_point(sentence: Sentence, known: Iterable[str] = ()) -> bool:
    """Whether a sentence tells a fact that stands alone, given the stems of what is known."""
    said = standing(sentence.text)
    whole = not (said.linked or said.dangling or said.adrift or _is_quotation(sentence))
    whole = whole and not OWN_SPEAKS.search(sentence.bare)
    return whole and not said.heads - set(known)


def _is_free(sentence: Sentence) -> bool:
    said = standing(sentence.text)
    return not (said.heads or said.dangling or said.linked)


def _is_quotation(sentence: Sentence) -> bool:
    return sentence.bare.count("·") > len(sentence.text) / 3


def _introduced(
    context: DraftContext, ordered: Sequence[Sentence], used: Sequence[Sentence]
) -> list[Sentence]:
    """The sentences without those that take for known what or whom none before them tells."""
    kept: list[Sentence] = []
    known = {stem for s in used for stem in s.stems}
    for sentence in ordered:
        names = context.book.of(sentence)[:1]
        full = context.book.full(names[0], sentence) if names else None
        met = full is None or any(full[0] in s.text for s in (*used, *kept))
        if met and standing(sentence.text).heads <= known:
            kept.append(sentence)
            known |= sentence.stems
    return kept


def _when(context: DraftContext, sentence: Sentence) -> tuple[dt.date, int]:
    """Sort key: day of a sentence's event, else of its item; of the antecedent if dependent."""
    before = context.antecedent(sentence)
    if sentence.lean is Lean.HARD and before is not None:
        return _when(context, before)[0], sentence.index
    day = day_of_event(context, sentence) or context.published(sentence) or dt.date.max
    return day, sentence.index


def _written(
    context: DraftContext,
    spec: SectionSpec,
    candidates: Sequence[Sentence],
    worth: Mapping[int, float],
    used: Sequence[Sentence],
    limit: int,
) -> list[Written]:
    picked = _varied(context, candidates, worth, used, limit)
    written = [w for s in picked if (w := write(context, spec, s))]
    return [w for w in written if not context.is_superseded(w.claim.text, w.claim.cites)]


def _varied(
    context: DraftContext,
    candidates: Sequence[Sentence],
    worth: Mapping[int, float],
    used: Sequence[Sentence],
    limit: int,
) -> list[Sentence]:
    return varied(candidates, dict(worth), context.ranking.likeness, used, limit)


def _worth(context: DraftContext, sentences: Sequence[Sentence]) -> dict[int, float]:
    """Salience by index, with penalties; the grammar of the most salient sentences is read."""
    rough = {s.index: _salience(context, s) for s in sentences}
    read = set(sorted(rough, key=lambda index: (-rough[index], index))[:_READ])
    parse([s.text for s in sentences if s.index in read])  # together, which is faster
    return {s.index: rough[s.index] * (_clarity(s) if s.index in read else 0.0) for s in sentences}


def _clarity(sentence: Sentence) -> float:
    """Weight of a sentence by its grammar: less if its subject has no name, or it points back."""
    said = standing(sentence.text)
    points_back = 0.6 if said.heads or said.dangling else 1.0
    return (1.0 if said.named else 0.7) * points_back * (0.7 if said.linked else 1.0)


def _salience(context: DraftContext, sentence: Sentence) -> float:
    """Salience with penalties for bare surnames, quotations and past plans."""
    names = context.book.of(sentence)
    unnamed = 0.6 if not names else 1.0
    bare = 0.7 if names and context.book.full(names[0], sentence) else 1.0
    stale = 0.3 if _is_over(context, sentence) else 1.0
    quotes = 0.6 if _is_quotation(sentence) else 1.0
    judged = 0.6 if VERDICT_OF_OURS.search(sentence.bare) else 1.0
    apart = _APART if context.ranking.is_apart(sentence) else 1.0
    ends = 2.0 if context.tells_end(sentence) else 1.0
    return context.score(sentence) * ends * unnamed * bare * quotes * judged * stale * apart


def _is_over(context: DraftContext, sentence: Sentence) -> bool:
    """Whether a sentence announces a day that has passed since."""
    if context.newest is None or not AHEAD.search(sentence.bare):
        return False
    days = [f.date for f in deadlines_in(sentence.bare, context.published(sentence))]
    return bool(days) and max(days) < context.newest


def _with_followers(
    context: DraftContext, chosen: list[Sentence], used: Sequence[Sentence], limit: int
) -> list[Sentence]:
    """Add sentences that lean on chosen ones up to the limit, best first."""
    told = {s.index for s in chosen}
    leaning = [
        s
        for s in context.sentences
        if not (s.own_voice or s.partisan or s.index in told)
        and (s.antecedent in told if s.lean is Lean.HARD else _goes_on(s, chosen, used))
        and not context.is_superseded(s.text, s.cites)
    ]
    leaning.sort(key=lambda s: (-context.score(s), s.index))
    found = [*chosen]
    for sentence in leaning:
        if len(found) < limit and not any(repeats(sentence, o) for o in [*used, *found]):
            found.append(sentence)
    return found


def _goes_on(sentence: Sentence, chosen: Sequence[Sentence], used: Sequence[Sentence]) -> bool:
    """Whether the page, or chosen sentences before it in its item, tell what it takes for known."""
    before = [s for s in chosen if s.item is sentence.item and s.index < sentence.index]
    known = {stem for s in (*before, *used) for stem in s.stems}
    said = standing(sentence.text)
    return bool(said.heads) and said.heads <= known and not said.dangling


def _told(context: DraftContext, spec: SectionSpec, sentence: Sentence) -> Written | None:
    before = context.antecedent(sentence)
    leaning = sentence.lean is Lean.HARD and before is not None
    return write(context, spec, sentence, before=(before,) if leaning and before else ())
