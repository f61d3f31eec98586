"""Data that many tests begin with, made once a process and copied for each."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest

from summarizer import settings
from summarizer.app import open_app

ITEMS = Path(__file__).parents[2] / "examples" / "items" / "aldermoor-extraction-claims.jsonl"


def _made(folder: Path, *, drafted: bool) -> Path:
    with open_app(settings.load(data_dir=folder, drafter="extractive")) as service:
        list(service.pipeline.ingest(io.BytesIO(ITEMS.read_bytes())))
        service.pipeline.settle()
        if drafted:
            service.pipeline.draft("INC-000001")
    return folder


@pytest.fixture(scope="session")
def grouped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _made(tmp_path_factory.mktemp("grouped"), drafted=False)


@pytest.fixture(scope="session")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _made(tmp_path_factory.mktemp("drafted"), drafted=True)


@pytest.fixture
def grouped_data(grouped: Path, tmp_path: Path) -> Path:
    """A data folder of one incident of three items, of which nothing is drafted."""
    return Path(shutil.copytree(grouped, tmp_path / "data"))


@pytest.fixture
def drafted_data(drafted: Path, tmp_path: Path) -> Path:
    """The same with a draft."""
    return Path(shutil.copytree(drafted, tmp_path / "data"))
