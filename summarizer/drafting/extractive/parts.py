"""Parts of a sentence that its grammar allows to leave out.

What says more of a noun may go, and what tells a further deed; for a headline also days,
circumstances and what stands before a name.  A verb keeps its subject and its complements.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from summarizer.drafting.extractive.filters import outside_quotes
from summarizer.drafting.extractive.weekdays import needs_its_day
from summarizer.text.dates import mentions
from summarizer.text.governors import OperatorKind, governors
from summarizer.text.grammar import is_predicate
from summarizer.text.job_titles import INSTITUTIONS
from summarizer.text.parse import Parse, Word
from summarizer.text.quantities import quantities
from summarizer.text.tokens import fold

_ASIDE, _NAMED, _FURTHER, _DAY, _KIND, _CIRCUMSTANCE = 0.95, 0.9, 0.8, 1.02, 0.75, 0.65
"""Weights of what goes: asides, words before a name, further predicates, days (a title ages better
without), what kind of thing something is, circumstances."""
_LINK = 0.98
"""Weight of "that" after "said"."""

_SET_OFF = frozenset((",", "--", "–", "—"))
"""Marks on both sides of an aside."""
_STOPS = frozenset((".", "!"))
_BEFORE_NAME = frozenset(("amod", "compound", "det", "nmod"))
_SAYS_MORE = frozenset(("appos", "relcl", "acl"))
_TURNED = frozenset((OperatorKind.DENIED, OperatorKind.DISPROVED, OperatorKind.DOUBTED))
_CLAIMS = frozenset((OperatorKind.SAID, OperatorKind.ALLEGED))
_WHEN = frozenset(("after", "as", "because", "since", "when", "while"))
"""Conjunctions of a clause that gives a circumstance, and no condition."""
_LEAD_IN = 3
"""Words before a conjunction that belong to it: "a week after"."""
_AMID = frozenset(
    ("after", "ahead", "amid", "at", "because", "despite", "during", "following", "over")
)
_LIMITS = frozenset(("without", "except", "unlike", "to"))
_AROUND = frozenset(("advmod", "npadvmod", "prep", "punct"))
_OF_A_DAY = frozenset(
    (
        *("on", "in", "between", "and", "early", "late", "earlier", "later"),
        *("morning", "afternoon", "evening", "night"),
    )
)


_OPENS_HOUR = frozenset(("at", "early", "late"))
_OF_AN_HOUR = _OPENS_HOUR | {"a.m.", "p.m.", "am", "pm", "about", "around"}


class Part(NamedTuple):
    """A part of a sentence that may go.

    Args:
        first: place of its first word.
        last: place of its last word.
        weight: share of the sentence that stays without it, 0–1.
        safe: whether it only says more of a noun, or tells a further deed.
    """

    first: int
    last: int
    weight: float
    safe: bool


def parts(parsed: Parse) -> Iterator[Part]:
    """Parts of a sentence that may go; those inside quotations stay."""
    quoted = {n for n, char in enumerate(outside_quotes(parsed.text)) if char == "·"}
    for word in parsed.words:
        found = _description(parsed, word) or _part(parsed, word)
        if found is None:
            continue
        first, last = parsed.words[found.first], parsed.words[found.last]
        if not quoted.intersection((first.start, last.end - 1)):
            yield found


def _part(parsed: Parse, word: Word) -> Part | None:
    """The part below a word, if it may go."""
    if word.head == word.n:
        return None
    head = parsed.words[word.head]
    if word.lemma == "that" and word.dep == "mark" and head.dep == "ccomp":
        return Part(word.n, word.n, _LINK, safe=False)
    inside = parsed.subtree(word)
    while sets_off(parsed, inside[-1].n) and len(inside) > 1:
        inside = inside[:-1]
    torn = inside[-1].n - inside[0].n >= len(inside)
    if torn or any(w.text == "(" for w in inside):
        return None
    if word.dep in _SAYS_MORE:
        return _saying_more(parsed, word, head, inside)
    if word.dep == "conj":
        return _further(parsed, word, head, inside[-1].n)
    return _around(parsed, word, head, inside)


def _saying_more(parsed: Parse, word: Word, head: Word, inside: Sequence[Word]) -> Part | None:
    """An aside; or, at the end, what kind of thing something is: "a suit that …".

    The name of somebody stays: "its editor, Ana Ruiz".
    """
    first, last = inside[0].n, inside[-1].n
    names = word.tag.startswith("NNP") and head.tag in ("NN", "NNS")
    if _is_set_off(parsed, first, last) and not names and not _turns(parsed, inside):
        return Part(first, last, _ASIDE, safe=True)
    determiners = [c for c in parsed.children[head.n] if c.dep in ("det", "poss", "nummod")]
    some = [c.lemma for c in determiners] == ["a"] or (head.tag == "NNS" and not determiners)
    which = word.dep == "relcl" and head.dep in ("dobj", "pobj")
    if some and which and _ends(parsed, last):
        return Part(first, last, _KIND, safe=False)
    return None


def _further(parsed: Parse, word: Word, head: Word, last: int) -> Part | None:
    """A further predicate after "and", at the end of its sentence."""
    joined = [c for c in parsed.children[head.n] if c.dep == "cc" and head.n < c.n < word.n]
    both = is_predicate(parsed, word) and is_predicate(parsed, head) and head.dep != "conj"
    content = any(c.dep == "mark" or c.tag.startswith("W") for c in parsed.children[word.n])
    if not both or content or [c.lemma for c in joined] != ["and"] or not _ends(parsed, last):
        return None
    return Part(joined[0].n, last, _FURTHER, safe=True)


def _description(parsed: Parse, word: Word) -> Part | None:
    """What stands before a full name: "the speech company" before "Ostrel Voice"."""
    if not word.tag.startswith("NNP"):
        return None
    first = min(parsed.subtree(word)).n
    name = word.n
    while name - 1 >= first and parsed.words[name - 1].tag.startswith("NNP"):
        name -= 1
    before = parsed.words[first:name]
    plain = all(w.dep in _BEFORE_NAME and not w.tag.startswith("VB") for w in before)
    if name == word.n or not plain or not any(w.tag == "NN" for w in before):
        return None
    return Part(first, name - 1, _NAMED, safe=False)


def _around(parsed: Parse, word: Word, head: Word, inside: Sequence[Word]) -> Part | None:
    """A day, a circumstance, or where somebody is from."""
    first, last = inside[0].n, inside[-1].n
    hour = _first_of_hour(parsed, first)
    if _is_day(parsed, word, hour, last):
        return Part(hour, last, _DAY, safe=False)
    if _is_origin(parsed, word, head, inside):
        return Part(first, last, _NAMED, safe=False)
    if not is_predicate(parsed, head) or not _is_edge(parsed, head, first, last):
        return None
    if word.dep == "advcl":
        return _clause(parsed, word, first, last)
    if word.dep == "prep" and _is_circumstance(parsed, word, head, inside):
        return Part(first, last, _CIRCUMSTANCE, safe=False)
    return None


def _clause(parsed: Parse, word: Word, first: int, last: int) -> Part | None:
    """A participle that is set off, a purpose, or a clause of time or reason."""
    mark = parsed.child(word, "mark", "advmod")
    if mark is not None:
        when = mark.lemma in _WHEN and mark.n - first <= _LEAD_IN
        return Part(first, last, _CIRCUMSTANCE, safe=False) if when else None
    if word.tag == "VBG" and _is_set_off(parsed, first, last):
        governor = governors("that").get(word.lemma)
        claims = governor is not None and governor.kind in _CLAIMS
        return Part(first, last, _CIRCUMSTANCE if claims else _ASIDE, safe=not claims)
    purpose = parsed.child(word, "aux")
    if purpose is not None and purpose.tag == "TO":
        return Part(first, last, _CIRCUMSTANCE, safe=False)
    return None


def _is_circumstance(parsed: Parse, word: Word, head: Word, inside: Sequence[Word]) -> bool:
    """Whether a prepositional phrase gives time or place behind what the verb asks for, or is set
    off by commas."""
    if parsed.child(word, "pcomp") is not None:
        return False
    noun = parsed.child(word, "pobj")
    place = word.lemma == "in" and noun is not None and noun.tag.startswith("NNP")
    plain = not any(is_predicate(parsed, w) for w in inside) and not _has_amount(parsed, inside)
    around = plain and (word.lemma in _AMID or place) and _is_filled(parsed, head, word)
    aside = _is_set_off(parsed, inside[0].n, inside[-1].n) and word.lemma not in _LIMITS
    return around or aside


def _has_amount(parsed: Parse, inside: Sequence[Word]) -> bool:
    """Whether a phrase gives an amount that no date or hour has: "at $58 million"."""
    start, end = inside[0].start, inside[-1].end
    dated = mentions(parsed.text)
    return any(
        start <= q.start < end
        and q.kind not in ("clock", "dial", "ordinal")
        and not any(d.start <= q.start < d.end for d in dated)
        for q in quantities(parsed.text)
    )


def _is_origin(parsed: Parse, word: Word, head: Word, inside: Sequence[Word]) -> bool:
    """Whether a phrase says where a person with a full name is from: "John Boehner of Ohio"."""
    full = any(c.dep == "compound" and c.tag == "NNP" for c in parsed.children[head.n])
    person = head.tag == "NNP" and full and fold(head.text) not in INSTITUTIONS
    return person and word.lemma == "of" and all(w.tag.startswith("NNP") for w in inside[1:])


def _first_of_hour(parsed: Parse, first: int) -> int:
    """Place of the first word of the hour before a day: "late on Friday", "at 8 a.m. on Friday"."""
    place = first
    while place > 1 and _is_of_hour(parsed.words[place - 1]):
        place -= 1
    return place if parsed.words[place].lemma in _OPENS_HOUR else first


def _is_of_hour(word: Word) -> bool:
    return word.lemma in _OF_AN_HOUR or (word.tag == "CD" and ":" in word.text)


def _is_day(parsed: Parse, word: Word, first: int, last: int) -> bool:
    """Whether a part only names a day that limits nothing."""
    joined = first > 0 and parsed.words[first - 1].tag == "CC"  # "on Monday or Tuesday"
    if word.dep not in ("prep", "npadvmod") or joined:
        return False
    start, end = parsed.words[first].start, parsed.words[last].end
    if parsed.text[end : end + 1] == "," and not _is_set_off(parsed, first, last):
        return False  # "on 12 May, the last day of the term"
    named = [w for w in mentions(parsed.text) if start <= w.start and w.end <= end]
    rest = (
        w
        for w in parsed.words[first : last + 1]
        if not any(n.start <= w.start < n.end for n in named)
    )
    plain = named and all(w.lemma in _OF_A_DAY or w.text == "," or _is_of_hour(w) for w in rest)
    kept = parsed.text[:start].rstrip()
    return bool(plain) and not needs_its_day(kept, parsed.text[start - 1 : end])


def _is_filled(parsed: Parse, verb: Word, preposition: Word) -> bool:
    """Whether a verb has what it asks for before a phrase that may be of place."""
    return any(
        c.n < preposition.n and c.dep in ("dobj", "nsubjpass", "ccomp", "xcomp", "attr", "prep")
        for c in parsed.children[verb.n]
    ) or preposition.lemma not in ("at", "in", "over")


def _turns(parsed: Parse, inside: Iterable[Word]) -> bool:
    """Whether a part denies something."""
    for word in inside:
        governor = governors("that").get(word.lemma) if is_predicate(parsed, word) else None
        if word.dep == "neg" or (governor is not None and governor.kind in _TURNED):
            return True
    return False


def sets_off(parsed: Parse, place: int) -> bool:
    """Whether the word at a place is a mark that sets off an aside, and no hyphen of a word."""
    word = parsed.words[place]
    return word.text in _SET_OFF or (word.text == "-" and parsed.text[word.start - 1] == " ")


def _is_set_off(parsed: Parse, first: int, last: int) -> bool:
    opens = first == 0 or sets_off(parsed, first - 1)
    return opens and (
        last + 1 == len(parsed.words)
        or sets_off(parsed, last + 1)
        or parsed.words[last + 1].text in _STOPS
    )


def _is_edge(parsed: Parse, head: Word, first: int, last: int) -> bool:
    """Whether a part is set off, or only other circumstances of its verb follow it."""
    later = [c for c in parsed.children[head.n] if c.n > last and c.dep in _AROUND]
    rest = {w.n for child in later for w in parsed.subtree(child)}
    behind = parsed.words[last + 1 :]
    if head.dep == "ccomp" and head.head > head.n:  # what follows tells who says so
        behind = tuple(w for w in parsed.subtree(head) if w.n > last)
    follows = all(w.n in rest or w.text in _STOPS for w in behind)
    return (first > head.n and follows) or _is_set_off(parsed, first, last)


def _ends(parsed: Parse, last: int) -> bool:
    return all(w.text in _STOPS for w in parsed.words[last + 1 :])
