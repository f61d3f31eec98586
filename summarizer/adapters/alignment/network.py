"""The alignment network: token vectors in, log-odds of support out.  Plain matrices, no framework.

Every token of a claim attends to the tokens of its sources and so gets the part of them that it is
about; what both say is compared token by token; what the comparisons say is pooled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from summarizer.errors import ModelError

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]

MOST_CLAIM_TOKENS = 80
MOST_SOURCE_TOKENS = 320
SHARPNESS = 3.0
"""Of the soft minimum over the sentences of a claim: one bad sentence makes a bad claim."""

NUMBER, SIGN, FUNCTION, NEGATION, RARITY = range(5)
"""Columns of the table of what is known of a token without its context."""


class Tokens(NamedTuple):
    """A sentence as token ids and their vectors in context, special tokens left out."""

    ids: Ids
    states: Floats


def joined(sentences: Sequence[Tokens]) -> Tokens:
    """Source sentences as one row of tokens, cut at ``MOST_SOURCE_TOKENS``."""
    ids = np.concatenate([s.ids for s in sentences])[:MOST_SOURCE_TOKENS]
    states = np.concatenate([s.states for s in sentences])[:MOST_SOURCE_TOKENS]
    return Tokens(ids, states.astype(np.float32))


def flags(claim: Ids, source: Ids, table: Floats) -> Floats:
    """What each token of a claim has in common with the source as written, one row a token."""
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
    """The network with its weights, read when first asked.

    Args:
        path: the ``.npz`` of the weights; ``SHA256SUMS`` beside it names its hash.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def version(self) -> str:
        """The start of the weights' SHA-256."""
        return self._sum[:8]

    @cached_property
    def _sum(self) -> str:
        lines = (self._path.parent / "SHA256SUMS").read_text(encoding="ascii").splitlines()
        return {name: value for value, name in map(str.split, lines)}[self._path.name]

    @cached_property
    def _weights(self) -> dict[str, Floats]:
        try:
            found = hashlib.sha256(self._path.read_bytes()).hexdigest()
            if found != self._sum:
                raise ModelError(
                    f"The alignment network's file {self._path} is damaged: its sha256 is not the "
                    "one in SHA256SUMS. Reinstall the package."
                )
            with np.load(self._path, allow_pickle=False) as arrays:
                return {name: arrays[name].astype(np.float32) for name in arrays.files}
        except OSError as error:
            raise ModelError(
                f"The alignment network's file {self._path} cannot be read ({error.strerror}). "
                "Reinstall the package."
            ) from error

    def support(self, pairs: Sequence[tuple[Tokens, Tokens]]) -> float:
        """Log-odds that a claim is supported, over its (sentence, joined sources)."""
        odds = np.array([self._sentence(claim, source) for claim, source in pairs])
        return float(-np.log(np.exp(-SHARPNESS * odds.clip(-8, 8)).sum() + 1e-9) / SHARPNESS)

    def _sentence(self, claim: Tokens, source: Tokens) -> float:
        w = self._weights
        ids = claim.ids[:MOST_CLAIM_TOKENS]
        mine = _unit(claim.states[: len(ids)].astype(np.float32))
        theirs = _unit(source.states)
        cosine = mine @ theirs.T
        attention = _softmax(
            self._apply("q", mine) @ self._apply("q", theirs).T + cosine * np.exp(w["t"])
        )
        partner = attention @ theirs
        x, y = self._apply("v", mine) * 4, self._apply("v", partner) * 4
        seen = flags(ids, source.ids, w["table"])
        closest = cosine.max(axis=1, keepdims=True)
        agreement = (mine * partner).sum(axis=1, keepdims=True)
        rows = np.concatenate([x, y, abs(x - y), x * y, seen, closest, agreement], axis=1)
        told = _gelu(self._apply("g.3", _gelu(self._apply("g.0", rows))))
        weighed = _softmax(self._apply("att", told).T) @ told
        pooled = np.concatenate([told.mean(axis=0), told.max(axis=0), weighed[0]])
        return float(self._apply("h.3", _gelu(self._apply("h.0", pooled)))[0])

    def _apply(self, layer: str, x: Floats) -> Floats:
        found: Floats = x @ self._weights[f"{layer}.weight"].T + self._weights[f"{layer}.bias"]
        return found


def _unit(x: Floats) -> Floats:
    found: Floats = x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-12)
    return found


def _softmax(x: Floats) -> Floats:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    found: Floats = e / e.sum(axis=-1, keepdims=True)
    return found


def _gelu(x: Floats) -> Floats:
    found: Floats = 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
    return found.astype(np.float32)
