"""A process loads what its command needs and nothing else; seconds are in benchmarks/startup.py."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from summarizer.app import open_app

WEB = {"bs4", "feedparser", "httpx2", "lxml", "protego", "trafilatura"}
MODELS = {"anthropic", "chromadb", "langchain_core", "numpy", "onnxruntime", "tokenizers"}
SERVICE = {"api", "evals", "fastapi", "jinja2", "opentelemetry", "uvicorn"}
DATABASE = {"alembic", "sqlalchemy"}

RUN = """
import json, sys
from summarizer.cli import main
sys.argv = ["summarizer", *sys.argv[1:]]
try:
    main()
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def loaded(code: str, *arguments: str, data: Path | None = None) -> set[str]:
    """Names of the modules that a process has loaded at its end; the last line of its errors."""
    environment = dict(os.environ) | ({"SUMMARIZER_DATA_DIR": str(data)} if data else {})
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, env=environment
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize("command", [[], ["draft"], ["review"], ["eval"], ["serve"]])
def test_help_loads_neither_database_nor_models_nor_web(command):
    unwanted = DATABASE | MODELS | WEB | SERVICE | {"pydantic_settings", "rich.progress"}

    assert loaded(RUN, *command, "--help") & unwanted == set()


def test_listing_incidents_loads_no_migrations_no_models_and_no_web(grouped_data):
    unwanted = {"alembic"} | MODELS | WEB | SERVICE

    assert loaded(RUN, "incidents", data=grouped_data) & unwanted == set()


def test_importing_the_package_loads_only_the_package():
    code = "import json, sys, summarizer; print(json.dumps(sorted(sys.modules)), file=sys.stderr)"

    found = loaded(code)

    assert found & (DATABASE | MODELS | WEB | SERVICE | {"pydantic"}) == set()
    assert {name for name in found if name.startswith("summarizer")} == {"summarizer"}


def test_a_part_is_built_once_for_all_threads():
    from concurrent.futures import ThreadPoolExecutor

    with open_app(in_memory=True) as app, ThreadPoolExecutor(8) as pool:
        built = list(pool.map(lambda _: app.pipeline, range(8)))

    assert len(set(map(id, built))) == 1
