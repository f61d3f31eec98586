"""Faults in names: another name, an invented one, another speaker, exchanged roles."""

from __future__ import annotations

import re
from random import Random

from evals.suites.mutation.target import Target
from evals.suites.mutation.words import Named, Span, content, held, name_words, named
from summarizer.domain.claims import Claim

PEOPLE = ("Tobin Harrowgate", "Elsbeth Quarrie", "Anselm Driscow", "Maren Oldacre")
ORGANISATIONS = ("Northmere Analytics", "Calder & Finch", "the Pellworth Trust", "Vandrell Group")

_ALIASES = (
    "us u.s usa united states america american americans washington",
    "uk britain british united kingdom england english london",
    "eu european union europe brussels",
    "republican republicans gop grand old party conservative conservatives",
    "democrat democrats democratic liberal liberals",
    "white house administration trump obama biden bush clinton president",
    "congress senate house capitol hill lawmakers",
    "supreme court scotus",
    "russia russian kremlin moscow putin", "china chinese beijing",
    "israel israeli", "iran iranian tehran", "iraq iraqi", "syria syrian", "ukraine ukrainian",
    "new york ny", "california ca", "texas", "florida",
)  # fmt: skip
_ALIAS_SETS = tuple(frozenset(group.split()) for group in _ALIASES)
_SAID = (
    r"(?:said|says|told|wrote|added|argued|argues|stated|tweeted|insisted|explained|warned"
    r"|announced|claimed|acknowledged|noted|called)"
)
_ROLE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|President|Judge|Justice|Senator|Secretary|Professor|"
    r"Speaker|Minister|Chancellor|Mayor|Attorney General|Leader)\b\.?\s+$"
)


_OF_A_COUNTRY = re.compile(r"\b\w+(?:an|ish|ese|ch|ans|i|is)")
"""Demonyms, which are never changed or inserted, since "French" and "European" may both fit."""


def is_person(name: str, text: str) -> bool:
    """Whether a text uses a name as a person's: after a title, or before an apposition or verb."""
    words = name.split()
    for match in re.finditer(re.escape(name), text):
        if _ROLE.search(text[max(0, match.start() - 20) : match.start()]):
            return True
        behind = text[match.end() : match.end() + 12]
        if len(words) == 2 and re.match(rf"(?:,\s(?:the|a|an|who|\d\d)\b|\s{_SAID})", behind):
            return True
    return False


def _same_one(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether two names may denote the same: shared word or stem, initials, or known alias."""
    if a & b or any(x.startswith(y[:4]) for x in a for y in b if len(y) >= 4):
        return True
    if any(group & a and group & b for group in _ALIAS_SETS):
        return True
    return any(
        len(short) == 1 and sorted(next(iter(short))) == sorted(word[0] for word in long)
        for short, long in ((a, b), (b, a))
    )


def _initials_of(name: str, text: str) -> bool:
    """Whether a name is an acronym of words in a text, or the text has the name's acronym."""
    letters = re.sub(r"[^A-Z]", "", name)
    if len(letters) < 2:
        return False
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z][A-Za-z'’]*", text))
    spelled = " " not in name and letters.casefold() in initials.casefold()
    return spelled or (" " in name and re.search(rf"\b{letters}\b", text) is not None)


def strangers(target: Target) -> list[str]:
    """Names of the pack that are not in the claim, its passages or their headings."""
    known = [n.words for n in named(target.source)] + [n.words for n in named(target.text)]
    words = content(target.source)
    found: dict[str, None] = {}
    for passage in target.others:
        for name in named(passage.text):
            if any(_same_one(name.words, other) for other in known) or name.words & words:
                continue
            no_name = name.text.isupper() and len(name.text) > 5
            no_name = no_name or name.text.casefold() in target.everything
            no_name = no_name or _OF_A_COUNTRY.fullmatch(name.text) is not None
            if len(name.text) > 2 and not no_name and not _initials_of(name.text, target.source):
                found.setdefault(name.text)
    return list(found)


def _places(target: Target) -> list[Named]:
    """Names of the claim outside quotations that its passages contain."""
    there = name_words(re.sub(r"[^\w\s'’.-]", " ", target.source))
    return [
        n
        for n in named(target.text)
        if not target.is_quoted(n.start)
        and n.words <= there
        and len(n.text) > 1
        and not _OF_A_COUNTRY.fullmatch(n.text)
    ]


def _renamed(target: Target, name: str, other: str) -> Claim:
    """Replace every mention of a name in a claim, also in its actor."""
    pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    text = pattern.sub(other, target.text)
    actor = target.claim.actor
    claim = target.said(text)
    if actor and name_words(actor) & name_words(name):
        claim = claim.model_copy(update={"actor": other})
    return claim


def wrong_name(target: Target, rng: Random) -> Claim | None:
    """Replace a name with another one of the pack.

    Guards: the new name shares no word, stem or initials with a name of the cited passages or
    their headings and is no alias (country, party, office); no passage that contains most of the
    claim's words has it; names in quotations are not changed.
    """
    places = _places(target)
    rng.shuffle(places)
    near = " ".join(p.text for p in target.alike(0.5))
    for place in places:
        kind = is_person(place.text, target.everything)
        others = [o for o in strangers(target) if is_person(o, target.everything) == kind]
        rng.shuffle(others)
        for other in others:
            if not name_words(other) & name_words(near):
                return _renamed(target, place.text, other)
    return None


def invented_name(target: Target, rng: Random) -> Claim | None:
    """Replace a name with an invented one.

    Guards: no word of the invented name is in the pack.
    """
    places = _places(target)
    if not places:
        return None
    place = rng.choice(places)
    names = PEOPLE if is_person(place.text, target.everything) else ORGANISATIONS
    new = [n for n in names if not name_words(n) & name_words(target.everything)]
    return _renamed(target, place.text, rng.choice(new)) if new else None


_SPEAKERS = r"[Pp]olice|[Oo]fficials|[Pp]rosecutors|[Tt]he (?:company|regulator|agency|government)"
_BEFORE_VERB = re.compile(rf"(?P<who>{_SPEAKERS}|(?<!\S)\S+)(?=(?:, [^,“\"]{{3,60}},)? {_SAID}\b)")
_BEHIND_VERB = re.compile(rf"[,”\"] {_SAID} (?P<who>{_SPEAKERS}|[A-Z])")
_ACCORDING = re.compile(r"[Aa]ccording to (?P<who>[A-Z]|police|officials|prosecutors)")


def _speakers(target: Target) -> list[Span]:
    """Spans of speakers in the claim: names, or words such as "police"."""
    found = []
    names = named(target.text)
    for pattern in (_BEFORE_VERB, _BEHIND_VERB, _ACCORDING):
        for match in pattern.finditer(target.text):
            start, end = match.span("who")
            if target.is_quoted(start):
                continue
            if re.fullmatch(rf"{_SPEAKERS}|police|officials|prosecutors", match["who"]):
                found.append((start, end))
            found += [(n.start, n.end) for n in names if n.start <= start < n.end]
    return list(dict.fromkeys(found))


def wrong_speaker(target: Target, rng: Random) -> Claim | None:
    """Ascribe a statement to another person of the cited passages, else of the pack.

    Guards: the new name is no alias of the speaker, does not speak beside the speaker ("A and B
    said"), and does not speak in a passage that is cited or contains half of the claim's content
    words.
    """
    places = _speakers(target)
    rng.shuffle(places)
    for start, end in places:
        old = target.text[start:end]
        if re.search(r"\band\s$|\bor\s$", target.text[:start]) or target.text[end:].startswith(
            " and"
        ):
            continue
        others = _rival_speakers(target, old, start)
        if others:
            return _renamed(target, old, others[rng.randrange(len(others))])
    return None


def _rival_speakers(target: Target, old: str, start: int) -> list[str]:
    near = [p.text for p in (*target.cited, *target.alike(0.5))]
    here = [n.text for p in target.cited for n in named(p.text)]
    found = []
    for other in [*here, *strangers(target)]:
        same = _same_one(name_words(other), name_words(old)) or other in target.text
        if same or _initials_of(other, old) or _initials_of(old, other):
            continue
        says = re.compile(
            rf"{re.escape(other)}[^.“\"]{{0,60}}\b{_SAID}\b|{_SAID} [^.]{{0,20}}"
            rf"{re.escape(other)}|[Aa]ccording to [^.,]{{0,20}}{re.escape(other)}"
        )
        if is_person(other, target.everything) and not any(says.search(t) for t in near):
            found.append(other)
    return list(dict.fromkeys(found))


_ACTIONS = (
    r"sued|accused|fined|bought|acquired|criticized|criticised|told|blamed|dismissed|fired|hired"
    r"|defeated|beat|paid|arrested|charged|killed|struck|warned|threatened|investigated|endorsed"
    r"|attacked|urged|asked|condemned|praised|slammed|rebuked|supported|opposed|backed|targeted"
    r"|replaced|succeeded|nominated|appointed|thanked|informed|contacted|shot|injured|banned"
    r"|blocked|supplied|compensated|reimbursed|challenged|confronted|dominated|overtook"
)
_WHO = (
    r"(?:(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er|[Tt]wo|[Tt]hree|[Ss]ome|[Ff]ormer)\s)?"
    r"(?:[\w’'.&-]+\s){0,4}?[\w’'&.-]*\w"
)
_ACTIVE = re.compile(
    rf"^(?P<agent>{_WHO})\s(?P<verb>(?:(?:has|have|had|also|later|once|reportedly)\s)*"
    rf"(?:{_ACTIONS}))\s(?P<patient>(?:the|a|an|its|their|his|her|two|three|former)\s[\w’-]++(?:\s[\w’-]++)"
    r"{0,2}?(?=\s(?:of|for|over|on|in|to|that|with|from|at|after|by|and|when|who|as)\b|[.,;]|$)"
    r"|(?:[A-Z][\w.]+\s){0,9}[A-Z][\w’-]*\w)"
)
_PASSIVE = re.compile(
    rf"^(?P<agent>{_WHO})\s(?P<verb>(?:was|were|has been|have been|is|are)\s(?:also\s)?"
    rf"(?:{_ACTIONS})\sby)\s(?P<patient>(?:the|a|an|its|their|his|her|two|three)\s[\w’-]++(?:\s[\w’-]++)"
    r"{0,2}?(?=\s(?:of|for|over|on|in|to|that|with|from|at|after|and|when|who|as)\b|[.,;]|$)"
    r"|(?:[A-Z][\w.]+\s){0,9}[A-Z][\w’-]*\w)"
)


def roles_exchanged(target: Target, rng: Random) -> Claim | None:
    """Exchange agent and patient: "A sued B" becomes "B sued A".

    Guards: no symmetric verbs ("met", "married"); at least one side is a name; the two share no
    word; no passage of the pack states the reverse, such as a countersuit.
    """
    match = _ACTIVE.match(target.text) or _PASSIVE.match(target.text)
    if match is None or any(target.is_quoted(match.start(g)) for g in ("verb", "patient")):
        return None
    agent, patient = match["agent"], match["patient"]
    if name_words(agent) & name_words(patient) or not (
        named(f"so {agent}") or named(f"so {patient}")
    ):
        return None
    if patient.casefold().split()[0] in ("that", "reporters", "them", "him", "it", "her"):
        return None
    if re.search(r"\b(?:that|which|who|said|was|were|is|has|by|and)\b", agent):
        return None
    if _told_reversed(target, agent, patient, match["verb"].split()[-1]):
        return None
    first = patient[0].upper() + patient[1:]
    last = agent if named(f"so {agent.split()[0]}") else agent[0].lower() + agent[1:]
    rest = target.text[match.end() :]
    claim = target.said(f"{first} {match['verb']} {last}{rest}")
    if target.claim.actor and name_words(target.claim.actor) & name_words(agent):
        claim = claim.model_copy(update={"actor": patient})
    return claim


def _told_reversed(target: Target, agent: str, patient: str, verb: str) -> bool:
    a, b = (re.escape(words.split()[-1]) for words in (agent, patient))
    told = re.compile(rf"{b}\b[^.]{{0,40}}\b{re.escape(verb[:4])}\w*[^.]{{0,40}}\b{a}")
    return any(
        told.search(p.text)
        for p in target.pack.passages
        if held(content(f"{agent} {patient}"), content(p.text)) > 0
    )
