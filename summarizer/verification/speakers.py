"""Speakers of source texts: in whose words a passage states something.

The speaker of a statement is the one who says, finds, alleges or denies its clause; of a sentence
within a quotation, the one to whom the text around it gives the quotation.  Without any, the outlet
itself states it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import cache

from summarizer.text import act_words
from summarizer.text.boilerplate import trim
from summarizer.text.clauses import Clause, Role, clauses
from summarizer.text.governors import OperatorKind, governors
from summarizer.text.name_matching import known
from summarizer.text.names import Name, names
from summarizer.text.quotations import is_quoted, quotes, speakers
from summarizer.text.sentences import Span
from summarizer.text.tokens import read, stem
from summarizer.verification.evidence import CitedEvidence, CitedText

REACH = 3
"""Passages before a quoted sentence or a pronoun in which its speaker is looked for."""

QUOTED = 1 / 3
"""Share of a sentence in quotation marks from which it tells what somebody said."""

UNNAMED = "somebody"
"""The speaker of a quotation that the passages around it give to nobody by name."""

SPEAKS = frozenset((OperatorKind.SAID, OperatorKind.ALLEGED, OperatorKind.DENIED))
"""Operators of somebody who speaks."""
_ACCORDING = re.compile(r"\baccording to\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?$")
_PRONOUN = re.compile(r"(?:he|she|they|it|I|we|who)", re.IGNORECASE)


def speaker(words: Collection[str], ground: CitedText, grounds: CitedEvidence) -> str:
    """Who states some words in a passage, as written; empty where its outlet does.

    Args:
        words: stems of the statement.
        ground: a passage that states it.
        grounds: the evidence, for the passages before it.
    """
    found = within(words, ground.text)
    if found == UNNAMED or _PRONOUN.fullmatch(found):
        return _before(ground, grounds) or UNNAMED
    return found


def within(words: Collection[str], text: str) -> str:
    """Who states some words by the sentence of a text that has most of them; may be a pronoun."""
    span, sentence = _nearest(words, text), telling(words, text)
    found = _of_clause(words, sentence)
    if QUOTED * len(sentence) < sum(len(quote.text) for quote in quotes(sentence)):
        found = next(_said_by(sentence), found)
    if not found and _ACCORDING.search(sentence):
        found = next(iter(speakers(sentence)), "")
    if not found and is_quoted(text, span):
        return UNNAMED
    return _with_name(found, sentence)


def _with_name(speaker: str, sentence: str) -> str:
    """A speaker with the name right behind: "the regulator Fincourt"."""
    end = sentence.find(speaker) + len(speaker)
    if not speaker or end < len(speaker) or names(speaker):
        return speaker
    found = next((name for name in names(sentence) if name.start == end + 1), None)
    return speaker if found is None else f"{speaker} {found.text}"


def telling(words: Collection[str], text: str) -> str:
    """The sentence of a text that has most of some stems."""
    span = _nearest(words, text)
    return trim(text[span.start : span.end])


def _said_by(sentence: str) -> Iterator[str]:
    """Those to whom a sentence gives its words, the nearest to the grammar first."""
    (found,) = clauses([sentence])
    yield from (o.by for c in found for o in c.operators if o.kind in SPEAKS and o.by)
    yield from speakers(sentence)


def _nearest(words: Collection[str], text: str) -> Span:
    """The sentence of a text that has most of some stems."""
    reading = read(text)
    pairs = zip(reading.spans, reading.sentence_contents, strict=True)
    return max(pairs, key=lambda pair: len(pair[1].intersection(words)))[0]


def _of_clause(words: Collection[str], sentence: str) -> str:
    """Who says the clause of a sentence that has most of some stems."""
    (found,) = clauses([sentence])
    told = [clause for clause in found if not clause.governed] or list(found)
    if not told:
        return ""
    best = max(told, key=lambda clause: len({clause.lemma, *clause.stems}.intersection(words)))
    said = [operator.by for operator in best.operators if operator.kind in SPEAKS]
    subject = best.argument(Role.SUBJECT)
    if not said and best.lemma in _announces() and subject is not None:
        return subject.text
    whole = _governing(best, found, said=bool(said))
    return whole if said[:1] in ([], [""]) or said[0] in whole else said[0]


def _governing(clause: Clause, every: Sequence[Clause], said: bool) -> str:
    """The subject of the clause that another one completes ("a spokesman for Acme said …"), where
    that says or finds it."""
    for other in every:
        subject = other.argument(Role.SUBJECT)
        if clause.lemma in other.governed and subject is not None:
            return subject.text if said or other.lemma in _finds() else ""
    return ""


@cache
def _finds() -> frozenset[str]:
    """Stems of verbs whose clause holds, which their subject tells: "found that"."""
    return frozenset(stem(lemma) for lemma, how in governors("that").items() if how.kind is None)


@cache
def _announces() -> frozenset[str]:
    """Stems of verbs by which their subject makes known what it does: outlets only pass it on."""
    return frozenset(map(stem, act_words.words("announces")))


def _before(ground: CitedText, grounds: CitedEvidence) -> str:
    """The last named speaker of a passage, else of the passages before it."""
    for text in (ground.text, *(g.text for g in grounds.before(ground, REACH))):
        if found := speakers(text):
            return found[-1]
    return ""


def name_of(speaker: str) -> Name | None:
    """The name of a speaker: "Acme" of "a spokesman for Acme"; ``None`` without one."""
    found = names(speaker)
    if not found:
        return None
    return replace(found[-1], text=_POSSESSIVE.sub("", found[-1].text))


def same(one: Name, other: Name) -> bool:
    """Whether two names are one: by a part of the name, its initials or its acronym."""
    return known(one, other.text) or known(other, one.text)
