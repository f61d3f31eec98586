"""Clauses of a sentence: what is said of whom, and under which operators.

The arguments of a clause come by their roles, also where grammar leaves them out: "refused to pay"
has the subject of "refused", "was sold by Acme" the subject Acme, a conjunct that of its first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from summarizer.text.cache import TextCache
from summarizer.text.governors import OperatorKind, governors, word_kinds
from summarizer.text.grammar import SUBJECTS, is_finite, is_predicate
from summarizer.text.operators import Operator
from summarizer.text.parse import Parse, Word, parse
from summarizer.text.subordination import operators
from summarizer.text.tokens import STOPWORDS, fold, read, stem


class Tense(StrEnum):
    """Time of a predicate by its form."""

    PAST = "past"
    PRESENT = "present"
    MODAL = "modal"
    NONE = "none"


class Role(StrEnum):
    """Part that an argument plays."""

    SUBJECT = "subject"
    OBJECT = "object"
    INDIRECT = "indirect object"
    COMPLEMENT = "complement"
    OBLIQUE = "oblique"


@dataclass(frozen=True)
class Argument:
    """One argument of a clause.

    Args:
        text: as written, without clauses inside.
        head: stem of its main word.
        stems: stems of its content words.
        preposition: of an oblique; else empty.
        pronoun: whether it is a personal pronoun or a relative one that is not resolved.
    """

    role: Role
    text: str
    head: str
    stems: frozenset[str]
    preposition: str = ""
    pronoun: bool = False


@dataclass(frozen=True)
class Clause:
    """One clause.

    Args:
        lemma: stem of the predicate; of "was safe" and "is the mayor" that of the complement.
        start: offset of the predicate in the sentence.
        end: offset after it.
        governed: stems of the predicates of clauses that are its complements.
        speaker: who says it, by the innermost verb of saying; else empty.
    """

    text: str
    lemma: str
    start: int
    end: int
    arguments: tuple[Argument, ...]
    operators: tuple[Operator, ...]
    governed: frozenset[str]
    tense: Tense
    finite: bool
    passive: bool

    @cached_property
    def stems(self) -> frozenset[str]:
        """Stems of the content words of all arguments."""
        return frozenset().union(*(a.stems for a in self.arguments))

    @property
    def speaker(self) -> str:
        """Who says it, by the innermost verb of saying; empty without one."""
        said = [o.by for o in self.operators if o.kind is OperatorKind.SAID and o.by]
        return said[-1] if said else ""

    def argument(self, role: Role) -> Argument | None:
        """The first argument in a role."""
        return next((a for a in self.arguments if a.role is role), None)


_cache: TextCache[tuple[Clause, ...]] = TextCache(limit=1_000_000)  # about 25 MiB


def clauses(sentences: Sequence[str]) -> list[tuple[Clause, ...]]:
    """Clauses of each of some sentences, in order; sentences that are new are parsed together."""
    known = {text: _cache.get(text) for text in dict.fromkeys(sentences)}
    new = [text for text, found in known.items() if found is None]
    for parsed in parse(new):
        known[parsed.text] = _clauses(parsed)
        _cache.put(parsed.text, known[parsed.text] or ())
    return [known[text] or () for text in sentences]


def _clauses(parsed: Parse) -> tuple[Clause, ...]:
    above = operators(parsed)
    return tuple(
        _clause(parsed, word, above[word.n]) for word in parsed.words if is_predicate(parsed, word)
    )


def _clause(parsed: Parse, word: Word, found: tuple[Operator, ...]) -> Clause:
    complement = _copular(parsed, word)
    head = complement or word
    arguments = tuple(_arguments(parsed, word, complement))
    return Clause(
        text=parsed.text,
        lemma=_stem(head),
        start=word.start,
        end=max(word.end, head.end),
        arguments=arguments,
        operators=tuple(dict.fromkeys(found)),
        governed=frozenset(
            _stem(_copular(parsed, c) or c)
            for c in parsed.children[word.n]
            if c.dep in ("ccomp", "xcomp") and is_predicate(parsed, c)
        ),
        tense=_tense(parsed, word),
        finite=is_finite(parsed, word),
        passive=_is_passive(parsed, word),
    )


def _stem(word: Word) -> str:
    """Stem of a word by its lemma, or by its ending, which the lemmatiser may cut too short."""
    regular = word.text.endswith(("ed", "ing"))
    return stem(fold(word.text) if regular else word.lemma)


def _copular(parsed: Parse, word: Word) -> Word | None:
    """The complement of "be": the predicate in "was safe" and "is the mayor"."""
    return parsed.child(word, "acomp", "attr") if word.lemma in ("be", "become", "remain") else None


def _tense(parsed: Parse, word: Word) -> Tense:
    tags = {c.tag for c in parsed.children[word.n] if c.dep in ("aux", "auxpass")} | {word.tag}
    lemmas = {c.lemma for c in parsed.children[word.n] if c.dep == "aux"}
    if "MD" in tags:
        return Tense.MODAL
    if "TO" in tags:
        return Tense.NONE
    if "VBD" in tags or "have" in lemmas:
        return Tense.PAST
    if tags & {"VBZ", "VBP"}:
        return Tense.PRESENT
    return Tense.PAST if is_finite(parsed, word) else Tense.NONE


# --- Arguments -------------------------------------------------------------------------------
def _arguments(parsed: Parse, word: Word, complement: Word | None) -> Iterator[Argument]:
    subject, object_ = core(parsed, word)
    if subject is not None:
        yield _argument(parsed, subject, Role.SUBJECT)
    if object_ is not None:
        yield _argument(parsed, object_, Role.OBJECT)
    if complement is not None:
        yield _argument(parsed, complement, Role.COMPLEMENT)
    for child in parsed.children[word.n]:
        if child.dep == "dative" and child.tag.startswith(("NN", "PRP")):
            yield _argument(parsed, child, Role.INDIRECT)
        elif child.dep in ("oprd", "acomp") and child is not complement:
            yield _argument(parsed, child, Role.COMPLEMENT)
        elif child.dep in ("npadvmod", "advmod", "prt") and child.lemma not in _HEDGES:
            yield _argument(parsed, child, Role.OBLIQUE)
        elif child.dep in ("prep", "dative") and (noun := parsed.child(child, "pobj")):
            yield _argument(parsed, noun, Role.OBLIQUE, child.lemma)


def core(parsed: Parse, word: Word) -> tuple[Word | None, Word | None]:
    """Who does it and to whom: subject and object, a passive turned round."""
    surface = _surface_subject(parsed, word)
    if _is_passive(parsed, word) or _is_state(_copular(parsed, word)):
        agent = parsed.child(word, "agent")
        return (parsed.child(agent, "pobj") if agent else None), surface
    object_ = parsed.child(word, "dobj")
    if object_ is None or object_.tag in ("WDT", "WP"):
        noun = parsed.words[word.head]
        gap = word.dep == "relcl" and surface is not None and surface.n != noun.n
        object_ = noun if gap and parsed.child(word, "nsubj") else object_
    return surface, object_


def _is_passive(parsed: Parse, word: Word) -> bool:
    if parsed.child(word, "auxpass", "nsubjpass", "agent") is not None:
        return True
    if word.tag != "VBN" or parsed.child(word, "aux", "dobj") is not None:
        return False
    if parsed.child(word, "nsubj") is not None:
        return word.dep == "ccomp"  # "wants the bridge closed"
    head = parsed.words[word.head]
    return word.dep == "acl" or (word.dep == "conj" and _is_passive(parsed, head))


def _is_state(complement: Word | None) -> bool:
    """Whether a complement is a participle: "was closed" is tagged now so, now as a passive."""
    return complement is not None and complement.text.endswith("ed") and complement.dep == "acomp"


def _surface_subject(parsed: Parse, word: Word) -> Word | None:
    own = parsed.child(word, *SUBJECTS)
    if own is not None and own.tag not in ("WDT", "WP"):
        return _before_verb(parsed, word, own)
    head = parsed.words[word.head]
    if head.n == word.n:
        return own
    if word.dep in ("relcl", "acl") and head.tag.startswith(("NN", "PRP", "CD", "DT")):
        named = word.tag == "VB" and head.lemma in governors("nouns")  # "calls to resign"
        itself = word.dep == "relcl" or word.tag in ("VBN", "VBG")
        return head if itself and not named else _owner(parsed, head)
    if own is not None:
        return own
    if word.dep in ("conj", "advcl") and is_predicate(parsed, head):
        return _surface_subject(parsed, head)
    return _controller(parsed, word, head)


def _before_verb(parsed: Parse, word: Word, own: Word) -> Word:
    """The name before the verb where the parser has taken the noun before "that" for the subject:
    "the rumour that Ada sold the ferry spread"."""
    after = parsed.words[own.n + 1] if own.n + 1 < word.n else None
    if after and after.lemma == "that" and own.lemma in governors("nouns"):
        between = parsed.words[after.n + 1 : word.n]
        return next((w for w in reversed(between) if w.tag.startswith("NN")), own)
    return own


def _controller(parsed: Parse, word: Word, head: Word) -> Word | None:
    """The unspoken subject of an infinitive or participle."""
    while head.dep in ("acomp", "prep", "pobj", "advmod") or head.tag.startswith("JJ"):
        if head.dep == "pobj" and (owner := parsed.child(head, "poss")):
            return owner
        above = parsed.words[head.head]
        if above.tag.startswith("NNP") and above.dep == "dobj":
            return above  # "acquitted Orlan of taking bribes"
        if above.tag.startswith("NN"):
            return _owner(parsed, above)
        if above.n == head.n:
            break
        head = above
    if not is_predicate(parsed, head):
        return None
    object_ = parsed.child(head, "dobj", "dative")
    if object_ is not None and head.lemma not in _SUBJECT_CONTROL and object_.n < word.n:
        return object_
    return _surface_subject(parsed, head)


_HEDGES = STOPWORDS | frozenset(word_kinds("adverbs"))
_SUBJECT_CONTROL = frozenset(("promise", "threaten", "use", "take", "vow", "have", "spend"))


def _owner(parsed: Parse, noun: Word) -> Word | None:
    """Whose plan, bid or refusal a noun names: "Acme's bid to buy", "Acme made a bid to buy"."""
    if owner := parsed.child(noun, "poss"):
        return owner
    of = next(
        (c for c in parsed.children[noun.n] if c.lemma in ("by", "of", "for", "against")), None
    )
    if of is not None and (name := parsed.child(of, "pobj")):
        return name
    head = parsed.words[noun.head]
    while head.dep in ("prep", "pobj"):
        head = parsed.words[head.head]
    subject = _surface_subject(parsed, head) if is_predicate(parsed, head) else None
    return subject if subject and subject.n != noun.n else None


def _argument(parsed: Parse, word: Word, role: Role, preposition: str = "") -> Argument:
    inside = [w for w in phrase_words(parsed, word)]
    text = parsed.text[min(w.start for w in inside) : max(w.end for w in inside)]
    stems = read(text).content_set
    return Argument(
        role=role,
        text=text,
        head=_stem(word),
        stems=stems,
        preposition=preposition,
        pronoun=word.tag in ("PRP", "PRP$", "WDT", "WP", "EX") or (word.tag == "DT" and not stems),
    )


def phrase_words(parsed: Parse, word: Word) -> Iterator[Word]:
    """The words of a phrase without clauses, appositions and further conjuncts inside it."""
    yield word
    for child in parsed.children[word.n]:
        if child.dep in ("relcl", "acl", "appos", "advcl", "ccomp", "xcomp", "punct", "conj", "cc"):
            continue
        if not is_predicate(parsed, child):
            yield from phrase_words(parsed, child)
