"""What sources tell of one person: an age, and who said what is quoted.

Both are slots of their own, however little else two sentences share: "Mara Vell, 46," and "the
44-year-old Mara Vell" cannot both be right, nor can one sentence in quotation marks be two
people's.  Only full names count, since a family or a firm shares a surname.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from summarizer.text import coreference, quotations
from summarizer.text.cache import cached_by_text
from summarizer.text.job_titles import NOUNS
from summarizer.text.names import PERSON
from summarizer.text.quotations import SAY
from summarizer.text.sentences import Span
from summarizer.text.tokens import tokens

QUOTED = 6
"""Words from which on a quotation is nobody else's too: shorter ones are phrases and slogans."""

BESIDE = 40
"""Characters before and behind a speaker in which an office is looked for."""

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
    """Where two sentences give a person of one full name two ages."""
    theirs = _aged(other)
    for name, at in _aged(one).items():
        if name in theirs and _words(one, at) != _words(other, theirs[name]):
            yield at, theirs[name]


@cached_by_text
def _aged(text: str) -> dict[tuple[str, str], Span]:
    """The ages of a sentence by first and last word of the full names that they are told of."""
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
    """Where two sentences put one quotation into the mouths of two people."""
    mine, theirs = _speech(one), _speech(other)
    if not mine or not theirs or set(mine.who.words) & set(theirs.who.words):
        return
    short, long = sorted((mine.quote, theirs.quote), key=len)
    if quotations.stands_in(short, long):
        yield mine.at, theirs.at


@dataclass(frozen=True)
class _Speech:
    """The one long quotation of a sentence and the one person who says it."""

    quote: str
    who: coreference.Form
    at: Span


@cached_by_text
def _speech(text: str) -> _Speech | None:
    said = [(q.text, q.start, q.end) for q in quotations.quotes(text)]
    said += [(m["inner"], *m.span()) for m in _OPEN.finditer(text)]  # it goes on in the next
    long = [words for words, _, _ in said if len(tokens(words)) >= QUOTED]
    names = [
        match
        for pattern in (_SPEAKS, _SPOKE)
        for match in pattern.finditer(text)
        if not any(start < match.start("name") < end for _, start, end in said)
    ]
    if len({match.span("name") for match in names}) != 1 or not long:
        return None
    (who, *_), spoken = names, max(long, key=len)
    form = coreference.form(who["name"])
    if not form.is_person or not _shows_person(text, who, form):
        return None
    return _Speech(spoken, form, Span(*who.span("name")))


def _shows_person(text: str, match: re.Match[str], form: coreference.Form) -> bool:
    """Whether an office or a title stands beside a name: a firm may say what its head says."""
    beside = text[max(0, match.start() - BESIDE) : match.end() + BESIDE]
    return bool(form.titles) or any(t.norm in NOUNS for t in tokens(beside))
