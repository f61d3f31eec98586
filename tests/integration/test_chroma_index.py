"""The Chroma index on a real folder: kept, locked, damaged, rebuilt."""

from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from summarizer.adapters.chroma.index import ChromaIndex
from summarizer.adapters.chroma.server import ServerAccess
from summarizer.adapters.onnx.minilm import MiniLmEmbedder
from summarizer.domain.items import ItemKey, Passage
from summarizer.errors import (
    IndexUnreachableError,
    SettingsError,
    StorageBusyError,
    StorageError,
)
from summarizer.ports.models import Vectors

PASSAGES = [
    Passage(item_key=ItemKey("a1"), n=n, start=0, end=len(text), text=text)
    for n, text in enumerate(["The ferry sank.", "Nobody was hurt."], 1)
]
ONE, OTHER = "1" * 32, "2" * 32
"""Ids of two installations."""
HOLD = """
import sys
from pathlib import Path
from filelock import FileLock
with FileLock(Path(sys.argv[1]) / "index.lock"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def embedder() -> MiniLmEmbedder:
    return MiniLmEmbedder()


class RenamedEmbedder(MiniLmEmbedder):
    """Stands for another model."""

    @property
    def name(self) -> str:
        return "another-model"


class ForbiddenEmbedder(MiniLmEmbedder):
    """Fails when it is asked for a vector."""

    def embed(self, texts: object) -> Vectors:
        raise AssertionError("nothing should be embedded")


def fill(folder: Path, embedder: MiniLmEmbedder) -> None:
    with ChromaIndex.persistent(folder, embedder) as index:
        index.add(PASSAGES)


def test_passages_are_still_there_when_the_folder_is_opened_again(
    tmp_path: Path, embedder: MiniLmEmbedder
) -> None:
    fill(tmp_path, embedder)
    with ChromaIndex.persistent(tmp_path, embedder) as index:
        assert set(index.ids()) == {"a1.1", "a1.2"}
        assert index.nearest(embedder.embed(["The ferry sank."])[0], 1)[0][0] == "a1.1"


def test_passages_that_are_there_are_not_embedded_again(
    tmp_path: Path, embedder: MiniLmEmbedder
) -> None:
    fill(tmp_path, embedder)
    with ChromaIndex.persistent(tmp_path, ForbiddenEmbedder()) as index:
        index.add(PASSAGES)
        assert set(index.ids()) == {"a1.1", "a1.2"}


def test_vectors_of_two_models_never_meet(tmp_path: Path, embedder: MiniLmEmbedder) -> None:
    fill(tmp_path, embedder)
    with ChromaIndex.persistent(tmp_path, RenamedEmbedder()) as index:
        assert set(index.ids()) == set()


def test_two_indexes_in_memory_share_nothing(embedder: MiniLmEmbedder) -> None:
    with ChromaIndex.ephemeral(embedder) as one, ChromaIndex.ephemeral(embedder) as other:
        one.add(PASSAGES)
        assert set(other.ids()) == set()


def test_threads_open_and_close_indexes_in_memory_at_once(embedder: MiniLmEmbedder) -> None:
    def kept(n: int) -> int:
        with ChromaIndex.ephemeral(embedder) as index:
            index.add(PASSAGES)
            return len(list(index.ids()))

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(kept, range(24))) == {len(PASSAGES)}


def test_a_folder_is_open_only_once_in_a_process(tmp_path: Path, embedder: MiniLmEmbedder) -> None:
    with (
        ChromaIndex.persistent(tmp_path, embedder),
        pytest.raises(StorageBusyError, match=r"Another process holds .* next command"),
    ):
        ChromaIndex.persistent(tmp_path, embedder)


def test_a_folder_that_another_process_holds_is_busy_until_that_ends(
    tmp_path: Path, embedder: MiniLmEmbedder
) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StorageBusyError):
            ChromaIndex.persistent(tmp_path, embedder)
        holder.kill()
        holder.wait()
        fill(tmp_path, embedder)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, embedder: MiniLmEmbedder) -> Path:
    """A folder with enough passages for Chroma to move vectors from its log into files."""
    folder = tmp_path_factory.mktemp("large")
    with ChromaIndex.persistent(folder, embedder) as index:
        index.add([PASSAGES[0].model_copy(update={"n": n, "text": str(n)}) for n in range(1_001)])
    return folder


@pytest.mark.parametrize("damaged", ["*/chroma.sqlite3", "*/*/header.bin"])
def test_a_damaged_folder_says_how_to_rebuild_it_and_can_be(
    tmp_path: Path, large: Path, embedder: MiniLmEmbedder, damaged: str
) -> None:
    folder = shutil.copytree(large, tmp_path / "index")
    (found,) = folder.glob(damaged)
    found.write_bytes(b"not what it was" * 20)
    with pytest.raises(StorageError, match="summarizer reindex"):
        ChromaIndex.persistent(folder, embedder)
    with ChromaIndex.persistent(folder, embedder, fresh=True) as index:
        index.add(PASSAGES)
    with ChromaIndex.persistent(folder, embedder) as index:
        assert set(index.ids()) == {"a1.1", "a1.2"}


@pytest.mark.parametrize("fresh", [False, True])
def test_the_folder_of_another_installation_is_neither_read_nor_cleared(
    tmp_path: Path, embedder: MiniLmEmbedder, fresh: bool
) -> None:
    with ChromaIndex.persistent(tmp_path, embedder, owner=ONE) as index:
        index.add(PASSAGES)
    with pytest.raises(StorageError, match=r"belongs to another database.*move .* away"):
        ChromaIndex.persistent(tmp_path, embedder, fresh, owner=OTHER)
    with ChromaIndex.persistent(tmp_path, ForbiddenEmbedder(), owner=ONE) as index:
        assert set(index.ids()) == {"a1.1", "a1.2"}


def test_a_folder_of_version_0_2_0_is_taken_over_with_its_vectors(
    tmp_path: Path, embedder: MiniLmEmbedder
) -> None:
    fill(tmp_path, embedder)
    with ChromaIndex.persistent(tmp_path, ForbiddenEmbedder(), owner=ONE) as index:
        assert set(index.ids()) == {"a1.1", "a1.2"}
    with pytest.raises(StorageError, match="belongs to another database"):
        ChromaIndex.persistent(tmp_path, embedder, owner=OTHER)


def test_a_folder_that_cannot_be_made_is_a_storage_error(
    tmp_path: Path, embedder: MiniLmEmbedder
) -> None:
    (tmp_path / "index").write_text("a file, not a folder")
    with pytest.raises(StorageError, match="cannot be used"):
        ChromaIndex.persistent(tmp_path / "index", embedder)


def test_a_server_that_does_not_answer_is_a_storage_error(embedder: MiniLmEmbedder) -> None:
    with pytest.raises(
        IndexUnreachableError, match=r"at 127\.0\.0\.1:9 cannot.*CHROMA_URL"
    ) as raised:
        ChromaIndex.server(ServerAccess(url="http://reader:secret@127.0.0.1:9"), embedder, ONE)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("url", ["", "localhost:8000", "ftp://host", "http://"])
def test_an_address_that_is_none_is_a_settings_error(url: str, embedder: MiniLmEmbedder) -> None:
    with pytest.raises(SettingsError, match="http://host:8000"):
        ChromaIndex.server(ServerAccess(url=url), embedder, ONE)
