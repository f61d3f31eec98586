"""Matching of a name against a text that may spell it in another form.

Forms are single words of a name, acronyms and their expansions, "Chinese" for "China", "CA" for
"California", "Q2" for "second quarter".
"""

from __future__ import annotations

import re

from summarizer.text.names import NOT_NAMES, WORD, Name
from summarizer.text.tokens import STOPWORDS, read, stem, tokens

_ALSO_CALLED = tuple(
    frozenset(group.split("/"))
    for group in (
        "us/usa/u.s/u.s.a/united states/america/american/americans",
        "uk/u.k/united kingdom/britain/british/great britain",
        "eu/e.u/european union/europe/european",
        "un/u.n/united nations",
        "dc/d.c/district of columbia",
        "france/french",
        "spain/spanish",
        "netherlands/dutch",
        "greece/greek",
        "switzerland/swiss",
        "turkey/turkish",
        "denmark/danish",
        "poland/polish",
        "wales/welsh",
        "ireland/irish",
        "england/english",
        "scotland/scottish",
        "republican/gop/republicans",
        "covid-19/covid/coronavirus",
        "isis/isil/islamic state/daesh",
        "lgbt/lgbtq/lgbtq+/lgbtqia",
    )
)
_STATES = """AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut
,DE Delaware,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas
,KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota
,MS Mississippi,MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey
,NM New Mexico,NY New York,NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon
,PA Pennsylvania,RI Rhode Island,SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah
,VT Vermont,VA Virginia,WA Washington,WV West Virginia,WI Wisconsin,WY Wyoming"""
_STATE_CODE = {row.strip()[3:].casefold(): row.strip()[:2] for row in _STATES.split(",")}
_QUARTERS = ("first", "second", "third", "fourth")
_DEMONYM = re.compile(r"(?:ian|ean|an|ese|ish|i|ic|ians|ans|is)$")


def known(name: Name, text: str) -> bool:
    """Whether a text has every word of the name, as itself, in another form or as an acronym."""
    reading = read(text)
    if re.sub(r"[^\w]", "", name.text).casefold() in reading.norms:
        return True
    if spelled_out(name, text) or _other_name(name, text) or _initialled(name, text):
        return True
    words = [word for word in name.words if len(word) > 1 and word != "county"]
    return all(
        word_known(word, text) or _shortened(word, name.text, text)
        for word in (name.words if len(words) < 2 and "county" not in name.words else words)
    )


def _shortened(word: str, name: str, text: str) -> bool:
    """Whether a text spells out a word of a name that is an acronym ("UN Security Council"), or has
    it in another form: "(R-Tenn.)" for Tennessee."""
    if len(word) > 2 and re.search(rf"\b{re.escape(word.upper())}\b", name):
        return word in read(text).initials
    if (code := _STATE_CODE.get(word)) is None:
        return False
    short = re.findall(r"\b([A-Z][a-z]{2,5})\.", text)
    found = re.search(rf"\b(?:{code}\b|{code.title()}\.)", text)
    return found is not None or any(word.startswith(s.casefold()) for s in short)


def _initialled(name: Name, text: str) -> bool:
    """Whether the name is an initialled form of a name in the text: "M. Ruiz" of "Marta Ruiz"."""
    *first, last = name.words
    if not first or any(len(word) > 1 for word in first):
        return False
    norms = [t.norm for t in read(text).tokens]
    places = [n for n, norm in enumerate(norms) if norm == last and n >= len(first)]
    return any(
        all(norms[n - len(first) + i].startswith(word) for i, word in enumerate(first))
        for n in places
    )


def word_known(word: str, text: str) -> bool:
    """Whether a text has one word of a name, as itself, a plural or a demonym."""
    reading = read(text)
    pieces = [t.norm for t in tokens(word)]
    if any(word in group and _has_any(group, text) for group in _ALSO_CALLED):
        return True
    if len(pieces) > 1:
        return in_sequence(pieces, text) or _demonym_of(word, reading.norms)
    if word in reading.norms or (word in STOPWORDS and len(word) > 1) or word in NOT_NAMES:
        return True
    if word.rstrip("s") in reading.norms or word + "s" in reading.norms:
        return True
    if len(word) > 4 and not _DEMONYM.search(word) and stem(word) in reading.stems:
        return True
    return _demonym_of(word, reading.norms)


def in_sequence(pieces: list[str], text: str) -> bool:
    """Whether a text has the parts of ``GPT-4`` or ``Jean-Luc`` side by side."""
    norms = [t.norm for t in read(text).tokens]
    if pieces[0] not in read(text).norms:
        return "".join(pieces) in read(text).norms
    size = len(pieces)
    return any(norms[i : i + size] == pieces for i in range(len(norms) - size + 1))


def _has_any(group: frozenset[str], text: str) -> bool:
    return any(in_sequence([t.norm for t in tokens(other)], text) for other in group)


def _demonym_of(word: str, there: frozenset[str]) -> bool:
    """Whether the words have a demonym or the place of one, by the common start: Chinese, China."""
    head = word[: max(4, len(word) - 3)]
    for other in there:
        if other[:4] == word[:4] and len(other) >= 4:
            base, form = sorted((word, other), key=len)
            if len(base) == len(form):
                continue
            if _DEMONYM.search(form) and form.startswith(base[: max(4, len(base) - 2)]):
                return other.startswith(head[:4]) and abs(len(form) - len(base)) <= 4
    return False


def _other_name(name: Name, text: str) -> bool:
    mine = name.text.casefold().rstrip(".").removesuffix("'s").removesuffix("’s")
    if mine in _STATE_CODE and re.search(rf"\b{_STATE_CODE[mine]}\b", text):
        return True
    low = text.casefold()
    return any(
        mine in group and any(re.search(rf"\b{re.escape(o)}\b", low) for o in group)
        for group in _ALSO_CALLED
    )


def spelled_out(name: Name, text: str) -> bool:
    """Whether a text has the expansion of an acronym ("FDA": "Federal Data Authority"), or the
    acronym of the name."""
    if quarter := re.fullmatch(r"Q([1-4])", name.text):
        return re.search(rf"\b{_QUARTERS[int(quarter[1]) - 1]}[\s-]quarter", text, re.I) is not None
    compact = re.sub(r"[^A-Za-z]", "", name.text).removesuffix("s")
    if len(name.words) == 1 and 2 <= len(compact) <= 6 and sum(map(str.isupper, compact)) > 1:
        return compact.casefold() in read(text).initials
    if len(name.words) >= 2:
        initials = [w[0] for w in WORD.findall(name.text)]
        acronym, longer = "".join(filter(str.isupper, initials)), "".join(initials).upper()
        return len(acronym) >= 2 and re.search(rf"\b(?:{acronym}|{longer})\b", text) is not None
    return False


def mentions(name: str, text: str) -> bool:
    """Whether a text has any distinctive word of a name: no title, joiner or common word ("AI",
    "One")."""
    words = [w for w in Name(name, 0, len(name)).words if len(w) > 1]
    distinctive = [w for w in words if w not in NOT_NAMES and w not in STOPWORDS]
    return any(word_known(w, text) for w in distinctive or words)
