"""Sentences without their asides: what is said, without what is only added of somebody.

An aside describes a noun, or says in a participle what follows, and is set off by commas, dashes or
brackets: "Acme, which makes robots, recalled them, angering shops" tells that Acme recalled them.
"""

from __future__ import annotations

import re

from summarizer.text.cache import cached_by_text
from summarizer.text.grammar import SUBJECTS
from summarizer.text.parse import Parse, Word, parse
from summarizer.text.quotations import quotes
from summarizer.text.sentences import sentences
from summarizer.text.tokens import read

MARKS = frozenset((",", "(", ")", "[", "]", "-", "--", "–", "—", ";", ":", ".", "!", "?"))
"""Marks that set a part of a sentence off."""

LEAST_CONTENT = 4
"""Least content words that remain: of a shorter rest, the parser has misread the sentence."""

_ASIDES = frozenset(("relcl", "acl", "appos"))
_LEFT_OVER = re.compile(r"\(\)|(?<! ) (?=[,.;:!?) ])|,(?=[,.;:])")


@cached_by_text
def without_asides(text: str) -> str:
    """A text with the asides of its sentences left out; a sentence that is one stays whole."""
    found = (text[span.start : span.end] for span in sentences(text))
    return " ".join(map(_bare, found)) or text


def _bare(sentence: str) -> str:
    (parsed,) = parse([sentence])
    out = {w.n for word in parsed.words if _is_aside(parsed, word) for w in parsed.subtree(word)}
    kept = [word for word in parsed.words if word.n not in out]
    rest = "".join(_spaced(parsed, word) for word in kept).strip(" ,-–—")
    rest = _LEFT_OVER.sub("", _LEFT_OVER.sub("", rest))
    told = any(w.head == w.n and parsed.child(w, *SUBJECTS) is not None for w in kept)
    whole = (
        told
        and len(read(rest).content) >= LEAST_CONTENT
        and len(quotes(rest)) == len(quotes(sentence))
    )
    return rest if out and whole else sentence


def _spaced(parsed: Parse, word: Word) -> str:
    """A word with the space that stands before it."""
    before = parsed.words[word.n - 1].end if word.n else word.start
    return parsed.text[before : word.end]


def _is_aside(parsed: Parse, word: Word) -> bool:
    if word.head == word.n:
        return False
    goes_on = word.dep == "advcl" and word.tag == "VBG" and word.n > word.head
    return (word.dep in _ASIDES or goes_on) and is_set_off(parsed, parsed.subtree(word))


def is_set_off(parsed: Parse, part: list[Word]) -> bool:
    """Whether marks stand around some neighbouring words of a sentence."""
    first, last = part[0].n, part[-1].n
    before = parsed.words[first - 1].text if first else ""
    inside = parsed.words[first].text
    after = parsed.words[last + 1].text if last + 1 < len(parsed.words) else "."
    opens = before in MARKS or inside in MARKS or first == 0
    return opens and (after in MARKS or parsed.words[last].text in MARKS)
