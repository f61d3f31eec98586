"""LangChain: a retriever of passages, a runnable that drafts, and one that verifies claims.

Each works on an ``App`` of ``open_app``, which the caller opens and closes, but ``ClaimVerifier``,
which needs none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig
from pydantic import ConfigDict, Field

from summarizer.app import App
from summarizer.domain.claims import Verdict, VerdictLabel
from summarizer.domain.model import Model
from summarizer.domain.page import Page
from summarizer.errors import InputError
from summarizer.incidents.search import Hit, Mode
from summarizer.ingestion.ingest import report
from summarizer.ports.models import Entailment
from summarizer.stateless import verify
from summarizer.text.sentences import sentences

ROW_FIELDS = ("title", "url", "platform", "outlet", "author", "published_at")
"""Fields of a row that the metadata of a document may have."""


class PassageRetriever(BaseRetriever):
    """Finds passages by words and by meaning, the best one of each source item.

    ``page_content`` is verbatim; metadata say where it is from: ``item``, ``incident``,
    ``source``, ``title``, ``url``, ``published_at``, ``start`` and ``end`` in the item's text (of
    a title, in that), ``field`` and ``score``. The id of a document is that of the passage.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    app: App = Field(exclude=True)
    k: int = Field(default=4, ge=1)
    """Most documents."""
    mode: Mode = "both"

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        hits = self.app.search.find(query, "items", self.mode, self.k if k is None else k)
        return [_document(hit) for hit in hits]


class IncidentDrafter(Runnable[str | Sequence[Document], Page]):
    """Drafts an incident, and returns its page, of which every sentence has its passages.

    The input is the id of an incident; or documents about one event, which are taken in as source
    items (those that are stored already, once) and become one incident. ``summarizer.render``
    makes Markdown, HTML or JSON of the page.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    def invoke(
        self, input: str | Sequence[Document], config: RunnableConfig | None = None, **kwargs: Any
    ) -> Page:
        """Draft, verify and store; sentences that fail the checks are withheld.

        Raises:
            InputError: a document has no text, or there is none.
            NotFoundError: there is no such incident.
            ModelError: the model could not be used; no draft was stored.
        """
        return self._call_with_config(self._page, input, config)

    def _page(self, asked: str | Sequence[Document]) -> Page:
        incident = asked if isinstance(asked, str) else self._gathered(asked)
        self._app.pipeline.draft(incident)
        return self._app.pages.of(incident)

    def _gathered(self, documents: Sequence[Document]) -> str:
        found = report(self._app.pipeline.ingest_rows(map(_row, documents)))
        if found.rejected:
            row = found.rejected[0]
            raise InputError(f"Document {row.line - 1} cannot be used: {row.reason}.")
        keys = list(dict.fromkeys([*found.keys, *(row.key for row in found.duplicates)]))
        if not keys:
            raise InputError("There is no document to draft from.")
        return self._app.curation.together(keys)


class VerifiedSentence(Model):
    """A sentence of an answer with its verdict.

    Args:
        documents: positions of the documents whose words support it, in ascending order.
    """

    text: str
    verdict: Verdict
    documents: tuple[int, ...]


class VerifiedAnswer(Model):
    """An answer, sentence by sentence."""

    sentences: tuple[VerifiedSentence, ...]

    @property
    def is_supported(self) -> bool:
        """Whether there is a sentence, and every one is supported."""
        return bool(self.sentences) and all(
            s.verdict.label is VerdictLabel.SUPPORTED for s in self.sentences
        )

    @property
    def supported_text(self) -> str:
        """The supported sentences alone."""
        kept = (s for s in self.sentences if s.verdict.label is VerdictLabel.SUPPORTED)
        return " ".join(s.text for s in kept)


Answered: TypeAlias = Mapping[str, Any]


class ClaimVerifier(Runnable[Answered, VerifiedAnswer]):
    """Verifies an answer against documents, by rules and local models: a guardrail after a chain.

    The input is an object with ``answer``, a text or a list of claims, and ``documents``. Without
    a model, a sentence in its own words is ``unchecked`` when nothing wrong is found.
    """

    def __init__(self, *, entailment: Entailment | None = None) -> None:
        self._entailment = entailment

    def invoke(
        self, input: Answered, config: RunnableConfig | None = None, **kwargs: Any
    ) -> VerifiedAnswer:
        """Verify each sentence, or each claim of a list.

        Raises:
            InputError: ``answer`` or ``documents`` is missing, or of another type.
        """
        return self._call_with_config(self._verified, input, config)

    def _verified(self, asked: Answered) -> VerifiedAnswer:
        claims, documents = _claims(asked), _documents(asked)
        sources = [{"id": str(n), "text": d.page_content} for n, d in enumerate(documents)]
        verdicts = verify([(claim, sources) for claim in claims], entailment=self._entailment)
        return VerifiedAnswer(
            sentences=tuple(
                VerifiedSentence(
                    text=claim,
                    verdict=verdict,
                    documents=tuple(sorted({int(span.source) for span in verdict.evidence})),
                )
                for claim, verdict in zip(claims, verdicts, strict=True)
            )
        )


def _claims(asked: Answered) -> list[str]:
    answer = asked.get("answer")
    if isinstance(answer, str):
        return [answer[start:end] for start, end in sentences(answer)]
    if isinstance(answer, Sequence) and all(isinstance(claim, str) for claim in answer):
        return list(answer)
    raise InputError("'answer' must be a text, or a list of claims.", field="answer")


def _documents(asked: Answered) -> list[Document]:
    given = asked.get("documents")
    if isinstance(given, Sequence) and all(isinstance(one, Document) for one in given):
        return list(given)
    raise InputError("'documents' must be a list of documents.", field="documents")


def _document(hit: Hit) -> Document:
    item = hit.item
    return Document(
        id=hit.passage or f"{item.key} title",
        page_content=hit.text,
        metadata={
            "item": item.key,
            "incident": hit.incident,
            "source": item.source_name,
            "title": item.title,
            "url": item.url,
            "published_at": item.published_at.isoformat() if item.published_at else None,
            "field": hit.field,
            "start": hit.start,
            "end": hit.end,
            "score": hit.score,
        },
    )


def _row(document: Document) -> dict[str, Any]:
    known = {name: document.metadata[name] for name in ROW_FIELDS if name in document.metadata}
    return {"text": document.page_content} | known
