"""A sheet of claims to label, as CSV for a spreadsheet: written empty, read filled.

Rows are shuffled and bear no verdict, so that nobody is led.  Cells are safe: text from outside is
never a formula.
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from evals.framework.runner import write_atomically
from evals.labels.rows import CitedClaim
from evals.labels.words import read_label
from evals.row_files import field, read_rows
from summarizer.domain.model import Model
from summarizer.errors import InputError

COLUMNS = ("id", "section", "kind", "claim", "passages", "label", "note", "incident")
"""Columns of a sheet; ``label`` and ``note`` are the annotator's."""

LONGEST_CELL = 32_767
"""Most characters of a cell in Excel, which cuts what is longer."""

_FORMULA = re.compile(r"\A(?:['\s]*[=+\-@＝＋－＠]|'*[\t\r\n\x00])")
"""Beginnings of a cell that a spreadsheet may run, as OWASP lists them under CSV injection, and
those that ``safe`` has marked."""

_PASSAGE = re.compile(r"^\[(\w+\.\d+)\] ", re.MULTILINE)


class Filled(Model):
    """One row of a filled sheet.

    Args:
        claim: what was labelled.
        label: 1 supported, 0 unsupported, ``None`` where the annotator gave none.
        note: the annotator's.
    """

    claim: CitedClaim
    label: int | None
    note: str = ""


def safe(text: str) -> str:
    """A text as a cell that no spreadsheet takes for a formula; ``unsafe`` undoes it."""
    return "'" + text if _FORMULA.match(text) else text


def unsafe(cell: str) -> str:
    """The text of a cell from ``safe``; spreadsheets that hid the mark have dropped it."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def fits(claim: CitedClaim) -> bool:
    """Whether a spreadsheet keeps the cells of a claim whole, and its passages can be told apart
    when they are read back."""
    longest = max(len(safe(claim.claim)), len(safe(_cell(claim))))
    back = claim.model_copy(update={"passages": _passages(_cell(claim))})
    return longest <= LONGEST_CELL and back.id == claim.id


def write(
    path: Path,
    claims: Sequence[CitedClaim],
    seed: int,
    more: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> None:
    """Write an empty sheet.

    Args:
        path: of the CSV file, which is replaced.
        claims: its rows.
        seed: of the order.
        more: further columns by id of the claim.
    """
    shuffled = list(claims)
    random.Random(seed).shuffle(shuffled)
    columns = dict.fromkeys(name for cells in more.values() for name in cells)
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, [*COLUMNS, *columns], restval="")
    writer.writeheader()
    for claim in shuffled:
        cells = {"id": claim.id, "claim": claim.claim, "passages": _cell(claim)}
        cells |= claim.model_dump(include={"incident", "section", "kind"})
        cells |= more.get(claim.id, {})
        writer.writerow({name: safe(cell) for name, cell in cells.items()})
    # Excel takes a file for UTF-8 by its byte order mark only.
    write_atomically(path, "\ufeff" + file.getvalue())


def read(path: Path) -> list[Filled]:
    """The rows of a filled sheet.

    Raises:
        InputError: the file cannot be read or lacks a column, a label is not known, two rows have
            one id, or a claim or its passages have changed since they were written.
    """
    found: dict[str, Filled] = {}
    for place, row in read_rows(path):
        cells = {name: _text(field(row, name, place)) for name in ("claim", "passages", "label")}
        id_ = _text(field(row, "id", place)).strip()
        claim = CitedClaim(
            claim=cells["claim"],
            passages=_passages(cells["passages"]),
            **{name: _text(row.get(name, "")) for name in ("incident", "section", "kind")},
        )
        if claim.id != id_:
            raise InputError(
                f"{place}: claim and passages are not those that were written for {id_!r}. Only "
                "'label' and 'note' are the annotator's; restore the others."
            )
        if id_ in found:
            raise InputError(f"{place}: a row before has the id {id_!r} too. Keep one of them.")
        label = read_label(cells["label"], place) if cells["label"].strip() else None
        found[id_] = Filled(claim=claim, label=label, note=_text(row.get("note", "")).strip())
    return list(found.values())


def _cell(claim: CitedClaim) -> str:
    return "\n\n".join(f"[{id_}] {text}" for id_, text in claim.passages)


def _passages(cell: str) -> tuple[tuple[str, str], ...]:
    _, *parts = _PASSAGE.split(cell)
    return tuple((id_, text.strip()) for id_, text in zip(parts[::2], parts[1::2], strict=True))


def _text(cell: Any) -> str:
    return unsafe(cell) if isinstance(cell, str) else str(cell)
