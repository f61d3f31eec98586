"""Splitting of an item's text into passages: sentence-bounded spans with exact offsets.

Passages are embedded, shown in prompts and cited, so they are verbatim:
``text[start:end] == passage.text`` holds for every passage, in code points.  A passage neither
starts nor ends with whitespace, passages do not overlap, and only whitespace lies between them.
"""

from __future__ import annotations

from summarizer.domain.items import ItemKey, Passage
from summarizer.text.sentences import sentences


def split(item_key: ItemKey, text: str) -> tuple[Passage, ...]:
    """Passages of a text, in order and numbered from 1; a blank text has none.

    A passage is a sentence, of at most ``long_sentences.LONGEST`` characters.
    """
    return tuple(
        Passage(item_key=item_key, n=n, start=start, end=end, text=text[start:end])
        for n, (start, end) in enumerate(sentences(text), start=1)
    )
