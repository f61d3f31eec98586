import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.ingestion.publication_time import EARLIEST, parse_time

READ: list[tuple[object, str]] = [
    # ISO 8601 and what is like it
    ("2026-05-01T12:30:00Z", "2026-05-01T12:30"),
    ("2026-05-01T12:30:00", "2026-05-01T12:30"),
    ("2026-05-01 12:30", "2026-05-01T12:30"),
    ("2026-05-01T14:30:00+02:00", "2026-05-01T12:30"),
    ("2026-05-01 14:30:00 +0200", "2026-05-01T12:30"),
    ("2026-05-01T14:30+02", "2026-05-01T12:30"),
    ("2026-05-01 12:30:00 UTC", "2026-05-01T12:30"),
    ("2026-05-01T12:30:00.000Z", "2026-05-01T12:30"),
    ("20260501T123000Z", "2026-05-01T12:30"),
    ("20260501", "2026-05-01T00:00"),
    ("202605011230", "2026-05-01T12:30"),
    ("20260501123000", "2026-05-01T12:30"),
    (20260501, "2026-05-01T00:00"),
    ("2026-05-01", "2026-05-01T00:00"),
    ("2026/05/01 12:30:00", "2026-05-01T12:30"),
    ("2026/05/06", "2026-05-06T00:00"),
    ("2026.05.06", "2026-05-06T00:00"),
    ("2026-5-1", "2026-05-01T00:00"),
    ("2026-05-01 5:28 pm", "2026-05-01T17:28"),
    ("2026-05-01 08:30:00 EDT", "2026-05-01T12:30"),
    ("2026-05-01 14:30:00 GMT+02:00", "2026-05-01T12:30"),
    # Unix time
    (1777638600, "2026-05-01T12:30"),
    (1777638600.0, "2026-05-01T12:30"),
    (1777638600000, "2026-05-01T12:30"),
    (1777638600000000, "2026-05-01T12:30"),
    ("1777638600", "2026-05-01T12:30"),
    ("1777638600000", "2026-05-01T12:30"),
    (" 1777638600.25 ", "2026-05-01T12:30"),
    # RFC 822 and 2822, with obsolete zones and two-digit years
    ("Fri, 01 May 2026 14:30:00 +0200", "2026-05-01T12:30"),
    ("Fri, 1 May 2026 12:30:00 GMT", "2026-05-01T12:30"),
    ("Fri, 01 May 2026 12:30:00 -0000", "2026-05-01T12:30"),
    ("01 May 2026 12:30 UT", "2026-05-01T12:30"),
    ("Fri, 01 May 26 12:30:00 GMT", "2026-05-01T12:30"),
    ("Fri, 01 May 2026 08:30:00 EDT", "2026-05-01T12:30"),
    ("Thu, 01 Jan 2026 07:30:00 EST", "2026-01-01T12:30"),
    ("Thu, 01 Jan 2026 06:30:00 CST", "2026-01-01T12:30"),
    ("Thu, 01 Jan 2026 05:30:00 MST", "2026-01-01T12:30"),
    ("Fri, 01 May 2026 05:30:00 PDT", "2026-05-01T12:30"),
    ("Fri, 01 May 2026 12:30:00 Z", "2026-05-01T12:30"),
    # other zones
    ("Fri, 01 May 2026 14:30:00 CEST", "2026-05-01T12:30"),
    ("Thu, 01 Jan 2026 13:30:00 CET", "2026-01-01T12:30"),
    ("Fri, 01 May 2026 13:30:00 BST", "2026-05-01T12:30"),
    ("Fri, 01 May 2026 15:30:00 EEST", "2026-05-01T12:30"),
    ("Fri, 01 May 2026 22:30:00 AEST", "2026-05-01T12:30"),
    ("Fri, 01 May 2026 21:30:00 JST", "2026-05-01T12:30"),
    ("Fri, 01 May 2026 19:30:00 GMT+7", "2026-05-01T12:30"),
    ("Fri, 01 May 2026 09:30:00 GMT-3", "2026-05-01T12:30"),
    ("Fri, 01 May 2026 18:00:00 UTC+05:30", "2026-05-01T12:30"),
    ("Fri May 01 2026 14:30:00 GMT+0200 (Central European Summer Time)", "2026-05-01T12:30"),
    ("Fri May  1 14:30:00 CEST 2026", "2026-05-01T12:30"),
    # words
    ("May 1, 2026", "2026-05-01T00:00"),
    ("May 1st, 2026", "2026-05-01T00:00"),
    ("1 May 2026", "2026-05-01T00:00"),
    ("1st of May 2026", "2026-05-01T00:00"),
    ("Friday, May 1, 2026 at 12:30 PM", "2026-05-01T12:30"),
    ("May 1, 2026 8:30 AM ET", "2026-05-01T12:30"),
    ("Jan 1, 2026 7:30 AM ET", "2026-01-01T12:30"),
    ("5:30 AM PT, 1 May 2026", "2026-05-01T12:30"),
    ("Fri 1 May, 2026 12:30pm", "2026-05-01T12:30"),
    ("May 1, 2026 12:30 a.m.", "2026-05-01T00:30"),
    ("12:30 01 May 2026", "2026-05-01T12:30"),
    ("1-May-2026", "2026-05-01T00:00"),
    ("Sept. 23, 2024", "2024-09-23T00:00"),
    # German, French and others
    ("1. Mai 2026", "2026-05-01T00:00"),
    ("Sonntag, 1. März 2026, 12:30 Uhr", "2026-03-01T12:30"),
    ("Freitag, 1. Mai 2026 14:30 MESZ", "2026-05-01T12:30"),
    ("24. Dez. 2025", "2025-12-24T00:00"),
    ("1er mai 2026", "2026-05-01T00:00"),
    ("samedi 1 août 2026", "2026-08-01T00:00"),
    ("2 févr. 2026", "2026-02-02T00:00"),
    ("1 de mayo de 2026", "2026-05-01T00:00"),
    ("1 maggio 2026", "2026-05-01T00:00"),
    # numbers that only one order of day and month fits
    ("25/12/2025", "2025-12-25T00:00"),
    ("12/25/2025", "2025-12-25T00:00"),
    ("24.12.2025 18:00", "2025-12-24T18:00"),
    ("05/05/2026", "2026-05-05T00:00"),
]

UNREAD: list[object] = [
    "not known", "n/a", "-", "soon", "TBD", "yesterday", "today", "now", "2 hours ago",
    "an hour ago", "last Friday", "Friday", "12:30", "12:30 PM EST", "1 May", "May 2026", "May",
    "2026", "26", "Q2 2026", "week 18 2026", "May 1", "3rd", "03/04/2026", "03.04.2026 10:00",
    "3-4-2026", "Fri 05.06.2026", "25/12/21", "01 02 03", "2026-13-01", "2026/13/01", "2026-02-30",
    "June 31, 2026", "0000-00-00", "0000-00-00 00:00:00", "0001-01-01T00:00:00+10:00",
    "1970-01-01T00:00:00Z", "1900-01-01", "Thu, 01 Jan 1970 00:00:00 GMT", 0, 1, -1, 1e300,
    10**400, "9" * 40, "99999999", float("nan"), float("inf"), "Published: 1 May 2026",
    "May 1, 2026 | Updated May 2, 2026", "1 May 2026 - 3 May 2026",
    "Mon, 05 Jul 2021 05:28:51 IST", "Mon, 05 Jul 2021 05:28:51 XYZ", "\ud800", "1 " * 500,
    True, ["2026"], {"year": 2026},
]  # fmt: skip


@pytest.mark.parametrize(("written", "read"), READ)
def test_a_time_with_one_reading_is_read_to_the_minute(written: object, read: str) -> None:
    found = parse_time(written)
    assert found.replace(second=0, microsecond=0) == dt.datetime.fromisoformat(f"{read}Z")
    assert found.utcoffset() == dt.timedelta()


@pytest.mark.parametrize("written", UNREAD)
def test_what_has_no_single_reading_is_refused_and_never_guessed(written: object) -> None:
    with pytest.raises(ValueError, match=r"date|before 1990"):
        parse_time(written)


@given(st.text(max_size=60) | st.floats() | st.integers())
def test_anything_is_read_as_a_time_from_1990_on_or_refused(written: object) -> None:
    try:
        found = parse_time(written)
    except ValueError:
        return
    assert found >= EARLIEST
    assert found.utcoffset() == dt.timedelta()
