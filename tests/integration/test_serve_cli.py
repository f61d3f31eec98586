"""``serve`` says where it can be reached once it can be, and why it cannot be."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest

from summarizer.cli.demo import desk_command
from tests.support.cli import refused, started
from tests.support.services import a_free_port


def test_a_port_in_use_is_told_before_anything_is_opened(elsewhere: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        error = refused("serve", "--port", port)
    assert error.exit_code == 2
    assert re.search(rf"127\.0\.0\.1, port {port}: another program uses .* --port", str(error))
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize("host", ["203.0.113.7", "2001:db8::7"])
def test_an_address_that_is_not_of_this_machine_is_told(elsewhere: Path, host: str) -> None:
    error = refused("serve", "--host", host, "--port", "18473")
    assert error.exit_code == 2
    assert f"{host}, port 18473: this machine has no such address" in str(error)


@pytest.mark.slow
@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")])
def test_the_printed_address_is_that_of_the_desk_and_answers(
    elsewhere: Path, host: str, shown: str
) -> None:
    port = a_free_port(host)
    with started("serve", "--host", host, "--port", port, stderr=subprocess.PIPE) as process:
        try:
            line = process.stderr.readline().decode()
            assert line.startswith(f"The editors' desk: http://{shown}:{port}/")
            with urllib.request.urlopen(re.search(r"http\S+", line)[0]) as answer:
                assert b"<html" in answer.read()
            assert process.stderr.readline().startswith(b"Open to every program on this machine")
            process.send_signal(signal.SIGINT)
            process.stderr.read()
            assert process.wait() == 0
        finally:
            process.kill()


@pytest.mark.slow
def test_the_command_that_the_demo_prints_opens_its_data_on_the_desk(
    drafted_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    command = f"exec env {desk_command(Path('data'))} --port {a_free_port()}"
    with subprocess.Popen(["bash", "-c", command], stderr=subprocess.PIPE) as process:
        try:
            line = process.stderr.readline().decode()
            with urllib.request.urlopen(re.search(r"http\S+", line)[0]) as answer:
                assert b"INC-000001" in answer.read()
        finally:
            process.kill()
