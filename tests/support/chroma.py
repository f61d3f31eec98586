"""A real Chroma server on loopback, and a proxy before it."""

from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx


class ChromaServer:
    """``chroma run`` on a folder, at one address for all its lives."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(exist_ok=True)
        # On Linux a port that is bound and not listened on is given to nobody who asks for a free
        # one, and the server may bind it all the same: it too allows addresses to be reused.
        self._held = socket.socket()
        self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._held.bind(("127.0.0.1", 0))
        self._port = self._held.getsockname()[1]
        if sys.platform != "linux":
            self._held.close()
        self.url = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it, and wait until it listens.

        Raises:
            RuntimeError: it ended before it could be reached.
        """
        program = str(Path(sys.executable).parent / "chroma")
        where = ["--path", str(self._folder), "--host", "127.0.0.1", "--port", str(self._port)]
        quiet = dict(os.environ) | {"ANONYMIZED_TELEMETRY": "False"}
        self._process = subprocess.Popen(
            [program, "run", *where], env=quiet, stdout=subprocess.DEVNULL, cwd=self._folder
        )
        while not _listens(self._port):
            if self._process.poll() is not None:
                raise RuntimeError(f"chroma run ended with {self._process.returncode}")
            time.sleep(0.1)

    def kill(self) -> None:
        """Kill it with SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End it and give the port back."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
        self._held.close()


@contextmanager
def chroma_server(folder: Path) -> Iterator[str]:
    """The address of a server that is stopped at the end.

    Raises:
        RuntimeError: it ended before it could be reached.
    """
    server = ChromaServer(folder)
    try:
        server.start()
        yield server.url
    finally:
        server.close()


Answer = tuple[int, bytes]
Rule = Callable[["Asked"], Answer | None]


class Asked:
    """A request that came to the proxy."""

    def __init__(self, path: str, headers: dict[str, str], body: bytes) -> None:
        self.path = path
        self.headers = headers
        self.body: Any = json.loads(body) if body else {}


@contextmanager
def chroma_proxy(
    upstream: str, rule: Rule = lambda _: None, certificate: Path | None = None
) -> Iterator[tuple[str, list[Asked]]]:
    """The address of a proxy before a server, and the requests that came to it.

    Args:
        upstream: address of the server.
        rule: an answer in place of the server's, if it gives one.
        certificate: file with key and certificate, for https.
    """
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked.append(Asked(self.path, headers, body))
            answer = rule(asked[-1])
            if answer is None:
                kind = {"content-type": "application/json"}
                got = httpx.request(
                    self.command, upstream + self.path, content=body, headers=kind, timeout=60
                )
                answer = got.status_code, got.content
            status, content = answer
            if not status:  # hang up
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = do_PUT = _pass

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    scheme = "https" if certificate else "http"
    try:
        yield f"{scheme}://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
