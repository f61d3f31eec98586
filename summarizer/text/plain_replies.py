"""Answers in fixed forms: a name right before "denied it", "declined to comment", "could not be
reached".

Grammar reads the other answers.  These are the forms of newswriting in which a short sentence about
an unusual surname is parsed wrongly, and the usual ones in German and Spanish, which no parser here
reads.  A page must not say that nobody answered.
"""

from __future__ import annotations

import re

from summarizer.domain.accusations import ReplyKind
from summarizer.text.job_titles import NOUNS
from summarizer.text.names import TITLES

_MATTER = (
    r"(?:it|this|that(?=\s*(?:[.,;]|$))|them|any|all|wrongdoing|guilt"
    r"|(?:the|these|those|his|her|its|their)\s(?:accusations?|allegations?|claims?|charges?))"
)
_FORMS = (
    (
        ReplyKind.DENIAL,
        r"(?:den(?:ied|ies)|reject(?:ed|s)|dismiss(?:ed|es)|disput(?:ed|es))\s"
        rf"{_MATTER}|(?:has|have|had)\s(?:denied|rejected|dismissed|disputed)\s{_MATTER}"
        r"|plead(?:ed)?\snot\sguilty|pled\snot\sguilty",
    ),
    (
        ReplyKind.DECLINED,
        r"(?:declined|refused)\s(?:to\s(?:comment|answer|respond)|comment)",
    ),
    (
        ReplyKind.NO_ANSWER_REPORTED,
        r"(?:did\snot|didn['’]t|has\snot|had\snot|have\snot|hasn['’]t)\s(?:immediately\s|yet\s)?"
        r"(?:respond|repl|return|answer|comment)\w{0,3}"
        r"|could\snot\s(?:immediately\s)?be\sreached|was\snot\s(?:immediately\s)?available",
    ),
)
_VORWURF = (
    r"(?:\w{1,20}\s){0,2}(?:Vorw[uü]rfe?|Anschuldigung(?:en)?|Anklage|Anklagepunkte|Verdacht"
    r"|Fehlverhalten|alles)"
)
_ACUSACION = (
    r"(?:\w{1,20}\s){0,2}(?:acusaci(?:ón|ones)|denuncias?|cargos?|imputaci(?:ón|ones)"
    r"|señalamientos?)"
)
_HALTLOS = r"(?:haltlos|falsch|unwahr|unbegründet|absurd|erfunden|Lüge|Unsinn|Verleumdung)"
_FALSO = r"(?:fals|infundad|absurd)[oa]s?"
_SPEAKER = (
    r"(?:s|'s|’s|’|'|-)?"
    r"(?:\s?(?:Anwalt|Anwälte|Anwältin|Verteidiger|Verteidigerin|Sprecher|Sprecherin))?"
)
_CLAUSE = r"(?:[\w-]{1,30}\s){0,10}"
_FEW = r"(?:\w{1,20}\s){0,5}"
_FOREIGN = (
    (
        ReplyKind.DENIAL,
        rf"(?:wies|weist|wiesen|weisen)\s{_VORWURF}\s{_FEW}(?:zurück|von\ssich)"
        rf"|(?:hat|haben|hatte|hatten)\s{_VORWURF}\s{_CLAUSE}(?:zurückgewiesen|bestritten|dementiert)"
        rf"|(?:nannte|nennt|nannten|nennen|bezeichne(?:te|ten|t|n))\s{_VORWURF}\s{_FEW}{_HALTLOS}"
        rf"|(?:calific|tach|tild)(?:ó|aron|a|an)\s(?:de\s{_FALSO}\s)?{_ACUSACION}"
        rf"|(?:bestreite[tn]|bestritt(?:en)?|dementier(?:te|ten|t|en))\s{_VORWURF}"
        rf"|(?:negó|negaron|nieg(?:a|an)|han?\snegado)\s"
        rf"(?:{_ACUSACION}|todo|los\shechos|(?:que\s)?hab(?:er|ía|ían|iera))"
        r"|(?:rechaz(?:ó|aron|a|an)|han?\srechazado|desm(?:intió|intieron|iente|ienten))\s"
        rf"{_ACUSACION}",
    ),
    (
        ReplyKind.DECLINED,
        rf"(?:wollte|wollten|möchte|will)\s{_FEW}nicht\s{_FEW}(?:äußern|kommentieren|Stellung)"
        r"|lehnten?\s(?:eine|jede|jeden|einen)\s(?:Stellungnahme|Kommentar)"
        rf"|äußer(?:te|ten|t)\ssich\s{_FEW}nicht"
        r"|(?:declinó|declinaron|rehusó|rehusaron|se\snegó\sa|se\snegaron\sa|no\squiso"
        r"|no\squisieron|evitó)\s(?:comentar|responder|contestar|declarar|hacer|pronunciarse)",
    ),
    (
        ReplyKind.NO_ANSWER_REPORTED,
        rf"(?:reagier|antworte)(?:te|ten)\s{_FEW}nicht"
        rf"|(?:war|waren)\s{_FEW}nicht\s(?:zu\serreichen|erreichbar)"
        rf"|ließ(?:en)?\s{_FEW}unbeantwortet"
        r"|no\s(?:han?\s)?(?:respondió|respondieron|respondido|contestó|contestaron|contestado"
        r"|atendió)",
    ),
)
_BEHIND = [
    (kind, re.compile(rf"{behind}\s(?:{form})\b"), forms is _FORMS)
    for forms, behind in ((_FORMS, ""), (_FOREIGN, _SPEAKER))
    for kind, form in forms
]
"""Kind and form, and whether it is English."""
_TURNED = re.compile(rf"\b{_VORWURF}\s(?:wies|weist|wiesen|weisen|bestritt|bestreitet)\s{_FEW}$")
_LAST = re.compile(r"([\w'’.-]{1,40})\s$")
_PEEK = 120
"""Characters before a name that are read."""


def plain_reply(sentence: str, name: str) -> ReplyKind | None:
    """Answer of somebody in a fixed form right behind the last word of a name; ``None`` without.

    A word with a capital before it must be of the name, a title or an office: "Karl Lind" is not
    Ada Lind.

    Args:
        sentence: the sentence.
        name: the name, as written.
    """
    words = name.split()
    if not words or not words[-1][:1].isupper():
        return None
    for found in re.finditer(rf"\b{re.escape(words[-1])}(?=s?\b)", sentence):
        before = sentence[max(0, found.start() - _PEEK) : found.start()]
        if _TURNED.search(before):  # "Die Vorwürfe wies Acme zurück"
            return ReplyKind.DENIAL
        for kind, form, english in _BEHIND:
            if form.match(sentence, found.end()) and (not english or _is_of(before, words)):
                return kind
    return None


def _is_of(before: str, words: list[str]) -> bool:
    found = _LAST.search(before)
    if found is None or len(words) == 1 or not found[1][:1].isupper():
        return True
    word = found[1].rstrip(".")
    return found[1] in words or word.casefold() in TITLES | NOUNS
