"""Pairs of a source and a claim with one subtle fault, each with an honest twin of like words.

Five faults, made with the product's parser from sentences of any source:

- **operator**: the claim states what the source only denies, doubts, asks, plans or alleges; in
  the twin the source vouches for it;
- **role**: who did it and to whom change places; the twin is the passive of the source;
- **office**: a person has the office of another; the twin has its own;
- **cause**: of two things told side by side one is made the cause; the twin joins them by "and";
- **quantity**: a number stands with another head; the twin leaves it where it was.

A word that only faults have would be learnt in place of the fault, so twins have the same words
wherever grammar lets them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from summarizer.text.clauses import Role, clauses
from summarizer.text.grammar import is_finite, is_predicate, phrase
from summarizer.text.parse import Parse, Word, parse
from summarizer.text.sentences import sentences

FEWEST_WORDS, MOST_WORDS = 5, 40
"""Words of a sentence from which pairs are made."""

SPEAKERS = (
    "the company", "the ministry", "a spokeswoman", "the mayor", "the regulator", "her lawyer",
    "the union", "a witness", "the opposition", "two officials",
)  # fmt: skip

NOT_ASSERTED = (
    "{who} denied that {what}.",
    "{who} rejected the claim that {what}.",
    "There is no evidence that {what}.",
    "{who} could not confirm that {what}.",
    "{who} asked whether {what}.",
    "Police are examining whether {what}.",
    "{who} doubted that {what}.",
    "{who} alleged that {what}.",
    "{who} feared that {what}.",
    "{who} hoped that {what}.",
    "A fake video claimed that {what}.",
    "If {what}, {who} will sue.",
    "It is not true that {what}.",
    "{who} had wrongly said that {what}.",
    "It was unclear whether {what}.",
)
"""Frames under which a sentence is not stated as fact."""

ASSERTED = (
    "{who} confirmed that {what}.",
    "{who} admitted that {what}.",
    "There is proof that {what}.",
    "{who} did not deny that {what}; records prove it.",
    "{who} established that {what}.",
    "Police found that {what}.",
    "A real video shows that {what}.",
    "Because {what}, {who} will sue.",
    "It is true that {what}.",
    "{who} regretted that {what}.",
)

_PRONOUN = re.compile(r"\b(?:I|we|you|he|she|it|they|this|these|those|that|there)\b", re.IGNORECASE)
_NOT_TO_TURN = re.compile(r"[\"“”()]|\b(?:his|her|their|its|\w+sel(?:f|ves))\b", re.IGNORECASE)
"""What no longer means the same once subject and object change places."""
_CAUSE = re.compile(
    r"\b(?:because|since|due|owing|after|so|thus|therefore|as|caus\w+|led|result\w*|prompt\w*"
    r"|following|why)\b",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"^(?:the |a |an |its |their )?(?:[a-z]+ ){0,3}[a-z]+(?: (?:of|at|for|in) .*)?$"
)


@dataclass(frozen=True)
class Pair:
    """A source and a claim.

    Args:
        kind: the fault, or that of the twin.
        label: 1 where the source supports the claim.
    """

    kind: str
    source: str
    claim: str
    label: int


Maker = Callable[[Sequence[Parse], random.Random], Iterator[Pair]]


def pairs(source: str, chance: random.Random) -> list[Pair]:
    """All pairs that can be made of a source: faults and twins in equal number."""
    spans = sentences(source)
    found = [source[span.start : span.end] for span in spans]
    parsed = [p for p in parse(found) if FEWEST_WORDS <= len(p.words) <= MOST_WORDS]
    return [pair for make in MAKERS.values() for pair in make(parsed, chance)]


# --- Operators ---------------------------------------------------------------------------------


def operators(parsed: Sequence[Parse], chance: random.Random) -> Iterator[Pair]:
    """A plain statement put under an operator; the twin stands under one that vouches for it."""
    for one in parsed:
        if not _is_plain(one):
            continue
        what, claim = _inside(one), one.text
        for frames, label in ((NOT_ASSERTED, 0), (ASSERTED, 1)):
            frame = chance.choice(frames)
            yield Pair("operator", _framed(frame, what, chance), claim, label)
        # So that a source that holds the statement in full and elsewhere denies it supports it.
        denied = _framed(chance.choice(NOT_ASSERTED), what, chance)
        yield Pair("operator", denied, denied, 1)
        yield Pair("operator", one.text, denied, 0)


def _is_plain(one: Parse) -> bool:
    """A finished statement with a subject and a tense, under no operator and of nobody unnamed."""
    roots = [w for w in one.words if w.head == w.n and is_predicate(one, w)]
    if len(roots) != 1 or not is_finite(one, roots[0]):
        return False
    if one.child(roots[0], "nsubj", "nsubjpass") is None:
        return False
    if not one.text[0].isupper() or one.text[-1] != "." or one.words[0].tag == "CC":
        return False
    if _PRONOUN.search(one.text):
        return False
    if re.search(r"[\"“”:;?!()]", one.text):
        return False
    (found,) = clauses([one.text])
    return not any(clause.operators for clause in found)


def _framed(frame: str, what: str, chance: random.Random) -> str:
    text = frame.format(who=chance.choice(SPEAKERS), what=what)
    return text[0].upper() + text[1:]


def _inside(one: Parse) -> str:
    """A sentence as it stands inside another: without its full stop, its first letter small."""
    return _low(one, one.text.rstrip(". "))


def _low(one: Parse, text: str) -> str:
    """Words of a sentence as they stand inside another: a first letter small, but of a name."""
    first = one.words[0]
    article = first.text.lower() in ("a", "an", "the")
    is_name = first.tag.startswith("NNP") or first.text.isupper()
    starts = one.text.startswith(text) and (article or not is_name)
    return text[0].lower() + text[1:] if starts else text


# --- Roles -------------------------------------------------------------------------------------


def roles(parsed: Sequence[Parse], chance: random.Random) -> Iterator[Pair]:
    """Subject and object exchanged; the twin is the passive."""
    for one in parsed:
        (found,) = clauses([one.text])
        for clause in found:
            subject, object_ = clause.argument(Role.SUBJECT), clause.argument(Role.OBJECT)
            verb = one.text[clause.start : clause.end]
            simple = clause.finite and not clause.passive and not clause.operators
            if not simple or not subject or not object_ or not verb.endswith("ed"):
                continue
            if subject.pronoun or object_.pronoun or subject.head == object_.head:
                continue
            told = f"{subject.text} {verb} {object_.text}"
            if told not in one.text or _NOT_TO_TURN.search(told):
                continue
            was = "were" if _is_plural(one, object_.text) else "was"
            by = _low(one, subject.text)
            yield Pair("role", one.text, _sentence(f"{object_.text} {verb} {by}"), 0)
            passive = f"{object_.text} {was} {verb} by {by}"
            yield Pair("role", one.text, _sentence(passive), 1)


def _is_plural(one: Parse, text: str) -> bool:
    inside = [w for w in one.words if w.text in text.split() and w.tag.startswith("NN")]
    return bool(inside) and inside[-1].tag in ("NNS", "NNPS")


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


# --- Offices -----------------------------------------------------------------------------------


def offices(parsed: Sequence[Parse], chance: random.Random) -> Iterator[Pair]:
    """Two people of one source with each other's offices: "Ada Lee, the mayor of Orrin, …"."""
    held = [found for one in parsed for found in _held(one)]
    people = dict(held)
    for name, office in people.items():
        others = [o for n, o in people.items() if n != name and o != office]
        if not others:
            continue
        source = " ".join(one.text for one in parsed)
        yield Pair("office", source, f"{name} is {office}.", 1)
        yield Pair("office", source, f"{name} is {chance.choice(others)}.", 0)


def _held(one: Parse) -> Iterator[tuple[str, str]]:
    for word in one.words:
        name = one.words[word.head]
        if word.dep != "appos" or name.tag != "NNP" or not word.tag.startswith("NN"):
            continue
        below = one.subtree(word)
        office = one.text[below[0].start : below[-1].end]
        person = phrase(one, name)
        if len(person.split()) >= 2 and "," not in office and _OFFICE.match(office):
            yield person, office


# --- Causes ------------------------------------------------------------------------------------


def causes(parsed: Sequence[Parse], chance: random.Random) -> Iterator[Pair]:
    """Two statements side by side, the one made the cause; the twin joins them by "and"."""
    for first, second in pairwise(parsed):
        if not _is_plain(first) or not _is_plain(second):
            continue
        if _CAUSE.search(first.text) or _CAUSE.search(second.text):
            continue
        source = f"{first.text} {second.text}"
        one, two = (second, first) if chance.random() < 0.5 else (first, second)
        head = one.text.rstrip(". ")
        yield Pair("cause", source, f"{head} because {_inside(two)}.", 0)
        yield Pair("cause", source, f"{head}, and {_inside(two)}.", 1)
        because = f"{head} because {_inside(two)}."
        yield Pair("cause", because, because, 1)
        yield Pair("cause", because, f"{two.text.rstrip('. ')} because {_inside(one)}.", 0)


# --- Quantities --------------------------------------------------------------------------------


def quantities(parsed: Sequence[Parse], chance: random.Random) -> Iterator[Pair]:
    """Two numbers of one sentence exchanged between their heads; the twin is the sentence."""
    for one in parsed:
        counted = [(w, one.words[w.head]) for w in one.words if w.dep == "nummod"]
        for (a, head), (b, other) in pairwise(counted):
            text = one.text
            stand_alone = all(text[w.end : w.end + 1] in (" ", "") for w in (a, b))
            if not stand_alone or not _differ(a, head, b, other):
                continue
            swapped = text[: a.start] + b.text + text[a.end : b.start] + a.text + text[b.end :]
            yield Pair("quantity", text, swapped, 0)
            yield Pair("quantity", text, text, 1)


def _differ(a: Word, head: Word, b: Word, other: Word) -> bool:
    return (
        a.end <= b.start
        and a.text.lower() != b.text.lower()
        and head.lemma != other.lemma
        and {head.tag, other.tag} <= {"NN", "NNS"}
        and "one" not in (a.text.lower(), b.text.lower())  # its head is singular
    )


MAKERS: dict[str, Maker] = {
    "operator": operators,
    "role": roles,
    "office": offices,
    "cause": causes,
    "quantity": quantities,
}
