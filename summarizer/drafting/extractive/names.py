"""Names in sentences: where they stand, and whom a surname means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from summarizer.drafting.extractive.sentences import Sentence
from summarizer.text.tokens import listed

WORD = r"(?:[A-ZÀ-Þ][\w’'&-]*(?:\.(?=\s[A-Z]|,))?|[A-Z]\.(?:[A-Z]\.)*)"
_PAIRED = rf"\sof\s(?:the\s)?{WORD}\sand(?=\s[A-Z])"  # Department of Health and …
_JOINED = r"\s(?:of|for|de|la|van|von|der|bin|al|&)"
NAME = rf"{WORD}(?:{_PAIRED}|(?:{_JOINED})?\s{WORD})*"
_NAME = re.compile(rf"(?<![\w@#]){NAME}")
_TITLES = frozenset(
    listed(
        """
        President Mr Mrs Ms Dr Sen Sens Rep Reps Gov Prof CEO CTO CFO COO Chief
        Executive Judge Justice Professor Secretary Minister Director Chairman
        Chairwoman Chair Spokesman Spokeswoman Spokesperson Representative Senator
        Governor Democrat Democratic Republican Officer Mayor Former Speaker Congressman
        Congresswoman Senators Representatives Founder Analyst Commissioner Lt Gen Sgt
        Capt Sir Lord Lady Dame Engineer Researcher Lawyer Attorney Press Deputy Premier
        Chancellor Ambassador Leader Counsel Ex Majority Minority Vice Prime
        """
    )
)
_NOT_NAMES = frozenset(
    listed(
        """
        The A An In On At By For From With Without When As If After Before During Since
        While Although Though Because Earlier Later Last Next Once Now Today Yesterday
        Despite Until Also Even Asked To Not No There Under Over Among Amid Through
        Within Some Many Most All Several Only Just Perhaps Both What Who How Why Where
        About Around Nearly More Less And But Or So Yet It He She They We I His Her Its
        Their This That These Those Such Other Others Another One Two Three Monday
        Tuesday Wednesday Thursday Friday Saturday Sunday January February March April
        May June July August September October November December Jan Feb Mar Apr Jun Jul
        Aug Sept Sep Oct Nov Dec According Critics Users Customers Police Officials
        Regulators Prosecutors Lawyers Experts Researchers Analysts Investors Lawmakers
        Employees Workers Residents Here Then Still However Meanwhile Our My Your Any
        Each Every Neither Either Nor Per Via Like Unlike Except Including Speaking
        Writing Responding Following Citing Internet Democrats Republicans
        """
    )
)
_GENERIC = frozenset(
    listed(
        """
        Inc Inc. Corp Corp. Ltd Ltd. LLC Group Company Court Department University
        Commission Agency Institute Council House Senate Office Bank Times Post News
        Journal Street City State States Party Committee Act Bill Law Center Centre
        Association Union Foundation Labs Systems
        """
    )
)


_OFFICE_OF_TWO_WORDS = re.compile(r"\b(?:Attorney|Solicitor|Secretary|Surgeon) General\b")
_OFFICES_OF = frozenset(
    ["Secretary", "Minister", "Director", "Head", "Speaker", "Chief", "President"]
)
_FEWEST_WORDS, _MOST_WORDS = 2, 4  # of a person's full name
_NOT_A_PERSON = _GENERIC | {"of", "for", "&"}


def bare_name(phrase: str) -> str:
    """A name without titles, offices, leading common words and possessive.

    Empty when nothing but those was there.
    """
    words = re.sub(r"[’']s?$", "", _OFFICE_OF_TWO_WORDS.sub("Officer", phrase)).split()
    while words and (words[0].strip(".") in _NOT_NAMES or words[0] in ("of", "for")):
        words.pop(0)
    while words[:2] and words[0] in _OFFICES_OF and words[1:2] == ["of"] and len(words) >= 5:
        words = words[3:]
    last_title = max((n for n, w in enumerate(words) if w.strip(".") in _TITLES), default=-1)
    after = words[last_title + 1 :]
    if last_title >= 0 and after and not _NOT_A_PERSON.intersection(after):
        words = after
    elif last_title >= 0 and not after:
        words = words[:0]
    return " ".join(words).strip(" ,.") if words else ""


def names_in(text: str) -> list[str]:
    """The names in a text in order of appearance, bare, with repetitions."""
    return [name for m in _NAME.finditer(text) if (name := bare_name(m.group(0)))]


class NameBook:
    """The names of a pack: how often each is used, and the full name behind a surname."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._lower = frozenset(w for s in sentences for w in re.findall(r"\b[a-z]{3,}\b", s.text))
        self._by_sentence = [self._clean(names_in(s.text)) for s in sentences]
        self._spelled: dict[str, list[tuple[str, Sentence]]] = {}
        for sentence in sentences:
            for full in filter(_is_person, self._by_sentence[sentence.index]):
                self._spelled.setdefault(full.split()[-1], []).append((full, sentence))
        self.counts = Counter(name for names in self._by_sentence for name in names)

    def of(self, sentence: Sentence) -> list[str]:
        """Names in a sentence, bare, in order."""
        return self._by_sentence[sentence.index]

    def full(self, name: str, sentence: Sentence) -> tuple[str, Sentence] | None:
        """The longer name behind a one-word name, and a sentence that spells it out.

        The nearest mention before it in the same item decides, else the only candidate in the
        pack.  ``None`` when the name is full already, unknown or ambiguous.
        """
        if " " in name or len(name) < 2:
            return None
        spelled = self._spelled.get(name, [])
        before = [
            (full, s)
            for full, s in spelled
            if s.item.key == sentence.item.key and s.index <= sentence.index
        ]
        if before:
            return before[-1]
        return spelled[0] if len({full for full, _ in spelled}) == 1 else None

    def _clean(self, names: Iterable[str]) -> list[str]:
        return [n for n in names if " " in n or n.lower() not in self._lower]


def _is_person(name: str) -> bool:
    """Whether a name may be that of a person, given and last."""
    words = name.split()
    person = not any(w in _NOT_A_PERSON for w in words)
    return _FEWEST_WORDS <= len(words) <= _MOST_WORDS and person
