"""What holds for every test: no network but loopback, no environment but ours, no chance.

The guard is an audit hook, so that it sees what any library does in any thread.  What it stops
also fails the test in which it happened, even when the library swallows the error.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

STRIPPED = ("ANTHROPIC_", "SUMMARIZER_", "LANGCHAIN_", "LANGSMITH_", "OTEL_")
PROXIES = ("http_proxy", "https_proxy", "all_proxy")
LOOKUPS = {
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
    "socket.getnameinfo",
}
SENDS = {"socket.connect", "socket.sendto", "socket.sendmsg"}

settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.load_profile("suite")

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
