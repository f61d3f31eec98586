"""Composers of points, consequences and the story in chronological order."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from math import ceil

from summarizer.domain.sections import SectionSpec
from summarizer.drafting.extractive.context import DraftContext, Written, fits, write
from summarizer.drafting.extractive.event_dates import AHEAD, day_of_event, deadlines_in
from summarizer.drafting.extractive.filters import Lean
from summarizer.drafting.extractive.ranking import repeats, varied
from summarizer.drafting.extractive.sentences import Sentence
from summarizer.text.quantities import CURRENCY

_EARLY = (1.0, 0.6, 0.4)
"""Weights of an item's first sentences as the opening, by position."""
_FEW = 3
"""Number of usable sentences up to which points use all of them."""
_STRONG = re.compile(
    r"\b(?:affect(?:s|ed|ing)?|impact(?:s|ed)?|consequences?|implications?|precedent|lead(?:s|"
    r"ing)? to|"
    r"led to|would send|will open|accountab\w*|stakes?|result(?:s|ed|ing)? in|mean(?:s|t)? that|"
    r"the first (?:time|such|case|state|country|company"
    r"|lawsuit|\w+ to)|(?:the |its |their )?(?:largest|biggest|worst|deadliest|highest|most "
    r"[a-z]+) |set(?:s|ting)? (?:up|a)|at risk|risk(?:s|ed|ing)? |threat(?:en(?:s|ed|ing)?)?|"
    r"raises? "
    r"(?:questions|concerns|fears|the)|fear(?:s|ed)? (?:that|of)|would (?:allow|require|force|make|"
    r"mean|give|affect|ban|end|cost|hurt|put|leave)|could (?:be|lead|cost|affect|face|mean|force|"
    r"set|make|put|hurt|end|allow|result|have (?:a|an|the|far)|jeopardi[sz]e|imperil|undermine)|"
    r"unable to|lost|forced|depriv\w+|exposed|harm(?:s|ed|ful)?)\b",
    re.IGNORECASE,
)
_SCALE = re.compile(
    r"\b\d[\d,.]*\s?(?:million|billion|thousand|percent|per cent|%|people|users|customers|patients|"
    r"workers|employees|jobs|students|families|children|accounts|drivers|states|countries)|"
    rf"\b(?:millions|billions|thousands|hundreds|dozens) of\b|[{CURRENCY}]\s?\d|\d%",
    re.IGNORECASE,
)
_CONCERNED = re.compile(
    r"\b(?:users|customers|patients|consumers|workers|employees|children|voters|investors|"
    r"regulators|industry|companies|safety|privacy|rights|security|jobs|law|public|economy|prices|"
    r"because|significant|major|national|global|worldwide|nationwide)\b",
    re.IGNORECASE,
)
_EXPECTED = re.compile(r"\b(?:could|would|may|might|will) (?:also |not |then )?[a-z]{3,}\b")
_LINKED = re.compile(r"\b(?:too|also|though|however|meanwhile|in turn|as well|instead|later)\b,?")
_COLOURED = re.compile(
    r"\b(?:bombshell|stunning|shocking|hardly|of course|ironic\w*|remarkabl[ey]|frankly|sadly|"
    r"unsurprisingly|clearly|obviously|it seems|arguably|so-called|no wonder|perhaps)\b",
    re.IGNORECASE,
)
_TOLL = re.compile(
    r"\b(?:lost|lose|deleted|fallen|fell|dropped|cost|fine[ds]?|paid|pay|injured|killed|hurt|"
    r"evacuated|"
    r"laid off|damages|stranded|worth|compensat\w+|owed?|refund\w*|stopped)\b"
)
_MATTERS = 2.5
"""Cue-word score from which a sentence states a consequence."""


def points(context: DraftContext, spec: SectionSpec, used: Sequence[Sentence]) -> list[Written]:
    """The most salient sentences that do not repeat one another, most important first."""
    alone = _tellable(context)
    quota = len(alone) if len(alone) <= _FEW else max(2, ceil(0.4 * len(alone)))
    worth = {s.index: _standing(context, s) for s in alone}
    fitting = _fitting(spec, alone)
    return _written(context, spec, fitting, worth, used, min(quota, spec.limits.max_claims))


def consequences(
    context: DraftContext, spec: SectionSpec, used: Sequence[Sentence]
) -> list[Written]:
    """Sentences about effects, the people affected and the scale; empty if there are none."""
    strength = {s.index: _consequence(s) for s in context.sentences}
    alone = [s for s in _tellable(context) if strength[s.index] >= _MATTERS]
    worth = {
        s.index: (0.2 + _standing(context, s)) * min(2.0, strength[s.index] / _MATTERS)
        for s in alone
    }
    quota = min(spec.limits.max_claims, max(1, len(context.sentences) // 5))
    return _written(context, spec, _fitting(spec, alone), worth, used, quota)


def story(context: DraftContext, spec: SectionSpec, used: Sequence[Sentence]) -> list[Written]:
    """The story: an early lead, then sentences that add to it, by date of their events.

    A dependent sentence is used only directly after its antecedent.
    """
    opening = lead(context, spec, used)
    if opening is None:
        return []
    alone = _tellable(context)
    worth = {s.index: _standing(context, s) for s in alone}
    quota = spec.limits.max_claims - 1
    chosen = [opening]
    for one in varied(
        _fitting(spec, alone), worth, context.ranking.likeness, [*used, opening], quota
    ):
        chosen.append(one)
    told = _with_followers(context, chosen, used, spec.limits.max_claims)
    ordered = sorted(told, key=lambda s: (s.index != opening.index, *_when(context, s)))
    return [w for s in ordered if (w := _told(context, spec, s))]


def _tellable(context: DraftContext) -> list[Sentence]:
    """Sentences that stand alone; partisan ones only if there are few others."""
    alone = [s for s in context.sentences if s.stands_alone]
    impartial = [s for s in alone if not s.partisan]
    return impartial if len(impartial) > _FEW else alone


def lead(context: DraftContext, spec: SectionSpec, used: Sequence[Sentence]) -> Sentence | None:
    """Opening sentence of the story: a salient lead, preferably of an early item.

    ``None`` if no lead fits the section.
    """
    taken = {s.index for s in used}
    leads = [
        s
        for s in _tellable(context)
        if s.lean is Lean.NOT
        and s.position < len(_EARLY)
        and s.index not in taken
        and fits(spec, s)
    ]
    if not leads:
        return None
    last = max(1, len(context.pack.items) - 1)
    place = {item.key: n / last for n, item in enumerate(context.pack.items)}

    def opens(sentence: Sentence) -> tuple[float, int]:
        first = 1.0 if context.retracts is not None else 1.0 - 0.6 * place[sentence.item.key]
        return round(
            _standing(context, sentence) * _EARLY[sentence.position] * first, 9
        ), -sentence.index

    return max(leads, key=opens)


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
    worth: dict[int, float],
    used: Sequence[Sentence],
    limit: int,
) -> list[Written]:
    picked = varied(candidates, worth, context.ranking.likeness, used, limit)
    return [w for s in picked if (w := write(context, spec, s))]


def _fitting(spec: SectionSpec, sentences: Sequence[Sentence]) -> list[Sentence]:
    return [s for s in sentences if fits(spec, s)]


def _standing(context: DraftContext, sentence: Sentence) -> float:
    """Salience with penalties for references, missing names, quotations, comment and past plans."""
    soft = 0.6 if sentence.lean is Lean.SOFT else 1.0
    unnamed = 0.6 if not context.book.of(sentence) else 1.0
    stale = 0.3 if _is_over(context, sentence) else 1.0
    quotes = 0.75 if sentence.bare.count("·") > len(sentence.text) / 2 else 1.0
    linked = 0.7 if _LINKED.search(sentence.bare) else 1.0
    coloured = 0.6 if _COLOURED.search(sentence.bare) else 1.0
    return context.score(sentence) * soft * unnamed * quotes * linked * coloured * stale


def _is_over(context: DraftContext, sentence: Sentence) -> bool:
    """Whether a sentence announces a day that has passed since."""
    if context.newest is None or not AHEAD.search(sentence.bare):
        return False
    days = [f.date for f in deadlines_in(sentence.bare, context.published(sentence))]
    return bool(days) and max(days) < context.newest


def _consequence(sentence: Sentence) -> float:
    labelled = 3.0 if sentence.label.startswith(("why it matters", "the big picture")) else 0.0
    strong = 2.0 * min(2, len(_STRONG.findall(sentence.bare)))
    scale = 1.0 if _SCALE.search(sentence.text) else 0.0
    toll = 1.5 if scale and _TOLL.search(sentence.text) else 0.0
    concerned = 0.5 * min(3, len(_CONCERNED.findall(sentence.text)))
    expected = 1.0 if _EXPECTED.search(sentence.bare) else 0.0
    return labelled + strong + scale + toll + concerned + expected


def _with_followers(
    context: DraftContext, chosen: list[Sentence], used: Sequence[Sentence], limit: int
) -> list[Sentence]:
    """Add dependent sentences of chosen antecedents up to the limit, best first."""
    told = {s.index for s in chosen}
    leaning = [
        s
        for s in context.sentences
        if s.lean is Lean.HARD
        and not s.own_voice
        and not s.partisan
        and s.antecedent in told
        and not any(repeats(s, other) for other in [*used, *chosen])
    ]
    leaning.sort(key=lambda s: (-context.score(s), s.index))
    return [*chosen, *leaning[: max(0, limit - len(chosen))]]


def _told(context: DraftContext, spec: SectionSpec, sentence: Sentence) -> Written | None:
    before = context.antecedent(sentence)
    leaning = sentence.lean is Lean.HARD and before is not None
    return write(context, spec, sentence, before=(before,) if leaning and before else ())
