"""Tables of sentences, which read better as text than as Python."""

from __future__ import annotations


def rows(table: str) -> list[tuple[str, ...]]:
    """Cells of each row, which stand between bars; a line that opens with a bar continues its row.

    Empty lines and lines that open with ``#`` are for the reader.
    """
    lines = [line.strip() for line in table.splitlines()]
    text = "\n".join(line for line in lines if line and not line.startswith("#"))
    joined = text.replace("\n|", " |").splitlines()
    return [tuple(cell.strip() for cell in row.split(" | ")) for row in joined]
