"""Wrongs that a sentence states as facts, without a word of who says so."""

from __future__ import annotations

from collections.abc import Iterator

from summarizer.text.accusing import last_subject
from summarizer.text.act_words import words
from summarizer.text.cache import cached_by_text
from summarizer.text.clauses import core
from summarizer.text.grammar import is_predicate
from summarizer.text.parse import Parse, Word, parse
from summarizer.text.parties import Party, parties
from summarizer.text.replying import is_wrong
from summarizer.text.subordination import operators

_DOUBTED = frozenset(("alleged", "suspected", "accused", "supposed", "presumed", "convicted"))
_ACCUSING = frozenset(("suspicion", "accusation", "allegation", "charge", "suspect", "claim"))


@cached_by_text
def stated_guilt(text: str) -> tuple[Party, ...]:
    """Those of whom a sentence states that they did a wrong: "X stole", "the killer of Y"."""
    return tuple(found for parsed in parse([text]) for found in _guilty(parsed))


def _guilty(parsed: Parse) -> Iterator[Party]:
    above = operators(parsed)
    for word in parsed.words:
        if is_predicate(parsed, word):
            if not above[word.n] and is_wrong(parsed, word) and not _is_charge(parsed, word):
                subject = last_subject(parsed, word)
                if word.dep == "relcl":
                    subject = parsed.words[word.head]
                passive = parsed.child(word, "nsubjpass") is not None
                yield from parties(parsed, core(parsed, word)[0] if passive else subject)
        elif _is_wrongdoer(parsed, word):
            head = parsed.words[word.head] if word.dep == "compound" else word
            yield from parties(parsed, head)


def _is_wrongdoer(parsed: Parse, word: Word) -> bool:
    """Whether a noun calls somebody a thief, without "alleged" before it."""
    named = word.tag.startswith("NN") and word.lemma.casefold() in words("wrongdoers")
    return named and not any(w.text.casefold() in _DOUBTED for w in parsed.children[word.n])


def _is_charge(parsed: Parse, word: Word) -> bool:
    """Whether a wrong is what somebody is charged with or suspected of: "accused of stealing"."""
    while word.head != word.n:
        if word.dep in ("pcomp", "xcomp", "advcl", "pobj", "prep", "acl") and word.tag == "VBG":
            return True
        word = parsed.words[word.head]
        if word.lemma in _ACCUSING:
            return True
    return False
