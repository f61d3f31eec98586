"""Data that cannot be used, or not written: the command says why, and changes nothing."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from evals.mock_server import MessagesServer
from summarizer.errors import StorageError
from tests.support.cli import refused
from tests.support.samples import ITEMS

DATABASE = "summarizer.db"


def emptied(data: Path) -> None:
    (data / DATABASE).write_bytes(b"")


def lost(data: Path) -> None:
    (data / DATABASE).unlink()


def overwritten(data: Path) -> None:
    (data / DATABASE).write_bytes(b"not what it was" * 1_000)


def cut_off(data: Path) -> None:
    with (data / DATABASE).open("r+b") as file:
        file.truncate(40_000)


def a_directory(data: Path) -> None:
    (data / DATABASE).unlink()
    (data / DATABASE).mkdir()


def of_another_program(data: Path) -> None:
    shutil.rmtree(data / "index")
    (data / DATABASE).unlink()
    with closing(sqlite3.connect(data / DATABASE)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE accounts (name)")


def of_a_newer_version(data: Path) -> None:
    with closing(sqlite3.connect(data / DATABASE)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_newer'")
        connection.commit()


def no_directory(data: Path) -> None:
    shutil.rmtree(data)
    data.write_text("a file")


def contents(folder: Path) -> dict[str, bytes]:
    """Files by name; SQLite's own notes and locks, which a look makes, are not counted."""
    found = [folder] if folder.is_file() else sorted(folder.rglob("*"))
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in found
        if file.is_file() and not file.name.endswith(("-wal", "-shm", ".lock"))
    }


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (emptied, r"summarizer.db is empty, but \S+index holds .* Restore .* from a backup"),
        (lost, r"summarizer.db is missing, but \S+index holds .* move \S+index away"),
        (overwritten, r"not a database.*restore it from a backup"),
        (cut_off, r"malformed.*restore it from a backup"),
        (a_directory, r"is a directory\. Name a file"),
        (of_another_program, r"has tables of another program\. Name another one"),
        (of_a_newer_version, r"schema 9999_newer.*Upgrade the program"),
        (no_directory, r"cannot be made: File exists\. Name another one"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_data_that_cannot_be_used_is_told_and_left_as_it_is(
    grouped_data: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Path], None], says: str
) -> None:
    monkeypatch.setenv("SUMMARIZER_DATA_DIR", str(grouped_data))
    spoil(grouped_data)
    before = contents(grouped_data)
    for command in (["incidents"], ["ingest", ITEMS], ["reindex"]):
        error = refused(*command)
        assert isinstance(error, StorageError)
        assert error.exit_code == 4
        assert re.search(says, str(error)), str(error)
    assert contents(grouped_data) == before


READ_ONLY = """
mount --bind "$SUMMARIZER_DATA_DIR" "$SUMMARIZER_DATA_DIR" || exit 99
mount -o remount,ro,bind "$SUMMARIZER_DATA_DIR" || exit 99
exec "$@"
"""
"""A shell in a mount name space of its own; permissions alone do not stop root."""


def on_read_only(data: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A command whose data folder is mounted without writing."""
    command = ["unshare", "--mount", "bash", "-c", READ_ONLY, "bash"]
    ours = dict(os.environ) | {"SUMMARIZER_DATA_DIR": str(data)} | env
    words = (sys.executable, "-m", "summarizer", *words)
    done = subprocess.run([*command, *words], capture_output=True, text=True, env=ours)
    if done.returncode == 99 or "unshare failed" in done.stderr:
        pytest.skip("mounting takes a root that may")
    return done


@pytest.mark.slow
def test_read_only_data_is_read_and_not_written(drafted_data: Path, tmp_path: Path) -> None:
    assert "INC-000001" in on_read_only(drafted_data, "incidents").stdout
    for form in ("terminal", "markdown", "html", "json"):
        assert on_read_only(drafted_data, "show", "INC-000001", "-f", form).returncode == 0
    for command in (["review", "history", "INC-000001"], ["entries"], ["noise", "INC-000001"]):
        assert on_read_only(drafted_data, *command).returncode == 0
    assert on_read_only(drafted_data, "search", "ferry", "--mode", "text").returncode == 0
    written = on_read_only(
        drafted_data, "show", "INC-000001", "-f", "html", "-o", str(tmp_path / "p")
    )
    assert (written.returncode, (tmp_path / "p").exists()) == (0, True)


@pytest.mark.slow
def test_a_draft_on_read_only_data_asks_no_model(drafted_data: Path) -> None:
    with MessagesServer([]) as server:
        model = {"ANTHROPIC_BASE_URL": server.url}
        done = on_read_only(drafted_data, "draft", "INC-000001", "--force", **model)
        assert (done.returncode, server.requests) == (4, [])
    assert "read-only here: commands that only read work" in done.stderr
    done = on_read_only(drafted_data, "review", "lock", "INC-000001", "title", "--by", "Kim")
    assert done.returncode == 4 and "read-only" in done.stderr
