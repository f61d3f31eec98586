"""What a sentence tells of consequences: whom it affects, amounts, decisions and rules."""

from __future__ import annotations

from summarizer.drafting.extractive.standing import standing
from summarizer.text.cache import cached_by_text
from summarizer.text.clauses import Clause, Role, Tense, clauses
from summarizer.text.governors import OperatorKind
from summarizer.text.job_titles import INSTITUTIONS
from summarizer.text.parse import parse
from summarizer.text.quantities import SIGNS, Quantity, quantities
from summarizer.text.tokens import fold, listed, stem

ENOUGH = 2.0
"""Strength from which a sentence states a consequence."""
_AMOUNT, _EFFECT, _DECISION, _RULE = 1.0, 1.0, 1.5, 0.5
_MANY = 1000
_YEARS = range(1900, 2101)
_STEMS_OF_EFFECTS = frozenset(
    stem(fold(word))
    for word in listed(
        """
        affect allow ban bar block change close compensate cost cut cancel damage delay deprive
        drop end evacuate expose face fall fine force grow halt harm hurt injure kill lay lead
        limit lose mean owe pay permit protect raise recall refund replace require restrict result
        rise risk stop strand suspend threaten withdraw
        """
    )
)
"""Predicates of a change in somebody's lot."""
_DECIDERS = INSTITUTIONS | frozenset(listed("judge jury law minister regulator rule senate"))
_OPEN = frozenset(
    (OperatorKind.NEGATED, OperatorKind.HOPED, OperatorKind.ASKED, OperatorKind.THOUGHT)
)
_SPOKEN = frozenset((OperatorKind.SAID, OperatorKind.ALLEGED, OperatorKind.THOUGHT))


@cached_by_text
def effect(text: str) -> float:
    """Strength of what a sentence says of consequences, from 0; ``ENOUGH`` states one.

    Amounts of money, shares and large numbers count, as do predicates of change, institutions that
    decide, and what may or must be.  A hope, a question or a view has no consequence yet.
    """
    (found,) = clauses([text])
    main = _main_verbs(text)
    told = [
        c
        for c in found
        if c.finite and c.start in main and not _OPEN.intersection(o.kind for o in c.operators)
    ]
    amount = _AMOUNT if has_amount(text) else 0.0
    if standing(text).reported and not amount:
        return 0.0
    said = {o.start for c in found for o in c.operators if o.kind in _SPOKEN}
    return amount + max((_of_clause(c) for c in told if c.start not in said), default=0.0)


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
