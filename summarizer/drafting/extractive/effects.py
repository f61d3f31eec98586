"""What a sentence tells of consequences: whom it affects, amounts, decisions and rules."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.drafting.extractive.standing import standing
from summarizer.text.cache import cached_by_text
from summarizer.text.clauses import Clause, Role, Tense, clauses
from summarizer.text.governors import OperatorKind
from summarizer.text.job_titles import INSTITUTIONS
from summarizer.text.parse import parse
from summarizer.text.quantities import SIGNS, Quantity, quantities
from summarizer.text.tokens import fold, listed, read, stem

ENOUGH = 2.0
"""Strength from which a sentence states a consequence."""
SOME = 1.0
"""Strength from which it bears on one, and stands where nothing states one."""
_AMOUNT, _EFFECT, _DECISION, _RULE = 1.0, 1.0, 1.5, 0.5
_MANY = 1000
_YEARS = range(1900, 2101)
_STEMS_OF_EFFECTS = frozenset(
    stem(fold(word))
    for word in listed(
        """
        affect allow ban bar block burn change close compensate cost cover cut cancel damage
        delay deprive destroy displace drop employ end evacuate expose face fall fine flood force
        grow halt handle harm hurt injure insure kill leave limit lose mean miss move owe
        pay permit process protect raise recall refund replace require restrict result rise risk
        serve stop strand supply suspend threaten treat withdraw
        """
    )
)
"""Predicates of a change in somebody's lot, or of what many depend on."""
_DECIDES = frozenset(
    stem(fold(word))
    for word in listed(
        """
        appeal approve consider debate decide determine discuss examine hear inspect meet open
        present question report review rule sanction vote
        """
    )
)
"""Predicates of who decides next."""
_SITTINGS = frozenset(listed("ballot debate election hearing referendum trial verdict vote"))
_WISHES = frozenset(stem(fold(word)) for word in listed("ask claim demand offer request seek want"))
_PEOPLE = frozenset(
    stem(fold(word))
    for word in listed(
        """
        adult business child children company customer driver employee family farmer home household
        member migrant nurse owner passenger patient people person pupil refugee resident staff
        student subscriber teacher tenant user voter woman women worker
        """
    )
)
"""Those of whom a page says how many they are."""
_LEAST = 10
"""Number of counted people or things from which a change affects many."""
_SHARE = re.compile(r"\b(?:half|(?:a|one|two) (?:third|quarter|fifth)s?|most|majority) of\b")
_FRACTION = re.compile(r"\b(?:half|(?:a|one|two) (?:third|quarter|fifth)s?) of (?:the|all|every)\b")
_LAW = re.compile(
    r"\b[Uu]nder (?:the |an? )?(?:\w+ ){0,4}(?:Act|Law|Code|Regulation|Constitution)\b"
    r"|\bonly (?:the )?\w+ may\b"
)
_UNTIL = re.compile(r"\b(?:has|have) until\b")
_IS_TO = re.compile(r"\b(?:is|are) (?:to|set|due|scheduled) ")
_DECIDERS = INSTITUTIONS | frozenset(listed("judge jury law minister regulator rule senate"))
_OPEN = frozenset(
    (OperatorKind.NEGATED, OperatorKind.HOPED, OperatorKind.ASKED, OperatorKind.THOUGHT)
)
_SPOKEN = frozenset((OperatorKind.SAID, OperatorKind.ALLEGED, OperatorKind.THOUGHT))


@cached_by_text
def effect(text: str) -> float:
    """Strength of what a sentence says of consequences, from 0; ``ENOUGH`` states one.

    Amounts of money, shares and large numbers count, as do predicates of change, institutions that
    decide, who decides next, the law at stake, and what may or must be.
    A hope, a question or a view has no consequence yet.
    """
    (found,) = clauses([text])
    main = _main_verbs(text)
    told = [
        c
        for c in found
        if c.finite and c.start in main and not _OPEN.intersection(o.kind for o in c.operators)
    ]
    if any(c.lemma in _WISHES and c.finite for c in found):
        return SOME if any(q.kind in SIGNS for q in quantities(text)) else 0.0
    done = _is_done_to_many(text)
    changes = done or any(c.lemma in _STEMS_OF_EFFECTS for c in told)
    amount = _AMOUNT if has_amount(text) or (changes and _is_of_many(text)) else 0.0
    amount = max(amount, ENOUGH if _FRACTION.search(text) else 0.0)
    ahead = 2 * _AMOUNT if _decides(text, told) else 0.0
    rule = _DECISION if _LAW.search(text) else 0.0
    if standing(text).reported and not (amount or ahead or rule):
        return 0.0
    said = {o.start for c in found for o in c.operators if o.kind in _SPOKEN}
    own = max((_of_clause(c) for c in told if c.start not in said), default=0.0)
    own = max(own, _EFFECT if done else 0.0)
    return amount + rule + max(own, ahead)


@cached_by_text
def decides_next(text: str) -> bool:
    """Whether a sentence says what will be decided, heard or voted on."""
    return _decides(
        text, [c for c in clauses([text])[0] if c.finite and c.start in _main_verbs(text)]
    )


def _decides(text: str, told: Sequence[Clause]) -> bool:
    if _UNTIL.search(text):
        return not _DECIDES.isdisjoint(read(text).stems)
    due = _IS_TO.search(text) is not None
    return any(_is_decision(c) for c in told if due or c.tense is Tense.MODAL)


def _is_decision(clause: Clause) -> bool:
    subject = clause.argument(Role.SUBJECT) or clause.argument(Role.OBJECT)
    sits = subject is not None and bool(_SITTINGS.intersection(fold(subject.text).split()))
    return sits or clause.lemma in _DECIDES or not _DECIDES.isdisjoint(clause.governed)


def _is_done_to_many(text: str) -> bool:
    """Whether a sentence counts people to whom something was done: "60 workers were sent home"."""
    (parsed,) = parse([text])
    roots = (w for w in parsed.words if w.head == w.n)
    done_to = [w for root in roots for w in parsed.children[root.n] if w.dep == "nsubjpass"]
    spans = [(inside[0].start, inside[-1].end) for w in done_to if (inside := parsed.subtree(w))]
    return any(
        q.value >= _LEAST
        and not _PEOPLE.isdisjoint(q.nouns)
        and any(start <= q.start < end for start, end in spans)
        for q in quantities(text)
    )


def _is_of_many(text: str) -> bool:
    """Whether a sentence counts many people or things, or has a share of something in words."""
    counted = (q for q in quantities(text) if q.kind == "" and q.nouns and q.value not in _YEARS)
    return bool(_SHARE.search(text)) or any(q.value >= _LEAST for q in counted)


def has_amount(text: str) -> bool:
    """Whether a sentence has an amount of money, a share or a large number of something."""
    return any(map(_is_amount, quantities(text)))


def _main_verbs(text: str) -> frozenset[int]:
    """Offsets of the verbs of the main clause, of what it says and of what it goes on to tell."""
    (parsed,) = parse([text])
    roots = [w for w in parsed.words if w.head == w.n]
    further = (c for r in roots for c in parsed.children[r.n] if c.dep in ("ccomp", "conj"))
    return frozenset(w.start for w in (*roots, *further))


def _is_amount(quantity: Quantity) -> bool:
    counted = quantity.kind == "" and bool(quantity.nouns) and quantity.value not in _YEARS
    return quantity.kind in SIGNS or quantity.kind == "%" or (counted and quantity.value >= _MANY)


def _of_clause(clause: Clause) -> float:
    subject = clause.argument(Role.SUBJECT)
    words = fold(subject.text).split() if subject is not None else []
    changes = _EFFECT if clause.lemma in _STEMS_OF_EFFECTS else 0.0
    decides = _DECISION if words and words[-1] in _DECIDERS else 0.0
    return changes + decides + (_RULE if clause.tense is Tense.MODAL else 0.0)
