"""Ports for models: embedder, drafter, judge, entailment, batch server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias

from summarizer.domain.batches import Answer, Batch, BatchedRequest, Progress
from summarizer.domain.claims import Claim
from summarizer.domain.drafts import DraftedSection, Drafting, Judgement, Repair, Repairs
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.sections import SectionSpec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class BatchServer(Protocol):
    """A server that takes batches.  Every method raises ``ModelError`` when it cannot be asked."""

    @property
    def url(self) -> str:
        """Its address."""
        ...

    @property
    def longest_s(self) -> float:
        """Seconds after which a batch that is being sent was taken, or never will be."""
        ...

    def submit(self, questions: Sequence[BatchedRequest]) -> str:
        """Send a batch; the server's id for it."""
        ...

    def find(self, batch: Batch, known: Sequence[str]) -> str | None:
        """The id of a batch whose sender did not live to write it down: one of as many requests,
        made since it was begun, that is none of those known."""
        ...

    def look(self, batch_id: str) -> Progress:
        """How far it is."""
        ...

    def answers(self, batch_id: str, questions: Sequence[BatchedRequest]) -> Iterator[Answer]:
        """What became of each of the questions, in any order."""
        ...

    def cancel(self, batch_id: str) -> Progress:
        """Ask for its end; what was answered until then is kept."""
        ...


Vectors: TypeAlias = "NDArray[np.float32]"
"""One row a text, each of length 1."""


class Embedder(Protocol):
    """Turns texts into vectors of length 1 whose dot product is their similarity."""

    @property
    def name(self) -> str:
        """Name and version of the model; vectors of different names never meet."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order; no texts give no rows."""
        ...


class TokenEmbedder(Protocol):
    """Turns each token of a text into a vector in its context."""

    def tokens(self, texts: Sequence[str]) -> list[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """For each text the ids of its tokens and their vectors, one row a token.

        A text without a token gives no rows.
        """
        ...

    def places(self, text: str) -> list[tuple[int, int]]:
        """Offsets in the text, start and end, of each token, in the order of ``tokens``."""
        ...


class Drafter(Protocol):
    """Writes claims that cite passages."""

    @property
    def name(self) -> str:
        """Stored with every draft: ``anthropic``, ``extractive`` or your own."""
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
        instruction: str | None = None,
    ) -> Drafting:
        """Draft the sections, each exactly once and in the given order; call ``on_section`` as
        each arrives.

        ``instruction`` is an editor's wish, to be followed as far as evidence and rules allow.
        Raises ``ModelError`` when the model could not be used, ``InputError`` when a drafter
        follows no instructions."""
        ...

    def repair(self, pack: EvidencePack, repairs: Sequence[Repair]) -> Repairs:
        """Try once to rewrite claims so that the pack supports them; answered by their ids."""
        ...


class ClaimJudge(Protocol):
    """Reads claims against the evidence, knowing nothing of where they come from."""

    @property
    def name(self) -> str:
        """What judges, with its version, as stored with every draft."""
        ...

    def judge(self, pack: EvidencePack, claims: Sequence[Claim]) -> Judgement:
        """A verdict for each claim, by its id; a claim without a usable answer gets none.

        Raises ``ModelError`` when the judge could not be asked."""
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

    def nearness(self, sentence: str, sources: Sequence[str]) -> list[float]:
        """How near each word of a sentence comes in meaning to any word of the sources.

        One number, at most 1, for each of ``text.tokens.tokens``, in order; 1 for the same word in
        the same setting.
        """
        ...
