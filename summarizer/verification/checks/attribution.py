"""Attribution: "allegedly" needs someone who alleges, "sources" need more than one origin.

Adds the warnings that stand beside a claim that passes: one origin, anonymous sources, and an actor
speaking of itself.
"""

from __future__ import annotations

import re

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text import names
from summarizer.text.quotations import verbatim_free
from summarizer.text.tokens import listed
from summarizer.verification import corroboration
from summarizer.verification.evidence import CitedEvidence

_ALLEGEDLY = re.compile(
    r"\b(?:allegedly|reportedly|purportedly|supposedly|rumou?red|alleged(?!\s+(?:that|in|by|on)\b))",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"\b(?:according to|sa(?:id|ys?)|told|alleges|alleged (?:that|in|by)|accus(?:es|ed|ing)"
    r"|claim(?:s|ed)|charg(?:es?|ed|ing)|su(?:es|ed|ing)|lawsuits?|suits?|complaints?|filings?"
    r"|indictments?|petitions?|prosecutors?|plaintiffs?|police|regulators?|report(?:s|ed)? (?:by"
    r"|in|from|that)|wrote|stat(?:es|ed)|posted|blam(?:es|ed)|sentenced|convicted|allegations? "
    r"(?:by|from|of|in|made)|den(?:y|ies|ied)|disput(?:es?|ed)|reject(?:s|ed)?|investigat\w+)",
    re.IGNORECASE,
)
_ALLEGED_VERB = re.compile(
    r"\b(?:has|have|had|who|which|also|first|and)?\s*alleged\b", re.IGNORECASE
)
_BEFORE_ADJECTIVE = frozenset(
    listed(
        """
        the a an of for in on to by with his her its their this that these those any and or is was
        are were be been about over against other two three several some no
        """
    )
)
_PLURAL = re.compile(
    r"\b(?:(?:multiple|several|various|many|numerous|different|independent|two|three)\s+)?"
    r"(?:(?:news|media|press)\s+)?(?:sources|outlets|reports|media reports|publications"
    r"|news organi[sz]ations)\b(?=\s+(?:sa[iy]\w*|report\w*|indicat\w+|suggest\w*|claim\w*|alleg\w+"
    r"|confirm\w*|stat\w+|describ\w+|show\w*|told|agree\w*))"
    r"|\baccording to (?:(?:multiple|several|various|many|media|news|press)\s+)*(?:sources|reports"
    r"|outlets)\b",
    re.IGNORECASE,
)
_REPORTS = (
    r"(?:report(?:s|ed)|sa(?:id|ys)|wr(?:ote|ites)|told|confirm(?:s|ed)|stat(?:es|ed)|found|reveal(?:s"
    r"|ed)|show(?:s|ed)|publish(?:es|ed)|claim(?:s|ed)|describ(?:es|ed)|quot(?:es|ed)|cit(?:es|ed))"
)
_ACCORDING = r"(?:according to|as reported by|reported by|published by|citing)"
_ANONYMOUS = re.compile(
    r"\b(?:anonym\w+|on condition of|unnamed|unidentified|(?:people|persons?|sources?) (?:familiar"
    r"|close|with (?:direct )?knowledge|briefed)|asked not to be (?:named|identified))\b",
    re.IGNORECASE,
)


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail "allegedly" without anyone who alleges, and plural sources for one origin.

    A sentence that is a source's own, word for word, carries that source's "allegedly": then it
    is a warning, not a failure.
    """
    said = verbatim_free(claim, grounds.text)
    bare = [] if _is_quoted_whole(claim, grounds) else _bare(said)
    return [
        *bare,
        *_plural(claim, said, grounds),
        *_elsewhere(claim, grounds),
        *_borrowed(claim, grounds),
    ]


def _is_quoted_whole(claim: str, grounds: CitedEvidence) -> bool:
    return any(claim.strip() in ground.text for ground in grounds.cited)


def _bare(claim: str) -> list[Failure]:
    match = _ALLEGEDLY.search(claim)
    if match is None or _WHO.search(claim) or _is_verb(claim, match):
        return []
    return [
        Failure(
            check="attribution",
            reason=f'"{match.group()}" needs who alleges it, and where.',
            start=match.start(),
            end=match.end(),
            label=VerdictLabel.PARTLY,
        )
    ]


def _is_verb(claim: str, match: re.Match[str]) -> bool:
    """``The union alleged wage theft`` names who alleges; ``the alleged theft`` doesn't."""
    if match.group().casefold() != "alleged":
        return False
    head = re.search(r"(\w+)\s+$", claim[: match.start()])
    if head is None:
        return False
    word = head.group(1).casefold()
    return word not in _BEFORE_ADJECTIVE


def _plural(claim: str, said: str, grounds: CitedEvidence) -> list[Failure]:
    match = _PLURAL.search(said)
    if match is None or _PLURAL.search(grounds.text):
        return []
    if len(corroboration.origins(claim, grounds)) != 1:
        return []
    return [
        Failure(
            check="attribution",
            reason=f'"{match.group()}" is plural, but one origin says this.',
            start=match.start(),
            end=match.end(),
            label=VerdictLabel.PARTLY,
        )
    ]


def _elsewhere(claim: str, grounds: CitedEvidence) -> list[Failure]:
    better = corroboration.told_elsewhere(claim, grounds)
    if better is None:
        return []
    return [
        Failure(
            check="attribution",
            reason=f"Only passage {better} says all this; what is cited doesn't.",
            better=better,
            label=VerdictLabel.UNSUPPORTED,
        )
    ]


def _borrowed(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """An outlet or author that is cited and named as who reports it, whose own passages don't.

    Those of an item that only bears an outlet's name are not its own.
    """
    telling = corroboration.origins(claim, grounds)
    named = {name for g in grounds.cited for name in (g.outlet, *g.bylines) if name}
    own = {byline for g in grounds.cited if g.origin in telling for byline in g.bylines}
    return [
        Failure(
            check="attribution",
            reason=f"{byline} is named as reporting this; its cited passages don't say it.",
            label=VerdictLabel.UNSUPPORTED,
        )
        for byline in sorted(named - own)
        if _names_as_source(byline, claim)
    ]


def _names_as_source(byline: str, claim: str) -> bool:
    name = re.escape(byline.removeprefix("The "))
    reports = (
        rf"{name}['’]?s?\s+(?:has |had |also |first )*{_REPORTS}\b|\b{_ACCORDING} (?:the )?{name}\b"
    )
    return re.search(reports, claim, re.IGNORECASE) is not None


def warnings(claim: str, grounds: CitedEvidence) -> tuple[str, ...]:
    """What a reader should know of the sources of a claim that stands."""
    found = []
    if len(corroboration.origins(claim, grounds)) == 1:
        found.append("One origin: no independent source in the evidence says this.")
    if grounds.cited and all(_ANONYMOUS.search(g.text) for g in grounds.cited):
        found.append("Rests on sources that are not named.")
    if _bare(claim) and _is_quoted_whole(claim, grounds):
        found.append("The source itself doesn't say who alleges this.")
    if speaker := _self(claim, grounds):
        found.append(f"A statement of {speaker} about itself.")
    return tuple(found)


def _self(claim: str, grounds: CitedEvidence) -> str | None:
    """The byline that all cited passages share and that the claim is about."""
    shared = [b for g in grounds.cited[:1] for b in g.bylines]
    for byline in shared:
        if all(byline in g.bylines for g in grounds.cited) and _about(byline, claim):
            return byline
    return None


def _about(byline: str, claim: str) -> bool:
    """Whether the claim names the byline in full: "Tolby" is not the Tolby Courier."""
    own = set(names.Name(byline.removeprefix("The "), 0, 0).words)
    return any(set(name.words) == own for name in names.names(claim))
