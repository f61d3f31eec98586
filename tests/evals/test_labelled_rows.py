"""Labelled rows from files of others: formats, names of fields, labels in words."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

from evals.labels.words import SUPPORTED, UNSUPPORTED, read_label
from evals.suites.verifier.rows import parse_map, read_labelled
from summarizer.domain import limits
from summarizer.errors import InputError

SOURCE = "Meridian “Halden” recalled 300 robots\nin Ōsaka, «two» caught fire; nobody was hurt."
CLAIM = "Meridian recalled 300 robots, and “nobody” was hurt. 🤖"
ROW = {"response": CLAIM, "contexts": [SOURCE, "Another."], "faithful": "yes"}
NAMES = {"claim": "response", "sources": "contexts", "label": "faithful"}

Rows = Sequence[Mapping[str, Any]]


def as_jsonl(rows: Rows) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def as_csv(rows: Rows, *, separator: str = ",", mark: str = "") -> bytes:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]), delimiter=separator)
    writer.writeheader()
    for row in rows:
        cells = {k: v if isinstance(v, str) else json.dumps(v) for k, v in row.items()}
        writer.writerow(cells)
    return (mark + file.getvalue()).encode()


def as_parquet(rows: Rows) -> bytes:
    file = io.BytesIO()
    pyarrow.parquet.write_table(pa.Table.from_pylist(list(rows)), file)
    return file.getvalue()


def a_file(path: Path, data: bytes | str) -> Path:
    data = data.encode() if isinstance(data, str) else data
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def labelled(
    path: Path, names: Mapping[str, str] = NAMES
) -> list[tuple[str, int, tuple[str, ...]]]:
    return [(row.claim, row.label, row.texts) for row in read_labelled(path, names)]


# --- Formats -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("rows.jsonl", as_jsonl),
        ("rows", as_jsonl),
        ("rows.jsonl.gz", as_jsonl),
        ("rows.csv", as_csv),
        ("ROWS.CSV", as_csv),
        ("rows.csv.gz", as_csv),
        ("excel.csv", lambda rows: as_csv(rows, separator=";", mark="\ufeff")),
        ("tabs.csv", lambda rows: as_csv(rows, separator="\t")),
        ("rows.parquet", as_parquet),
        ("rows.parquet.gz", as_parquet),
    ],
)
def test_the_same_rows_are_read_from_every_format(
    tmp_path: Path, name: str, write: Callable[[Rows], bytes]
) -> None:
    rows = [ROW, ROW | {"contexts": ["It was recalled."], "faithful": "Hallucinated"}]
    assert labelled(a_file(tmp_path / name, write(rows))) == [
        (CLAIM, 1, (SOURCE, "Another.")),
        (CLAIM, 0, ("It was recalled.",)),
    ]


@pytest.mark.parametrize(
    ("sources", "texts"),
    [
        (["a", "b"], ("a", "b")),
        ([{"id": "x", "text": "a"}], ("a",)),
        ('["a", "b"]', ("a", "b")),
        (' [{"text": "a"}]', ("a",)),
        ("a text", ("a text",)),
        ("[Updated] A text [end]", ("[Updated] A text [end]",)),
        ('{"rating": 4}', ('{"rating": 4}',)),
    ],
)
@pytest.mark.parametrize("write", [as_jsonl, as_csv, as_parquet])
def test_sources_are_a_list_a_list_as_json_or_one_text(
    tmp_path: Path, sources: object, texts: tuple[str, ...], write: Callable[[Rows], bytes]
) -> None:
    suffix = write.__name__.removeprefix("as_")
    rows = [{"claim": "c", "sources": sources, "label": 1}]
    assert labelled(a_file(tmp_path / f"rows.{suffix}", write(rows)), {}) == [("c", 1, texts)]


def test_a_field_is_called_as_in_verify_where_nothing_else_is_said(tmp_path: Path) -> None:
    rows = [
        {"claim": "c", "source_text": "s", "label": True},
        {"claim": "c", "sources": ["s"], "source_text": "t", "label": "no"},
    ]
    assert labelled(a_file(tmp_path / "r.jsonl", as_jsonl(rows)), {}) == [
        ("c", 1, ("s",)),
        ("c", 0, ("s",)),
    ]


def test_the_row_of_a_csv_file_is_counted_as_a_spreadsheet_does(tmp_path: Path) -> None:
    text = 'claim,sources,label\n\n"a\nb",s,1\nc,s,maybe\n'
    with pytest.raises(InputError, match=r"rows\.csv:4: the label 'maybe'"):
        labelled(a_file(tmp_path / "rows.csv", text), {})


def test_empty_cells_at_the_end_of_a_row_may_be_left_out(tmp_path: Path) -> None:
    path = a_file(tmp_path / "rows.csv", "claim,sources,label,note\nc,s,1\n")
    assert labelled(path, {}) == [("c", 1, ("s",))]


def test_a_cell_may_hold_as_much_as_the_sources_of_a_claim(tmp_path: Path) -> None:
    huge = "x " * (limits.SOURCE_TEXT // 2)
    rows = [{"claim": "c", "sources": [huge], "label": 1}]
    assert labelled(a_file(tmp_path / "rows.csv", as_csv(rows)), {}) == [("c", 1, (huge,))]
    rows = [{"claim": "c", "sources": huge + "x", "label": 1}]
    with pytest.raises(InputError, match=r"rows\.csv:2: Field 'sources' has 1,000,001 char"):
        labelled(a_file(tmp_path / "rows.csv", as_csv(rows)), {})


def test_parquet_without_pyarrow_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    path = a_file(tmp_path / "rows.parquet", as_parquet([ROW]))
    with pytest.raises(InputError, match=r"pip install 'incident-summarizer\[evals\]'"):
        labelled(path)


# --- What is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("r.jsonl", '{"label": 1, "source_text": "b"}', r"r\.jsonl:1: there is no field 'claim'"),
        ("r.jsonl", '{"claim": 7, "sources": ["b"], "label": 1}', r"r\.jsonl:1: Field 'claim'"),
        ("r.jsonl", '{"claim": "a", "sources": {"b": 1}, "label": 1}', "Field 'sources' must be"),
        ("r.jsonl", '\n{"claim": "a", "source_text": "b"}', r":2: there is no field 'label'"),
        ("r.jsonl", "[]", r"r\.jsonl:1: a row must be an object"),
        ("r.jsonl", "{", r"r\.jsonl:1: this is not JSON"),
        ("r.csv", "response,label\na,1\n", "There are: response, label. .*--map claim=FIELD"),
        ("r.csv", "claim,sources,label\na,b,1,2\n", r"r\.csv:2: the row has 4 cells and the hea"),
        ("r.csv", "claim,label,label\na,1,0\n", "two columns are named 'label'"),
        ("r.csv", 'claim,sources,label\na,"b,1\n', r"r\.csv:2: this is not CSV"),
        ("r.csv", "claim,sources,label\na,\"['b', 'c']\",1\n", "begins like a list and is not JS"),
        ("r.csv", "claim,sources,label\na,[],1\n", "at least one text"),
        ("r.csv", "claim,sources,label\na,b,\n", r"r\.csv:2: the label is missing"),
        ("r.jsonl", '{"claim": "a", "sources": ["b"], "label": NaN}', ":1: the label is missing"),
        ("r.xlsx", b"PK", r"r\.xlsx: spreadsheets are not taken. Save the sheet as “CSV UTF-8”"),
        ("r.csv", "claim,sources,label\né,b,1\n".encode("cp1252"), "not UTF-8. Save it as"),
        ("r.csv.gz", b"", "rows"),
        ("r.parquet", "no parquet", r"r\.parquet cannot be read"),
        ("missing.csv", None, r"missing\.csv cannot be read"),
    ],
)
def test_a_bad_file_is_refused_with_the_place(
    tmp_path: Path, name: str, data: bytes | str | None, says: str
) -> None:
    path = tmp_path / name
    if data is not None:
        a_file(path, data)
    if says == "rows":
        assert labelled(path, {}) == []
        return
    with pytest.raises(InputError, match=says):
        labelled(path, {})


@pytest.mark.parametrize(
    ("given", "label"),
    [
        *((word, 1) for word in SUPPORTED),
        *((word.upper(), 0) for word in UNSUPPORTED),
        (" Yes\n", 1), (True, 1), (False, 0), (1, 1), (0, 0),
        (1.0, 1), (0.0, 0), ("1.0", 1), ("0.0", 0),
    ],
)  # fmt: skip
def test_labels_are_words_in_any_case_booleans_or_1_and_0(given: object, label: int) -> None:
    assert read_label(given, "f:1") == label


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (0.87, "is a score"),
        ("0.5", "is a score"),
        (float("nan"), "is missing"),
        (" NaN ", "is missing"),
        (None, "is missing"),
        (2, "'2'|2 is not known. Supported are supported, yes"),
        ("perhaps", "'perhaps' is not known.*unsupported unsupported, no, false, contradiction"),
        ([1], "is not known"),
    ],
)
def test_other_labels_are_refused_and_the_known_ones_named(given: object, says: str) -> None:
    with pytest.raises(InputError, match=f"f:1: the label .*({says})"):
        read_label(given, "f:1")


# --- The map -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (None, {}),
        ("claim=response,sources=contexts,label=faithful", NAMES),
        (" label = is it = true? ", {"label": "is it = true?"}),
    ],
)
def test_a_map_names_fields(text: str | None, names: dict[str, str]) -> None:
    assert parse_map(text) == names


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "WHAT is one of claim, sources, label"),
        ("claim", "'claim' does not say"),
        ("claim=", "'claim=' does not say"),
        ("answer=response", "'answer=response' does not say"),
        ("claim=a,claim=b", "two fields for 'claim'"),
    ],
)
def test_a_map_that_cannot_be_read_is_refused(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        parse_map(text)
