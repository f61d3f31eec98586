"""What endpoints get from the application: the service that it was made on."""

from __future__ import annotations

from typing import Annotated, Any, cast

from fastapi import Depends, Request

from summarizer import bootstrap

ANY_ITEMS: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            media: {"schema": {"type": "string"}}
            for media in ("application/json", "application/jsonl", "application/xml")
        },
    }
}
"""For the OpenAPI document: a body that `ingest` reads."""


def service(request: Request) -> bootstrap.Service:
    """The service that the application was made on."""
    return cast(bootstrap.Service, request.app.state.service)


Service = Annotated[bootstrap.Service, Depends(service)]


async def body(request: Request) -> bytes:
    """The body of the request as it came."""
    return await request.body()


Body = Annotated[bytes, Depends(body)]
