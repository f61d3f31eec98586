"""The LangChain parts, by LangChain's own tests and in a chain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from langchain_tests.integration_tests import RetrieversIntegrationTests

from summarizer import render
from summarizer.app import App
from summarizer.domain.claims import VerdictLabel
from summarizer.errors import InputError, NotFoundError
from summarizer.integrations.langchain import (
    ClaimVerifier,
    IncidentDrafter,
    PassageRetriever,
)
from tests.support.app import an_app, take_in
from tests.support.samples import ITEMS

FERRY = [
    Document(
        page_content="The ferry Dawn stood still for nine days. A pump had failed.",
        metadata={"outlet": "The Quay Post", "published_at": "2026-03-01T08:00:00Z"},
    ),
    Document(page_content="Halden Line said a new pump arrives on Monday.", metadata={"k": 1}),
]


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    with an_app() as app:
        take_in(app, ITEMS)
        yield app


class TestPassageRetriever(RetrieversIntegrationTests):
    """LangChain's standard tests of a retriever."""

    @pytest.fixture(autouse=True)
    def _on(self, app: App) -> None:
        self._app = app

    @property
    def retriever_constructor(self) -> type[PassageRetriever]:
        return PassageRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"app": self._app}

    @property
    def retriever_query_example(self) -> str:
        return "Aldermoor"


def test_a_document_is_verbatim_and_says_where_it_is_from(app):
    for document in PassageRetriever(app=app).invoke("Aldermoor"):
        about = document.metadata
        (item,) = app.store.items([about["item"]])
        text = item.text if about["field"] == "text" else item.title
        assert text[about["start"] : about["end"]] == document.page_content
        assert about["incident"] == "INC-000001"


def test_an_incident_is_drafted_and_rendered_in_a_chain(app):
    chain = IncidentDrafter(app) | RunnableLambda(render)
    assert chain.invoke("INC-000001").startswith("# ")


def test_documents_become_one_incident_once(app):
    draft = IncidentDrafter(app)
    first, again = draft.invoke(FERRY), draft.invoke(FERRY)
    assert len(first.incident.item_keys) == 2
    assert (again.incident.id, again.draft.revision) == (first.incident.id, 2)
    assert first.draft.evidence.items[0].outlet == "The Quay Post"


@pytest.mark.parametrize("asked", [[], [Document(page_content="  ")]])
def test_documents_without_text_are_refused(app, asked):
    with pytest.raises(InputError, match=r"[Dd]ocument"):
        IncidentDrafter(app).invoke(asked)


def test_an_unknown_incident_is_refused(app):
    with pytest.raises(NotFoundError):
        IncidentDrafter(app).invoke("INC-000404")


def test_an_answer_is_verified_sentence_by_sentence():
    answer = "The ferry Dawn stood still for nine days. The ferry Dawn stood still for three days."
    found = ClaimVerifier().invoke({"answer": answer, "documents": FERRY})
    labels = [sentence.verdict.label for sentence in found.sentences]
    assert labels == [VerdictLabel.SUPPORTED, VerdictLabel.CONTRADICTED]
    assert found.sentences[0].documents == (0,)
    assert not found.is_supported
    assert found.supported_text == "The ferry Dawn stood still for nine days."


def test_it_stands_after_any_chain(app):
    chain = (
        RunnablePassthrough.assign(documents=lambda asked: FERRY)
        | RunnablePassthrough.assign(answer=lambda asked: "A pump had failed.")
        | ClaimVerifier()
    )
    assert chain.invoke({"question": "What failed?"}).is_supported
    assert [f.is_supported for f in chain.batch([{}, {}])] == [True, True]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"answer": "It rained."},
        {"answer": 3, "documents": FERRY},
        {"answer": "x", "documents": ["y"]},
    ],
)
def test_what_cannot_be_verified_is_refused(asked):
    with pytest.raises(InputError):
        ClaimVerifier().invoke(asked)


def test_an_empty_answer_is_not_supported():
    found = ClaimVerifier().invoke({"answer": "", "documents": FERRY})
    assert (found.sentences, found.supported_text, found.is_supported) == ((), "", False)
