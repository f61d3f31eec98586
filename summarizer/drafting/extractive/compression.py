"""Sentence compression: claims and headlines cut from source sentences where grammar allows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from summarizer.drafting.extractive.filters import QUOTE_MARK, without
from summarizer.drafting.extractive.parts import Part, parts, sets_off
from summarizer.text.grammar import SUBJECTS, is_finite, is_predicate
from summarizer.text.parse import Parse, Word, parse

_FEWEST_WORDS = 5
"""Minimum words of a shortened sentence."""
_TRIED = 4
"""Cuts of a sentence whose grammar is read again."""
_MOST_PARTS = 9
"""Parts of a sentence that are tried in every combination."""
_HANGING = frozenset(("IN", "TO", "CC", "DT", "WDT", "WP", "WRB", "PRP$", "MD", "POS"))

# An age, a ticker, or an abbreviation with the first letter of a word before it.
_BRACKET = re.compile(
    r"\b[A-Z][\w.'’-]{0,40}(?P<age>\s\(\d\d\))"
    r"|(?<=[\w.])(?P<ticker>\s\([A-Z]{2,8}:\s?[A-Z.]{1,6}\))"
    r"|\b(?P<initial>[A-Z])[\w.'’-]{0,40}(?:\s[\w.'’&-]{1,40}){0,7}?"
    r"(?P<abbreviation>\s\((?P=initial)[A-Z]{1,7}\))"
)


class Clip(NamedTuple):
    """A candidate headline.

    Args:
        text: the headline, without a full stop and without quotation marks.
        whole: completeness, 0–1; 1 if nothing went.
        safe: whether only asides and further deeds went, which no check objects to.
    """

    text: str
    whole: float
    safe: bool = True


def shortened(text: str, max_words: int) -> str | None:
    """A sentence within a word limit, without asides and what tells a further deed.

    Args:
        text: a trimmed sentence.
        max_words: maximum words of the result.

    Returns:
        ``None`` if no cut is safe.
    """
    if len(text.split()) <= max_words:
        return text
    (parsed,) = parse([text])
    safe = [part for part in parts(parsed) if part.safe]
    found = [clip for clip in _cuts(parsed, safe) if _fits(clip.text, max_words)]
    found.sort(key=lambda clip: (-len(clip.text.split()), -clip.whole, clip.text))
    return next((clip.text for clip in found[:_TRIED] if is_whole(clip.text)), None)


def clips(text: str, max_words: int) -> Iterator[Clip]:
    """Candidate headlines of a sentence, without quotations; those that keep most within the limit.

    Args:
        text: a trimmed sentence.
        max_words: maximum words of a headline.
    """
    for body in forms(text):
        (parsed,) = parse([body])
        fitting: list[Clip] = []
        for clip in _cuts(parsed, list(parts(parsed))):
            kept = clip.text.rstrip(".")
            if _fits(kept, max_words) and not QUOTE_MARK.search(kept):
                fitting.append(clip._replace(text=kept))
        yield from fitting


def forms(text: str) -> tuple[str, ...]:
    """A sentence as it stands, and without the ages, tickers and abbreviations in its brackets."""
    return tuple(dict.fromkeys((text, without(_BRACKET, text))))


def is_whole(text: str) -> bool:
    """Whether a text is one finite clause with a subject that does not end in the middle."""
    (parsed,) = parse([text])
    words = [w for w in parsed.words if any(c.isalnum() for c in w.text)]
    if not words or words[-1].tag in _HANGING:
        return False
    return any(
        w.head == w.n and is_predicate(parsed, w) and _has_subject(parsed, w) for w in parsed.words
    )


def _has_subject(parsed: Parse, verb: Word) -> bool:
    return parsed.child(verb, *SUBJECTS) is not None and is_finite(parsed, verb)


def _fits(text: str, max_words: int) -> bool:
    return _FEWEST_WORDS <= len(text.split()) <= max_words


def _cuts(parsed: Parse, parts: Sequence[Part]) -> Iterator[Clip]:
    """The sentence without each combination of parts, the whole sentence first."""
    tried = sorted(parts, key=lambda part: (-part.weight, part.first))[:_MOST_PARTS]
    seen: set[frozenset[int]] = set()
    for count in range(len(tried) + 1):
        for chosen in combinations(tried, count):
            gone = frozenset(n for part in chosen for n in range(part.first, part.last + 1))
            if gone in seen:
                continue
            seen.add(gone)
            weight = 1.0
            for part in chosen:
                weight *= part.weight
            kept = _text(parsed, _with_marks(parsed, gone))
            yield Clip(kept, weight, all(part.safe for part in chosen))


def _with_marks(parsed: Parse, gone: frozenset[int]) -> frozenset[int]:
    """Places of what goes and of the marks that set it off.

    What stands before the subject stays set off from it: "In Orl, the port of the Dawn, Ruiz …".
    """
    found = set(gone)
    heads = (w for w in parsed.words if w.dep in SUBJECTS)
    opening = min((w.n for w in heads if parsed.words[w.head].head == w.head), default=0)
    for first in (n for n in gone if n - 1 not in gone):
        last = first
        while last + 1 in gone:
            last += 1
        opens = first > 0 and sets_off(parsed, first - 1)
        closes = last + 1 < len(parsed.words) and sets_off(parsed, last + 1)
        if opens:
            found.add(first - 1)
        if closes and (first == 0 or (opens and last > opening and not _meet(parsed, first, last))):
            found.add(last + 1)
    return frozenset(found)


def _meet(parsed: Parse, first: int, last: int) -> bool:
    """Whether two names would run together without the marks around a part."""
    around = (parsed.words[first - 2 : first - 1], parsed.words[last + 2 : last + 3])
    return all(w.tag.startswith("NNP") for words in around for w in words)


def _text(parsed: Parse, gone: frozenset[int]) -> str:
    if not gone:
        return parsed.text
    pieces: list[str] = []
    end = 0
    for word in parsed.words:
        if word.n not in gone:
            space = parsed.text[end : word.start] if word.n - 1 not in gone else " "
            pieces += [space if space.isspace() or not space else " ", word.text]
        end = word.end
    kept = re.sub(r" {1,9}([.,;])", r"\1", "".join(pieces)).strip()
    kept = re.sub(r"[,;.]\.$", ".", re.sub(r"\s{2,9}", " ", kept)).rstrip(" ,;–—-")
    kept = re.sub(r",([”\"’'])\.?$", r"\1", kept)
    closed = kept if kept.endswith((".", "!", "”", '"')) else f"{kept}."
    return closed[:1].upper() + closed[1:]
