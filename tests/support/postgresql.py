"""A real PostgreSQL on a socket in a directory of its own, with a database for each test."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from summarizer.adapters.clock import SystemClock
from summarizer.storage.store import Store

FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "Pacific/Auckland",  # nothing may depend on it
}
"""Settings of a server whose data may be lost, and which nobody reaches by a network."""


class PostgresServer:
    """A running server; its databases are copies of one with an empty store."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder = programs, folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, on its data if it has run before, and wait until it answers."""
        options = [part for name, value in FAST.items() for part in ("-c", f"{name}={value}")]
        where = ["-D", str(self._folder / "data"), "-k", str(self._folder)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self._programs / "postgres"), *where, *options],
                stdout=log,
                stderr=log,
                **_as_postgres(),
            )
        while True:
            try:
                self.run("SELECT 1")
            except psycopg.OperationalError:
                if self._process.poll() is not None:
                    raise RuntimeError((self._folder / "log").read_text()) from None
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """End it at once, with all its connections."""
        if self._process is not None:
            self._process.send_signal(2)
            self._process.wait(30)

    def url(self, name: str = "postgres") -> str:
        """URL of a database."""
        return f"postgresql://postgres@/{name}?host={self._folder}"

    def run(self, statement: str) -> None:
        """Run one statement outside the databases of tests."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """URL of a new database, which is removed afterwards."""
        name = f"test_{uuid4().hex}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY ENCODING 'UTF8'")
        yield self.url(name)
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def make_empty_store(self) -> None:
        """Make the database ``empty``, with the tables of a store."""
        self.run("CREATE DATABASE empty TEMPLATE template0 ENCODING 'UTF8'")
        Store.open(self.url("empty"), SystemClock()).close()


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A server, stopped and removed at the end.

    The test is skipped where PostgreSQL is not installed, but not in CI.
    """
    programs = _programs()
    if programs is None:
        missing = "PostgreSQL is not installed: apt-get install postgresql"
        if "CI" in os.environ:
            pytest.fail(missing)
        pytest.skip(missing)
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # pytest's own are for its user alone
    if user := _as_postgres().get("user"):
        shutil.chown(folder, user)
    made = [str(programs / "initdb"), "-D", str(folder / "data"), "-U", "postgres"]
    # A collation in which capitals don't come first shows what relies on the one of SQLite.
    subprocess.run(
        [*made, "-A", "trust", "-N", "-E", "UTF8", "--locale-provider=icu", "--icu-locale=en"],
        check=True,
        stdout=subprocess.DEVNULL,
        **_as_postgres(),
    )
    server = PostgresServer(programs, folder)
    try:
        server.start()
        server.make_empty_store()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


def _programs() -> Path | None:
    """The directory of the newest installed server's programs; Debian keeps them off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def _version(program: Path) -> int:
    return int(program.parent.parent.name)


def _as_postgres() -> dict[str, str]:
    """Who runs the server: it refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    name = pwd.getpwnam("postgres").pw_name
    return {"user": name, "group": name, "cwd": "/"}
