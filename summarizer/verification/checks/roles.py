"""Roles: who did it to whom.  "Acme sued Kestrel" fails where the passages say that Kestrel sued.

A relation is a verb of ``_RELATIONS`` with the words before it and behind it in its clause; the
passive ("was sued by"), "lawsuit by … against …" and "in a suit against" are read the right way
round.  A claim fails only when a cited sentence has the same relation with the two exchanged and
none has it as the claim does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text.cache import cached_by_text
from summarizer.text.names import names
from summarizer.text.sentences import sentences
from summarizer.text.tokens import STOPWORDS, read
from summarizer.verification.evidence import CitedEvidence, CitedText

REACH = 9
"""Words before and behind the verb that may name who did it, and to whom."""

_RELATIONS = {
    "sue": r"sue[sd]?|suing",
    "accuse": r"accus(?:e[sd]?|ing)",
    "fine": r"fine[sd]|fining",
    "acquire": r"acquire[sd]?|acquiring|b(?:ought|uys?|uying)|purchas(?:e[sd]?|ing)"
    r"|t(?:ook|akes?|aking|aken) over",
    "criticise": r"critici[sz](?:e[sd]?|ing)|condemn(?:s|ed|ing)?|denounc(?:e[sd]?|ing)"
    r"|rebuk(?:e[sd]?|ing)|slam(?:s|med|ming)|attack(?:s|ed|ing)?",
    "praise": r"prais(?:e[sd]?|ing)|applaud(?:s|ed|ing)?|commend(?:s|ed|ing)?",
    "fire": r"fire[sd]|firing|dismiss(?:es|ed|ing)?|sack(?:s|ed|ing)?|oust(?:s|ed|ing)?",
    "hire": r"hire[sd]?|hiring|recruit(?:s|ed|ing)?|appoint(?:s|ed|ing)?|employ(?:s|ed|ing)?",
    "defeat": r"defeat(?:s|ed|ing)?|beat(?:s|en|ing)?|outperform(?:s|ed|ing)?|overt(?:ook|akes?"
    r"|aking|aken)|surpass(?:es|ed|ing)?",
    "replace": r"replac(?:e[sd]?|ing)|succeed(?:s|ed|ing)",
    "blame": r"blam(?:e[sd]?|ing)",
    "pay": r"paid|pays?|paying|reimburs(?:e[sd]?|ing)|compensat(?:e[sd]?|ing)",
    "license": r"licen[sc](?:e[sd]?|ing)",
    "invest": r"invest(?:s|ed|ing)? (?:[^.,;]{0,40} )?in|back(?:s|ed|ing)|fund(?:s|ed|ing)",
    "sell": r"s(?:old|ells?|elling) (?:[^.,;]{0,40} )?to",
    "supply": r"suppl(?:y|ies|ied|ying)",
    "arrest": r"arrest(?:s|ed|ing)?|detain(?:s|ed|ing)?",
    "charge": r"charg(?:e[sd]|ing)|indict(?:s|ed|ing)?|prosecut(?:e[sd]?|ing)",
    "kill": r"kill(?:s|ed|ing)?|murder(?:s|ed|ing)?|shot|shoots?|stab(?:s|bed|bing)",
    "hit": r"hit(?:s|ting)?|struck|strikes|injur(?:e[sd]?|ing)",
    "warn": r"warn(?:s|ed|ing)?",
    "tell": r"told|tells",
    "threaten": r"threaten(?:s|ed|ing)?",
    "investigate": r"investigat(?:e[sd]?|ing)|prob(?:e[sd]|ing)|audit(?:s|ed|ing)",
    "support": r"support(?:s|ed|ing)?|endors(?:e[sd]?|ing)",
    "oppose": r"oppos(?:e[sd]?|ing)",
    "ban": r"ban(?:s|ned|ning)|block(?:s|ed|ing)?|bar(?:s|red|ring)",
    "help": r"help(?:s|ed|ing)?|rescu(?:e[sd]?|ing)|sav(?:e[sd]|ing)",
    "hack": r"hack(?:s|ed|ing)?|breach(?:es|ed|ing)",
    "copy": r"cop(?:ies|ied|ying)|plagiari[sz](?:e[sd]?|ing)",
    "deceive": r"deceiv(?:e[sd]?|ing)|misle(?:d|ads?|ading)|defraud(?:s|ed|ing)?"
    r"|cheat(?:s|ed|ing)",
}
"""Verbs of which exchanging the two sides makes another claim.  Verbs of one relation count as the
same; "met" or "married" read the same both ways and are not here."""

_VERBS = re.compile(
    r"\b(?:" + "|".join(f"(?P<{name}>{forms})" for name, forms in _RELATIONS.items()) + r")\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|gets?|got|,)\s+(?:\w+ly\s+|also\s+|later\s+|not\s+)*$",
    re.IGNORECASE,
)
_SUIT = re.compile(
    r"\b(?:law)?(?:suits?|complaints?|case|claims?)\b(?P<between>[^.;]{0,90}?)\bagainst\b",
    re.IGNORECASE,
)
_FILED_BY = re.compile(r"\b(?:by|from|of)\b", re.IGNORECASE)
_BREAK = re.compile(
    r"[;:()“”\"\n]|,|\s[-–—]\s|—|\b(?:while|but|whereas|although|though|after|before|because|when"
    r"|that|who|which|whom|if|as)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:not|never|no longer|n[o']t|without)\s+(?:\w+\s+)?$|n['’]t\s*$", re.I)


class Side(NamedTuple):
    """Who stands on one side of a relation: its content stems, and whether they are a name."""

    stems: frozenset[str]
    is_name: bool

    def agrees(self, other: Side) -> bool:
        """Whether the two share a word."""
        return bool(self.stems & other.stems)


@dataclass(frozen=True)
class Relation:
    """One thing done by somebody to somebody.

    Args:
        kind: of ``_RELATIONS``.
        agent: who did it.
        patient: to whom.
    """

    kind: str
    agent: Side
    patient: Side
    start: int
    end: int


@cached_by_text
def relations(text: str) -> tuple[Relation, ...]:
    """Every relation of a text of which both sides are named, sentence by sentence."""
    return tuple(r for span in sentences(text) for r in _of_sentence(text, span.start, span.end))


def _of_sentence(text: str, start: int, end: int) -> Iterator[Relation]:
    sentence = text[start:end]
    for match in _VERBS.finditer(sentence):
        kind = match.lastgroup
        ahead, behind = sentence[: match.start()], sentence[match.end() :]
        if kind is None or _NEGATED.search(ahead):
            continue
        sides = _sides(ahead, behind)
        if sides and all(side.stems for side in sides):
            yield Relation(kind, *sides, start + match.start(), start + match.end())
    for match in _SUIT.finditer(sentence):
        sides = _suit(sentence, match)
        if all(side.stems for side in sides):
            yield Relation("sue", *sides, start + match.start(), start + match.end())


def _sides(ahead: str, behind: str) -> tuple[Side, Side] | None:
    """Who did it and to whom; ``None`` for a passive without "by"."""
    before, after = _last_clause(ahead), _first_clause(behind)
    by = re.search(r"\bby\b", after)
    if _PASSIVE.search(ahead) or (by and by.start() <= 1):
        if by is None or len(after[: by.start()].split()) > REACH:
            return None
        return _named(after[by.end() :], first=True), _named(before, first=False)
    return _named(before, first=False), _named(after, first=True)


def _suit(sentence: str, match: re.Match[str]) -> tuple[Side, Side]:
    """The sides of "A filed a suit against B" and "the suit by A against B"."""
    filer = _FILED_BY.search(match["between"])
    if filer:
        who = _named(match["between"][filer.end() :], first=True)
    else:
        who = _named(_last_clause(sentence[: match.start()]), first=False)
    return who, _named(_first_clause(sentence[match.end() :]), first=True)


def _last_clause(ahead: str) -> str:
    """What stands before a verb in its clause; an aside between commas is left out."""
    ahead = re.sub(r",[^,;.]{1,60},\s*$", " ", ahead.rstrip() + (" " if ahead[-1:] == " " else ""))
    pieces = [p for p in _BREAK.split(ahead) if p.strip()]
    return pieces[-1] if pieces else ""


def _first_clause(behind: str) -> str:
    return _BREAK.split(behind, maxsplit=1)[0]


def _named(text: str, first: bool) -> Side:
    """The nearest name of a stretch, or its nearest content words where it holds no name."""
    # What is behind a verb opens no sentence, so a capital there is sure.
    found = [n for n in names(f"so {text.lstrip()}" if first else text) if n.sure or not first]
    if found:
        name = found[0] if first else found[-1]
        return Side(read(name.text).content_set, True)
    reading = read(text)
    content = [
        s for s, t in zip(reading.stems, reading.tokens, strict=True) if t.norm not in STOPWORDS
    ]
    return Side(frozenset(content[:3] if first else content[-3:]), False)


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail each relation of the claim that the cited passages tell the other way round."""
    failures = []
    for mine in relations(claim):
        theirs = [(r, g) for g in grounds.cited for r in relations(g.text) if r.kind == mine.kind]
        if any(_same(mine, r) for r, _ in theirs):
            continue
        turned = [(r, g) for r, g in theirs if _exchanged(mine, r)]
        if turned:
            failures.append(_failure(claim, mine, *turned[0], grounds))
    return failures


def _same(mine: Relation, theirs: Relation) -> bool:
    """Whether both sides agree, or one does and the passage doesn't name the other."""
    agent, patient = mine.agent.agrees(theirs.agent), mine.patient.agrees(theirs.patient)
    if agent and patient:
        return True
    return (agent and not theirs.patient.is_name) or (patient and not theirs.agent.is_name)


def _exchanged(mine: Relation, theirs: Relation) -> bool:
    return mine.agent.agrees(theirs.patient) and mine.patient.agrees(theirs.agent)


def _failure(
    claim: str, mine: Relation, theirs: Relation, ground: CitedText, grounds: CitedEvidence
) -> Failure:
    def holds(other: CitedText) -> bool:
        return any(r.kind == mine.kind and _same(mine, r) for r in relations(other.text))

    span = next(s for s in sentences(ground.text) if s.start <= theirs.start < s.end)
    said = ground.text[span.start : span.end]
    return Failure(
        check="roles",
        reason=f'The claim exchanges who did it and to whom; the cited passage says "{said}"',
        start=mine.start,
        end=mine.end,
        better=grounds.better(claim, holds),
        label=VerdictLabel.CONTRADICTED,
    )
