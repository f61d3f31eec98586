"""Title, points and sides of an incident that is told in another language than English only.

There is no grammar here for it, so its words stand as they are: a headline, and as quotations of
their outlets the first sentences of the items, each with its day, and what named actors do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from summarizer.domain.claims import STANCES, Claim, Kind, Stance
from summarizer.domain.items import Passage, SourceItem
from summarizer.domain.sections import SectionSpec
from summarizer.drafting.extractive.claim_kinds import fitting
from summarizer.drafting.extractive.context import DraftContext, Written, spoken
from summarizer.drafting.extractive.filters import defect
from summarizer.drafting.extractive.sentences import verbatim
from summarizer.drafting.extractive.title import recency
from summarizer.text.boilerplate import trim
from summarizer.text.foreign_acts import foreign_act
from summarizer.text.genres import Genre, genre
from summarizer.text.language import FREQUENT_ABROAD, is_of_others
from summarizer.text.relative_days import date_words
from summarizer.text.tokens import read
from summarizer.verification.evidence import index_of
from summarizer.verification.section_rules import ClaimContext
from summarizer.verification.verdicts import failed_checks

_FEWEST_WORDS = 3
_CARRIED = 0.5
"""Share of a headline's content words that the sentences which carry it must contain."""
_ALIKE = 0.5
"""Shared stems / stems of the shorter one, from which two sentences tell one thing."""
_CITED = 2
_MOST_POINTS = 4


def headline(context: DraftContext, spec: SectionSpec) -> list[Written]:
    """The headline that shares most words with the others, the newer ones more, and that its text
    carries."""
    reports = list(_reports(context))
    words = {item.key: _content(item.title) for item, _ in reports}

    def likeness(item: SourceItem) -> tuple[float, float, str]:
        others = (words[o.key] for o, _ in reports if o is not item)
        newer = recency(context, item)
        return -newer * sum(len(words[item.key] & other) for other in others), -newer, item.key

    for item, passages in sorted(reports, key=lambda one: likeness(one[0])):
        text = trim(item.title).rstrip(".")
        by_words = sorted(passages, key=lambda p: (-len(_stems(p) & words[item.key]), p.n))
        cited = by_words[:_CITED]
        told = frozenset[str]().union(*map(_stems, cited))
        carried = len(words[item.key] & told) >= _CARRIED * max(1, len(words[item.key]))
        fits = _FEWEST_WORDS <= len(text.split()) <= spec.limits.max_words
        kind = fitting(Kind.FACT, spec.limits.kinds)
        if not (fits and carried and kind) or text.endswith("?") or '"' in text:
            continue
        claim = Claim(text=text, cites=tuple(p.id for p in cited), kind=kind)
        if not failed_checks(ClaimContext(claim, [claim], spec, index_of(context.pack))):
            return [Written(verbatim(item, cited[0], len(context.sentences)), claim)]
    return []


def quotations(context: DraftContext, spec: SectionSpec) -> list[Written]:
    """The first sentences of the items, the newest first chosen, each quoted from its outlet."""
    found: list[Written] = []
    for item, passages in sorted(_reports(context), key=lambda one: -recency(context, one[0])):
        first = passages[0]
        known = (w.sentence.stems for w in found)
        if any(len(k & _stems(first)) >= _ALIKE * min(len(k), len(_stems(first))) for k in known):
            continue
        sentence = verbatim(item, first, len(context.sentences))
        said = spoken(item.source_name, sentence, spec.limits.max_words)
        day = date_words(sentence.written, sentence.style) if sentence.written else ""
        text = f"On {day}, {said}" if said and day else said  # it may count days: "am Montag"
        kind = fitting(Kind.FACT, spec.limits.kinds)
        if text and kind and len(found) < min(_MOST_POINTS, spec.limits.max_claims):
            found.append(Written(sentence, Claim(text=text, cites=(first.id,), kind=kind)))
    return sorted(found, key=lambda w: (w.sentence.written or dt.date.max, w.claim.cites))


def sides(context: DraftContext, spec: SectionSpec) -> list[Written]:
    """The sentence of each named actor that tells most, quoted from its outlet.

    Without a grammar nobody knows what an actor who only says something is to the matter, nor
    against whom somebody objects who speaks for another: both are left out.
    """
    found: dict[str, tuple[int, Written]] = {}
    for item, passages in _reports(context):
        for passage in passages:
            act = foreign_act(passage.text)
            sentence = verbatim(item, passage, len(context.sentences))
            said = spoken(item.source_name, sentence, spec.limits.max_words) if act else None
            if act is None or said is None or not act.tells_side:
                continue
            claim = Claim(
                text=said,
                cites=(passage.id,),
                kind=fitting(Kind.FACT, spec.limits.kinds) or Kind.FACT,
                actor=act.actor,
                office=act.office or None,
                stance=STANCES[act.position],
                position=act.position,
            )
            rank = list(STANCES).index(act.position)
            if act.actor not in found or rank < found[act.actor][0]:
                found[act.actor] = rank, Written(sentence, claim)
    kept = [written for _, written in found.values()][: spec.limits.max_claims]
    return sorted(kept, key=lambda w: list(Stance).index(w.claim.stance or Stance.NEUTRAL))


def _reports(context: DraftContext) -> Iterator[tuple[SourceItem, list[Passage]]]:
    """Reports in another language, with their passages."""
    for item in context.pack.items:
        passages = [p for p in context.pack.passages if p.item_key == item.key and _is_told(p)]
        if passages and genre(item) is Genre.REPORT:
            yield item, passages


def _is_told(passage: Passage) -> bool:
    """Whether a passage has no fault but its language, whose verbs English rules do not know."""
    other = is_of_others(passage.text)
    return other and defect(trim(passage.text), headline=False) in ("not English", "no verb")


def _stems(passage: Passage) -> frozenset[str]:
    return _content(passage.text)


def _content(text: str) -> frozenset[str]:
    return read(text).content_set - FREQUENT_ABROAD
