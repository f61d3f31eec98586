"""Changes of state: what a sentence tells as begun or going on, and what it tells the end of.

"Three hikers are missing" and "police found the hikers", "the city banned scooters" and "a court
overturned the ban", "the bridge was closed" and "the bridge reopened" are of one state each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from summarizer.text.accusing import agents
from summarizer.text.cache import cached_by_text
from summarizer.text.clauses import core, phrase_words
from summarizer.text.grammar import SUBJECTS, governor_lemma, is_predicate
from summarizer.text.operators import own
from summarizer.text.parse import Parse, Word, parse
from summarizer.text.parties import OF_SOME, parties
from summarizer.text.replying import NOT, UNREAL
from summarizer.text.subordination import operators
from summarizer.text.tokens import fold, listed, stem


class Axis(StrEnum):
    """What kind of state passes."""

    ACT = "act"
    """An act or a measure: a strike, a ban, a search, a merger."""
    GONE = "gone"
    HELD = "held"
    SHUT = "shut"


class State(NamedTuple):
    """A state of something.

    Args:
        of: stems of the heads and the names of whose it is; of an act, of the act.
        kind: stems of the nouns before the head: "fuel" of "the fuel tax".
    """

    axis: Axis
    of: frozenset[str]
    kind: frozenset[str]


_ENTERS = {
    Axis.GONE: listed("miss disappear vanish steal trap strand lose bury"),
    Axis.HELD: listed("hold detain arrest jail imprison kidnap abduct capture intern"),
    Axis.SHUT: listed(
        """
        close shut shut_down block seal seal_off ground halt suspend interrupt paralyse paralyze
        freeze pause lock oust dismiss fire sack expel exclude bar down offline dark
        """
    ),
}
_LEAVES = {
    Axis.ACT: listed(
        """
        end lift repeal overturn annul quash revoke rescind cancel scrap abandon call_off withdraw
        drop reverse terminate void strike_down set_aside throw_out abolish conclude expire lapse
        shelve axe waive avert settle contain extinguish put_out suspend halt
        """
    ),
    Axis.GONE: listed("find locate rescue recover save discover reunite trace turn_up"),
    Axis.HELD: listed("free release rescue liberate acquit"),
    Axis.SHUT: listed(
        "reopen resume restore restart return reconnect unblock unlock reinstate readmit rehire"
    ),
}
_OF_OTHERS = frozenset(listed("restore resume restart"))
"""Verbs of which also who does it is out of the state: "Acme resumed flights"."""
_ENDS_ITSELF = frozenset(listed("end conclude expire lapse"))
_MANY = frozenset(listed("thousand hundred dozen million lot number group crowd pair"))
_PARTIAL = frozenset(listed("some most part another"))
_STARTS = frozenset(
    listed(
        """
        begin start launch open introduce impose adopt enact order issue declare announce call
        approve agree pass set_up install stage enter continue extend plan prepare widen defend
        """
    )
)
"""Verbs with which an act or a measure begins or goes on."""
_TIMES = frozenset(listed("year day week month season quarter session trading night race match"))
_STAYS = ("be", "remain", "stay", "stand")
_OVER = frozenset(("off", "over"))
_BACK = frozenset(("back", "again"))
_PLEDGED = frozenset(("bail", "bond", "parole"))
_COGNATE = 4
"""Least letters of a verb's stem that its noun begins with: "merge" and "merger"."""
_ENDING = 3

_HINT = re.compile(
    r"\b(?:no longer|call(?:s|ed) (?:\w+ ){0,4}off|(?:is|are|was|were) (?:off"
    r"|over|back)|again|found|struck down|set aside|put out|thrown? out|turned up|quit"
    r"|(?:"
    + "|".join(
        sorted({re.escape(v.rstrip("e")) for vs in _LEAVES.values() for v in vs if "_" not in v})
    )
    + r")\w{0,4})\b"
)


def ends(later: State, told: State) -> bool:
    """Whether a state that a later sentence ends is the one that another one tells."""
    if later.axis is not told.axis or not _share(later, told):
        return False
    return not (later.kind and told.kind) or not later.kind.isdisjoint(told.kind)


def _share(later: State, told: State) -> bool:
    if later.axis is not Axis.ACT:
        return not later.of.isdisjoint(told.of)
    return any(_are_cognate(one, other) for one in later.of for other in told.of)


def _are_cognate(one: str, other: str) -> bool:
    """Whether two stems are of one act: "merge" and "merger"."""
    short, long = sorted((one, other), key=len)
    near = len(short) >= _COGNATE and len(long) - len(short) <= _ENDING
    return short == long or (near and long.startswith(short))


@cached_by_text
def told(text: str) -> frozenset[State]:
    """The states that a sentence tells as begun or as going on, without their end."""
    (parsed,) = parse([text])
    over = ended(text)
    found = (state for verb in _main(parsed) for state, _ in _told(parsed, verb))
    return frozenset(state for state in found if not any(ends(end, state) for end in over))


@cached_by_text
def lasting(text: str) -> frozenset[State]:
    """The states that a sentence tells as going on: "is missing", "remains shut"."""
    (parsed,) = parse([text])
    found = (state for verb in _main(parsed) for state, lasts in _told(parsed, verb) if lasts)
    return frozenset(found) & told(text)


def to_read(sentences: Iterable[str]) -> list[str]:
    """The sentences that ``ended`` parses, to be parsed together, which is faster."""
    return [sentence for sentence in sentences if _HINT.search(sentence)]


@cached_by_text
def ended(text: str) -> frozenset[State]:
    """The states of which a sentence tells the end."""
    if not _HINT.search(text):
        return frozenset()
    (parsed,) = parse([text])
    above = operators(parsed)
    verbs = (w for w in parsed.words if is_predicate(parsed, w) or w.lemma == "be")
    real = (v for v in verbs if not UNREAL & {o.kind for o in above[v.n]})
    return frozenset(state for verb in real for state in _ended(parsed, verb))


def _main(parsed: Parse) -> Iterator[Word]:
    """The verbs of the main clause, of what it says and of what it goes on to tell."""
    left = [w for w in parsed.words if w.head == w.n]
    while left:
        word = left.pop()
        yield word
        left.extend(c for c in parsed.children[word.n] if c.dep in ("ccomp", "conj", "xcomp"))


def _told(parsed: Parse, verb: Word) -> Iterator[tuple[State, bool]]:
    """States with whether they are told as going on."""
    below = parsed.children[verb.n]
    perfect = any(c.dep == "aux" and c.text.casefold() == "had" for c in below)
    if perfect or _is_no_more(parsed, below) or NOT & {o.kind for o in own(parsed, verb)}:
        return
    subject, object_ = _core(parsed, verb)
    lemma, state = governor_lemma(parsed, verb), _state(parsed, verb)
    goes_on = _goes_on(parsed, verb)
    for axis, words in _ENTERS.items():
        if state is not None and {state.lemma, stem(state.lemma)} & _forms(words):
            yield from ((s, True) for s in _of(parsed, axis, subject or object_, verb))
        elif lemma in words or verb.lemma in words:
            yield from ((s, goes_on) for s in _of(parsed, axis, object_ or subject, verb))
    if is_predicate(parsed, verb) and verb.lemma != "be":
        yield State(Axis.ACT, frozenset((stem(fold(verb.lemma)),)), frozenset()), goes_on
    if subject is not None and goes_on:
        yield from ((s, True) for s in _of(parsed, Axis.ACT, subject, verb))
    if lemma in _STARTS:
        yield from ((s, goes_on) for s in _of(parsed, Axis.ACT, object_ or subject, verb))


def _ended(parsed: Parse, verb: Word) -> Iterator[State]:
    below = parsed.children[verb.n]
    subject, object_ = _core(parsed, verb)
    if _is_no_more(parsed, below):
        state = _state(parsed, verb)
        for axis, words in _ENTERS.items():
            if verb.lemma in words or (state and {state.lemma, stem(state.lemma)} & _forms(words)):
                yield from _of(parsed, axis, subject or object_, verb)
        yield from _of(parsed, Axis.ACT, subject, verb)
        return
    near = {c.lemma for c in below}
    if verb.lemma in _STAYS and near & _OVER:
        yield from _of(parsed, Axis.ACT, subject, verb)
    if (verb.lemma in _STAYS and near & _BACK) or (verb.tag == "VBG" and "again" in near):
        yield from _of(parsed, Axis.SHUT, subject, verb)
    lemma, whom = governor_lemma(parsed, verb), object_ or subject
    for axis, words in _LEAVES.items():
        if lemma in words and _leaves(parsed, axis, verb, whom):
            yield from _of(parsed, axis, whom, verb)
            if lemma in _OF_OTHERS and object_ is not None:
                yield from _of(parsed, axis, subject, verb)


def _leaves(parsed: Parse, axis: Axis, verb: Word, whom: Word | None) -> bool:
    """Whether a verb that can end a state ends one of what it is said of."""
    if axis is Axis.ACT:  # not "prices dropped" or "suspended the chief executive"
        itself = governor_lemma(parsed, verb) in _ENDS_ITSELF
        return (itself or _core(parsed, verb)[1] is not None) and not _is_somebody(parsed, whom)
    pledged = any(w.lemma in _PLEDGED for w in parsed.subtree(verb))
    return axis is not Axis.HELD or not pledged


def _is_somebody(parsed: Parse, noun: Word | None) -> bool:
    found = agents(parties(parsed, noun)) if noun is not None else ()
    return any(noun is not None and party.noun == fold(noun.text) for party in found)


def _core(parsed: Parse, verb: Word) -> tuple[Word | None, Word | None]:
    """Who does it and to whom, also where the parser hangs the subject on "was" of a passive."""
    found = core(parsed, verb)
    aux = parsed.child(verb, "auxpass")
    return found if any(found) or aux is None else (None, parsed.child(aux, *SUBJECTS))


def _of(parsed: Parse, axis: Axis, noun: Word | None, verb: Word) -> Iterator[State]:
    """The state of what a noun phrase names; none of a pronoun, or of some of a number."""
    if noun is None:
        return
    amount = noun.lemma in OF_SOME or noun.tag == "CD" or noun.lemma in _MANY
    inner = parsed.child(noun, "prep") if amount else None
    if amount and (inner is None or noun.lemma not in _MANY):
        return
    whole = parsed.child(inner, "pobj") if inner is not None else noun
    if whole is None or not whole.tag.startswith("NN"):
        return
    inside = list(phrase_words(parsed, whole))
    names = _names(parsed, whole)
    kind = frozenset(
        stem(fold(w.text))
        for w in parsed.children[whole.n]
        if w.dep == "compound" and not w.tag.startswith("NNP")
    )
    head = frozenset((stem(fold(whole.lemma)),))
    if axis is Axis.ACT:
        if not whole.tag.startswith("NNP") and whole.lemma not in _TIMES and not _is_part(inside):
            yield State(axis, head, kind)
        return
    owner = parsed.child(whole, "poss")
    subject = parsed.child(verb, *SUBJECTS)
    if owner is not None and owner.tag == "PRP$" and subject is not None:
        names |= _names(parsed, subject)
    yield State(axis, names if whole.tag.startswith("NNP") else head | names, frozenset())


_NAMING = ("compound", "nmod", "poss", "appos")
"""Parts of a phrase whose names tell whose or which one it is: "the hiker Ana Ruiz"."""


def _names(parsed: Parse, noun: Word) -> frozenset[str]:
    """Stems of the names of a phrase, without those of places: "the fleet of Norda Air"."""
    below = parsed.children[noun.n]
    of = [p for c in below if c.lemma == "of" and (p := parsed.child(c, "pobj"))]
    near = [w for c in (*of, *(c for c in below if c.dep in _NAMING)) for w in parsed.subtree(c)]
    return frozenset(stem(fold(w.text)) for w in (noun, *near) if w.tag.startswith("NNP"))


def _is_part(inside: list[Word]) -> bool:
    numbered = inside[0].tag == "NNS" and any(w.dep == "nummod" for w in inside)
    return numbered or any(w.lemma in _PARTIAL for w in inside)


def _state(parsed: Parse, verb: Word) -> Word | None:
    """The state of who is, remains or goes in it; "missing" may be tagged as a verb."""
    if verb.lemma in _STAYS:
        return parsed.child(verb, "acomp", "oprd", "xcomp", "advmod")
    return None


def _goes_on(parsed: Parse, verb: Word) -> bool:
    """Whether a verb tells what is so at its time: "is missing", "has halted", "will stay"."""
    tags = {c.tag for c in parsed.children[verb.n] if c.dep in ("aux", "auxpass")}
    if verb.tag == "VBG":
        return True
    return bool(tags & {"VBZ", "VBP", "MD"}) or (not tags and verb.tag in ("VBZ", "VBP"))


def _forms(words: tuple[str, ...] | list[str]) -> frozenset[str]:
    """Lemmas of verbs, and stems of their participles as adjectives: "missing", "closed"."""
    return frozenset(words) | {stem(w) for w in words}


def _is_no_more(parsed: Parse, below: Iterable[Word]) -> bool:
    """Whether a verb is said with "no longer", and not with "two hours longer"."""
    longer = (c for c in below if c.text.casefold() == "longer")
    return any(g.lemma == "no" for c in longer for g in parsed.children[c.n])
