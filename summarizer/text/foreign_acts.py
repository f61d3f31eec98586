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

    @property
    def tells_side(self) -> bool:
        """Whether it tells the side of who does it."""
        for_another = self.position is Position.OBJECTS and _SPEAKS_FOR.search(self.office)
        return self.position is not Position.REPORTS and not for_another


_SPEAKS_FOR = re.compile(
    r"sprecher|(?<!staats)anw[aä]lt|geschäftsführ|portavo|abogad|gerente|porte-parole|avocat|directeur"
    r"|directrice|direct(?:or|ora)\b",
    re.IGNORECASE,
)
"""Offices in which a person speaks for a body or for another person; a prosecutor's is none."""
_WORD = r"[A-ZÀ-Þ][\w’-]{0,40}[a-zß-ÿ]"
_NAME = rf"(?P<name>{_WORD}(?:\s(?:de|del|van|von))?\s{_WORD})"
_HAS = r"(?:(?:hat|haben|ha|han|a|ont)\s)?"
_BEHIND = _NAME.replace("name", "behind")


class _Verbs(NamedTuple):
    """Verbs by what their subject does, and what must follow them in the sentence."""

    position: Position
    anyone: re.Pattern[str]
    by_name: re.Pattern[str]
    later: re.Pattern[str] | None

    def search(self, pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
        """The first match of one of the patterns.

        What must follow is sought once, behind the first match, and not in the pattern: a look to
        the end of the sentence from each word takes time that grows with the square of its length.
        """
        found = pattern.search(text)
        if found is None or self.later is None:
            return found
        return found if self.later.search(text, found.end()) else None


def _verbs(position: Position, verbs: str, later: str = "") -> _Verbs:
    return _Verbs(
        position,
        re.compile(rf"\b(?:{verbs})"),
        re.compile(rf"\b{_NAME},?\s{_HAS}(?:{verbs})|,\s(?:{verbs})\s{_BEHIND}"),
        re.compile(rf"\b(?:{later})") if later else None,
    )


_ACTS = (
    _verbs(
        Position.DENIES,
        r"bestritt\w*|bestreite\w+|dementier\w+|neg(?:ó|aron)|desmint\w+|nie(?:nt)?\b|nié\w*|dément\w*",
    ),
    _verbs(Position.DENIES, r"(?:wies|weist|wiesen)\b", r"zurück\b"),
    _verbs(Position.DENIES, r"rechaz(?:ó|aron)|rejet(?:te|é)\w*", r"acusaci|denunci|accusation"),
    _verbs(
        Position.ACCUSES,
        r"beschuldig\w+|acus(?:a|ó|aron)|denunci(?:a|ó|aron)|culp(?:a|ó|aron)"
        r"|accus(?:e|ent|é)\w*|dénonc\w+",
    ),
    _verbs(Position.ACCUSES, r"(?:warf|wirft|warfen|werfen)\b", r"vor\b"),
    _verbs(
        Position.OBJECTS,
        r"kritisier\w+|protestier\w+|critic(?:a|ó|aron)|rechaz(?:a|ó|aron)|critiqu\w+"
        r"|rejet(?:te|é)\w*|dénigr\w+",
    ),
    _verbs(Position.OBJECTS, r"lehnte?\b", r"ab\b"),
    _verbs(
        Position.DEFENDS,
        r"verteidig\w+|unterstütz\w+|begründe\w+|defend(?:ió|ieron)|defiende\w*|apoy(?:a|ó|aron)"
        r"|respald(?:a|ó|aron)|justific(?:a|ó|aron)|défend\w*|souti(?:ent|ennent)|justifi\w+",
    ),
    _verbs(
        Position.REPORTS,
        r"sagte\w*|erklärte\w*|dijo|declaró|informó|aseguró|anunció"
        r"|déclaré|dit\b|annoncé|affirmé|estimé",
    ),
    _verbs(Position.REPORTS, r"(?:teilte|kündigte)n?\b", r"(?:mit|an)\b"),
)
"""The first that fits decides."""
_APPOSED = re.compile(r"(?:^|[.,»”\"]\s)(?:\w+\s|[LlDd][’'])(?P<office>[^,.;:«»“”\"]{3,60}),\s$")
_TITLE = re.compile(
    r"(?:(?:^|\s)(?:[Dd]er|[Dd]ie|[Ee]l|[Ll]a|[Ll]e)\s|^|(?:[.,]\s))(?P<office>[^\W\d_][\w-]{3,})\s$"
)


def foreign_act(text: str) -> ForeignAct | None:
    """The act that a sentence in another language tells of somebody by full name."""
    if not is_of_others(text):
        return None
    for verbs in _ACTS:
        if found := verbs.search(verbs.by_name, text):
            at = "name" if found["name"] else "behind"
            before = text[: found.start(at)]
            held = _APPOSED.search(before) or _TITLE.search(before)
            return ForeignAct(verbs.position, found[at], held["office"] if held else "")
    return None


def speaks_abroad(text: str) -> bool:
    """Whether a sentence in another language has such a verb."""
    return is_of_others(text) and any(verbs.search(verbs.anyone, text) for verbs in _ACTS)
