"""The MCP server as an assistant meets it, driven by the client of the official SDK."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from api.mcp.server import create_server
from summarizer.app import App
from summarizer.domain.api_keys import Scope
from summarizer.domain.jobs import JobStatus
from tests.support.app import a_client, an_app, bearer
from tests.support.browser import served

TOOLS = {
    "search_incidents",
    "get_incident",
    "verify_claims",
    "changes_since",
    "request_draft",
}


@pytest.fixture
def service(drafted_data: Path) -> Iterator[App]:
    with an_app(drafted_data, mcp="on") as service:
        yield service


def called(server: Any, tool: str, **arguments: Any) -> Any:
    """What a tool answers, to a client of its own."""

    async def ask() -> Any:
        async with Client(server) as client:
            answer = await client.call_tool(tool, arguments)
            assert not answer.is_error, answer.content
            return answer.structured_content

    return asyncio.run(ask())


def refusal(server: Any, tool: str, **arguments: Any) -> str:
    """What a tool says that can't be done."""

    async def ask() -> str:
        async with Client(server) as client:
            answer = await client.call_tool(tool, arguments)
            assert answer.is_error
            return str(answer.content[0].text)

    return asyncio.run(ask())


def tools(server: Any) -> Any:
    async def ask() -> Any:
        async with Client(server) as client:
            return (await client.list_tools()).tools

    return asyncio.run(ask())


def test_every_tool_says_what_it_does_takes_and_answers(service):
    offered = tools(create_server(service))
    assert {tool.name for tool in offered} == TOOLS
    assert all(tool.description and tool.input_schema and tool.output_schema for tool in offered)
    assert {t.name for t in offered if not t.annotations.read_only_hint} == {"request_draft"}


def test_an_incident_is_found_with_the_passage_and_its_source(service):
    (found,) = called(create_server(service), "search_incidents", query="Aldermoor")["matches"]
    assert found["incident"] == "INC-000001"
    item = service.store.items([found["best"]["item"]])[0]
    assert found["best"]["text"] in (item.text + item.title)
    assert (found["best"]["source"], found["best"]["url"]) == (item.source_name, item.url)


def test_every_sentence_of_a_page_comes_with_its_passages_verbatim(service):
    page = called(create_server(service), "get_incident", incident_id="INC-000001")
    passages = {p["id"]: p for p in page["passages"]}
    sentences = [s for section in page["sections"] for s in section["sentences"]]

    assert page["review"] == "unreviewed"
    assert sentences and all(s["passages"] for s in sentences)
    assert {id_ for s in sentences for id_ in s["passages"]} == set(passages)
    for passage in passages.values():
        assert passage["text"] in service.store.items([passage["item"]])[0].text


def test_an_incident_without_a_draft_says_how_to_get_one(grouped_data):
    with an_app(grouped_data) as service:
        said = refusal(create_server(service), "get_incident", incident_id="INC-000001")
        assert "request_draft" in said


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("get_incident", {"incident_id": "INC-000099"}, "INC-000099"),
        ("get_incident", {"incident_id": "INC-000001", "revision": 0}, "revision"),
        ("verify_claims", {"claims": []}, "claims"),
        ("verify_claims", {"claims": [{"claim": "It rained."}]}, "incident_id"),
        ("request_draft", {"incident_id": "INC-000001", "section": "poem"}, "poem"),
        ("search_incidents", {"query": "x" * 600}, "500"),
        ("get_incident", {}, "incident_id: Field required"),
        ("verify_claims", {"claims": [{}]}, "claims.0.claim: Field required"),
        ("search_incidents", {"query": "x", "limit": "many"}, "limit: Input should be a valid int"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(service, tool, arguments, words):
    said = refusal(create_server(service), tool, **arguments)
    assert words in said
    assert "validation error" not in said


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        (
            "request_draft",
            {"incident_id": "INC-000001", "sektion": "title"},
            "no argument 'sektion': did you mean 'section'? It takes incident_id, section, "
            "instruction, force, wait_s.",
        ),
        (
            "search_incidents",
            {"query": "Aldermoor", "colour": "red"},
            "no argument 'colour': It takes query, limit.",
        ),
        (
            "verify_claims",
            {"claims": [{"claim": "It rained.", "source": ["It rained."]}]},
            "no argument 'claims.0.source': did you mean 'sources'? It takes claim, sources.",
        ),
    ],
)
def test_a_misspelt_argument_is_refused_with_the_right_ones(service, tool, arguments, words):
    jobs = service.store.jobs.with_status(*JobStatus)
    assert words in refusal(create_server(service), tool, **arguments)
    assert service.store.jobs.with_status(*JobStatus) == jobs


def test_the_schema_of_every_tool_says_that_it_takes_nothing_else(service):
    offered = tools(create_server(service))
    assert all(tool.input_schema["additionalProperties"] is False for tool in offered)


def test_claims_are_verified_against_given_texts(service):
    source = "The ferry Dawn stood still for nine days."
    claims = [
        {"claim": "The ferry Dawn stood still for nine days.", "sources": [source]},
        {"claim": "The ferry Dawn stood still for three days.", "sources": [source]},
    ]
    found = called(create_server(service), "verify_claims", claims=claims)["verdicts"]
    assert [one["verdict"] for one in found] == ["supported", "contradicted"]
    assert found[0]["evidence"][0]["text"] in source


def test_claims_are_verified_against_the_items_of_an_incident(service):
    item = service.store.items(["a1"])[0]
    told = service.store.passages(["a1"])[0].text
    (found,) = called(
        create_server(service),
        "verify_claims",
        claims=[{"claim": told}],
        incident_id="INC-000001",
    )["verdicts"]
    assert found["verdict"] == "supported"
    assert found["evidence"][0]["text"] in item.text


def test_changes_are_told_once(service):
    server = create_server(service)
    first = called(server, "changes_since", limit=1)
    rest = called(server, "changes_since", after=first["next"])
    numbers = [c["number"] for c in first["changes"] + rest["changes"]]
    assert numbers == sorted(set(numbers)) and len(numbers) > 1
    assert called(server, "changes_since", after=rest["next"])["changes"] == []


def test_a_draft_is_made_and_read(service):
    server = create_server(service)
    job = called(server, "request_draft", incident_id="INC-000001", wait_s=60, force=True)
    assert (job["status"], job["asked_by"]) == ("done", "local")
    page = called(server, "get_incident", incident_id="INC-000001")
    assert page["revision"] == job["revision"] == 2


def test_a_draft_of_unchanged_evidence_answers_with_the_newest_one(service):
    server = create_server(service)
    job = called(server, "request_draft", incident_id="INC-000001", wait_s=0)
    assert (job["status"], job["revision"]) == ("done", 1)
    assert service.store.newest_revision("INC-000001") == 1


# --- Over HTTP --------------------------------------------------------------------------------


def over_http(address: str, headers: dict[str, str], tool: str, **arguments: Any) -> Any:
    async def ask() -> Any:
        async with httpx2.AsyncClient(headers=headers) as http:
            transport = streamable_http_client(f"{address}/mcp", http_client=http)
            async with Client(transport) as client:
                return await client.call_tool(tool, arguments)

    return asyncio.run(ask())


def test_over_http_a_key_lets_in_and_its_scope_decides(service):
    reads, drafts = bearer(service, Scope.READ, "Kim"), bearer(service, Scope.DRAFT, "Lee")
    asked = {"incident_id": "INC-000001", "wait_s": 60}
    with served(service) as address:
        page = over_http(address, reads, "get_incident", incident_id="INC-000001")
        assert page.structured_content["id"] == "INC-000001"
        refused = over_http(address, reads, "request_draft", **asked)
        assert refused.is_error and "scope" in refused.content[0].text
        done = over_http(address, drafts, "request_draft", **asked)
        assert done.structured_content["asked_by"] == "Lee"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer isk_no"}])
def test_over_http_nobody_comes_in_without_a_key(service, headers):
    bearer(service)
    with a_client(service) as client:
        answer = client.post("/mcp", json={}, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


def test_a_page_of_another_site_is_refused(service):
    with a_client(service) as client:
        foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        assert client.post("/mcp", json={}, headers=foreign).status_code == 403


def test_mcp_is_off_unless_switched_on(drafted_data):
    with an_app(drafted_data) as service, a_client(service) as client:
        assert client.post("/mcp", json={}).status_code == 404


# --- Over standard input and output ------------------------------------------------------------


@pytest.mark.slow
def test_an_assistant_starts_the_command_and_asks(drafted_data):
    started = StdioServerParameters(
        command=sys.executable,
        args=["-m", "summarizer", "mcp"],
        env={"SUMMARIZER_DATA_DIR": str(drafted_data), "SUMMARIZER_DRAFTER": "extractive"},
    )
    assert {tool.name for tool in tools(started)} == TOOLS
    (found,) = called(started, "search_incidents", query="Aldermoor")["matches"]
    assert found["incident"] == "INC-000001"
    job = called(started, "request_draft", incident_id="INC-000001", wait_s=120)
    assert (job["status"], job["revision"]) == ("done", 1)
    again = called(started, "request_draft", incident_id="INC-000001", force=True, wait_s=120)
    assert (again["status"], again["revision"]) == ("done", 2)
