"""Parallels: where a sentence that runs word for word along a cited one departs from it.

A drafter often takes a sentence over and changes a word or two.  There a single "not", "after" for
"before" or "admitted" for "denied" decides, and can be read off without understanding the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from itertools import pairwise

from summarizer.text.cache import cached_by_text
from summarizer.text.tokens import Token, tokens

PARALLEL = 0.6
"""Share of the sentence's words that must stand in the other in the same order."""

FLANKED = 3
"""Words in common right before and right behind a departure, taken together, that tell that both
sentences are at the same point."""

LONGEST = 4
"""Words of a departure on either side; a longer one is a paraphrase and not a changed word."""


@dataclass(frozen=True)
class Departure:
    """A place where two sentences part and meet again.

    Args:
        mine: words of the claim there; none where it leaves something out.
        theirs: words of the cited sentence there; none where the claim puts something in.
        at: the first word of ``mine``, else the word of the claim right behind the place.
    """

    mine: tuple[Token, ...]
    theirs: tuple[Token, ...]
    at: Token


def departures(sentence: str, other: str) -> Iterator[Departure]:
    """The short departures of a sentence from one that it runs along; none if it does not."""
    mine, theirs = _words(sentence), _words(other)
    blocks = _blocks(mine, theirs)
    if not blocks:
        return
    for before, behind in pairwise((None, *blocks, None)):
        (a, b), (a_end, b_end) = _gap(before, behind, len(mine), len(theirs))
        longest = max(a_end - a, b_end - b)
        if 0 < longest <= LONGEST and _size(before) + _size(behind) >= FLANKED:
            at = mine[min(a, len(mine) - 1)]
            yield Departure(tuple(mine[a:a_end]), tuple(theirs[b:b_end]), at)


def _blocks(mine: Sequence[Token], theirs: Sequence[Token]) -> list[Match]:
    """Runs of words in common; none where they are too few for one to run along the other."""
    matcher = SequenceMatcher(None, [w.norm for w in mine], [w.norm for w in theirs], False)
    blocks = [b for b in matcher.get_matching_blocks() if b.size]
    return blocks if mine and sum(b.size for b in blocks) >= PARALLEL * len(mine) else []


def _gap(
    before: Match | None, behind: Match | None, mine: int, theirs: int
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where both sentences leave one matching block and where they reach the next."""
    a, b = (before.a + before.size, before.b + before.size) if before else (0, 0)
    a_end, b_end = (behind.a, behind.b) if behind else (mine, theirs)
    # What the cited sentence has ahead of the claim's first word, or behind its last, is no loss.
    if before is None:
        b = max(b, b_end - (a_end - a))
    if behind is None:
        b_end = min(b_end, b + (a_end - a))
    return (a, b), (a_end, b_end)


def _size(block: Match | None) -> int:
    return block.size if block else 0


@cached_by_text
def _words(text: str) -> tuple[Token, ...]:
    """The tokens of a text with "n't" as a word of its own."""
    return tuple(part for token in tokens(text) for part in _parted(token))


def _parted(token: Token) -> Iterator[Token]:
    bare = token.text.casefold().replace("’", "'")
    if not bare.endswith("n't"):
        yield token
        return
    stem = {"ca": "can", "wo": "will", "sha": "shall"}.get(bare[:-3], bare[:-3])
    yield Token(token.text, stem, token.start, token.end)
    yield Token(token.text, "not", token.start, token.end)
