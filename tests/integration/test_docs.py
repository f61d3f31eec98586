"""The documentation says what the product does; what can be read off the code is compared."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api import problems
from summarizer import errors
from summarizer.errors import SummarizerError

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

CLI_DOCS = ("-m", "typer", "summarizer.cli.app", "utils", "docs", "--name", "summarizer")
"""``python -m typer summarizer.cli.app utils docs --name summarizer --output docs/cli.md``."""


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


def test_every_path_of_the_service_is_documented():
    from api import create_app
    from summarizer import bootstrap, settings

    with bootstrap.unstored(settings.load(drafter="extractive")) as pipeline:
        paths = create_app(pipeline).openapi()["paths"]
    documented = (DOCS / "http.md").read_text(encoding="utf-8")

    assert paths
    for path, methods in paths.items():
        shown = path.replace("{incident_id}", "{id}")
        assert any(f"`{m.upper()} {shown}" in documented for m in methods), path
