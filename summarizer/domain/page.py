"""A page of an incident: ``incidents.pages`` fills it, ``rendering`` prints it."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from summarizer.domain.claims import Kind, Stance
from summarizer.domain.drafts import Draft
from summarizer.domain.findings import Disagreement, Finding, SourceValue
from summarizer.domain.forecasts import Outcome
from summarizer.domain.incidents import Incident, Noise
from summarizer.domain.model import Model
from summarizer.domain.reviews import Review


class Actor(Model):
    """Somebody who speaks on the page, or of whom it is claimed.

    Args:
        name: the longest form that page and sources give it.
        aliases: other forms of it in page and sources that fit nobody else.
        roles: what sources say that it is, in their words, each with its passage.
        seen: a passage that names it, one that the page cites where there is one; ``value`` is
            empty where only the item's byline does.
        stances: where it stands, as the page places it.
        kinds: what kinds of sentence are ascribed to it.
        accused: whether a shown allegation is about it.
        answered: whether words of its own are in the sources; ``None`` when it is not accused.
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
    """A platform or an outlet, with how many of the items stood there, and of how many origins."""

    name: str
    items: int
    origins: int


class Gap(Model):
    """Something that the evidence does not hold.

    Args:
        section: key of the section that stays empty for it; ``None`` when it is somebody's answer.
        words: what is missing.
    """

    section: str | None = None
    words: str


class Entities(Model):
    """Who speaks on a page, where it stood, and what is missing.

    Args:
        actors: in the order of the page.
        platforms: most items first.
        outlets: most items first; items without one count by author, else platform.
        gaps: what is missing, sections first.
    """

    actors: tuple[Actor, ...] = ()
    platforms: tuple[Outlet, ...] = ()
    outlets: tuple[Outlet, ...] = ()
    gaps: tuple[Gap, ...] = ()


class Page(Model):
    """One incident with its newest draft, ready for any output format.

    Args:
        title: the drafted headline, else the incident's id.
        incident: with its permanent id.
        draft: the newest revision.
        noise: as computed at ``noise.as_of``.
        platforms: distinct platforms among the items.
        cite: how to cite the page.
        review: the newest review of the incident, of whichever revision.
        findings: what the evidence of today does to the sentences of the draft.
        outcomes: of forecasts that an editor resolved, by their sentence.
        disagreements: where the sources of the draft differ among themselves.
        entities: who speaks, where it stood, and what is missing.
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
