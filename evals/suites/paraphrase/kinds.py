"""Kinds of row and forms of verbs, read from ``kinds.toml`` and ``verbs.toml``."""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from summarizer.domain.model import Model

FAMILIES = ("embedded", "paraphrase", "quotation")
"""Governed clauses stated as facts, honest paraphrases, quotations bent by a cut."""

HERE = Path(__file__).parent


class Kind(Model):
    """A sentence of a source with two claims on it, as templates over a fact.

    Args:
        operator: words one of which governs the clause in the source, in a claim of label 1 too and
            in none of label 0; empty where nothing governs it.
        why: why the label is right.

    Raises:
        ValueError: the templates break the rule on operators.
    """

    name: str
    family: Literal["embedded", "paraphrase", "quotation"]
    label: Literal[0, 1]
    operator: tuple[str, ...] = ()
    why: str
    source: str
    claims: tuple[str, str]

    @cached_property
    def places(self) -> frozenset[str]:
        """Names of the places in its templates."""
        texts = (self.source, *self.claims)
        return frozenset(
            name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name
        )

    def has_operator(self, text: str) -> bool:
        """Whether a text holds one of its operator's words."""
        return any(re.search(rf"\b{re.escape(w)}\b", text, re.I) for w in self.operator)

    def fits(self, claim: str) -> bool:
        """Whether a claim keeps the operator or loses it as the label says."""
        return not self.operator or self.has_operator(claim) == (self.label == 1)

    @model_validator(mode="after")
    def _keeps_or_loses_the_operator(self) -> Kind:
        if self.operator and not self.has_operator(self.source):
            raise ValueError(f"{self.name}: the source has no word of its operator")
        for claim in self.claims:
            if not self.fits(claim):
                raise ValueError(f"{self.name}: {claim!r} does not fit label {self.label}")
        if self.label == 0 and not self.operator:
            raise ValueError(f"{self.name}: a fault needs an operator to lose")
        return self


class Verb(Model):
    """Forms of a transitive verb.

    Args:
        do: its base form.
        done: its participle; the same as ``did`` if not given.
        noun: the act as a noun with its preposition, "the purchase of"; empty without one.
        same: past and participle of another verb for the same act; empty without one.
    """

    do: str
    did: str
    doing: str
    participle: str = Field(default="", alias="done")
    noun: str = ""
    same: str = ""

    @property
    def done(self) -> str:
        """The past participle."""
        return self.participle or self.did


@cache
def kinds() -> tuple[Kind, ...]:
    """Every kind, in the order of the file."""
    data = _data()
    operators = data["operators"]
    return tuple(
        Kind(**{**raw, "operator": operators[raw["operator"]] if "operator" in raw else ()})
        for raw in data["kind"]
    )


@cache
def verbs() -> Mapping[str, Verb]:
    """Verbs by base form."""
    raw = tomllib.loads((HERE / "verbs.toml").read_text(encoding="utf-8"))["verbs"]
    return {do: Verb(do=do, **forms) for do, forms in raw.items()}


@cache
def agents() -> frozenset[str]:
    """Common nouns for those who can act, in lower case."""
    return frozenset(_data()["agents"].split())


@cache
def speakers() -> tuple[str, ...]:
    """Invented people who speak in sources and claims."""
    return tuple(_data()["speakers"])


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads((HERE / "kinds.toml").read_text(encoding="utf-8"))
