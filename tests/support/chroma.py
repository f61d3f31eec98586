"""A real Chroma server on loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def chroma_server(folder: Path) -> Iterator[str]:
    """Its address; it is stopped at the end.

    Raises:
        RuntimeError: it ended before it could be reached.
    """
    with socket.socket() as held:
        # On Linux a port that is bound and not listened on is given to nobody who asks for a free
        # one, and the server may bind it all the same: it too allows addresses to be reused.
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        if sys.platform != "linux":
            held.close()
        folder.mkdir(exist_ok=True)
        program = str(Path(sys.executable).parent / "chroma")
        where = ["--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
        quiet = dict(os.environ) | {"ANONYMIZED_TELEMETRY": "False"}
        with subprocess.Popen(
            [program, "run", *where], env=quiet, stdout=subprocess.DEVNULL, cwd=folder
        ) as process:
            try:
                while not _listens(port):
                    if process.poll() is not None:
                        raise RuntimeError(f"chroma run ended with {process.returncode}")
                    time.sleep(0.1)
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
