"""What kind of sentence a source sentence is, by its cue words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.domain import Kind

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
    r"\b(?:should|must|ought|believe[sd]?|think[s]?|thought|wrong|right thing|unacceptable|"
    r"reckless|"
    r"outrage\w*|disgrace\w*|shame\w*|welcome[sd]?|prais\w+|criticis\w+|criticiz\w+|condemn\w*|"
    r"slammed|blasted|denounc\w+|called (?:it|the|for|on)|urg(?:e|es|ed)|disappoint\w*|proud|"
    r"terrible|dangerous|great|best|worst|unfair|fair|failure|hope[sd]?|fear[s]?|worr(?:y|ied|"
    r"ies))\b",
    re.IGNORECASE,
)
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
    """Denial, allegation, opinion (only of somebody who says it) or fact."""
    if DENIAL.search(text) and not _DECIDES.search(text):
        return Kind.DENIAL
    if _ALLEGATION.search(text):
        return Kind.ALLEGATION
    return Kind.OPINION if _OPINION.search(text) and _SAYS.search(text) else Kind.FACT


def fitting(kind: Kind, allowed: Sequence[Kind]) -> Kind | None:
    """The kind a section may call such a sentence, or ``None`` when it may not hold it."""
    return next((k for k in _NEXT_BEST.get(kind, (kind,)) if k in allowed), None)
