"""What the core asks of the outside world; adapters in ``summarizer.adapters`` answer it.

Each protocol has one contract suite under ``tests/contracts`` that every adapter passes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from summarizer.domain import (
    Claim,
    DraftedSection,
    EvidencePack,
    Failure,
    Model,
    Passage,
    PassageId,
    Usage,
)
from summarizer.sections import SectionSpec

Vectors = NDArray[np.float32]
"""One row a text, each of length 1."""


class Clock(Protocol):
    """The one door through which time enters."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        ...


class Embedder(Protocol):
    """Turns texts into vectors of length 1 whose dot product is their similarity."""

    @property
    def name(self) -> str:
        """Name and version of the model; vectors of different names never meet."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order; no texts give no rows."""
        ...


class PassageIndex(Protocol):
    """Passages and their vectors.  The store holds the truth; this can be rebuilt from it."""

    def add(self, passages: Sequence[Passage]) -> None:
        """Index passages; those that are already there stay as they are."""
        ...

    def ids(self) -> frozenset[PassageId]:
        """Ids of all passages that are indexed."""
        ...

    def remove(self, ids: Sequence[PassageId]) -> None:
        """Forget passages; unknown ids are ignored."""
        ...

    def clear(self) -> None:
        """Forget everything."""
        ...

    def vectors(self, ids: Sequence[PassageId]) -> dict[PassageId, NDArray[np.float32]]:
        """Stored vectors by id; ids that are not indexed are absent from the answer."""
        ...

    def rank(self, query: str, ids: Sequence[PassageId]) -> list[tuple[PassageId, float]]:
        """Those of ``ids`` that are indexed, most similar to the query first, with similarity
        from -1 to 1; equal similarities are ordered by id."""
        ...

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[PassageId, float]]:
        """The passages of the whole index nearest to a vector, most similar first."""
        ...


class Repair(Model):
    """A claim that failed, handed back to its drafter with the reasons."""

    section: str
    claim: Claim
    failures: tuple[Failure, ...]


class Drafting(Model):
    """What one drafter made of one evidence pack."""

    sections: tuple[DraftedSection, ...]
    usage: Usage = Usage()


class Repairs(Model):
    """Answers to repairs, in their order; ``None`` where the drafter gave the claim up."""

    claims: tuple[Claim | None, ...]
    usage: Usage = Usage()


class Drafter(Protocol):
    """Writes claims that cite passages."""

    @property
    def name(self) -> str:
        """``anthropic`` or ``extractive``."""
        ...

    @property
    def model(self) -> str | None:
        """Id of the model, ``None`` without one."""
        ...

    def draft(
        self,
        pack: EvidencePack,
        sections: Sequence[SectionSpec],
        on_section: Callable[[DraftedSection], None],
    ) -> Drafting:
        """Draft the sections, each exactly once and in the given order; call ``on_section`` as
        each arrives.  Raises ``ModelError`` when the model could not be used."""
        ...

    def repair(self, pack: EvidencePack, repairs: Sequence[Repair]) -> Repairs:
        """Try once to rewrite claims so that the pack supports them."""
        ...


class Entailment(Protocol):
    """Probability that sources, taken together, support a claim."""

    @property
    def name(self) -> str:
        """Name and version, stored with what it judged."""
        ...

    def support(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[float]:
        """For each (claim, sources) a probability, 0–1, in order."""
        ...
