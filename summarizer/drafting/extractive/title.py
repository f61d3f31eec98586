"""Composer of the title: what the items' headlines and leads tell most, in a whole clause."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from typing import NamedTuple

from summarizer.domain.accusations import Stage
from summarizer.domain.claims import Claim, Kind
from summarizer.domain.items import SourceItem
from summarizer.domain.sections import SectionSpec
from summarizer.drafting.extractive.claim_kinds import fitting, kind_of
from summarizer.drafting.extractive.compression import Clip, clips, forms, is_whole
from summarizer.drafting.extractive.context import DraftContext, Written, dated_text
from summarizer.drafting.extractive.filters import FIRST_PERSON, Lean
from summarizer.drafting.extractive.headlines import in_sentence_case
from summarizer.drafting.extractive.names import names_in
from summarizer.drafting.extractive.sentences import OWN_WORD, Sentence
from summarizer.drafting.extractive.standing import standing
from summarizer.text.acts import acts
from summarizer.text.boilerplate import trim
from summarizer.text.boilerplate_passages import is_boilerplate
from summarizer.text.genres import Genre, genre
from summarizer.text.governors import OperatorKind, governors
from summarizer.text.grammar import SUBJECTS, is_predicate
from summarizer.text.parse import Parse, Word, parse
from summarizer.text.tokens import fold, read, stem
from summarizer.verification.evidence import index_of
from summarizer.verification.outcomes import ends_something, is_before_end
from summarizer.verification.section_rules import ClaimContext
from summarizer.verification.verdicts import failed_checks

_LATEST_POSITION = 12
_TRIED = 16
_LEADS = {0: 1.0, 1: 0.85, 2: 0.7}  # by position in the item
_TAKES_BACK = re.compile(r"\b(?:retract\w*|withdr\w+|no evidence|was (?:false|wrong))\b")
_QUOTES = re.compile(r"[“”\"?!‘]|(?<!\w)'|'(?!\w)")
_CITED = 3  # sentences cited for the title of an item
_CARRIED = 0.6  # share of a headline's content words that they must contain
_FEWEST_WORDS = 4
_INTRODUCES = re.compile(r"An?\b|One\b")  # "A federal judge", unlike "The judge"
_HEADLINE = 0.8  # weight of an item's headline against a whole lead, which is an extract
_VERBLESS = 0.4  # weight of a headline without a finite verb
_UNCARRIED = 0.7  # weight of a headline whose verb no cited sentence has
_UNSAFE = 0.9  # weight of a headline that no rule can carry
_LATE = 4  # words before a subject that opens late
_END = 3.0  # weight of what tells how an accusation ended
_OLDEST = 0.5  # weight of the oldest day; the newest has 1
_TALK = 0.6  # weight of what is only said, wanted or planned
_OWN = 0.5  # weight of the headline of a party's own statement
_STALE = 0.3  # weight of what was so on an older day
_SPEAKER = re.compile(r"^[^:]{2,40}:\s")  # "Police: driver was not speeding"


class _Candidate(NamedTuple):
    written: Written
    worth: float


def title(context: DraftContext, spec: SectionSpec, used: Sequence[Sentence]) -> list[Written]:
    """The best of the leads, shortened, and of the items' own headlines that passes all checks."""
    gist = _Gist(context)
    leads = [s for s in context.sentences if _may_lead(s)]
    leads = [s for s in leads if not s.partisan or context.tells_end(s)] or leads
    leads.sort(key=lambda s: (-_as_lead(context, gist, s), s.index))
    parse([form for s in leads[:_TRIED] for form in forms(s.text)])  # together, which is faster
    found = [h for s in leads[:_TRIED] for h in _shortened(context, spec, gist, s)]
    found += _headlines(context, spec, gist)
    found.sort(key=lambda h: (-round(h.worth, 9), h.written.sentence.index, h.written.claim.text))
    return next(([h.written] for h in found if _passes(context, spec, h.written)), [])


def _passes(context: DraftContext, spec: SectionSpec, written: Written) -> bool:
    claim, pack = written.claim, context.pack
    if context.is_superseded(claim.text, claim.cites):
        return False
    if is_before_end(claim.text, claim.cites, pack):
        return False
    return not failed_checks(ClaimContext(claim, [claim], spec, index_of(pack)))


class _Gist:
    """What the headlines and leads of the items tell; that of a newer day counts more."""

    def __init__(self, context: DraftContext) -> None:
        first = {s.item.key: s for s in reversed(context.sentences)}
        self._told: list[tuple[float, Counter[str]]] = []
        for item in context.pack.items:
            told = Counter(read(item.title).content_set)
            if item.key in first:
                told.update(first[item.key].stems)
            self._told.append((recency(context, item), told))

    def share(self, stems: frozenset[str]) -> float:
        """Mean likeness of stems to what the items tell, 0–1."""
        total = sum(weight for weight, _ in self._told) or 1.0
        return sum(weight * _cosine(stems, told) for weight, told in self._told) / total


def _cosine(stems: frozenset[str], told: Mapping[str, int]) -> float:
    length = sqrt(len(stems) * sum(n * n for n in told.values()))
    return sum(told.get(stem, 0) for stem in stems) / max(1.0, length)


def recency(context: DraftContext, item: SourceItem) -> float:
    """Weight of an item by the place of its day among those of all; 1 if undated."""
    days = sorted({at.date() for i in context.pack.items if (at := i.published_at) is not None})
    if item.published_at is None:
        return 1.0
    place = days.index(item.published_at.date()) / max(1, len(days) - 1) if len(days) > 1 else 1.0
    return _OLDEST + (1.0 - _OLDEST) * place


def _headlines(context: DraftContext, spec: SectionSpec, gist: _Gist) -> Iterator[_Candidate]:
    """The headlines of reports whose text carries most of their words, in sentence case."""
    texts = [item.text for item in context.pack.items]
    for item in context.pack.items[context.retracts or 0 :]:
        own = [s for s in context.sentences if s.item is item and not s.is_post]
        if not own or genre(item) is not Genre.REPORT or not item.title:
            continue
        text = dated_text(own[0], in_sentence_case(_bare(item), texts))
        if text is None or not _FEWEST_WORDS <= len(text.split()) <= spec.limits.max_words:
            continue
        said = read(text).content_set
        cited = _carrying(context, own, said)
        told = frozenset[str]().union(*(s.stems for s in cited))
        carried = len(said & told) / max(1, len(said))
        kind = fitting(kind_of(text), spec.limits.kinds)
        if kind is None or carried < _CARRIED or not _is_plain(text):
            continue
        cites = tuple(dict.fromkeys(id_ for s in cited for id_ in s.cites))
        written = Written(cited[0], Claim(text=text, cites=cites, kind=kind))
        whole = _form(f"{text}.") if is_whole(f"{text}.") else _VERBLESS
        whole *= 1.0 if _verbs(text) <= told else _UNCARRIED
        worth = _HEADLINE * sqrt(carried) * gist.share(said) * whole * recency(context, item)
        worth *= _OWN if item.platform.lower() in OWN_WORD else 1.0
        yield _Candidate(written, worth * _clarity(context, text))


def _carrying(
    context: DraftContext, own: Sequence[Sentence], said: frozenset[str]
) -> list[Sentence]:
    """The sentence of an item that tells most of a headline, and others that tell the rest."""
    first = max(own, key=lambda s: (len(s.stems & said), -s.index))
    cited, left = [first], said - first.stems
    while left and len(cited) < _CITED:
        others = (s for s in context.sentences if not s.is_post)
        best = max(others, key=lambda s: (len(s.stems & left), s.item is first.item, -s.index))
        if best.stems.isdisjoint(left):
            break
        cited.append(best)
        left -= best.stems
    return cited


def _verbs(text: str) -> frozenset[str]:
    """Stems of the main verbs of a title."""
    (parsed,) = parse([f"{text}."])
    verbs = (w for w in parsed.words if w.head == w.n and is_predicate(parsed, w))
    return frozenset(stem(fold(w.text)) for w in verbs)


def _bare(item: SourceItem) -> str:
    """An item's title without labels around it and the name of its outlet."""
    text = trim(item.title).rstrip(".")
    start, mark, end = text.rpartition(next(iter(re.findall(r"\s[|–—-]\s", text)[-1:]), "\0"))
    outlet = fold(item.outlet or "")
    return start if mark and outlet and (fold(end) in outlet or outlet in fold(end)) else text


def _is_plain(text: str) -> bool:
    """Whether a text is no quotation or question, and speaks of others."""
    return not (_QUOTES.search(text) or FIRST_PERSON.search(text) or is_boilerplate(text))


def _may_lead(sentence: Sentence) -> bool:
    early = sentence.position < _LATEST_POSITION
    view = sentence.is_comment and sentence.partisan
    return early and sentence.lean is not Lean.HARD and not sentence.own_voice and not view


def _as_lead(context: DraftContext, gist: _Gist, sentence: Sentence) -> float:
    place = _LEADS.get(sentence.position, 0.6)
    return place * (context.score(sentence) + gist.share(sentence.stems))


def _shortened(
    context: DraftContext, spec: SectionSpec, gist: _Gist, sentence: Sentence
) -> Iterator[_Candidate]:
    kind = fitting(kind_of(sentence.text), spec.limits.kinds)
    if kind is None or (context.before_retraction(sentence) and kind is not Kind.DENIAL):
        return
    cites, most = context.cites(sentence), spec.limits.max_words
    for clip in clips(sentence.text, most):
        text = dated_text(sentence, clip.text)
        if text is None or len(text.split()) > most or not _is_plain(text):
            continue
        if standing(f"{text}.").linked or not (sentence.headline or is_whole(f"{text}.")):
            continue
        written = Written(sentence, Claim(text=text, cites=cites, kind=kind))
        yield _Candidate(written, _worth(context, gist, written, clip))


def _worth(context: DraftContext, gist: _Gist, written: Written, clip: Clip) -> float:
    """Score of a shortened lead: of what it tells, and how whole and clear it is."""
    text, sentence = written.claim.text, written.sentence
    said = standing(sentence.text)
    worth = gist.share(read(text).content_set) * _LEADS.get(sentence.position, 0.6) * clip.whole
    worth *= (
        (1.0 if said.named or names_in(text) else 0.5)
        * _form(sentence.text)
        * _clarity(context, text)
    )
    if said.heads:
        worth *= 0.7 if _INTRODUCES.match(text) else 0.35
    if context.tells_end(sentence):
        worth *= _END
    worth *= (1.0 if clip.safe else _UNSAFE) * recency(context, sentence.item)
    worth *= _STALE if context.is_stale(sentence) else 1.0
    return worth / 2.0 if sentence.is_post else worth


def _clarity(context: DraftContext, text: str) -> float:
    """Weight of a title by its words: more with a full name and for an end, less for a statement
    or a denial."""
    said = standing(f"{text}.")
    worth = 1.3 if names_in(text) else 0.8
    worth *= _TALK if _SPEAKER.match(text) or _is_talk(text) else 1.0
    worth *= 0.7 if said.definite else 1.0
    worth *= 0.9 if kind_of(text) is Kind.DENIAL else 1.0
    taken_back = context.retracts is not None and _TAKES_BACK.search(text)
    return worth * (_END if taken_back or _closes(text) else 1.0)


def _closes(text: str) -> bool:
    """Whether a title tells that an accusation ended or was settled."""
    settled = (act.stage is Stage.SETTLED for sentence in acts([text]) for act in sentence)
    return ends_something(text) or any(settled)


def _is_talk(text: str) -> bool:
    """Whether a title tells what somebody says, wants, asks for or plans, rather than does."""
    (parsed,) = parse([f"{text}."])
    verbs = [w.lemma for w in parsed.words if w.head == w.n and not _is_tag(parsed, w)]
    found = (governors(form).get(verb) for form in ("that", "to") for verb in verbs)
    return any(governor is not None and governor.kind in _WORDS for governor in found)


_WORDS = frozenset(
    (
        OperatorKind.SAID,
        OperatorKind.THOUGHT,
        OperatorKind.ASKED,
        OperatorKind.HOPED,
        OperatorKind.PLANNED,
    )
)


def _is_tag(parsed: Parse, verb: Word) -> Word | None:
    """The verb of what is said, where that stands first: "X was suspended, the league said"."""
    said = parsed.child(verb, "ccomp")
    return said if said is not None and said.n < verb.n else None


def _form(text: str) -> float:
    """Weight of a sentence by its main clause: of no plan, with an early subject."""
    (parsed,) = parse([text])
    worth = 1.0
    roots = [w for w in parsed.words if w.head == w.n]
    for verb in (_is_tag(parsed, root) or root for root in roots):
        tags = {verb.tag, *(c.tag for c in parsed.children[verb.n] if c.dep in _AUXILIARIES)}
        going = "VBG" in tags and "VBD" not in tags
        worth *= 0.8 if going or "MD" in tags else 1.0
        subject: Word | None = parsed.child(verb, *SUBJECTS)
        worth *= 0.6 if subject is None or min(parsed.subtree(subject)).n > _LATE else 1.0
    return worth


_AUXILIARIES = ("aux", "auxpass")
