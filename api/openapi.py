"""The OpenAPI document: what FastAPI derives from the code, and what clients need beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api import problems
from api.auth import scope_of
from api.dependencies import ITEM_ROW
from api.glossary import OF_SCHEMAS, WORDS
from api.schemas.messages import MESSAGES
from summarizer.domain.events import EventKind
from summarizer.domain.webhooks import WAITS_S
from summarizer.webhooks import TYPE

LICENCE = {"name": "Apache-2.0", "identifier": "Apache-2.0"}

CONTACT = {"name": "The operator of this service"}

KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key made with `summarizer keys create`. Until the first key is made, the "
    "service is open to requests from its own machine. Each operation names the scope it needs; "
    "`review` includes `draft`, and that `read`; `senior` includes `review`, and `admin` all.",
}

TAGS = {
    "service": "Liveness, readiness and metrics.",
    "items": "Source items in.",
    "fetches": "What was fetched, and what came of it.",
    "incidents": "Lists, pages, noise, members; merging and splitting.",
    "search": "Items and incidents by words and by meaning.",
    "drafts": "Drafts in the background: request, watch, cancel.",
    "sections": "Editing of one section.",
    "holds": "What keeps a page from readers, or an approval from editors.",
    "reports": "What readers report of published pages.",
    "reviews": "Decisions of editors, revisions, and the log of events.",
    "feeds": "Approved pages for feed readers.",
    "forecasts": "Forecasts and what came of them.",
    "verification": "Claims against sources, without an incident.",
    "access": "Sessions of browsers.",
    "auto-drafting": "What the service drafts by itself.",
    "webhooks": "Subscriptions to events, and their deliveries.",
}

HEADERS: dict[str, dict[str, Any]] = {
    "X-Request-Id": {
        "description": "Id of the request, in the log too; that of the request if it names one.",
        "schema": {"type": "string", "examples": ["5f0c1d8a2b7e4c39"]},
    },
    "ETag": {
        "description": "Version of the answer, for `If-None-Match` and `If-Match`.",
        "schema": {"type": "string", "examples": ['"3f2a9c51d07b8e46"']},
    },
    "Link": {
        "description": 'URL of the next page (`rel="next"`, RFC 8288); absent on the last page.',
        "schema": {"type": "string"},
    },
    "Location": {
        "description": "Path of what was made.",
        "schema": {"type": "string", "examples": ["/v1/drafts/5f0c1d8a2b7e4c39"]},
    },
    "Retry-After": {
        "description": "Seconds to wait before the request is sent again.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "RateLimit-Limit": {
        "description": "Most requests of the key per minute; absent without a limit.",
        "schema": {"type": "integer"},
    },
    "RateLimit-Remaining": {
        "description": "Requests that the key may still send at once.",
        "schema": {"type": "integer"},
    },
    "RateLimit-Reset": {
        "description": "Seconds until the key may send as many as `RateLimit-Limit` at once.",
        "schema": {"type": "integer"},
    },
}
"""Headers of answers, by name."""

SIGNATURE: dict[str, dict[str, Any]] = {
    name: {"name": name, "in": "header", "required": True, "description": words, "schema": schema}
    for name, words, schema in (
        (
            "webhook-id",
            "Id of the message, the same for every try.",
            {"type": "string", "examples": ["msg_3f9a0c1b2d4e_9f2c41d07ab3.42"]},
        ),
        (
            "webhook-timestamp",
            "Time of this try, in Unix seconds.",
            {"type": "string", "pattern": "^[0-9]+$", "examples": ["1778578200"]},
        ),
        (
            "webhook-signature",
            "`v1,` and the HMAC-SHA256 of id, timestamp and body, joined by full stops, in "
            "Base64, as Standard Webhooks has it; several are parted by spaces.",
            {"type": "string", "pattern": "^v1,", "examples": ["v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ"]},
        ),
    )
}
"""Headers of every message of a webhook, by name."""

RETRIED = f"Tried again, {len(WAITS_S) + 1} times in all; after `Retry-After` where it is sent."

LIMITED = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


def operation_id(route: APIRoute) -> str:
    """Name of an operation, of which generators make method names: ``listIncidents``."""
    first, *others = route.name.split("_")
    verb = "get" if first == "show" else first
    return verb + "".join(word.capitalize() for word in others)


def document(app: FastAPI, routers: Iterable[APIRouter], root: str) -> None:
    """Complete the OpenAPI document of an application when it is first asked for.

    Args:
        app: the application.
        routers: its routers.
        root: path below which a proxy shows the service.
    """
    routes = [
        route
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute) and route.include_in_schema
    ]
    made = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(made(), root, routes)
        return made()

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented extension point


def _complete(found: dict[str, Any], root: str, routes: Iterable[APIRoute]) -> None:
    found["info"] |= {"license": LICENCE, "contact": CONTACT}
    found["servers"] = [{"url": root or "/", "description": "This service."}]
    found["tags"] = [{"name": name, "description": words} for name, words in TAGS.items()]
    parts = found["components"]
    parts["securitySchemes"] = {"key": KEY}
    parts["headers"] = HEADERS
    parts["parameters"] = SIGNATURE
    sent: list[tuple[type[BaseModel], Literal["serialization"]]] = [
        (model, "serialization") for model in dict.fromkeys(MESSAGES.values())
    ]
    made = models_json_schema(sent, ref_template="#/components/schemas/{model}")[1]["$defs"]
    parts["schemas"] = made | parts["schemas"]
    found["webhooks"] = {f"{TYPE}.{kind.value}": _webhook(kind) for kind in MESSAGES}
    parts["schemas"] |= {"ItemRow": ITEM_ROW, "Problem": problems.Problem.model_json_schema()}
    for title, schema in parts["schemas"].items():
        for name, field in schema.get("properties", {}).items():
            words = OF_SCHEMAS.get(f"{title}.{name}") or WORDS.get(name)
            if "description" not in field and words:
                field["description"] = words
    _pairs(parts["schemas"])
    for route in routes:
        for method in route.methods or ():
            _operation(found["paths"][route.path_format][method.lower()], route)


def _webhook(kind: EventKind) -> dict[str, Any]:
    """What a receiver of a kind of event is sent, and may answer."""
    name = "".join(word.capitalize() for word in kind.value.split("_"))
    schema = {"$ref": f"#/components/schemas/{MESSAGES[kind].__name__}"}
    return {
        "post": {
            "operationId": f"receive{name}",
            "summary": f"An event `{kind.value}`",
            "description": "Sent to the webhooks that chose this kind: at least once, within "
            "15 seconds to be answered.",
            "tags": ["webhooks"],
            "security": [{}],
            "parameters": [{"$ref": f"#/components/parameters/{one}"} for one in SIGNATURE],
            "requestBody": {
                "required": True,
                "content": {"application/cloudevents+json": {"schema": schema}},
            },
            "responses": {
                "204": {"description": "Received; any 2xx is."},
                "410": {"description": "Wants no more: the webhook is paused."},
                "4XX": {"description": RETRIED},
                "5XX": {"description": RETRIED},
            },
        }
    }


def _pairs(schema: Any) -> None:
    """Say of arrays of fixed length what their items are, which some generators need."""
    if isinstance(schema, dict):
        if "prefixItems" in schema:
            schema.setdefault("items", schema["prefixItems"][0])
        for part in schema.values():
            _pairs(part)
    elif isinstance(schema, list):
        for part in schema:
            _pairs(part)


def _operation(operation: dict[str, Any], route: APIRoute) -> None:
    """Add the scope of an operation, and the headers of its answers."""
    scope = scope_of(route.dependant)
    operation["security"] = [{"key": []}, {}] if scope else [{}]
    if scope:
        operation["x-required-scope"] = scope
        needs = f"Needs the scope `{scope}`."
        said = operation.get("description", "").rstrip()
        operation["description"] = f"{said}\n\n{needs}" if said else needs
    parameters = {p["name"] for p in operation.get("parameters", ())}
    responses = operation["responses"]
    if "incident_id" in parameters:
        responses["410"] = responses["404"] | {"description": "It was deleted."}
        if "GET" in (route.methods or ()):
            responses["308"] = {"description": "It was merged into the one at `Location`."}
    for status, response in responses.items():
        names = ["X-Request-Id", *(LIMITED if scope else ())]
        if "304" in responses and status in ("200", "304"):
            names.append("ETag")
        if status == "200" and "cursor" in parameters:
            names.append("Link")
        if status == "308" or (status in ("201", "202") and route.name in MAKES):
            names.append("Location")
        if status in ("429", "503"):
            names.append("Retry-After")
        refs = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
        response["headers"] = refs | response.get("headers", {})


MAKES = ("draft_incident", "draft_items", "create_webhook", "split_incident")
"""Routes whose answer has a ``Location``."""
