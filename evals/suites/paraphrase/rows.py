"""Rows of the paraphrase suite: kinds filled with the facts of a story."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from evals.datasets import Story
from evals.suites.mutation.numbers import SMALL
from evals.suites.paraphrase.facts import Fact, facts
from evals.suites.paraphrase.kinds import Kind, kinds, speakers
from summarizer.domain.model import Model

_START = re.compile(r"(?:^|(?<=[.?!] )|(?<=: )(?=“))(“?)(\w)")
"""The first letter of a sentence, also of a quoted one behind a colon."""


class Row(Model):
    """One claim on one sentence or two of a source.

    Args:
        kind: the kind that it was made from.
        wording: place of the claim in its kind, 0 or 1.
    """

    kind: Kind
    wording: int
    source: str
    claim: str


def rows(story: Story, key: str) -> list[Row]:
    """Rows of a story: each kind with one fact that fits, drawn by the story's key."""
    known = facts(story)
    return [row for kind in kinds() for row in _of_kind(kind, known, Random(f"{key}/{kind.name}"))]


def _of_kind(kind: Kind, known: Sequence[Fact], rng: Random) -> list[Row]:
    chosen = list(known)
    rng.shuffle(chosen)
    for fact in chosen:
        other = next((other for other in chosen if _differ(fact, other)), None)
        filled = _fill(fact, other, rng)
        if not kind.places <= filled.keys():
            continue
        source, *claims = (_written(text, filled) for text in (kind.source, *kind.claims))
        # "An allegation" as the object would be a word of an operator of its own.
        if all(kind.fits(claim) for claim in claims):
            return [
                Row(kind=kind, wording=n, source=source, claim=claim)
                for n, claim in enumerate(claims)
            ]
    return []


def _differ(one: Fact, other: Fact) -> bool:
    """Whether two facts share neither verb nor object, so that they are told apart."""
    return one.verb.do != other.verb.do and one.object.text != other.object.text


def _fill(fact: Fact, other: Fact | None, rng: Random) -> dict[str, str]:
    """Texts for the places that a fact, and another beside it, can fill."""
    n = rng.randrange(3, 1 + len(SMALL))
    subject, object_, verb = fact.subject, fact.object, fact.verb
    filled = {
        "S": subject.text,
        "O": object_.text,
        "do": verb.do,
        "did": verb.did,
        "done": verb.done,
        "doing": verb.doing,
        "was": "were" if object_.plural else "was",
        "S_was": "were" if subject.plural else "was",
        "A": rng.choice(speakers()),
        "n": str(n),
        "n_words": SMALL[n - 2],
    }
    if verb.noun:
        filled["noun"] = verb.noun
    if verb.same:
        filled["same"] = verb.same
    if object_.definite:
        filled["the_O"] = object_.text
    if other is not None:
        filled |= {f"{place}2": text for place, text in _fill(other, None, rng).items()}
    return filled


def _written(template: str, filled: dict[str, str]) -> str:
    return _START.sub(lambda m: m[1] + m[2].upper(), template.format_map(filled))
