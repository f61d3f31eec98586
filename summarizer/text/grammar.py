"""Questions to the parse of a sentence: which words are predicates, and whose they are."""

from __future__ import annotations

from summarizer.text.parse import Parse, Word

SUBJECTS = ("nsubj", "nsubjpass", "csubj", "csubjpass", "expl")
"""Relations of a subject to its predicate."""

COPULAS = frozenset(("be", "seem", "appear", "look", "remain", "become", "sound", "prove", "get"))
"""Verbs with a complement that is said of the subject."""


def is_predicate(parse: Parse, word: Word) -> bool:
    """Whether a word is the head of a clause: a verb that is no auxiliary and no mere adjective."""
    if not word.tag.startswith("VB") or word.dep in ("aux", "auxpass", "prt", "case"):
        return False
    if word.dep in ("amod", "compound", "prep", "poss", "det", "nmod"):
        return parse.child(word, "nsubj") is not None
    return True


def is_finite(parse: Parse, word: Word) -> bool:
    """Whether a predicate has a tense of its own: "sold", "has sold", "may sell", not "to sell"."""
    auxiliaries = [c for c in parse.children[word.n] if c.dep in ("aux", "auxpass")]
    if any(c.tag in ("MD", "VBD", "VBZ", "VBP") for c in auxiliaries):
        return True
    if auxiliaries:
        return False
    if word.tag in ("VBD", "VBZ", "VBP"):
        return True
    head = parse.words[word.head]
    if word.dep == "conj" and parse.child(word, *SUBJECTS) is None:
        return (
            word.tag in ("VB", "VBN", "VBG")
            and is_predicate(parse, head)
            and is_finite(parse, head)
        )
    # The tagger confuses the past with the participle where the auxiliary is missing.
    return word.tag == "VBN" and parse.child(word, "nsubj") is not None


def governor_lemma(parse: Parse, word: Word) -> str:
    """Lemma of a verb with its particle: ``rule_out``."""
    particle = parse.child(word, "prt")
    return f"{word.lemma}_{particle.lemma}" if particle else word.lemma


def phrase(parse: Parse, word: Word) -> str:
    """A noun with what belongs to its name, as written, without clauses below it."""
    inside = [
        w
        for w in parse.children[word.n]
        if w.dep in ("compound", "det", "poss", "amod", "nummod", "nmod") and w.n < word.n
    ]
    first = min((min(parse.subtree(w)).start for w in inside), default=word.start)
    return parse.text[first : word.end]


def subject_text(parse: Parse, verb: Word) -> str:
    """Who does what a verb says, also where it is a passive; empty where nobody is named."""
    subject = parse.child(verb, "nsubj")
    if subject is None and (agent := parse.child(verb, "agent")):
        subject = parse.child(agent, "pobj")
    return phrase(parse, subject) if subject else ""
