"""Fixed wording of a page: noise, provenance, checks and labels.

The sentences about noise describe attention, never guilt.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from summarizer.domain.claims import (
    EXPLAINING,
    OWN_WORDS,
    CheckedClaim,
    DateBasis,
    Kind,
    Stance,
    VerdictLabel,
)
from summarizer.domain.drafts import RECORDED, Draft
from summarizer.domain.findings import Effect
from summarizer.domain.incidents import State
from summarizer.domain.items import CLOCKS
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
    JudgeVerdict,
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

NEWSROOM_STATES = STATE_NAMES | {State.CLOSED: "Quiet"}
"""State names for editors, to whom an incident is never closed."""

NEWSROOM_BANDS = STATE_NAMES | {State.CLOSED: "Little noise"}
"""State names of a chart for editors: the state begins some hours after the last coverage."""

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

EFFECT_NAMES = {
    Effect.NEW: "New",
    Effect.WEAKENED: "Weakened",
    Effect.CONTRADICTED: "Contradicted by a later source",
    Effect.ANSWERED: "Answered in a later source",
    Effect.ENDED: "Dropped or taken back in a later source",
    Effect.WITHDRAWN: "Its source was withdrawn",
}

OUTCOMES = {
    "came_true": "Resolved by an editor: it came true.",
    "did_not": "Resolved by an editor: it did not come true.",
    "void": "Resolved by an editor: it can no longer be judged.",
}

MADE = "How this was made"
CHECKS = "Checks"
NOISE = "Noise level"
PROVENANCE = "Provenance"
UNCITED = "not cited on this page"
NO_SOURCES = "The evidence holds no source items."
LEFT_OUT = "Left out of this page"
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

LEGEND = "A number names a passage of a source below, word for word."
"""Legend of citation marks, for formats in which a mark opens nothing."""

TAGGED: Mapping[Kind, str] = {
    Kind.ANALOGY: "analogy",
    Kind.GLOSS: "explains a term",
    Kind.INFERENCE: "our inference",
    Kind.OPINION: "opinion",
    Kind.PREDICTION: "prediction",
}
"""Words beside a sentence of a kind that a reader could take for a fact of the sources."""

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


CORRECTIONS = "Corrections"
"""Heading of the corrections on a page."""


def corrected(before: str | None, after: str | None) -> tuple[tuple[str, str], ...]:
    """What a corrected sentence said and says: pairs of a lead and the sentence."""
    if before is None:
        return (("It was missing:", after or ""),)
    said = ("It said:", before)
    if after is None:
        return said, ("The sentence was withdrawn.", "")
    return said, ("It says:", after)


def percent(share: float) -> str:
    """``83%``, without decimals."""
    return f"{share:.0%}"


NO_PEAK = "no peak, since no source is dated"


def status(document: Document) -> str:
    """State, noise, size and date of the incident in one line, for the head of a page."""
    incident, noise = document.incident, document.noise
    state = f"{noise.state_name}{reopened(noise)}"
    if noise.state is State.CLOSED:
        last = incident.last_coverage_at
        since = f"no new coverage since {date_words(last)}" if last else "no new coverage"
        state = f"{noise.state_name}: {since}, which is no legal finding"
    return " · ".join(
        (
            state,
            f"noise {noise.score}/100",
            f"{count(incident.items, 'source item')} on "
            f"{count(len(incident.platforms), 'platform')}",
            f"as of {date_words(noise.as_of)}",
            incident.id,
        )
    )


def newsroom_state(state: State, newest_at: dt.datetime | None, waiting: bool) -> str:
    """State for editors: ``Quiet since May 30, 2026``, and open while something waits for them."""
    if state is not State.CLOSED:
        return NEWSROOM_STATES[state]
    since = f" since {date_words(newest_at)}" if newest_at else ""
    return f"Open, quiet{since}" if waiting else f"Quiet{since}"


def answer(incident: Incident, noise: Noise) -> str:
    """The answer to ``QUESTION`` in terms of noise, state, items, platforms and peak."""
    facts = " · ".join(
        (
            f"noise {noise.score}/100",
            f"state: {noise.state_name}{reopened(noise)}",
            f"{count(incident.items, 'source item')} across "
            f"{count(len(incident.platforms), 'platform')}",
            f"peaked at {noise.peak}/100 on {date_words(noise.peak_at)}"
            if noise.peak_at
            else NO_PEAK,
        )
    )
    measured = f"as of {date_words(noise.as_of)}, measured by the noise method"
    return f"{ANSWERS[noise.state]}: {facts} — {measured} (version {noise.method_version})."


def peak(noise: Noise) -> str:
    """``peak 47/100 on May 2, 2026``."""
    if noise.peak_at is None:
        return NO_PEAK
    return f"peak {noise.peak}/100 on {date_words(noise.peak_at)}"


def reopened(noise: Noise) -> str:
    """``, reopened on May 30, 2026`` for a reopened incident; else empty."""
    if noise.reopened_at is None or noise.state is State.CLOSED:
        return ""
    return f", reopened on {date_words(noise.reopened_at)}"


def actor_words(actor: Actor) -> str:
    """Roles, stances, aliases and, if accused, whether the actor answers, where that is clear."""
    parts = [f"{role.value} ({role.source})" for role in actor.roles]
    parts += [stance.value for stance in actor.stances]
    parts += [f"also {', '.join(actor.aliases)}"] if actor.aliases else []
    if actor.accused:
        answers = {True: "accused; answers", False: "accused; no answer found in sources"}
        parts.append("accused" if actor.answered is None else answers[actor.answered])
    return " · ".join(parts) or "named in the sources"


def actor_tellings(actor: Actor) -> tuple[Telling, ...]:
    """Passages about an actor, each once: those that give its role, else one that names it."""
    return tuple({t.passage: t for t in reversed(actor.roles or (actor.seen,))}.values())[::-1]


def gap(found: Gap, document: Document) -> tuple[str, str]:
    """Heading of the section with a gap (``Sources`` if none), and the words of the gap."""
    heading = next((s.heading for s in document.sections if s.key == found.section), "Sources")
    return heading, found.words


def gaps(document: Document) -> list[tuple[str, str]]:
    """Heading and words of the gaps that no empty section tells of."""
    empty = {section.key for section in document.sections if not section.claims}
    return [gap(found, document) for found in document.about.gaps if found.section not in empty]


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


SOME_MODEL = "a model whose name was not kept"
"""Drafter of a section by a model, in drafts stored before it was kept for each section."""

REPLAYED = "Replayed: the answers were recorded once, and no model was asked for this page."


def disclosure(draft: Draft, sections: Sequence[Section], review: Review) -> str:
    """Who wrote and who checked each section of the page, and its review state.

    One sentence where all sections have the same writer and judge, else one part for each group of
    sections that have, in the order of the page.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    shown = [section for section in sections if section.claims]
    for section in shown:
        made = (_writer(section), checked_by(section.judge))
        groups.setdefault(made, []).append(section.heading)
    if not shown:
        author = _drafted_by(draft.drafter, draft.model)
        groups[author, checked_by(draft.judge)] = []
    models = {section.model for section in shown if not section.written_by} or {draft.model}
    if RECORDED in models:
        label = REPLAYED
    elif models == {None}:
        label = ""
    else:
        label = "AI-drafted in part:" if None in models or _has_editors(shown) else "AI-drafted:"
    end = f"Revision {draft.revision}, {reviewed(review)}."
    if len(groups) == 1:
        ((writer, by),) = groups
        return f"{label} {_capital(writer, label)}. Checked {by}. {end}".lstrip()
    told = (f"{listing(heads)} {writer}, checked {by}" for (writer, by), heads in groups.items())
    return f"{label} {'; '.join(told)}. {end}".lstrip()


def _writer(section: Section) -> str:
    """Who wrote a section: ``drafted by claude-x, edited by Kim``."""
    if section.written_by:
        return f"written by {section.written_by}"
    drafted = _drafted_by(section.drafter, section.model)
    return f"{drafted}, edited by {section.edited_by}" if section.edited_by else drafted


def _drafted_by(drafter: str, model: str | None) -> str:
    if model == RECORDED:
        return "drafted from recorded answers"
    if model:
        return f"drafted by {model}"
    return f"assembled from source sentences without a model ({drafter})"


def _has_editors(sections: Sequence[Section]) -> bool:
    return any(section.written_by for section in sections)


def _capital(words: str, before: str) -> str:
    """Words with a capital, unless a colon comes before them."""
    return words if before.endswith(":") else words[:1].upper() + words[1:]


def listing(words: Sequence[str]) -> str:
    """``Title``, ``Title and Sides``, ``Title, Sides and Timeline``."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def checked_by(judge: str | None) -> str:
    """Who checked a page or section, by the model that judged it, if any."""
    if judge and judge.startswith(RECORDED):
        return "by recorded verdicts and by rules"
    return "by a model and by rules" if judge else "by rules only"


def in_own_words(review: Review, claim: str) -> str:
    """Warning for a shown sentence that nobody has checked, or who has read it since.

    Args:
        review: of the revision.
        claim: id of the sentence.
    """
    if claim in review.read and review.at is not None:
        return f"In its own words: read by {review.by} on {date_words(review.at)}."
    return OWN_WORDS


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
    made = f"{decision} by {review.by} on {date_words(review.at)}"
    if review.override:
        made += ", although something stood against it"
    if not review.read:
        return made
    return f"{made}, who read {count(len(review.read), 'sentence')} beside the sources"


def byline(source: Source) -> str:
    """Author, date and platform of an item: ``May 30, 2026 · news``."""
    if source.published_at and source.published_at > source.ingested_at + CLOCKS:
        came = date_words(source.ingested_at)
        when = f"dated {date_words(source.published_at)}, after it was received {came}"
    elif source.published_at:
        when = date_words(source.published_at)
    else:
        when = f"no date given, received {date_words(source.ingested_at)}"
    author = source.author if source.author and source.author != source.name else None
    return " · ".join(part for part in (author, when, source.platform) if part)


def cited_as(source: Source) -> str:
    """Name and date of an item: ``Northport Wire, May 27, 2026``."""
    return f"{source.name}, {dates([source])}"


def origin_note(source: Source) -> str:
    """Whether an item is an independent origin or a copy."""
    if source.copy_of is None:
        return "independent origin"
    return f"copy of {source.copy_of} ({source.origin}), counted as the same origin"


def origins_note(claim: Claim) -> str:
    """Who tells a claim, in words within a line: ``told by 2 independent sources: Acme, Tass``."""
    if not claim.citations:
        return "cites no passage"
    words = _told_by(claim.origins, claim.told_by)
    return words[0].lower() + words[1:]


def _told_by(origins: int, names: Sequence[str]) -> str:
    """``Told by 2 independent sources: Harbor Ledger, Acme``."""
    sources = (
        f"Told by {count(origins, 'independent source')}" if origins > 1 else "One source found"
    )
    return f"{sources}: {', '.join(names)}" if names else sources


def told_by_several(shown: Sequence[CheckedClaim]) -> bool:
    """Whether most sentences of a page are told by two independent sources or more."""
    cited = _told(shown)
    return 2 * sum(claim.origins > 1 for claim in cited) > len(cited)


def _told(shown: Sequence[CheckedClaim]) -> list[CheckedClaim]:
    """Sentences that sources tell: not those that only explain."""
    return [c for c in shown if c.claim.cites and c.claim.kind not in EXPLAINING]


def sourcing(shown: Sequence[CheckedClaim]) -> str:
    """How many independent sources tell the sentences of a page, as a rule."""
    cited = _told(shown)
    several = told_by_several(cited)
    but = any((claim.origins > 1) is not several for claim in cited)
    rule = (
        "Each sentence is told by two independent sources or more"
        if several
        else "One source was found for each sentence"
    )
    return f"{rule}, except where marked." if but else f"{rule}."


def sourcing_of(claim: CheckedClaim, several: bool) -> str | None:
    """What ``sourcing`` does not say of a sentence; ``None`` where it holds.

    Args:
        claim: the sentence.
        several: whether most sentences of the page are told by several.
    """
    explains = claim.claim.kind in EXPLAINING  # no source tells it
    if explains or not claim.claim.cites or (claim.origins > 1) is several:
        return None
    words = _told_by(claim.origins, () if claim.origins > 1 else claim.told_by)
    return words[0].lower() + words[1:]


def recited(named: Sequence[str] | None) -> tuple[str, ...]:
    """Warning for a claim with repaired citations; empty if they are the drafter's.

    Ids are cut at 40 characters, because invented ones may be long.
    """
    if named is None:
        return ()
    ids = ", ".join(id_[:40] for id_ in named[:8]) or "no passage"
    return (f"Cited anew: the drafter had named {ids}.",)


def edited(checked: CheckedClaim) -> tuple[str, ...]:
    """Warnings for a claim that an editor wrote, or restored although it failed.

    The editor's reason stands only where it is marked public.
    """
    found = [f"Edited by {checked.edited_by}."] if checked.edited_by else []
    if reason := checked.restored_because:
        why = f": {reason}" if checked.reason_is_public else "."
        found.append(f"Failed a check; shown by an editor's decision{why}")
    return tuple(found)


DISAGREED = "Where judge and checks disagreed"
OVERRULED = "The checks had said:"
"""Words before findings that the judge overruled."""

JUDGE_WORDS = {
    VerdictLabel.SUPPORTED: "supported",
    VerdictLabel.PARTLY: "partly supported",
    VerdictLabel.UNSUPPORTED: "not supported",
    VerdictLabel.CONTRADICTED: "contradicted",
}


def judgement(said: JudgeVerdict) -> str:
    """``Judge: supported. The report gives the same number.``; the reason may be empty."""
    return f"Judge: {JUDGE_WORDS[said.label]}. {said.reason}".rstrip()


CHECK_WORDS: Mapping[str, str] = {
    "attribution": "who says so",
    "comparison": "direction",
    "hostile_item": "orders in a source item",
    "modality": "how firmly it is put",
    "roles": "who did what to whom",
    "quantifiers": "all or some",
    "operators": "what is denied, asked or planned",
    "superseded": "an older value",
}
"""Display names of checks whose identifiers are technical; the others show their identifier."""


def check(name: str) -> str:
    """Display name of a check."""
    return CHECK_WORDS.get(name, name)


def found(finding: Finding) -> str:
    """Warning for a claim that a later source weakens, contradicts or withdraws."""
    return f"{EFFECT_NAMES[finding.effect]}: {finding.reason}"


def differ(fact: str, tellings: Sequence[Telling], updated: bool) -> str:
    """The values of a fact, each with who gives it and when, in one line."""
    by_value: dict[str, list[Telling]] = {}
    for telling in tellings:
        by_value.setdefault(telling.value, []).append(telling)
    values = (f"{value} ({_givers(found)})" for value, found in by_value.items())
    return f"{'Updated' if updated else 'Sources differ'}: “{fact}”: {', '.join(values)}."


def _givers(found: Sequence[Telling]) -> str:
    """``newest: ARSA in The Post, May 2, 2026``; the first and how many more."""
    first = found[0]
    who = f"{first.speaker} in {first.source}" if first.speaker else first.source
    when = f", {date_words(first.day)}" if first.day else ""
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return f"{'newest: ' if first.newest else ''}{who}{when}{more}"


def told(telling: Telling) -> tuple[str, str, str]:
    """A passage in three parts: before the value, the value, after the value."""
    text = telling.text
    return text[: telling.start], text[telling.start : telling.end], text[telling.end :]


def cautioned(warning: str, sentences: int, of: int) -> str:
    """A warning with its number of sentences, of all on the page: ``… (3 of 12 sentences)``."""
    return f"{warning} ({sentences:,} of {count(of, 'sentence')})"


def dates(sources: Sequence[Source]) -> str:
    """Days of publication of an outlet's items, first and last: ``May 27 to June 3, 2026``."""
    days = sorted({s.published_at.date() for s in sources if s.published_at})
    if not days:
        return "no date given"
    first, last = date_words(days[0]), date_words(days[-1])
    if first == last:
        return first
    year = f", {days[0].year}"
    return f"{first.removesuffix(year) if days[0].year == days[-1].year else first} to {last}"


def support(section: Section) -> str:
    """Number of supported shown sentences: ``3 of 4 sentences supported``."""
    good = sum(claim.verdict.label is VerdictLabel.SUPPORTED for claim in section.claims)
    return f"{good} of {count(len(section.claims), 'sentence')} supported"


def tag(claim: Claim, section: Section) -> str | None:
    """Tag of a sentence that is not fully supported, or of a kind in ``TAGGED``; else ``None``."""
    good = claim.verdict.label is VerdictLabel.SUPPORTED or is_vouched_for(claim)
    if not good and claim.kind not in EXPLAINING:
        return LABEL_NAMES[claim.verdict.label].removesuffix(" by its sources").lower()
    if claim.kind in TAGGED and section.layout is not Layout.FORECAST:
        return TAGGED[claim.kind]
    return None


def is_vouched_for(claim: Claim) -> bool:
    """Whether an editor wrote or read an unchecked sentence in which no check found anything."""
    by = claim.edited_by or claim.read_by
    verdict = claim.verdict
    return bool(by) and verdict.label is VerdictLabel.UNCHECKED and not verdict.failures


def judged(claim: Claim) -> str:
    """Date, criterion and outcome of a forecast: ``Judge by July 1, 2026: a ruling is out``."""
    by = f"Judge by {date_words(claim.date)}" if claim.date else "No date to judge it by"
    rule = f"{by}: {claim.criterion}" if claim.criterion else f"{by}; no criterion given."
    return f"{rule} {OUTCOMES[claim.outcome]}" if claim.outcome else rule


def likelihood(claim: Claim) -> str:
    """``65% likely``, or ``scheduled`` without a probability; ``due`` once its day has come."""
    if claim.due:
        return "due"
    if claim.probability is None:
        return "scheduled"
    return f"{percent(claim.probability)} likely"


def dated(claim: Claim) -> tuple[str, str]:
    """Date of a timeline entry, and its basis where it is not the event's own day."""
    if claim.date is None:
        return "Undated", "no date in the sources"
    own = claim.date_basis is DateBasis.EVENT
    basis = f"date of {claim.date_basis.value}" if claim.date_basis else "basis of date unknown"
    return date_words(claim.date), "" if own else basis


def faithfulness(document: Document) -> str:
    """Share of drafted claims that are supported, in words."""
    found = document.provenance.faithfulness
    if found.share_in_all is None:
        return "No claims were drafted."
    anew = f", {found.recited} cited anew" if found.recited else ""
    anew += f", {found.unchecked} without a verdict" if found.unchecked else ""
    anew += f", {found.in_own_words} shown in their own words" if found.in_own_words else ""
    return (
        f"{found.supported_in_all} of {count(found.drafted, 'drafted claim')} supported "
        f"({percent(found.share_in_all)}), {found.supported} shown as first drafted; "
        f"{found.withheld} withheld, {found.repaired} shown after repair{anew}."
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
        ("Checked", checked_by(made.judge) + (f": {made.judge}" if made.judge else "")),
        ("Gate", made.gate or "not recorded"),
        ("Faithfulness", faithfulness(document)),
        ("Sources", several_sources(document)),
        ("Spent", spent if usage.calls or usage.cached_calls else "no model calls"),
    ]


def several_sources(document: Document) -> str:
    """``4 of 45 sentences told by two independent sources or more``."""
    claims = [c for section in document.sections for c in section.claims if c.citations]
    several = sum(claim.origins > 1 for claim in claims)
    told = f"{several} of {count(len(claims), 'sentence')}"
    return f"{told} told by two independent sources or more"


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
