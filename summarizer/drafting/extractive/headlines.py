"""Headlines of items in sentence case: "Mayor Of Orl Quits" becomes "Mayor of Orl quits"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from summarizer.text.parse import parse
from summarizer.text.tokens import STOPWORDS, fold, stem

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_TITLE_CASE = 0.6
"""Share of a headline's longer words in capitals from which it is in title case."""
_LONG = 4
_MOSTLY = 3
"""Times that a word must be small for each time that it is large."""


def in_sentence_case(title: str, texts: Iterable[str]) -> str:
    """A headline with the words written small that the texts mostly write small inside a sentence,
    or that are no nouns and never large there.

    Args:
        title: the headline; one that is not in title case stays as it is.
        texts: texts of the items.
    """
    words = [w for w in _WORD.findall(title) if len(w) >= _LONG]
    if sum(w[0].isupper() for w in words) < _TITLE_CASE * max(1, len(words)):
        return title
    inside = [m[0] for text in texts for m in _WORD.finditer(text) if _is_inside(text, m.start())]
    large = Counter(word for word in inside if word[0].isupper())
    small_stems = Counter(stem(fold(word)) for word in inside if word.islower())

    (parsed,) = parse([title.lower()])
    plain = {w.start for w in parsed.words if w.tag.startswith(("JJ", "RB", "VB"))}

    def cased(match: re.Match[str]) -> str:
        word, small = match[0], match[0][0].lower() + match[0][1:]
        seen = small_stems[stem(fold(word))]
        known = seen > _MOSTLY * large[word] or (match.start() in plain and not large[word])
        common = small in STOPWORDS or known
        return small if common and title[: match.start()].strip(" “‘'\"") else word

    return _WORD.sub(cased, title)


def _is_inside(text: str, start: int) -> bool:
    return start > 1 and text[start - 2] not in '.!?:\n“"' and text[start - 1] == " "
