"""Names of people, organisations, products and places in a text, found by their capitals.

A text without capitals has none.  A name whose capital may come from the start of a sentence or
from a headline is marked as unsure.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from summarizer.text.cache import cached_by_text
from summarizer.text.dates import CALENDAR, MONTHS
from summarizer.text.tokens import STOPWORDS, fold, listed

_ABBREVIATION = re.compile(
    r"[A-Z](?:\.[A-Z])*|Dr|Mrs?|Ms|St|Jr|Sr|Gov|Sen|Rep|Gen|Col|Lt|Sgt|Prof|Inc|Ltd"
)
_NAME_WORD = r"[^\W_][\w’'&]*(?:[-.][^\W_][\w’']*)*"
WORD = re.compile(_NAME_WORD)
_CAPITALISED = (  # one reading for each text, and a longest one, so that time stays linear
    r"(?:[A-ZÀ-Þ][\w’'&-]{0,40}(?:\.(?=\s[A-Z]|,))?"
    r"|[A-Z]\.(?:(?:[A-Z]\.){1,7}|(?!\s[A-Z]|,)))"
)
_PAIRED = rf"\sof\s(?:the\s)?{_CAPITALISED}\sand(?=\s[A-Z])"  # Department of Health and …
NAME = (
    rf"{_CAPITALISED}(?:{_PAIRED}"
    rf"|(?:\s(?:of|for|de|la|van|von|der|bin|al|&)){{0,2}}\s{_CAPITALISED}){{0,9}}"
)
"""Pattern of a run of capitalised words, for larger patterns.  Without context: a match may begin
with a common word or a title."""
PERSON = r"[A-Z][\w'’.-]{1,40}(?: (?:[A-Z]\.|de|van|von|al|bin)){0,4} [A-Z][\w'’-]{0,40}\w"
"""Pattern of a first and a last name, for larger patterns."""
JOINERS = frozenset(listed("of the de da del della von van der den al bin ibn la le el & y"))
TITLES = frozenset(
    listed(
        """
        mr mrs ms miss dr prof professor sir dame lord lady president prime minister
        chancellor senator sen representative rep governor gov mayor judge justice
        secretary attorney general chief executive officer ceo cfo cto coo chairman
        chairwoman chair director king queen prince princess pope bishop father sister
        captain sergeant colonel lieutenant detective sheriff deputy commissioner
        spokesman spokeswoman spokesperson ambassador coach founder cofounder analyst
        reporter editor inspector officer mp congressman congresswoman vice
        """
    )
)
SHORT_TITLES = frozenset(listed("sgt lt col capt cmdr det insp supt rev cpl pvt maj"))
"""Abbreviated titles, which verification treats as parts of the name."""
NOT_NAMES = CALENDAR | frozenset(
    listed(
        """
        tue wed thu fri sat i i'm i've ok okay ai tv pm am ad bc ceo
        cfo cto it phd internet web id faq north south east west northern southern
        eastern western earth god christmas easter one two three four five six seven
        eight nine ten fahrenheit celsius q&a none ive im youve weve theyve passage passages unk
        """
    )
)
_PREFIXES = frozenset(listed("ex non pro anti mid pre post co former"))
_NUMERALS = frozenset(listed("one two three four five six seven eight nine ten"))
OPENERS = frozenset(
    listed(
        """
        police people staff officials researchers experts critics supporters residents
        authorities prosecutors investigators lawyers workers employees users customers
        everyone someone
        nobody anyone nothing something everything today yesterday tomorrow meanwhile
        however additionally furthermore moreover overall finally recently currently
        previously initially originally earlier later instead despite according following
        since based given due unlike like except including regarding last next another
        many most several few both each either neither other others such whether while
        when where what who why how here there this that these those it he she they we
        you his her their its our my your a an the in on at by for from with without to of
        as if but and or nor so yet not no under over during after before until through
        against among amid between within across along around behind beside beyond toward
        towards upon via per also even just only still then thus hence therefore indeed
        perhaps maybe nearly about some all any more less i now once twice again already
        always never often sometimes usually generally typically specifically particularly
        especially ultimately let please note asked citing responding speaking writing
        """
    )
)
"""Words that never begin a name."""
COMMON_STARTS = OPENERS | frozenset(
    listed(
        """
        management reports government court congress parliament company industry law data
        evidence research work news media traffic inflation growth demand supply trade
        business health education climate first second third former current new old young
        mother father woman man child children family parents students teachers
        """
    )
)
"""Words that begin a sentence rather than a name; elsewhere some begin names ("New York")."""
VERB = re.compile(
    r"\s{1,5}(?:is|was|were|has|had|will|would|said|says|denied|did|does|announced|told|may|can|\w+ed"
    r"|took|gave|went|came|saw|knew|grew|built|spent|brought|fought|sought|kept|stood|rose|fell"
    r"|found|bought|sold|won|led|lost|paid|held|met|left|sent|began|wrote|spoke|made|cut|ran|shut)\b"
)


MOST_WORDS = 20
"""Words of a name; a longer run of capitals is a list or shouted."""
MARKS_BEFORE = 40
"""Most marks and spaces that are passed over before a word to see whether it opens a sentence."""


@dataclass(frozen=True)
class Name:
    """A name in a text, as written, with its span.

    Args:
        sure: whether the capital cannot come from the start of a sentence or from a headline.
    """

    text: str
    start: int
    end: int
    sure: bool = True

    @property
    def words(self) -> tuple[str, ...]:
        """Folded words of the name, without titles and joiners."""
        found = [fold(w) for part in WORD.findall(self.text) for w in _pieces(part)]
        kept = tuple(w for w in found if w not in TITLES and w not in JOINERS)
        return kept or tuple(found)


def _pieces(word: str) -> list[str]:
    """Parts of a compound that are names: ``US-led`` gives ``US``, ``GPT-4`` stays whole."""
    if "-" not in word or any(c.isdigit() for c in word):
        return [word]
    pieces = [p for p in word.split("-") if p and p[0].isupper()]
    return [p for p in pieces if p.casefold() not in _PREFIXES] or [word]


@cached_by_text
def names(text: str) -> tuple[Name, ...]:
    """Names of a text, in order."""
    headline = is_headline(text)
    found: list[Name] = []
    for run in _runs(text):
        name = _trimmed(text, run, headline)
        if name is not None:
            found.append(name)
    return tuple(found)


@cached_by_text
def is_headline(text: str) -> bool:
    """Whether a text is in title case, so that capitals do not indicate names."""
    words = [w for w in WORD.findall(text) if w.casefold() not in STOPWORDS and w[0].isalpha()]
    small = sum(w[0].islower() and len(w) > 3 for w in words)
    return len(words) >= 4 and small <= len(words) // 8


def _runs(text: str) -> list[list[re.Match[str]]]:
    """Runs of capitalised words, bridged by joiners between two of them."""
    runs: list[list[re.Match[str]]] = []
    run: list[re.Match[str]] = []
    bridge: list[re.Match[str]] = []
    for match in WORD.finditer(text):
        gap = text[run[-1].end() if not bridge else bridge[-1].end() : match.start()] if run else ""
        if len(run) >= MOST_WORDS or (
            run and gap.strip(" \t&") and not (gap.strip() == "." and _abbreviated(run[-1].group()))
        ):
            runs.append(run)
            run, bridge = [], []
        if match.group()[0].isupper() or (run and match.group()[0].isdigit() and not bridge):
            run += [*bridge, match]
            bridge = []
        elif run and match.group() in JOINERS and len(bridge) < 2:
            bridge.append(match)
        elif run:
            runs.append(run)
            run, bridge = [], []
    return [*runs, run] if run else runs


def _abbreviated(word: str) -> bool:
    return _ABBREVIATION.fullmatch(word) is not None


def _trimmed(text: str, run: list[re.Match[str]], headline: bool) -> Name | None:
    """A run as a name, or ``None`` when it is the start of a sentence or a common word."""
    first = starts_sentence(text, run[0].start())
    head, tail = 0, len(run)
    while head < tail and (
        _is_no_head(run[head].group(), first) or _is_dated(run[head : head + 2])
    ):
        head, first = head + 1, False
    while head < tail and (
        run[tail - 1].group().casefold() in JOINERS or _is_ignored(run[tail - 1].group())
    ):
        tail -= 1
    run = run[head:tail]
    if not run or all(_is_ignored(m.group()) for m in run):
        return None
    start, end = run[0].start(), run[-1].end()
    words = text[start:end]
    shaped = any(_has_inner_capital(m.group()) for m in run)
    if headline and not shaped:
        return Name(words, start, end, sure=False)
    if first and len(run) == 1 and not shaped:
        return Name(words, start, end, sure=False)
    return Name(words, start, end)


def starts_sentence(text: str, start: int) -> bool:
    """Whether the word at an offset opens a sentence, a line or a quotation."""
    head = text[max(0, start - MARKS_BEFORE) : start].rstrip(" \t\"'“”‘’([*-–—•")
    return not head or head[-1] in ".!?:;\n…" or text[start - 1] in '\n"“‘'


def _is_common(word: str, first: bool) -> bool:
    low = fold(word)
    return (
        (first and low in COMMON_STARTS)
        or (low in STOPWORDS and not _is_initial(word))
        or (first and low.endswith(("ly", "ing")) and not _has_inner_capital(word))
    )


def _is_initial(word: str) -> bool:
    """Whether a word is a single capital other than "A" and "I"."""
    return len(word) == 1 and word.isupper() and word not in "AI"


def _is_no_head(word: str, first: bool) -> bool:
    return not word[0].isupper() or _is_common(word, first) or _is_number(word)


def _is_dated(run: list[re.Match[str]]) -> bool:
    """Whether a run starts with a month and a number, as in "June 2025 Acme"."""
    return len(run) > 1 and fold(run[0].group()) in MONTHS and _is_number(run[1].group())


def _is_number(word: str) -> bool:
    return (
        re.fullmatch(r"[\d.,-]+(?:st|nd|rd|th)?", word) is not None or word.casefold() in _NUMERALS
    )


def _is_ignored(word: str) -> bool:
    low = fold(word)
    return low in NOT_NAMES or low in TITLES or not low or _is_number(word) or len(low) < 2


def _has_inner_capital(word: str) -> bool:
    return any(c.isupper() for c in word[1:]) or any(c.isdigit() for c in word)


@cached_by_text
def named(text: str) -> frozenset[str]:
    """Folded words of all sure names in a text."""
    return frozenset(w for n in names(text) if n.sure for w in n.words)


def last_before(text: str, at: int) -> Name | None:
    """The last name of a text that ends at or before an offset; ``None`` without one."""
    found = names(text)
    place = bisect_right(found, at, key=lambda name: name.end)
    return found[place - 1] if place else None
