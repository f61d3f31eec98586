"""Commands in a test, in this process or in one of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from typer.testing import CliRunner, Result

from summarizer.cli import output
from summarizer.cli.app import app
from summarizer.errors import SummarizerError


def run(*words: object, given: str | bytes | None = None, **env: str) -> Result:
    """A command with its errors; consoles are made anew for the streams that are captured."""
    output.results.cache_clear()
    output.errors.cache_clear()
    return CliRunner().invoke(app, [str(word) for word in words], input=given, env=env)


def done(*words: object, given: str | bytes | None = None, **env: str) -> str:
    """What a command that succeeds prints as its result."""
    found = run(*words, given=given, **env)
    assert found.exit_code == 0, found.output
    return found.stdout


def refused(*words: object, given: str | bytes | None = None) -> SummarizerError:
    """The error of a command that fails."""
    error = run(*words, given=given).exception
    assert isinstance(error, SummarizerError)
    return error


def started(
    *words: object, env: Mapping[str, str] | None = None, **popen: Any
) -> subprocess.Popen[bytes]:
    """A command in a process of its own."""
    command = [sys.executable, "-m", "summarizer", *map(str, words)]
    return subprocess.Popen(command, env=dict(os.environ) | dict(env or {}), **popen)
