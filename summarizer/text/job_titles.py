"""Job titles ("offices") of people, found in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.text.names import NOT_NAMES, WORD, Name, names
from summarizer.text.sentences import Span, sentences
from summarizer.text.tokens import STOPWORDS, fold, listed

NOUNS = frozenset(
    listed(
        """
        accountant activist actor actress adjutant administrator admiral adviser advisor
        advocate agent ambassador analyst anchor arbitrator archbishop architect artist
        assistant astronaut athlete attorney auditor author banker barrister bishop blogger
        boss broker broadcaster builder campaigner candidate captain cardinal caretaker
        carpenter ceo cfo chair chairman chairperson chairwoman chancellor chef chemist
        chief clerk co-founder coach cofounder colonel columnist commander commentator
        commissioner comptroller conductor congressman congresswoman constable consultant
        contractor convener coo coordinator coroner correspondent councillor councilman
        councilwoman councilor counsel counsellor critic cto curator dean delegate dentist
        deputy designer detective developer diplomat director doctor driver economist editor
        electrician engineer envoy epidemiologist executive expert farmer filmmaker
        firefighter footballer founder fisherman general geologist governor guard guide
        harbourmaster head historian host inspector instructor inventor investigator
        investor journalist judge justice keeper king landlord lawmaker lawyer leader
        lecturer librarian lieutenant lobbyist magistrate magnate major manager mayor
        mechanic mediator medic member meteorologist midwife minister moderator monk mp
        musician negotiator novelist nun nurse officer official ombudsman operator organiser
        organizer owner paramedic pastor photographer physician physicist pilot
        plaintiff player poet policeman policewoman pope premier president priest prince
        princess principal producer professor programmer prosecutor psychiatrist
        psychologist publisher queen ranger rabbi receiver rector referee registrar
        regulator reporter representative researcher sailor scholar scientist secretary
        senator sergeant sheriff singer skipper solicitor spokesman spokesperson spokeswoman
        statistician strategist superintendent supervisor surgeon surveyor teacher
        technician trainer treasurer trustee undersecretary veterinarian vice-chair
        vice-chairman vice-president victim viceroy warden whistleblower witness worker
        writer
        """
    )
)
"""Singular nouns for jobs and functions; not for relatives and friends."""
INSTITUTIONS = frozenset(
    listed(
        """
        academy act administration agency agreement airline airlines airport airways
        alliance army assembly association authority avenue award awards bancorp bank bay
        bill board bridge brigade bureau capital cathedral center centre chamber church city
        clinic club coalition college commission committee community company confederation
        conference congress consortium corporation corps council county court cup day deal
        department directorate district energy entertainment federation fellowship fleet
        force forum foundation front fund gallery games government group guild gulf hall
        holdings hospital house industries inquiry inspectorate institute institution
        international isle journal kingdom laboratories laboratory labs lake league library
        media ministry mission motors museum navy network news office ombudsman orchestra
        organisation organization palace panel parliament partners partnership party people
        pharmaceuticals pictures plan police port post power press prize project railway
        records regulator republic research resolution river road robotics school senate
        service services society software square stadium states station street studio
        studios syndicate systems team technologies telecom theater theatre times tower
        treaty tribunal trust union university utility ventures war watchdog week works zoo
        """
    )
)
"""Last words of names of institutions, never of people."""
_BEFORE = frozenset(
    listed(
        """
        chief executive vice deputy former acting interim senior junior assistant associate
        lead general prime foreign finance financial technology technical operating medical
        police state federal city county company school union opposition party co ex then
        long-time longtime veteran incoming outgoing founding managing managing
        non-executive honorary retired private public press defence defense home interior
        health education energy transport trade labour labor justice attorney district high
        supreme appeals chief-executive special national regional local junior head human
        rights data safety security legal communications marketing product research science
        policy project ship ship's first second
        """
    )
)
"""Words that can precede a noun of ``NOUNS``."""
_MODEST = frozenset(listed("mr mrs ms miss dr sir dame lord lady professor"))
"""Forms of address, which are no offices; "professor" is one of them because it precedes a name
wherever it is used."""
_SAYS = (
    r"(?:said|says|told|tells|wrote|writes|added|argued|argues|warned|warns|announced|confirmed"
    r"|denied|insisted|explained|replied|testified|stated|posted|tweeted|called|described|noted)"
)
_DETERMINER = r"(?:the|a|an|its|their|his|her|our|this|that)"
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|being|has|have|had|will|would|could|should|(?-i:may)|might|must|can|I|he|she|it|we|they|you"
    r"|did|does|do|as|resigned|quit|came|left|went|took|gave|made|saw|met|found|put|got|ran|lost|won|led|not|never"
    rf"|{_SAYS})\b",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s(?:of|for|at|in|on|with|from|to|by|who|whom|whose|which|that|based|employed|hired|working"
    r"|representing|responsible|leading|specialising|specializing|covering|since|until|under)\b",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"\s(?:who|whom|whose|which|that)\b.*", re.IGNORECASE | re.DOTALL)
_APPOSED = re.compile(
    r"\s{0,5}(?:,\s{0,5}\d{1,3}\s{0,5})?,\s+(?:who (?:is|was) )?"
    r"(?P<words>[^,.;:()—–\n“”\"?!]{2,110})(?:[,.;)—–\n]|$)"
)
_COPULA = re.compile(
    rf"\s{{1,5}}(?:(?:is|was|became)\s+(?=(?:{_DETERMINER}|[A-Z][\w.-]*[’']s)\s)"
    r"|(?:serves|served|works|worked) as\s+)"
    r"(?P<words>[^,.;:()—–\n“”\"?!]{2,110})"
)
_AFTER_COPULA = re.compile(
    r"\s(?:and|but|when|while|until|before|after|because|as|if|who|which|that)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_DOUBTED = re.compile(
    r"\b(?:den(?:y|ies|ied)|not|never|no evidence|whether|if|falsely|wrongly|rumou?r\w*|pretend\w*"
    r"|pos(?:es?|ed|ing) as|as though|would|could|might|nobody|no one)\b|n['’]t\b",
    re.IGNORECASE,
)
_APART = re.compile(r"\b(?:like|unlike|besides|beside|except|than|not)\s+(?:\w+\s+)?$", re.I)
_ASKED = re.compile(
    r"\b(?:told|tells?|informed|warned|asked|assured|reminded|showed|convinced)\s+$"
)
_OF_SOMEBODY = re.compile(rf"\b({'|'.join(sorted(NOUNS))}|\w+(?:er|or|man|woman))\s+(?:of|to)\s+$")


def offices(text: str, name: Name) -> Iterator[Span]:
    """Spans of the offices that a text ascribes to a person, in order.

    Args:
        text: a passage.
        name: the person's name in the passage, with or without titles.
    """
    around = next((s for s in sentences(text) if s.start <= name.start < s.end), None)
    if around is None:
        return
    found = [
        _titled(text, name, around),
        _before(text, name, around),
        *_behind(text, name, around),
    ]
    yield from sorted({span for span in found if span is not None})


def _titled(text: str, name: Name, around: Span) -> Span | None:
    """Office as a title: ``chief executive Ada Lorn``, ``Captain Vell``."""
    start = stop = _core(name)
    words = WORD.findall(name.text)
    if INSTITUTIONS.intersection(map(fold, words)) or words[1:2] in (["of"], ["the"]):
        return None  # "Justice Department", "Director of Vision"
    named = [(n.start, n.end) for n in names(text)]
    has_noun, unnamed = False, start
    for match in reversed(list(WORD.finditer(text, around.start, stop))):
        gap, word = text[match.end() : start], fold(match.group())
        if gap.strip(" ") or (not has_noun and word in _MODEST):
            start = unnamed if gap.strip() == "." else start  # "St. Harrow mayor"
            break
        is_named = any(s <= match.start() < e for s, e in named) and word not in NOT_NAMES
        if not (word in NOUNS or word in _BEFORE or (has_noun and is_named)):
            if match.group()[0].isupper() and word not in NOT_NAMES | STOPWORDS:
                start = unnamed  # "New York mayor": a name that begins further left
            break
        if not has_noun and word not in NOUNS:
            return None
        has_noun, start = True, match.start()
        unnamed = unnamed if is_named and word not in NOUNS else start
    if not has_noun or fold(WORD.findall(text[start:stop])[-1]) in _MODEST:
        return None
    return None if _means_another(text, start, name, around) else Span(start, stop - 1)


def _means_another(text: str, start: int, name: Name, around: Span) -> bool:
    """Whether the title belongs to someone else: ``told the captain Vell had left``."""
    before, behind = text[around.start : start], text[name.end : around.end]
    if re.search(r"\bwhose\s+$", before, re.IGNORECASE):
        return True
    determiner = re.search(rf"\b{_DETERMINER}\s+$", before, re.IGNORECASE)
    if determiner is None:
        return False
    if determiner[0].strip().casefold() in ("a", "an"):
        return True
    if _ASKED.search(before[: determiner.start()]):
        return True
    follows = re.match(r"\s{1,5}(\w+)", behind)
    if follows is None or not follows[1].islower():
        return False
    ends = rf"\s{{1,5}}(?:{_SAYS}|and|or|of|in|at|on|for|to|with|from|as|by)\b"
    return re.match(ends, behind) is None


def _core(name: Name) -> int:
    """Offset at which a name begins after its titles."""
    words = list(WORD.finditer(name.text))
    at = 0
    while at < len(words) - 1 and fold(words[at].group()) in NOUNS | _BEFORE | _MODEST:
        at += 1
    return name.start + words[at].start()


def _before(text: str, name: Name, around: Span) -> Span | None:
    """Office before the name, between commas: ``the captain of the Marlin, Mara Vell,``."""
    ahead = text[around.start : name.start]
    behind = text[name.end : around.end]
    if not re.search(r",\s$", ahead) or not re.match(
        r"\s{0,5}(?:[.;)]|$|,(?!\s+(?:and|or)\b))", behind
    ):
        return None
    if _role_follows(behind):
        return None
    begin = max(ahead[:-2].rfind(mark) for mark in ',.;:()“”"—–\n') + 1
    clause = ahead[begin:-2]
    comma = around.start + begin - 1
    if begin and text[comma] == "," and any(n.end == comma for n in names(text)):
        return None  # "Jon Orr, the captain, Mara Vell, …" is ambiguous
    starts = [
        m for m in re.finditer(rf"\b{_DETERMINER}\s|\b[A-Z][\w.-]{{0,40}}[’']s\s", clause, re.I)
    ]
    for start in reversed(starts):
        said = start.end() if not start[0].strip().endswith(("'s", "’s")) else start.start()
        words = clause[said:]
        if _is_office(words):
            if _OF_SOMEBODY.search(clause[: start.start()]) or _DOUBTED.search(ahead):
                return None
            return Span(around.start + begin + said, around.start + begin + len(clause))
    return None


def _role_follows(behind: str) -> bool:
    """Whether another office follows the name, so that the first one is ambiguous."""
    match = _APPOSED.match(behind)
    return match is not None and _phrase(match["words"]) is not None


def _behind(text: str, name: Name, around: Span) -> Iterator[Span | None]:
    """Offices after the name: ``Vell, the captain of the Marlin,`` and ``Vell is the captain``."""
    ahead, behind = text[around.start : name.start], text[name.end : around.end]
    apposed = _APPOSED.match(behind)
    if apposed is not None and not _APART.search(ahead):
        words = _phrase(apposed["words"])
        after = behind[apposed.end("words") :]
        named_next = re.match(r",\s+(?:and\s+|or\s+)?(?:the\s+)?[A-Z]", after) is not None
        if words is not None and not (
            named_next and _names_somebody(text, name.end + apposed.end())
        ):
            yield _within(name.end + apposed.start("words"), apposed["words"], words)
    copula = _COPULA.match(behind)
    if copula is not None and not _DOUBTED.search(ahead) and not text[: around.end].endswith("?"):
        said = _AFTER_COPULA.sub("", copula["words"])
        words = _phrase(said)
        if words is not None:
            yield _within(name.end + copula.start("words"), said, words)


def _names_somebody(text: str, at: int) -> bool:
    """Whether a name begins at an offset, apart from a leading "and", "or" or "the"."""
    near = re.match(r"\s*(?:and\s+|or\s+)?(?:the\s+)?", text[at:])
    begin = at + (near.end() if near else 0)
    return any(n.start <= begin < n.end for n in names(text))


def _within(start: int, written: str, words: str) -> Span:
    at = start + written.index(words)
    return Span(at, at + len(words))


def _phrase(written: str) -> str | None:
    """The office in a piece of text, without its article; ``None`` when it is no office."""
    words = _RELATIVE.sub("", written).strip()
    words = re.sub(rf"^{_DETERMINER}\s+", "", words, flags=re.IGNORECASE)
    return words if _is_office(words) else None


def _is_office(words: str) -> bool:
    """Whether words end, before "of", "for" and the like, in a noun of ``NOUNS``."""
    if not words or _VERB.search(words):
        return False
    tail = _TAIL.search(f" {words}")
    head = f" {words}"[: tail.start()] if tail else f" {words}"
    parts = re.split(r"\s(?:and|or)\s", head)
    if any(re.match(rf"\s{{0,5}}{_DETERMINER}\s", part, re.I) for part in parts[1:]):
        return False
    lasts = [WORD.findall(part)[-1:] for part in parts]
    return all(last and fold(last[0]) in NOUNS and not _owns(last[0]) for last in lasts)


def _owns(word: str) -> bool:
    return re.search(r"[’']s?$", word) is not None
