"""Faults of modality: dropped hedges, certainty for possibility, guilt for a charge, admissions."""

from __future__ import annotations

import re
from random import Random

from evals.suites.mutation.target import Target
from summarizer.domain.claims import Claim

_HEDGE_WORD = re.compile(
    r"\b(?:allegedly|reportedly|purportedly|supposedly|alleged|purported|suspected|apparent"
    r"|unconfirmed|unverified)\s",
    re.IGNORECASE,
)
_HEDGE_LEAD = re.compile(
    r"^(?:[^,.“”\"]{2,90}?)\b(?:alleges?|alleged|claims?|claimed|contends?|contended)"
    r"\s(?:on \w+day )?that\s"
)
_HEDGE_TAIL = re.compile(
    r", (?:[^,.“”\"]{2,60}\s(?:alleges?|alleged|claims?|claimed)|according to (?:the )?(?:lawsuit"
    r"|suit|complaint|indictment|allegations?|rumou?rs?|unconfirmed reports?))(?=\.?$)"
)
_OTHER_HEDGE = re.compile(
    r"\b(?:alleg\w+|reportedly|purported\w*|suspected|claim(?:s|ed)|accus\w+|according to|said|says"
    r"|told|may|might|could|if|whether|rumou?r\w*|believ\w+|unconfirmed|contend\w*|charg\w+"
    r"|den(?:y|ie[sd]))\b",
    re.IGNORECASE,
)
_GUILTY = re.compile(
    r"\b(?:convict\w*|guilty|admit\w*|liable|sentenced|verdict|confess\w*|pleaded|ruled|fined"
    r"|acknowledged|conceded|proved|proven|found)\b",
    re.IGNORECASE,
)


def hedge_dropped(target: Target, rng: Random) -> Claim | None:
    """Remove the hedge of an allegation.

    Guards: the sentence has no other hedge or speaker, and no passage that contains most of the
    claim states it without a hedge.
    """
    for pattern in (_HEDGE_LEAD, _HEDGE_TAIL, _HEDGE_WORD):
        for match in target.unquoted(pattern):
            if target.text[match.end() :].startswith(("that ", "by ", "in ", "on ")):
                continue
            claim = target.replaced(match.span(), "")
            bare = _OTHER_HEDGE.search(claim.text) is None
            plain = [p for p in target.alike(0.75) if not _OTHER_HEDGE.search(p.text)]
            if bare and not plain and len(claim.text.split()) >= 5:
                return claim
    return None


_MAY = re.compile(r"\b(?:could|may|might)(?!\s+(?:not|have|be able)\b)\s(?=[a-z]+\b)")


def certainty(target: Target, rng: Random) -> Claim | None:
    """Replace "may", "might" or "could" with "will".

    Guards: "could" of ability ("said they could see") is skipped; no cited passage has "will",
    "would" or a conditional word.  "May" of permission is not excluded, since "will" overstates
    it too.
    """
    if re.search(r"\b(?:will|would|if|so that|how|whether|unless)\b|’ll\b", target.source):
        return None
    places = [
        m
        for m in target.unquoted(_MAY)
        if not re.match(r"see|hear|feel|find|afford|tell", target.text[m.end() :])
    ]
    return target.replaced(rng.choice(places).span(), "will ") if places else None


_NAME = r"([A-Z][\w’-]{1,40}(?: [A-Z][\w’-]{1,40}){0,6})"
_GUILT = (
    (re.compile(r"\bcharged with\b"), "convicted of"),
    (re.compile(r"\b(?:has|have) been accused of\b"), "been found guilty of"),
    (re.compile(r"\b(was|were|been|is|are) accused of\b"), r"\1 found guilty of"),
    (re.compile(r"\b(?:stands|stood) accused of\b"), "was found guilty of"),
    (re.compile(r"\bsuspected of\b"), "guilty of"),
    (re.compile(r"\bindicted (?=on|for|in)"), "convicted "),
    (re.compile(r"\b(?:alleges|allege|alleged) that\b"), "proved that"),
    (re.compile(r"\b(is|are|was|were) under investigation for\b"), r"\1 found guilty of"),
    (re.compile(r"\binvestigating whether\b"), "certain that"),
    (re.compile(r"\bfaces? charges of\b"), "was convicted of"),
    (re.compile(rf"\b(?:has|have) sued {_NAME}"), r"won a judgment against \1"),
    (re.compile(rf"\bsued {_NAME}"), r"won a judgment against \1"),
    (re.compile(rf"\baccused {_NAME} of\b"), r"proved \1 guilty of"),
    (re.compile(r"\bthe alleged ([a-z]+er|attacker|gunman|killer)\b"), r"the convicted \1"),
)  # fmt: skip


def guilt(target: Target, rng: Random) -> Claim | None:
    """Replace a charge, suit, suspicion or accusation with a conviction or proof.

    Guards: no passage that is cited or contains half of the claim mentions a conviction, verdict,
    plea, fine or admission.
    """
    if any(_GUILTY.search(p.text) for p in (*target.cited, *target.alike(0.5))):
        return None
    ways = [(m, words) for pattern, words in _GUILT for m in target.unquoted(pattern)]
    if not ways:
        return None
    match, words = rng.choice(ways)
    return target.replaced(match.span(), match.expand(words))


_A_CLAIM = (
    r"(?= (?:that|any|the (?:claim|accusation|allegation|charge|report|suggestion)|having"
    r"|wrongdoing|it|them|all|[a-z]+ing)\b)"
)
_ADMISSION = (
    (re.compile(r"\b(?:has |have )?(?:settled|agreed to settle)\b"), "admitted wrongdoing in"),
    (re.compile(r"\bto settle\b"), "after admitting the claims in"),
    (re.compile(r"\bagreed to pay\b"), "admitted liability and agreed to pay"),
    (re.compile(r"\bwithout (?:admitting|an admission of|acknowledging)\b"), "admitting"),
    (re.compile(r"\bdid not admit\b"), "admitted"),
    (re.compile(rf"\b(?:has |have )?denied{_A_CLAIM}"), "admitted"),
    (re.compile(r"\bdenies(?= (?:that|any|the (?:claim|accusation|allegation|charge|report)"
                r"|having|wrongdoing|it|them|all|[a-z]+ing)\b)"), "admits"),
)  # fmt: skip


def admission(target: Target, rng: Random) -> Claim | None:
    """Replace a settlement or denial with an admission.

    Guards: "denied" refers to a claim, not to a motion or entry; no passage that is cited or
    contains half of the claim mentions an admission, except a refused one.
    """
    admits = re.compile(
        r"(?<!without )(?<!not )(?<!no )\b(?:admit\w*|acknowledg\w+|conced\w+|confess\w*|guilty)\b",
        re.I,
    )
    if any(admits.search(p.text) for p in (*target.cited, *target.alike(0.5))):
        return None
    ways = [(m, words) for pattern, words in _ADMISSION for m in target.unquoted(pattern)]
    if not ways:
        return None
    match, words = rng.choice(ways)
    return target.replaced(match.span(), words)
