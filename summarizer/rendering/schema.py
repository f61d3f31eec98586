"""The public shape of an incident page, apart from the domain so that the domain may change.

Only its enumerations are the domain's own: their values are written out as they are.

Every output format is a view of a ``Document``: what the JSON lacks, no page can show.  The
shape is versioned by ``SCHEMA_VERSION``; ``docs/output.md`` says what may change within one.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from summarizer.domain.claims import CheckedClaim, DateBasis, Kind, Stance, VerdictLabel
from summarizer.domain.findings import Effect
from summarizer.domain.forecasts import Outcome
from summarizer.domain.incidents import State
from summarizer.domain.reviews import ReviewState
from summarizer.domain.sections import Layout

SCHEMA_VERSION: Literal["1"] = "1"


class Public(BaseModel):
    """Base of every public model: immutable, and closed against fields we misspell."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Citation(Public):
    """One mark behind a sentence."""

    number: int | None
    """Number of the passage on the page, from 1 in order of first use; null when the evidence
    holds no passage with that id."""
    passage: str
    """Id of the passage, as the drafter cited it."""


class Failure(Public):
    """One check that a claim failed."""

    check: str
    """Name of the check."""
    reason: str
    """What is wrong, in one sentence."""
    label: VerdictLabel
    """The verdict that this failure alone calls for."""
    start: int | None
    """Offset of the failing words in the claim, in code points; null when it is all of it."""
    end: int | None
    """Offset behind the failing words."""
    better: str | None
    """Id of a passage that would have been right, when one is known."""
    better_number: int | None
    """Its number on the page."""


class Evidence(Public):
    """A verbatim span that supports a claim."""

    passage: str
    """Id of the passage the span lies in."""
    start: int
    """Offset of its first character."""
    end: int
    """Offset behind its last character."""
    text: str
    """The span."""


class Verdict(Public):
    """What verification found about one claim."""

    label: VerdictLabel
    score: float
    """0–1, higher is better supported."""
    failures: tuple[Failure, ...]
    warnings: tuple[str, ...]
    """What a reader should know though the claim stands."""
    evidence: tuple[Evidence, ...]


class ClaimFields(Public):
    """The fields of a sentence that the page and the desk have in common."""

    text: str
    kind: Kind
    actor: str | None
    """In sides: who claims, or of whom it is claimed."""
    stance: Stance | None
    """In sides: where the actor stands."""
    date: dt.date | None
    """In a timeline the date of the event; in a forecast the date to judge it by."""
    date_basis: DateBasis | None
    """In a timeline: what the date is the date of."""
    probability: float | None
    """In a forecast: 0–1."""
    criterion: str | None
    """In a forecast: how a reader will know whether it came true."""
    origins: int
    """Number of independent origins among the cited passages: copies of one text are one."""
    repaired_from: str | None
    """The sentence as first drafted, when it was repaired."""
    recited_from: tuple[str, ...] | None
    """What the drafter had cited, when the citations are ours; null when they are the drafter's."""
    edited_by: str | None
    """The editor whose words it is; null while it is the drafter's."""
    edited_from: str | None
    """The sentence before its first edit; null when it was not edited or was added."""
    restored_because: str | None
    """Why an editor shows it although it failed; null when it needs no such reason."""


class Claim(ClaimFields):
    """One drafted sentence with its citations and its verdict."""

    id: str
    """Its name on the page, kept when it is repaired or edited."""
    citations: tuple[Citation, ...]
    verdict: Verdict
    outcome: Outcome | None
    """In a forecast: what came of it, once an editor has said so."""


def claim_fields(checked: CheckedClaim) -> dict[str, Any]:
    """Values of ``ClaimFields``."""
    return {
        name: getattr(checked.claim, name)
        if hasattr(checked.claim, name)
        else getattr(checked, name)
        for name in ClaimFields.model_fields
    }


class Section(Public):
    """One part of the page."""

    key: str
    heading: str
    layout: Layout
    """How the claims stand on the page; a client that meets a new one may list the claims."""
    claims: tuple[Claim, ...]
    """What a reader sees, in order."""
    withheld: tuple[Claim, ...]
    """What a reader must not take for the page's text: each failed, and says why."""
    abstained: str | None
    """Why the section is empty; null when it is not."""
    notes: tuple[str, ...]
    """What was found out about the evidence itself."""
    closing: str | None
    """A fixed line under the section."""
    prompt_version: str | None
    """Version and hash of the prompt; null when no model was used."""


class Passage(Public):
    """One cited span of a source item: ``item text[start:end] == text``."""

    number: int
    id: str
    start: int
    """Offset of its first character in the item's text, in code points."""
    end: int
    """Offset behind its last character."""
    text: str
    """Verbatim."""
    before: str
    """Verbatim text of the item just before it, at most a few sentences."""
    after: str
    """Verbatim text of the item just behind it."""
    more_before: bool
    """Whether the item goes on before ``before``."""
    more_after: bool
    """Whether the item goes on behind ``after``."""


class Source(Public):
    """One source item of the evidence, with those of its passages that the page cites."""

    key: str
    name: str
    """Outlet, else author, else platform."""
    outlet: str | None
    author: str | None
    platform: str
    title: str
    url: str | None
    """Only http and https addresses; null otherwise."""
    published_at: AwareDatetime | None
    ingested_at: AwareDatetime
    origin: str
    """Key of the item that this one is a copy of; its own key when it is no copy."""
    copy_of: str | None
    """Name of the item it is a copy of; null when it is an independent origin."""
    passages: tuple[Passage, ...]
    """Cited passages, by number; empty when the page cites none of it."""


class Factor(Public):
    """One factor of the noise score."""

    key: str
    name: str
    weight: float
    """Share of the score after the weights of missing factors were spread, 0–1."""
    value: float | None
    """0–1; null when there was no input."""
    basis: str
    """What the value was computed from, or what was missing."""


class Noise(Public):
    """How loud the incident is: attention, never guilt."""

    as_of: AwareDatetime
    score: int
    """0–100, after decay."""
    state: State
    state_name: str
    """As a reader sees it."""
    peak: int
    """Highest score up to ``as_of``."""
    peak_at: AwareDatetime
    decay: float
    """Share of the undecayed score that is left, 0–1."""
    reopened_at: AwareDatetime | None = None
    """When coverage last began anew after the case had closed."""
    method_version: str
    factors: tuple[Factor, ...]


class Incident(Public):
    """What the page is about."""

    id: str
    title: str
    created_at: AwareDatetime
    label: str | None
    """The key under which the sender of the items knows it."""
    merged_into: str | None
    """Id of the incident that this one went into."""
    items: int
    """Number of source items."""
    origins: int
    """Number of independent origins among the items of the evidence."""
    platforms: tuple[str, ...]
    last_coverage_at: AwareDatetime | None
    """When the newest item of the evidence became public."""


class Answer(Public):
    """The line under the title: where the story stands by attention alone."""

    question: str
    text: str
    caveats: tuple[str, ...]
    """What the answer does not mean."""


class Usage(Public):
    """What the draft cost, as the server of the model counted it."""

    calls: int
    cached_calls: int
    input_tokens: int
    output_tokens: int
    cache_write_tokens: int
    cache_read_tokens: int


class Faithfulness(Public):
    """How much of what the drafter wrote was supported as written."""

    supported: int
    """Shown claims that are supported, as the drafter worded and cited them."""
    drafted: int
    """All claims the drafter wrote, shown or withheld."""
    withheld: int
    repaired: int
    """Shown claims that stand only after a repair."""
    recited: int
    """Shown claims that stand only because they were cited anew."""
    unchecked: int
    """Withheld claims on which a judge gave no usable verdict."""
    share: float | None
    """``supported`` over ``drafted``; null when nothing was drafted."""


class Provenance(Public):
    """Who drafted the page, from what."""

    drafter: str
    model: str | None
    """Null when no model was used."""
    revision: int
    created_at: AwareDatetime
    evidence_hash: str
    evidence_passages: int
    """Passages the drafter could use."""
    evidence_tokens: int
    """Their estimated tokens."""
    passages_left_out: int
    """Passages of the incident that did not fit or were near-duplicates."""
    judge: str | None
    """The model that judged the claims, with the version of its prompt; null when none did."""
    gate: str | None
    """Profile and version of the policy that decided what is shown; null when not recorded."""
    faithfulness: Faithfulness
    usage: Usage


class Finding(Public):
    """What the evidence of today does to one sentence that stands on the page."""

    section: str
    """Key of its section."""
    claim: str
    """The sentence."""
    effect: Effect
    by: str
    """Key of the source item that does it; the draft may not have read it."""
    source: str
    """What a reader calls that source."""
    passage: str | None
    """Id of the passage that says so; null when only its title or its sender does."""
    text: str | None
    """That passage, verbatim."""
    reason: str
    """What is the matter, in one sentence."""
    held_by: str | None
    """The editor whose words or lock keep the sentence where it is."""


class Telling(Public):
    """What one source gives where sources differ."""

    value: str
    """As the source has it."""
    item: str
    """Key of the source item."""
    source: str
    """What a reader calls it."""
    passage: str
    """Id of the passage."""
    text: str
    """The passage, verbatim."""
    start: int
    """Offset of the value in the passage."""
    end: int
    """Offset behind it."""
    day: dt.date | None
    """Of publication (UTC); null where the item is undated."""


class Disagreement(Public):
    """One slot to which independent sources give different values."""

    kind: Literal["number", "date", "who"]
    summary: str
    """``Sources differ: 41 (Outlet A), 44 (Outlet B).``"""
    tellings: tuple[Telling, ...]
    """Two or more, in order of time; none is preferred."""


class Review(Public):
    """Whether a person took responsibility for this revision."""

    state: ReviewState
    by: str | None
    """The editor; null while nobody reviewed this revision."""
    at: AwareDatetime | None
    override: str | None
    """Why it was approved although something stood against it; null when nothing did."""


class Actor(Public):
    """Somebody who speaks on the page, or of whom it is claimed."""

    name: str
    aliases: tuple[str, ...]
    """Other forms in page and sources that fit nobody else."""
    roles: tuple[Telling, ...]
    """What sources say that it is, in their words, each with its passage."""
    seen: Telling
    """A passage that names it; ``value`` is empty where only the item's byline does."""
    stances: tuple[Stance, ...]
    kinds: tuple[Kind, ...]
    """Kinds of the sentences ascribed to it."""
    accused: bool
    answered: bool | None
    """Whether words of its own are in the sources; null when it is not accused."""


class Place(Public):
    """A platform or an outlet of the sources."""

    name: str
    items: int
    origins: int


class Gap(Public):
    """Something that the evidence does not hold."""

    section: str | None
    """Key of the section that stays empty for it."""
    words: str


class About(Public):
    """What the incident is about, in one summary."""

    actors: tuple[Actor, ...]
    platforms: tuple[Place, ...]
    outlets: tuple[Place, ...]
    gaps: tuple[Gap, ...]


class Document(Public):
    """One incident page: the newest revision of its draft, its evidence and its noise."""

    schema_version: Literal["1"]
    incident: Incident
    answer: Answer
    cite: str
    """How to cite the page."""
    disclosure: str
    """How the text came about and whether an editor has reviewed it."""
    review: Review
    sections: tuple[Section, ...] = Field(description="In the order of the page.")
    findings: tuple[Finding, ...] = Field(
        description="What the evidence of today does to sentences of the page; empty when nothing."
    )
    disagreements: tuple[Disagreement, ...] = Field(
        description="Where the sources of the draft differ among themselves."
    )
    about: About = Field(description="Who speaks, where it stood, and what is missing.")
    noise: Noise
    sources: tuple[Source, ...] = Field(
        description="Cited items by their lowest number, then items that the page does not cite."
    )
    provenance: Provenance


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of ``Document`` as it is written out.

    It allows unknown fields: a client must ignore them, since a version may gain fields.
    """
    schema = Document.model_json_schema(mode="serialization")
    for model in (schema, *schema["$defs"].values()):
        model.pop("additionalProperties", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def schema_text() -> str:
    """The schema as it stands in ``docs/incident.schema.json``."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
