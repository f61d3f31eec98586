"""Everything that an incident page shows: ``pages`` puts it together, ``rendering`` prints it."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from summarizer.domain.drafts import Draft
from summarizer.domain.findings import Disagreement, Finding
from summarizer.domain.forecasts import Outcome
from summarizer.domain.incidents import Incident, Noise
from summarizer.domain.model import Model
from summarizer.domain.reviews import Review


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
