"""Extraction of names from sentences, and resolution of surnames to full names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from summarizer.drafting.extractive.sentences import Sentence
from summarizer.text.coreference import LEGAL_FORMS, TITLES, form
from summarizer.text.dates import CALENDAR
from summarizer.text.job_titles import INSTITUTIONS
from summarizer.text.names import NAME, OPENERS
from summarizer.text.tokens import fold, listed

_NAME = re.compile(rf"(?<![\w@#]){NAME}")
_TITLES = frozenset(
    listed(
        """
        democrat democratic republican former speaker engineer researcher lawyer press
        premier leader counsel ex majority minority sens reps senators representatives
        """
    )
) | (
    TITLES - frozenset(listed("king queen prince princess bishop pope father sister general coach"))
)
"""Words before a person's name, without titles that are also surnames or parts of firms' names."""
_NO_HEADS = (
    OPENERS
    | CALENDAR
    | frozenset(
        listed(
            "one two three internet democrats republicans regulators analysts investors lawmakers"
        )
    )
)
_NO_PERSON = INSTITUTIONS | frozenset(LEGAL_FORMS) | {"of", "for", "&", "law", "states", "state"}
_OFFICE_OF_TWO_WORDS = re.compile(r"\b(?:Attorney|Solicitor|Secretary|Surgeon) General\b")
_OFFICES_OF = frozenset(
    ["Secretary", "Minister", "Director", "Head", "Speaker", "Chief", "President"]
)
_MOST_WORDS = 4
"""Maximum words of a person's full name."""


def bare_name(phrase: str) -> str:
    """A name without titles, offices, leading common words and possessive; may be empty."""
    words = re.sub(r"[’']s?$", "", _OFFICE_OF_TWO_WORDS.sub("Officer", phrase)).split()
    while words and _bare(words[0]) in _NO_HEADS:
        words.pop(0)
    while words[:2] and words[0] in _OFFICES_OF and words[1:2] == ["of"] and len(words) >= 5:
        words = words[3:]
    last_title = max((n for n, w in enumerate(words) if _bare(w) in _TITLES), default=-1)
    after = words[last_title + 1 :]
    if last_title >= 0 and after and not _NO_PERSON.intersection(map(_bare, after)):
        words = after
    elif last_title >= 0 and not after:
        words = words[:0]
    return " ".join(words).strip(" ,.") if words else ""


def names_in(text: str) -> list[str]:
    """Bare names in a text in order of appearance, with repetitions."""
    return [name for m in _NAME.finditer(text) if (name := bare_name(m.group(0)))]


class NameBook:
    """Names of a pack: their counts, and the full name of a surname."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._lower = frozenset(w for s in sentences for w in re.findall(r"\b[a-z]{3,}\b", s.text))
        self._by_sentence = [self._clean(names_in(s.text)) for s in sentences]
        self._spelled: dict[str, list[tuple[str, Sentence]]] = {}
        for sentence in sentences:
            for full in filter(_is_person, self._by_sentence[sentence.index]):
                self._spelled.setdefault(full.split()[-1], []).append((full, sentence))
        self.counts = Counter(name for names in self._by_sentence for name in names)

    def of(self, sentence: Sentence) -> list[str]:
        """Bare names in a sentence, in order."""
        return self._by_sentence[sentence.index]

    def full(self, name: str, sentence: Sentence) -> tuple[str, Sentence] | None:
        """Full name of a one-word name, with a sentence that contains it.

        The nearest earlier mention in the same item wins, else the only candidate in the pack.
        ``None`` if the name is already full, unknown or ambiguous.
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
    """Whether a name may be a person's given and last name."""
    words = name.split()
    return (
        len(words) <= _MOST_WORDS
        and not _NO_PERSON.intersection(map(_bare, words))
        and form(name).is_person
    )


def _bare(word: str) -> str:
    return fold(word.strip("."))
