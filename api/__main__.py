"""Print the OpenAPI document: ``python -m api``."""

from __future__ import annotations

import json
import sys
from typing import Any

from api import create_app
from summarizer import settings
from summarizer.app import open_app


def openapi() -> dict[str, Any]:
    """The OpenAPI document of the service, built on an empty store."""
    with open_app(settings.load(drafter="extractive"), in_memory=True) as service:
        return create_app(service).openapi()


if __name__ == "__main__":
    json.dump(openapi(), sys.stdout, indent=1)
