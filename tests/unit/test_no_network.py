"""The guard that keeps tests from the network is itself worth nothing untested."""

import contextlib
import os
import socket
import threading

import pytest

from tests import conftest


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_a_connection_to_another_machine_is_an_error(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as sock, pytest.raises(conftest.NetworkUsedError):
        sock.connect((address, 80))
    conftest.stopped.clear()


def test_a_name_look_up_is_an_error() -> None:
    with pytest.raises(conftest.NetworkUsedError):
        socket.getaddrinfo("api.anthropic.com", 443)
    conftest.stopped.clear()


def test_what_is_stopped_in_another_thread_and_swallowed_there_is_still_known() -> None:
    def reach_out() -> None:
        with contextlib.suppress(RuntimeError):
            socket.gethostbyname("example.org")

    thread = threading.Thread(target=reach_out)
    thread.start()
    thread.join()
    assert conftest.stopped == ["socket.gethostbyname 'example.org'"]
    conftest.stopped.clear()


def test_loopback_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
    assert conftest.stopped == []


def test_no_key_and_no_proxy_reaches_a_test() -> None:
    names = [name for name in os.environ if "ANTHROPIC" in name or "proxy" in name.lower()]
    assert names in ([], ["no_proxy"], ["NO_PROXY"], ["NO_PROXY", "no_proxy"])
