"""Grammar of English sentences: lemma, tag and governor of each word.

spaCy with the small English model in ``models/en_core_web_sm``, loaded at the first sentence.
A sentence is parsed once and remembered; nothing is parsed that nobody asks about.

Tagger and parser read sentences; the rules for lemmas, which look at one word and its tag, are
asked once for each such word.  They took a quarter of the time.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from summarizer.text.blas import one_thread
from summarizer.text.cache import TextCache
from summarizer.text.tokens import fold, stem

if TYPE_CHECKING:  # slow to import, so it is imported at the first sentence
    from spacy.language import Language
    from spacy.tokens import Doc, Token

MODEL_DIR = Path(__file__).parent / "models" / "en_core_web_sm"
LONGEST = 2_000
"""Characters after which a sentence is cut: a longer one is a table or a list, without grammar."""

_BATCH = 64

_LEMMAS = ["attribute_ruler", "lemmatizer"]
"""Steps of the model that look at single words and their tags, not at the sentence."""

_BESIDE = frozenset(("ai", "gon", "got", "let", "c'm", "y", "y'"))
"""Words after which those steps look at two: "gon na", "let 's"."""

_SURNAME = re.compile(
    r"\b(?!(?:In|On|By|Of|Since|Until|Till|From|Last|This|Next|Early|Late|Mid|Each)\b)"
    r"([A-Z][a-z]{1,30} )(May|Will)\b(?! \d)"
)
"""A surname that the tagger takes for a modal: "Ada May sold"."""

_OTHER_NAME = {"May": "Lee", "Will": "Bell"}

_HELD_AGAINST = re.compile(
    r"(?<=[a-z’'] )(accused|charged|criticised|criticized|indicted|convicted|suspected)"
    r"(?= (?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)[A-Z])"
)
"""A verb between two names that the tagger takes for an adjective: "Ada Lorn accused Orvane Group"
reads like "the accused"."""

_OTHER_VERB = {
    "accused": ("alerted", "accuse"),
    "charged": ("alerted", "charge"),
    "criticised": ("questioned", "criticise"),
    "criticized": ("questioned", "criticize"),
    "indicted": ("notified", "indict"),
    "convicted": ("persuaded", "convict"),
    "suspected": ("persuaded", "suspect"),
}
"""Verbs of the same length that are no adjectives, each with the lemma of the one it stands for."""


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

_Key = tuple[str, str, str]
_by_rules: dict[_Key, _Key] = {}
"""Lemma, tag and relation of a word by its text, tag and relation: the rules change the two of
blanks."""
_MOST_WORDS = 50_000


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
    """New parses; called with the lock held."""
    model = _model()
    docs = [_one_sentence(model.make_doc(_readable(text[:LONGEST]))) for text in texts]
    with one_thread():
        done = list(model.pipe(docs, disable=_LEMMAS, batch_size=_BATCH))
    _apply_rules(done)
    found = (Parse(text, _words(doc, text)) for text, doc in zip(texts, done, strict=True))
    return [_with_alternatives(parsed) for parsed in found]


@cache
def _model() -> Language:
    """The model, with numpy's matrix product, which takes a third of the time of its own, and sets
    in place of its lists of words, in which it looks up each new word."""
    import spacy
    from thinc.api import use_ops

    with use_ops("numpy", use_blis=False):
        model = spacy.load(MODEL_DIR, exclude=["ner", "senter"])
    listed = model.get_pipe("lemmatizer").lookups.get_table("lemma_index")  # type: ignore[attr-defined]
    for part, words in listed.items():
        listed[part] = frozenset(words)
    return model


def _one_sentence(doc: Doc) -> Doc:
    """Keep the parser from ending a sentence where there is no mark: ``sentences`` decides that.

    A quotation of several sentences may come as one.
    """
    for token in list(doc)[1:]:
        if doc[token.i - 1].text[-1] not in ".?!\"”'’":
            token.is_sent_start = False
    return doc


def _readable(text: str) -> str:
    """The text with other words of the same length in the place of those that mislead."""
    text = _SURNAME.sub(lambda m: m[1] + _OTHER_NAME[m[2]], text)
    return _HELD_AGAINST.sub(lambda m: _OTHER_VERB[m[1]][0], text)


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
    key = token.text, token.tag_, token.dep_
    lemma, tag, dep = (token.lemma_, *key[1:]) if token.lemma else _by_rules[key]
    if text == token.text:
        lemma = _lemma(lemma.lower(), text)
    else:
        lemma = _OTHER_VERB[text][1] if text in _OTHER_VERB else text.lower()
    end = token.idx + len(text)
    return Word(token.i, text, lemma, tag, dep, token.head.i, token.idx, end)


def _apply_rules(docs: Sequence[Doc]) -> None:
    """Find the lemmas of words that are new with their tag and relation, all in one go."""
    from spacy.tokens import Doc

    new = dict[_Key, None]()
    for doc in docs:
        if any(token.lower_ in _BESIDE or token.dep_ == "expl" for token in doc):
            _with_rules(doc)
        else:
            new |= dict.fromkeys((token.text, token.tag_, token.dep_) for token in doc)
    if len(_by_rules) > _MOST_WORDS:
        _by_rules.clear()
    keys = [key for key in new if key not in _by_rules]
    texts, tags, deps = (list(map(itemgetter(n), keys)) for n in range(3))
    doc = Doc(_model().vocab, texts, tags=tags, deps=deps, heads=[*range(len(keys))])
    for key, token in zip(keys, _with_rules(doc), strict=True):
        _by_rules[key] = token.lemma_, token.tag_, token.dep_


def _with_rules(doc: Doc) -> Doc:
    for name in _LEMMAS:
        doc = _model().get_pipe(name)(doc)
    return doc


@lru_cache(maxsize=50_000)
def _lemma(lemma: str, text: str) -> str:
    """The lemma with the "e" that the model drops: "hop" for "hopes"."""
    full = f"{lemma}e"
    return full if len(lemma) > 2 and stem(fold(text)) == full else lemma
