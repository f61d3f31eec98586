"""Extracts: sentences that their passages hold, whole or with parts left out that govern nothing.

An extract is what rules can carry without a model.  Its words stand in one source sentence in the
same order and hang together there: each word whose governor it keeps, and the main predicate.  It
may leave out asides that describe a noun, a participle clause at the end, and articles; no operator
("not", "may", "said"), no condition, no frame, no limit and no word that describes another.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from difflib import SequenceMatcher

from summarizer.text.asides import is_set_off
from summarizer.text.boilerplate import trim
from summarizer.text.clauses import clauses
from summarizer.text.grammar import SUBJECTS, is_predicate
from summarizer.text.parse import Parse, Word, parse
from summarizer.text.quotations import is_quoted
from summarizer.text.sentences import Span, sentences
from summarizer.text.tokens import fold, read
from summarizer.verification.evidence import CitedEvidence, CitedText

Places = Collection[int]
"""Places of words in a sentence."""

_ARTICLES = frozenset(("a", "an", "the"))
_LINKS = frozenset(
    ("also", "and", "but", "furthermore", "however", "meanwhile", "moreover", "so", "yet")
)
"""Words that tie a sentence to the one before it."""

_CONDITIONS = frozenset(
    ("except", "if", "once", "provided", "unless", "unlike", "until", "when", "whenever", "without")
)
_SET_OFF = frozenset(("acl", "appos", "relcl"))
"""Relations of parts that may be left out where a comma, a dash or a bracket sets them off.

They say more of a noun.  What says more of the deed may govern it ("in the novel", "in mice"), but
for a participle behind it: "fell, killing two"."""


_OWNERS = re.compile(r"\b(?:[Hh]is|[Hh]er|[Ii]ts)\b")
_ON_DAY = re.compile(r"\AOn [^,\"]{5,40}(?:, \d{4})?, ")
_WROTE = ' wrote: "'


def is_extract(claim: str, grounds: CitedEvidence) -> bool:
    """Whether each sentence of a claim is an extract of a sentence of its cited passages, or the
    claim quotes a whole passage of who published it."""
    spans = sentences(claim)
    stands = bool(spans) and all(_stands_in(claim, span, grounds) for span in spans)
    return stands or _is_quotation(claim, grounds)


def _is_quotation(claim: str, grounds: CitedEvidence) -> bool:
    """Whether a claim quotes a whole cited passage of who published it."""
    who, wrote, words = claim.partition(_WROTE)
    if not wrote or words.find('"') != len(words) - 1:
        return False
    writer, said = _ON_DAY.sub("", who), words[:-1].split()
    return any(
        writer in (ground.source, *ground.bylines) and said == ground.text.split()
        for ground in grounds.cited
    )


def _stands_in(claim: str, span: Span, grounds: CitedEvidence) -> bool:
    sentence, quoted = trim(claim[span.start : span.end]), is_quoted(claim, span)
    words = read(sentence).content_set
    for ground in grounds.cited:
        reading = read(ground.text)
        for place, content in zip(reading.spans, reading.sentence_contents, strict=True):
            if words <= content and (quoted or not is_quoted(ground.text, place)):
                other = trim(ground.text[place.start : place.end])
                if _extracts(sentence, other):
                    return True
    return any(_renames(sentence, ground, grounds) for ground in grounds.cited)


def _renames(sentence: str, ground: CitedText, grounds: CitedEvidence) -> bool:
    """Whether a sentence is one of a passage with a name for one "its" or "her", which the passage
    before it has: "said SafeTable's director, Ada Lorn"."""
    before = [g for g in grounds.cited if g.item == ground.item and g.n == ground.n - 1]
    for pronoun in _OWNERS.finditer(ground.text) if before else ():
        start, end = ground.text[: pronoun.start()], ground.text[pronoun.end() :]
        owner = sentence[len(start) : len(sentence) - len(end)]
        named = re.fullmatch(r"(?:[Tt]he )?(?P<name>[A-Z].{1,60}?)['’]s?", owner)
        if named and f"{start}{owner}{end}" == sentence and named["name"] in before[0].text:
            return True
    return False


def _extracts(sentence: str, other: str) -> bool:
    mine, theirs = parse([sentence, other])
    kept = _kept(mine, theirs)
    return (
        bool(kept)
        and sentence.rstrip("\"'”’) ").endswith("?") == other.rstrip("\"'”’) ").endswith("?")
        and _hangs_together(theirs, kept)
        and all(_may_go(theirs, word, kept) for word in _left_out(theirs, kept))
        and _operators_kept(theirs, kept)
    )


def _kept(mine: Parse, theirs: Parse) -> frozenset[int]:
    """Places of the source's words that a sentence takes over in order; none if it adds a word."""
    ours, others = _words(mine), _words(theirs)
    matcher = SequenceMatcher(None, [_norm(w) for w in ours], [_norm(w) for w in others], False)
    blocks = matcher.get_matching_blocks()
    taken = {b.a + n for b in blocks for n in range(b.size)}
    if any(_norm(w) not in _ARTICLES for n, w in enumerate(ours) if n not in taken):
        return frozenset()
    return frozenset(others[b.b + n].n for b in blocks for n in range(b.size))


def _words(parsed: Parse) -> list[Word]:
    return [w for w in parsed.words if any(c.isalnum() or c in "$€£%" for c in w.text)]


def _norm(word: Word) -> str:
    text = word.text.casefold().replace("’", "'")
    return {"n't": "not", "ca": "can", "wo": "will", "'s": "'s"}.get(text) or (fold(text) or text)


def _hangs_together(parsed: Parse, kept: Places) -> bool:
    """Whether kept words have one top, which heads a main clause."""
    tops = [w for w in parsed.words if w.n in kept and (w.head == w.n or w.head not in kept)]
    if all(top.head == top.n for top in tops):
        return True
    if len(tops) > 1:
        return False
    (top,) = tops
    subject = parsed.child(top, *SUBJECTS)
    own = subject is not None and subject.n in kept and not subject.tag.startswith("W")
    return top.dep in ("ccomp", "conj", "parataxis") and own


def _left_out(parsed: Parse, kept: Places) -> Iterator[Word]:
    """Words left out whose governor is kept."""
    return (w for w in _words(parsed) if w.n not in kept and w.head in kept)


def _may_go(parsed: Parse, word: Word, kept: Places) -> bool:
    part = parsed.subtree(word)
    if any(w.n in kept for w in part):
        return False
    norm = _norm(word)
    if norm in _ARTICLES or (norm in _LINKS and word.dep in ("cc", "advmod")):
        return True
    if any(_norm(w) in _CONDITIONS for w in part[:2]):
        return False
    head = parsed.words[word.head]
    if word.dep == "conj":
        joined = [c for c in parsed.children[head.n] if c.dep == "cc"]
        return is_predicate(parsed, word) and all(_norm(c) in ("and", "but") for c in joined)
    goes_on = word.dep == "advcl" and word.tag == "VBG" and word.n > word.head
    return (word.dep in _SET_OFF or goes_on) and is_set_off(parsed, part)


def _operators_kept(parsed: Parse, kept: Places) -> bool:
    """Whether the words that deny, ask, plan or say a kept clause are kept too."""
    starts = {parsed.words[n].start for n in kept}
    (found,) = clauses([parsed.text])
    return all(
        operator.start in starts
        for clause in found
        if clause.start in starts
        for operator in clause.operators
    )
