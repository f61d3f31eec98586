"""Fixed wording of a page: noise, provenance, checks and labels.

The sentences about noise describe attention, never guilt.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from summarizer.domain.claims import Kind, Stance, VerdictLabel
from summarizer.domain.findings import Effect
from summarizer.domain.incidents import State
from summarizer.domain.reviews import ReviewState
from summarizer.domain.sections import Layout
from summarizer.noise.series import NoiseSeries
from summarizer.rendering.schema import (
    Actor,
    Claim,
    Document,
    Finding,
    Gap,
    Incident,
    Noise,
    Place,
    Review,
    Section,
    Source,
    Telling,
)

QUESTION = "Is this a scandal?"

STATE_NAMES = {
    State.EMERGING: "Emerging",
    State.GROWING: "Growing",
    State.DEBATED: "Debated",
    State.MAJOR: "Major",
    State.CLOSED: "Case Closed",
}

ANSWERS = {
    State.EMERGING: "Too early to say — coverage has only begun",
    State.GROWING: "Attention is growing — items come in fast",
    State.DEBATED: "Under debate — more than one platform carries it",
    State.MAJOR: "Widely discussed — coverage has been loud for hours",
    State.CLOSED: "No longer — coverage has stopped",
}
"""First words of the answer, by state."""

STANCE_NAMES = {
    Stance.CRITIC: "Critics",
    Stance.DEFENDER: "Defenders",
    Stance.NEUTRAL: "Neutral",
}

NOBODY = {
    Stance.CRITIC: "No critic found in the sources.",
    Stance.DEFENDER: "No defender found in the sources.",
    Stance.NEUTRAL: "No neutral voice found in the sources.",
}
"""Text of an empty stance column."""

EFFECT_NAMES = {
    Effect.NEW: "New",
    Effect.WEAKENED: "Weakened",
    Effect.CONTRADICTED: "Contradicted by a later source",
    Effect.WITHDRAWN: "Its source was withdrawn",
}

OUTCOMES = {
    "came_true": "Resolved by an editor: it came true.",
    "did_not": "Resolved by an editor: it did not come true.",
    "void": "Resolved by an editor: it can no longer be judged.",
}

LATER = "What later sources do to this page"
DIFFER = "Where sources differ"
ABOUT = "Who, where, and what is missing"

LABEL_NAMES = {
    VerdictLabel.SUPPORTED: "Supported by its sources",
    VerdictLabel.PARTLY: "Partly supported by its sources",
    VerdictLabel.UNSUPPORTED: "Not supported by its sources",
    VerdictLabel.CONTRADICTED: "Contradicted by its sources",
    VerdictLabel.UNCHECKED: "Not checked",
}

LEGEND = (
    "A number names a passage below. A sentence that rests on several independent origins says "
    "how many; any other rests on one, or cites none."
)
"""Legend of citation marks, for formats without room for the origins of every sentence."""

TAGGED = frozenset({Kind.ANALOGY, Kind.OPINION, Kind.PREDICTION})
"""Kinds shown beside the sentence, because a reader could take it for fact."""

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def date_words(when: dt.date) -> str:
    """``May 30, 2026``; for a time, the day in UTC."""
    if isinstance(when, dt.datetime):
        when = when.astimezone(dt.UTC)
    return f"{MONTHS[when.month - 1]} {when.day}, {when.year}"


def time_words(when: dt.datetime) -> str:
    """``May 30, 2026, 14:05 UTC``."""
    return f"{date_words(when)}, {when.astimezone(dt.UTC):%H:%M} UTC"


def count(number: int, singular: str, plural: str | None = None) -> str:
    """``1 source item``, ``3 source items``, ``12,480 tokens``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def percent(share: float) -> str:
    """``83%``, without decimals."""
    return f"{share:.0%}"


def answer(incident: Incident, noise: Noise) -> str:
    """The answer to ``QUESTION`` in terms of noise, state, items, platforms and peak."""
    facts = " · ".join(
        (
            f"noise {noise.score}/100",
            f"state: {noise.state_name}{reopened(noise)}",
            f"{count(incident.items, 'source item')} across "
            f"{count(len(incident.platforms), 'platform')}",
            f"peaked at {noise.peak}/100 on {date_words(noise.peak_at)}",
        )
    )
    measured = f"as of {date_words(noise.as_of)}, measured by the noise method"
    return f"{ANSWERS[noise.state]}: {facts} — {measured} (version {noise.method_version})."


def reopened(noise: Noise) -> str:
    """``, reopened on May 30, 2026`` for a reopened incident; else empty."""
    if noise.reopened_at is None or noise.state is State.CLOSED:
        return ""
    return f", reopened on {date_words(noise.reopened_at)}"


def actor_words(actor: Actor) -> str:
    """Roles, stances, aliases and, if accused, whether the actor answers."""
    parts = [f"{role.value} ({role.source})" for role in actor.roles]
    parts += [stance.value for stance in actor.stances]
    parts += [f"also {', '.join(actor.aliases)}"] if actor.aliases else []
    if actor.accused:
        parts.append("accused; " + ("answers" if actor.answered else "no answer found in sources"))
    return " · ".join(parts) or "named in the sources"


def actor_tellings(actor: Actor) -> tuple[Telling, ...]:
    """Passages about an actor, each once: those that give its role, else one that names it."""
    return tuple({t.passage: t for t in reversed(actor.roles or (actor.seen,))}.values())[::-1]


def gap(found: Gap, document: Document) -> tuple[str, str]:
    """Heading of the section with a gap (``Sources`` if none), and the words of the gap."""
    heading = next((s.heading for s in document.sections if s.key == found.section), "Sources")
    return heading, found.words


def origins(document: Document) -> str:
    """``2 independent origins of 3 source items``."""
    items = count(len(document.sources), "source item")
    return f"{count(document.incident.origins, 'independent origin')} of {items}"


def places(found: Sequence[Place]) -> str:
    """``news 5, x 2``."""
    return ", ".join(f"{place.name} {place.items}" for place in found)


def course_caption(course: NoiseSeries, names: Mapping[State, str]) -> str:
    """Caption of a noise chart."""
    shown = f"Noise from {date_words(course.since)} to {date_words(course.until)}"
    if course.peak_at is None:
        return f"{shown}: no coverage."
    last = course.bands[-1]
    again = ", ".join(date_words(at) for at in course.reopened)
    return (
        f"{shown}: peak {course.peak}/100 on {date_words(course.peak_at)}; "
        f"{names[last.state]} since {date_words(last.since)}."
        + (f" Reopened on {again}." if again else "")
    )


def caveats(incident: Incident, noise: Noise) -> tuple[str, ...]:
    """Caveats of the answer: noise is no verdict, and a closed case no legal finding."""
    always = "Noise measures attention, not who is right."
    if noise.state is not State.CLOSED:
        return (always,)
    since = f" since {date_words(incident.last_coverage_at)}" if incident.last_coverage_at else ""
    return (f"Case Closed means no new coverage{since}; it is not a legal finding.", always)


def disclosure(drafter: str, model: str | None, revision: int, review: Review) -> str:
    """Origin of the text and its review state."""
    how = (
        f"AI-drafted: drafted by {model}."
        if model
        else f"Assembled from source sentences without a model ({drafter})."
    )
    return f"{how} Revision {revision}, {reviewed(review)}."


def reviewed(review: Review) -> str:
    """The editor's decision on this revision: ``approved by Kim on May 30, 2026``."""
    if review.state is ReviewState.UNREVIEWED or review.at is None:
        return "not reviewed by an editor yet"
    decision = {
        ReviewState.APPROVED: "approved",
        ReviewState.CHANGES_REQUESTED: "sent back for changes",
        ReviewState.REJECTED: "rejected",
        ReviewState.WITHDRAWN: "withdrawn",
    }[review.state]
    return f"{decision} by {review.by} on {date_words(review.at)}"


def byline(source: Source) -> str:
    """Author, date and platform of an item: ``May 30, 2026 · news``."""
    if source.published_at:
        when = date_words(source.published_at)
    else:
        when = f"no date given, received {date_words(source.ingested_at)}"
    author = source.author if source.author and source.author != source.name else None
    return " · ".join(part for part in (author, when, source.platform) if part)


def origin_note(source: Source) -> str:
    """Whether an item is an independent origin or a copy."""
    if source.copy_of is None:
        return "independent origin"
    return f"copy of {source.copy_of} ({source.origin}), counted as the same origin"


def origins_note(claim: Claim) -> str:
    """Number of independent origins of a claim, in words."""
    if not claim.citations:
        return "Cites no passage"
    return f"Rests on {count(claim.origins, 'independent origin')}"


def recited(named: Sequence[str] | None) -> tuple[str, ...]:
    """Warning for a claim with repaired citations; empty if they are the drafter's.

    Ids are cut at 40 characters, because invented ones may be long.
    """
    if named is None:
        return ()
    ids = ", ".join(id_[:40] for id_ in named[:8]) or "no passage"
    return (f"Cited anew: the drafter had named {ids}.",)


def edited(editor: str | None, restored: str | None) -> tuple[str, ...]:
    """Warnings for a claim that an editor wrote, or restored although it failed."""
    found = [f"Edited by {editor}."] if editor else []
    if restored:
        found.append(f"Failed a check; shown by an editor's decision: {restored}")
    return tuple(found)


CHECK_WORDS: Mapping[str, str] = {
    "additions": "added words",
    "attribution": "who says so",
    "comparison": "direction",
    "exchange": "exchanged values",
    "irrealis": "what is only asked or supposed",
    "merging": "merged incidents",
    "modality": "how firmly it is put",
    "roles": "who did what to whom",
    "causation": "causes",
}
"""Display names of checks whose identifiers are technical; the others show their identifier."""


def check(name: str) -> str:
    """Display name of a check."""
    return CHECK_WORDS.get(name, name)


def found(finding: Finding) -> str:
    """Warning for a claim that a later source weakens, contradicts or withdraws."""
    return f"{EFFECT_NAMES[finding.effect]}: {finding.reason}"


def differ(tellings: Sequence[Telling]) -> str:
    """Values on which sources differ, in one line; a source with two values gets days."""
    sources = [t.source for t in tellings]
    values = (
        f"{t.value} ({t.source}, {date_words(t.day)})"
        if t.day and sources.count(t.source) > 1
        else f"{t.value} ({t.source})"
        for t in tellings
    )
    return f"Sources differ: {', '.join(values)}."


def told(telling: Telling) -> tuple[str, str, str]:
    """A passage in three parts: before the value, the value, after the value."""
    text = telling.text
    return text[: telling.start], text[telling.start : telling.end], text[telling.end :]


def support(section: Section) -> str:
    """Number of supported shown sentences: ``Checks: 3 of 4 sentences supported``."""
    good = sum(claim.verdict.label is VerdictLabel.SUPPORTED for claim in section.claims)
    return f"Checks: {good} of {count(len(section.claims), 'sentence')} supported"


def tag(claim: Claim, section: Section) -> str | None:
    """Tag of a sentence that is not fully supported, or of a kind in ``TAGGED``; else ``None``."""
    if claim.verdict.label is not VerdictLabel.SUPPORTED and claim.kind is not Kind.ANALOGY:
        return LABEL_NAMES[claim.verdict.label].removesuffix(" by its sources").lower()
    if claim.kind in TAGGED and section.layout is not Layout.FORECAST:
        return claim.kind.value
    return None


def judged(claim: Claim) -> str:
    """Date, criterion and outcome of a forecast: ``Judge by July 1, 2026: a ruling is out``."""
    by = f"Judge by {date_words(claim.date)}" if claim.date else "No date to judge it by"
    rule = f"{by}: {claim.criterion}" if claim.criterion else f"{by}; no criterion given."
    return f"{rule} {OUTCOMES[claim.outcome]}" if claim.outcome else rule


def likelihood(claim: Claim) -> str:
    """``65% likely`` or ``no probability given``."""
    if claim.probability is None:
        return "no probability given"
    return f"{percent(claim.probability)} likely"


def dated(claim: Claim) -> tuple[str, str]:
    """Date of a timeline entry and its basis; both may be unknown."""
    when = date_words(claim.date) if claim.date else "Undated"
    basis = f"date of {claim.date_basis.value}" if claim.date_basis else "basis of date unknown"
    return when, basis if claim.date else "no date in the sources"


def faithfulness(document: Document) -> str:
    """Share of drafted claims that are supported as written, in words."""
    found = document.provenance.faithfulness
    if found.share is None:
        return "No claims were drafted."
    anew = f", {found.recited} cited anew" if found.recited else ""
    anew += f", {found.unchecked} not judged" if found.unchecked else ""
    return (
        f"{found.supported} of {count(found.drafted, 'drafted claim')} supported as written "
        f"({percent(found.share)}); {found.withheld} withheld, {found.repaired} shown after "
        f"repair{anew}."
    )


def provenance(document: Document) -> list[tuple[str, str]]:
    """Drafter, evidence, judge, gate and usage of the page: rows of name and value."""
    made, usage = document.provenance, document.provenance.usage
    spent = (
        f"{count(usage.input_tokens, 'token')} in, {usage.output_tokens:,} out; "
        f"cache: {usage.cache_write_tokens:,} written, {usage.cache_read_tokens:,} read; "
        f"{count(usage.calls, 'call')}, {usage.cached_calls} answered from store"
    )
    return [
        ("Drafted by", f"{made.drafter}, {made.model or 'without a model'}"),
        ("Revision", f"{made.revision}, {time_words(made.created_at)}"),
        (
            "Evidence",
            f"{count(made.evidence_passages, 'passage')} of "
            f"{count(len(document.sources), 'source item')}, about "
            f"{count(made.evidence_tokens, 'token')}; "
            f"{count(made.passages_left_out, 'passage')} left out",
        ),
        ("Evidence hash", made.evidence_hash),
        ("Judged by", made.judge or "no model, checks alone"),
        ("Gate", made.gate or "not recorded"),
        ("Faithfulness", faithfulness(document)),
        ("Spent", spent if usage.calls or usage.cached_calls else "no model calls"),
    ]


def factor_words(weight: float, value: float | None) -> tuple[str, str, str]:
    """Weight, value and points of a noise factor: ``20%``, ``0.55``, ``11.0``."""
    if value is None:
        return "—", "missing", "—"
    return percent(weight), f"{value:.2f}", f"{100 * weight * value:.1f}"


def noise_note(noise: Noise) -> str:
    """Explanation of the score: sum, decay and missing factors."""
    missing = [factor.name for factor in noise.factors if factor.value is None]
    decayed = f", times {noise.decay:.2f} for the time since coverage stopped"
    sum_of = f"The points add up{decayed if noise.decay < 1 else ''}."
    if not missing:
        return f"{sum_of} No factor was missing."
    return f"{sum_of} Missing, weight shared among the rest: {', '.join(missing)}."
