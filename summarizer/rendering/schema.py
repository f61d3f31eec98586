"""Public JSON schema of an incident page, separate from the domain models so that they can change.

Only the enumerations are shared with the domain.  Every output format renders a ``Document``.
``SCHEMA_VERSION`` versions the schema; ``docs/output.md`` defines the changes within a version.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from summarizer.domain.absences import AbsenceReason
from summarizer.domain.accusations import ReplyKind
from summarizer.domain.claims import CheckedClaim, DateBasis, Kind, Position, Stance, VerdictLabel
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


class JudgeVerdict(Public):
    """A judge's verdict on one claim."""

    label: VerdictLabel
    reason: str
    """One sentence of the judge; may be empty."""
    passages: tuple[Citation, ...]
    """Deciding passages."""
    tokens: int
    """The claim's share of the tokens of the call, in and out."""


class Verdict(Public):
    """Result of the verification of one claim."""

    label: VerdictLabel
    score: float
    """0–1, higher is better supported."""
    failures: tuple[Failure, ...]
    overruled: tuple[Failure, ...]
    """What the checks had found; the judge calls the claim supported."""
    judge: JudgeVerdict | None
    """Null when no judge gave a verdict."""
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
    position: Position | None
    """In sides: what the actor does."""
    office: str | None
    """In sides: office or part of the actor, as the passage gives it."""
    replies_to: str | None
    """In sides: whom or what the actor answers; null when it answers nobody."""
    date: dt.date | None
    """In a timeline: date of the event; in a forecast: date by which to judge it."""
    date_basis: DateBasis | None
    """In a timeline: whether the date is that of the event or of publication."""
    probability: float | None
    """In a forecast: 0–1; null for a step that a source announces for its day."""
    criterion: str | None
    """In a forecast: criterion that decides whether it came true."""
    origins: int
    """Number of independent origins that assert it, anywhere in the evidence: a speaker whom three
    outlets quote is one, three outlets on their own are three."""
    told_by: tuple[str, ...]
    """Names of those origins; a speaker without a name is left out."""
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
    reason_is_public: bool
    """Whether readers may see that reason; else it stays in the newsroom."""


class Claim(ClaimFields):
    """One drafted sentence with its citations and its verdict."""

    id: str
    """Id of the claim, stable through repairs and edits."""
    citations: tuple[Citation, ...]
    verdict: Verdict
    read_by: str | None
    """Editor who confirmed the sentence before approving this revision, having read it beside its
    passages; null if nobody did."""
    outcome: Outcome | None
    """In a forecast: outcome recorded by an editor; null until then."""
    due: bool | None
    """In a forecast: whether its day has come on the page's day (UTC)."""
    sourcing: str | None
    """How many independent sources tell it, where that differs from what ``Document.sourcing``
    says of all; else null."""


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
    """Reason why the section is empty, in words; null if it is not."""
    absence: AbsenceReason | None
    """Kind of that reason: only ``nothing_found`` says that the sources lack it."""
    notes: tuple[str, ...]
    """Notes about the evidence."""
    closing: str | None
    """Fixed line under the section."""
    prompt_version: str | None
    """Version and hash of the prompt; null without a model."""
    drafter: str
    """Who drafted it; it may be another one than that of the page's other sections."""
    model: str | None
    """Model that drafted it; null without a model."""
    judge: str | None
    """Model that judged its sentences, with its prompt version; null without a judge."""
    edited_by: str | None
    """Last editor who changed it since it was drafted; null if none did."""
    written_by: str | None
    """Editor who wrote all of it; null if a drafter wrote any of it."""


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
    peak_at: AwareDatetime | None
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
    """Share of drafted claims that their passages support: as first drafted, and in all."""

    supported: int
    """Shown claims that are supported with the drafter's own words and citations."""
    supported_in_all: int
    """Claims of the drafter that are supported in its last words, also repaired, cited anew, or
    withheld for another reason. Unchecked ones are not."""
    drafted: int
    """All drafted claims, shown or withheld."""
    withheld: int
    repaired: int
    """Shown claims that passed after a repair of their text."""
    recited: int
    """Shown claims that passed after a repair of their citations."""
    unchecked: int
    """Withheld claims of which nobody could say whether they hold."""
    in_own_words: int
    """Shown claims that are not checked: no rule carries their words, and no judge was asked."""
    share: float | None
    """``supported`` / ``drafted``: faithfulness as drafted; null if nothing was drafted."""
    share_in_all: float | None
    """``supported_in_all`` / ``drafted``: faithfulness as RAGAS defines it."""


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
    answers: str | None
    """Accused who has answered in that item; null for another effect."""


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
    speaker: str = ""
    """Who gives the value, as written; empty if the source itself does."""
    newest: bool = False
    """Whether it is the last value that anybody gave; false for all if the dates do not tell."""
    superseded: bool = False
    """Whether the newest value takes its place: it was corrected, or is a count that has grown."""


class Disagreement(Public):
    """A fact for which sources give different values."""

    kind: Literal["number", "date", "who"]
    summary: str
    """``41 (Outlet A, May 1, 2026), 44 (newest: Outlet B, May 2, 2026).``"""
    fact: str
    """The sentence of the newest value, with an ellipsis in the value's place."""
    updated: bool
    """Whether the values follow one another: a source took the older one back, or a count grew."""
    tellings: tuple[Telling, ...]
    """Two or more values, in order of time."""


class Review(Public):
    """Editor's review of this revision."""

    state: ReviewState
    by: str | None
    """The editor; null if this revision is not reviewed."""
    at: AwareDatetime | None
    override: str | None
    """Reason for an approval despite obstacles; null without obstacles."""
    read: tuple[str, ...]
    """Ids of the claims that the editor confirmed, having read them beside their passages."""


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
    """Whether the sources hold the actor's own words; null if not accused, or unclear."""


class Place(Public):
    """A platform or an outlet of the sources."""

    name: str
    items: int
    origins: int


class Reply(Public):
    """Answer of one accused, or that the evidence has none."""

    kind: ReplyKind
    of: str
    """The accused."""
    by: str
    """Who answers for it; empty where nobody does."""
    words: str
    """Sentence of the passage, verbatim; empty where none was found."""
    passages: tuple[str, ...]


class Accusation(Public):
    """What one accuser holds against somebody in the shown sentences, with the replies to it."""

    accuser: str | None
    """Name; null when the passages name nobody."""
    source: str
    """Words of the passage for the accuser; empty without any."""
    accused: tuple[str, ...]
    what: str
    """Words of the accusation, verbatim."""
    stage: Literal["reported", "alleged", "charged", "settled", "found"]
    position: Position
    """What the accuser does: accuses, decides or investigates."""
    passages: tuple[str, ...]
    replies: tuple[Reply, ...]
    """One for each accused, in their order."""


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


class CorrectedSentence(Public):
    """A sentence of an approved page that was corrected."""

    section: str
    """Key of its section."""
    before: str | None
    """What the page said; null for a sentence that was missing."""
    after: str | None
    """What it says; null for a sentence that was withdrawn."""


class Correction(Public):
    """A public correction of an approved page."""

    at: AwareDatetime
    """Time of the correction."""
    revision: int
    """The corrected revision."""
    why: str
    """The reason, in the newsroom's words."""
    sentences: tuple[CorrectedSentence, ...] = Field(description="The corrected sentences.")


class Document(Public):
    """One incident page: newest revision of the draft, evidence and noise level."""

    schema_version: Literal["1"]
    incident: Incident
    answer: Answer
    cite: str
    """Recommended citation of the page."""
    disclosure: str
    """Origin of the text, who checked it, and its review state."""
    sourcing: str
    """How many independent sources tell the sentences, as a rule; ``Claim.sourcing`` has the
    exceptions."""
    review: Review
    sections: tuple[Section, ...] = Field(description="Sections in page order.")
    findings: tuple[Finding, ...] = Field(
        description="Effects of the current evidence on shown sentences."
    )
    disagreements: tuple[Disagreement, ...] = Field(
        description="Differences among the sources of the draft."
    )
    accusations: tuple[Accusation, ...] = Field(
        description="Accusations that the shown sentences make, each with the replies in the "
        "evidence."
    )
    corrections: tuple[Correction, ...] = Field(
        description="Public corrections of the page since it was first approved, newest first."
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
