"""Test a typed client, generated from the OpenAPI document, against a live service.

    python scripts/generated_client.py

Creates an environment in a temporary directory (needs `uv` and the package registry), generates a
client with openapi-python-client, checks `generated_client_day.py` with `mypy --strict`, and runs
it against `summarizer serve` on loopback. The generator is not a dependency of the project, because
it requires an older typer.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DAY = Path(__file__).with_name("generated_client_day.py")
LEFT_OUT = "removal of"
"""Text in the generator's output when it omits a schema that it cannot type."""

PACKAGES = ("openapi-python-client>=0.29,<0.30", "mypy>=1.18,<3", "ruff>=0.14,<1")


def main() -> None:
    """Generate, check and run; exit with the status of the first failure."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        bin_ = directory / "env" / "bin"
        uv = [sys.executable, "-m", "uv"] if _has_uv() else ["uv"]
        _run(directory, [*uv, "venv", "--quiet", str(directory / "env")])
        _run(directory, [*uv, "pip", "install", "-q", "--python", str(bin_ / "python"), *PACKAGES])
        with served(directory) as url:
            document = directory / "openapi.json"
            document.write_bytes(urllib.request.urlopen(f"{url}/openapi.json").read())
            generator = str(bin_ / "openapi-python-client")
            made = ["--path", str(document), "--output-path", "client", "--meta", "none"]
            told = _run(directory, [generator, "generate", *made], path=bin_)
            if LEFT_OUT in told:
                raise SystemExit(f"The generator left schemas out.\n{told}")
            (directory / DAY.name).write_text(DAY.read_text())
            _run(directory, [str(bin_ / "mypy"), "--strict", "--follow-imports=silent", DAY.name])
            _run(directory, [str(bin_ / "python"), DAY.name, url])
        operations = json.loads(document.read_text())["paths"]
        count = sum(map(len, operations.values()))
        print(f"{count} operations generated; the day's types hold, and it ran.")


@contextmanager
def served(directory: Path) -> Iterator[str]:
    """A service without a model on loopback, with its own data."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = dict(os.environ) | {
        "PYTHONPATH": str(ROOT),
        "SUMMARIZER_DATA_DIR": str(directory / "data"),
        "SUMMARIZER_DRAFTER": "extractive",
    }
    command = [sys.executable, "-m", "summarizer", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("Open to"):
                break
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def _has_uv() -> bool:
    probe = subprocess.run([sys.executable, "-m", "uv", "--version"], capture_output=True)
    return probe.returncode == 0


def _run(directory: Path, command: list[str], path: Path | None = None) -> str:
    """Run a command, print its output, and return it."""
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    if path is not None:
        env["PATH"] = f"{path}:{env['PATH']}"
    done = subprocess.run(
        command, cwd=directory, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    print(done.stdout, end="", flush=True)
    done.check_returncode()
    return done.stdout


if __name__ == "__main__":
    main()
