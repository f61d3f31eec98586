"""Composers of points, consequences and the story in chronological order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import ceil, sqrt

from summarizer.domain.claims import Kind
from summarizer.domain.sections import SectionSpec
from summarizer.drafting.extractive.claim_kinds import kind_of
from summarizer.drafting.extractive.context import DraftContext, Written, fits, write
from summarizer.drafting.extractive.effects import ENOUGH, SOME, decides_next, effect, has_amount
from summarizer.drafting.extractive.event_dates import AHEAD, day_of_event
from summarizer.drafting.extractive.filters import OWN_SPEAKS, Lean
from summarizer.drafting.extractive.ranking import repeats, varied
from summarizer.drafting.extractive.sentences import Sentence
from summarizer.drafting.extractive.standing import standing
from summarizer.text.named_days import deadlines_in
from summarizer.text.parse import parse
from summarizer.text.tokens import read
from summarizer.verification.outcomes import is_before_end
from summarizer.verification.section_rules import VERDICT_OF_OURS

_EARLY = (1.0, 0.6, 0.4)
"""Weights of an item's first sentences as the opening, by position."""
_FEW = 3
"""Number of usable sentences up to which points use all of them."""
_MOST_POINTS = 5
_MOST_TOLD = 6
_WEIGHED = 120
"""Sentences that are asked for consequences, the most salient first."""
_READ = 30
"""Sentences whose grammar is read, the most salient first."""
_NEWEST = 1.5
"""Weight of a point that gives the newest value of a fact."""
_ALIKE = 0.4
"""Shared stems / stems of the shorter one, from which two sentences of one day tell one event."""
_GREAT = 0.6
"""Share of the best worth from which a sentence is a point, also if it tells of consequences."""
_OF_TITLE = 0.34
"""Share of a sentence's stems in the title, from which it tells the same event."""
_FLOOR = 0.06
"""Share of the best worth below which a sentence is left out."""


def points(
    context: DraftContext,
    spec: SectionSpec,
    used: Sequence[Sentence],
    title: Sequence[Written] = (),
) -> list[Written]:
    """The most salient sentences that do not repeat one another, in the order of their events.

    Each stands alone: it takes nothing for known, is no mere quotation and goes on from nothing.
    Where none does, the title may tell what they take for known.  What tells most of the title
    comes first, and nothing that adds nothing to it.
    """
    alone = _tellable(context)
    quota = len(alone) if len(alone) <= _FEW else max(2, ceil(0.4 * len(alone)))
    limit = min(quota, spec.limits.max_claims, _MOST_POINTS)
    worth = _worth(context, alone)
    best = _best(spec, alone, worth)
    worth |= {s.index: _NEWEST * worth[s.index] for s in best if context.is_newest(s.text)}
    shown = {w.claim.text for w in title}
    headline = read(" ".join(shown)).content_set
    for known in (frozenset[str](), headline):
        candidates = [s for s in best if _is_point(context, s, known)]
        candidates = _without_effects(candidates, headline, worth)
        picked = _of_events(context, _varied(context, candidates, worth, used, limit))
        ordered = _introduced(context, sorted(picked, key=lambda s: _when(context, s)), used, known)
        told = [w for s in ordered if (w := _point(context, spec, s, ordered))]
        if fit := [w for w in told if _still_holds(context, w)]:
            break
    adding = [w for w in fit if w.claim.text.rstrip(".") not in shown]
    return _main_first(context, adding or fit, headline)


def _main_first(
    context: DraftContext, points: Sequence[Written], headline: frozenset[str]
) -> list[Written]:
    """The point that tells most of what the title says and of what the items tell, then the
    others."""

    def main(written: Written) -> tuple[float, float]:
        stems, salience = written.sentence.stems, context.ranking.score(written.sentence)
        return len(stems & headline) / sqrt(max(1, len(stems))) * salience, salience

    first = max(points, key=main, default=None)
    return sorted(points, key=lambda w: w is not first)


def _of_events(context: DraftContext, sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences without those that tell, of one day, what a better one tells in other words."""
    kept: list[Sentence] = []
    days = {s.index: day_of_event(context, s) for s in sentences}
    for s in sentences:
        same = (o for o in kept if days[s.index] is not None and days[o.index] == days[s.index])
        if not any(
            len(s.stems & o.stems) >= _ALIKE * min(len(s.stems), len(o.stems)) for o in same
        ):
            kept.append(s)
    return kept


def _still_holds(context: DraftContext, written: Written) -> bool:
    """Whether no newer value and no end that it does not tell has come since."""
    text, cites = written.claim.text, written.claim.cites
    return not (context.is_superseded(text, cites) or is_before_end(text, cites, context.pack))


def _point(
    context: DraftContext, spec: SectionSpec, sentence: Sentence, picked: Sequence[Sentence]
) -> Written | None:
    """A sentence, with those behind it that only it explains: the next ones of its item where it
    opens that, then the first ones of later items.

    A state of an older day is told only with what a later item tells of it.
    """
    stale = context.is_stale(sentence)
    behind: list[Sentence] = []
    if sentence.position == 0:
        for other in context.sentences[sentence.index + 1 :]:
            last = (sentence, *behind)[-1]
            near = other.antecedent == last.index and not stale
            resumes = _resumes(context, other, sentence) and other not in picked
            if (near or resumes) and _leans(context, other):
                behind.append(other)
    written = write(context, spec, sentence, behind=behind)
    return None if written is None or (stale and not written.behind) else written


def _resumes(context: DraftContext, sentence: Sentence, told: Sentence) -> bool:
    """Whether the first sentence of a later item takes for known just what another one tells."""
    later = sentence.item.origin != told.item.origin and sentence.position == 0
    said = standing(sentence.text)
    known = told.stems | read(told.item.title).content_set
    return later and said.heads <= known and not known.isdisjoint(said.heads | said.definite)


def _leans(context: DraftContext, sentence: Sentence) -> bool:
    """Whether a sentence goes on from the one before it, in a voice that a page can have."""
    fit = not (sentence.own_voice or sentence.partisan or _is_quotation(sentence))
    return fit and not (
        context.stands(sentence)
        or context.is_stale(sentence)
        or context.is_superseded(sentence.text, sentence.cites)
    )


def consequences(
    context: DraftContext, spec: SectionSpec, used: Sequence[Sentence]
) -> list[Written]:
    """Sentences about effects, decisions and amounts; empty if there are none.

    The reader has seen title and points, and knows what most headlines are about.
    """
    tellable = [s for s in _tellable(context) if not s.partisan and fits(spec, s)]
    worth = {s.index: _salience(context, s) for s in tellable}
    most = sorted(tellable, key=lambda s: (-worth[s.index], s.index))
    most = [s for n, s in enumerate(most) if n < _WEIGHED or has_amount(s.text)]
    parse([s.text for s in most])  # together, which is faster
    known = {stem for s in used for stem in s.stems} | context.topic
    most = [s for s in most if not (context.has_passed(s) or _is_due(context, s))]
    alone = [s for s in most if _is_point(context, s, known, joined=True)]
    strength = {s.index: effect(s.text) for s in alone}
    stated = [s for s in alone if strength[s.index] >= ENOUGH]
    found = stated or [s for s in alone if _bears(s)]
    mattering = {s.index: (0.2 + worth[s.index]) * strength[s.index] / ENOUGH for s in found}
    limit = min(spec.limits.max_claims, max(_FEW, len(context.sentences) // 5) if stated else 1)
    return _written(context, spec, found, mattering, used, limit)


def _bears(sentence: Sentence) -> bool:
    """Whether a sentence amid its item bears on consequences, as a fact and nobody's statement."""
    plain = kind_of(sentence.text) is Kind.FACT and not standing(sentence.text).reported
    return bool(sentence.position) and plain and effect(sentence.text) >= SOME


def moved_point(
    context: DraftContext, spec: SectionSpec, points: Sequence[Written]
) -> tuple[list[Written], list[Written]]:
    """Points without the one behind the first that bears most on consequences, and that one as why
    the incident matters; for a page that has no other."""
    rest = [w for w in points[1:] if _bears(w.sentence)]
    if len(points) < _FEW or not rest:
        return list(points), []
    best = max(rest, key=lambda w: (effect(w.sentence.text), -w.sentence.index))
    told = write(context, spec, best.sentence)
    return [w for w in points if w is not best or told is None], [told] if told else []


def _without_effects(
    sentences: Sequence[Sentence], headline: Collection[str], worth: Mapping[int, float]
) -> list[Sentence]:
    """The sentences without lesser ones that only tell why what the title says matters, unless
    they are all that there is."""
    parse([s.text for s in sentences])  # together, which is faster
    great = _GREAT * max((worth[s.index] for s in sentences), default=0.0)
    events = [
        s
        for s in sentences
        if worth[s.index] >= great
        or effect(s.text) < ENOUGH
        or len(s.stems.intersection(headline)) >= _OF_TITLE * len(s.stems)
    ]
    return events or list(sentences)


def _is_due(context: DraftContext, sentence: Sentence) -> bool:
    """Whether a decision that an older item announces may have been taken since."""
    day = context.published(sentence)
    if day is None or context.newest is None or day >= context.newest:
        return False
    ahead = (found.date > context.newest for found in deadlines_in(sentence.text, day))
    return decides_next(sentence.text) and not any(ahead)


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
    free = [s for s in _best(spec, alone, worth) if standing(s.text).stands]
    free = [s for s in free if not context.has_passed(s)]
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
    leads = [s for s in leads if standing(s.text).stands]
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


def _is_point(
    context: DraftContext, sentence: Sentence, known: Iterable[str] = (), *, joined: bool = False
) -> bool:
    """Whether a sentence tells a fact that stands alone, given the stems of what is known."""
    spoken = _is_quotation(sentence) or OWN_SPEAKS.search(sentence.bare)
    return not spoken and context.stands(sentence, frozenset(known), joined=joined)


def _is_quotation(sentence: Sentence) -> bool:
    return sentence.bare.count("·") > len(sentence.text) / 3


def _introduced(
    context: DraftContext,
    ordered: Sequence[Sentence],
    used: Sequence[Sentence],
    told: Collection[str] = (),
) -> list[Sentence]:
    """The sentences without those that take for known what or whom none before them tells."""
    kept: list[Sentence] = []
    known = {stem for s in used for stem in s.stems} | set(told)
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
    """Salience by index, of the most salient; 0 of the others, whose grammar is not read."""
    rough = {s.index: _salience(context, s) for s in sentences}
    read = set(sorted(rough, key=lambda index: (-rough[index], index))[:_READ])
    parse([s.text for s in sentences if s.index in read])  # together, which is faster
    return {index: worth if index in read else 0.0 for index, worth in rough.items()}


def _salience(context: DraftContext, sentence: Sentence) -> float:
    """Salience; less for quotations, verdicts and past plans, more for what tells an end."""
    stale = 0.3 if _is_over(context, sentence) else 1.0
    quotes = 0.6 if _is_quotation(sentence) else 1.0
    judged = 0.6 if VERDICT_OF_OURS.search(sentence.bare) else 1.0
    ends = 2.0 if context.tells_end(sentence) else 1.0
    return context.score(sentence) * ends * quotes * judged * stale


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
    return bool(said.heads) and said.heads <= known and not said.linked


def _told(context: DraftContext, spec: SectionSpec, sentence: Sentence) -> Written | None:
    before = context.antecedent(sentence)
    leaning = sentence.lean is Lean.HARD and before is not None
    return write(context, spec, sentence, before=(before,) if leaning and before else ())
