"""Whether a text is English, by the most frequent words of some languages."""

from __future__ import annotations

import re

from summarizer.text.tokens import listed

_FREQUENT = frozenset(
    listed(
        """
        the a an of to and that with for by from its his her their has have had was were
        is are at on as which who after over into than not but been will would in it
        they he she
        """
    )
)
FREQUENT_ABROAD = frozenset(
    listed(
        """
        der die das und den von zu mit sich des auf für ist im dem nicht ein eine einen einer als
        auch es werden aus hat dass sie nach wird bei gegen um am sind noch wie einem über so zum
        el la los las de del que y en un una por con para se su al lo como más sus ha le no
        les du et à est dans pour qui sur au avec une ne pas par plus ce sont
        """
    )
)
"""Frequent words of German, Spanish and French."""
_WORDS_FOR_EACH = 9
"""Most words of an English sentence for each of these."""


def is_of_others(text: str) -> bool:
    """Whether a sentence is in German, Spanish or French, by their frequent words."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    frequent = sum(word in _FREQUENT for word in words) - words.count("a")  # also of the others
    return sum(word in FREQUENT_ABROAD for word in words) > frequent


def is_english(text: str) -> bool:
    """Whether a sentence is in English, by its frequent words."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    frequent = sum(word in _FREQUENT for word in words)
    if is_of_others(text):
        return False
    long = len(words) > 2 * _WORDS_FOR_EACH
    return frequent >= max(1.0, len(words) / _WORDS_FOR_EACH if long else 1.0)
