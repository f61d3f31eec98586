"""Views in a sentence: who finds good or bad what, and whose it is."""

from __future__ import annotations

from collections.abc import Iterator

from summarizer.text.act_words import words
from summarizer.text.clauses import core
from summarizer.text.grammar import SUBJECTS, is_predicate
from summarizer.text.operators import own
from summarizer.text.parse import Parse, Word
from summarizer.text.parties import Party, party
from summarizer.text.replying import NOT, is_same

_SAID = ("ccomp", "oprd", "xcomp", "acomp", "attr")
_DUTIES = ("should", "must", "ought")
_TOWARDS = ("from", "in", "of", "on", "by", "for", "with", "against", "to")


def view(parsed: Parse, word: Word, by: tuple[Party, ...]) -> bool | None:
    """Whether somebody says good (true) or bad (false) of something: "called the plan reckless",
    "said it should be stopped", "has confidence in her"; ``None`` for neither."""
    found = (view_in(parsed, clause, by) for clause in _said(parsed, word))
    return next((good for good in found if good is not None), None)


def view_in(parsed: Parse, clause: Word, by: tuple[Party, ...]) -> bool | None:
    """Whether a clause that is somebody's word says good (true) or bad (false) of something."""
    subject = core(parsed, clause)[0] if is_predicate(parsed, clause) else None
    itself = subject is not None and subject.tag == "PRP" and is_same(party(parsed, subject), by)
    below = [c for c in parsed.children[clause.n] if c.dep not in SUBJECTS]
    near = (clause, *below)  # not "the first failure was at nine"
    if itself and not any(True for _ in _whom(parsed, clause)):
        near = tuple(w for w in near if w.tag == "RB")  # not "said it was wrong" of itself
    negated = any(o.kind in NOT for o in own(parsed, clause))
    said = {w.lemma.casefold() for w in near}
    excess = any(c.lemma == "too" for w in near if w.n != clause.n for c in parsed.children[w.n])
    if said & words("bad") or excess:
        return negated
    if said & words("good"):
        return not negated
    demanded = None if itself else _demanded(parsed, clause)
    return None if demanded is None else demanded and not negated


def _said(parsed: Parse, word: Word) -> Iterator[Word]:
    """Clauses and complements that a verb holds, with those joined to them."""
    for clause in parsed.children[word.n]:
        if clause.dep in _SAID:
            yield clause
            yield from (c for c in parsed.children[clause.n] if c.dep == "conj")


def _demanded(parsed: Parse, clause: Word) -> bool | None:
    """Whether a clause demands that something go on (true) or be otherwise (false): "should be
    allowed", "must stop", "should have known"; ``None`` for no demand, or one of which nothing
    tells."""
    duty = clause.lemma in _DUTIES
    auxiliaries = {c.lemma for c in parsed.children[clause.n] if c.dep == "aux"}
    unfit = "can" in auxiliaries and clause.lemma in words("lets")  # "the result cannot stand"
    duty = duty or not auxiliaries.isdisjoint(_DUTIES)
    duty = duty or (unfit and parsed.child(clause, "neg") is not None)
    subject = parsed.child(clause, *SUBJECTS)
    if not duty or (subject is not None and subject.lemma in words("people")):
        return None  # "customers should stop using it" is advice
    deed = (parsed.child(clause, "xcomp") if clause.lemma in _DUTIES else None) or clause
    below = parsed.children[deed.n]
    if deed.lemma in words("lets"):
        return True
    past = any(c.dep == "aux" and c.lemma == "have" for c in below)
    negated = any(c.dep == "neg" for c in below)
    return False if past or negated or deed.lemma in words("halts") else None


def _whom(parsed: Parse, word: Word) -> Iterator[Word]:
    """The object of a verb, and what stands behind prepositions of either."""
    object_ = core(parsed, word)[1]
    if object_ is not None:
        yield object_
    below = [*parsed.children[word.n], *(parsed.children[object_.n] if object_ else ())]
    for child in below:
        if child.dep == "prep" and child.lemma in _TOWARDS:
            found = parsed.child(child, "pobj")
            if found is not None:
                yield found
