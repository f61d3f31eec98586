"""Composer of the title: what the items' headlines and leads tell most, in a whole clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from summarizer.domain.accusations import Stage
from summarizer.domain.claims import Claim, Kind
from summarizer.domain.items import SourceItem
from summarizer.domain.sections import SectionSpec
from summarizer.drafting.extractive.claim_kinds import fitting, kind_of
from summarizer.drafting.extractive.compression import clips, forms, is_whole
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
from summarizer.text.grammar import COPULAS, SUBJECTS, is_predicate
from summarizer.text.parse import Parse, Word, parse
from summarizer.text.tokens import fold, read
from summarizer.verification.evidence import index_of
from summarizer.verification.outcomes import ends_something, is_before_end
from summarizer.verification.section_rules import ClaimContext
from summarizer.verification.verdicts import failed_checks

_LATEST_POSITION = 12
_TRIED = 16
_EARLY = {0: 1.0, 1: 0.85, 2: 0.7}  # by position in the item
_LABEL = re.compile(r"[^:]{2,40}:\s")  # "Police: driver was not speeding"
_QUOTES = re.compile(r"[“”\"?!‘]|(?<!\w)'|'(?!\w)")
_CITED = 3  # sentences cited for the title of an item
_CARRIED = 0.6  # share of a headline's content words that they must contain
_FEWEST_WORDS = 4
_LEAD = 0.5  # weight of a shortened lead: journalists choose headlines better than rules cut
_VERBLESS = 0.5  # weight of a headline without a verb
_NAMELESS = 0.5  # weight of what names nobody
_UNTOLD = 0.5  # weight of a lead that takes something for known: "The group left Leeds"
_TALK = 0.6  # weight of what is only said, wanted or planned
_END = 3.0  # weight of what tells how an accusation ended
_OLDEST = 0.5  # weight of the oldest day; the newest has 1
_OWN = 0.5  # weight of the headline of a party's own statement
_STALE = 0.3  # weight of a post, and of what was so on an older day


class _Candidate(NamedTuple):
    written: Written
    worth: float


def title(context: DraftContext, spec: SectionSpec, used: Sequence[Sentence]) -> list[Written]:
    """The headline of an item that says most of what all items tell and passes all checks, else a
    lead, shortened."""
    leads = [s for s in context.sentences if _may_lead(s)]
    leads = [s for s in leads if not s.partisan or context.tells_end(s)] or leads
    leads.sort(key=lambda s: (-context.score(s), s.index))
    parse([form for s in leads[:_TRIED] for form in forms(s.text)])  # together, which is faster
    found = [h for s in leads[:_TRIED] for h in _shortened(context, spec, s)]
    found += _headlines(context, spec)
    found.sort(key=lambda h: (-round(h.worth, 9), h.written.sentence.index, h.written.claim.text))
    return next(([h.written] for h in found if _passes(context, spec, h.written)), [])


def _passes(context: DraftContext, spec: SectionSpec, written: Written) -> bool:
    claim, pack = written.claim, context.pack
    if _is_finding(claim.text):
        return False
    if context.is_superseded(claim.text, claim.cites):
        return False
    if is_before_end(claim.text, claim.cites, pack):
        return False
    return not failed_checks(ClaimContext(claim, [claim], spec, index_of(pack)))


def recency(context: DraftContext, item: SourceItem) -> float:
    """Weight of an item by the place of its day among those of all; 1 if undated."""
    days = sorted({at.date() for i in context.pack.items if (at := i.published_at) is not None})
    if item.published_at is None:
        return 1.0
    place = days.index(item.published_at.date()) / max(1, len(days) - 1) if len(days) > 1 else 1.0
    return _OLDEST + (1.0 - _OLDEST) * place


def _headlines(context: DraftContext, spec: SectionSpec) -> Iterator[_Candidate]:
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
        kind = fitting(kind_of(text), spec.limits.kinds)
        if kind is None or len(said & told) < _CARRIED * len(said) or not _is_plain(text):
            continue
        cites = tuple(dict.fromkeys(id_ for s in cited for id_ in s.cites))
        written = Written(cited[0], Claim(text=text, cites=cites, kind=kind))
        worth = _worth(context, text, item) * (1.0 if _has_verb(text) else _VERBLESS)
        yield _Candidate(written, worth * (_OWN if item.platform.lower() in OWN_WORD else 1.0))


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


def _bare(item: SourceItem) -> str:
    """An item's title without labels around it and the name of its outlet."""
    text = trim(item.title).rstrip(".")
    start, mark, end = text.rpartition(next(iter(re.findall(r"\s[|–—-]\s", text)[-1:]), "\0"))
    outlet = fold(item.outlet or "")
    return start if mark and outlet and (fold(end) in outlet or outlet in fold(end)) else text


def _is_plain(text: str) -> bool:
    """Whether a text is no quotation or question, and speaks of others."""
    return not (_QUOTES.search(text) or FIRST_PERSON.search(text) or is_boilerplate(text))


def _is_finding(text: str) -> bool:
    """Whether a title says that something is or was not so without a word on who found that: "There
    is no evidence that …"."""
    if _LABEL.match(text) or "according to" in text:
        return False
    (parsed,) = parse([f"{text}."])
    for verb in (w for w in parsed.words if w.head == w.n and is_predicate(parsed, w)):
        near = parsed.children[verb.n]
        nouns = [w for w in near if w.dep in (*SUBJECTS, "attr")]
        none = any(c.lemma == "no" for w in nouns for c in parsed.children[w.n])
        tags = {verb.tag, *(w.tag for w in near if w.dep in ("aux", "auxpass"))}
        told = verb.lemma in COPULAS or "VBD" in tags or "auxpass" in {w.dep for w in near}
        if told and "MD" not in tags and (none or any(w.dep == "neg" for w in near)):
            return not any(w.dep in ("ccomp", "parataxis") for w in near)
    return False


def _may_lead(sentence: Sentence) -> bool:
    early = sentence.position < _LATEST_POSITION
    view = sentence.is_comment and sentence.partisan
    return early and sentence.lean is not Lean.HARD and not sentence.own_voice and not view


def _shortened(
    context: DraftContext, spec: SectionSpec, sentence: Sentence
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
        worth = _LEAD * _EARLY.get(sentence.position, 0.6) * clip.whole
        worth *= _worth(context, text, sentence.item)
        worth *= 1.0 if standing(f"{text}.").stands else _UNTOLD
        worth *= _END if context.tells_end(sentence) else 1.0
        worth *= _STALE if context.is_stale(sentence) or sentence.is_post else 1.0
        yield _Candidate(Written(sentence, Claim(text=text, cites=cites, kind=kind)), worth)


def _worth(context: DraftContext, text: str, item: SourceItem) -> float:
    """Share of what the items tell that a title says; a newer one with names counts more, and most
    one that tells how an accusation ended."""
    worth = context.ranking.gist.share(read(text).content_set) * recency(context, item)
    worth *= 1.0 if names_in(text) else _NAMELESS
    worth *= _TALK if _LABEL.match(text) or _is_talk(text) else 1.0
    return worth * (_END if _closes(text) else 1.0)


def _is_talk(text: str) -> bool:
    """Whether a title tells what somebody says, wants, asks for or plans, rather than does."""
    (parsed,) = parse([f"{text}."])
    verbs = (w for w in parsed.words if w.head == w.n and not _is_tag(parsed, w))
    found = (governors(form).get(verb.lemma) for verb in verbs for form in ("that", "to"))
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


def _is_tag(parsed: Parse, verb: Word) -> bool:
    """Whether a verb stands behind what is said: "X was suspended, the league said"."""
    said = parsed.child(verb, "ccomp")
    return said is not None and said.n < verb.n


def _has_verb(text: str) -> bool:
    (parsed,) = parse([f"{text}."])
    return any(word.tag.startswith("VB") for word in parsed.words)


def _closes(text: str) -> bool:
    """Whether a title tells that an accusation ended or was settled."""
    settled = (act.stage is Stage.SETTLED for sentence in acts([text]) for act in sentence)
    return ends_something(text) or any(settled)
