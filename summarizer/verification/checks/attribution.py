"""Attribution: who reports what a claim says.

Fails a claim that names an outlet or author as reporting what it does not, or tells of "several
outlets" where one origin says it.  Adds the warnings that
stand beside a claim that passes: anonymous sources, an allegation by nobody, and what only its own
subject tells.
"""

from __future__ import annotations

import re

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text import names
from summarizer.text.clauses import Clause, Role, clauses
from summarizer.text.quotations import quotes, speakers, verbatim_free
from summarizer.text.sentences import sentences
from summarizer.text.tokens import listed
from summarizer.verification import corroboration
from summarizer.verification.corroboration import Tellers
from summarizer.verification.evidence import CitedEvidence
from summarizer.verification.speakers import SPEAKS

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
    r"\banonym\w+|(?:\A|[.!?”\"]\s)Anonymous\b"  # a group of that name stands inside a sentence
    r"|\b(?i:on condition of|unnamed|unidentified|(?:people|persons?|sources?) (?:familiar|close"
    r"|with (?:direct )?knowledge|briefed)|asked not to be (?:named|identified))\b"
)


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail an outlet or author that is cited and named as who reports a claim, whose own passages
    do not say it, and plural sources of one origin.

    Passages of an item that only bears an outlet's name are not its own.
    """
    telling = corroboration.carried_by(claim, grounds)
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
    ] + _plural(claim, telling, grounds)


def _plural(claim: str, telling: frozenset[str], grounds: CitedEvidence) -> list[Failure]:
    """The newsroom's rule: two outlets that copy one wire are one source."""
    match = _PLURAL.search(verbatim_free(claim, grounds.text))
    if match is None or len(telling) != 1 or _PLURAL.search(grounds.text):
        return []
    return [
        Failure(
            check="attribution",
            reason=f'"{match.group()}" is plural, but one origin says this.',
            label=VerdictLabel.PARTLY,
        )
    ]


def _bare(claim: str) -> bool:
    """Whether a claim says "allegedly" and not who alleges."""
    match = _ALLEGEDLY.search(claim)
    return match is not None and not _WHO.search(claim) and not _is_verb(claim, match)


def _is_verb(claim: str, match: re.Match[str]) -> bool:
    """``The union alleged wage theft`` names who alleges; ``the alleged theft`` doesn't."""
    if match.group().casefold() != "alleged":
        return False
    head = re.search(r"\b(\w+)\s+$", claim[: match.start()])
    if head is None:
        return False
    word = head.group(1).casefold()
    return word not in _BEFORE_ADJECTIVE


def _names_as_source(byline: str, claim: str) -> bool:
    name = re.escape(byline.removeprefix("The "))
    reports = (
        rf"{name}['’]?s?\s+(?:has |had |also |first )*{_REPORTS}\b|\b{_ACCORDING} (?:the )?{name}\b"
    )
    return re.search(reports, claim, re.IGNORECASE) is not None


def warnings(claim: str, grounds: CitedEvidence, told: Tellers) -> tuple[str, ...]:
    """What a reader should know of the sources of a claim that stands.

    Args:
        claim: the claim.
        grounds: what it cites.
        told: who asserts it anywhere in the evidence.
    """
    found = []
    if grounds.cited and all(_ANONYMOUS.search(g.text) for g in grounds.cited):
        found.append("Rests on sources that are not named.")
    if _bare(claim):
        found.append("It does not say who alleges this.")
    if told.origins == 1 and told.names and _about(told.names[0], claim, grounds):
        found.append(f"Rests on {_owner(told.names[0])} own statement.")
    return tuple(found)


def _owner(name: str) -> str:
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def _about(teller: str, claim: str, grounds: CitedEvidence) -> bool:
    """Whether a claim tells what its only teller does or is, and does not report speech.

    An outlet that only reports is no party of the story: the texts name it as a source at most.
    What a regulator does to another, or finds of it, is no statement about itself.
    """
    if quotes(claim) or any(_names_of(teller, speaker) for speaker in speakers(claim)):
        return False
    told = [
        clause for span in sentences(claim) for clause in clauses([claim[span.start : span.end]])[0]
    ]
    if any(operator.kind in SPEAKS for clause in told for operator in clause.operators):
        return False
    own = any(_tells_of(teller, clause) for clause in told)
    return own and (not _is_outlet(teller, grounds) or _is_party(teller, grounds))


def _is_outlet(teller: str, grounds: CitedEvidence) -> bool:
    return any(
        _names_of(teller, byline) for g in grounds.known for byline in (g.outlet, *g.bylines)
    )


def _is_party(outlet: str, grounds: CitedEvidence) -> bool:
    texts = (text for g in grounds.known for text in (g.text, g.title))
    return any(_names_of(outlet, t) and not _names_as_source(outlet, t) for t in texts)


def _tells_of(byline: str, clause: Clause) -> bool:
    subject = clause.argument(Role.SUBJECT)
    if subject is None or clause.governed:  # "said that …": the clause below tells it
        return False
    if not _names_of(byline, subject.text):
        return False
    rest = (a.text for a in clause.arguments if a is not subject)
    return not any(name for text in rest for name in names.names(text))


def _names_of(byline: str, text: str) -> bool:
    """Whether a text names a byline in full: "Tolby" is not the Tolby Courier."""
    own = set(names.Name(byline.removeprefix("The "), 0, 0).words)
    return any(set(name.words) == own for name in names.names(text))
