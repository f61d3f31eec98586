"""What holds for every test: no network but loopback, no environment but ours, no chance, no
slow test among the fast ones.

The guard is an audit hook, so that it sees what any library does in any thread.  What it stops
also fails the test in which it happened, even when the library swallows the error.
"""

from __future__ import annotations

import gc
import ipaddress
import os
import resource
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import Connection, Engine, event

from summarizer.adapters.clock import SystemClock
from summarizer.storage.store import Store
from tests.support.clock import ManualClock
from tests.support.compiled import CompiledStatements
from tests.support.postgresql import PostgresServer, postgres_server

STRIPPED = ("ANTHROPIC_", "SUMMARIZER_", "LANGCHAIN_", "LANGSMITH_", "OTEL_")
PROXIES = ("http_proxy", "https_proxy", "all_proxy")
TERMINALS = (
    *("LINES", "NO_COLOR", "FORCE_COLOR", "PY_COLORS", "CLICOLOR", "CLICOLOR_FORCE"),
    *("TERMINAL_WIDTH", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "GITHUB_ACTIONS"),
)
"""What Rich and Typer take to be said of a terminal; Typer reads some of it when imported."""

LOOKUPS = {
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
    "socket.getnameinfo",
}
SENDS = {"socket.connect", "socket.sendto", "socket.sendmsg"}

# Where bytecode isn't kept, each process of a test compiles all of its dependencies anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

for _name in TERMINALS:
    os.environ.pop(_name, None)
os.environ["COLUMNS"] = "80"

settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.load_profile("suite")

CPU_S = 2.0
"""CPU seconds beyond which a test that is not marked slow is named at the end of the run.

It fails nothing: the same test takes three times as long on a busy machine.
"""

STARTS = 50
"""Modules whose import in a test shows that it paid for a start: Chroma, a model, a browser."""

SLOW = "cpu_s"

stopped: list[str] = []
"""What the guard stopped during the current test."""


class NetworkUsedError(RuntimeError):
    """A test reached for the network: a real model, a download, telemetry, a name server."""


def _guard(event: str, args: tuple[Any, ...]) -> None:
    if event in SENDS:
        host = _host(args[1])
    elif event in LOOKUPS:
        host = _host(args[0])
    else:
        return
    if not _is_here(host):
        stopped.append(f"{event} {host!r}")
        raise NetworkUsedError(f"{event} {host!r}: tests reach nothing but loopback")


def _host(address: object) -> object:
    return address[0] if isinstance(address, tuple) and address else address


def _is_here(host: object) -> bool:
    """Loopback, a socket file, or no address at all (a connected socket, any interface)."""
    name = host.decode(errors="replace") if isinstance(host, bytes) else host
    if not isinstance(name, str) or name in ("", "localhost") or name.startswith(("/", "\0")):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


sys.addaudithook(_guard)


GARBAGE = (50_000, 20, 50)
"""How many new objects the collector waits for in its three steps.

A suite makes far more of them than a service, and what it has imported is never garbage: a third
of its time went into looking for some.
"""


def pytest_collection_finish() -> None:
    """Leave what is there when the tests begin out of all later collections."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


def _cpu_s() -> float:
    """CPU seconds of this process, with all its threads, and of its children that ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Note the CPU time of a slow test that is not marked as one, in its report.

    CPU time counts, not time: waiting, and other work on the machine, slow no test down.  The
    first test of a process to need Chroma or a model pays for loading it, which is forgiven.
    """
    before, modules = _cpu_s(), len(sys.modules)
    yield
    took, loaded = _cpu_s() - before, len(sys.modules) - modules
    if took > CPU_S and loaded < STARTS and item.get_closest_marker("slow") is None:
        item.user_properties.append((SLOW, f"{took:.1f}"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests that should be sped up, or marked with `@pytest.mark.slow`."""
    passed = terminalreporter.stats.get("passed", [])
    slow = [(dict(report.user_properties).get(SLOW), report.nodeid) for report in passed]
    for took, name in slow:
        if took is not None:
            terminalreporter.write_line(f"{took} s of CPU and not marked slow: {name}")


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    stopped.clear()
    yield
    assert not stopped, f"the test reached for the network: {stopped}"


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the developer's key nor their proxy reaches a test."""
    for name in os.environ:
        if name.startswith(STRIPPED) or name.lower() in PROXIES:
            monkeypatch.delenv(name)


class _Template:
    """An empty store, copied into every new database of a test.

    The migrations take many times as long.  A lock, because threads may open one file at once.
    """

    def __init__(self) -> None:
        self.file: Path | None = None
        self.lock = threading.Lock()

    def make(self, file: Path) -> None:
        Store.open(f"sqlite:///{file}", SystemClock()).close()
        self.file = file

    def fill(self, connection: sqlite3.Connection, _record: object) -> None:
        if self.file is None or not isinstance(connection, sqlite3.Connection):
            return
        with self.lock, closing(connection.cursor()) as cursor:
            if cursor.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
                with closing(sqlite3.connect(self.file)) as template:
                    template.backup(connection)


@pytest.fixture(autouse=True, scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> _Template:
    template = _Template()
    template.make(tmp_path_factory.mktemp("template") / "empty.db")
    event.listen(Engine, "connect", template.fill)
    return template


@pytest.fixture(autouse=True, scope="session")
def _compiled() -> None:
    """All engines share what was compiled: each test has a new one, which begins with nothing."""
    statements = CompiledStatements()

    def share(connection: Connection) -> None:
        if "compiled_cache" not in connection.engine.get_execution_options():
            connection.engine.update_execution_options(compiled_cache=statements)

    event.listen(Engine, "engine_connect", share)


@pytest.fixture
def by_revisions(_template: _Template) -> Iterator[None]:
    """Make new databases of this test by the migrations, as for users, and not by a copy."""
    file, _template.file = _template.file, None
    yield
    _template.file = file


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this process of the suite."""
    with postgres_server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """URL of a database on it with an empty store."""
    with postgres.database("empty") as url:
        yield url


@pytest.fixture
def clock() -> ManualClock:
    """A clock that shows noon until the test moves it."""
    return ManualClock()


@pytest.fixture
def store(clock: ManualClock) -> Iterator[Store]:
    """An empty store in memory."""
    store = Store.open("sqlite://", clock)
    yield store
    store.close()


@pytest.fixture(scope="session")
def chroma_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real Chroma server on loopback, one for all tests of the process."""
    from tests.support.chroma import chroma_server

    with chroma_server(tmp_path_factory.mktemp("chroma")) as url:
        yield url
