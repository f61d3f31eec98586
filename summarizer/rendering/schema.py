"""Public JSON schema of an incident page, separate from the domain models so that they can change.

Only the enumerations are shared with the domain.  Every output format renders a ``Document``.
``SCHEMA_VERSION`` versions the schema; ``docs/output.md`` defines the changes within a version.
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
    """Base of public models: immutable, without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Citation(Public):
    """One citation mark of a sentence."""

    number: int | None
    """Number of the passage on the page, from 1 in order of first use; null if the evidence has
    no passage with that id."""
    passage: str
    """Id of the passage, as the drafter cited it."""


class Failure(Public):
    """One check that a claim failed."""

    check: str
    """Name of the check."""
    reason: str
    """Description of the failure, in one sentence."""
    label: VerdictLabel
    """Verdict that results from this failure alone."""
    start: int | None
    """Offset of the failing words in the claim, in code points; null for the whole claim."""
    end: int | None
    """Offset after the failing words."""
    better: str | None
    """Id of a passage that supports the claim better; null if none is known."""
    better_number: int | None
    """Its number on the page."""


class Evidence(Public):
    """A verbatim span that supports a claim."""

    passage: str
    """Id of the passage that contains the span."""
    start: int
    """Offset of its first character in the passage."""
    end: int
    """Offset after its last character."""
    text: str
    """The span."""


class Verdict(Public):
    """Result of the verification of one claim."""

    label: VerdictLabel
    score: float
    """0–1, higher is better supported."""
    failures: tuple[Failure, ...]
    warnings: tuple[str, ...]
    """Warnings that do not withhold the claim."""
    evidence: tuple[Evidence, ...]


class ClaimFields(Public):
    """Fields of a sentence that the page and the editors' view share."""

    text: str
    kind: Kind
    actor: str | None
    """In sides: the actor who makes the claim, or whom it is about."""
    stance: Stance | None
    """In sides: stance of the actor."""
    date: dt.date | None
    """In a timeline: date of the event; in a forecast: date by which to judge it."""
    date_basis: DateBasis | None
    """In a timeline: whether the date is that of the event or of publication."""
    probability: float | None
    """In a forecast: 0–1."""
    criterion: str | None
    """In a forecast: criterion that decides whether it came true."""
    origins: int
    """Number of independent origins among the cited passages; copies of one text count once."""
    repaired_from: str | None
    """The sentence as first drafted; null if it was not repaired."""
    recited_from: tuple[str, ...] | None
    """Passage ids that the drafter cited before citation repair; null if they were not changed."""
    edited_by: str | None
    """Editor who wrote the sentence; null if the drafter did."""
    edited_from: str | None
    """The sentence before its first edit; null if it was not edited, or added by an editor."""
    restored_because: str | None
    """Editor's reason for showing a failed sentence; null if it was not restored."""


class Claim(ClaimFields):
    """One drafted sentence with its citations and its verdict."""

    id: str
    """Id of the claim, stable through repairs and edits."""
    citations: tuple[Citation, ...]
    verdict: Verdict
    outcome: Outcome | None
    """In a forecast: outcome recorded by an editor; null until then."""


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
    """Layout of the claims; for an unknown value, a client can list the claims."""
    claims: tuple[Claim, ...]
    """Shown claims, in order."""
    withheld: tuple[Claim, ...]
    """Claims that failed a check and are not part of the page's text."""
    abstained: str | None
    """Reason why the section is empty; null if it is not."""
    notes: tuple[str, ...]
    """Notes about the evidence."""
    closing: str | None
    """Fixed line under the section."""
    prompt_version: str | None
    """Version and hash of the prompt; null without a model."""


class Passage(Public):
    """One cited span of a source item: ``item text[start:end] == text``."""

    number: int
    id: str
    start: int
    """Offset of its first character in the item's text, in code points."""
    end: int
    """Offset after its last character."""
    text: str
    """Verbatim text."""
    before: str
    """Verbatim text of the item before the passage, at most a few sentences."""
    after: str
    """Verbatim text of the item after the passage, at most a few sentences."""
    more_before: bool
    """Whether the item has text before ``before``."""
    more_after: bool
    """Whether the item has text after ``after``."""


class Source(Public):
    """One source item of the evidence with its cited passages."""

    key: str
    name: str
    """Outlet, else author, else platform."""
    outlet: str | None
    author: str | None
    platform: str
    title: str
    url: str | None
    """http or https URL; null otherwise."""
    published_at: AwareDatetime | None
    ingested_at: AwareDatetime
    origin: str
    """Key of the item it is a copy of; its own key if it is an independent origin."""
    copy_of: str | None
    """Name of the item it is a copy of; null if it is an independent origin."""
    passages: tuple[Passage, ...]
    """Cited passages, by number; empty if the page cites none."""


class Factor(Public):
    """One factor of the noise score."""

    key: str
    name: str
    weight: float
    """Weight, 0–1, after the weights of missing factors were redistributed."""
    value: float | None
    """0–1; null if its input was missing."""
    basis: str
    """Input of the value, or the missing input."""


class Noise(Public):
    """Noise level of the incident: attention, never guilt."""

    as_of: AwareDatetime
    score: int
    """0–100, after decay."""
    state: State
    state_name: str
    """Display name of the state."""
    peak: int
    """Highest score up to ``as_of``."""
    peak_at: AwareDatetime
    decay: float
    """Factor applied to the score for the time since coverage stopped, 0–1."""
    reopened_at: AwareDatetime | None = None
    """Time when coverage last resumed after the case had closed."""
    method_version: str
    factors: tuple[Factor, ...]


class Incident(Public):
    """The incident of the page."""

    id: str
    title: str
    created_at: AwareDatetime
    label: str | None
    """Incident label given with the items."""
    merged_into: str | None
    """Id of the incident it was merged into; null if it was not merged."""
    items: int
    """Number of source items."""
    origins: int
    """Number of independent origins among the items of the evidence."""
    platforms: tuple[str, ...]
    last_coverage_at: AwareDatetime | None
    """Publication time of the newest item of the evidence, else its time of ingestion."""


class Answer(Public):
    """The answer under the title, by attention alone."""

    question: str
    text: str
    caveats: tuple[str, ...]
    """Limits of the answer."""


class Usage(Public):
    """Model calls and tokens of the draft, as counted by the model's server."""

    calls: int
    cached_calls: int
    input_tokens: int
    output_tokens: int
    cache_write_tokens: int
    cache_read_tokens: int


class Faithfulness(Public):
    """Share of drafted claims that are supported as written."""

    supported: int
    """Shown claims that are supported with the drafter's own words and citations."""
    drafted: int
    """All drafted claims, shown or withheld."""
    withheld: int
    repaired: int
    """Shown claims that passed after a repair of their text."""
    recited: int
    """Shown claims that passed after a repair of their citations."""
    unchecked: int
    """Withheld claims without a usable verdict of the judge."""
    share: float | None
    """``supported`` / ``drafted``; null if nothing was drafted."""


class Provenance(Public):
    """Drafter, evidence, judge and usage of the draft."""

    drafter: str
    model: str | None
    """Null without a model."""
    revision: int
    created_at: AwareDatetime
    evidence_hash: str
    evidence_passages: int
    """Passages in the evidence pack."""
    evidence_tokens: int
    """Estimated tokens of the evidence pack."""
    passages_left_out: int
    """Passages of the incident outside the pack: over the budget or near-duplicates."""
    judge: str | None
    """Model that judged the claims, with its prompt version; null without a judge."""
    gate: str | None
    """Profile and version of the gate policy; null if not recorded."""
    faithfulness: Faithfulness
    usage: Usage


class Finding(Public):
    """Effect of the current evidence on one shown sentence."""

    section: str
    """Key of its section."""
    claim: str
    """The sentence."""
    effect: Effect
    by: str
    """Key of the source item with that effect; it may be newer than the draft."""
    source: str
    """Display name of the source item."""
    passage: str | None
    """Id of the passage with that effect; null if only the title or metadata has it."""
    text: str | None
    """Verbatim text of the passage."""
    reason: str
    """Explanation, in one sentence."""
    held_by: str | None
    """Editor whose words or lock keep the sentence unchanged; null without one."""


class Telling(Public):
    """Value that one source gives, with its passage."""

    value: str
    """Value as written in the source."""
    item: str
    """Key of the source item."""
    source: str
    """Display name of the source item."""
    passage: str
    """Id of the passage."""
    text: str
    """The passage, verbatim."""
    start: int
    """Offset of the value in the passage."""
    end: int
    """Offset after the value."""
    day: dt.date | None
    """Day of publication (UTC); null if the item is undated."""


class Disagreement(Public):
    """A fact for which independent sources give different values."""

    kind: Literal["number", "date", "who"]
    summary: str
    """``Sources differ: 41 (Outlet A), 44 (Outlet B).``"""
    tellings: tuple[Telling, ...]
    """Two or more values, in order of time; none is preferred."""


class Review(Public):
    """Editor's review of this revision."""

    state: ReviewState
    by: str | None
    """The editor; null if this revision is not reviewed."""
    at: AwareDatetime | None
    override: str | None
    """Reason for an approval despite obstacles; null without obstacles."""


class Actor(Public):
    """Person or organisation that a sentence of the page is ascribed to or is about."""

    name: str
    aliases: tuple[str, ...]
    """Other unambiguous forms of the name in page and sources."""
    roles: tuple[Telling, ...]
    """Roles or offices as worded in the sources, each with its passage."""
    seen: Telling
    """A passage that names the actor; ``value`` is empty if only the item's byline does."""
    stances: tuple[Stance, ...]
    kinds: tuple[Kind, ...]
    """Kinds of the sentences ascribed to the actor."""
    accused: bool
    answered: bool | None
    """Whether the sources hold the actor's own words; null if not accused."""


class Place(Public):
    """A platform or an outlet of the sources."""

    name: str
    items: int
    origins: int


class Gap(Public):
    """Information missing from the evidence."""

    section: str | None
    """Key of the section that is empty for that reason; null without one."""
    words: str


class About(Public):
    """Actors, platforms, outlets and gaps of the incident."""

    actors: tuple[Actor, ...]
    platforms: tuple[Place, ...]
    outlets: tuple[Place, ...]
    gaps: tuple[Gap, ...]


class Document(Public):
    """One incident page: newest revision of the draft, evidence and noise level."""

    schema_version: Literal["1"]
    incident: Incident
    answer: Answer
    cite: str
    """Recommended citation of the page."""
    disclosure: str
    """Origin of the text and its review state."""
    review: Review
    sections: tuple[Section, ...] = Field(description="Sections in page order.")
    findings: tuple[Finding, ...] = Field(
        description="Effects of the current evidence on shown sentences."
    )
    disagreements: tuple[Disagreement, ...] = Field(
        description="Differences among the sources of the draft."
    )
    about: About = Field(description="Actors, platforms, outlets and gaps.")
    noise: Noise
    sources: tuple[Source, ...] = Field(
        description="Cited items by their lowest number, then uncited items."
    )
    provenance: Provenance


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a serialised ``Document``.

    Unknown fields are allowed, because a schema version may gain fields; clients ignore them.
    """
    schema = Document.model_json_schema(mode="serialization")
    for model in (schema, *schema["$defs"].values()):
        model.pop("additionalProperties", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def schema_text() -> str:
    """Content of ``docs/incident.schema.json``."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
