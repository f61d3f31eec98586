"""Irrealis: a claim may not state what its passages only ask, suppose or make fun of.

"Was Acme fined?", "If Acme was fined, …" and "Imagine that Acme was fined" hold every word of
"Acme was fined" and say nothing of the kind.  An item that calls itself satire or invented proves
nothing at all, in none of its passages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text.quotations import verbatim_free
from summarizer.text.sentences import sentences
from summarizer.text.tokens import coverage, read
from summarizer.verification.checks.modality import DROPPED_HEDGE_RECALL
from summarizer.verification.evidence import Aligned, CitedEvidence, CitedText, align

MARGIN = 0.1
"""By how much less of the claim a plain sentence may hold than the best one and still carry it."""

DECLARING_WORDS = 12
"""Of the longest sentence in which an item declares what it is; longer ones tell of others."""

_AUXILIARY = (
    r"(?:was|were|is|are|did|does|do|has|have|had|will|would|could|can|should|might|may"
    r"|isn['’]t|wasn['’]t|didn['’]t|hasn['’]t)"
)
_ASKED = re.compile(rf"^\W*(?:(?:and|but|so|or)\s+)?{_AUXILIARY}\b[^.!]*\?\W*$", re.IGNORECASE)
_SUPPOSED = re.compile(
    r"^\W*(?:(?:and|but|so|or|even|only)\s+)?(?:if|unless|suppos(?:e|ing)|imagin(?:e|ing)"
    r"|assum(?:e|ing)|say that|let us (?:say|assume|suppose)|what if|in case|picture a world"
    r"|(?:had|were|should)\s+(?!n['’]t)[^,?]{3,80},[^.]*\b(?:would|could|might|will)\b)",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:if|unless|whether|when|once|until|would|could|may|might|should|can|suppos\w+|imagin\w+"
    r"|assum\w+|in case|depend\w*|condition\w*|provided|hypothe\w+|possib\w+|potential\w*|ask\w*"
    r"|question\w*|wonder\w*|unclear|in the event|without|even|where|any\w*|as long as)\b|\?",
    re.IGNORECASE,
)
_JOKE = r"(?:satire|parody|spoof|joke|hoax|fiction(?:al)?|satirical|humou?r|made[ -]up|invented)"
_UNSERIOUS = re.compile(
    rf"^\W*{_JOKE}\W*$"
    r"|^\W*(?:this|the following|what follows|the above)\s+"
    r"(?:(?:story|article|post|item|text|piece)\s+)?(?:is|was)\s+"
    rf"(?:(?:all|an?|our|purely?|entirely?|completely?|only|april|fools?['’]?)\s+)*{_JOKE}\b"
    rf"|^\W*(?:from|in)\s+(?:our|the)\s+(?:{_JOKE}|april(?: fools?['’]?)?)\s+"
    r"(?:page|column|section|desk|issue|edition)\b"
    r"|\b(?:all of it|everything (?:here|in it|above|below)) (?:is |was )?"
    r"(?:made up|invented|fiction)"
    r"|^\W*(?:none|nothing) (?:of (?:it|this)|here) (?:is|was) true\b",
    re.IGNORECASE,
)


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail a sentence that states what is only asked or supposed, or that draws on an item which
    declares itself invented."""
    if joking := _from_joke(grounds):
        return [joking]
    failures = []
    for span in sentences(claim):
        sentence = claim[span.start : span.end]
        if not _OPEN.search(sentence) and (source := _unreal_source(sentence, grounds)):
            told = "asks it" if _ASKED.search(source.text) else "supposes it"
            reason = f"The cited passage {source.ground.id} only {told}; it doesn't say so."
            failures.append(_failure(reason, span.start, span.end))
    return failures


def asks(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail a drafted sentence that is a question, but for one in quotation marks."""
    return [
        _failure("The claim asks; a claim states.", span.start, span.end)
        for span in sentences(claim)
        if verbatim_free(claim[span.start : span.end], grounds.text).rstrip(" \"'”’)").endswith("?")
    ]


def _failure(reason: str, start: int | None = None, end: int | None = None) -> Failure:
    return Failure(
        check="irrealis", reason=reason, start=start, end=end, label=VerdictLabel.UNSUPPORTED
    )


def _unreal_source(sentence: str, grounds: CitedEvidence) -> Aligned | None:
    """The sentence that a claim is drawn from, when none of the cited ones like it states it."""
    found = [a for a in align(sentence, grounds.cited) if a.recall >= DROPPED_HEDGE_RECALL]
    near = [a for a in found if a.recall >= found[0].recall - MARGIN]
    if near and all(_is_unreal(a.text) for a in near) and not _told_together(sentence, grounds):
        return near[0]
    return None


def _told_together(sentence: str, grounds: CitedEvidence) -> bool:
    """Whether the sentences that do state something hold the claim between them."""
    stated = frozenset[str]()
    for ground in grounds.cited:
        reading = read(ground.text)
        for span, content in zip(reading.spans, reading.sentence_contents, strict=True):
            if not _is_unreal(ground.text[span.start : span.end]):
                stated |= content
    return coverage(read(sentence).content_set, stated) >= DROPPED_HEDGE_RECALL


def _is_unreal(text: str) -> bool:
    return _ASKED.search(text) is not None or _SUPPOSED.search(text) is not None


def _from_joke(grounds: CitedEvidence) -> Failure | None:
    joking = _joking(grounds.known)
    for ground in grounds.cited:
        if ground.item in joking:
            return _failure(
                f"The cited passage {ground.id} stands in an item that declares itself satire or "
                "invented; it proves nothing."
            )
    return None


@lru_cache(maxsize=4)
def _joking(known: tuple[CitedText, ...]) -> frozenset[str]:
    """Keys of the items that declare themselves invented: in the title, or where they begin or
    end."""
    items: dict[str, list[CitedText]] = {}
    for ground in known:
        items.setdefault(ground.item, []).append(ground)
    return frozenset(key for key, grounds in items.items() if _declares(grounds))


def _declares(item: Sequence[CitedText]) -> bool:
    inside = sorted(item, key=lambda g: (g.n, g.start))
    texts = [inside[0].title]
    for ground in {inside[0].id: inside[0], inside[-1].id: inside[-1]}.values():
        spans = read(ground.text).spans
        texts += [ground.text[s.start : s.end] for s in {*spans[:2], *spans[-2:]}]
    return any(
        len(text.split()) <= DECLARING_WORDS and _UNSERIOUS.search(verbatim_free(text, text))
        for text in texts
    )
