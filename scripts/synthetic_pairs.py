"""Pairs for training made by rule: a true sentence reworded, or with one small fault planted.

A sentence is true of its document because it stands there or because people labelled it supported.
What a fault adds is borrowed: a name, a phrase, a reason from another document of the same texts,
or from elsewhere in the same document, which is harder.  The rules are broader and cruder than the
faults of ``evals.mutation``, and share no code or table with them, so that suite stays a test.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from synthetic_words import ALIKE, LIKE, OPPOSITES, STRONGER

from summarizer.faithfulness.words import listed, read

NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w’'-]*\w(?: (?:of (?=[A-Z]))?[A-Z][\w’'-]*\w)*")
NUMBER = re.compile(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?![\w-])")
ADJECTIVE = re.compile(
    r"\b(?:the|an?|its|his|her|their) ([a-z]+(?:al|ive|ous|ed|ern|ful|ic|ary|an|ble|est|ing)) [a-z]"
)
WORD = re.compile(r"(?<= )[a-z]{4,}(?:ed|ing|s|ly|ion|ity|er|al|ent)(?=[ ,.])")
PHRASE = r"[^,.;:()\"“”]"
ADJUNCTS = "|".join(
    listed(
        "in at after during for with near under by on from despite without before since through "
        "across against over until alongside amid among including"
    )
)
DETAILS = [
    re.compile(rf"(?<=[a-z] )((?:{ADJUNCTS}) {PHRASE}{{8,60}})[,.]"),
    re.compile(rf"(, (?:which|who|where|while) {PHRASE}{{10,80}})[,.]"),
    re.compile(rf"(, [a-z]+ing {PHRASE}{{10,70}})[,.]"),
    re.compile(rf"( (?:and|but) [a-z]+(?:ed|s) {PHRASE}{{8,60}})[,.]"),
]
APPOSITION = re.compile(rf"(, (?:an?|the|whose) {PHRASE}{{6,50}},)")
THING = re.compile(
    rf"\b(?:of|in|by|for|to|with|on|over) ((?:the|an?|its|their|his|her) {PHRASE}{{6,45}})[,.]"
)
FINITE = re.compile(
    r" (?=(?:was|were|is|are|has|have|had|will|would|said|says|can|could|may|must|did|does)\b)"
)
HELPER = re.compile(
    r"\b(was|were|is|are|has|have|had|will|would|can|could|did|does|do|should|may|might|must)\b"
)
CLAUSE_CAUSES = ("because", "after", "since", "as", "so that", "which is why")
THING_CAUSES = (
    "because of", "due to", "as a result of", "following", "prompted by", "owing to", "thanks to",
    "in response to", "amid concerns about", "leading to", "to avoid", "in protest at",
    "sparked by",
)  # fmt: skip
REPORTS = (
    "It was reported that {}", "According to the report, {}", "The article says that {}",
    "The source states that {}", "{}, according to the source", "It is said that {}",
)  # fmt: skip


class Bank:
    """What can be borrowed from all documents, each thing with the document it comes from."""

    def __init__(self, documents: Mapping[int, Sequence[str]]) -> None:
        self._kept: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for document, sentences in documents.items():
            for text in sentences:
                self._keep(document, text)

    def _keep(self, document: int, text: str) -> None:
        for found in NAME.finditer(text):
            self._kept[_slot(text, found.start())].append((document, found.group()))
        for pattern in DETAILS:
            self._kept["detail"] += [(document, p) for p in pattern.findall(text)]
        for kind, pattern in (
            ("apposition", APPOSITION),
            ("adjective", ADJECTIVE),
            ("thing", THING),
        ):
            self._kept[kind] += [(document, p) for p in pattern.findall(text)]
        for word in WORD.findall(text):
            self._kept[word[-2:]].append((document, word))
        if 25 < len(text) < 90 and re.match(r"[A-Z][^:]+\.$", text):
            self._kept["clause"].append((document, text))

    def borrow(self, kind: str, not_of: int, chance: random.Random) -> str | None:
        """Something of a kind from another document."""
        kept = self._kept.get(kind, [])
        for document, text in chance.choices(kept, k=5) if kept else ():
            if document != not_of:
                return text
        return None


def _slot(text: str, at: int) -> str:
    """Names that follow the same word are mostly of the same type."""
    before = text[:at].split()[-1].casefold().strip(",")
    known = listed("in at from to by of the and for with said near president mr")
    return f"name {before if before in known else ''}"


@dataclass(frozen=True)
class Base:
    """A true sentence, the other sentences of its document, and what may be borrowed."""

    text: str
    others: Sequence[str]
    document: int
    bank: Bank
    chance: random.Random

    def borrow(self, kind: str) -> str | None:
        """Something of a kind from another document."""
        return self.bank.borrow(kind, self.document, self.chance)


Change = Callable[[Base], str | None]
"""A sentence made of another, or nothing where it does not apply."""


def _put(base: Base, found: re.Match[str], text: str) -> str:
    return base.text[: found.start()] + text + base.text[found.end() :]


def _pick(base: Base, pattern: str | re.Pattern[str]) -> re.Match[str] | None:
    found = list(re.finditer(pattern, base.text))
    return base.chance.choice(found) if found else None


def _bare(text: str) -> str:
    """Without its full stop."""
    return text.rstrip(" .")


def _inner(text: str) -> str:
    """As it stands within a sentence: the first letter small, unless it begins a name."""
    first = text.split(" ", 1)[0]
    known = listed("The A An It He She They This That These In On At There We But And As For If")
    return text[:1].lower() + text[1:] if first in known else text


def _from_table(base: Base, table: Sequence[tuple[str, str]], both_ways: bool) -> str | None:
    pairs = [*table, *((b, a) for a, b in table)] if both_ways else list(table)
    base.chance.shuffle(pairs)
    for old, new in pairs:
        found = _pick(base, rf"\b{old}\b")
        if found:
            return _put(base, found, new)
    return None


# --- Faults ------------------------------------------------------------------------------------


def number(base: Base) -> str | None:
    """Another number: near, by a digit, or one that stands elsewhere in the document."""
    found = _pick(base, NUMBER)
    if not found:
        return None
    old = found.group()
    elsewhere = [n for text in base.others for n in NUMBER.findall(text) if n != old]
    way = base.chance.randrange(3)
    if way == 0 and elsewhere:
        return _put(base, found, base.chance.choice(elsewhere))
    at = base.chance.choice([i for i, c in enumerate(old) if c.isdigit()])
    new = old[:at] + base.chance.choice("123456789") + old[at + 1 :]
    if way == 1:
        new = old + "0" if "." not in old and "," not in old else new
    return _put(base, found, new) if new != old else None


def like_word(base: Base) -> str | None:
    """Another month, unit, magnitude, rank, quantifier, pronoun, direction."""
    places = [
        (m, group)
        for group in LIKE
        for word in group
        for m in re.finditer(rf"\b{word}\b", base.text)
    ]
    if not places:
        return None
    found, group = base.chance.choice(places)
    return _put(base, found, base.chance.choice([w for w in group if w != found.group()]))


def name(base: Base) -> str | None:
    """Another name: from another document, or from elsewhere in the same."""
    found = _pick(base, NAME)
    if not found:
        return None
    here = [n for text in base.others for n in NAME.findall(text) if n not in base.text]
    if here and base.chance.random() < 0.5:
        new: str | None = base.chance.choice(here)
    else:
        new = base.borrow(_slot(base.text, found.start()))
    return _put(base, found, new) if new and new not in base.text else None


def roles(base: Base) -> str | None:
    """Two names, or what stands before and behind a verb's "by", exchanged."""
    found = list(NAME.finditer(base.text))
    first = re.match(r"[A-Z]\w+(?: [A-Z]\w+)*", base.text)
    places = ([first] if first and found and first.end() < found[0].start() else []) + found
    if len(places) < 2:
        return None
    a, b = sorted(base.chance.sample(places, 2), key=lambda m: m.start())
    t = base.text
    new = t[: a.start()] + b.group() + t[a.end() : b.start()] + a.group() + t[b.end() :]
    return new if a.group() not in b.group() and b.group() not in a.group() else None


def negation(base: Base) -> str | None:
    """A "not" more, or one less."""
    gone = re.sub(r" not\b|n['’]t\b|\bnever ", "", base.text, count=1)
    if gone != base.text:
        return gone
    found = _pick(base, HELPER)
    if not found:
        return None
    word = base.chance.choice(["not", "not", "never", "no longer"])
    return _put(base, found, f"{found.group()} {word}")


def opposite(base: Base) -> str | None:
    """A word turned into its opposite."""
    return _from_table(base, OPPOSITES, both_ways=True)


def stronger(base: Base) -> str | None:
    """What was possible, planned or alleged told as done."""
    return _from_table(base, STRONGER, both_ways=False)


def word(base: Base) -> str | None:
    """A word of another document with the same ending."""
    found = _pick(base, WORD)
    new = base.borrow(found.group()[-2:]) if found else None
    return _put(base, found, new) if found and new and new not in base.text else None


def detail(base: Base) -> str | None:
    """A phrase of another document, or an adjective, put in at the end or in the middle."""
    kind = base.chance.choice(["detail", "detail", "detail", "apposition", "adjective"])
    new = base.borrow(kind)
    if new is None or not read(new).content_set - read(" ".join(base.others)).content_set:
        return None
    if kind == "adjective":
        found = _pick(base, r"\b(?:the|an?|its|his|her|their) (?=[a-z])")
        return _put(base, found, found.group() + new + " ") if found else None
    if kind == "apposition":
        found = _pick(base, NAME)
        return _put(base, found, found.group() + new) if found else None
    new = new if new[0] in " ," else " " + new
    places = [
        m.start() for m in re.finditer(r",? (?=(?:in|on|at|for|after|by|with|and) )", base.text)
    ]
    if places and base.chance.random() < 0.35:
        at = base.chance.choice(places)
        return base.text[:at] + new + base.text[at:]
    return _bare(base.text) + new + "."


def cause(base: Base) -> str | None:
    """A reason or a result that nobody gave: of this document or of another."""
    if re.search(r"\b(?:because|due to|caused?|result|so that|led to)\b", base.text):
        return None
    short = [text for text in base.others if 20 < len(text) < 110]
    if base.chance.random() < 0.5:
        elsewhere = base.borrow("clause")
        here = base.chance.choice(short) if short else elsewhere
        reason = here if base.chance.random() < 0.5 else elsewhere
        link = base.chance.choice(CLAUSE_CAUSES)
    else:
        things = [t for text in base.others for t in THING.findall(text) if t not in base.text]
        here = base.chance.choice(things) if things else None
        reason = (here if base.chance.random() < 0.4 else None) or base.borrow("thing")
        link = base.chance.choice(THING_CAUSES)
    comma = base.chance.choice(["", ","])
    return f"{_bare(base.text)}{comma} {link} {_bare(_inner(reason))}." if reason else None


def merged(base: Base) -> str | None:
    """The subject of one sentence with what another says of its own; or another's fact joined."""
    if base.chance.random() < 0.3:
        other = base.borrow("clause")
        return f"{_bare(base.text)}, and {_inner(other)}" if other else None
    mine = FINITE.search(base.text)
    split = [(m, text) for text in base.others if (m := FINITE.search(text))]
    if not mine or not split or not 3 < mine.start() < 80:
        return None
    other, text = base.chance.choice(split)
    if text[: other.start()].casefold() == base.text[: mine.start()].casefold():
        return None
    return base.text[: mine.start()] + text[other.start() :]


FAULTS: Mapping[str, tuple[Change, float]] = {
    "number": (number, 1), "like word": (like_word, 1), "name": (name, 1), "roles": (roles, 1),
    "negation": (negation, 1), "opposite": (opposite, 1), "stronger": (stronger, 1),
    "word": (word, 1.5), "detail": (detail, 2), "cause": (cause, 1.5), "merged": (merged, 1),
}  # fmt: skip
"""Each fault, and how often it is tried before others."""

# --- Rewordings --------------------------------------------------------------------------------


def verbatim(base: Base) -> str | None:
    """As it stands."""
    return base.text


def alike(base: Base) -> str | None:
    """A word told by another that means the same."""
    return _from_table(base, ALIKE, both_ways=True)


def reported(base: Base) -> str | None:
    """Told as said by the source."""
    return base.chance.choice(REPORTS).format(_bare(_inner(base.text))) + "."


def shorter(base: Base) -> str | None:
    """Without a bracket, an inserted clause, or what leads in."""
    cuts = [
        r" \([^()]+\)",
        rf", (?:which|who|an?|the|where|whose) {PHRASE}{{5,80}}(?=,)(?!, and),",
        r", (?:which|who|where|whose|[a-z]+ing) [^.;:\"]{10,90}(?=\.$)",
    ]
    for cut in base.chance.sample(cuts, len(cuts)):
        new = re.sub(cut, "", base.text, count=1)
        if new != base.text and len(new) > 25:
            return new
    return None


def reordered(base: Base) -> str | None:
    """What leads in, put at the end; or the reverse."""
    found = re.match(
        rf"((?:In|On|At|After|During|Since|Last|For|When|If) {PHRASE}{{3,50}}), (.+)", base.text
    )
    if found:
        rest = _bare(found[2])
        return f"{rest[0].upper()}{rest[1:]} {found[1][0].lower()}{found[1][1:]}."
    found = re.match(rf"(.{{20,}}[a-z]) ((?:on|during|since|last) {PHRASE}{{3,40}})\.$", base.text)
    return f"{found[2][0].upper()}{found[2][1:]}, {_inner(found[1])}." if found else None


def joined(base: Base) -> str | None:
    """With another sentence of the same document: as long as an added detail, and true."""
    short = [text for text in base.others if 20 < len(text) < 110]
    if not short:
        return None
    link = base.chance.choice([", and", "; ", ", while", ". Also,", " and"])
    return f"{_bare(base.text)}{link} {_inner(base.chance.choice(short))}"


REWORDINGS: Mapping[str, tuple[Change, float]] = {
    "verbatim": (verbatim, 1), "alike": (alike, 2), "reported": (reported, 1),
    "shorter": (shorter, 2), "reordered": (reordered, 2), "joined": (joined, 1),
}  # fmt: skip


def _changed(base: Base, changes: Mapping[str, tuple[Change, float]]) -> tuple[str, str] | None:
    """The first change that applies, in a random order, and its name."""
    order = sorted(changes, key=lambda n: base.chance.random() ** (1 / changes[n][1]), reverse=True)
    for kind in order:
        text = changes[kind][0](base)
        if text and (text != base.text or kind == "verbatim"):
            return kind, text
    return None


def pairs(
    text: str, others: Sequence[str], document: int, bank: Bank, chance: random.Random
) -> Iterator[tuple[str, str, int]]:
    """A true and a false variant of a sentence, each as (kind, sentence, label).

    Half of the faults are planted in a reworded sentence, so that rewording tells nothing.
    """
    base = Base(text, others, document, bank, chance)
    good = _changed(base, REWORDINGS)
    if good:
        yield good[0], good[1], 1
    if good and good[0] != "joined" and chance.random() < 0.5:
        base = Base(good[1], others, document, bank, chance)
    bad = _changed(base, FAULTS)
    if bad:
        yield bad[0], bad[1], 0
