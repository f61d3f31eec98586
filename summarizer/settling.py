"""What later sources seem to say of a forecast: proposed to an editor, who alone resolves it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.domain import Label, Outcome, Passage, PassageId, SourceItem
from summarizer.faithfulness import comparison, dates, negation
from summarizer.faithfulness.grounds import Ground, Grounds
from summarizer.faithfulness.words import STOPWORDS, listed, read, recall, sentences, stem, tokens
from summarizer.forecasting import Foreseen, Proposal
from summarizer.retractions import takings

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
    r"\b(?:will|would|could|(?-i:may)|might|shall|expect\w*|plan(?:s|ned)?|scheduled|due to|set to"
    r"|going to|likely|probably|hop(?:e[sd]?|ing)|intends?|if|whether|ask(?:s|ed)|urg\w+|demand\w*"
    r"|wants?|consider\w*|is to|are to|pending|next (?:week|month|year))\b|['’]ll\b|\?",
    re.IGNORECASE,
)
_FELL_THROUGH = re.compile(
    r"\b(?:not|never|no longer|reject\w*|dismiss\w*|refus\w+|declin\w+|fail\w*|dropp\w+|drops"
    r"|abandon\w*|cancel\w*|scrapp\w*|ruled out|vot\w+ against|blocked|struck down)\b|n['’]t\b",
    re.IGNORECASE,
)
_PUT_OFF = re.compile(r"\b(?:postpon\w+|delay\w*|adjourn\w*|put off|deferr?\w*)\b", re.I)


def proposed(
    forecast: Foreseen, items: Sequence[SourceItem], passages: Sequence[Passage]
) -> Proposal | None:
    """What sources that came after a forecast seem to say of it; ``None`` when nothing.

    Args:
        forecast: one that is not resolved.
        items: of its incident.
        passages: of those items.
    """
    gone = {key for taking in takings(items) if taking.whole for key in taking.of}
    later = {i.key for i in items if i.seen_at > forecast.made_at and i.key not in gone}
    wanted = _substance(forecast.text)
    found: list[tuple[float, PassageId, Outcome]] = []
    for passage in passages:
        if passage.item_key not in later:
            continue
        for span in sentences(passage.text):
            sentence = passage.text[span.start : span.end]
            share = recall(wanted, read(sentence).content_set)
            outcome = _outcome(forecast.text, sentence) if share >= SETTLES else None
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


def _outcome(text: str, sentence: str) -> Outcome | None:
    """What a sentence seems to say became of it; ``None`` when it speaks of what is yet to come."""
    if _YET_TO_COME.search(sentence) or _PUT_OFF.search(sentence):
        return None
    ground = Ground(id="later", text=sentence, item="later")
    grounds = Grounds((ground,), (ground,))
    turned = any(
        failure.label is Label.CONTRADICTED
        for check in (negation.check, comparison.check)
        for failure in check(text, grounds)
    )
    undone = bool(_FELL_THROUGH.search(sentence)) != bool(_FELL_THROUGH.search(text))
    return Outcome.DID_NOT if turned or undone else Outcome.CAME_TRUE
