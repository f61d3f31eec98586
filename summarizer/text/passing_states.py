"""States that pass: "three children were missing", and the sentence that tells their end: "the
children who had been missing were found", "the missing children were found safe"."""

from __future__ import annotations

import re

from summarizer.text.cache import cached_by_text
from summarizer.text.clauses import core
from summarizer.text.grammar import SUBJECTS, is_predicate
from summarizer.text.parse import Parse, Word, parse
from summarizer.text.tokens import stem

State = tuple[str, str]
"""Lemma of whose a state is, and stem of the state."""

_STAY = ("be", "remain", "stay")
_UNDONE = ("find", "free", "rescue", "release", "locate", "recover", "reunite", "save", "discover")
_PASSED = re.compile(
    r"\bhad (?:\w+ )?(?:been|remained)\b|\bno longer\b"
    r"|\b(?:found|freed|rescued|released|located|recovered|reunited|saved|discovered)\b"
)
_LASTING = re.compile(r"\b(?:is|are|was|were|remain\w{0,2}|stay\w{0,2})\b")


@cached_by_text
def told(text: str) -> frozenset[State]:
    """The states that a sentence tells of without their end."""
    if not _LASTING.search(text) or _PASSED.search(text):
        return frozenset()
    (parsed,) = parse([text])
    return frozenset(
        (subject.lemma, stem(state.lemma))
        for verb in parsed.words
        if not _is_past_perfect(parsed, verb) and not _is_no_more(parsed, verb)
        if (subject := parsed.child(verb, *SUBJECTS)) and (state := _state(parsed, verb))
    )


@cached_by_text
def passed(text: str) -> frozenset[State]:
    """The states of which a sentence tells the end."""
    if not _PASSED.search(text):
        return frozenset()
    (parsed,) = parse([text])
    return frozenset(_passed(parsed))


def _passed(parsed: Parse) -> set[State]:
    found: set[State] = set()
    for verb in parsed.words:
        state = _state(parsed, verb)
        noun = parsed.words[verb.head] if verb.dep == "relcl" else parsed.child(verb, *SUBJECTS)
        if state is not None and noun is not None and noun.tag.startswith("NN"):
            gone = _is_past_perfect(parsed, verb) and verb.dep == "relcl"
            if gone or _is_no_more(parsed, verb):
                found.add((noun.lemma, stem(state.lemma)))
        if verb.lemma in _UNDONE and is_predicate(parsed, verb):
            whom = core(parsed, verb)[1]
            near = parsed.children[whom.n] if whom is not None else ()
            found |= {(whom.lemma, stem(w.lemma)) for w in near if whom and w.dep == "amod"}
    return found


def _state(parsed: Parse, verb: Word) -> Word | None:
    """The state of who is, remains or goes in it; "missing" may be tagged as a verb."""
    if verb.lemma in _STAY:
        return parsed.child(verb, "acomp", "oprd", "xcomp")
    helpers = [c for c in parsed.children[verb.n] if c.dep in ("aux", "auxpass")]
    lasts = verb.tag == "VBG" and parsed.child(verb, "dobj") is None
    lasts = lasts or any(c.text.casefold() == "being" for c in helpers)  # not "was killed"
    return verb if lasts and any(c.lemma == "be" for c in helpers) else None


def _is_past_perfect(parsed: Parse, verb: Word) -> bool:
    return any(c.dep == "aux" and c.text.casefold() == "had" for c in parsed.children[verb.n])


def _is_no_more(parsed: Parse, verb: Word) -> bool:
    return any(c.text.casefold() == "longer" for c in parsed.children[verb.n])
