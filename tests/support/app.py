"""The application in a test, and who asks it over HTTP."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from api import create_app
from summarizer import settings
from summarizer.app import App, open_app
from summarizer.ports.clock import Clock

HERE = "http://127.0.0.1"


@contextmanager
def an_app(folder: Path, clock: Clock | None = None, **chosen: Any) -> Iterator[App]:
    """An application on a data folder; it drafts by extraction unless a setting says otherwise."""
    loaded = settings.load(**({"data_dir": folder, "drafter": "extractive"} | chosen))
    with open_app(loaded, clock=clock) as app:
        yield app


def take_in(app: App, rows: bytes | Path) -> None:
    """Ingest rows of JSON Lines and put them into incidents."""
    body = rows if isinstance(rows, bytes) else rows.read_bytes()
    list(app.pipeline.ingest(io.BytesIO(body)))
    app.pipeline.settle()


def a_client(app: App) -> TestClient:
    """A client of the service; errors of the server are answers."""
    return TestClient(create_app(app), HERE, raise_server_exceptions=False)
