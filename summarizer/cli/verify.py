"""Command that verifies claims."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer import factories
from summarizer.cli.files import STDIN, opened
from summarizer.cli.output import data
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
    No model is asked. `supported` are claims that stand in their sources, whole or with parts left
    out that govern nothing. A claim in its own words is `unchecked` when no check finds anything
    wrong: it needs a model or a person, and the score only ranks it.

    A claim has at most 3,000 characters, its sources are at most 100 and have 1,000,000 in all.
    A malformed row, or one over a limit, gets the verdict `unchecked` and an `error`. A row on
    which a check broke off is `unchecked` too, and `failed_checks` names it. All rows are
    answered; then the command exits with 1 if there was such a row.
    """
    from summarizer.settings import load

    faulty = False
    with opened(file) as stream:
        entailment = factories.entailment(load().entailment)
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            answer = _answer(line, number, entailment)
            faulty |= "error" in answer or _broke_off(answer)
            data(answer)
    if faulty:
        raise typer.Exit(1)


def _broke_off(answer: dict[str, Any]) -> bool:
    return any(failure["label"] == "unchecked" for failure in answer["failed_checks"])


def _answer(line: bytes, number: int, entailment: Entailment) -> dict[str, Any]:
    from summarizer.text import strict_json
    from summarizer.verification.rows import verify_row

    row: Any = None
    try:
        row = strict_json.loads(line)
        return verify_row(row, entailment)
    except (ValueError, InputError) as error:
        why = str(error) if isinstance(error, InputError) else strict_json.why(error)
        return {
            "id": row.get("id") if isinstance(row, dict) else None,
            "verdict": "unchecked",
            "score": 0.0,
            "failed_checks": [],
            "evidence": [],
            "error": f"line {number}: {why}",
        }
