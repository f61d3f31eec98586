"""Dependencies of endpoints: the service and the raw body, with the schema of item rows."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Annotated, Any, cast

from fastapi import Depends, Query, Request

from summarizer.app import App
from summarizer.ingestion.ingest import Outcome

_TEXT = {"type": "string"}


def _text(description: str) -> dict[str, Any]:
    return _TEXT | {"description": description}


def _listed(description: str) -> dict[str, Any]:
    return {"type": "array", "items": _TEXT, "description": description}


ITEM_ROW: dict[str, Any] = {
    "title": "ItemRow",
    "type": "object",
    "description": "A source item: `text` or `title` is required, all other fields are optional. "
    "Fields that are not listed here are kept with the item.",
    "properties": {
        "id": _text("Your own key for the item."),
        "title": _text("Its title, plain or HTML."),
        "text": _text("What it says, plain or HTML."),
        "url": _text("Where it was published, http or https."),
        "platform": _text("Such as `news` or `x`; by default `unknown`."),
        "outlet": _text("Who published it."),
        "author": _text("Who wrote it."),
        "published_at": _text("When it was published; dates and order depend on it.")
        | {"format": "date-time"},
        "incident": _text("Your own grouping: items with the same label are one incident."),
        "retracts": _listed("Keys, URLs or ids of the items that it takes back."),
        "corrects": _listed("Keys, URLs or ids of the items that it corrects."),
        "retracted": {"type": "boolean", "description": "Whether its source has taken it back."},
        "reach": {"type": "number", "description": "Audience of the item, for noise."},
        "engagement": {
            "type": "object",
            "additionalProperties": {"type": "number"},
            "description": "Counts such as likes and shares, for noise.",
        },
    },
}
_ROWS = {
    "type": "array",
    "items": {"$ref": "#/components/schemas/ItemRow"},
    "examples": [
        [
            {
                "title": "Ferry Dawn stands still",
                "text": "The ferry Dawn stood still for nine days. A pump had failed.",
                "outlet": "The Quay Post",
                "platform": "news",
                "published_at": "2026-03-01T08:00:00Z",
            }
        ]
    ],
}
ANY_ITEMS: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": _ROWS},
            "application/jsonl": {"schema": _TEXT},
            "application/xml": {"schema": _TEXT},
        },
    }
}
"""OpenAPI description of a body of source items."""


def app_of(request: Request) -> App:
    """The application's service."""
    return cast(App, request.app.state.service)


async def service(request: Request) -> App:
    """The application's service, as a dependency that needs no thread."""
    return app_of(request)


Service = Annotated[App, Depends(service)]


async def body(request: Request) -> bytes:
    """The raw body of the request."""
    return await request.body()


Body = Annotated[bytes, Depends(body)]

MOST_ROWS = 10_000
"""Most rows of one request: those of 16 MiB with 1,600 bytes each."""


Partial = Annotated[
    bool,
    Query(
        description="Take the rows that can be read of a body whose JSON is cut off or broken; the "
        "place is reported as a rejected row. Else nothing of such a body is stored."
    ),
]


def outcomes(service: App, body: bytes, *, partial: bool = False) -> Iterator[Outcome]:
    """Ingestion of the rows of a body, of which those after ``MOST_ROWS`` are refused.

    Raises:
        BrokenInputError: the JSON is cut off or broken, unless a part of it is wanted.
    """
    return service.pipeline.ingest(io.BytesIO(body), MOST_ROWS, whole=not partial)
