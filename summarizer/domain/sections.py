"""The registry of sections: one row here and one file under ``prompts/`` make a section.

A row defines the layout and the rules of a section; the front matter of its prompt defines its
limits and its search query.  Together they are a ``SectionSpec``, and all other code loops over
specs: no section's key is spelled anywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pydantic import Field, ValidationError

from summarizer.domain.claims import STANCES, Claim, Kind
from summarizer.domain.model import Model
from summarizer.errors import PromptError


class Layout(StrEnum):
    """Layout of a section's claims on the page."""

    HEADLINE = "headline"
    PROSE = "prose"
    POINTS = "points"
    SIDES = "sides"
    FORECAST = "forecast"
    TIMELINE = "timeline"


FIELDS: Mapping[Layout, frozenset[str]] = {
    Layout.SIDES: frozenset(("actor", "stance", "position", "office", "replies_to")),
    Layout.FORECAST: frozenset(("date", "probability", "criterion")),
    Layout.TIMELINE: frozenset(("date", "date_basis")),
}
"""Fields of ``Claim`` that a layout shows in addition to the sentence."""


class Rule(StrEnum):
    """Rules of single sections, implemented in ``summarizer.verification.section_rules``."""

    HEADLINE = "headline"
    NOTHING_NEW = "nothing_new"
    READABLE = "readable"
    ONE_ACTOR = "one_actor"
    JUDGEABLE = "judgeable"
    DATED = "dated"


class Row(Model):
    """Registry row of a section.

    Args:
        heading: heading on the page.
        subject: what the section tells, behind "We could not place".
        missing: text of the empty section where the sources were searched for it; ``None`` where
            nothing but a reader can search them.
        rules: rules for its claims, in addition to the checks of every claim.
        closing: fixed line under the section.
    """

    heading: str
    layout: Layout
    subject: str = "this section"
    missing: str | None = None
    rules: tuple[Rule, ...] = ()
    closing: str | None = None


class Limits(Model):
    """Front matter of a prompt.

    Args:
        version: raised by hand when the text of the prompt changes.
        min_claims: least shown claims; with fewer the section abstains.
        max_claims: most shown claims; further claims are withheld.
        max_words: most words of one claim.
        kinds: kinds of claim allowed in the section.
        query: search query that ranks passages when the evidence exceeds the budget.
    """

    version: int = Field(ge=1)
    min_claims: int = Field(default=1, ge=1)
    max_claims: int = Field(ge=1)
    max_words: int = Field(ge=1)
    kinds: tuple[Kind, ...]
    query: str


class SectionSpec(Model):
    """One section: its registry row and the front matter of its prompt."""

    key: str
    row: Row
    limits: Limits

    def fitted(self, claim: Claim) -> Claim:
        """Copy of the claim without the fields that the section neither shows nor checks; the
        stance follows from the position."""
        mine = FIELDS.get(self.row.layout, frozenset())
        surplus = frozenset[str]().union(*FIELDS.values()) - mine
        fitted = claim.model_copy(update=dict.fromkeys(surplus))
        if fitted.position is None:
            return fitted
        return fitted.model_copy(update={"stance": STANCES[fitted.position]})


ROWS: Mapping[str, Row] = {
    "title": Row(
        heading="Title",
        layout=Layout.HEADLINE,
        subject="a title",
        rules=(Rule.HEADLINE,),
    ),
    "why_it_matters": Row(
        heading="Why it matters",
        layout=Layout.PROSE,
        subject="why this matters",
    ),
    "key_points": Row(
        heading="Key points",
        layout=Layout.POINTS,
        subject="key points",
    ),
    "explanation": Row(
        heading="What happened",
        layout=Layout.PROSE,
        subject="an account of what happened",
    ),
    "plain_language": Row(
        heading="In plain language",
        layout=Layout.PROSE,
        subject="an account in plain words",
        rules=(Rule.NOTHING_NEW, Rule.READABLE),
    ),
    "sides": Row(
        heading="Sides",
        layout=Layout.SIDES,
        subject="who takes which side",
        rules=(Rule.ONE_ACTOR,),
    ),
    "forecast": Row(
        heading="Forecast",
        layout=Layout.FORECAST,
        subject="what is expected next",
        missing="No source names a day by which something is expected.",
        rules=(Rule.JUDGEABLE,),
        closing="Based on current signals. Events may develop differently.",
    ),
    "timeline": Row(
        heading="Timeline",
        layout=Layout.TIMELINE,
        subject="dated events",
        missing="No event in the sources can be dated.",
        rules=(Rule.DATED,),
    ),
}
"""Every section, in the order of the page."""


def heading(key: str) -> str:
    """The heading of a section; its key where the registry has no such row."""
    return ROWS[key].heading if key in ROWS else key


def specs(front_matter: Mapping[str, Mapping[str, Any]]) -> tuple[SectionSpec, ...]:
    """Join the registry with the front matter of the prompts, by key, in the order of the page.

    Raises:
        PromptError: a row has no prompt, a prompt has no row, or a front matter is malformed.
    """
    if alone := sorted(set(front_matter) ^ set(ROWS)):
        raise PromptError(
            f"Sections without both a registry row and a prompt file: {', '.join(alone)}. "
            "Add the row to summarizer/domain/sections.py or the file to prompts/."
        )
    found = []
    for key, row in ROWS.items():
        try:
            limits = Limits.model_validate(front_matter[key])
        except ValidationError as error:
            raise PromptError(f"Front matter of the prompt for {key!r}: {error}") from error
        found.append(SectionSpec(key=key, row=row, limits=limits))
    return tuple(found)
