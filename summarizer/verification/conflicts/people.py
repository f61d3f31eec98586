"""Conflicts about people: the age of a person, the speaker of a quotation, a name for another.

Ages and speakers conflict however little else two sentences share: "Mara Vell, 46," and "the
44-year-old Mara Vell".  Only full names count, since a family or a firm shares a surname.  A name
conflicts with the one in its place where two sentences run along each other word for word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summarizer.text import coreference, quotations
from summarizer.text.cache import cached_by_text
from summarizer.text.job_titles import NOUNS
from summarizer.text.name_matching import known
from summarizer.text.names import PERSON, Name, names
from summarizer.text.quotations import SAY
from summarizer.text.sentences import Span
from summarizer.text.tokens import STOPWORDS, Token, tokens
from summarizer.verification.checks.word_alignment import departures

QUOTED = 6
"""Least words of a quotation that has one speaker: shorter ones are phrases and slogans."""

BESIDE = 40
"""Characters before and after a speaker in which a job title is searched."""

_AGED = re.compile(
    rf"(?P<name>{PERSON}), (?:aged? )?(?P<age>\d{{1,2}}),"
    rf"|\b(?P<years>\d{{1,2}})-year-old (?P<who>{PERSON})"
)
_SPEAKS = re.compile(rf"(?P<name>{PERSON})(?:, [^,“”\"]{{3,90}},|,)? {SAY}\b")
_SPOKE = re.compile(
    rf"[,.!?]?[”\"] {SAY} (?:(?:the |a |an |its )?[a-z][^,“”\".]{{2,70}},? )?(?P<name>{PERSON})"
)
_OPEN = re.compile(r"(?<!\w)[“\"](?P<inner>[^“”\"]+)$")


def ages(one: str, other: str) -> Iterator[tuple[Span, Span]]:
    """Spans where two sentences give different ages for one full name."""
    theirs = aged(other)
    for name, at in aged(one).items():
        if name in theirs and _words(one, at) != _words(other, theirs[name]):
            yield at, theirs[name]


@cached_by_text
def aged(text: str) -> dict[tuple[str, str], Span]:
    """Spans of the ages in a sentence, by first and last word of the person's name."""
    found = {}
    for match in _AGED.finditer(text):
        name, age = ("name", "age") if match["name"] else ("who", "years")
        form = coreference.form(match[name])
        if form.is_person:
            found[form.words[0], form.words[-1]] = Span(*match.span(age))
    return found


def _words(text: str, at: Span) -> str:
    return text[at.start : at.end]


def speakers(one: str, other: str) -> Iterator[tuple[Span, Span]]:
    """Spans of the speakers if two sentences attribute one quotation to two people."""
    mine, theirs = speech(one), speech(other)
    if not mine or not theirs or set(mine.who.words) & set(theirs.who.words):
        return
    short, long = sorted((mine.quote, theirs.quote), key=len)
    if quotations.stands_in(short, long):
        yield mine.at, theirs.at


@dataclass(frozen=True)
class _Speech:
    """The longest quotation of a sentence and its only speaker."""

    quote: str
    who: coreference.Form
    at: Span


@cached_by_text
def speech(text: str) -> _Speech | None:
    """The longest quotation of a sentence, if only one person speaks it."""
    quoted = [(q.text, q.start, q.end) for q in quotations.quotes(text)]
    # A quotation that is open at the end goes on in the next sentence.
    quoted += [(m["inner"], *m.span()) for m in _OPEN.finditer(text)]
    long = [words for words, _, _ in quoted if len(tokens(words)) >= QUOTED]
    names = [
        match
        for pattern in (_SPEAKS, _SPOKE)
        for match in pattern.finditer(text)
        if not any(start < match.start("name") < end for _, start, end in quoted)
    ]
    if len({match.span("name") for match in names}) != 1 or not long:
        return None
    (who, *_), spoken = names, max(long, key=len)
    form = coreference.form(who["name"])
    if not form.is_person or not _shows_person(text, who, form):
        return None
    return _Speech(spoken, form, Span(*who.span("name")))


def _shows_person(text: str, match: re.Match[str], form: coreference.Form) -> bool:
    """Whether a job title stands near a name: without one it may be that of a firm, whose words
    its head may say too."""
    beside = text[max(0, match.start() - BESIDE) : match.end() + BESIDE]
    return bool(form.titles) or any(t.norm in NOUNS for t in tokens(beside))


def displaced(sentence: str, other: str) -> list[tuple[Name, Name]]:
    """Names of a sentence with those that stand in their places in another which it runs along."""
    return list(_displacements(sentence, other))


def _displacements(sentence: str, other: str) -> Iterator[tuple[Name, Name]]:
    mine, theirs = ([n for n in names(text) if n.sure] for text in (sentence, other))
    for place in departures(sentence, other) if mine and theirs else ():
        if not place.mine or not place.theirs:
            continue
        here = [n for n in mine if place.mine[0].start < n.end and n.start < place.mine[-1].end]
        there = [
            n for n in theirs if place.theirs[0].start < n.end and n.start < place.theirs[-1].end
        ]
        if len(here) != 1 or len(there) != 1 or not _others(here[0], there[0]):
            continue
        if _within(place.mine, here[0]) and _within(place.theirs, there[0]):
            yield here[0], there[0]


def _within(words: Sequence[Token], name: Name) -> bool:
    """Whether a departure is the name, with an initial perhaps, and nothing besides."""
    return all(
        w.norm in STOPWORDS or len(w.norm) == 1 or name.start <= w.start < name.end for w in words
    )


def _others(one: Name, other: Name) -> bool:
    """Whether two names share no word and neither is a form of the other."""
    if set(one.words) & set(other.words) or not one.words or not other.words:
        return False
    return not known(one, other.text) and not known(other, one.text)
