"""Rows of JSON Lines, CSV and Parquet files, gzipped or not, each with its place.

A place is the file and a number: of the line in JSON Lines, of the row as a spreadsheet numbers it
in CSV (the header is 1), of the row from 1 in Parquet.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, TextIO, cast

from evals.datasets import json_lines, why_unread
from summarizer.domain import limits
from summarizer.errors import InputError

Row = Mapping[str, Any]

LONGEST_CELL = 10 * limits.SOURCE_TEXT
"""Most characters of a CSV cell: the sources of one claim as JSON, with every character escaped,
fit in."""

SPREADSHEETS = (".xlsx", ".xls", ".ods", ".numbers")
"""Suffixes of files that hold rows and are not read."""

SEPARATORS = ",;\t"
"""Separators of CSV files; spreadsheets write the second where the comma is a decimal sign."""


def read_rows(path: Path) -> Iterator[tuple[str, Row]]:
    """Place and fields of every row; the suffix tells the format, JSON Lines without one.

    Raises:
        InputError: the file cannot be read, is malformed, or holds a row that is no object; or it
            is Parquet and pyarrow is not installed.
    """
    kind = Path(path.name.lower().removesuffix(".gz")).suffix
    if kind in SPREADSHEETS:
        raise InputError(f"{path}: spreadsheets are not taken. Save the sheet as “CSV UTF-8”.")
    if kind == ".csv":
        numbered: Iterator[tuple[int, Any]] = _csv_rows(path)
    elif kind == ".parquet":
        numbered = _parquet_rows(path)
    else:
        numbered = json_lines(path)
    for number, value in numbered:
        place = f"{path}:{number}"
        if not isinstance(value, dict):
            raise InputError(f"{place}: a row must be an object with fields, not {value!r:.40}.")
        yield place, value


def field(row: Row, name: str, place: str, *, meant: str | None = None) -> Any:
    """The value of a field.

    Args:
        row: fields by name.
        name: of the field.
        place: of the row.
        meant: what the field is taken for, where ``--map`` can name another.

    Raises:
        InputError: the row lacks the field; the message names the fields that are there.
    """
    if name in row:
        return row[name]
    there = ", ".join(str(one) for one in row) or "none"
    advice = f" Name the one that is meant: --map {meant}=FIELD." if meant else ""
    raise InputError(f"{place}: there is no field {name!r}. There are: {there}.{advice}")


def opened(path: Path) -> BinaryIO:
    """The bytes of a file, unzipped if it is gzipped by its name."""
    return cast("BinaryIO", gzip.open(path)) if path.suffix.lower() == ".gz" else path.open("rb")


def _csv_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    csv.field_size_limit(LONGEST_CELL)
    number = 0
    try:
        # A byte order mark is what spreadsheets put before UTF-8.
        with opened(path) as stream, io.TextIOWrapper(stream, "utf-8-sig", newline="") as text:
            header: Sequence[str] | None = None
            for number, cells in enumerate(_csv_reader(text), start=1):
                if not any(cells):
                    continue
                if header is None:
                    header = _header(cells, f"{path}:{number}")
                else:
                    yield number, _fields(header, cells, f"{path}:{number}")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path} cannot be read: it is not UTF-8. Save it as “CSV UTF-8”."
        ) from error
    except (OSError, EOFError) as error:
        raise InputError(f"{path} cannot be read: {why_unread(error)}.") from error
    except csv.Error as error:
        raise InputError(f"{path}:{number + 1}: this is not CSV: {error}.") from error


def _csv_reader(text: TextIO) -> Iterator[list[str]]:
    first = text.readline()
    separator = max(SEPARATORS, key=first.count)
    lines = (line for source in ([first], text) for line in source)
    return csv.reader(lines, delimiter=separator, strict=True)


def _header(cells: Sequence[str], place: str) -> Sequence[str]:
    names = [name.strip() for name in cells]
    twice = next((name for n, name in enumerate(names) if name and name in names[:n]), None)
    if twice is not None:
        raise InputError(f"{place}: two columns are named {twice!r}: rename one.")
    return names


def _fields(names: Sequence[str], cells: Sequence[str], place: str) -> dict[str, str]:
    """Cells by column; spreadsheets leave out empty ones at the end of a row."""
    if len(cells) > len(names):
        raise InputError(
            f"{place}: the row has {len(cells)} cells and the header {len(names)}. A cell with a "
            "comma or a line feed needs quotation marks."
        )
    missing = [""] * (len(names) - len(cells))
    return {name: cell for name, cell in zip(names, [*cells, *missing], strict=True) if name}


def _parquet_rows(path: Path) -> Iterator[tuple[int, Any]]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise InputError(
            f"{path} is Parquet, which needs pyarrow: pip install 'incident-summarizer[evals]'. "
            "Or save it as JSON Lines or CSV."
        ) from error
    try:
        with opened(path) as stream:
            batches = pyarrow.parquet.ParquetFile(io.BytesIO(stream.read())).iter_batches()
            rows = (row for batch in batches for row in batch.to_pylist())
            yield from enumerate(rows, start=1)
    except (OSError, EOFError, ValueError, pyarrow.ArrowException) as error:
        raise InputError(f"{path} cannot be read: {why_unread(error)}.") from error
