"""The application in a test, and who asks it over HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from api import create_app
from evals.mock_server import MessagesServer, Recorded, Reply
from summarizer import settings
from summarizer.app import App, open_app
from summarizer.domain.api_keys import Scope
from summarizer.ingestion.ingest import IngestReport, report
from summarizer.ports.clock import Clock
from tests.support.samples import ROOT

HERE = "http://127.0.0.1"
ITEM = {"title": "Ferry delayed", "text": "The ferry at Tolmouth was late on Monday."}
Script = Callable[[Recorded], Reply] | Sequence[Reply]


@contextmanager
def an_app(
    folder: Path | None = None,
    clock: Clock | None = None,
    *,
    owns_index: bool = True,
    fresh_index: bool = False,
    **chosen: Any,
) -> Iterator[App]:
    """An application on a data folder, or without one in memory.

    It drafts by extraction unless a setting says otherwise.
    """
    kept = {"data_dir": folder} if folder else {}
    loaded = settings.load(**({"drafter": "extractive"} | kept | chosen))
    opened = {"owns_index": owns_index, "fresh_index": fresh_index, "in_memory": folder is None}
    with open_app(loaded, clock=clock, **opened) as app:
        yield app


@contextmanager
def a_modelled_app(
    script: Script, folder: Path | None = None, clock: Clock | None = None, **chosen: Any
) -> Iterator[tuple[App, MessagesServer]]:
    """An application that drafts with a model on loopback, and the server that plays the model.

    It has no judge unless a test chooses one.
    """
    with MessagesServer(script) as server:
        asked = {
            "drafter": "anthropic",
            "anthropic_base_url": server.url,
            "max_attempts": 1,
            "judge": "off",
        }
        with an_app(folder, clock, **(asked | chosen)) as app:
            yield app, server


def as_rows(*rows: Mapping[str, Any] | bytes | Path) -> bytes:
    """JSON Lines of rows, and of files of them."""
    return b"\n".join(
        json.dumps(row).encode() if isinstance(row, Mapping)
        else row if isinstance(row, bytes)
        else row.read_bytes()
        for row in rows
    )  # fmt: skip


def take_in(app: App, *rows: Mapping[str, Any] | bytes | Path) -> IngestReport:
    """Ingest rows and put them into incidents."""
    found = report(app.pipeline.ingest(BytesIO(as_rows(*rows))))
    app.pipeline.settle()
    return found


def a_client(app: App) -> TestClient:
    """A client of the service; errors of the server are answers."""
    return TestClient(create_app(app), HERE, raise_server_exceptions=False)


def bearer(app: App, scope: Scope = Scope.READ, name: str = "Kim") -> dict[str, str]:
    """Headers with a new key."""
    return {"Authorization": f"Bearer {app.keys.create(name, scope)[1]}"}


def autodrafting_rules(folder: Path, **changed: float) -> Path:
    """The shipped rules of auto-drafting with some values changed, in a file of that folder."""
    text = (ROOT / "summarizer" / "jobs" / "autodrafting.toml").read_text("utf-8")
    for name, value in changed.items():
        text, count = re.subn(rf"^{name} = \S+", f"{name} = {value}", text, flags=re.M)
        assert count == 1, name
    (folder / "rules.toml").write_text(text, "utf-8")
    return folder / "rules.toml"
