"""Composer of the title: a shortened lead sentence that tells what the items' headlines tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import sqrt
from typing import NamedTuple

from summarizer.domain.claims import Claim, Kind
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.sections import SectionSpec
from summarizer.drafting.extractive.claim_kinds import fitting, kind_of
from summarizer.drafting.extractive.compression import Clip, clips, forms, is_whole
from summarizer.drafting.extractive.context import DraftContext, Written, dated_text
from summarizer.drafting.extractive.filters import FIRST_PERSON, Lean
from summarizer.drafting.extractive.headlines import in_sentence_case
from summarizer.drafting.extractive.sentences import Sentence
from summarizer.drafting.extractive.standing import standing
from summarizer.text.boilerplate_passages import is_boilerplate
from summarizer.text.grammar import SUBJECTS
from summarizer.text.names import named
from summarizer.text.parse import Word, parse
from summarizer.text.relative_days import relative_days
from summarizer.text.tokens import read, tokens
from summarizer.verification.guilt import states_guilt
from summarizer.verification.outcomes import is_before_end
from summarizer.verification.section_rules import VERDICT_OF_OURS, names_one_of

_LATEST_POSITION = 12
_TRIED = 16
_LEADS = {0: 1.0, 1: 0.85, 2: 0.7}  # by position in the item
_TAKES_BACK = re.compile(r"\b(?:retract\w*|withdr\w+|no evidence|was (?:false|wrong))\b")
_QUOTES = re.compile(r"[“”\"?!‘]|(?<!\w)'|'(?!\w)")
_CITED = 3  # sentences cited for the title of an item
_CARRIED = 0.65  # share of the title's content words that they must contain
_CARRIED_AT_LEAST = 0.4  # the share where nothing else is left
_FEWEST_WORDS = 5
_INTRODUCES = re.compile(r"An?\b|One\b")  # "A federal judge", unlike "The judge"
_FIRST_WORDS = 7
_WEAK = 0.15  # worth of a lead below which an item's own title is preferred
_UNSAFE = 0.9  # weight of a headline that no rule can carry
_STALE = 0.75  # weight of a sentence of the oldest item
_LATE = 4  # words before a subject that opens late
_OLDEST = 0.4  # weight of the oldest item's headline; the newest has 1


class _Headline(NamedTuple):
    written: Written
    clip: Clip
    worth: float


def title(context: DraftContext, spec: SectionSpec, used: Sequence[Sentence]) -> list[Written]:
    """The best headline from a lead sentence, else an item's title; empty if neither fits."""
    leads = [s for s in context.sentences if _may_lead(s)]
    leads = [s for s in leads if not s.partisan or context.tells_end(s)] or leads
    gist = _Gist(context)
    leads.sort(key=lambda s: (-_as_lead(context, gist, s), s.index))
    known = _known_names(context)
    parse([form for s in leads[:_TRIED] for form in forms(s.text)])  # together, which is faster
    found = [h for s in leads[:_TRIED] for h in _headlines(context, spec, gist, s, known)]
    found.sort(key=lambda h: (-round(h.worth, 9), h.written.sentence.index, h.clip.text))
    best = next((h for h in found if h.written.sentence.headline or _stands(h)), None)
    if best is None or best.worth < _WEAK:
        best = max(_of_items(context, spec, gist, known), key=_rank, default=best)
    if best is None:
        best = max(
            _of_items(context, spec, gist, known, _CARRIED_AT_LEAST), key=_rank, default=None
        )
    return [] if best is None else [best.written]


def _rank(headline: _Headline) -> tuple[float, int]:
    return round(headline.worth, 9), -headline.written.sentence.index


def _stands(headline: _Headline) -> bool:
    return is_whole(f"{headline.written.claim.text}.")


class _Gist:
    """What the headlines of the items tell; the newer one counts more."""

    def __init__(self, context: DraftContext) -> None:
        items = [i for i in context.pack.items if i.title and i.text.strip() != i.title.strip()]
        step = (1.0 - _OLDEST) / max(1, len(items) - 1)
        self._titles = [
            (read(item.title).content_set, _OLDEST + n * step) for n, item in enumerate(items)
        ]

    def share(self, stems: frozenset[str]) -> float:
        """Mean likeness of stems to the headlines, 0–1; 0 without headlines."""
        total = sum(weight for _, weight in self._titles) or 1.0
        return sum(weight * _cosine(stems, said) for said, weight in self._titles) / total


def _cosine(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / max(1.0, sqrt(len(a) * len(b)))


def _known_names(context: DraftContext) -> frozenset[str]:
    """Folded words of names in all items."""
    texts = [*context.texts.values(), *(item.title for item in context.pack.items)]
    return frozenset[str]().union(*map(named, texts))


def _of_items(
    context: DraftContext,
    spec: SectionSpec,
    gist: _Gist,
    known: frozenset[str],
    carried: float = _CARRIED,
) -> Iterator[_Headline]:
    """Titles of items whose sentences contain a share of their content words."""
    texts = [item.text for item in context.pack.items]
    for item in context.pack.items:
        own = [s for s in context.sentences if s.item is item and not (s.is_post or s.is_comment)]
        own = [s for s in own if not context.before_retraction(s)]
        said = read(item.title).content_set
        own.sort(key=lambda s: (-len(s.stems & said), s.index))
        cited = own[:_CITED]
        kind = fitting(kind_of(item.title), spec.limits.kinds)
        words = frozenset[str]().union(*(s.stems for s in cited))
        share = len(said & words) / max(1, len(said))
        fits = _FEWEST_WORDS <= len(item.title.split()) <= spec.limits.max_words
        if not fits or kind is None or share < carried or FIRST_PERSON.search(item.title):
            continue
        text = in_sentence_case(item.title, texts)
        if relative_days(text) or not (_is_title(text, known) and is_whole(f"{text}.")):
            continue
        if not named(text) <= {t.norm for s in cited for t in tokens(s.text)}:
            continue
        cites = tuple(dict.fromkeys(id_ for s in cited for id_ in s.cites))
        if context.is_superseded(text, cites) or not _is_fit(text, cites, context.pack):
            continue
        written = Written(cited[0], Claim(text=text, cites=cites, kind=kind))
        yield _Headline(written, Clip(text, 1.0), share * gist.share(said) * _form(f"{text}."))


def _may_lead(sentence: Sentence) -> bool:
    early = sentence.position < _LATEST_POSITION
    view = sentence.is_comment and sentence.partisan
    return early and sentence.lean is not Lean.HARD and not sentence.own_voice and not view


def _as_lead(context: DraftContext, gist: _Gist, sentence: Sentence) -> float:
    place = _LEADS.get(sentence.position, 0.6)
    return place * (context.score(sentence) + gist.share(sentence.stems))


def _headlines(
    context: DraftContext,
    spec: SectionSpec,
    gist: _Gist,
    sentence: Sentence,
    known: frozenset[str],
) -> Iterator[_Headline]:
    kind = fitting(kind_of(sentence.text), spec.limits.kinds)
    if kind is None or (context.before_retraction(sentence) and kind is not Kind.DENIAL):
        return
    cites, most = context.cites(sentence), spec.limits.max_words
    for clip in clips(sentence.text, most):
        text = dated_text(sentence, clip.text)
        if text is None or len(text.split()) > most or not _is_title(text, known):
            continue
        if context.is_superseded(text, cites) or not _is_fit(text, cites, context.pack):
            continue
        written = Written(sentence, Claim(text=text, cites=cites, kind=kind))
        yield _Headline(written, clip, _worth(context, gist, written, clip))


def _is_title(text: str, known: frozenset[str]) -> bool:
    """Whether a text has a known name and is no quotation, question, verdict or boilerplate."""
    plain = not _QUOTES.search(text) and not VERDICT_OF_OURS.search(text)
    return plain and names_one_of(text, known) and not is_boilerplate(text)


def _is_fit(text: str, cites: tuple[str, ...], pack: EvidencePack) -> bool:
    """Whether a title is about nobody who has been cleared since, and states no alleged guilt."""
    return not is_before_end(text, cites, pack) and not states_guilt(text, cites, pack)


def _worth(context: DraftContext, gist: _Gist, written: Written, clip: Clip) -> float:
    """Score of a headline: higher with an early name, a past event and the words of headlines."""
    text, sentence = written.claim.text, written.sentence
    first = " ".join(text.split()[:_FIRST_WORDS])
    names = [name for name in context.book.of(sentence) if name in first]
    told = gist.share(read(text).content_set)
    said = standing(sentence.text)
    place = _LEADS.get(sentence.position, 0.6)
    worth = (0.4 * context.score(sentence) + told) * place * clip.whole
    worth *= (1.3 if names else 0.8) * (1.0 if said.named else 0.5) * (0.8 if said.reported else 1)
    if said.heads:
        worth *= 0.7 if _INTRODUCES.match(text) else 0.35
    worth *= 0.6 if any(context.book.full(name, sentence) for name in names) else 1.0
    worth *= _form(sentence.text)
    if context.tells_end(sentence) or (context.retracts is not None and _TAKES_BACK.search(text)):
        worth *= 3.0
    worth *= 0.9 if relative_days(clip.text) else 1.0
    worth *= (1.0 if clip.safe else _UNSAFE) * (_STALE + (1.0 - _STALE) * _place(context, sentence))
    return worth * (0.9 if written.claim.kind is Kind.DENIAL else 1.0)


def _form(text: str) -> float:
    """Weight of a sentence by its main clause: of the past, with an early subject."""
    (parsed,) = parse([text])
    worth = 1.0
    for verb in (w for w in parsed.words if w.head == w.n):
        tags = {verb.tag, *(c.tag for c in parsed.children[verb.n] if c.dep in _AUXILIARIES)}
        past = "VBD" in tags or any(c.lemma == "have" for c in parsed.children[verb.n])
        worth *= 1.0 if past else 0.8 if "MD" in tags else 0.6
        subject: Word | None = parsed.child(verb, *SUBJECTS)
        worth *= 0.6 if subject is None or min(parsed.subtree(subject)).n > _LATE else 1.0
    return worth


_AUXILIARIES = ("aux", "auxpass")


def _place(context: DraftContext, sentence: Sentence) -> float:
    """Place of a sentence's day among the days of the items, 0–1; 1 if undated."""
    days = sorted({at.date() for i in context.pack.items if (at := i.published_at) is not None})
    day = context.published(sentence)
    return 1.0 if day is None else days.index(day) / max(1, len(days) - 1)
