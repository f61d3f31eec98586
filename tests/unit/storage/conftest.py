"""Stores for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from summarizer.storage.store import Store
from tests.support.backends import POSTGRESQL
from tests.support.clock import ManualClock


@pytest.fixture(params=["memory", "file", POSTGRESQL])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of an empty database."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path / 'x.db'}"


@pytest.fixture
def store(url: str, clock: ManualClock) -> Iterator[Store]:
    """An empty store, whose events happen at noon until the test moves the clock."""
    store = Store.open(url, clock)
    yield store
    store.close()
