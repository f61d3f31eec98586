"""Whether a sentence tells its reader whom and what it is about, by its grammar."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from summarizer.drafting.extractive.filters import outside_quotes
from summarizer.text.cache import cached_by_text
from summarizer.text.dates import CALENDAR
from summarizer.text.governors import OperatorKind, governors
from summarizer.text.grammar import COPULAS, SUBJECTS, is_predicate
from summarizer.text.job_titles import INSTITUTIONS
from summarizer.text.parse import Parse, Word, parse
from summarizer.text.tokens import fold, listed, stem

_DEFINITE = frozenset(("the", "this", "that", "these", "those"))
_TIMES = frozenset(
    listed(
        """
        afternoon century day decade end evening fall future hour minute moment month morning night
        past spring summer time week weekend winter year years
        """
    )
)
_KNOWN = _TIMES | frozenset(
    listed(
        """
        army coastguard country government internet military navy police public state weather world
        """
    )
)
"""Nouns that need nothing before them: every reader knows what "the army" is."""
_SHELLS = frozenset(
    listed(
        """
        accident accusation allegation announcement case charge claim comment complaint criticism
        deal decision dispute idea incident issue lawsuit letter measure move plan proposal question
        remark report request ruling rumor rumour situation statement step suggestion suit verdict
        warning
        """
    )
)
"""Nouns that stand for what was told ("shell nouns"): "calling the claim absurd"."""
_TELLS_WHICH = frozenset(("prep", "relcl", "acl"))
_LINKS = frozenset(
    listed(
        """
        accordingly additionally also consequently else either furthermore hence however indeed
        instead later likewise meanwhile moreover nevertheless nonetheless otherwise similarly
        subsequently then therefore though thus too
        """
    )
)
"""Adverbs that tie a sentence to the one before it."""
_BACK = frozenset(("here", "latter", "such", "same"))
"""Words that mean what was told before, unless "as" follows."""
_COUNTS = frozenset(("CD", "DT", "JJ", "JJR", "JJS", "PDT"))
"""Tags of what stands for a noun told before: "some", "two", "many"."""
_NOUNS = ("NN", "NNS", "NNP", "NNPS")


class Standing(NamedTuple):
    """What a sentence says of its subject.

    Args:
        heads: stems of the nouns that its main clause takes for known: "the company", "the call".
        definite: stems of the nouns that its main verbs ask for and it takes for known.
        named: whether the subject of its main clause, or who says it, has a name.
        linked: whether a word means what was told before: "also", "there", "both", "he" of nobody
            it has named, or a verb without what it says of its subject ("The names are not.").
        reported: whether its main clause is somebody's statement.
        ongoing: whether its main clause tells what goes on: "merchants are pressing".
        present: whether its main clause tells what goes on or is so now: "is missing".
        lasting: whether its main clause tells what goes on or a state that is so now.
        nameless: whether it names nobody and no place.
    """

    heads: frozenset[str]
    definite: frozenset[str]
    named: bool
    linked: bool
    reported: bool
    ongoing: bool
    present: bool
    lasting: bool
    nameless: bool

    @property
    def stands(self) -> bool:
        """Whether it takes nothing for known in its main clause, and means nothing told before."""
        return not (self.heads or self.linked)


@cached_by_text
def standing(text: str) -> Standing:
    """What a sentence says of its subject."""
    (parsed,) = parse([text])
    roots = [w for w in parsed.words if w.head == w.n]
    said = [c for root in roots for c in parsed.children[root.n] if c.dep == "ccomp"]
    further = [c for verb in (*roots, *said) for c in parsed.children[verb.n] if c.dep == "conj"]
    verbs = (*roots, *said, *further)
    outer = [s for verb in roots for s in _subjects(parsed, verb)]
    inner = [s for verb in said for s in _subjects(parsed, verb) if not _named_before(parsed, s)]
    subjects = [*outer, *inner]
    return Standing(
        heads=frozenset(h for s in subjects for h in _taken_for_known(parsed, s)),
        definite=frozenset(
            h
            for verb in verbs
            for w in _asked_for(parsed, verb)
            for h in _taken_for_known(parsed, w)
        ),
        named=any(_is_name(w) for s in outer for w in parsed.subtree(s)),
        linked=any(_links(parsed, w) or _is_shell(parsed, w) for w in parsed.words)
        or any(_is_elliptic(parsed, root) for root in roots),
        reported=bool(said) and any(_tells(root) for root in roots),
        ongoing=any(_goes_on(parsed, root, "VBG") for root in roots),
        present=any(_goes_on(parsed, verb, "VBG", "VBP", "VBZ") for verb in verbs),
        lasting=any(
            _goes_on(parsed, verb, "VBG")
            or (verb.lemma in _STAYS and _goes_on(parsed, verb, "VBP", "VBZ"))
            or any(c.dep == "auxpass" and c.tag in _NOW for c in parsed.children[verb.n])
            for verb in roots
        ),
        nameless=not any(map(_is_name, parsed.words)),
    )


def _is_name(word: Word) -> bool:
    return word.tag.startswith("NNP") and fold(word.text) not in CALENDAR


def _named_before(parsed: Parse, word: Word) -> bool:
    return any(map(_is_name, parsed.words[: word.n]))


def _subjects(parsed: Parse, verb: Word) -> Iterator[Word]:
    if is_predicate(parsed, verb):
        yield from (c for c in parsed.children[verb.n] if c.dep in SUBJECTS)


def _asked_for(parsed: Parse, verb: Word) -> Iterator[Word]:
    """Subjects and objects of a verb and of what its subject goes on to do, also behind a
    preposition."""
    for child in parsed.children[verb.n]:
        if child.dep in ("conj", "xcomp", "advcl") and parsed.child(child, *SUBJECTS) is None:
            yield from _asked_for(parsed, child)
        near = parsed.children[child.n] if child.dep in ("prep", "agent") else (child,)
        yield from (w for w in near if w.dep in (*SUBJECTS, "dobj", "pobj", "attr", "dative"))


def _links(parsed: Parse, word: Word) -> bool:
    """Whether a word means something that the sentence does not tell."""
    if word.tag in ("PRP", "PRP$"):
        return _dangles(parsed, word)
    norm = fold(word.text)
    before = parsed.words[: word.n]
    if norm in ("this", "that", "these", "those") and word.tag == "DT":
        return _points_back(parsed, word, norm)
    if word.tag in _COUNTS and word.dep in SUBJECTS and norm != "both":
        return not parsed.children[word.n]  # "Some remain", unlike "Some of the crew remain"
    if norm == "both":
        two = any(c.dep == "conj" and c.tag in _NOUNS for c in before)
        return not (two or word.dep in ("preconj", "cc"))
    if norm == "there":
        return word.dep != "expl" and not any(w.dep == "pobj" or _is_name(w) for w in before)
    if norm in _BACK:
        return not any(w.lemma in ("as", "that") for w in parsed.words[word.n + 1 :])
    return word.dep == "advmod" and _is_link(parsed, word, norm)


def _is_shell(parsed: Parse, word: Word) -> bool:
    return word.lemma in _SHELLS and any(_taken_for_known(parsed, word))


def _is_link(parsed: Parse, word: Word, norm: str) -> bool:
    """Whether an adverb of a main clause looks back: "It also fell", "The page was still green"."""
    verb = parsed.words[word.head]
    if verb.head != verb.n and verb.dep != "ccomp":
        return False
    was = verb.lemma == "be" and verb.tag == "VBD"
    alone = not parsed.children[word.n]  # not "two days later"
    return (norm in _LINKS and alone) or (was and norm == "still")


def _points_back(parsed: Parse, word: Word, norm: str) -> bool:
    """Whether "this" or "those" means something told before: not "this week" or "those who"."""
    if word.dep == "det":
        head = parsed.words[word.head]
        soon = norm == "this" and fold(head.lemma) in _TIMES
        return not (soon or _is_told(parsed, head))
    return not any(c.dep in _TELLS_WHICH for c in parsed.children[word.n])


def _dangles(parsed: Parse, word: Word) -> bool:
    """Whether a pronoun has no noun before it that it can stand for.

    An object never stands for the subject of its own verb ("agents arrested him"), "it" not for who
    says so ("The owner said that a pipe had caused it"), and a subject not for what is in a phrase
    before it ("Under the Act it had to report").
    """
    norm = fold(word.text)
    if norm not in _PERSON and norm not in _THING:
        return False
    if norm == "it" and _is_empty(parsed, word):
        return False
    verb = parsed.words[word.head]
    while verb.head != verb.n and not is_predicate(parsed, verb):
        verb = parsed.words[verb.head]
    object_ = word.tag == "PRP" and word.dep not in SUBJECTS
    barred = _below(parsed, _subjects(parsed, verb)) if word.tag == "PRP" else set()
    if object_ and norm in _THING and verb.dep == "ccomp":
        barred |= _below(parsed, _subjects(parsed, parsed.words[verb.head]))
    if word.dep in SUBJECTS:  # "Under the Act it had to report"
        fronted = (c for c in parsed.children[verb.n] if c.dep == "prep" and c.n < word.n)
        barred |= _below(parsed, fronted)
    nouns = ("NN", "NNP") if norm in _PERSON else _NOUNS
    bare = outside_quotes(parsed.text)
    outside = (
        bare[word.start] != "·"
    )  # no noun of a quotation: "“Every day counted,” its head said"
    return not any(
        w.n not in barred
        and w.tag in nouns
        and w.dep not in ("compound", "nmod")
        and not (outside and bare[w.start] == "·")
        for w in parsed.words[: word.n]
        if fold(w.text) not in CALENDAR
    ) and not _follows(parsed, word, verb, barred)


def _below(parsed: Parse, words: Iterator[Word]) -> set[int]:
    return {w.n for word in words for w in parsed.subtree(word)}


def _is_empty(parsed: Parse, word: Word) -> bool:
    """Whether "it" stands for nothing or a clause: "It is not clear whether …"."""
    verb = parsed.words[word.head]
    later = [c for c in parsed.children[verb.n] if c.n > verb.n]
    told = {c.dep for near in (verb, *later) for c in parsed.children[near.n] if c.n > verb.n}
    clauses = {"ccomp", "xcomp", "csubj", "relcl", "advcl"}
    if "pass" in word.dep and verb.lemma not in _RESOLVED:  # "it was required to report the fault"
        return not told.isdisjoint(clauses - {"xcomp"})
    empty = verb.lemma in COPULAS or verb.lemma in ("rain", "snow", "take") or "pass" in word.dep
    return empty and not told.isdisjoint(clauses)


def _goes_on(parsed: Parse, verb: Word, *tags: str) -> bool:
    """Whether a verb that is no statement has one of some tags, and no auxiliary of the past or of
    what may be."""
    auxiliaries = {c.tag for c in parsed.children[verb.n] if c.dep in ("aux", "auxpass")}
    governor = governors("that").get(verb.lemma)
    says = governor is not None and governor.kind in (OperatorKind.SAID, OperatorKind.ALLEGED)
    return verb.tag in tags and not (says or auxiliaries & {"VBD", "MD"})


def _is_elliptic(parsed: Parse, verb: Word) -> bool:
    told = {c.dep for c in parsed.children[verb.n]} - _EMPTY
    return verb.lemma in ("be", "do", "have") and not told


def _follows(parsed: Parse, word: Word, verb: Word, barred: Collection[int]) -> bool:
    """Whether its own or the main clause names somebody for a pronoun before its subject:
    "In her letter, Ruiz …", "After he left, Ruiz …"."""
    clauses = (verb,) if verb.dep == "ccomp" else (verb, parsed.words[verb.head])
    return any(
        s.tag in _NOUNS and s.n not in barred and min(parsed.subtree(s)).n > word.n
        for clause in clauses
        if clause.n > word.n
        for s in _subjects(parsed, clause)
    )


_NOW = ("VBP", "VBZ")
_STAYS = ("be", "remain", "stay")
_RESOLVED = frozenset(listed("agree decide forbid plan propose resolve"))
"""Verbs whose passive with an infinitive is said of nobody: "it was decided to close"."""
_EMPTY = frozenset((*SUBJECTS, "aux", "neg", "punct", "cc", "mark"))
_PERSON = frozenset(("he", "him", "his", "she", "her", "hers"))
_THING = frozenset(("it", "its", "they", "them", "their", "theirs"))


def _tells(verb: Word) -> bool:
    governor = governors("that").get(verb.lemma)
    return governor is None or governor.kind in (OperatorKind.SAID, OperatorKind.ALLEGED)


def _taken_for_known(parsed: Parse, noun: Word) -> Iterator[str]:
    """Heads of definite phrases that nothing in them tells apart: "the call", "a man at the firm",
    not "the call of Acme" or "the Senate committee"."""
    inside = list(_phrase(parsed, noun))
    beside = parsed.words[noun.n + 1 : noun.n + 2]  # "the lab Acme", which the parser may part
    if noun.tag not in _HEADS | _COUNTS or any(map(_is_name, (*inside, *beside))):
        return
    for word in inside:
        definite = any(c.dep == "det" and c.lemma in _DEFINITE for c in parsed.children[word.n])
        known = fold(word.lemma) in _KNOWN
        if word.tag in _HEADS and definite and not known and not _is_told(parsed, word):
            yield stem(fold(word.text))


_HEADS = frozenset(("NN", "NNS", "VBN", "JJ"))
"""Tags of heads of phrases, with "the injured"."""


def _phrase(parsed: Parse, noun: Word) -> Iterator[Word]:
    """The words of a noun phrase without clauses and appositions in it."""
    yield noun
    for child in parsed.children[noun.n]:
        if child.dep not in ("relcl", "acl", "appos"):
            yield from _phrase(parsed, child)


def _is_told(parsed: Parse, noun: Word) -> bool:
    """Whether a phrase says which one it means: "the fault in the brakes", "the firm, a bank"."""
    office = noun.lemma in INSTITUTIONS  # "the port authority", unlike "the authority"
    return any(
        c.dep == "appos"
        or (office and c.dep in ("amod", "compound"))
        or (c.dep in _TELLS_WHICH and parsed.words[min(parsed.subtree(c)).n - 1].text != ",")
        for c in parsed.children[noun.n]
    )
