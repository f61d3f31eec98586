"""Rules of single sections for their claims, in addition to the checks of every claim.

``RULES`` maps each ``sections.Rule`` to its function.  ``limits`` applies the front matter of the
section's prompt.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from summarizer.domain.claims import (
    EXPLAINING,
    Claim,
    DateBasis,
    Failure,
    Kind,
    VerdictLabel,
)
from summarizer.domain.limits import LENGTHS, too_long
from summarizer.domain.sections import Rule, SectionSpec
from summarizer.text import dates as text_dates
from summarizer.text import names
from summarizer.text.boilerplate import dateline_day, trim
from summarizer.text.job_titles import INSTITUTIONS
from summarizer.text.named_days import deadlines_in
from summarizer.text.quotations import quotes
from summarizer.text.readability import grade
from summarizer.text.schedules import announces
from summarizer.text.steps import steps
from summarizer.text.tokens import tokens
from summarizer.verification.accusations import accuses_itself
from summarizer.verification.checks import dates, numbers, side_actors
from summarizer.verification.checks import names as check_names
from summarizer.verification.evidence import CitedEvidence, CitedText, EvidenceIndex
from summarizer.verification.guilt import states_guilt


@dataclass(frozen=True)
class ClaimContext:
    """A claim to verify, with its section and the evidence.

    Args:
        claim: the claim to verify.
        claims: all claims of the section, in order, including ``claim``.
        spec: spec of the section.
        index: evidence of the draft.
    """

    claim: Claim
    claims: Sequence[Claim]
    spec: SectionSpec
    index: EvidenceIndex

    @cached_property
    def cited(self) -> CitedEvidence:
        """Evidence that the claim cites."""
        return self.index.grounds(self.claim.cites)


RuleCheck = Callable[[ClaimContext], list[str]]
"""A rule returns one sentence for each violation."""
READING_GRADE = 9.0
"""Highest average school grade of a section in plain language.  The aim is grade 8; with long names
the syllable heuristic is up to one grade too high."""
_BY_LETTERS = re.compile(r"\b(?:U\.?S|U\.?K|E\.?U|U\.?N)\b")  # not among ``names.names``
VERDICT_OF_OURS = re.compile(
    r"\b(?:shocking|stunning|outrageous|disgrace\w*|scandal\w*|shameful\w*|appalling\w*|horrif\w+"
    r"|bombshell|explosive|damning|slams?|slammed|blasts?|blasted|brazen\w*|disastrous\w*"
    r"|unforgivable|egregious\w*|infamous|notorious\w*|sensational\w*|rightly|wrongly|finally"
    r"|indisputabl\w+|undeniabl\w+|unquestionabl\w+)\b",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"\b(?:because|due to|caused?|causing|led to|leads? to|leading to|as a result"
    r"|result(?:s|ed|ing)? (?:in|from)|so that|therefore|thanks to|triggered|that(?:'s| is) why"
    r"|which is why|blamed?)\b",
    re.IGNORECASE,
)
_CAUSE_THERE = re.compile(
    _CAUSE.pattern
    + r"|\b(?:after|since|over|following|for|so|when|from|amid|reason\w*|why|trac\w+)\b",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"\b(?:like|as if|as though|imagine|think of|just as|similar to|picture|suppose|it'?s as)\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:may|might|could|would|should|likely|unlikely|expect\w*|plan\w*|possib\w+|probab\w+|perhaps"
    r"|forecast\w*|anticipat\w+|predict\w*|project(?:s|ed)|aims?|intend\w*|hop(?:es?|ing)|schedul\w+"
    r"|set (?:to|for)|(?:is|are|was|were) to|due (?:to|on|in|by)|consider\w*"
    r"|propos\w+|threaten\w*|suggest\w*|warn\w*|chance)\b",
    re.IGNORECASE,
)


def check(context: ClaimContext, rule: Rule) -> list[Failure]:
    """Failures of one rule of the section."""
    return [
        Failure(check=rule.value, reason=reason, label=VerdictLabel.PARTLY)
        for reason in RULES[rule](context)
    ]


def over_length(claim: Claim) -> Failure | None:
    """Failure of a claim with a text too long to be checked, as a model may write."""
    for name, most in LENGTHS.items():
        text = getattr(claim, name) or ""
        if len(text) > most:
            what = "claim" if name == "text" else f"{name} of the claim"
            reason = f"The {what} {too_long(text, most)}: it was not checked."
            return Failure(check="limits", reason=reason, label=VerdictLabel.UNSUPPORTED)
    return None


def limits(context: ClaimContext) -> list[Failure]:
    """Failures of a claim that is too long or of a kind that the section does not allow."""
    rules, claim = context.spec.limits, context.claim
    reasons = []
    words = len(claim.text.split())
    if words > rules.max_words:
        reasons.append(f"The claim has {words} words; the section allows {rules.max_words}.")
    if claim.kind not in rules.kinds:
        allowed = ", ".join(rules.kinds)
        reasons.append(f"The section holds no claim of kind {claim.kind}; it holds {allowed}.")
    return [Failure(check="limits", reason=reason, label=VerdictLabel.PARTLY) for reason in reasons]


def inference(context: ClaimContext) -> list[Failure]:
    """Failures of the form of an inference: hedged, and at most one in a section."""
    reasons = []
    if not _HEDGED.search(context.claim.text):
        reasons.append("An inference is hedged: may, could, is likely to.")
    first = next(claim for claim in context.claims if claim.kind is Kind.INFERENCE)
    if first.id != context.claim.id:
        reasons.append("A section has one inference at most.")
    return [
        Failure(check="inference", reason=reason, label=VerdictLabel.PARTLY) for reason in reasons
    ]


def _headline(context: ClaimContext) -> list[str]:
    text, reasons = context.claim.text, []
    if "?" in text:
        reasons.append("A title states what happened; it asks nothing.")
    if match := VERDICT_OF_OURS.search(text):
        reasons.append(f'"{match.group()}" judges; a title names the actor and what happened.')
    if not _names_an_actor(text, context.cited):
        reasons.append("A title names who acted.")
    if states_guilt(text, context.claim.cites, context.index.pack):
        reasons.append("It states as a fact what the sources only allege, or arrest somebody for.")
    return reasons


def _names_an_actor(text: str, cited: CitedEvidence) -> bool:
    texts = (text for ground in cited.known for text in (ground.text, ground.title))
    return names_one_of(text, frozenset().union(*map(names.named, texts)))


def names_one_of(text: str, known: frozenset[str]) -> bool:
    """Whether a title names an actor, if only "Congress"; always true for sources without names.

    Args:
        text: the title.
        known: folded words of the names in its sources.
    """
    if not known or _BY_LETTERS.search(text):
        return True
    if any(w[0].isupper() and w.casefold() in INSTITUTIONS for w in re.findall(r"\w+", text)):
        return True
    return bool(known & {t.norm for t in tokens(text)} or names.named(text))


def read_evidence(index: EvidenceIndex) -> None:
    """Read what rules ask of an evidence whatever the claim is; it is kept."""
    check_names.read_evidence(index.everything)
    for title in {ground.title for ground in index.known}:
        names.named(title)


def _nothing_new(context: ClaimContext) -> list[str]:
    text = context.claim.text
    if context.claim.kind in EXPLAINING:
        return []
    everything = context.index.everything
    found = [*check_names.check(text, everything), *numbers.check(text, everything)]
    reasons = [f"Plain language adds nothing: {failure.reason}" for failure in found]
    cause = _CAUSE.search(text)
    if cause and not _CAUSE_THERE.search(context.cited.text):
        reasons.append(f'"{cause.group()}" states a cause; the cited passages give none.')
    return reasons


def _readable(context: ClaimContext) -> list[str]:
    reasons = []
    if context.claim.kind is Kind.ANALOGY and not _MARK.search(context.claim.text):
        reasons.append('An analogy says that it is one: "like", "as if", "imagine", "think of".')
    mine = grade(context.claim.text)
    # Leave out sentences that are harder to read, which would make this one fail for them.
    rest = [claim.text for claim in context.claims if grade(claim.text) <= mine]
    section = grade(" ".join(rest))
    if section > READING_GRADE and mine > READING_GRADE:
        reasons.append(
            f"Reads at school grade {mine:.0f}; plain language stays at about grade 8: "
            "shorter sentences, shorter words."
        )
    return reasons


def _one_actor(context: ClaimContext) -> list[str]:
    claim, reasons = context.claim, []
    platforms = [item.platform for item in context.index.pack.items]
    if not claim.actor or not claim.actor.strip():
        return ["A side names its actor."]
    if claim.stance is None:
        reasons.append(f"The stance of {claim.actor} is missing: critic, defender or neutral.")
    if wrong := side_actors.unnamed(claim.actor, context.cited) or side_actors.unheard(
        claim.actor, context.cited, claim.position
    ):
        reasons.append(wrong)
    if claim.office and (strange := side_actors.no_office(claim.office, context.cited, platforms)):
        reasons.append(strange)
    if claim.replies_to and (
        strange := side_actors.no_party(claim.replies_to, claim.actor, context.cited)
    ):
        reasons.append(strange)
    if accuses_itself(claim, context.index.pack):
        reasons.append(
            f"{claim.actor} is accused here and says nothing: name the accuser as the actor."
        )
    return reasons


def _judgeable(context: ClaimContext) -> list[str]:
    claim, reasons = context.claim, []
    scheduled = _is_scheduled(context)
    if not scheduled and not _HEDGED.search(claim.text):
        reasons.append("A forecast is hedged: may, could, is expected to.")
    if claim.probability is None and not scheduled:
        reasons.append(
            "An expectation has a probability from 0 to 1; only a step that a cited passage "
            "announces for its date stands without one."
        )
    elif claim.probability is not None and not 0 <= claim.probability <= 1:
        reasons.append("A probability is a number from 0 to 1.")
    if not claim.criterion or not claim.criterion.strip():
        reasons.append("A forecast says how a reader will know whether it came true.")
    times = (item.published_at for item in context.index.pack.items)
    newest = max((at.date() for at in times if at is not None), default=None)
    if claim.date is None:
        reasons.append("A forecast has a date by which it can be judged.")
    elif newest and claim.date < newest:
        reasons.append(f"The forecast is due {claim.date}, before the newest item of {newest}.")
    return reasons


def _is_scheduled(context: ClaimContext) -> bool:
    """Whether a claim announces a step for a day that one of its passages names, or quotes the
    passage that does."""
    claim = context.claim
    return any(_announces(claim, ground) for ground in context.cited.cited)


def _announces(claim: Claim, ground: CitedText) -> bool:
    if announces(claim.text) and claim.date in _days_ahead(ground):
        return True
    if claim.date not in steps(ground.text, ground.published):
        return False
    return claim.date in steps(claim.text, ground.published) or any(
        trim(claim.text[quote.start : quote.end].strip('"“”')) in trim(ground.text)
        for quote in quotes(claim.text)
    )


def _days_ahead(ground: CitedText) -> frozenset[dt.date]:
    return frozenset(named.date for named in deadlines_in(ground.text, ground.published))


def _dated(context: ClaimContext) -> list[str]:
    claim = context.claim
    if claim.date is None:
        return ["An entry of the timeline has a date."]
    if claim.date_basis is None:
        return ["An entry says whether its date is that of the event or of its publication."]
    published = {g.published for g in context.cited.cited if g.published}
    if claim.date_basis is DateBasis.PUBLICATION:
        if claim.date in published:
            return []
        return [f"No cited item was published on {claim.date}."]
    if any(_gives(claim.date, g) for g in _from_datelines(context)):
        return []
    reason = f"No cited passage dates this to {claim.date}"
    if there := _passage_of_day(claim.date, context):
        return [f"{reason}; {there} of the same item does: cite it if it tells of this event."]
    if told := sorted(frozenset[dt.date]().union(*map(dates.days, context.cited.cited))):
        return [f"{reason}; they name {', '.join(map(str, told))}."]
    return [f"{reason}; they name no day of an event."]


def _passage_of_day(day: dt.date, context: ClaimContext) -> str | None:
    """Id of the first uncited passage of a cited item that has a day in so many words, if any."""
    items = {g.item for g in context.cited.cited}
    others = (g for g in context.cited.others() if g.item in items)
    return next((g.id for g in others if day in dates.days(g)), None)


def _from_datelines(context: ClaimContext) -> Iterator[CitedText]:
    """The cited texts, and each of an item with a dated dateline as if published on that day."""
    for ground in context.cited.cited:
        yield ground
        day = dateline_day(context.index.pack.item(ground.item).text, ground.published)
        if day is not None:
            yield replace(ground, published=day)


def _gives(day: dt.date, ground: CitedText) -> bool:
    """Whether a cited text gives a day; a month alone gives its first day, a year January 1."""
    if day in dates.days(ground):
        return True
    if day.day == 1 and (day.year, day.month) in dates.months(ground):
        return True
    years = {when.year for when in text_dates.mentions(ground.text) if when.month is None}
    return (day.month, day.day) == (1, 1) and day.year in years


RULES: Mapping[Rule, RuleCheck] = {
    Rule.HEADLINE: _headline,
    Rule.NOTHING_NEW: _nothing_new,
    Rule.READABLE: _readable,
    Rule.ONE_ACTOR: _one_actor,
    Rule.JUDGEABLE: _judgeable,
    Rule.DATED: _dated,
}


def due_date_allowed(claim: Claim, failure: Failure) -> bool:
    """Whether a failed date check concerns only the due date of a forecast."""
    if failure.check != "dates" or claim.kind is not Kind.PREDICTION or claim.date is None:
        return False
    mine = [w for w in text_dates.mentions(claim.text) if w.start == failure.start]
    parts = ((w.year, w.month, w.day) for w in mine if w.weekday is None)
    due = (claim.date.year, claim.date.month, claim.date.day)
    return any(all(a in (None, b) for a, b in zip(part, due, strict=True)) for part in parts)
