"""Extraction of names from sentences, and resolution of surnames to full names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from summarizer.drafting.extractive.filters import lean, outside_quotes
from summarizer.drafting.extractive.sentences import Sentence
from summarizer.text.act_words import words
from summarizer.text.clauses import core
from summarizer.text.coreference import LEGAL_FORMS, TITLES, form
from summarizer.text.dates import CALENDAR
from summarizer.text.job_titles import INSTITUTIONS, NOUNS
from summarizer.text.names import NAME, OPENERS
from summarizer.text.parse import parse
from summarizer.text.parties import parties
from summarizer.text.tokens import fold, listed, read
from summarizer.verification.cast import Cast

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
_ROLES = NOUNS | (words("people") - words("bodies") - {"family", "staff", "people", "crowd", "mob"})
_FEWEST_WORDS = 2
_MOST_WORDS = 4
"""Maximum words of a person's full name."""


def bare_name(phrase: str) -> str:
    """A name without titles, offices, leading common words and possessive; may be empty."""
    left = re.sub(r"[’']s?$", "", _OFFICE_OF_TWO_WORDS.sub("Officer", phrase)).split()
    while left and _bare(left[0]) in _NO_HEADS:
        left.pop(0)
    while left[:2] and left[0] in _OFFICES_OF and left[1:2] == ["of"] and len(left) >= 5:
        left = left[3:]
    last_title = max((n for n, w in enumerate(left) if _bare(w) in _TITLES), default=-1)
    after = left[last_title + 1 :]
    if "of" in after[_FEWEST_WORDS:] and last_title >= 0:  # "Senator Ada Lorn of Averland"
        after = after[: after.index("of")]
    if last_title >= 0 and after and not _NO_PERSON.intersection(map(_bare, after)):
        left = after
    elif last_title >= 0 and not after:
        left = left[:0]
    while len(left) > _FEWEST_WORDS and is_role(left[0]) and _is_person(" ".join(left[1:])):
        left.pop(0)
    return " ".join(left).strip(" ,.") if left else ""


def is_role(word: str) -> bool:
    """Whether a word before a name says what somebody is: "Parent", "Runner-up"."""
    return _bare(word) in _ROLES or re.search(r"-[a-z]", word) is not None


def is_kind(name: str) -> bool:
    """Whether a name says only what somebody is: "Democrat", "California Democrat"."""
    return _bare(name.rpartition(" ")[2]) in _ROLES


def names_in(text: str) -> list[str]:
    """Bare names in a text in order of appearance, with repetitions."""
    return [name for m in _NAME.finditer(text) if (name := bare_name(m.group(0)))]


_POINTS_BACK = re.compile(
    r"(?:(?<=[a-z] )(?:his|her|its)|^(?:His|Her|Its))\b"
    rf"(?= (?:[\w-]+ ){{0,3}}?(?:{'|'.join(sorted(NOUNS))})(?: of [a-z]+)?,? {NAME})"
    rf"|(?<=[a-z], )(?:his|her|its)\b(?= (?:[\w-]+ )?(?:{'|'.join(sorted(NOUNS))})[,.])"
)
"""A pronoun before the office of somebody named: "said its director, Ada Lorn"."""
_THING = frozenset(("it", "its"))


def with_names(sentences: Sequence[Sentence], cast: Cast) -> Iterator[Sentence]:
    """The sentences, each with a name in place of a pronoun before an office that means the subject
    of the sentence before it in its item.

    That subject is the only person that the sentence before it names, or a body; its passages are
    those of the sentence too.
    """
    done: list[Sentence] = []
    for sentence in sentences:
        before = None if sentence.antecedent is None else done[sentence.antecedent]
        named = None if before is None or sentence.is_post else _named(sentence, before, cast)
        done.append(named or sentence)
        yield done[-1]


def _named(sentence: Sentence, before: Sentence, cast: Cast) -> Sentence | None:
    found = _POINTS_BACK.search(outside_quotes(sentence.text))
    name = found and _subject(before, cast, human=fold(found[0]) not in _THING)
    if before.headline or not (found and name):
        return None
    mark = "’" if "’" in sentence.item.text else "'"
    opens = "The " if found.start() == 0 else "the "
    name = f"{opens if re.search(rf'[Tt]he {re.escape(name)}', before.text) else ''}{name}"
    owner = f"{name}{mark}" if name.endswith("s") else f"{name}{mark}s"
    text = f"{sentence.text[: found.start()]}{owner}{sentence.text[found.end() :]}"
    passages = tuple(dict.fromkeys((*before.passages, *sentence.passages)))
    stems = read(text).content_set
    return replace(sentence, text=text, passages=passages, stems=stems, lean=lean(text))


def _subject(before: Sentence, cast: Cast, *, human: bool) -> str:
    """Name of the person or body that a sentence has for its subject; empty where none is clear."""
    (parsed,) = parse([before.text])
    roots = [w for w in parsed.words if w.head == w.n]
    found = [one for root in roots for one in parties(parsed, core(parsed, root)[0])]
    if len(found) != 1 or not found[0].name or cast.is_human(found[0].name) is not human:
        return ""
    name = bare_name(found[0].name)
    people = {cast.key(n) for n in names_in(before.text) if cast.is_human(n) or form(n).is_person}
    return name if not human or people == {cast.key(name)} else ""


class NameBook:
    """Names of a pack: their counts, and the full name of a surname."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._lower = frozenset(w for s in sentences for w in re.findall(r"\b[a-z]{3,}\b", s.text))
        self._by_sentence = [self._clean(names_in(s.text)) for s in sentences]
        self._spelled: dict[str, list[tuple[str, Sentence]]] = {}
        for sentence in sentences:
            for full in filter(_is_person, self._by_sentence[sentence.index]):
                self._spelled.setdefault(full.split()[-1], []).append((full, sentence))
        self._first_alone: dict[tuple[str, str], int] = {}
        for sentence in sentences:
            for name in self._by_sentence[sentence.index]:
                self._first_alone.setdefault((sentence.item.key, name), sentence.index)
        self.counts = Counter(name for names in self._by_sentence for name in names)

    def of(self, sentence: Sentence) -> list[str]:
        """Bare names in a sentence, in order."""
        return self._by_sentence[sentence.index]

    def full(self, name: str, sentence: Sentence) -> tuple[str, Sentence] | None:
        """Full name of a one-word name, with a sentence that contains it.

        The most frequent of those named before it in its item wins, of several the nearest, else
        the only candidate in the pack.  Who is first named in full after the name alone has stood
        in the item is another: "President Ruiz … Ana Ruiz".  ``None`` if the name is already full,
        unknown or ambiguous.
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
            first = self._first_alone.get((sentence.item.key, name), sentence.index)
            opening = {full for full, s in before if s.index <= first}
            times = Counter(full for full, _ in before if full in opening)
            most = max(times.values(), default=0)
            return next((one for one in reversed(before) if most and times[one[0]] == most), None)
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
