"""Words that govern a clause and what they make of it, read from ``governors.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_FILE = Path(__file__).parent / "governors.toml"


class OperatorKind(StrEnum):
    """What keeps a clause from being the writer's own statement."""

    SAID = "said"
    ALLEGED = "alleged"
    THOUGHT = "thought"
    DENIED = "denied"
    NEGATED = "negated"
    ENDED = "ended"
    DISPROVED = "disproved"
    DOUBTED = "doubted"
    ASKED = "asked"
    POSSIBLE = "possible"
    CONDITIONAL = "conditional"
    FUTURE = "future"
    PLANNED = "planned"
    HOPED = "hoped"
    ABLE = "able"


class Governor(NamedTuple):
    """What a governing word makes of its clause.

    Args:
        kind: operator on the clause; ``None`` when the clause is asserted.
        negated: operator when the governing word is negated; ``None`` when that asserts it.
        cancels: whether its negation takes the place of ``kind`` instead of being added.
        factive: whether the clause holds whatever is said of the governing word.
    """

    kind: OperatorKind | None
    negated: OperatorKind | None
    cancels: bool
    factive: bool


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@cache
def governors(form: str) -> Mapping[str, Governor]:
    """Governors of one form (``that``, ``to``, ``nouns``, ``adjectives``) by lemma.

    A lemma may be followed by a particle or preposition: ``rule_out``, ``accuse_of``.  The first
    group that lists a lemma decides.
    """
    found: dict[str, Governor] = {}
    for group in _data()["group"]:
        for lemma in group.get(form, "").split():
            found.setdefault(lemma, _governor(group))
    return found


def _governor(group: Mapping[str, str]) -> Governor:
    asserts, cancels = group["kind"] == "asserted", group["negated"] != "same"
    plain = None if asserts else OperatorKind(group["kind"])
    turned = None if group["negated"] in ("same", "asserted") else OperatorKind(group["negated"])
    return Governor(plain, turned, cancels, factive=asserts and cancels)


@cache
def word_kinds(table: str) -> Mapping[str, OperatorKind]:
    """Words of the tables ``adverbs``, ``modals`` and ``markers`` with their operators."""
    return {word: OperatorKind(k) for k, words in _data()[table].items() for word in words.split()}


@cache
def words(name: str) -> frozenset[str]:
    """A list of words: ``counterfeit``, ``nobody`` or ``fulfil``."""
    return frozenset(_data()["words"][name].split())
