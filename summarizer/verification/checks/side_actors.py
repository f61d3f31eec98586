"""Actors of sides: who is named there, and whether the sources let them speak.

The page sets an actor's name as a heading of its own, with no citation: it must be a name that the
cited items use, and nothing more.  And what stands under it is taken for the actor's word, so that
a passage which only tells what the actor did, with nobody speaking, makes no side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from summarizer.text import names
from summarizer.text.name_matching import mentions, word_known
from summarizer.text.names import VERB, Name
from summarizer.text.tokens import listed, read, stem
from summarizer.verification.evidence import CitedEvidence, CitedText

MOST_WORDS = 10
"""Longest name with its office: "a vice president of the Averland Road Safety Authority" has 8."""

MOST_WORDS_OF_OFFICE = 15
"""Longest office: "judge of the District Court for the Northern District of Averland" has 11."""

_VOICES = frozenset(
    map(
        stem,
        listed(
            """
            said say says saying told tell tells wrote write writes argued argue argues alleged
            allege alleges claimed claim claims denied deny denies denial accused accuse accuses
            announced announce announces added adds warned warn warns warning criticized criticised
            condemned blamed blames defended defends rejected rejects dismissed disputed disputes
            insisted insists acknowledged admitted admits apologized apologised apology called calls
            urged urges demanded demands tweeted posted posts stated states statement explained
            explains noted notes testified vowed promised promises praised denounced questioned
            confirmed confirms confessed suggested suggests maintained maintains countered replied
            replies responded response complained complaint expressed welcomed backed opposed
            supported stood stands sued sues suing lawsuit suit described describes cautioned
            conceded declared pledged asserted contended refuted objected ordered orders ruled
            rules ruling found finds concluded refused asked asks according quoted letter appeal
            appealed petition petitioned decided decides decision fined fines investigating
            investigates investigation opened opens voted votes wants wanted expects expected
            intends believes thinks hopes fears plans declined declines comment spokesman
            spokeswoman spokesperson report reported reports published charged charges indicted
            """
        ),
    )
)
_ACTS = re.compile(
    rf"(?:{VERB.pattern})"
    r"|\s{1,5}(?:are|stole|broke|hid|chose|drove|threw|drew|lied|lies|did|does|knows|must|should)\b"
)
_OWN_VOICE = re.compile(r"[\"“”„«»]|\b(?:I|we|our|us|my)\b", re.IGNORECASE)


def unnamed(actor: str, cited: CitedEvidence) -> str | None:
    """Why an actor is no name from the cited items, or states something; else ``None``."""
    there = [text for g in cited.cited for text in (g.text, *g.bylines, g.title)]
    near = [b.text for g in cited.cited for b in cited.before(g, reach=6)]
    if not any(mentions(actor, text) for text in (*there, *near)):
        return f"The cited passages don't name {actor}."
    items = {g.item for g in cited.cited}
    whole = [*there, *(g.text for g in cited.known if g.item in items)]
    words = Name(actor, 0, len(actor)).words
    if unknown := [word for word in words if not any(word_known(word, t) for t in whole)]:
        return f'The cited items don\'t call {actor} so: "{unknown[0]}" is not theirs.'
    states = any(_ACTS.match(actor, name.end) for name in names.names(actor))
    if states or len(actor.split()) > MOST_WORDS:
        return f'An actor is named, and states nothing: "{actor}".'
    return None


def no_office(office: str, cited: CitedEvidence, platforms: Iterable[str]) -> str | None:
    """Why an office is not in the words of the evidence, or too long for one; else ``None``.

    Args:
        office: what the actor is said to be.
        cited: the evidence.
        platforms: where its items were published: a blog is one without saying so.
    """
    words = read(office).content_set
    there = (read(text).content_set for text in (*_texts(cited), *platforms))
    if not words or words.difference(*there):
        return f'The evidence doesn\'t give the office "{office}".'
    if len(office.split()) > MOST_WORDS_OF_OFFICE:
        return f'An office is named, and states nothing: "{office}".'
    return None


def no_party(other: str, actor: str, cited: CitedEvidence) -> str | None:
    """Why somebody is nobody whom an actor can answer: the actor, or not in the evidence; else
    ``None``."""
    if other.casefold().strip() == actor.casefold().strip():
        return f"{actor} does not answer {actor}."
    if not any(mentions(other, text) for text in _texts(cited)):
        return f"The evidence doesn't name {other}, whom {actor} is said to answer."
    if len(other.split()) > MOST_WORDS:
        return f'Whom an actor answers is named, and nothing is stated: "{other}".'
    return None


def _texts(cited: CitedEvidence) -> Iterator[str]:
    """What the evidence says, entitles and signs; each text is read once a draft."""
    return (text for g in cited.known for text in (g.text, g.title, *g.bylines))


def unheard(actor: str, cited: CitedEvidence) -> str | None:
    """Why the cited passages don't show an actor speaking, deciding or suing, if they don't."""
    if any(_lets_speak(actor, ground) for ground in cited.cited):
        return None
    return f"The cited passages tell of {actor}, and don't show what {actor} says."


def _lets_speak(actor: str, ground: CitedText) -> bool:
    own = any(mentions(actor, byline) for byline in ground.bylines)
    return (
        own
        or bool(_VOICES.intersection(read(ground.text).stems))
        or bool(_OWN_VOICE.search(ground.text))
    )
