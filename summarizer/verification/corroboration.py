"""Corroboration: the independent origins that assert a claim, anywhere in the evidence.

A passage beside the cited ones asserts a claim when it passes every check of the claim's words, and
entails them: what the claim says without its asides, which are details of one report.  It is asked
only of passages that share some of the weight of those words.  Names and places of an incident
occur in every report of it, so they have no weight, and the other words weigh more the fewer
origins have them.

Who asserts it is its speaker, else the outlet.  A speaker whom three outlets quote is one origin,
and so are a company and the outlet that quotes it; three outlets on their own are three.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import NamedTuple

from summarizer.domain.claims import Failure
from summarizer.ports.models import Entailment
from summarizer.text import names
from summarizer.text.act_words import tells
from summarizer.text.asides import without_asides
from summarizer.text.job_titles import NOUNS
from summarizer.text.name_matching import known
from summarizer.text.names import Name
from summarizer.text.parse import parse
from summarizer.text.sentences import sentences
from summarizer.text.tokens import read, tokens
from summarizer.verification import faults, hostile_items, scoring, speakers
from summarizer.verification.checks import operators
from summarizer.verification.evidence import CitedEvidence, CitedText
from summarizer.verification.outcomes import ends_something

CHECK = "corroboration"
"""Name of this step in the log."""

GRAMMAR = frozenset(("operators", "roles"))
"""Checks of a claim's words that parse the passages."""

SHARE = 2 / 3
"""Least share of the weight of a claim's words that an origin must have by itself, 0–1: well over
half, so that the origin of one part of a claim does not count for the other part."""

NEAR = 0.35
"""The same of a passage that a claim does not cite, to be asked for at all."""

ENTAILED = 0.4
"""Least entailment of a claim by such a passage: of the 52 passages of stories and samples at that
or above, three did not say it; of 29 below, a third did (2026-11-30)."""

MOST_ITEMS = 12
"""Most items beside the cited ones whose passages are held against a claim, the nearest ones."""

TIED = 60
"""Most characters between a speaker and the one for whom he speaks."""

_ENDS = re.compile(r"[.;:!?“”\"]")


class Tellers(NamedTuple):
    """Who asserts a claim.

    Args:
        origins: number of independent origins.
        names: their names, in order of the evidence; speakers without a name are left out.
    """

    origins: int
    names: tuple[str, ...]


def tellers(claims: Sequence[tuple[str, CitedEvidence]], entailment: Entailment) -> list[Tellers]:
    """The independent origins that assert each claim, in its cited passages or in any others.

    Args:
        claims: claims with their evidence.
        entailment: called at most once for all.
    """
    near = [
        faults.guarded(CHECK, n, partial(_near, claim, grounds), otherwise=list[CitedText]())
        for n, (claim, grounds) in enumerate(claims)
    ]
    faults.guarded(CHECK, "all", partial(_read_ahead, claims, near), otherwise=None)
    near = [
        faults.guarded(CHECK, n, partial(_passing, *one, found), otherwise=list[CitedText]())
        for n, (one, found) in enumerate(zip(claims, near, strict=True))
    ]
    pairs = [
        (without_asides(claim), [ground.text])
        for (claim, _), found in zip(claims, near, strict=True)
        for ground in found
    ]
    support = iter(faults.support(entailment, pairs, range(len(pairs))) if pairs else ())
    entailed = [[g for g in found if (next(support) or 0.0) >= ENTAILED] for found in near]
    return [
        faults.guarded(CHECK, n, partial(_told, *one, found), otherwise=Tellers(0, ()))
        for n, (one, found) in enumerate(zip(claims, entailed, strict=True))
    ]


def _told(claim: str, grounds: CitedEvidence, others: Sequence[CitedText]) -> Tellers:
    """Who asserts a claim in some passages; of a claim that names its speaker, only that one."""
    words = _telling(claim)
    named, outlets, unnamed = list[Name](), list[CitedText](), False
    for ground in (*_cited(claim, grounds), *others):
        speaker = speakers.speaker(words, ground, grounds)
        name = speakers.name_of(speaker)
        if name is not None and not any(speakers.same(name, other) for other in named):
            named.append(name)
        elif not speaker and not any(_are_one(ground, other) for other in outlets):
            outlets.append(ground)
        unnamed = unnamed or bool(speaker)
    own = [ground for ground in outlets if not _is_one_of(named, ground)]
    if speakers.within(words, claim) and (named or unnamed):
        own = []
    told = [*(name.text for name in _apart(named, grounds)), *(ground.source for ground in own)]
    return Tellers(len(told) or int(unnamed), tuple(dict.fromkeys(told)))


def _are_one(ground: CitedText, other: CitedText) -> bool:
    """Whether two texts are of one origin or one outlet."""
    return ground.origin == other.origin or bool(ground.source and ground.source == other.source)


def _is_one_of(named: Sequence[Name], ground: CitedText) -> bool:
    """Whether the outlet or author of a text is among some speakers."""
    own = (Name(byline, 0, 0) for byline in (ground.outlet, *ground.bylines) if byline)
    return any(speakers.same(name, other) for other in own for name in named)


def _apart(named: Sequence[Name], grounds: CitedEvidence) -> list[Name]:
    """Speakers without those who speak for one of the others: "Ada Lund, a lawyer for Acme"."""
    kept: list[Name] = []
    for name in named:
        if not any(_are_tied(name, other, grounds.known) for other in kept):
            kept.append(name)
    return kept


def _are_tied(one: Name, other: Name, known: Iterable[CitedText]) -> bool:
    """Whether a text names two speakers side by side, with an office between them."""
    words = {*one.words, *other.words}
    return any(
        words <= read(ground.text).norms
        and any(_is_office(b) for b in _between(one, other, ground))
        for ground in known
    )


def _between(one: Name, other: Name, ground: CitedText) -> Iterator[str]:
    """What stands between two names in one sentence of a text."""
    found = names.names(ground.text)
    for mine in found:
        for theirs in found:
            first, last = sorted((mine, theirs), key=lambda name: name.start)
            if set(mine.words) >= set(one.words) and set(theirs.words) >= set(other.words):
                yield ground.text[first.end : last.start][: TIED + 1]


def _is_office(between: str) -> bool:
    if len(between) > TIED or _ENDS.search(between):
        return False
    return any(token.norm in NOUNS for token in tokens(between))


def read_evidence(known: tuple[CitedText, ...]) -> None:
    """Read what is found once of an evidence; it is kept."""
    _places(known)
    _weights(known)


# --- Passages --------------------------------------------------------------------------------


def carried_by(claim: str, grounds: CitedEvidence) -> frozenset[str]:
    """Origins of the cited passages that each support the claim by themselves.

    Words in none of the cited passages are ignored, so that a paraphrase does not cost an origin.
    When no origin has enough by itself, the best one counts alone: passages that support a claim
    only together are one source.
    """
    return frozenset(ground.origin for ground in _cited(claim, grounds))


@lru_cache(maxsize=64)  # as many as a draft has claims: each is asked for three times
def _cited(claim: str, grounds: CitedEvidence) -> tuple[CitedText, ...]:
    """Of each cited origin that supports the claim by itself, the passage with most of it."""
    words, weights = _telling(claim) & _stems(grounds.cited), _weights(grounds.known)
    cited = _by_origin(grounds.cited)
    carried = {o: _weight(words & _stems(found), weights) for o, found in cited.items()}
    enough = [
        origin
        for origin, found in cited.items()
        if len(cited) == 1
        or (
            carried[origin] >= SHARE * _weight(words, weights)
            and _passes_alone(claim, found, grounds)
        )
    ]
    if cited and not enough:
        enough = [max(carried, key=lambda origin: carried[origin])]
    return tuple(max(cited[o], key=lambda g: _weight(words & _own(g), weights)) for o in enough)


def _near(claim: str, grounds: CitedEvidence) -> list[CitedText]:
    """Passages of other items that share enough with a claim and pass the checks of its words that
    need no grammar: the nearest one of each item, at most ``MOST_ITEMS``."""
    told = without_asides(claim)
    words = _telling(told) & _stems(grounds.cited)
    weights, places = _weights(grounds.known), _places(grounds.known)
    seen = {ground.item for ground in _cited(claim, grounds)}
    hostile = hostile_items.tainted(grounds.known)
    shared: dict[int, float] = {}
    for word in words:
        for n in places[word]:
            shared[n] = shared.get(n, 0.0) + weights[word]
    nearest: dict[str, int] = {}
    for n in sorted(shared, key=lambda n: (-shared[n], n)):
        ground = grounds.known[n]
        out = ground.item in seen or ground.withdrawn or ground.id in hostile
        if not out and shared[n] >= NEAR * _weight(words, weights):
            nearest.setdefault(ground.item, n)
    found = (grounds.known[n] for n in list(nearest.values())[:MOST_ITEMS])
    checks = {name: check for name, check in scoring.CHECKS.items() if name not in GRAMMAR}
    return [ground for ground in found if _passes_alone(told, [ground], grounds, checks)]


def _read_ahead(
    claims: Sequence[tuple[str, CitedEvidence]], near: Sequence[Sequence[CitedText]]
) -> None:
    """Parse at once what ``_passing`` and ``_told`` look at; it is kept."""
    texts = list[str]()
    for (claim, grounds), found in zip(claims, near, strict=True):
        if found:
            texts += (speakers.telling(_telling(claim), ground.text) for ground in found)
            texts += operators.to_read(without_asides(claim), replace(grounds, cited=tuple(found)))
    parse(texts)


def _passing(claim: str, grounds: CitedEvidence, found: Sequence[CitedText]) -> list[CitedText]:
    """Those of the near passages that pass the other checks too."""
    told, checks = without_asides(claim), {name: scoring.CHECKS[name] for name in GRAMMAR}
    return [ground for ground in found if _passes_alone(told, [ground], grounds, checks)]


def _passes_alone(
    claim: str,
    found: Sequence[CitedText],
    grounds: CitedEvidence,
    checks: Mapping[str, scoring.Check] = scoring.CHECKS,
) -> bool:
    """Whether passages pass every check of a claim's words by themselves.

    What they call "the company" may be named elsewhere in their item, unless they name somebody
    else.  Who tells that somebody was charged does not tell that the charge was dropped.
    """
    if _tells_end(claim) and not any(_tells_end(ground.text) for ground in found):
        return False
    alone = CitedEvidence(tuple(found), grounds.known, advises=False)
    for name, check in checks.items():
        failures = check(claim, alone)
        if failures and not (name == "names" and _named_elsewhere(claim, failures, alone)):
            return False
    return True


def _tells_end(text: str) -> bool:
    return tells(text) and any(ends_something(text[s.start : s.end]) for s in sentences(text))


def _named_elsewhere(claim: str, failures: Sequence[Failure], alone: CitedEvidence) -> bool:
    said = "\n".join((claim, *(byline for g in alone.cited for byline in g.bylines)))
    if any(n.sure and not known(n, said) for n in names.names(alone.text)):
        return False
    items = {ground.item for ground in alone.cited}
    rest = [g.title for g in alone.cited] + [g.text for g in alone.known if g.item in items]
    missing = (Name(claim[f.start : f.end], 0, 0) for f in failures)
    return all(any(known(name, text) for text in rest) for name in missing)


# --- Words -----------------------------------------------------------------------------------


def _telling(claim: str) -> frozenset[str]:
    """Content stems of a claim without its names."""
    named = (read(name.text).stems for name in names.names(claim))
    return read(claim).content_set.difference(*named)


def _by_origin(grounds: Iterable[CitedText]) -> dict[str, list[CitedText]]:
    found: dict[str, list[CitedText]] = {}
    for ground in grounds:
        found.setdefault(ground.origin, []).append(ground)
    return found


def _own(ground: CitedText) -> frozenset[str]:
    return read(ground.text).content_set


def _stems(grounds: Iterable[CitedText]) -> frozenset[str]:
    return frozenset[str]().union(*map(_own, grounds))


@lru_cache(maxsize=4)
def _places(known: tuple[CitedText, ...]) -> Mapping[str, Sequence[int]]:
    """Texts that have each stem, by their place."""
    found: dict[str, list[int]] = {}
    for n, ground in enumerate(known):
        for stem in _own(ground):
            found.setdefault(stem, []).append(n)
    return found


@lru_cache(maxsize=4)
def _weights(known: tuple[CitedText, ...]) -> Mapping[str, float]:
    """Weight of each stem of the evidence, by rarity among origins (inverse document frequency)."""
    of_origin = {origin: _stems(found) for origin, found in _by_origin(known).items()}
    spread = Counter(stem for stems in of_origin.values() for stem in stems)
    return {stem: math.log((len(of_origin) + 1) / (n + 0.5)) for stem, n in spread.items()}


def _weight(stems: Iterable[str], weights: Mapping[str, float]) -> float:
    return sum(weights.get(stem, 0.0) for stem in stems)
