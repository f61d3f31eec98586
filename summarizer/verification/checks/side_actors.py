"""Actors of sides: who is named there, and whether the sources let them speak.

The page sets an actor's name as a heading of its own, with no citation: it must be a name that
the cited items use, in full perhaps only elsewhere, and nothing more.  And what stands under it is
taken for the actor's word, so that a passage which only tells what the actor did, with nobody
speaking, makes no side, except that of one who decides: a decision is an act.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from summarizer.domain.claims import Position
from summarizer.text import names
from summarizer.text.foreign_acts import speaks_abroad
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
_DECIDING = frozenset(
    map(
        stem,
        listed(
            """
            set sets grant grants granted deny issue issued impose imposed approve approved pass
            passed sign signed veto vetoed block blocked lift lifted ban banned halt halted suspend
            suspended withdrew withdrawn revoke revoked cancel cancelled canceled postpone postponed
            schedule scheduled sentence sentenced convict convicted acquit acquitted clear cleared
            award awarded appoint appointed dismiss reverse reversed overturn overturned uphold
            upheld extend extended require required recall recalled launch launched
            """
        ),
    )
)
"""Stems of acts by which somebody decides, beside the voices."""

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
    unknown = [word for word in words if not any(word_known(word, t) for t in whole)]
    if unknown and not _in_full(words, unknown, cited):
        return f'The cited items don\'t call {actor} so: "{unknown[0]}" is not theirs.'
    states = any(_ACTS.match(actor, name.end) for name in names.names(actor))
    if states or len(actor.split()) > MOST_WORDS:
        return f'An actor is named, and states nothing: "{actor}".'
    return None


def _in_full(words: Sequence[str], unknown: Sequence[str], cited: CitedEvidence) -> bool:
    """Whether the evidence has a name with the unknown words and some of the others: "Ada Lund" for
    an item that writes "Ms. Lund"."""
    rest = set(words).difference(unknown)
    return any(
        set(unknown) <= set(name.words) and rest & set(name.words)
        for text in _texts(cited)
        for name in names.names(text)
    )


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


def unheard(actor: str, cited: CitedEvidence, position: Position | None = None) -> str | None:
    """Why the cited passages don't show an actor speaking, deciding or suing, if they don't."""
    voices = _VOICES | _DECIDING if position is Position.DECIDES else _VOICES
    if any(_lets_speak(actor, ground, voices) for ground in cited.cited):
        return None
    return f"The cited passages tell of {actor}, and don't show what {actor} says."


def _lets_speak(actor: str, ground: CitedText, voices: frozenset[str]) -> bool:
    own = any(mentions(actor, byline) for byline in ground.bylines)
    return (
        own
        or bool(voices.intersection(read(ground.text).stems))
        or bool(_OWN_VOICE.search(ground.text))
        or speaks_abroad(ground.text)
    )
