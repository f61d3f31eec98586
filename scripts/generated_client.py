"""Test typed clients, generated from the OpenAPI document, against a live service.

    python scripts/generated_client.py

Works in a temporary directory (needs `uv`, `npm` and the package registries). One client is made
by openapi-python-client: `generated_client_day.py` is checked with `mypy --strict`. The types of
the other are made by openapi-typescript: `generated_client_day.ts` is checked with `tsc --strict`.
Both days run against `summarizer serve` on loopback, with a key. No generator is a dependency of
the project: one requires an older typer.
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

NPM_PACKAGES = (
    "openapi-typescript@7",
    "openapi-fetch@0.17",
    "typescript@5",
    "tsx@4",
    "@types/node@20",
)

PACKAGES = ("openapi-python-client>=0.29,<0.30", "mypy>=1.18,<3", "ruff>=0.14,<1")


def main() -> None:
    """Generate, check and run; exit with the status of the first failure."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        bin_ = directory / "env" / "bin"
        uv = [sys.executable, "-m", "uv"] if _has_uv() else ["uv"]
        _run(directory, [*uv, "venv", "--quiet", str(directory / "env")])
        _run(directory, [*uv, "pip", "install", "-q", "--python", str(bin_ / "python"), *PACKAGES])
        with served(directory) as (url, key):
            document = directory / "openapi.json"
            document.write_bytes(urllib.request.urlopen(f"{url}/openapi.json").read())
            generator = str(bin_ / "openapi-python-client")
            made = ["--path", str(document), "--output-path", "client", "--meta", "none"]
            told = _run(directory, [generator, "generate", *made], path=bin_)
            if LEFT_OUT in told:
                raise SystemExit(f"The generator left schemas out.\n{told}")
            (directory / DAY.name).write_text(DAY.read_text())
            _run(directory, [str(bin_ / "mypy"), "--strict", "--follow-imports=silent", DAY.name])
            _run(directory, [str(bin_ / "python"), DAY.name, url, key])
            _typescript(directory, document, url, key)
        operations = json.loads(document.read_text())["paths"]
        count = sum(map(len, operations.values()))
        print(f"{count} operations generated twice; the types of both days hold, and they ran.")


def _typescript(directory: Path, document: Path, url: str, key: str) -> None:
    """The same with TypeScript."""
    _run(directory, ["npm", "install", "--silent", "--no-save", *NPM_PACKAGES])
    bin_ = directory / "node_modules" / ".bin"
    day = DAY.with_suffix(".ts")
    (directory / "day.mts").write_text(day.read_text())
    _run(directory, [str(bin_ / "openapi-typescript"), str(document), "-o", "client.d.ts"])
    strict = ["--strict", "--noEmit", "--skipLibCheck", "--module", "esnext", "--target", "es2022"]
    strict += ["--moduleResolution", "bundler"]
    _run(directory, [str(bin_ / "tsc"), *strict, "day.mts"])
    _run(directory, [str(bin_ / "tsx"), "day.mts", url, key])


@contextmanager
def served(directory: Path) -> Iterator[tuple[str, str]]:
    """URL and key of a service without a model on loopback, with its own data."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = dict(os.environ) | {
        "PYTHONPATH": str(ROOT),
        "SUMMARIZER_DATA_DIR": str(directory / "data"),
        "SUMMARIZER_DRAFTER": "extractive",
    }
    summarizer = [sys.executable, "-m", "summarizer"]
    make_key = [*summarizer, "keys", "create", "day", "--scope", "review"]
    made = subprocess.run(make_key, env=env, text=True, capture_output=True, check=True)
    command = [*summarizer, "serve", "--port", str(port)]
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("Open to"):
                break
        try:
            yield f"http://127.0.0.1:{port}", made.stdout.strip()
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
