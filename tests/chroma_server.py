"""A real Chroma server on loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def chroma_server(folder: Path) -> Iterator[str]:
    """Its address; it is stopped at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = str(Path(sys.executable).parent / "chroma")
    where = ["--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    quiet = dict(os.environ) | {"ANONYMIZED_TELEMETRY": "False"}
    with subprocess.Popen(
        [program, "run", *where], env=quiet, stdout=subprocess.DEVNULL, cwd=folder
    ) as process:
        while not _listens(port):
            with pytest.raises(subprocess.TimeoutExpired):  # it must not have ended
                process.wait(0.1)
        yield f"http://127.0.0.1:{port}"
        process.terminate()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
