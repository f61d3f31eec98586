"""Coreference of names: groups the forms of a name in some texts by actor.

Forms of one actor are full name, surname, title and surname, initials, acronym and its expansion,
with and without possessive, diacritics and the legal form of a company.  A form that fits two
actors is assigned to neither, so the bare surname of two people names no one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from summarizer.text import names as text_names
from summarizer.text.cache import cached_by_text
from summarizer.text.job_titles import INSTITUTIONS, NOUNS
from summarizer.text.names import JOINERS, NOT_NAMES, SHORT_TITLES, WORD, Name, names
from summarizer.text.tokens import fold, listed

_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"}
)
"""Letters that Unicode normalisation does not decompose."""

TITLES = text_names.TITLES | SHORT_TITLES

LEGAL_FORMS = {
    word: group.split()[0]
    for group in (
        "inc incorporated",
        "ltd limited",
        "corp corporation",
        "co company",
        "llc",
        "llp",
        "plc",
        "gmbh",
        "ag",
        "sa",
        "spa",
        "nv",
        "bv",
        "ab",
        "oy",
        "pty",
    )
    for word in group.split()
}
_GENERATIONS = frozenset(listed("jr sr ii iii iv"))
_ADDRESS = {"mr": "mr", "sir": "mr", "mrs": "ms", "ms": "ms", "miss": "ms", "dame": "ms"}
LONGEST_PERSON = 5
"""Most words of a person's name; longer runs of capitals are headings."""

_NO_SURNAMES = frozenset(
    listed(
        """
        foreign prime home defence defense finance interior health vice deputy supreme federal
        national state general chief senior temple french german russian syrian american british
        chinese italian spanish israeli iranian turkish indian pakistani egyptian greek
        """
    )
)
"""Words that end a run of capitals cut off before the office ("German Foreign")."""

_BRIDGES = frozenset(("of", "the", "and"))
_NO_HEADS = NOT_NAMES - TITLES
_PARTICLES = frozenset(listed("de da del della di du van von der den ter ten al bin ibn la le el"))
_WORKS = {
    word: kind
    for kind, words in {
        "bench": "judge justice magistrate",
        "police": "sheriff detective constable sergeant sgt det insp",
        "elected": "senator sen governor gov mayor congressman congresswoman mp representative rep"
        " minister",
        "church": "bishop pope father priest",
        "press": "reporter",
        "business": "ceo cfo cto coo executive founder cofounder",
    }.items()
    for word in words.split()
}
"""Lines of work by office; one person rarely holds offices of two lines."""

_INSIDE = re.compile(r"\b[A-Z]{2,}\b|(?<!\bMc)(?<!\bMac)(?<=[a-z])[A-Z]")
"""Capitals inside a word, rare in surnames: "NASA", "SpaceX"."""

_ACTS = re.compile(
    r"(?:\s{0,5},\s{0,5}\d{1,3}\s{0,5},|,?\s{1,5}(?:who|said|says|told|tells|added|adds|wrote|writes|tweeted|posted"
    r"|argued|argues|insisted|explained|explains|denied|denies|pleaded"
    r"|(?:was|were)\s(?:acquitted|arrested|jailed)|apologi[sz]ed|warned|recalled|recalls"
    r"|resigned|testified|replied|noted|notes|himself|herself|died|thinks|believes|joked)\b)",
    re.IGNORECASE,
)
_ACTED = re.compile(
    r"[\"”’,]\s+(?:said|says|added|adds|wrote|writes|argued|explained|recalled)\s+(?:\w+\.?\s+)?$"
)
"""Acts of people, after a name and before it.  Countries and companies speak too, but their names
seldom end in another actor's name."""

_AT = re.compile(
    r"\b(?:in|at|near|from|to|towards?|outside|across|around|through|into|leaving|via)\s+$", re.I
)
_OWNS = re.compile(r"[’']s$").search
_DEFINED = re.compile(r"\(\s*(?:the\s+|or\s+)?[\"“]?([A-Z][A-Za-z.]{1,7})[\"”]?\s*\)")


@dataclass(frozen=True)
class Form:
    """A form of a name as written.

    Args:
        text: the form without article and possessive.
        words: folded words without titles, legal form and generation.
        titles: folded titles before the name.
        legal: legal form (``inc``, ``ltd`` …).
        generation: ``jr``, ``ii`` and so on.
        plain: whether it is a plain name, not a description ("Vell's lawyer").
    """

    text: str
    words: tuple[str, ...]
    titles: tuple[str, ...] = ()
    legal: str | None = None
    generation: str | None = None
    plain: bool = True

    @cached_property
    def address(self) -> str | None:
        """``mr`` or ``ms``, from the form of address; ``None`` without one."""
        return next((_ADDRESS[t] for t in self.titles if t in _ADDRESS), None)

    @cached_property
    def work(self) -> str | None:
        """Line of work of its title; ``None`` without one."""
        return next((_WORKS[t] for t in self.titles if t in _WORKS), None)

    @cached_property
    def is_acronym(self) -> bool:
        """Whether it is spelled like an acronym: one word of 2 to 7 letters, mostly capitals."""
        letters = self.text.replace(".", "")
        capitals = sum(map(str.isupper, letters))
        fits = letters.isalpha() and 2 <= len(letters) <= 7 and capitals > len(letters) / 2
        return len(self.words) == 1 and fits

    @cached_property
    def is_person(self) -> bool:
        """Whether it can be the full name of a person."""
        return (
            self.plain
            and len(self.words) > 1
            and self.legal is None
            and len(self.words) <= LONGEST_PERSON
            and not (INSTITUTIONS | _BRIDGES).intersection(self.words)
            and self.words[-1] not in _NO_SURNAMES
            and not any(c.isdigit() for c in self.text)
        )

    @cached_property
    def surname(self) -> tuple[str, ...]:
        """The last word, with preceding particles ("van der")."""
        start = len(self.words) - 1
        while start > 1 and self.words[start - 1] in _PARTICLES:
            start -= 1
        return self.words[start:]


@lru_cache(maxsize=50_000)
def form(text: str) -> Form:
    """Parse a form of a name."""
    found = list(WORD.finditer(text))
    words = [_folded(m.group()) for m in found]
    first = _first(found, words)
    titles = tuple(w for w in words[:first] if w in TITLES or w in NOUNS)
    last, legal, generation = len(words), None, None
    if last - first > 1 and words[last - 1].replace(".", "") in LEGAL_FORMS:
        legal, last = LEGAL_FORMS[words[last - 1].replace(".", "")], last - 1
    if last - first > 2 and words[last - 1] in _GENERATIONS:
        generation, last = words[last - 1], last - 1
    core = tuple(w for w in words[first:last] if w not in ("&", "and"))
    small = [m.group() for m in found[first:last] if m.group()[0].islower()]
    plain = (
        bool(core)
        and core[0] not in _BRIDGES
        and all(w in JOINERS or _folded(w) in _PARTICLES for w in small)
    )
    if not plain:
        core = tuple(words)
    skipped = (n for n, w in enumerate(words) if w in titles or n >= first)
    start = found[next(skipped)].start() if found else 0
    written = re.sub(r"[’']s?$", "", text[start:].strip()) if plain else text.strip()
    return Form(written, core, titles, legal, generation, plain)


def _first(found: Sequence[re.Match[str]], words: Sequence[str]) -> int:
    """Index of the first word after articles, titles, offices and possessives ("Averland's")."""
    owner = (
        n
        for n, m in enumerate(found[:-1])
        if m.group()[0].isupper() and _OWNS(m.group()) and not _is_saint(words[:n])
    )
    first = max(owner, default=-1) + 1
    while first < len(words) - 1:
        word, left = words[first], len(words) - first
        # "Dean Howarth" may be a given name.
        if not (word in ("the", "a", "an") or word in TITLES or (word in NOUNS and left > 2)):
            break
        first += 1
    return first


def _is_saint(before: Sequence[str]) -> bool:
    """Whether words before an owner make it part of a name: "St Brigid's Hospital"."""
    return list(before[-1:]) in (["st"], ["saint"])


def _folded(word: str) -> str:
    return fold(word).translate(_PLAIN)


@cached_by_text
def occurrences(text: str) -> tuple[Name, ...]:
    """Names of a text, split where one run of capitals contains two: "Averland's Mara Vell",
    "Harbour Robotics CEO Ada Lorn", "Ada Lorn of Harbour Robotics"."""
    return tuple(piece for name in names(text) for piece in _parts(text, name))


def _parts(text: str, name: Name) -> Iterator[Name]:
    words = [m for m in WORD.finditer(text, name.start, name.end)]
    cuts = [n for n in range(1, len(words)) if _is_cut(words, n)]
    for begin, end in zip([0, *cuts], [*cuts, len(words)], strict=True):
        part = words[begin:end]
        while part and (part[0].group() in JOINERS or _folded(part[0].group()) in _NO_HEADS):
            part = part[1:]
        while part and part[-1].group() in JOINERS:
            part = part[:-1]
        if part and not all(_folded(m.group()) in TITLES for m in part):
            start, stop = part[0].start(), part[-1].end()
            yield Name(text[start:stop], start, stop, name.sure)


def _is_cut(words: Sequence[re.Match[str]], n: int) -> bool:
    """Whether another name begins at word ``n`` of a run."""
    before, here = [_folded(m.group()) for m in words[:n]], _folded(words[n].group())
    if _OWNS(words[n - 1].group()):
        return not _is_saint(before[:-1])
    rest = [_folded(m.group()) for m in words[n:]]
    named = [w for w in before if w not in TITLES and w not in JOINERS]
    if here in TITLES and before[-1] not in TITLES and named:
        follows = [w for w in rest if w not in TITLES]
        return bool(follows) and not INSTITUTIONS.intersection(rest)
    if here == "of" and before[-1] not in INSTITUTIONS:
        return len(named) > 1 or (len(named) == 1 and len(before) > 1)
    return False


@dataclass
class Group:
    """One actor, with the forms of its name.

    Args:
        forms: forms, longest first.
        works: known lines of work.
    """

    forms: list[Form]
    works: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The fullest form."""
        return self.forms[0].text

    def others(self, name: str) -> tuple[str, ...]:
        """Distinct other forms as written, without those that end in ``name``."""
        texts = {f.text.casefold(): f.text for f in reversed(self.forms)}
        behind = f" {name.casefold()}"
        return tuple(sorted(t for low, t in texts.items() if not f" {low}".endswith(behind)))


class EntityGroups:
    """Actors named in some texts, each with the forms of its name."""

    def __init__(
        self,
        texts: Sequence[str],
        called: Iterable[str] = (),
        works: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        """Group the names of texts, and further names.

        Args:
            texts: source texts, one for each passage.
            called: further names of actors, grouped even if no text has them.
            works: words of the offices ascribed to a person, by full name.
        """
        self._texts = texts
        self._places: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        self._works = {
            form(name).words: {_WORKS[w] for w in map(_folded, words) if w in _WORKS}
            for name, words in (works or {}).items()
        }
        self._addresses: dict[tuple[str, ...], set[str]] = {}
        self._titled: set[tuple[str, ...]] = set()
        self._groups: dict[Form, Group] = {}
        self._grow(self._buckets(called))

    def of(self, name: str) -> Group | None:
        """Actor of a form; ``None`` when unknown or ambiguous."""
        return self._groups.get(form(name))

    @property
    def groups(self) -> tuple[Group, ...]:
        """All actors."""
        return tuple({id(g): g for g in self._groups.values()}.values())

    # --- Forms ---------------------------------------------------------------------------------

    def _buckets(self, called: Iterable[str]) -> list[list[Form]]:
        """Forms in buckets that differ only in spelling; those with most words first."""
        known = dict.fromkeys(form(name) for name in called)
        unsure: dict[Form, bool] = {}  # whether it owns: "Norvell's" opens a sentence
        for text in self._texts:
            for name in occurrences(text):
                found = form(name.text)
                around = text[: name.start][-40:], text[name.end : name.end + 40]
                self._places.setdefault(found.words, []).append(around)
                if name.sure:
                    known[found] = None
                elif len(WORD.findall(name.text)) == 1:
                    unsure[found] = unsure.get(found, False) or bool(_OWNS(name.text))
        tails = {f.words[-1:] for f in known if f.plain} | {f.words for f in known}
        heads = {f.words[:1] for f in known if len(f.words) > 1}
        fits = (f for f, owns in unsure.items() if f.words in tails or (owns and f.words in heads))
        known |= dict.fromkeys(fits)
        buckets: dict[tuple[object, ...], list[Form]] = {}
        for one in known:
            if one.titles:
                self._titled.add(one.words)
            if one.address:
                self._addresses.setdefault(one.words, set()).add(one.address)
            lone = len(one.words) == 1
            key = (one.words, one.legal, one.generation, one.plain, one.address if lone else None)
            buckets.setdefault((*key, one.work if lone else None), []).append(one)
        return sorted(buckets.values(), key=lambda b: _weight(b[0]), reverse=True)

    # --- Who is who ----------------------------------------------------------------------------

    def _grow(self, buckets: Sequence[list[Form]]) -> None:
        taken: list[list[Form]] = []
        by_last: dict[str, list[list[Form]]] = {}
        for bucket in buckets:
            last = bucket[0].words[-1] if bucket[0].words else ""
            stands_for_words = any(f.is_acronym for f in bucket)
            near = taken if stands_for_words else by_last.get(last, [])
            longer = [forms[0] for forms in near if self._is_short_for(bucket, forms)]
            groups = {id(g): g for one in longer if (g := self._groups.get(one))}
            groups = self._without_others(bucket, groups)
            if len(groups) == 1:
                (group,) = groups.values()
                group.forms += sorted(bucket, key=lambda f: -len(f.text))
            elif groups:
                continue
            else:
                group = Group(sorted(bucket, key=_fullness))
            group.works |= {f.work for f in bucket if f.work}
            group.works |= self._works.get(bucket[0].words, set())
            self._groups |= dict.fromkeys(bucket, group)
            taken.append(bucket)
            by_last.setdefault(last, []).append(bucket)

    def _without_others(self, bucket: Sequence[Form], groups: dict[int, Group]) -> dict[int, Group]:
        """Candidate groups without those excluded by form of address or line of work."""
        address, work = bucket[0].address, bucket[0].work
        both = len(self._addresses.get(bucket[0].words, ())) > 1
        found = {}
        for key, group in groups.items():
            addresses = {f.address for f in group.forms if f.address}
            if work and group.works and work not in group.works:
                continue
            if address and (address not in addresses if both or addresses else False):
                continue
            found[key] = group
        return found

    def _is_short_for(self, bucket: Sequence[Form], wholes: Sequence[Form]) -> bool:
        one, whole = bucket[0], wholes[0]
        if not (one.plain and whole.plain) or len(one.words) > len(whole.words):
            return False
        if one.generation and one.generation != whole.generation:
            return False
        if one.words == whole.words:
            return one.legal in (None, whole.legal) and not (one.titles and whole.legal)
        if any(self._stands_for(f, w) for f in bucket if f.is_acronym for w in wholes):
            return True
        if whole.is_person:
            return self._is_part_of_person(one, whole)
        return self._is_part_of_institution(one, whole)

    def _is_part_of_person(self, one: Form, whole: Form) -> bool:
        if one.legal is not None or (len(one.words) == 1 and _INSIDE.search(one.text)):
            return False
        if len(one.words) == 1 or one.words == whole.surname:
            if one.words not in (whole.surname, whole.words[-1:]):
                return False
            places = self._places.get(one.words, [])
            is_place = bool(places) and all(_AT.search(before) for before, _ in places)
            return bool(one.titles) or (self._is_human(one, whole) and not is_place)
        same_last = one.words[-1] == whole.words[-1] and one.is_person
        return same_last and _are_given(one.words[:-1], whole.words[:-1])

    def _is_human(self, one: Form, whole: Form) -> bool:
        """Whether a title, office, age or act indicates that the name is a person's."""
        if whole.titles or whole.words in self._works or one.words in self._titled:
            return True
        return whole.words in self._titled or any(
            _ACTS.match(behind) or _ACTED.search(before)
            for words in (one.words, whole.words)
            for before, behind in self._places.get(words, [])
        )

    def _is_part_of_institution(self, one: Form, whole: Form) -> bool:
        if one.legal is not None and one.legal != whole.legal:
            return False
        if whole.words[-len(one.words) :] != one.words or one.words[-1] not in INSTITUTIONS:
            return False
        places = self._places.get(one.words, [])
        return len(one.words) > 1 or any(re.search(r"\bthe\s+$", b, re.I) for b, _ in places)

    def _stands_for(self, acronym: Form, whole: Form) -> bool:
        """Whether an acronym stands for a name: by a definition in the texts, else by initials."""
        letters = re.sub(r"[^a-z]", "", acronym.text.casefold())
        said = self._definitions.get(letters)
        if said:
            return _abbreviates(letters, whole.words) and any(
                tail[-len(whole.words) :] == whole.words for tail in said
            )
        if len(letters) < 3:
            return False
        words = [m for m in WORD.findall(whole.text) if _folded(m) not in ("the", *LEGAL_FORMS)]
        initials = "".join(_folded(m)[0] for m in words)
        capitals = "".join(_folded(m)[0] for m in words if m[0].isupper())
        return letters in (capitals, initials) and (not whole.is_person or len(words) > 2)

    @cached_property
    def _definitions(self) -> dict[str, list[tuple[str, ...]]]:
        """Acronyms defined in brackets, each with the words before the brackets."""
        found: dict[str, list[tuple[str, ...]]] = {}
        for text in self._texts:
            for match in _DEFINED.finditer(text):
                letters = re.sub(r"[^a-z]", "", match[1].casefold())
                words = [_folded(m) for m in WORD.findall(text[: match.start()][-100:])]
                words = words[:-1] if words and words[-1] in LEGAL_FORMS else words
                last = words[-len(letters) - 3 :]
                if any(_abbreviates(letters, last[n:]) for n in range(len(last))):
                    found.setdefault(letters, []).append(tuple(words))
        return found


def _abbreviates(letters: str, words: Sequence[str]) -> bool:
    """Whether the words contain the letters in order, starting with the first."""
    left = iter("".join(words))
    return "".join(words)[:1] == letters[0] and all(letter in left for letter in letters)


def _weight(one: Form) -> tuple[int, bool, bool, bool, int]:
    titled = bool(one.address or one.work)
    return len(one.words), bool(one.legal), bool(one.generation), titled, sum(map(len, one.words))


def _fullness(one: Form) -> tuple[int, int]:
    """Sort key: forms without titles first, then longer ones."""
    return len(one.titles), -len(one.text)


def _are_given(some: Sequence[str], every: Sequence[str]) -> bool:
    """Whether given names match others in order: the first the first, with omissions after it.

    An initial matches a name that starts with it.
    """
    if not some or not _is_given(some[0], every[0]):
        return False
    rest = list(every[1:])
    for name in some[1:]:
        while rest and not _is_given(name, rest[0]):
            rest.pop(0)
        if not rest:
            return False
        rest.pop(0)
    return True


def _is_given(one: str, other: str) -> bool:
    short, long = sorted((one.replace(".", ""), other.replace(".", "")), key=len)
    return short == long or (len(short) == 1 and long.startswith(short))
