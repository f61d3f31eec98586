"""Who accuses, objects, denies, defends or says what in German, Spanish and French sentences.

There is no grammar here for these languages: a full name beside a verb of one of the groups has the
word.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from summarizer.domain.claims import Position
from summarizer.text.language import is_of_others


class ForeignAct(NamedTuple):
    """An act of a sentence, with the full name of who does it and its office, empty without one."""

    position: Position
    actor: str
    office: str


_VERBS = {
    Position.DENIES: (
        r"bestritt\w*|bestreite\w+|dementier\w+|(?:wies|weist|wiesen)\b(?=.*\bzurück\b)"
        r"|neg(?:ó|aron)|desmint\w+|rechaz(?:ó|aron)(?=.*\b(?:acusaci|denunci))"
        r"|nie(?:nt)?\b|nié\w*|dément\w*|rejet(?:te|é)\w*(?=.*\baccusation)"
    ),
    Position.ACCUSES: (
        r"beschuldig\w+|(?:warf|wirft|warfen|werfen)\b(?=.*\bvor\b)"
        r"|acus(?:a|ó|aron)|denunci(?:a|ó|aron)|culp(?:a|ó|aron)|accus(?:e|ent|é)\w*|dénonc\w+"
    ),
    Position.OBJECTS: (
        r"kritisier\w+|protestier\w+|(?:lehnt|lehnte)\b(?=.*\bab\b)"
        r"|critic(?:a|ó|aron)|rechaz(?:a|ó|aron)|critiqu\w+|rejet(?:te|é)\w*|dénigr\w+"
    ),
    Position.DEFENDS: (
        r"verteidig\w+|unterstütz\w+|begründe\w+|defend(?:ió|ieron)|defiende\w*|apoy(?:a|ó|aron)"
        r"|respald(?:a|ó|aron)|justific(?:a|ó|aron)|défend\w*|souti(?:ent|ennent)|justifi\w+"
    ),
    Position.REPORTS: (
        r"sagte\w*|erklärte\w*|(?:teilte|kündigte)n?\b(?=.*\b(?:mit|an)\b)"
        r"|dijo|declaró|informó|aseguró|anunció|déclaré|dit\b|annoncé|affirmé|estimé"
    ),
}
"""Verbs by what their subject does; the first that fits decides."""
_WORD = r"[A-ZÀ-Þ][\w’-]*[a-zß-ÿ]"
_NAME = rf"(?P<name>{_WORD}(?:\s(?:de|del|van|von))?\s{_WORD})"
_HAS = r"(?:(?:hat|haben|ha|han|a|ont)\s)?"
_BEHIND = _NAME.replace("name", "behind")
_ACTS = [
    (position, re.compile(rf"\b{_NAME},?\s{_HAS}(?:{verbs})|,\s(?:{verbs})\s{_BEHIND}"))
    for position, verbs in _VERBS.items()
]
_APPOSED = re.compile(r"(?:^|[.,»”\"]\s)(?:\w+\s|[LlDd][’'])(?P<office>[^,.;:«»“”\"]{3,60}),\s$")
_TITLE = re.compile(
    r"(?:(?:^|\s)(?:[Dd]er|[Dd]ie|[Ee]l|[Ll]a|[Ll]e)\s|^|(?:[.,]\s))(?P<office>[^\W\d_][\w-]{3,})\s$"
)
_ANY = re.compile("|".join(rf"\b(?:{verbs})" for verbs in _VERBS.values()))


def foreign_act(text: str) -> ForeignAct | None:
    """The act that a sentence in another language tells of somebody by full name."""
    if not is_of_others(text):
        return None
    for position, pattern in _ACTS:
        if found := pattern.search(text):
            at = "name" if found["name"] else "behind"
            before = text[: found.start(at)]
            held = _APPOSED.search(before) or _TITLE.search(before)
            return ForeignAct(position, found[at], held["office"] if held else "")
    return None


def speaks_abroad(text: str) -> bool:
    """Whether a sentence in another language has such a verb."""
    return is_of_others(text) and _ANY.search(text) is not None
