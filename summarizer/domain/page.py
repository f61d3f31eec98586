"""A page of an incident: ``incidents.pages`` fills it, ``rendering`` prints it."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from summarizer.domain.accusations import Accusation
from summarizer.domain.claims import Kind, Stance
from summarizer.domain.corrections import Correction
from summarizer.domain.drafts import Draft
from summarizer.domain.findings import Disagreement, Finding, SourceValue
from summarizer.domain.forecasts import Outcome
from summarizer.domain.incidents import Incident, Noise
from summarizer.domain.model import Model
from summarizer.domain.responses import Asked
from summarizer.domain.reviews import Review


class Actor(Model):
    """A person or organisation that speaks on the page, or that claims are about.

    Args:
        name: the longest form of the name in page and sources.
        aliases: other forms of the name that fit no other actor.
        roles: descriptions of the actor in the sources, verbatim, each with its passage.
        seen: a passage that names the actor, if possible one that the page cites; ``value`` is
            empty when only the item's byline names it.
        stances: sides of the actor on the page.
        kinds: kinds of the claims attributed to the actor.
        accused: whether a shown allegation is about the actor.
        answered: whether the sources have a statement of the actor; ``None`` when not accused, or
            unclear.
    """

    name: str
    aliases: tuple[str, ...] = ()
    roles: tuple[SourceValue, ...] = ()
    seen: SourceValue
    stances: tuple[Stance, ...] = ()
    kinds: tuple[Kind, ...] = ()
    accused: bool = False
    answered: bool | None = None


class Outlet(Model):
    """A platform or outlet, with its number of items and of independent origins."""

    name: str
    items: int
    origins: int


class Gap(Model):
    """A gap in the evidence.

    Args:
        section: key of the section that is empty because of it; ``None`` for a missing answer of
            an accused actor.
        words: description of the missing evidence.
    """

    section: str | None = None
    words: str


class Entities(Model):
    """Actors, platforms and outlets of a page, and the gaps in its evidence.

    Args:
        actors: actors in the order of the page.
        platforms: platforms, most items first.
        outlets: outlets, most items first; an item without one counts by author, else platform.
        gaps: gaps of sections first, then missing answers.
    """

    actors: tuple[Actor, ...] = ()
    platforms: tuple[Outlet, ...] = ()
    outlets: tuple[Outlet, ...] = ()
    gaps: tuple[Gap, ...] = ()


class Page(Model):
    """One incident with its newest draft, ready for any output format.

    Args:
        title: the drafted headline, else the incident's id.
        draft: the newest revision.
        platforms: distinct platforms of the items.
        cite: citation of the page.
        review: the newest review of the incident, of any revision.
        findings: effects of later sources on the sentences of the draft.
        outcomes: outcomes of resolved forecasts, by their sentence.
        accusations: what the shown claims accuse, each once, with the replies in the evidence.
        disagreements: facts on which the sources of the draft differ.
        asked: who was asked for a response.
        corrections: what the page said when it was approved before, newest first.
        report_to: where readers report an inaccuracy; ``None`` if they may not.
    """

    title: str
    incident: Incident
    draft: Draft
    noise: Noise
    platforms: tuple[str, ...]
    cite: str
    review: Review = Review()
    findings: tuple[Finding, ...] = ()
    outcomes: Mapping[str, Outcome] = Field(default_factory=dict)
    disagreements: tuple[Disagreement, ...] = ()
    entities: Entities = Entities()
    accusations: tuple[Accusation, ...] = ()
    asked: Mapping[str, Asked] = Field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    report_to: str | None = None
