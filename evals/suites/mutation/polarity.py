"""Faults of polarity: negation, and reversed direction of a change or comparison."""

from __future__ import annotations

import re
from random import Random

from evals.suites.mutation.target import Target
from evals.suites.mutation.words import Span
from summarizer.domain.claims import Claim

_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|should|did|does|do)\b"
    r"(?=\s(?!not\b|no\b|never\b|n['’]t\b|only\b|to\b|also\b|what\b|nothing\b|neither\b)[a-z]+)"
)
_NOT = re.compile(
    r"(?<=\w) not(?= (?!only|just|yet|least|long|much|to mention)[a-z])|n['’]t\b"
    r"|\bnever (?=[a-z])"
)
_NO = re.compile(r"\bno (?=[a-z]+)(?!longer|more|one|doubt|matter|less|fewer|later|sooner)")
_OPEN = re.compile(r"\b(?:whether|if|unless|or not|until)\b|\?", re.IGNORECASE)


def negation(target: Target, rng: Random) -> Claim | None:
    """Insert or remove a "not".

    Guards: not in quotations, not after "whether" or "if", not in "not only", "no longer", "no
    one" and similar; no passage of the pack contains the changed words.
    """
    if _OPEN.search(target.text):
        return None
    ways: list[tuple[Span, str]] = [(m.span(), "") for m in target.unquoted(_NOT)]
    ways = [w for w in ways if _can_lose(target.text, w[0])]
    ways += [(m.span(), "") for m in target.unquoted(_NO)]
    ways += [((m.end(), m.end()), " not") for m in target.unquoted(_AUXILIARY)]
    rng.shuffle(ways)
    for span, words in ways:
        claim = target.replaced(span, words)
        around = claim.text[max(0, span[0] - 25) : span[0] + 25]
        if around not in target.everything:
            return claim
    return None


def _can_lose(text: str, span: Span) -> bool:
    """Whether a negation can be removed; ``can't`` and ``won't`` would leave half a word."""
    return not (text[span[0] : span[1]].startswith("n") and text[: span[0]].endswith(("ca", "wo")))


_OPPOSITES = (
    ("rose", "fell"), ("rise", "fall"), ("rising", "falling"), ("risen", "fallen"),
    ("increased", "decreased"), ("increase", "decrease"), ("increasing", "decreasing"),
    ("more than", "less than"), ("higher", "lower"), ("larger", "smaller"),
    ("gained", "lost"), ("gain", "loss"), ("won", "lost"), ("win", "lose"), ("victory", "defeat"),
    ("largest", "smallest"), ("highest", "lowest"), ("biggest", "smallest"), ("best", "worst"),
    ("majority", "minority"), ("before", "after"), ("earlier", "later"), ("above", "below"),
    ("supported", "opposed"), ("supports", "opposes"), ("support", "oppose"),
    ("approved", "rejected"), ("approve", "reject"), ("accepted", "rejected"),
    ("raised", "lowered"), ("raise", "cut"), ("expanded", "shrank"), ("expand", "shrink"),
    ("improved", "worsened"), ("improve", "worsen"), ("strengthen", "weaken"),
    ("strengthened", "weakened"), ("faster", "slower"), ("longer than", "shorter than"),
    ("opened", "closed"), ("opening", "closing"), ("allowed", "banned"), ("allow", "ban"),
    ("hired", "fired"), ("joined", "left"), ("began", "ended"), ("begin", "end"),
    ("success", "failure"), ("succeeded", "failed"), ("at least", "at most"),
    ("minimum", "maximum"), ("in favor of", "against"), ("in favour of", "against"),
    ("legal", "illegal"), ("agreed", "refused"), ("welcomed", "deplored"), ("easier", "harder"),
    ("doubled", "halved"), ("surged", "plunged"), ("soared", "plummeted"), ("older", "younger"),
)  # fmt: skip
_TURNED = {a: b for pair in _OPPOSITES for a, b in (pair, pair[::-1])} | {
    "lost": "won", "against": "in favour of",
}  # fmt: skip
_WAY = re.compile(rf"\b(?:{'|'.join(sorted(_TURNED, key=len, reverse=True))})\b", re.IGNORECASE)
_NO_WAY = {
    "before": re.compile(r"\s(?:the |a |an )?(?:\w+ )?(?:court|judge|committee|panel|congress|jury"
                         r"|house|senate|parliament|commission)\b", re.I),
    "after": re.compile(r"\s(?:all\b|party)", re.I),
    "against": re.compile(r"(?!)"),
    "later": re.compile(r"(?!\s{1,5}than)", re.I),
    "earlier": re.compile(r"(?!\s{1,5}than)", re.I),
    "left": re.compile(r"(?!\s(?:the|his|her|its|their|office)\b)", re.I),
    "closed": re.compile(r"\s(?:session|door|meeting)", re.I),
    "best": re.compile(r"\s(?:known|way|interest|friend|seller)|-", re.I),
    "support": re.compile(r"(?!\s(?:the|a|an|for|his|her|its|their)\b)", re.I),
    "end": re.compile(r"\s(?:of|up)\b", re.I),
    "agreed": re.compile(r"(?!\sto\s)", re.I),
    "above": re.compile(r"\sall\b", re.I),
    "rise": re.compile(r"\sto\b", re.I),
    "win": re.compile(r"-", re.I),
}  # fmt: skip
_OUT_OF_PLACE = re.compile(
    r"\b(?:named|shortly|ever|there|look\w*|the day|long|go|goes|going|went|even|not|no|never"
    r"|cases?|lawsuits?|suits?|charges?|complaints?|claims?|vote[ds]?|fight\w*|war|case|allegations?"
    r"|accusations?|sanctions?|discriminat\w+|protest\w*)\s+$",
    re.IGNORECASE,
)


def direction(target: Target, rng: Random) -> Claim | None:
    """Reverse a direction: rose and fell, more and less, before and after, won and lost.

    Guards: a closed list of opposites, without idioms ("before the court", "after all", "a suit
    against"); nothing negated; no passage of the pack contains the new words with their
    neighbours.
    """
    places = target.unquoted(_WAY)
    rng.shuffle(places)
    for match in places:
        old = match.group().casefold()
        if old == "against" or _OUT_OF_PLACE.search(target.text[: match.start()]):
            continue
        if (exception := _NO_WAY.get(old)) and exception.match(target.text[match.end() :]):
            continue
        new = _TURNED[old]
        claim = target.replaced(
            match.span(), new.capitalize() if match.group()[0].isupper() else new
        )
        around = claim.text[max(0, match.start() - 15) : match.start() + len(new) + 10]
        if around not in target.everything:
            return claim
    return None
