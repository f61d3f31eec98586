"""Ports for models: embedder, drafter, judge, entailment, batch server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias

from summarizer.domain.batches import Answer, Batch, BatchedRequest, Progress
from summarizer.domain.claims import Claim
from summarizer.domain.drafts import (
    CallRecord,
    DraftedSection,
    Drafting,
    Judgement,
    Repair,
    Repairs,
)
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.sections import SectionSpec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class BatchServer(Protocol):
    """A server that takes message batches.

    Every method raises ``ModelError`` when the server cannot be reached.
    """

    @property
    def url(self) -> str:
        """Address of the server."""
        ...

    @property
    def longest_s(self) -> float:
        """Seconds after which a submission has arrived or has failed for good."""
        ...

    def submit(self, questions: Sequence[BatchedRequest]) -> str:
        """Send a batch and return the server's id for it."""
        ...

    def find(self, batch: Batch, known: Sequence[str]) -> str | None:
        """Id of a batch that was sent by a process that crashed before storing the id.

        It is a batch of as many requests, created after ``batch.begun_at``, and not in ``known``.
        """
        ...

    def look(self, batch_id: str) -> Progress:
        """Current state of a batch."""
        ...

    def answers(self, batch_id: str, questions: Sequence[BatchedRequest]) -> Iterator[Answer]:
        """One answer for each request, in any order."""
        ...

    def cancel(self, batch_id: str) -> Progress:
        """Cancel a batch; answers given until then stay available."""
        ...


Vectors: TypeAlias = "NDArray[np.float32]"
"""One vector of length 1 for each text, as rows."""


class Embedder(Protocol):
    """Turns texts into vectors of length 1 whose dot product is their similarity."""

    @property
    def name(self) -> str:
        """Name and version of the model; vectors of different models are never compared."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, in order."""
        ...


class TokenEmbedder(Protocol):
    """Turns each token of a text into a vector in its context."""

    def tokens(self, texts: Sequence[str]) -> list[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """For each text, token ids and token vectors, one row for each token."""
        ...


class Drafter(Protocol):
    """Writes claims that cite passages."""

    @property
    def name(self) -> str:
        """Name, stored with every draft: ``anthropic``, ``extractive`` or your own."""
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
        """Draft the sections, each exactly once and in the given order.

        Args:
            pack: evidence to draft from.
            sections: sections to draft.
            on_section: called with each section as it arrives.
            instruction: an editor's instruction, followed as far as evidence and rules allow.

        Raises:
            ModelError: the model could not be used.
            InputError: this drafter follows no instructions.
        """
        ...

    def repair(self, pack: EvidencePack, repairs: Sequence[Repair]) -> Repairs:
        """Rewrite failed claims once so that the pack supports them."""
        ...


class CallLog(Protocol):
    """Keeps calls to models, and finds answers that need not be paid for again."""

    def find(self, request_hash: str) -> str | None:
        """A usable answer recorded under that hash, if there is one."""
        ...

    def record(self, record: CallRecord) -> None:
        """Keep a call, usable or not."""
        ...


class ClaimJudge(Protocol):
    """Judges claims against the evidence, without knowing their drafter."""

    @property
    def name(self) -> str:
        """Name and version, stored with every draft."""
        ...

    def judge(
        self,
        pack: EvidencePack,
        claims: Sequence[Claim],
        questions: Mapping[str, Sequence[str]],
        page: Mapping[str, Sequence[str]] | None = None,
    ) -> Judgement:
        """Verdicts by claim id; a claim without a usable answer is missing.

        Args:
            pack: evidence of the draft.
            claims: claims to judge, each against the passages that it cites.
            questions: what the checks found about a claim, in sentences, by its id.
            page: ids of the claims by section, to be judged as a whole page too; ``None`` for
                claims of no whole page.

        Raises:
            ModelError: the judge could not be reached.
        """
        ...


class Entailment(Protocol):
    """Probability that sources, taken together, support a claim."""

    @property
    def name(self) -> str:
        """Name and version, stored with its results."""
        ...

    def support(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[float]:
        """Support probability, 0–1, of each (claim, sources) pair, in order."""
        ...
