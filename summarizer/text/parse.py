"""Grammar of English sentences: lemma, tag and governor of each word.

spaCy with the small English model in ``models/en_core_web_sm``, loaded at the first sentence.
A sentence is parsed once and remembered; nothing is parsed that nobody asks about.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from summarizer.text.cache import TextCache
from summarizer.text.tokens import fold, stem

if TYPE_CHECKING:  # slow to import, so it is imported at the first sentence
    from spacy.language import Language
    from spacy.tokens import Doc, Token

MODEL_DIR = Path(__file__).parent / "models" / "en_core_web_sm"
LONGEST = 2_000
"""Characters after which a sentence is cut: a longer one is a table or a list, without grammar."""

_BATCH = 64

_SURNAME = re.compile(
    r"\b(?!(?:In|On|By|Of|Since|Until|Till|From|Last|This|Next|Early|Late|Mid|Each)\b)"
    r"([A-Z][a-z]{1,30} )(May|Will)\b(?! \d)"
)
"""A surname that the tagger takes for a modal: "Ada May sold"."""

_OTHER_NAME = {"May": "Lee", "Will": "Bell"}


class Word(NamedTuple):
    """One word or mark.

    Args:
        n: place in the sentence, from 0.
        lemma: base form in lower case.
        tag: part of speech by the Penn Treebank (``VBD``, ``NNP`` …).
        dep: relation to its governor in ClearNLP's scheme (``nsubj``, ``ccomp`` …; ``ROOT``).
        head: place of its governor; its own for a root.
        start: offset of the word in the sentence.
        end: offset after it.
    """

    n: int
    text: str
    lemma: str
    tag: str
    dep: str
    head: int
    start: int
    end: int


@dataclass(frozen=True)
class Parse:
    """The words of one sentence, in order."""

    text: str
    words: tuple[Word, ...]

    @cached_property
    def children(self) -> tuple[tuple[Word, ...], ...]:
        """The words that each word governs, in order."""
        found: list[list[Word]] = [[] for _ in self.words]
        for word in self.words:
            if word.head != word.n:
                found[word.head].append(word)
        return tuple(map(tuple, found))

    def child(self, word: Word, *deps: str) -> Word | None:
        """The first word that a word governs in one of some relations."""
        return next((c for c in self.children[word.n] if c.dep in deps), None)

    def subtree(self, word: Word) -> list[Word]:
        """A word and all words below it, in order."""
        found, left = [], [word]
        while left:
            one = left.pop()
            found.append(one)
            left.extend(self.children[one.n])
        return sorted(found)


_cache: TextCache[Parse] = TextCache(limit=200_000)  # about 25 MiB
_lock = threading.Lock()
_model: Language | None = None


def parse(sentences: Sequence[str]) -> list[Parse]:
    """Parses of sentences, in order; those that are new are parsed together, which is faster."""
    known = {text: _cache.get(text) for text in dict.fromkeys(sentences)}
    new = [text for text, found in known.items() if found is None]
    with _lock:
        made = _parsed(new) if new else []
    for parsed in made:
        _cache.put(parsed.text, parsed)
        known[parsed.text] = parsed
    return [found for text in sentences if (found := known[text]) is not None]


def _parsed(texts: Sequence[str]) -> list[Parse]:
    model = _loaded()
    docs = [_one_sentence(model.make_doc(_readable(text[:LONGEST]))) for text in texts]
    done = model.pipe(docs, batch_size=_BATCH)
    found = (Parse(text, _words(doc, text)) for text, doc in zip(texts, done, strict=True))
    return [_with_alternatives(parsed) for parsed in found]


def _loaded() -> Language:
    """The model; called with the lock held."""
    global _model
    if _model is None:
        import spacy

        _model = spacy.load(MODEL_DIR, exclude=["ner", "senter"])
    return _model


def _one_sentence(doc: Doc) -> Doc:
    """Keep the parser from ending a sentence where there is no mark: ``sentences`` decides that.

    A quotation of several sentences may come as one.
    """
    for token in list(doc)[1:]:
        if doc[token.i - 1].text[-1] not in ".?!\"”'’":
            token.is_sent_start = False
    return doc


def _readable(text: str) -> str:
    """The text with other surnames of the same length in the place of "May" and "Will"."""
    return _SURNAME.sub(lambda m: m[1] + _OTHER_NAME[m[2]], text)


def _with_alternatives(parsed: Parse) -> Parse:
    """The parse with the second clause of "whether … or …" below the first, where the model hangs
    it on a verb further up."""
    moved = {}
    for word in parsed.words:
        first = parsed.words[word.head]
        if word.dep != "cc" or word.lemma != "or" or not _asks_whether(parsed, first):
            continue
        for other in parsed.words[word.n + 1 :]:
            verb = other.tag.startswith("VB") and other.head < word.n and other.head != first.n
            if verb and min(parsed.subtree(other)).n == word.n + 1:
                moved[other.n] = other._replace(dep="conj", head=first.n)
    if not moved:
        return parsed
    return Parse(parsed.text, tuple(moved.get(word.n, word) for word in parsed.words))


def _asks_whether(parsed: Parse, word: Word) -> bool:
    return any(c.lemma == "whether" for c in parsed.children[word.n])


def _words(doc: Doc, text: str) -> tuple[Word, ...]:
    return tuple(_word(token, text[token.idx : token.idx + len(token)]) for token in doc)


def _word(token: Token, text: str) -> Word:
    lemma = _lemma(token.lemma_.lower(), text) if text == token.text else text.lower()
    end = token.idx + len(text)
    return Word(token.i, text, lemma, token.tag_, token.dep_, token.head.i, token.idx, end)


def _lemma(lemma: str, text: str) -> str:
    """The lemma with the "e" that the model drops: "hop" for "hopes"."""
    full = f"{lemma}e"
    return full if len(lemma) > 2 and stem(fold(text)) == full else lemma
