"""Plans that a sentence calls off or moves: "cancelled the flight", "moved the vote to 5 May"."""

from __future__ import annotations

import re

from summarizer.text.cache import cached_by_text
from summarizer.text.dates import mentions
from summarizer.text.tokens import STOPWORDS, listed, stem, tokens

_WHAT = (
    r"(?=\s(?:the|its|their|his|her|an?|all|until)\b|\s(?:to|from|for)\s\d"
    r"|\s(?:to|from|for)\s[A-Z][a-z]{2,8}\b\.?(?:\s\d|[.,;])|[.,;])"
)
"""What stands behind a verb that has other meanings: "delayed the vote", not "delayed braking"."""

_OFF = re.compile(
    r"\b(?:cancel(?:s|led|ling|ed)?|call(?:s|ed|ing)? (?:it |them )?off|scrap(?:s|ped|ping)?"
    r"|shelv(?:es?|ed|ing)|abandon(?:s|ed|ing)?|ditch(?:es|ed)?|no longer (?:plan|intend)\w{0,3}"
    r"|drop(?:s|ped|ping)? (?:(?:its|their|his|her|the|a|all) )?(?:plans?|bid|proposal|project)"
    r"|(?:will|would) no longer|(?:pull|back)(?:s|ed) out"
    rf"|(?:halt(?:s|ed)?|lift(?:s|ed)?|axe[sd]?|revers(?:es?|ed)){_WHAT})(?!\w)",
    re.IGNORECASE,
)
_MOVED = re.compile(
    r"\b(?:postpon(?:es?|ed|ing)|put(?:s|ting)? (?:back|off)|push(?:es|ed)? back|brought forward"
    r"|reschedul(?:es?|ed|ing)|adjourn(?:s|ed)?|defer(?:s|red)?"
    rf"|(?:mov(?:es?|ed)|delay(?:s|ed)?|extend(?:s|ed)?){_WHAT})(?!\w)",
    re.IGNORECASE,
)
_MOVED_TO = re.compile(r"\b(?:to|until|till)\s(?:(?:early|late|mid)[\s-])?$", re.IGNORECASE)
_REFUSES = re.compile(
    r"\b(?:will|would|wo)(?: not|n[’']t) (?:now |\w+ly )?"
    r"(?P<verb>[a-z]{3,})",
    re.IGNORECASE,
)
_UNDONE = re.compile(
    r"\b(?:if|could|(?-i:may)|might|should|whether|unless|ask\w*|call(?:s|ed)? (?:on|for)|urg\w+"
    r"|demand\w*|want\w*|threat\w+|deni\w+|not|never|refus\w+ to|propos\w+)\b(?:\W+\w+){0,6}\W*$",
    re.IGNORECASE,
)
_SHARED = 2


def calls_off(text: str) -> bool:
    """Whether a sentence calls off or moves a plan."""
    return any(_is_done(text, m) for pattern in (_OFF, _MOVED) for m in pattern.finditer(text))


def refuses(text: str) -> bool:
    """Whether a sentence says that somebody will not do something."""
    return _REFUSES.search(text) is not None


def moves_to(text: str, start: int) -> bool:
    """Whether the day at an offset is the one to which a sentence moves a plan."""
    return bool(_moved(text) and _MOVED_TO.search(text[:start]))


def is_called_off(text: str, start: int) -> bool:
    """Whether a sentence calls off what was planned for the day at an offset."""
    return calls_off(text) and not moves_to(text, start)


def overtakes(later: str, plan: str) -> bool:
    """Whether a later sentence calls off or moves the plan that another one announces.

    They share a day and a word of the plan, or two words of which one is no name; a refusal ("would
    not resign") has the verb of the plan.
    """
    mine = _content(plan)
    for refused in _REFUSES.finditer(later):
        if stem(refused["verb"]) in mine[0] and (mine[0] | mine[1]) & _content(later)[1]:
            return True
    if not calls_off(later):
        return False
    theirs = _content(later)
    shared = mine[0] & theirs[0]
    days = _days(plan) & _days(later)
    if not days and _days(plan) and _left(later):
        return False  # what is called off or moved had another day
    enough = len(shared) + len(mine[1] & theirs[1]) >= _SHARED
    return bool((days and (shared or mine[1] & theirs[1])) or (shared and enough))


def _moved(text: str) -> bool:
    return any(_is_done(text, m) for m in _MOVED.finditer(text))


def _is_done(text: str, match: re.Match[str]) -> bool:
    return _UNDONE.search(text[max(0, match.start() - 80) : match.start()]) is None


@cached_by_text
def _content(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Content stems of a sentence without its dates: of common words, and of names."""
    whens = [(w.start, w.end) for w in mentions(text)]
    words = [
        t
        for t in tokens(text)
        if t.norm not in STOPWORDS
        and t.norm.isalpha()
        and not any(a <= t.start < b for a, b in whens)
    ]
    names = {stem(t.norm) for t in words if t.text[:1].isupper()}
    return frozenset(stem(t.norm) for t in words) - names - _PLAIN, frozenset(names)


def _left(text: str) -> bool:
    """Whether a sentence names the day from which it moves a plan."""
    return any(w.day and not _MOVED_TO.search(text[: w.start]) for w in mentions(text))


def _days(text: str) -> frozenset[tuple[int | None, int | None]]:
    return frozenset((w.month, w.day) for w in mentions(text) if w.day)


_PLAIN = frozenset(
    map(
        stem,
        listed(
            """
            said says say told plan plans planned company cancel cancelled call called scrap
            scrapped drop dropped move moved postpone postponed delay delayed halt halted new people
            """
        ),
    )
)
"""Stems that two sentences share by chance."""
