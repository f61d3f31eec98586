"""Operators on the predicates of a sentence: who says it, denies it, asks it, plans it.

Here are those of a predicate's own words ("not", "may", "allegedly", "if"); ``subordination`` adds
those of the words that govern its clause.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from summarizer.text.governors import OperatorKind, word_kinds, words
from summarizer.text.grammar import SUBJECTS, is_predicate, phrase
from summarizer.text.parse import Parse, Word


class Operator(NamedTuple):
    """Something that keeps a clause from being the writer's own statement.

    Args:
        word: the word that gave it, as written.
        start: offset of that word in the sentence.
        end: offset after it.
        by: who says, denies or asks it, as far as the sentence tells; else empty.
    """

    kind: OperatorKind
    word: str
    start: int
    end: int
    by: str = ""


Operators = tuple[Operator, ...]


def operator_at(kind: OperatorKind, word: Word, by: str = "", text: str = "") -> Operator:
    """An operator that one word gives; ``text`` where more words than that one do."""
    return Operator(kind, text or word.text, word.start, word.end, by)


def own(parse: Parse, word: Word) -> Iterator[Operator]:
    """Operators that a predicate has by its own words."""
    complement = parse.child(word, "acomp", "oprd")
    below = parse.children[word.n] + (parse.children[complement.n] if complement else ())
    negations = [found for child in below if (found := _negation(parse, word, child))]
    if complement and not negations:
        left = (w for w in parse.subtree(complement) if w.n < complement.n)
        no = next((w for w in left if w.lemma in ("no", "not")), None)
        negations = [operator_at(OperatorKind.NEGATED, no)] if no else []
    yield from negations
    for child in below:
        if found := _modifier(parse, word, child, bool(negations)):
            yield found
    if below and below[-1].text == "?" and _is_turned(parse, word):
        yield operator_at(OperatorKind.ASKED, below[-1])


def _modifier(parse: Parse, word: Word, child: Word, negated: bool) -> Operator | None:
    if child.dep == "aux":
        return _modal(parse, word, child, negated)
    if child.dep == "advmod":
        return _adverb(parse, word, child)
    if child.dep == "advcl":
        return _condition(parse, word, child)
    if child.dep == "mark" and child.lemma in ("if", "unless") and word.head == word.n:
        return operator_at(OperatorKind.CONDITIONAL, child)
    if child.lemma == "accord" and (speaker := _according(parse, child)):
        return operator_at(OperatorKind.SAID, child, speaker, "according to")
    return None


def _is_turned(parse: Parse, word: Word) -> bool:
    """Whether a question can be answered by yes: "Did Acme sell it?", not "Why did Acme …?"."""
    subject = parse.child(word, *SUBJECTS)
    if subject is None or min(parse.subtree(word)).tag.startswith("W"):
        return False
    auxiliary = parse.child(word, "aux", "auxpass") or word
    return auxiliary.n < subject.n


def _negation(parse: Parse, word: Word, child: Word) -> Operator | None:
    few = child.lemma == "few" and child.dep == "amod"  # "Few doubt that", read as an adjective
    if few or (child.dep == "neg" and not _not_only(parse, child)):
        return operator_at(OperatorKind.NEGATED, child)
    if child.dep in ("nsubj", "nsubjpass", "dobj", "attr"):
        if child.lemma in words("nobody"):
            return operator_at(OperatorKind.NEGATED, child)
        if not_ := _before_it(parse, child, "not"):
            return operator_at(OperatorKind.NEGATED, not_)
        determiner = parse.child(child, "det")
        if determiner and determiner.lemma in ("no", "neither"):
            text = parse.text[determiner.start : child.end]
            return operator_at(OperatorKind.NEGATED, determiner, text=text)
    if child.dep == "prep" and child.n < word.n and (noun := parse.child(child, "pobj")):
        determiner = parse.child(noun, "det")
        if determiner and determiner.lemma == "no":
            text = parse.text[child.start : noun.end]
            return operator_at(OperatorKind.NEGATED, determiner, text=text)
    return None


def _before_it(parse: Parse, word: Word, lemma: str) -> Word | None:
    return next((c for c in parse.children[word.n] if c.lemma == lemma and c.n < word.n), None)


def _not_only(parse: Parse, word: Word) -> bool:
    following = parse.words[word.n + 1] if word.n + 1 < len(parse.words) else None
    return following is not None and following.lemma in ("only", "just", "merely", "necessarily")


def _modal(parse: Parse, word: Word, child: Word, negated: bool) -> Operator | None:
    lemma = child.text.casefold().replace("’", "'")
    lemma = {"'ll": "will", "'d": "would"}.get(lemma, lemma)
    kind = word_kinds("modals").get(lemma)
    # "May" and "Will" are names, but for the first word of a question.
    name = child.text[0].isupper() and parse.words[-1].text != "?"
    if child.tag != "MD" or kind is None or name or (lemma == "could" and negated):
        return None
    perfect = any(c.dep == "aux" and c.lemma == "have" for c in parse.children[word.n])
    if lemma == "would" and not perfect:
        if _narrates(parse, word):
            return None
        kind = OperatorKind.FUTURE
    return operator_at(kind, child, text=f"{child.text} have" if perfect else "")


def _narrates(parse: Parse, word: Word) -> bool:
    """Whether "would" tells of the past: "would later become"."""
    adverbs = ("later", "eventually", "often", "always", "sometimes", "regularly", "usually")
    then = word.dep == "conj" and parse.words[word.head].tag == "VBD"  # "started and we'd sing"
    return then or word.lemma == "go" or any(c.lemma in adverbs for c in parse.children[word.n])


def _adverb(parse: Parse, word: Word, child: Word) -> Operator | None:
    following = parse.words[child.n + 1].text if child.n + 1 < len(parse.words) else "."
    if child.lemma == "yet" and following == "to":
        return operator_at(OperatorKind.NEGATED, child)
    kind = word_kinds("adverbs").get(child.text.casefold())
    if kind is None:
        return None
    if child.lemma in ("nearly", "almost") and child.n + 1 != word.n:
        return None
    if child.head == word.n < child.n and following not in (".", ",", ";", ")"):
        return None  # "left, reportedly as a protest"
    if child.lemma == "longer":
        before = parse.words[child.n - 1] if child.n else child
        return operator_at(kind, child, text="no longer") if before.lemma == "no" else None
    return operator_at(kind, child)


def _condition(parse: Parse, word: Word, clause: Word) -> Operator | None:
    """The operator that a condition puts on a main clause without a modal of its own."""
    if any(c.tag == "MD" for c in parse.children[word.n]):
        return None
    mark = parse.child(clause, "mark")
    if (
        mark is None
        or not is_predicate(parse, clause)
        or mark.lemma not in ("if", "unless", "provided", "providing")
    ):
        return None
    before = parse.words[mark.n - 1].lemma if mark.n else ""
    asked = asks(parse, clause, mark, parse.words[clause.head])
    return None if asked or before in _WEAKENED else operator_at(OperatorKind.CONDITIONAL, mark)


_WEAKENED = ("even", "as", "especially", "particularly")


def _according(parse: Parse, word: Word) -> str:
    to = parse.child(word, "prep")
    speaker = parse.child(to, "pobj") if to else None
    return phrase(parse, speaker) if speaker else ""


def asks(parse: Parse, word: Word, mark: Word, head: Word) -> bool:
    """Whether "whether" or "if" opens a question and not a condition: "it is unclear if"."""
    if mark.lemma == "whether" or word.dep in ("ccomp", "csubj", "pcomp"):
        return True
    adjective = parse.child(head, "acomp")
    return adjective is not None and adjective.lemma in _OPEN_TO_QUESTION and mark.n > head.n


_OPEN_TO_QUESTION = (
    "clear",
    "unclear",
    "known",
    "unknown",
    "certain",
    "uncertain",
    "sure",
    "unsure",
)
