"""The alignment networks: from token vectors to log-odds of support, in numpy.

Every token of a claim attends to the source tokens; the token, the attended vector and features of
position (``places``) are compared token by token, and the comparisons are pooled.  A file may have
several networks, trained on different documents; the result is their mean.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from summarizer.errors import ModelError
from summarizer.text.blas import one_thread
from summarizer.verification.entailment.positions import (
    FUNCTION,
    NEGATION,
    NUMBER,
    RARITY,
    SIGN,
    Floats,
    Ids,
    places,
)

MOST_CLAIM_TOKENS = 80
MOST_SOURCE_TOKENS = 320
SHARPNESS = 3.0
"""Sharpness of the soft minimum over the sentences of a claim: one bad sentence fails the claim."""


class Tokens(NamedTuple):
    """A sentence as token ids and contextual token vectors, without special tokens."""

    ids: Ids
    states: Floats


class Sources(NamedTuple):
    """Source sentences joined into one row of tokens, with the sentence number of each token."""

    ids: Ids
    states: Floats
    sentence: Ids


def joined(sentences: Sequence[Tokens]) -> Sources:
    """Source sentences as one row of tokens, cut at ``MOST_SOURCE_TOKENS``."""
    ids = np.concatenate([s.ids for s in sentences])[:MOST_SOURCE_TOKENS]
    states = np.concatenate([s.states for s in sentences])[:MOST_SOURCE_TOKENS]
    numbers = np.repeat(np.arange(len(sentences)), [len(s.ids) for s in sentences])
    return Sources(ids, states.astype(np.float32), numbers[:MOST_SOURCE_TOKENS])


def flags(claim: Ids, source: Ids, table: Floats) -> Floats:
    """Features of literal overlap with the source and context-free properties, one row a token."""
    there = np.isin(claim, source)
    known = set(zip(source[:-1].tolist(), source[1:].tolist(), strict=True))
    follows = [pair in known for pair in zip(claim[:-1].tolist(), claim[1:].tolist(), strict=True)]
    negated = bool(len(source)) and bool(table[source, NEGATION].any())
    columns = [there, [False, *follows], [*follows, False]]
    columns += [table[claim, c] for c in (NUMBER, SIGN, FUNCTION, NEGATION, RARITY)]
    columns += [np.full(len(claim), negated)]
    found: Floats = np.stack([np.asarray(c, dtype=np.float32) for c in columns], axis=1)
    return found


class Network:
    """Networks of one shape, whose weights are loaded on first use; thread-safe.

    Args:
        path: ``.npz`` file with the token table and the weights, in which the first axis of each
            array numbers the networks (absent for a single one); ``SHA256SUMS`` beside it has its
            hash.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def version(self) -> str:
        """First digits of the weights' SHA-256."""
        return self._sum[:8]

    @cached_property
    def _sum(self) -> str:
        lines = (self._path.parent / "SHA256SUMS").read_text(encoding="ascii").splitlines()
        return {name: value for value, name in map(str.split, lines)}[self._path.name]

    @cached_property
    def _weights(self) -> tuple[Floats, list[_Member]]:
        try:
            found = hashlib.sha256(self._path.read_bytes()).hexdigest()
            if found != self._sum:
                raise ModelError(
                    f"The alignment network's file {self._path} is damaged: its sha256 is not the "
                    "one in SHA256SUMS. Reinstall the package."
                )
            with np.load(self._path, allow_pickle=False) as arrays:
                read = {name: arrays[name].astype(np.float32) for name in arrays.files}
        except OSError as error:
            raise ModelError(
                f"The alignment network's file {self._path} cannot be read ({error.strerror}). "
                "Reinstall the package."
            ) from error
        table = read.pop("table")
        if read["t"].ndim == 0:  # a file of a single network
            read = {name: array[None] for name, array in read.items()}
        members = [
            _Member({name: rows[n] for name, rows in read.items()}) for n in range(len(read["t"]))
        ]
        return table, members

    def support(self, pairs: Sequence[tuple[Tokens, Sources]]) -> float:
        """Log-odds that a claim is supported, from its (sentence, joined sources) pairs: the mean
        of the networks."""
        table, members = self._weights
        with one_thread():
            compared = [_compared(claim, source, table) for claim, source in pairs]
            return float(np.mean([_worst([m.judge(pair) for pair in compared]) for m in members]))


class _Compared(NamedTuple):
    """Input of the networks for a sentence and its sources."""

    mine: Floats
    theirs: Floats
    seen: Floats


def _compared(claim: Tokens, source: Sources, table: Floats) -> _Compared:
    ids = claim.ids[:MOST_CLAIM_TOKENS]
    mine, theirs = unit(claim.states[: len(ids)].astype(np.float32)), unit(source.states)
    return _Compared(mine, theirs, seen(mine @ theirs.T, ids, source.ids, source.sentence, table))


def seen(cosines: Floats, claim: Ids, source: Ids, sentence: Ids, table: Floats) -> Floats:
    """Features of each token of a claim in addition to its vector: literal overlap, highest cosine,
    and position of its counterpart."""
    written = flags(claim, source, table)
    stands = places(cosines, claim, source, sentence, table)
    found: Floats = np.concatenate([written, cosines.max(axis=1, keepdims=True), stands], axis=1)
    return found


def _worst(odds: Sequence[float]) -> float:
    """Soft minimum over the sentences of a claim."""
    bad = np.exp(-SHARPNESS * np.clip(odds, -8, 8)).sum()
    return float(-np.log(bad + 1e-9) / SHARPNESS)


class _Member:
    """One network."""

    def __init__(self, weights: dict[str, Floats]) -> None:
        self._w = weights

    def judge(self, pair: _Compared) -> float:
        """Log-odds that the sources support the sentence."""
        mine, theirs, known = pair
        asked: Floats = self._apply("q", mine) @ self._w["q.weight"] + mine * np.exp(self._w["t"])
        partner = _softmax(asked @ theirs.T) @ theirs
        x, y = self._apply("v", mine) * 4, self._apply("v", partner) * 4
        agreement = (mine * partner).sum(axis=1, keepdims=True)
        rows = np.concatenate([x, y, abs(x - y), x * y, known, agreement], axis=1)
        told = _gelu(self._apply("g.3", _gelu(self._apply("g.0", rows))))
        weighed = _softmax(self._apply("att", told).T) @ told
        pooled = np.concatenate([told.mean(axis=0), told.max(axis=0), weighed[0]])
        return float(self._apply("h.3", _gelu(self._apply("h.0", pooled)))[0])

    def _apply(self, layer: str, x: Floats) -> Floats:
        found: Floats = x @ self._w[f"{layer}.weight"].T + self._w[f"{layer}.bias"]
        return found


def unit(x: Floats) -> Floats:
    """Rows scaled to length 1."""
    found: Floats = x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-12)
    return found


def _softmax(x: Floats) -> Floats:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    found: Floats = e / e.sum(axis=-1, keepdims=True)
    return found


def _gelu(x: Floats) -> Floats:
    found: Floats = 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
    return found.astype(np.float32)
