import io
import json
import os
import re

import pytest

from summarizer.errors import BrokenInputError, InputError
from summarizer.ingestion import parse
from summarizer.ingestion.parse import Broken, Format, Row, parse_rows, sniff, unbroken
from summarizer.ingestion.validate import Rejected


def one_entry(data: bytes) -> list[dict[str, object]]:
    return [{"title": "from a feed", "bytes": len(data)}]


def read(data: bytes | str) -> list[Row | Rejected]:
    raw = data.encode() if isinstance(data, str) else data
    return list(parse_rows(io.BytesIO(raw), one_entry))


def values(data: bytes | str) -> list[tuple[int, object]]:
    """Line and value of each row, line and ``None`` where one was rejected."""
    return [(row.line, row.value if isinstance(row, Row) else None) for row in read(data)]


ROW = {"text": "a"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("", []),
        ("\n \n", []),
        ('{"text": "a"}', [(1, ROW)]),
        ('{"text": "a"}\n\n{"text": "b"}\r\n', [(1, ROW), (3, {"text": "b"})]),
        ('\ufeff{"text": "a"}\n', [(1, ROW)]),
        ('[{"text": "a"},\n\n {"text": "b"}]', [(1, ROW), (3, {"text": "b"})]),
        ("[]", []),
        ("[\n]\n", []),
        ('{\n "text": "a"\n}', [(1, ROW)]),
        ('{"items": [{"text": "a"}]}', [(1, ROW)]),
        ('{\n"next": null,\n"items": [\n{"text": "a"}\n], "total": 1\n}', [(4, ROW)]),
        ('{"text": "a", "items": [1]}', [(1, {"text": "a", "items": [1]})]),
        ('{"text": "a", "n": NaN}\n{"text": "a"}', [(1, None), (2, ROW)]),
        ('{"text": "a"\n{"text": "a"}', [(1, None), (2, ROW)]),
        ('garbage\n{"text": "a"}', [(1, None), (2, ROW)]),
        ("[" * 9 + '{"text": "a"}', [(1, None)]),
        ('[{"text": "a"},\n{"text": }, {"text": "b"}]', [(1, ROW), (2, None)]),
        ('[{"text": "a"}\n{"text": "b"}]', [(1, ROW), (2, None)]),
        ('[{"text": "a"}] more', [(1, ROW), (1, None)]),
        ('[{"text": "a"},\n]', [(1, ROW), (2, None)]),
        ('{\n"items": [{"text": "a"}],\n}', [(2, ROW), (3, None)]),
        (b'{"text": "a"}\n{"text": "\xff"}\n{"text": "a"}', [(1, ROW), (2, None), (3, ROW)]),
        (b'[{"text": "a"},\n{"text": "\xff"},\n{"text": "a"}]', [(1, ROW), (2, None), (3, ROW)]),
        (b'{\n"text": "\xff"\n}', [(1, None)]),
        ("{" + '"a":{' * 100_000 + "\n" + '{"text": "a"}', [(1, None), (2, ROW)]),
        ('{"text": "x"} {"text": "y"}\n{"text": "a"}', [(1, None), (2, ROW)]),
    ],
)
def test_rows_and_mistakes_are_found_at_their_lines(data, expected):
    assert values(data) == expected


def test_a_mistake_says_what_and_where():
    (row,) = read('{"text": "a",}')
    assert isinstance(row, Rejected)
    assert "column 14" in row.reason
    (row,) = read(b'{"text": "\xff"}')
    assert isinstance(row, Rejected)
    assert "not UTF-8 at byte 11" in row.reason


def test_a_document_that_breaks_says_that_the_rest_was_not_read():
    rejected = read('[{"text": "a"}, {"text": "b"')[-1]
    assert isinstance(rejected, Rejected)
    assert "were not read" in rejected.reason


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ('{"text": "a"}\n{"text": "b"\n{"text": "c"}', "Row 2 (line 2, byte 27)"),
        ('\ufeff{"text": "ä"}\r\n\r\n  {"text": b}', "Row 2 (line 3, byte 33)"),
        ('[{"text": "a"},\n{"text": "b', "Row 2 (line 2, byte 26)"),
        ('[{"text": "a"}, {"text": "b"}', "Row 3 (line 1, byte 30)"),
        ('\ufeff[{"text": "ä"}\n{"text": "b"}]', "Row 2 (line 2, byte 20)"),
        ('{"items": [\n{"text": "a"},\n{"te', "Row 2 (line 3, byte 29)"),
        ('[{"text": "a"}] more', "Row 2 (line 1, byte 17)"),
        ('[{"text": "a"},\n]', "Row 2 (line 2, byte 17)"),
        ("[" + "[" * 100_000, "Row 1 (line 1, byte 2)"),
    ],
    ids=lambda case: case[-24:],
)
def test_json_that_is_cut_off_or_broken_is_refused_by_row_line_and_byte(data, where):
    raw = data.encode()
    with pytest.raises(BrokenInputError, match=re.escape(f"{where} cannot be read: ")):
        list(unbroken(parse_rows(io.BytesIO(raw), one_entry)))
    assert isinstance(read(raw)[-1], Broken) or data.startswith("{")


@pytest.mark.parametrize(
    "data",
    [
        b'{"text": "a", "n": NaN}\n[]\n{"text": "\xff"}\n{"id": "\\ud83d"}\n{"text": "a"}',
        b'[{"text": "a", "text": "b"}, 7, {"text": "\xff"}]',
    ],
)
def test_a_row_that_cannot_be_used_breaks_no_file(data):
    assert list(unbroken(parse_rows(io.BytesIO(data), one_entry))) == read(data)


def test_a_line_that_is_too_long_is_skipped(monkeypatch):
    monkeypatch.setattr(parse, "LONGEST_LINE", 100)
    long = json.dumps({"text": "x" * 250})
    assert values(f'{long}\n{{"text": "a"}}\n{long}') == [(1, None), (2, ROW), (3, None)]


def test_markup_goes_to_the_feed_parser():
    assert values('\ufeff \n<?xml version="1.0"?><rss/>')[0][0] == 1


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"", Format.JSON_LINES),
        (b'{"text": "a long first line without an end, {', Format.JSON_LINES),
        (b'{"text": "a"}\n{', Format.JSON_LINES),
        (b'{"items": [\n', Format.JSON),
        (b"{\r\n", Format.JSON),
        (b" [", Format.JSON),
        (b"\xef\xbb\xbf<feed", Format.FEED),
    ],
)
def test_the_format_is_told_by_content(head, found):
    assert sniff(head) == found


@pytest.mark.parametrize(
    "data", [b"a,b,c\n1,2,3\n", b"\x1f\x8b\x08", '{"text": "a"}'.encode("utf-16"), b'"text"']
)
def test_what_is_no_format_of_ours_is_refused(data):
    with pytest.raises(InputError):
        read(data)


def test_rows_of_a_pipe_arrive_before_it_ends():
    source, sink = os.pipe()
    with os.fdopen(source, "rb") as stream, os.fdopen(sink, "wb", buffering=0) as writer:
        writer.write(b'{"text": "a"}\n')
        rows = parse_rows(stream, one_entry)
        assert next(rows) == Row(line=1, value=ROW)


def test_a_stream_that_fails_is_an_input_error():
    class Broken(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: object) -> int:
            raise OSError("disk on fire")

    with pytest.raises(InputError, match="disk on fire"):
        list(parse_rows(io.BufferedReader(Broken()), one_entry))
