"""Command that verifies claims."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer import factories
from summarizer.cli.files import STDIN, opened
from summarizer.errors import InputError

if TYPE_CHECKING:
    from summarizer.ports.models import Entailment


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("verify")(verify)


def verify(
    file: Annotated[
        Path, typer.Argument(metavar="[FILE]", help="JSON Lines file; default: standard input.")
    ] = STDIN,
) -> None:
    """Verify claims against sources: JSON Lines in, one verdict per line out, in the same order.

    A row is `{"id", "sources": ["text", …] or [{"id", "text"}], "claim"}`. The answer has the same
    `id`, and `verdict`, `score` (0–1, higher is better supported), `failed_checks` and `evidence`.
    A malformed row gets the verdict `unchecked` and an `error`, and the command exits with 1.
    """
    entailment = factories.entailment()
    unread = 0
    with opened(file) as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            answer = _answer(line, number, entailment)
            unread += "error" in answer
            sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
            sys.stdout.flush()
    if unread:
        raise typer.Exit(1)


def _answer(line: bytes, number: int, entailment: Entailment) -> dict[str, Any]:
    from summarizer.verification.rows import verify_row

    row: Any = None
    try:
        row = json.loads(line)
        return verify_row(row, entailment)
    except (ValueError, RecursionError, InputError) as error:
        why = str(error) if isinstance(error, InputError) else f"this is not JSON: {error}"
        return {
            "id": row.get("id") if isinstance(row, dict) else None,
            "verdict": "unchecked",
            "score": 0.0,
            "failed_checks": [],
            "evidence": [],
            "error": f"line {number}: {why}",
        }
