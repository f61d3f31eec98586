"""What endpoints get from the application: the service that it was made on."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Request

from summarizer import bootstrap


def service(request: Request) -> bootstrap.Service:
    """The service that the application was made on."""
    return cast(bootstrap.Service, request.app.state.service)


Service = Annotated[bootstrap.Service, Depends(service)]
