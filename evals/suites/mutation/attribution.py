"""Faults of attribution: altered quotations, wrong citations, and one source as several."""

from __future__ import annotations

import re
from random import Random

from evals.suites.mutation.target import Target
from evals.suites.mutation.words import content, held, led_in
from summarizer.domain.claims import Claim

_SAID_THAT = re.compile(
    r"\b(?P<verb>said|says|told (?:reporters|the [A-Z]\w+|[A-Z]\w+))(?: on \w+day| in a statement)?"
    r"(?P<that>(?: that)? )(?P<clause>[a-z][^“”\".;:]{25,160}?)(?=\.?$|, (?:but|and|which|who)\b)"
)
_DIRECT = (
    (re.compile(r"\b(?:it|he|she|they) (?:would|will)\b"), "we will"),
    (re.compile(r"\bwould\b"), "will"), (re.compile(r"\bhad\b"), "has"),
    (re.compile(r"\b(?:its|his|her|their)\b"), "our"), (re.compile(r"\bwas\b"), "is"),
    (re.compile(r"\bwere\b"), "are"), (re.compile(r"\bcould\b"), "can"),
    (re.compile(r"\b(?:he|she)\b"), "I"), (re.compile(r"\bthey\b"), "we"),
)  # fmt: skip
_SWAPS = {
    "very": "extremely", "important": "vital", "people": "folks", "said": "stated",
    "good": "great", "big": "huge", "bad": "terrible", "wrong": "mistaken", "never": "not once",
    "think": "believe", "want": "need", "need": "want", "will": "must", "must": "should",
    "can": "could", "would": "will", "country": "nation", "help": "assist", "great": "good",
    "always": "usually", "all": "most", "many": "some", "some": "many", "is": "was", "are": "were",
    "was": "is", "were": "are", "have": "had", "has": "had", "the": "this", "a": "the",
}  # fmt: skip


def flat(text: str) -> str:
    """Normalise a text for substring search: lower case, single spaces, no punctuation."""
    return " ".join(re.findall(r"[a-z0-9]+", text.casefold().replace("’", "'").replace("'", "")))


def paraphrase_quoted(target: Target, rng: Random) -> Claim | None:
    """Turn indirect speech into an invented quotation.

    Guards: no passage of the pack contains the quoted words.
    """
    for match in target.unquoted(_SAID_THAT):
        words = match["clause"]
        for pattern, direct in _DIRECT:
            words = pattern.sub(direct, words)
        if flat(words) in flat(target.everything):
            continue
        head = target.text[: match.start("that")]
        tail = target.text[match.end() :]
        mark = tail[:1] if tail[:1] in (".", ",") else ""
        return target.said(f'{head}, "{words[0].upper()}{words[1:]}{mark}"{tail[len(mark) :]}')
    return None


def quote_altered(target: Target, rng: Random) -> Claim | None:
    """Remove or replace a word in a quotation.

    Guards: the quotation has at least three words, and no passage of the pack contains the changed
    one.
    """
    places = [(a, b) for a, b in target.quoted if len(target.text[a:b].split()) >= 3]
    rng.shuffle(places)
    for start, end in places:
        inner = target.text[start + 1 : end - 1]
        for words in _altered(inner, rng):
            if flat(words) not in flat(target.everything):
                return target.replaced((start + 1, end - 1), words)
    return None


def _altered(words: str, rng: Random) -> list[str]:
    found = []
    for match in re.finditer(r"[A-Za-z]+", words):
        swap = _SWAPS.get(match.group())
        if swap and words[match.end() : match.end() + 1] not in ("'", "’"):
            found.append(words[: match.start()] + swap + words[match.end() :])
    inner = list(re.finditer(r"(?<= )[a-z]{4,} ", words))
    found += [words[: m.start()] + words[m.end() :] for m in inner]
    return rng.sample(found, len(found))


def wrong_citation(target: Target, rng: Random) -> Claim | None:
    """Cite another passage of the pack, in half of the cases of the same item.

    Guards: the passage contains less than 30% of the claim's content words, which are at least
    five, so that it cannot support the claim; it has at least five content words itself.
    """
    mine = content(target.text)
    if len(mine) < 5 or not target.cited:
        return None
    wrong = [
        p for p in target.others if len(p.text.split()) >= 5 and held(mine, content(p.text)) < 0.3
    ]
    near = [p for p in wrong if p.item_key in {c.item_key for c in target.cited}]
    choice = near if near and rng.random() < 0.5 else wrong
    if not choice:
        return None
    return target.claim.model_copy(update={"cites": (rng.choice(choice).id,)})


_PLURALS = (
    "Multiple sources say that {}",
    "According to several outlets, {}",
    "Several reports say that {}",
    "Multiple news organizations reported that {}",
    "Sources confirmed that {}",
)
_PLURAL_THERE = re.compile(
    r"\b(?:sources|outlets|reports|news organi[sz]ations|publications|people familiar|media)\b",
    re.I,
)
_ATTRIBUTED = re.compile(r"\baccording to (?P<who>[^,.“”\"]{3,60})(?=[,.]|$)")


def plural_sources(target: Target, rng: Random) -> Claim | None:
    """Ascribe a claim of one origin to several sources.

    Guards: all citations have one origin, and no cited passage mentions several sources, outlets
    or reports.
    """
    if len(target.pack.origins(target.claim.cites)) != 1 or _PLURAL_THERE.search(target.source):
        return None
    if attributed := target.unquoted(_ATTRIBUTED):
        return target.replaced(
            attributed[0].span("who"), rng.choice(("multiple sources", "several outlets"))
        )
    if target.quoted:
        return None
    return target.said(rng.choice(_PLURALS).format(led_in(target.text)))
