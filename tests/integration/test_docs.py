"""The documentation says what the product does; what can be read off the code is compared."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.routing import Match

from api import problems
from summarizer import errors
from summarizer.errors import SummarizerError
from tests.support.app import an_app

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
README = ROOT / "README.md"
CREATED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z|\d\d:\d\d UTC")

CLI_DOCS = ("-m", "typer", "summarizer.cli.app", "utils", "docs", "--name", "summarizer")
"""``python -m typer summarizer.cli.app utils docs --name summarizer --output docs/cli.md``."""


DOCUMENTED = re.compile(r"`(GET|HEAD|POST|PUT|PATCH|DELETE) (/[^\s`?]*)")
"""Method and path as ``docs/http.md`` writes them."""


def unnamed(path: str) -> str:
    """A path whose parameters have no names."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def answers(app: FastAPI, method: str, path: str) -> bool:
    """Whether a path that the OpenAPI document leaves out, a page, is served nevertheless."""
    request = {"type": "http", "method": method, "path": path.replace("{}", "x"), "headers": []}
    return any(route.matches(request)[0] is Match.FULL for route in app.routes)


def kinds(root: type[SummarizerError] = SummarizerError) -> Iterator[type[SummarizerError]]:
    yield root
    for kind in root.__subclasses__():
        yield from kinds(kind)


def test_the_command_line_is_documented_as_it_is():
    made = subprocess.run(
        [sys.executable, *CLI_DOCS], capture_output=True, text=True, cwd=ROOT, check=True
    )

    assert (DOCS / "cli.md").read_text(encoding="utf-8").strip() == made.stdout.strip(), (
        f"docs/cli.md is stale: run python {' '.join(CLI_DOCS)} --output docs/cli.md"
    )


@pytest.mark.parametrize("kind", sorted(kinds(), key=lambda kind: kind.__name__))
def test_every_error_is_drawn_in_the_tree_and_its_exit_code_is_documented(kind):
    assert kind.__name__ in str(errors.__doc__)
    assert f"| {kind.exit_code} |" in (DOCS / "operations.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", sorted(kinds(), key=lambda kind: kind.__name__))
def test_every_error_has_a_documented_status(kind):
    status = problems.status_of(kind("x"))
    assert f"| {status.value} |" in (DOCS / "http.md").read_text(encoding="utf-8")


def test_the_documented_methods_and_paths_are_those_of_the_service(tmp_path):
    from api import create_app

    with an_app(tmp_path) as service:
        made = create_app(service)
    served = {
        (method.upper(), unnamed(path))
        for path, methods in made.openapi()["paths"].items()
        for method in methods
    }
    text = (DOCS / "http.md").read_text(encoding="utf-8")
    documented = {(method, unnamed(path)) for method, path in DOCUMENTED.findall(text)}

    assert served - documented == set()
    unserved = [one for one in documented - served if not answers(made, *one)]
    assert unserved == []


SHOWN = [part for part in README.read_text("utf-8").split("```") if "KEY POINTS" in part]
"""Pages in the README; one of recorded answers says so."""


@pytest.mark.slow
@pytest.mark.parametrize("page", SHOWN, ids=range(len(SHOWN)))
def test_the_readme_shows_what_the_demo_prints(page, tmp_path):
    flags = ["--replay"] if "Replayed:" in page else []
    made = subprocess.run(
        [sys.executable, "-m", "summarizer", "demo", "--folder", str(tmp_path), *flags],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
        env={"COLUMNS": "80", "PYTHONUTF8": "1"},
    )
    printed = {line.rstrip() for line in made.stdout.splitlines()}

    assert [line for line in page.splitlines() if line not in printed] == []


@pytest.mark.slow
def test_the_demo_prints_and_writes_the_same_pages_every_time(tmp_path):
    """Deterministic to the byte, but for when the drafts were made."""
    pages = []
    for run in ("one", "two"):
        subprocess.run(
            [sys.executable, "-m", "summarizer", "demo", "--folder", str(tmp_path / run)],
            capture_output=True,
            cwd=ROOT,
            check=True,
        )
        written = sorted((tmp_path / run / "pages").iterdir())
        pages.append({file.name: CREATED.sub("", file.read_text("utf-8")) for file in written})

    assert len(pages[0]) > 12
    assert pages[0] == pages[1]
