"""The commands in the documents are commands of the product, and those of the README run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperGroup

from summarizer.cli.app import app
from tests.support.samples import ROOT

DOCS = sorted(
    {ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "examples").glob("*/README.md")}
    - {ROOT / "docs" / "cli.md"}
)
BLOCK = re.compile(r"^```(?:sh|bash)\n(.*?)^```", re.M | re.S)
ASSIGNMENT = re.compile(r"[A-Z_]+=")
ENDLESS = {"serve", "worker", "poll"}
"""Commands that run until they are stopped; tests of their own run them."""


def lines(file: Path) -> Iterator[str]:
    """Lines of the shell blocks of a document, without those of a here-document."""
    for block in BLOCK.findall(file.read_text("utf-8")):
        block = re.sub(r"<<'EOF'\n.*?\nEOF\n", "\n", block, flags=re.S)
        yield from (line for line in block.replace("\\\n", " ").splitlines() if line.strip())


def words(line: str) -> list[str]:
    """Words of a command without its comment, output and settings; empty if it is not ours."""
    found = shlex.split(line, comments=True)
    while found and ASSIGNMENT.match(found[0]):
        found.pop(0)
    return found if found and found[0] == "summarizer" else []


@cache
def _program() -> TyperGroup:
    program = typer.main.get_command(app)
    assert isinstance(program, TyperGroup)
    return program


def parse(found: list[str]) -> None:
    """Parse a command as the program does, without running it.

    Raises:
        click.UsageError: there is no such command or option, or one is missing.
    """
    command, context, (name, *rest) = _program(), None, found
    while rest or not isinstance(command, TyperGroup):
        context = command.make_context(name, rest, parent=context)
        if not isinstance(command, TyperGroup):
            return
        rest = [*context._protected_args, *context.args]
        if rest:
            name, command, rest = command.resolve_command(context, rest)
            assert command is not None and name is not None


COMMANDS = [(file.name, line) for file in DOCS for line in lines(file) if words(line)]


def test_there_are_commands_to_look_at():
    assert {"README.md", "for-pipelines.md", "for-evaluators.md"} <= {name for name, _ in COMMANDS}


@pytest.mark.parametrize(("document", "line"), COMMANDS)
def test_every_documented_command_is_one(document: str, line: str) -> None:
    parse(words(line))


@pytest.mark.slow
def test_the_commands_of_the_readme_run_as_they_are_written(tmp_path: Path) -> None:
    """In order, in a folder that holds the examples, as a shell with the environment does."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = dict(os.environ) | {"PATH": path, "PYTHONPATH": str(ROOT)}
    ours = [line for line in lines(ROOT / "README.md") if words(line)]
    ran = [line for line in ours if not ENDLESS & set(words(line))]
    assert len(ran) >= 5
    for line in ran:
        done = subprocess.run(
            ["bash", "-c", line], cwd=tmp_path, env=env, capture_output=True, text=True
        )
        assert done.returncode == 0, (line, done.stderr)
    assert (tmp_path / "page.html").read_text("utf-8").startswith("<!doctype html>")
