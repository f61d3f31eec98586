"""What later sources seem to say of a forecast: proposed to an editor, who alone resolves it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from summarizer.domain.claims import VerdictLabel
from summarizer.domain.forecasts import NewForecast, Outcome, Proposal
from summarizer.domain.items import Passage, PassageId, SourceItem
from summarizer.text import dates
from summarizer.text.names import NOT_NAMES, names
from summarizer.text.quantities import quantities, same
from summarizer.text.retractions import find_retractions
from summarizer.text.sentences import sentences
from summarizer.text.tokens import STOPWORDS, coverage, fold, listed, read, stem, tokens
from summarizer.verification.checks import comparison, polarity
from summarizer.verification.evidence import CitedEvidence, CitedText

SETTLES = 0.6
"""Share of what a forecast says, without its hedges and dates, that a later sentence must hold to
be proposed as settling it.  An editor reads it: a miss leaves the question open until its day."""

MOST_PASSAGES = 3
"""Passages that are proposed with an outcome, those most like the forecast first."""

_HEDGES = frozenset(
    map(
        stem,
        listed(
            "likely unlikely expected expects expect probably possibly plan plans planned scheduled"
            " due forecast predicts predicted set going hopes intends wants aims may might could"
            " will would shall"
        ),
    )
)
_YET_TO_COME = re.compile(
    r"\b(?:will|would|could|(?-i:may)|might|shall|expect\w*|plans? (?:to|for)"
    r"|plann\w+|await\w*|still|fear(?:s|ed)?"
    r"|scheduled|due to|set to"
    r"|going to|likely|probably|hop(?:e[sd]?|ing)|intends?|if|whether|ask(?:s|ed)|urg\w+|demand\w*"
    r"|wants?|consider\w*|is to|are to|pending|next (?:week|month|year))\b|['’]ll\b|\?",
    re.IGNORECASE,
)
_FELL_THROUGH = re.compile(
    r"\b(?:not|never|no longer|reject\w*|dismiss\w*|refus\w+|declin\w+|fail\w*|dropp\w+|drops"
    r"|abandon\w*|cancel\w*|scrapp\w*|ruled out|vot\w+ (?:against|down)"
    r"|call(?:s|ed|ing)? off|blocked|struck down)\b|n['’]t\b",
    re.IGNORECASE,
)
_FORETOLD = re.compile(
    r"\b(?:(?:will|would|shall|(?-i:may)|might|could|can)|(?:expected|expects?|likely|unlikely|plans?"
    r"|planned|set|due|going|intends?|hopes|wants|aims|scheduled)\s+(?:not\s+)?to)"
    r"\s+(?:(?:likely|probably|possibly|soon|also|not|never|be|have|finally|almost|certainly)\s+)*"
    r"(?P<act>[a-z]+)",
    re.IGNORECASE,
)
_INTENDED = re.compile(
    r"(?<!\bvoted )(?<!\bdecided )(?<!\bchose )(?<!\bmanaged )(?<!\bwent on )(?<!\bproceeded )"
    r"\b(?:to|of|for|about|on|against|from)\s+(?:\w+ly\s+)?$",
    re.IGNORECASE,
)
"""What stands before a word of doing that nobody has done yet: a motion to, the power to, close
to.  Who voted or decided to has."""

_A_THING = re.compile(
    r"\b(?:an?|the|its|their|his|her|our|this|that|any|no|another)\s+(?:[a-z]+\s+)?$", re.IGNORECASE
)
"""What stands before a noun of the same stem: "its strike"."""

_UNLIKELY = re.compile(r"\bunlikely\b", re.IGNORECASE)
_BEING = re.compile(r"\b(?:is|are|was|were|been|after|by|while)\s+(?:\w+ly\s+)?$", re.IGNORECASE)
_HEARSAY = re.compile(
    r"\b(?:reportedly|rumou?r\w*|alleged(?:ly)?|unconfirmed|supposedly|claim\w*|believed to"
    r"|said to have|falsely)\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied)|reject\w*|dismiss\w*|disput\w+|contradict\w*)\s+(?:\w+\s+){0,2}?"
    r"(?:that|reports?|rumou?rs?|claims?|suggestions?|allegations?|having|he|she|it|they)\b",
    re.IGNORECASE,
)
"""Words of what others say, and of whoever says that it isn't so: no outcome either way."""

_PUT_OFF = re.compile(r"\b(?:postpon\w+|delay\w*|adjourn\w*|put off|deferr?\w*)\b", re.I)


def propose_outcome(
    forecast: NewForecast, items: Sequence[SourceItem], passages: Sequence[Passage]
) -> Proposal | None:
    """What sources that came after a forecast seem to say of it; ``None`` when nothing.

    Args:
        forecast: one that is not resolved.
        items: of its incident.
        passages: of those items.
    """
    published = {i.key: i.seen_at.date() for i in items}
    gone = {key for taking in find_retractions(items) if taking.whole for key in taking.of}
    later = {i.key for i in items if i.seen_at > forecast.made_at and i.key not in gone}
    wanted = _substance(forecast.text)
    found: list[tuple[float, PassageId, Outcome]] = []
    for passage in passages:
        if passage.item_key not in later:
            continue
        for span in sentences(passage.text):
            sentence = passage.text[span.start : span.end]
            share = coverage(wanted, read(sentence).content_set)
            if share < SETTLES or _of_another(forecast, sentence, published[passage.item_key]):
                continue
            outcome = _outcome(forecast.text, sentence)
            if outcome is not None:
                found.append((share, passage.id, outcome))
    if not found:
        return None
    found.sort(key=lambda f: -f[0])
    outcome = found[0][2]
    speaking = [id_ for _, id_, said in found if said is outcome]
    return Proposal(outcome=outcome, passages=tuple(dict.fromkeys(speaking))[:MOST_PASSAGES])


def _substance(text: str) -> frozenset[str]:
    """What a forecast says will be, without hedges and dates."""
    taken = [(w.start, w.end) for w in dates.mentions(text)]
    return frozenset(
        stem(t.norm)
        for t in tokens(text)
        if t.norm not in STOPWORDS
        and stem(t.norm) not in _HEDGES
        and not any(start <= t.start < end for start, end in taken)
    )


def _of_another(forecast: NewForecast, sentence: str, published: dt.date) -> bool:
    """Whether a sentence tells of another time, or names another where the forecast names one."""
    made = forecast.made_at.date()
    months = {
        w.month
        for w in dates.mentions(forecast.text)
        if w.month and not w.day and forecast.text[: w.start].casefold().endswith("in ")
    }
    for when in dates.mentions(sentence):
        days = dates.resolve(when, published)
        before = (when.year is not None and when.year < made.year) or (
            bool(days) and all(day < made for day in days)
        )
        if before or (months and when.month and not when.day and when.month not in months):
            return True
    here, there = _named(forecast.text), _named(sentence)
    return bool(here - read(sentence).norms and there - read(forecast.text).norms)


def _named(text: str) -> frozenset[str]:
    """The words of the names of a text, without days and months."""
    return frozenset(w for n in names(text) if n.sure for w in n.words if w not in NOT_NAMES)


def _act(text: str) -> str | None:
    """The word for what a forecast says will be done; ``None`` when it has none."""
    match = _FORETOLD.search(text)
    return fold(match["act"]) if match else None


def _asserted(act: str, sentence: str) -> bool:
    """Whether a sentence says that something was done, and not that somebody wants, has promised
    or prepares to do it."""
    return any(
        stem(t.norm) == stem(act)
        and not _INTENDED.search(sentence[: t.start])
        and not (t.norm == act and _A_THING.search(sentence[: t.start]))
        and not (t.norm.endswith("ing") and not _BEING.search(sentence[: t.start]))
        for t in tokens(sentence)
    )


def _outcome(text: str, sentence: str) -> Outcome | None:
    """What a sentence seems to say became of it; ``None`` when it speaks of what is yet to come, of
    what others say, or of the subject alone."""
    if any(p.search(sentence) for p in (_YET_TO_COME, _PUT_OFF, _HEARSAY, _DENIAL)):
        return None
    ground = CitedText(id="later", text=sentence, item="later")
    grounds = CitedEvidence((ground,), (ground,))
    act = _act(text)
    done = act is None or _asserted(act, sentence)
    reversed_ = any(f.label is VerdictLabel.CONTRADICTED for f in comparison.check(text, grounds))
    negated = any(f.label is VerdictLabel.CONTRADICTED for f in polarity.check(text, grounds))
    fell = bool(_FELL_THROUGH.search(sentence))
    foretold_not = bool(_FELL_THROUGH.search(text) or _UNLIKELY.search(text))
    if reversed_ or (fell and not foretold_not):
        return Outcome.DID_NOT
    if not done and not (fell and foretold_not):
        return None
    if negated or fell != foretold_not or _other_amount(text, sentence):
        return Outcome.DID_NOT
    return Outcome.CAME_TRUE


def _other_amount(text: str, sentence: str) -> bool:
    """Whether both give an amount of money or a share, and no two of them agree."""
    here, there = (
        [q for q in quantities(words) if q.kind in ("%", "$", "€", "£")]
        for words in (text, sentence)
    )
    return bool(here and there) and not any(
        same(b, a) or (a.low <= b.value <= a.high) for a in here for b in there
    )
