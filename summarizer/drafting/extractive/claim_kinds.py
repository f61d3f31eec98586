"""Classification of source sentences as fact, allegation, denial or opinion, by cue words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.domain.claims import Kind

DENIAL = re.compile(
    r"\bden(?:y|ies|ied|ying)\b|\brefut(?:e|es|ed)\b|\bdisput(?:e|es|ed)\b|\bbaseless\b|"
    r"\bwithout merit\b|\bmeritless\b|\bunfounded\b|\bmischaracteri[sz]\w*|\binaccurate\b|"
    r"\b(?:reject|dismiss)(?:s|es|ed)?\b.{0,40}\b(?:claim|allegation|accusation|suggestion|charge|"
    r"criticism|notion|idea|report)s?\b|\b(?:is|are|was|were) (?:not true|false|untrue)\b|"
    r"\bwe (?:have never|did not|do not|didn['’]t|don['’]t|have not (?:\w+ed|bought|sold|been|"
    r"done))\b|"
    r"\bnever (?:did|used|intended|authori[sz]ed)\b|\bno (?:evidence|truth)\b|\bpushed back\b",
    re.IGNORECASE,
)
_DECIDES = re.compile(
    r"\b(?:judge|court|jury|regulator|commission)\b.{0,80}\b(?:dismiss|reject)", re.IGNORECASE
)
_ALLEGATION = re.compile(
    r"\balleg\w*|\baccus\w+|\blawsuit\b|\bsu(?:ed|es|ing)\b|\bcomplaint\b|"
    r"\breportedly\b|\bsuspect(?:s|ed)?\b|\bcharged with\b|\bplaintiffs?\b|\bblam(?:e|es|ed)\b",
    re.IGNORECASE,
)
_OPINION = re.compile(
    r"\b(?:should|must|ought)\b|\b(?:I|[Ww]e)(?: do(?: not|n['’]t))? (?:believe|think|hope|fear|"
    r"feel)\b|\b(?:believes?|thinks?|thought) (?:that|it|the|this|these|those|he|she|they)\b|"
    r"\b(?:right|wrong) (?:thing|direction|decision|call|choice|move|time|way)\b|"
    r"\b(?:is|was|are|were|be|been|being) (?:\w+ly )?(?:wrong|right|fair|terrible|dangerous)\b|"
    r"\b(?:I am|I['’]m|[Ww]e are|[Ww]e['’]re|is|are|was|were) (?:\w+ly )?(?:proud|disappointed|"
    r"worried)\b|\b(?:unacceptable|reckless|irresponsible|outrageous|disgrace(?:ful)?|shame(?:ful)?|"
    r"an insult|unfair|too (?:quick|slow|late|early|little|much|far))\b|"
    r"\b(?:welcome[sd] (?:the|a|that|this)|prais(?:ed|es)|criticis(?:ed|es)|criticiz(?:ed|es)|"
    r"condemn(?:ed|s)|slammed|blasted|denounce[sd])\b",
    re.IGNORECASE,
)
_RULES = re.compile(
    r"\b(?:ruled|held|ordered|found) that\b|"
    r"\bin (?:an?|its|the|his|her) (?:[\w-]+ )?(?:decision|ruling|order|judgment|opinion|finding)\b"
)
"""A ruling of a court or authority counts as fact, not opinion."""
_SAYS = re.compile(
    r"\b(?:said|says|told|wrote|argu\w+|according to|added|warn\w*|tweeted|posted)\b", re.IGNORECASE
)
_NEXT_BEST = {
    Kind.DENIAL: (Kind.DENIAL, Kind.OPINION, Kind.FACT),
    Kind.ALLEGATION: (Kind.ALLEGATION, Kind.OPINION, Kind.FACT),
    Kind.OPINION: (Kind.OPINION, Kind.FACT, Kind.ALLEGATION),
    Kind.PREDICTION: (Kind.PREDICTION, Kind.FACT),
    Kind.FACT: (Kind.FACT, Kind.OPINION, Kind.ALLEGATION),
}


def kind_of(text: str) -> Kind:
    """Kind of a sentence: denial, allegation, opinion (if attributed to a speaker) or fact."""
    if DENIAL.search(text) and not _DECIDES.search(text):
        return Kind.DENIAL
    if _ALLEGATION.search(text):
        return Kind.ALLEGATION
    views = _OPINION.search(text) and _SAYS.search(text) and not _RULES.search(text)
    return Kind.OPINION if views else Kind.FACT


def fitting(kind: Kind, allowed: Sequence[Kind]) -> Kind | None:
    """The nearest kind that a section allows; ``None`` if it allows none."""
    return next((k for k in _NEXT_BEST.get(kind, (kind,)) if k in allowed), None)
