"""The command-line application, and the mapping of errors to exit codes."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

import summarizer
from summarizer import __version__
from summarizer.cli import (
    backup,
    batches,
    delete,
    demo,
    eval,
    feeds,
    forecasts,
    grouping,
    incidents,
    index,
    items,
    keys,
    log,
    mcp,
    migrate,
    prune,
    publish,
    review,
    search,
    serve,
    verify,
    webhooks,
    worker,
)
from summarizer.cli.output import errors, log_to_stderr, seen
from summarizer.errors import InputError, SettingsError, SummarizerError

app = typer.Typer(
    name="summarizer",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Draft incident pages from source items, with verbatim evidence for each sentence."
    "\n\nStart with `summarizer demo`. Then `ingest` your own items, list `incidents`, `draft` "
    "one and `show` it. Settings are environment variables: see docs/operations.md.",
)
items.register(app)
feeds.register(app)
incidents.register(app)
index.register(app)
search.register(app)
batches.register(app)
review.register(app)
grouping.register(app)
delete.register(app)
forecasts.register(app)
publish.register(app)
verify.register(app)
eval.register(app)
log.register(app)
mcp.register(app)
demo.register(app)
serve.register(app)
keys.register(app)
webhooks.register(app)
worker.register(app)
migrate.register(app)
backup.register(app)
prune.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"incident-summarizer {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print and exit.")
    ] = False,
) -> None:
    """Options before a command."""


def check_packages() -> None:
    """Check that ``api`` and ``evals`` are this product's packages, since their names are common.

    Raises:
        SettingsError: another distribution's package is imported instead.
    """
    root = Path(summarizer.__file__).resolve().parent.parent
    for name in ("api", "evals"):
        spec = importlib.util.find_spec(name)
        found = Path(spec.origin).resolve() if spec and spec.origin else None
        if found != root / name / "__init__.py":
            raise SettingsError(
                f"The package {name!r} is imported from {found}, not from {root}. "
                "Install the product into an environment of its own."
            )


def check_arguments(arguments: Sequence[str]) -> None:
    """Check that arguments are text; names of existing files may have any bytes.

    Raises:
        InputError: an argument is not UTF-8, or has control characters.
    """
    for number, argument in enumerate(arguments, start=1):
        if seen(argument) != argument and not os.path.lexists(argument):
            raise InputError(
                f"Argument {number} is not plain text: {argument}. Leave out control characters, "
                "and write it in UTF-8."
            )


def main() -> None:
    """Run a command; a ``SummarizerError`` becomes a message and an exit code."""
    try:
        log_to_stderr()
        check_packages()
        check_arguments(sys.argv[1:])
        app()
    except SummarizerError as error:
        errors().print("error:", style="bold red", end=" ")
        errors().print(str(error), soft_wrap=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader (`| head`) closed the pipe; prevents a second error when Python flushes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(128 + signal.SIGPIPE)
