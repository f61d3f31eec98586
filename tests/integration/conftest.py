"""Applications, and data that many tests begin with, made once a process and copied for each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page

from summarizer.app import App
from tests.support.app import a_client, an_app, take_in
from tests.support.backends import POSTGRESQL
from tests.support.bench import with_stories
from tests.support.browser import browser, served, tab
from tests.support.clock import ManualClock
from tests.support.receiver import Receiver, receiving
from tests.support.samples import ITEMS

__all__ = ["browser"]


def _made(folder: Path, *, drafted: bool) -> Path:
    with an_app(folder) as service:
        take_in(service, ITEMS)
        if drafted:
            service.pipeline.draft("INC-000001")
    return folder


@pytest.fixture(scope="session")
def grouped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _made(tmp_path_factory.mktemp("grouped"), drafted=False)


@pytest.fixture(scope="session")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _made(tmp_path_factory.mktemp("drafted"), drafted=True)


@pytest.fixture(scope="session")
def due(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_stories(tmp_path_factory.mktemp("due"))


@pytest.fixture
def due_data(due: Path, tmp_path: Path) -> Path:
    """A data folder of three incidents that are due for a draft."""
    return Path(shutil.copytree(due, tmp_path / "data"))


@pytest.fixture
def grouped_data(grouped: Path, tmp_path: Path) -> Path:
    """A data folder of one incident of three items, of which nothing is drafted."""
    return Path(shutil.copytree(grouped, tmp_path / "data"))


@pytest.fixture
def drafted_data(drafted: Path, tmp_path: Path) -> Path:
    """The same with a draft."""
    return Path(shutil.copytree(drafted, tmp_path / "data"))


@pytest.fixture(params=["sqlite", POSTGRESQL])
def database(request: pytest.FixtureRequest) -> dict[str, str]:
    """The setting that names an empty database: none for SQLite's file in the data folder."""
    if request.param == "sqlite":
        return {}
    return {"database_url": request.getfixturevalue("postgres_url")}


@pytest.fixture
def service(tmp_path: Path, clock: ManualClock, database: dict[str, str]) -> Iterator[App]:
    """An application without items, at noon; modules with other needs have their own."""
    with an_app(tmp_path, clock, **database) as service:
        yield service


@pytest.fixture
def client(service: App) -> TestClient:
    """A client of the module's application."""
    return a_client(service)


@pytest.fixture
def address(service: App) -> Iterator[str]:
    """Where the desk of the module's application is served on this machine."""
    with served(service) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A tab on that desk."""
    with tab(browser, address) as page:
        yield page


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver of webhooks on loopback, which takes everything."""
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, where commands keep their data."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
