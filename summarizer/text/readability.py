"""Readability of a text as a school grade (Flesch-Kincaid)."""

from __future__ import annotations

import re

from summarizer.text.sentences import sentences
from summarizer.text.tokens import tokens


def grade(text: str) -> float:
    """Flesch-Kincaid grade level of a text; 0 for a text without words.

    0.39 words/sentences + 11.8 syllables/words - 15.59 (Kincaid, Fishburne, Rogers and Chissom
    1975, Research Branch Report 8-75, Naval Technical Training Command).
    """
    words = [t.norm for t in tokens(text)]
    if not words:
        return 0.0
    per_sentence = len(words) / max(1, len(sentences(text)))
    return 0.39 * per_sentence + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def syllables(word: str) -> int:
    """Estimated syllables of a word: groups of vowels without a silent final e, at least one."""
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = re.search(r"(?:[^aeiouyl]e|[^aeiouytd]ed|[^aeiouyscxz]es)$", word) is not None
    return max(1, groups - silent)
