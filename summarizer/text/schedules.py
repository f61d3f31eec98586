"""Schedules: sentences that announce a step, apart from those that call one possible."""

from __future__ import annotations

import re
from typing import NamedTuple

from summarizer.text.act_words import words
from summarizer.text.called_off import moves_to
from summarizer.text.clauses import Clause, Role, Tense, clauses
from summarizer.text.dates import mentions
from summarizer.text.governors import OperatorKind
from summarizer.text.grammar import is_predicate
from summarizer.text.parse import Parse, Word, parse
from summarizer.text.tokens import listed, stem

_ANNOUNCED = re.compile(
    r"\b(?:will|expects?|(?:is|are|was|were|been) (?:set|due|scheduled|slated|expected|to)(?=\s)|"
    r"set for|(?:expected|scheduled|slated|due|planned) (?:to|for|on|by|in|at)|"
    r"plan(?:s|ned|ning)? to|intends? to|anticipat(?:es?|ed)|upcoming|agreed to|"
    r"deadlines?|must|ordered to|(?:has|have|had|given) until|takes? effect|"
    r"comes? into force)\b"
)
_IN_DOUBT = re.compile(
    r"\b(?:(?-i:may)|might|could|should|if|unless|likely|unlikely|probabl[ey]|possib\w+|"
    r"perhaps|considers?|considering|hopes?|hoped|threaten(?:s|ed)?|propos\w+|aims?|wants? to|"
    r"seeks?|doubt(?:s|ful)?|not expected)\b",
    re.IGNORECASE,
)


def announces(text: str) -> bool:
    """Whether a sentence announces a step: "is due on", "will vote", "moved to 5 May", not "may
    vote"."""
    ahead = _ANNOUNCED.search(text) or any(moves_to(text, w.start) for w in mentions(text))
    return bool(ahead) and not _IN_DOUBT.search(text)


class _Day(NamedTuple):
    """The clause of a day.

    Args:
        verb: its predicate.
        below: what hangs on the predicate and holds the day.
    """

    clause: Clause
    verb: Word
    below: Word


def announces_day(text: str, start: int, *, past: bool = True) -> bool:
    """Whether the clause of a day that lies ahead announces it, by grammar.

    "The hearing opens on 3 May", "must pay by 3 May" and "was given until 3 May" do; "hopes to pay
    by 3 May", "asked the court to rule by 3 May" and "did not set 3 May" don't.

    Args:
        text: one sentence.
        start: offset of the day in it.
        past: whether a clause of the past may: "announced a vote on 3 May".
    """
    day = _day_at(text, start)
    if day is not None and _is_ordered(day) and _BY.search(text[:start]):
        return True
    if day is None or not _is_announced(day) or not _is_ahead(day):
        return False
    limited = day.below.lemma in ("for", *_LIMITS)
    fixed = day.verb.lemma in _FIXES and day.below.dep == "dobj"  # "set a hearing for 3 May"
    return past or limited or fixed or day.clause.tense is not Tense.PAST


def lies_ahead(text: str, start: int) -> bool:
    """Whether the weekday at an offset can only be the coming one: "talks resume on Friday", "must
    answer by Friday", "said it would stay shut until Friday"."""
    day = _day_at(text, start)
    if day is None or not _is_announced(day):
        return False
    match day.clause.tense:
        case Tense.PRESENT:
            return day.verb.lemma in _SET or day.below.lemma in _LASTING
        case Tense.MODAL:
            return not _is_would(day) or (_is_ahead(day) and day.below.lemma in _LIMITS)
    return False


def is_aside(text: str, start: int) -> bool:
    """Whether the day at an offset is that of a clause beside the main one: "an inquiry into a
    mayor who was arrested on 3 May", "resigned when police came on 3 May"."""
    day = _day_at(text, start)
    return day is not None and day.verb.dep in ("relcl", "advcl") and day.verb.tag != "VBG"


def _day_at(text: str, start: int) -> _Day | None:
    (parsed,) = parse([text])
    inside = next((word for word in parsed.words if word.end > start), None)
    if inside is None:
        return None
    verb, below = _governing(parsed, inside)
    (found,) = clauses([text])
    clause = next((c for c in found if verb is not None and c.start == verb.start), None)
    return None if clause is None or verb is None else _Day(clause, verb, below)


def _governing(parsed: Parse, word: Word) -> tuple[Word | None, Word]:
    """The predicate above a word, and what hangs on it there."""
    below = word
    while not is_predicate(parsed, word) or word.dep == "acomp":  # "stays closed until 3 May"
        if word.head == word.n:
            return None, below
        below, word = word, parsed.words[word.head]
    return word, below


def _is_ahead(day: _Day) -> bool:
    """Whether a clause tells of what comes on its day.

    A past one does where the day is that of something else: "summoned him for 3 May", "announced a
    vote on 3 May".
    """
    kinds = {operator.kind for operator in day.clause.operators}
    match day.clause.tense:
        case Tense.PRESENT:
            return True
        case Tense.MODAL:
            return not _is_would(day) or OperatorKind.SAID in kinds
        case Tense.NONE if kinds & {OperatorKind.FUTURE, OperatorKind.PLANNED}:
            return True
    return day.below.lemma in ("for", *_LIMITS) or day.below.dep in ("dobj", "pobj", "appos")


def _is_would(day: _Day) -> bool:
    return any(o.word.casefold() in ("would", "'d", "’d") for o in day.clause.operators)


def _is_announced(day: _Day) -> bool:
    """Whether nothing keeps a clause from being announced: no doubt, no condition, no wish."""
    return _is_firm(day.verb.text, day.verb.lemma) and all(
        o.kind in _FIRM and _is_firm(o.word, o.word.casefold()) for o in day.clause.operators
    )


def _is_ordered(day: _Day) -> bool:
    """Whether an authority asks for something: "the regulator asked Acme for a report by 3 May"."""
    by = day.clause.argument(Role.SUBJECT)
    authority = by is not None and by.text.split()[-1].casefold() in words("deciding")
    return authority and day.verb.lemma in _ORDERS and day.clause.tense is not Tense.MODAL


def _is_firm(word: str, lemma: str) -> bool:
    return stem(lemma) not in _WISHED and not _IN_DOUBT.fullmatch(word)


_FIXES = ("set", "fix", "schedule")
_LASTING = ("until", "till", "through")
_LIMITS = (*_LASTING, "by", "before")
_SET = frozenset(
    listed(
        """
        begin start open reopen launch resume return convene meet vote last run stay remain close
        end expire lapse
        """
    )
)
"""Verbs whose present tells of a time that is set: "the talks resume on Friday"."""
_FIRM = (
    OperatorKind.SAID,
    OperatorKind.FUTURE,
    OperatorKind.PLANNED,
    OperatorKind.THOUGHT,
)
_ORDERS = ("ask", "demand", "request")
_BY = re.compile(r"\b(?:by|before|until) $")
_WISHED = frozenset(
    map(
        stem,
        listed(
            """
            ask urge demand request beg call press lobby campaign recommend advise want wish hope
            aim seek try attempt propose offer threaten bid apply appeal suggest
            """
        ),
    )
)
"""Stems of verbs and nouns that govern what somebody wishes, and nobody has settled."""
