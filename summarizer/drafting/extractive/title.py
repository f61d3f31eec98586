"""Composer of the title: a shortened lead sentence that names an actor and an event."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.domain.claims import Claim, Kind
from summarizer.domain.sections import SectionSpec
from summarizer.drafting.extractive.claim_kinds import fitting, kind_of
from summarizer.drafting.extractive.compression import Clip, clips, opens_late
from summarizer.drafting.extractive.context import DraftContext, Written
from summarizer.drafting.extractive.filters import FIRST_PERSON, Lean, has_verb
from summarizer.drafting.extractive.sentences import Sentence
from summarizer.text.names import named
from summarizer.text.tokens import read
from summarizer.verification.section_rules import VERDICT_OF_OURS, names_one_of

_LATEST_POSITION = 12
_TRIED = 40
_LEADS = {0: 1.0, 1: 0.7, 2: 0.55}  # by position in the item
_PAST = re.compile(
    r"\b(?:[a-z]{2,}ed|said|told|took|made|gave|went|came|found|left|kept|held|led|lost|met|paid|"
    r"ran|rose|fell|saw|sent|set|sold|spent|stood|sought|brought|bought|built|became|began|broke|"
    r"chose|cut|drew|fought|grew|hit|hurt|shut|spoke|stole|struck|threw|won|wrote|withdrew|was|"
    r"were|"
    r"had|did|put|let|read|knew|understood|has|have)\b"
)
_ENDS = re.compile(
    r"\b(?:settle[sd]?|settlement|retract\w*|convicted|acquitted|fined|restored|resolved|recalled|"
    r"sentenced|resigned|overturned|withdr\w+|was false|no case|closed|approved|signed)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"^.{,60}?\b(?:is|are) [a-z]+ing\b")
_TAKES_BACK = re.compile(r"\b(?:retract\w*|withdr\w+|no evidence|was (?:false|wrong))\b")
_RELATIVE_DAY = re.compile(
    r"\b(?:yesterday|today|tonight|tomorrow|this (?:morning|week|month|year)|last (?:week|month|"
    r"year|night))\b"
)
_CITED = 3  # sentences cited for the title of an item
_CARRIED = 0.65  # share of the title's content words that they must contain
_FEWEST_WORDS = 5
_INTRODUCES = re.compile(r"An?\b|One\b")  # "A federal judge", unlike "The judge"
_FIRST_WORDS = 7


def title(context: DraftContext, spec: SectionSpec, used: Sequence[Sentence]) -> list[Written]:
    """The best headline from a lead sentence, else an item's title; empty if neither fits."""
    leads = [s for s in context.sentences if _may_lead(s)]
    leads = [s for s in leads if not s.partisan] or leads
    leads.sort(key=lambda s: (-context.score(s) * _as_lead(s), s.index))
    known = _known_names(context)
    written = [found for s in leads[:_TRIED] for found in _headlines(context, spec, s, known)]
    if not written:
        return _of_an_item(context, spec, known)
    best = max(
        written,
        key=lambda found: (
            round(_worth(context, *found), 9),
            -found[0].sentence.index,
            len(found[0].claim.text),
        ),
    )
    return [best[0]]


def _known_names(context: DraftContext) -> frozenset[str]:
    """Folded words of names in all items."""
    texts = [*context.texts.values(), *(item.title for item in context.pack.items)]
    return frozenset[str]().union(*map(named, texts))


def _of_an_item(context: DraftContext, spec: SectionSpec, known: frozenset[str]) -> list[Written]:
    """The title of an item whose sentences contain its content words."""
    found: list[tuple[float, Written]] = []
    for item in context.pack.items:
        own = [s for s in context.sentences if s.item is item and not (s.is_post or s.is_comment)]
        said = read(item.title).content_set
        own.sort(key=lambda s: (-len(s.stems & said), s.index))
        cited = own[:_CITED]
        kind = fitting(kind_of(item.title), spec.limits.kinds)
        words = frozenset[str]().union(*(s.stems for s in cited))
        share = len(said & words) / max(1, len(said))
        fits = _FEWEST_WORDS <= len(item.title.split()) <= spec.limits.max_words
        if not fits or kind is None or share < _CARRIED or FIRST_PERSON.search(item.title):
            continue
        if not (has_verb(item.title) and _is_title(item.title, known)):
            continue
        cites = tuple(dict.fromkeys(id_ for s in cited for id_ in s.cites))
        found.append((share, Written(cited[0], Claim(text=item.title, cites=cites, kind=kind))))
    best = max(found, key=lambda one: (one[0], -one[1].sentence.index), default=None)
    return [] if best is None else [best[1]]


def _may_lead(sentence: Sentence) -> bool:
    early = sentence.position < _LATEST_POSITION
    view = sentence.is_comment and sentence.partisan
    return early and sentence.lean is not Lean.HARD and not sentence.own_voice and not view


def _as_lead(sentence: Sentence) -> float:
    return _LEADS.get(sentence.position, 0.45)


def _headlines(
    context: DraftContext, spec: SectionSpec, sentence: Sentence, known: frozenset[str]
) -> list[tuple[Written, Clip]]:
    kind = fitting(kind_of(sentence.text), spec.limits.kinds)
    if kind is None or (context.before_retraction(sentence) and kind is not Kind.DENIAL):
        return []
    cites = context.cites(sentence)
    return [
        (Written(sentence, Claim(text=clip.text, cites=cites, kind=kind)), clip)
        for clip in clips(sentence.text, spec.limits.max_words)
        if _is_title(clip.text, known) and (sentence.headline or has_verb(clip.text))
    ]


def _is_title(text: str, known: frozenset[str]) -> bool:
    """Whether a text has a known name and neither a quotation, a question nor a verdict."""
    plain = not re.search(r"[“”\"?!‘]", text) and not VERDICT_OF_OURS.search(text)
    return plain and names_one_of(text, known)


def _worth(context: DraftContext, written: Written, clip: Clip) -> float:
    """Score of a headline: higher with an early name, a past event and no relative day."""
    text, sentence = written.claim.text, written.sentence
    first = " ".join(text.split()[:_FIRST_WORDS])
    names = [name for name in context.book.of(sentence) if name in first]
    worth = (context.score(sentence) * _as_lead(sentence) + 0.15) * clip.whole
    worth *= 1.3 if names else 0.8
    if sentence.lean is Lean.SOFT:
        worth *= 0.7 if _INTRODUCES.match(text) else 0.35
    worth *= 0.6 if any(context.book.full(name, sentence) for name in names) else 1.0
    worth *= 1.25 if _PAST.search(text) and not _GOES_ON.search(text) else 0.7
    late = 2 * _place(context, sentence) >= len(context.pack.items)
    worth *= 1.8 if late and _ENDS.search(text) else 1.0
    if context.retracts is not None and _TAKES_BACK.search(text):
        worth *= 3.0
    worth *= 0.5 if opens_late(text) else 1.0
    worth *= 0.9 if _RELATIVE_DAY.search(text) else 1.0
    worth *= 0.8 + 0.02 * len(text.split())
    return worth * (0.9 if written.claim.kind is Kind.DENIAL else 1.0)


def _place(context: DraftContext, sentence: Sentence) -> int:
    """Position of a sentence's item among the items, in their order of time."""
    return [item.key for item in context.pack.items].index(sentence.item.key)
