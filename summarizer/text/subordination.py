"""What reaches a clause from the words above it: "denied that", "no evidence that", "refused to".

What governing words do stands in ``governors.toml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from summarizer.text.governors import Governor, OperatorKind, governors, word_kinds, words
from summarizer.text.grammar import (
    COPULAS,
    SUBJECTS,
    governor_lemma,
    is_finite,
    is_predicate,
    phrase,
    subject_text,
)
from summarizer.text.operators import Operator, Operators, asks, operator_at, own
from summarizer.text.parse import Parse, Word

_NEGATING = frozenset((OperatorKind.NEGATED, OperatorKind.ENDED))
_SPOKEN = frozenset((OperatorKind.SAID, OperatorKind.ALLEGED))
_UNDONE = frozenset(
    (
        OperatorKind.NEGATED,
        OperatorKind.DENIED,
        OperatorKind.DISPROVED,
        OperatorKind.DOUBTED,
        OperatorKind.ASKED,
    )
)
_WANTED = (OperatorKind.PLANNED, OperatorKind.POSSIBLE)
_FIRST = frozenset(("first", "last", "only", "second", "third", "next"))


def operators(parse: Parse) -> dict[int, Operators]:
    """Operators of each predicate of a sentence by its place, outermost first."""
    found: dict[int, Operators] = {}
    for word in _from_root(parse):
        above = _inherited(parse, word, found)
        of_its_own = tuple(own(parse, word)) if is_predicate(parse, word) else ()
        found[word.n] = above + of_its_own
    return found


def _from_root(parse: Parse) -> Iterator[Word]:
    left = [w for w in parse.words if w.head == w.n]
    while left:
        word = left.pop()
        yield word
        left.extend(parse.children[word.n])


def _inherited(parse: Parse, word: Word, found: dict[int, Operators]) -> Operators:
    """Operators that reach a word from its governor; ``found`` has those of all words above."""
    predicate = is_predicate(parse, word)
    if word.head != word.n and _colon_between(parse, word):
        return ()
    if predicate and (noun := _noun_before_that(parse, word)):
        return _by_noun(parse, word, noun, found.get(noun.n, ()))
    if word.head == word.n:
        return ()
    head = parse.words[word.head]
    outer = found[head.n]
    if not predicate:
        return _through(parse, word, head, outer)
    if word.dep == "conj":
        return _shared(parse, word, head, found)
    if head.tag.startswith(("NN", "PRP", "DT", "CD")):
        return _below_noun(parse, word, head, outer)
    if word.dep == "pcomp":
        return _below_preposition(parse, word, head, found)
    return _below_verb(parse, word, head, outer)


def _colon_between(parse: Parse, word: Word) -> bool:
    """Whether a colon parts a word from its governor, where no word of saying does so."""
    head = parse.words[word.head]
    first, last = sorted((word.n, head.n))
    if not any(w.text == ":" for w in parse.words[first:last]):
        return False
    governor = governors("that").get(head.lemma)
    return governor is None or governor.kind not in _SPOKEN


def _through(parse: Parse, word: Word, head: Word, outer: Operators) -> Operators:
    """Operators of a word that is no predicate: those of its clause, and its own if it names a
    proposition ("no evidence", "rejected the claim")."""
    found = outer
    if word.dep == "pobj" and parse.words[head.head].tag.startswith("VB"):
        found = _spoken(outer)
        if head.lemma == "without":
            found += (operator_at(OperatorKind.NEGATED, head, text=f"without {word.text}"),)
    if word.tag.startswith("NN"):
        determiner = parse.child(word, "det", "amod")
        if determiner and determiner.lemma in ("no", "little", "few", "neither"):
            text = parse.text[determiner.start : word.end]
            found = tuple(o for o in found if o.word != text)
            found += (operator_at(OperatorKind.NEGATED, determiner, text=text),)
        if undone := _undone(parse, word, head):
            found += (undone,)
    return found


def _undone(parse: Parse, noun: Word, verb: Word) -> Operator | None:
    """What a verb does to the proposition that its object or subject names."""
    governor = None
    if noun.dep in ("dobj", "nsubjpass"):
        governor = governors("that").get(governor_lemma(parse, verb))
    elif noun.dep == "nsubj":
        adjective = parse.child(verb, "acomp", "attr")
        if verb.lemma == "be" and adjective:
            governor = governors("adjectives").get(adjective.lemma)
            verb = adjective
        elif verb.lemma in ("fail", "collapse", "fall_through", "stall", "lapse"):
            governor = governors("that").get(verb.lemma)
    if governor is None or governor.kind not in _UNDONE:
        return None
    return operator_at(governor.kind, verb, subject_text(parse, verb) if noun.dep == "dobj" else "")


def _shared(parse: Parse, word: Word, head: Word, found: dict[int, Operators]) -> Operators:
    """A conjunct stands below what its first conjunct stands below, and shares its auxiliary where
    it has none of its own: "may sell and buy"."""
    above = _inherited(parse, head, found) if is_predicate(parse, head) else found[head.n]
    mark = parse.child(word, "mark")
    if mark is not None and mark.lemma in ("if", "unless"):
        return (*above, operator_at(OperatorKind.CONDITIONAL, mark))
    alone = parse.child(word, "aux", "auxpass", *SUBJECTS) is not None
    bare = word.text.casefold() == word.lemma  # "put" may be taken for a past
    if alone or (word.tag in ("VBD", "VBZ", "VBP") and not bare) or not is_predicate(parse, head):
        return above
    return above + tuple(
        o
        for o in own(parse, head)
        if o.kind not in _SPOKEN and (o.kind in _NEGATING or o.word.casefold() in _modal_words())
    )


def _modal_words() -> frozenset[str]:
    kinds = word_kinds("modals")
    return frozenset(kinds) | {f"{word} have" for word in kinds}


def _noun_before_that(parse: Parse, word: Word) -> Word | None:
    """The noun in "the rumour that A sold B" where the parser ties the verb to something else."""
    head = parse.words[word.head]
    for before in reversed(parse.words[: word.n]):
        if before.lemma == "that" and before.tag in ("IN", "WDT", "DT") and before.n:
            noun = parse.words[before.n - 1]
            ours = noun.lemma in governors("nouns") and noun.n != head.n and before.n + 1 < word.n
            return noun if ours and noun.tag.startswith("NN") else None
        if is_predicate(parse, before) or before.text in (",", ";", ":", '"', "“", "”"):
            return None
    return None


def _by_noun(parse: Parse, word: Word, noun: Word, outer: Operators) -> Operators:
    owner = parse.child(noun, "poss")
    by = phrase(parse, owner) if owner else ""
    verb = parse.words[noun.head]
    if noun.dep == "dobj" and verb.lemma in words("fulfil"):
        return outer
    return _governed(governors("nouns")[noun.lemma], noun, outer, by)


def _below_noun(parse: Parse, word: Word, noun: Word, outer: Operators) -> Operators:
    governor = governors("nouns").get(noun.lemma)
    infinitive = parse.child(word, "aux")
    infinitive = infinitive if infinitive and infinitive.tag == "TO" else None
    if is_finite(parse, word) and not _is_content(parse, word, noun):
        return _spoken(outer)
    if governor is not None and (word.tag != "VBN" or infinitive or is_finite(parse, word)):
        return _by_noun(parse, word, noun, outer)
    if infinitive is None:
        return _spoken(outer)
    if any(c.lemma in _FIRST or c.tag == "JJS" for c in parse.children[noun.n]):
        return outer
    return (*outer, operator_at(OperatorKind.PLANNED, infinitive))


def _is_content(parse: Parse, word: Word, noun: Word) -> bool:
    """Whether a finite clause says what the noun is ("the claim that …"), and not which one."""
    first = parse.words[noun.n + 1] if noun.n + 1 < len(parse.words) else noun
    if first.lemma == "whether" or noun.lemma not in governors("nouns"):
        return first.lemma == "whether"
    if first.lemma != "that":
        # "no proof Acme sold the records" has its object, "the report Acme wrote" lacks it.
        subject = parse.child(word, *SUBJECTS)
        whole = parse.child(word, "nsubjpass", "dobj", "acomp", "attr") is not None
        wanted = governors("nouns")[noun.lemma].kind in _WANTED
        return whole and not wanted and subject is not None and not first.tag.startswith("W")
    return first.dep == "mark" or parse.child(word, *SUBJECTS) not in (None, first)


def _below_preposition(
    parse: Parse, word: Word, preposition: Word, found: dict[int, Operators]
) -> Operators:
    """A participle below a preposition: "accused of selling", "without selling"."""
    outer = found[preposition.n]
    kind = word_kinds("markers").get(preposition.lemma)
    if parse.child(preposition, "advmod") and parse.words[preposition.n - 1].lemma == "instead":
        kind = OperatorKind.NEGATED
    if kind is not None:
        return (*outer, operator_at(kind, preposition))
    if is_finite(parse, word) and parse.child(word, "mark", "advmod") is not None:
        return _below_verb(parse, word, preposition, outer)
    if preposition.lemma in ("after", "since", "upon", "despite", "besides", "while", "when"):
        return _spoken(outer)
    head = parse.words[preposition.head]
    above = parse.words[head.head]
    if head.dep in ("dobj", "nsubjpass") and (
        f"{governor_lemma(parse, above)}_{preposition.lemma}" in governors("to")
    ):
        head = above  # "acquitted Orlan of", where "of" is tied to "Orlan"
    by = subject_text(parse, head)
    if head.tag.startswith("NN"):
        governor = governors("nouns").get(f"{head.lemma}_{preposition.lemma}")
        governor = governor or governors("nouns").get(head.lemma)
    elif head.tag.startswith(("JJ", "RB")):
        governor = _listed("adjectives", head.lemma, preposition.lemma)
    else:
        governor = _listed("to", governor_lemma(parse, head), preposition.lemma)
    return _governed(governor, head, outer, by) if governor else outer


def _listed(form: str, lemma: str, preposition: str) -> Governor | None:
    table = governors(form)
    plain = table.get(lemma) if preposition in ("of", "from", "to", "about") else None
    return table.get(f"{lemma}_{preposition}") or plain


def _below_verb(parse: Parse, word: Word, head: Word, outer: Operators) -> Operators:
    mark = parse.child(word, "mark")
    finite = is_finite(parse, word)
    if mark is not None and mark.lemma in ("whether", "if") and asks(parse, word, mark, head):
        return (*outer, operator_at(OperatorKind.ASKED, mark, subject_text(parse, head)))
    if word.dep == "advcl" or head.tag.startswith("RB"):
        return _adverbial(parse, word, mark, finite, outer)
    if finite and _is_wh(parse, word):
        return _spoken(outer)
    governor, source = _governor(parse, word, head, finite)
    outer += tuple(_counterfeit(parse, head))
    if governor is None:
        return outer
    by = subject_text(parse, head)
    if governor.kind is OperatorKind.THOUGHT and by.casefold() in ("i", "we"):
        governor = _SAY
    return _governed(governor, source, outer, by)


def _adverbial(
    parse: Parse, word: Word, mark: Word | None, finite: bool, outer: Operators
) -> Operators:
    to = parse.child(word, "aux")
    if mark is None and to is not None:
        if to.tag == "TO":
            return outer
        if to.lemma in ("have", "do", "be", "should") and to.text[0].isupper() and finite:
            return (*_spoken(outer), operator_at(OperatorKind.CONDITIONAL, to))
    if mark is None:
        return _spoken(outer)
    kind = word_kinds("markers").get(mark.lemma)
    before = parse.words[mark.n - 1].lemma if mark.n else ""
    if mark.lemma in ("until", "till", "once") and word.tag not in ("VBP", "VBZ"):
        kind = None
    if kind is OperatorKind.CONDITIONAL and before != "even":
        return (*_spoken(outer), operator_at(kind, mark))
    return _spoken(outer)


def _is_wh(parse: Parse, word: Word) -> bool:
    """Whether a clause takes its content for granted: "explained how it sold the records"."""
    first = min(parse.subtree(word))
    return first.tag in ("WRB", "WP", "WP$", "WDT") and first.lemma != "that"


def _governor(parse: Parse, word: Word, head: Word, finite: bool) -> tuple[Governor | None, Word]:
    """What the verb or adjective above makes of a clause, and the word that does it."""
    infinitive = any(c.tag == "TO" and c.dep == "aux" for c in parse.children[word.n])
    adjective = head if head.tag.startswith("JJ") else parse.child(head, "acomp", "attr", "oprd")
    if adjective is not None and (head.lemma in COPULAS or head is adjective):
        form = "nouns" if adjective.tag.startswith("NN") else "adjectives"
        governor = governors(form).get(adjective.lemma)
        return governor or (_PLAN if infinitive else None), adjective
    to = head._replace(text=f"{head.text} to")
    if infinitive and head.lemma == "be":
        return _FUTURE, to
    if infinitive and head.text.casefold() == "going":
        return _FUTURE, to
    small = word.dep == "ccomp" and not infinitive
    lemma = governor_lemma(parse, head)
    if infinitive and lemma in ("have", "need"):
        return _PLAN, to
    governor = governors("that" if finite or small else "to").get(lemma)
    subject = parse.child(head, "nsubj", "nsubjpass")
    if finite and subject is not None and lemma in _EMERGING:
        # "Rumours spread that", "doubts emerged that"
        told = governors("nouns").get(subject.lemma)
        if told is not None and parse.child(head, "dobj") is None:
            return told, subject
    if governor is None and (finite or infinitive):
        governor = _PLAN if infinitive else _SAY
    return governor, head


_EMERGING = frozenset(
    ("emerge", "spread", "circulate", "grow", "surface", "mount", "swirl", "persist", "arise")
)
_PLAN = Governor(OperatorKind.PLANNED, None, cancels=False, factive=False)
_FUTURE = Governor(OperatorKind.FUTURE, None, cancels=False, factive=False)
_SAY = Governor(OperatorKind.SAID, None, cancels=False, factive=False)


def _counterfeit(parse: Parse, head: Word) -> Iterator[Operator]:
    """Where the source of a report is a fake."""
    for child in parse.children[head.n]:
        if child.dep in ("nsubj", "nsubjpass"):
            governor = governors("nouns").get(child.lemma)
            fake = [c for c in parse.children[child.n] if c.lemma in words("counterfeit")]
            if fake or (governor and governor.kind is OperatorKind.DISPROVED):
                yield operator_at(OperatorKind.DISPROVED, fake[0] if fake else child)


def _governed(governor: Governor, source: Word, outer: Operators, by: str) -> Operators:
    """Operators of a clause below a governing word, given those of that word itself."""
    if governor.factive:
        return _spoken(outer)
    if governor.kind is None:
        return outer
    if governor.cancels and any(o.kind in _NEGATING for o in outer):
        rest = tuple(o for o in outer if o.kind not in _NEGATING)
        return (*rest, operator_at(governor.negated, source, by)) if governor.negated else rest
    return (*outer, operator_at(governor.kind, source, by))


def _spoken(outer: Sequence[Operator]) -> Operators:
    return tuple(o for o in outer if o.kind in _SPOKEN and o.by)
