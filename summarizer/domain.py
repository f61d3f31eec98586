"""The words of the product as frozen, typed data.  Nothing here does I/O or imports a vendor.

Read top to bottom, the models follow the path of the data: source items are split into passages,
an incident gathers items, an evidence pack holds the passages one draft may use, a drafter writes
claims that cite passages, verification gives each claim a verdict, the gate decides which are
shown, and a draft is one immutable revision of the result.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NewType, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

ItemKey = NewType("ItemKey", str)
"""Short permanent key of a stored source item: ``a3``."""

PassageId = NewType("PassageId", str)
"""``<item key>.<n>``: ``a3.7`` is the seventh passage of item ``a3``."""

IncidentId = NewType("IncidentId", str)
"""Permanent id of an incident: ``INC-000042``."""


class Model(BaseModel):
    """Base of every domain model: immutable, and closed against misspelled fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# --- Source items and passages ---------------------------------------------------------------


class NewItem(Model):
    """A valid source item that has not been stored yet, so that it has no key and no origin.

    Args:
        source_id: the id its sender gave it, where there was one; not unique.
        published_at: aware UTC time of publication; ``None`` when the source gives none.
        text: plain text; equals the title for an item that is only a title.
        engagement: counts by name (``likes``, ``shares``, ``comments`` …), each >= 0.
        reach: audience of the author or outlet (followers, monthly readers), >= 0.
        incident: the sender's own key for the incident, which overrides clustering.
        extra: fields of the sender that we do not know, kept as they came.
    """

    source_id: str | None = None
    platform: str = "unknown"
    outlet: str | None = None
    url: str | None = None
    author: str | None = None
    published_at: dt.datetime | None = None
    title: str = ""
    text: str
    engagement: Mapping[str, int] = Field(default_factory=dict)
    reach: int | None = None
    incident: str | None = None
    extra: Mapping[str, Any] = Field(default_factory=dict)


class SourceItem(NewItem):
    """One stored article, post, filing or statement.

    Args:
        key: permanent short key (``a3``).
        origin: key of the first item that this one is a copy of; its own key when it is no copy.
            Items that share an origin are one source, however many outlets carried it.
        ingested_at: aware UTC time at which it was accepted.
    """

    key: ItemKey
    origin: ItemKey
    ingested_at: dt.datetime

    @property
    def seen_at(self) -> dt.datetime:
        """When the item became public as far as we know: published, else ingested."""
        return self.published_at or self.ingested_at

    @property
    def source_name(self) -> str:
        """What a reader calls the source: outlet, else author, else platform."""
        return self.outlet or self.author or self.platform

    @property
    def heading(self) -> str:
        """Its title, else its first words: at most 80 characters, cut between words."""
        words = self.title or " ".join(self.text.split())
        if self.title or len(words) <= 80:
            return words
        head = words[:79]
        return f"{head.rpartition(' ')[0] or head}…"


class Passage(Model):
    """A sentence-bounded span of an item: ``item.text[start:end] == text``.

    Args:
        item_key: the item it belongs to.
        n: 1-based position within the item.
        start: offset of its first character in the item's text, in code points.
        end: offset behind its last character.
    """

    item_key: ItemKey
    n: int
    start: int
    end: int
    text: str

    @property
    def id(self) -> PassageId:
        """``<item key>.<n>``, as prompts show it and claims cite it."""
        return PassageId(f"{self.item_key}.{self.n}")


# --- Incidents -------------------------------------------------------------------------------


class Incident(Model):
    """What one cluster of items is about.

    Args:
        label: the sender's key when items carried one (``NewItem.incident``).
        merged_into: id of the incident this one went into; its own id then redirects there.
        item_keys: items in order of ``seen_at``, then key.
    """

    id: IncidentId
    created_at: dt.datetime
    label: str | None = None
    merged_into: IncidentId | None = None
    item_keys: tuple[ItemKey, ...] = ()


class State(StrEnum):
    """Where an incident stands in its life; ``closed`` is shown as "Case Closed"."""

    EMERGING = "emerging"
    GROWING = "growing"
    DEBATED = "debated"
    MAJOR = "major"
    CLOSED = "closed"


class Factor(Model):
    """One of the seven factors of noise.

    Args:
        key: name in the configuration (``reach``, ``engagement`` …).
        weight: share of the score after the weights of missing factors were spread, 0–1.
        value: 0–1, or ``None`` when there was no input, and then ``weight`` is 0.
        basis: in words, what the value was computed from or what was missing.
    """

    key: str
    weight: float
    value: float | None
    basis: str


class Noise(Model):
    """How loud an incident is at ``as_of``, with its state and its peak so far.

    Args:
        score: 0–100, after decay.
        peak: the highest score up to ``as_of``.
        decay: share of the undecayed score that is left, 0–1.
        reopened_at: when coverage last began anew after the incident had closed; ``None`` if never.
    """

    as_of: dt.datetime
    score: int
    state: State
    peak: int
    peak_at: dt.datetime
    decay: float
    reopened_at: dt.datetime | None = None
    factors: tuple[Factor, ...]
    config_version: str


# --- Evidence --------------------------------------------------------------------------------


class EvidencePack(Model):
    """The passages that one draft may use, with the items they come from.

    Args:
        items: in order of ``seen_at``, then key.
        passages: in the order in which prompts show them: by item, then position.
        left_out: number of passages of the incident that did not fit or were near-duplicates.
        tokens: estimated tokens of the rendered pack.
    """

    items: tuple[SourceItem, ...]
    passages: tuple[Passage, ...]
    left_out: int = 0
    tokens: int = 0

    def item(self, key: str) -> SourceItem:
        """The item with that key; raises ``KeyError`` when the pack has none."""
        for item in self.items:
            if item.key == key:
                return item
        raise KeyError(key)

    def passage(self, passage_id: str) -> Passage | None:
        """The passage with that id, or ``None`` when the pack has none."""
        for passage in self.passages:
            if passage.id == passage_id:
                return passage
        return None

    def origins(self, passage_ids: tuple[str, ...]) -> frozenset[ItemKey]:
        """The independent origins behind some passages; unknown ids count for nothing."""
        cited = {p.item_key for p in map(self.passage, passage_ids) if p is not None}
        return frozenset(item.origin for item in self.items if item.key in cited)


# --- Drafting --------------------------------------------------------------------------------


class Kind(StrEnum):
    """What kind of sentence a claim is."""

    FACT = "fact"
    ALLEGATION = "allegation"
    DENIAL = "denial"
    OPINION = "opinion"
    ANALOGY = "analogy"
    PREDICTION = "prediction"


class Stance(StrEnum):
    """On which side of the incident an actor stands."""

    CRITIC = "critic"
    DEFENDER = "defender"
    NEUTRAL = "neutral"


class DateBasis(StrEnum):
    """What the date of a timeline entry is the date of."""

    EVENT = "event"
    PUBLICATION = "publication"


class Claim(Model):
    """One drafted sentence with what the drafter said about it.

    Args:
        text: the sentence.
        cites: ids of the passages that support it, as the drafter gave them.
        kind: what kind of sentence it is.
        actor: in ``sides``, who claims or of whom it is claimed.
        stance: in ``sides``, where the actor stands.
        date: in ``timeline`` the date of the event, in ``forecast`` the date to judge it by.
        date_basis: in ``timeline``, what ``date`` is the date of.
        probability: in ``forecast``, 0–1.
        criterion: in ``forecast``, how a reader will know whether it came true.
    """

    text: str
    cites: tuple[str, ...] = ()
    kind: Kind = Kind.FACT
    actor: str | None = None
    stance: Stance | None = None
    date: dt.date | None = None
    date_basis: DateBasis | None = None
    probability: float | None = None
    criterion: str | None = None


class DraftedSection(Model):
    """What a drafter wrote for one section, before anything was verified.

    Args:
        abstained: why the drafter wrote nothing, when it chose not to.
        prompt_version: version and hash of the prompt, ``None`` without a model.
    """

    key: str
    claims: tuple[Claim, ...] = ()
    abstained: str | None = None
    prompt_version: str | None = None


class Usage(Model):
    """What a draft cost: calls that were sent, and tokens as the server counted them."""

    calls: int = 0
    cached_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cache_write_tokens: int = 0
    cache_read_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        mine, theirs = self.model_dump(), other.model_dump()
        return Usage(**{name: mine[name] + theirs[name] for name in mine})


# --- Verification and gate -------------------------------------------------------------------


class Label(StrEnum):
    """The verdict on a claim; ``unchecked`` means that nobody could judge it."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"
    UNCHECKED = "unchecked"


class Thresholds(Model):
    """Entailment of the cited passages, 0–1, from which a claim is supported, or partly."""

    supported: float = Field(gt=0, le=1)
    partly: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.partly > self.supported:
            raise ValueError("'partly' must not be above 'supported'")
        return self


class Failure(Model):
    """One check that a claim failed.

    Args:
        check: name of the check (``numbers``, ``quotes`` …).
        reason: one sentence for the editor: what is wrong, and what the sources say instead.
        start: offset of the failing words in the claim; ``None`` when it is the whole claim.
        end: offset behind them.
        better: id of a passage that would have been right, when one is known.
        label: the verdict that this failure alone calls for.
    """

    check: str
    reason: str
    start: int | None = None
    end: int | None = None
    better: str | None = None
    label: Label = Label.UNSUPPORTED


class Evidence(Model):
    """A verbatim span of a source that supports a claim: ``source text[start:end] == text``.

    Args:
        source: id of the passage or, in stateless verification, of the source.
    """

    source: str
    start: int
    end: int
    text: str


class Verdict(Model):
    """What verification found about one claim.

    Args:
        score: 0–1, higher is better supported.
        failures: every check that failed, in the order of the ladder.
        warnings: what a reader should know though the claim stands (one origin, self-statement).
    """

    label: Label
    score: float
    failures: tuple[Failure, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    warnings: tuple[str, ...] = ()


class CheckedClaim(Model):
    """A claim with its verdict.

    Args:
        origins: number of independent origins among its cited passages that each say it.
        echo: how far the origins that it doesn't cite speak of the same, 0–1.
        repaired_from: the sentence as first drafted, when it was repaired.
        recited_from: what its drafter had cited, when we cite other passages for it; ids that the
            evidence lacks stand as they came.
        edited_by: the editor whose words it is, ``None`` while it is the drafter's.
        edited_from: the sentence before its first edit; ``None`` too for one that was added.
        restored_because: why an editor shows it although it failed; never without a reason.
        place: of a withheld claim, how many shown claims stand before it; ``None`` when unknown.
    """

    claim: Claim
    verdict: Verdict
    origins: int = 0
    echo: float = 0.0
    repaired_from: str | None = None
    recited_from: tuple[str, ...] | None = None
    edited_by: str | None = None
    edited_from: str | None = None
    restored_because: str | None = None
    place: int | None = None

    @property
    def as_drafted(self) -> bool:
        """Whether sentence and citations are the drafter's first."""
        return self.repaired_from is None and self.recited_from is None and self.edited_by is None

    @property
    def was_drafted(self) -> bool:
        """Whether a drafter wrote it, whoever changed it later."""
        return self.edited_by is None or self.edited_from is not None


class Section(Model):
    """One part of the page after the gate.

    Args:
        shown: claims that reach the reader, in order.
        withheld: claims that do not, each with the reasons in its verdict.
        abstained: why the section is empty and what evidence is missing.
        notes: what we found out about the evidence itself, never about the world
            ("No response from X was found in the sources.").
        edited_by: the last editor who changed it since it was drafted.
        locked_by: the editor who locked it: no drafter and no other editor changes it.
    """

    key: str
    shown: tuple[CheckedClaim, ...] = ()
    withheld: tuple[CheckedClaim, ...] = ()
    abstained: str | None = None
    notes: tuple[str, ...] = ()
    prompt_version: str | None = None
    edited_by: str | None = None
    locked_by: str | None = None

    @property
    def is_kept(self) -> bool:
        """Whether an editor's hand is in it, so that a new draft waits beside it."""
        return self.edited_by is not None or self.locked_by is not None


class Suggestion(Model):
    """A drafted section that waits beside the one on the page until an editor answers.

    Args:
        section: as it would stand on the page.
        made_at: aware UTC time.
        drafter: who wrote it, with the model if there is one.
        asked_by: who asked for it.
        instruction: what the editor asked for, ``None`` when a whole new draft brought it.
    """

    section: Section
    made_at: dt.datetime
    drafter: str
    asked_by: str
    instruction: str | None = None


class Draft(Model):
    """One immutable revision of an incident's sections.

    Args:
        revision: 1 for the first draft of an incident.
        drafter: ``anthropic`` or ``extractive``.
        model: id of the model, ``None`` for the extractive drafter.
        evidence: the pack it was drafted from; every shown claim cites passages of it.
        evidence_hash: hash of the pack; the same hash means nothing new to draft from.
        sections: in the order of the page.
        gate: profile and version of the gate's policy (``strict-1``); ``None`` when not recorded.
        judge: the model that judged the claims, ``None`` when none did.
        parent: the revision that it was made from, ``None`` for a first draft.
        made_by: who asked for it, or the editor who made it.
        change: what an editor did, in words; ``None`` when a drafter made it.
        suggestions: at most one a section, none the same as its section.
    """

    incident_id: IncidentId
    revision: int
    created_at: dt.datetime
    drafter: str
    model: str | None = None
    evidence: EvidencePack
    evidence_hash: str
    sections: tuple[Section, ...]
    usage: Usage = Usage()
    gate: str | None = None
    judge: str | None = None
    parent: int | None = None
    made_by: str | None = None
    change: str | None = None
    suggestions: tuple[Suggestion, ...] = ()

    def section(self, key: str) -> Section:
        """The section with that key; raises ``KeyError`` when the draft has none."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)

    @property
    def claims_drafted(self) -> int:
        """All claims that the drafter wrote: shown and withheld, an editor's own left out."""
        return sum(c.was_drafted for s in self.sections for c in (*s.shown, *s.withheld))

    @property
    def claims_unchecked(self) -> int:
        """Claims on which a judge was asked and gave no usable verdict; none of them is shown."""
        return sum(c.verdict.label is Label.UNCHECKED for s in self.sections for c in s.withheld)

    @property
    def faithfulness(self) -> float | None:
        """Supported claims over all claims the drafter wrote; ``None`` when it wrote none.

        A claim that was repaired, cited anew or edited was not faithful as drafted and does not
        count.
        """
        if not self.claims_drafted:
            return None
        supported = sum(
            c.verdict.label is Label.SUPPORTED and c.as_drafted
            for s in self.sections
            for c in s.shown
        )
        return supported / self.claims_drafted
