"""Check of quotations: verbatim in a cited passage, and said by the named speaker."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text import names
from summarizer.text.clauses import Role, clauses
from summarizer.text.name_matching import mentions
from summarizer.text.quotations import (
    SAID_BY,
    Quote,
    clipped,
    inserted,
    quotes,
    speakers,
    stands_in,
    tied_speaker,
)
from summarizer.text.tokens import read, tokens
from summarizer.verification.evidence import CitedEvidence, CitedText

_AFTER = re.compile(rf"\s{{0,5}}(?:,\s{{0,5}})?{SAID_BY}\s{{1,5}}", re.IGNORECASE)
_BEFORE = re.compile(rf"\s{{1,5}}{SAID_BY}(?:\s+that)?\s*(?:[,:]\s*)?", re.IGNORECASE)
_ENDS = re.compile(r"\s{0,5}(?:[.,;:)\n]|$)")
_NEGATION = re.compile(r"\b(?:no|not|never|nor|none|without)\b|n['’]t\b", re.IGNORECASE)
_OPERATOR = re.compile(
    r"\b(?:not|never|no|nor|cannot|without|if|unless|until|whether|some|few|den(?:y|ies|ied|ying)"
    r"|doubt\w*|refus\w+|reject\w*|disput\w*|lie[sd]?|lying|false\w*|untrue|wrong\w*|claim\w*"
    r"|alleg\w+|accus\w+|rumou?r\w*|suppos\w+|imagin\w+|pretend\w*|ask\w*|wonder\w*|hop(?:e|es|ed|ing)"
    r"|wish\w*|would|could|might|may)\b|n['’]?t\b",
    re.IGNORECASE,
)
_GOVERNS = re.compile(
    r"(?:\b(?:not|never|cannot|\w+nt)(?: \w+){0,2} (?:say(?:ing)?|said|claim(?:ing)?|think|believe"
    r"|know|sure|true|certain|agree|accept|mean|suggest(?:ing)?)"
    r"|\bno (?:proof|evidence|sign|doubt)|\bproof"
    r"|\b(?:den(?:y|ies|ied|ying)|doubt(?:s|ed)?|refus\w+|reject\w*|disput\w*|pretend\w*|unclear"
    r"|false|untrue|wrong|a lie|lying|if|unless|whether|until)"
    r"|\b(?:they|he|she|people|critics|some|others|opponents|it) (?:claims?|alleges?|says?|thinks?"
    r"|believes?|claimed|alleged)"
    r"|\b(?:hope|wish|suppose|imagine))(?: (?:the |a )?(?:\w+ )?(?:of|to \w+|it|is|i|we|said|say"
    r"|claim|idea|if)){0,6}(?: that| if| whether)? ?$"
    r"|\b(?:some|few|none|half|a few|not all|hardly any) of ?$"
    r"|^(?:if|unless) .{3,80}, ?$"
)
"""What governs the clause behind it, in the form of ``clipped``: lower case, no apostrophes."""
CLAUSE_WORDS = 3
"""From this many words on a quotation can be a clause that something governs."""
SPEECH_WORDS = 4
"""From this many words on a quotation is speech whose speaker is checked; fewer may be a term."""


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail each quotation that is not verbatim, or that the passages attribute to another."""
    failures = []
    joined = grounds.text.replace("\n", " ")
    for quote in quotes(claim):
        if not stands_in(quote.text, joined):
            failures.append(_altered(claim, quote, grounds))
        elif reason := _put_in(quote, grounds) or _cut_out(claim, quote, grounds):
            failures.append(_failure(quote, reason, VerdictLabel.CONTRADICTED))
        elif len(tokens(quote.text)) >= SPEECH_WORDS:
            failures += _wrong_speaker(claim, quote, grounds)
    return failures


def _altered(claim: str, quote: Quote, grounds: CitedEvidence) -> Failure:
    better = grounds.better(claim, lambda g: stands_in(quote.text, g.text))
    where = "another passage has it" if better else "no source has these words: quote or paraphrase"
    reason = f'"{quote.text}" is not verbatim in the cited passages; {where}.'
    return _failure(quote, reason, VerdictLabel.UNSUPPORTED, better)


def _failure(quote: Quote, reason: str, label: VerdictLabel, better: str | None = None) -> Failure:
    return Failure(
        check="quotes",
        reason=reason,
        start=quote.start,
        end=quote.end,
        better=better,
        label=label,
    )


def _put_in(quote: Quote, grounds: CitedEvidence) -> str | None:
    """Why words in brackets change a quotation: they negate it, or no passage has them."""
    for words in inserted(quote.text):
        strange = read(words).content_set - {
            s for g in grounds.known for s in read(g.text).content_set
        }
        if strange or _NEGATION.search(words):
            return f'The words "[{words}]" were put into the quotation; no passage has them.'
    return None


def _cut_out(claim: str, quote: Quote, grounds: CitedEvidence) -> str | None:
    """Why a cut turns the sense of a quotation: it drops the words that deny, doubt, limit or
    condition it, and the claim has no such words of its own around it."""
    if len(tokens(quote.text)) < CLAUSE_WORDS:
        return None
    outside = claim[: quote.start] + claim[quote.end :]
    for ground in grounds.cited:
        for theirs in quotes(ground.text):
            if not stands_in(quote.text, theirs.text):
                continue
            dropped = _GOVERNS.search(clipped(quote.text, theirs.text))
            if dropped and not _OPERATOR.search(outside):
                return f'The quotation was cut out of "{dropped.group().strip()} …".'
            return None
    return None


def _wrong_speaker(claim: str, quote: Quote, grounds: CitedEvidence) -> list[Failure]:
    speaker = tied_speaker(claim, quote)
    if speaker is None:
        return []
    for ground in grounds.cited:
        if stands_in(quote.text, ground.text):
            found = _attributed(speaker, quote, ground, grounds)
            subject = _subject(claim, quote) if found else None
            if subject is None or _may_be(speaker, subject.text):
                return found
            return _attributed(subject, quote, ground, grounds)
    return []


def _subject(claim: str, quote: Quote) -> names.Name | None:
    """The name in the subject of the verb nearest to a quotation, by grammar; ``None`` without.

    The name that stands nearest to a verb of saying may belong to an aside: "Tennick, who left
    Foldnote, said: …".
    """
    (found,) = clauses([claim])
    outside = [c for c in found if c.finite and not quote.start <= c.start < quote.end]
    nearest = min(outside, key=lambda c: abs(c.start - quote.start), default=None)
    argument = nearest.argument(Role.SUBJECT) if nearest else None
    if nearest is None or argument is None or argument.pronoun:
        return None
    # Its first name: "its director, Mara Vell," has it behind the noun.
    at = claim.find(argument.text)
    return next((n for n in names.names(claim) if at <= n.start < nearest.start), None)


def _attributed(
    speaker: names.Name, quote: Quote, ground: CitedText, grounds: CitedEvidence
) -> list[Failure]:
    """Nothing when the passage, its bylines or its surroundings can make the name the speaker."""
    theirs = speakers(ground.text)
    beside = _beside(quote, ground.text)
    if beside is not None and not _may_be(speaker, beside):
        return [_misattributed(speaker, [beside])]
    if any(mentions(speaker.text, name) for name in (*theirs, *ground.bylines)):
        return []
    near = [g.text for g in grounds.known if g.item == ground.item and abs(g.n - ground.n) <= 3]
    near += [g.text for g in grounds.cited if g.item == g.id]  # whole sources are in no order
    if not any(stands_in(quote.text, told.text) for told in quotes(ground.text)):
        # In the item's own voice: its first passage may name who signed it.
        near += [g.text for g in grounds.known if g.item == ground.item and g.n == 1]
    if not theirs and any(mentions(speaker.text, text) for text in (*near, ground.title)):
        return []
    return [_misattributed(speaker, theirs)]


def _misattributed(speaker: names.Name, theirs: Sequence[str]) -> Failure:
    told = f'the passage attributes it to "{theirs[0]}"' if theirs else "the passage doesn't"
    return Failure(
        check="quotes",
        reason=f'The claim lets "{speaker.text}" say this; {told}.',
        start=speaker.start,
        end=speaker.end,
        label=VerdictLabel.CONTRADICTED if theirs else VerdictLabel.UNSUPPORTED,
    )


def _may_be(speaker: names.Name, other: str) -> bool:
    return mentions(speaker.text, other) or mentions(other, speaker.text)


def _beside(quote: Quote, text: str) -> str | None:
    """Who says it in a passage, when the name and the verb of saying touch the quotation."""
    for theirs in quotes(text):
        if not stands_in(quote.text, theirs.text):
            continue
        for name in names.names(text):
            if _AFTER.fullmatch(text[theirs.end : name.start]) and _ENDS.match(text, name.end):
                return name.text
            if _BEFORE.fullmatch(text[name.end : theirs.start]):
                return name.text
    return None
