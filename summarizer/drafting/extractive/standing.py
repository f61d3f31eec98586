"""Whether a sentence tells its reader whom and what it is about, by its grammar."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from summarizer.text.cache import cached_by_text
from summarizer.text.governors import OperatorKind, governors
from summarizer.text.grammar import SUBJECTS, is_predicate
from summarizer.text.parse import Parse, Word, parse
from summarizer.text.tokens import fold, listed, stem

_DEFINITE = frozenset(("the", "this", "that", "these", "those"))
_KNOWN = frozenset(
    listed(
        """
        army coastguard country government internet military navy police public state weather world
        """
    )
)
"""Nouns that need nothing before them: every reader knows what "the army" is."""
_TELLS_WHICH = frozenset(("prep", "relcl", "acl", "nummod"))
_LINKS = frozenset(
    ("also", "too", "though", "however", "instead", "meanwhile", "otherwise", "likewise", "either")
)
"""Adverbs that tie a sentence to the one before it."""


class Standing(NamedTuple):
    """What a sentence says of its subject.

    Args:
        heads: stems of the nouns that its main clause takes for known: "the company", "the call".
        named: whether the subject of its main clause, or who says it, has a name.
        linked: whether an adverb ties it to the sentence before: "also", "was still".
        reported: whether its main clause is somebody's statement.
        dangling: whether it says "he" or "her" of nobody it has named before, or leaves out what
            it says of its subject ("The names are not.").
        ongoing: whether its main clause tells what goes on: "merchants are pressing".
        adrift: whether it names nobody and takes any noun for known: "Divers went to the wreck."
    """

    heads: frozenset[str]
    named: bool
    linked: bool
    reported: bool
    dangling: bool
    ongoing: bool
    adrift: bool


@cached_by_text
def standing(text: str) -> Standing:
    """What a sentence says of its subject."""
    (parsed,) = parse([text])
    roots = [w for w in parsed.words if w.head == w.n]
    said = [c for root in roots for c in parsed.children[root.n] if c.dep == "ccomp"]
    outer = [s for verb in roots for s in _subjects(parsed, verb)]
    inner = [s for verb in said for s in _subjects(parsed, verb) if not _named_before(parsed, s)]
    subjects = [*outer, *inner]
    return Standing(
        heads=frozenset(h for s in subjects for h in _taken_for_known(parsed, s)),
        named=any(w.tag.startswith("NNP") for s in outer for w in parsed.subtree(s)),
        linked=any(_is_linked(parsed, root) for root in roots),
        reported=bool(said) and any(_tells(root) for root in roots),
        dangling=any(_dangles(parsed, w) for w in parsed.words)
        or any(_is_elliptic(parsed, root) for root in roots),
        ongoing=any(_goes_on(parsed, root) for root in roots),
        adrift=not any(w.tag.startswith("NNP") for w in parsed.words)
        and any(h for w in parsed.words for h in _taken_for_known(parsed, w)),
    )


def _is_linked(parsed: Parse, root: Word) -> bool:
    """Whether an adverb of a main clause looks back: "It also fell", "The page was still green"."""
    was = root.lemma == "be" and root.tag == "VBD"
    adverbs = {c.lemma for c in parsed.children[root.n] if c.dep == "advmod"}
    return bool(adverbs & _LINKS) or (was and "still" in adverbs)


def _named_before(parsed: Parse, word: Word) -> bool:
    return any(w.tag.startswith("NNP") for w in parsed.words[: word.n])


def _subjects(parsed: Parse, verb: Word) -> Iterator[Word]:
    if is_predicate(parsed, verb):
        yield from (c for c in parsed.children[verb.n] if c.dep in SUBJECTS)


def _dangles(parsed: Parse, word: Word) -> bool:
    """Whether a pronoun of a person has no noun before it that it can stand for.

    An object never stands for the subject of its own verb: "agents arrested him".
    """
    if word.tag not in ("PRP", "PRP$") or fold(word.text) not in _PERSON:
        return False
    verb = parsed.words[word.head]
    while verb.head != verb.n and not is_predicate(parsed, verb):
        verb = parsed.words[verb.head]
    own = _subjects(parsed, verb) if word.tag == "PRP" else ()
    barred = {w.n for subject in own for w in parsed.subtree(subject)}
    return not any(
        w.n not in barred and w.tag in ("NN", "NNP") and w.dep not in ("compound", "nmod")
        for w in parsed.words[: word.n]
    ) and not _follows(parsed, verb, barred)


def _goes_on(parsed: Parse, verb: Word) -> bool:
    auxiliaries = [c.tag for c in parsed.children[verb.n] if c.dep == "aux"]
    return verb.tag == "VBG" and not {"VBD", "MD"}.intersection(auxiliaries)


def _is_elliptic(parsed: Parse, verb: Word) -> bool:
    told = {c.dep for c in parsed.children[verb.n]} - _EMPTY
    return verb.lemma in ("be", "do", "have") and not told


def _follows(parsed: Parse, verb: Word, barred: Collection[int]) -> bool:
    """Whether the main clause names somebody for a pronoun in a clause before it."""
    return verb.head != verb.n and any(
        s.tag in ("NN", "NNP") and s.n not in barred
        for s in _subjects(parsed, parsed.words[verb.head])
    )


_EMPTY = frozenset((*SUBJECTS, "aux", "neg", "punct", "cc", "mark"))
_PERSON = frozenset(("he", "him", "his", "she", "her", "hers"))


def _tells(verb: Word) -> bool:
    governor = governors("that").get(verb.lemma)
    return governor is None or governor.kind in (OperatorKind.SAID, OperatorKind.ALLEGED)


def _taken_for_known(parsed: Parse, noun: Word) -> Iterator[str]:
    """Heads of definite phrases that nothing in them tells apart: "the call", "a man at the firm",
    not "the call of Acme" or "the Senate committee"."""
    inside = list(_phrase(parsed, noun))
    beside = parsed.words[noun.n + 1 : noun.n + 2]  # "the lab Acme", which the parser may part
    if noun.tag not in ("NN", "NNS") or any(w.tag.startswith("NNP") for w in (*inside, *beside)):
        return
    for word in inside:
        definite = any(c.dep == "det" and c.lemma in _DEFINITE for c in parsed.children[word.n])
        known = fold(word.text) in _KNOWN
        if word.tag in ("NN", "NNS") and definite and not known and not _is_told(parsed, word):
            yield stem(fold(word.text))


def _phrase(parsed: Parse, noun: Word) -> Iterator[Word]:
    """The words of a noun phrase without clauses and appositions in it."""
    yield noun
    for child in parsed.children[noun.n]:
        if child.dep not in ("relcl", "acl", "appos"):
            yield from _phrase(parsed, child)


def _is_told(parsed: Parse, noun: Word) -> bool:
    """Whether a phrase says which one it means: "the fault in the brakes", "the firm, a bank"."""
    return any(
        c.dep == "appos"
        or (c.dep in _TELLS_WHICH and parsed.words[min(parsed.subtree(c)).n - 1].text != ",")
        for c in parsed.children[noun.n]
    )
