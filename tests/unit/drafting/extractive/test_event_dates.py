"""The days that a sentence means, seen from the day its item was published."""

import datetime as dt

import pytest

from summarizer.drafting.extractive.event_dates import days_past, deadlines_in

FRIDAY = dt.date(2026, 5, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Acme closed on Tuesday.", "2026-04-28"),
        ("Acme closed on Friday.", "2026-05-01"),
        ("Acme closed last Friday.", "2026-04-24"),
        ("Acme closed on April 3.", "2026-04-03"),
        ("Acme closed on 3 April 2024.", "2024-04-03"),
        ("Acme closed yesterday.", "2026-04-30"),
        ("Acme closed on 2026-04-02.", "2026-04-02"),
        ("Acme closes on 12 June.", None),
        ("Acme closed in April.", None),
        ("Acme may close.", None),
    ],
)
def test_a_past_day_is_counted_back_from_publication(text, day):
    assert [f.date.isoformat() for f in days_past(text, FRIDAY)] == ([day] if day else [])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("A hearing is set for 14 July.", "2026-07-14"),
        ("A ruling is expected on Tuesday.", "2026-05-05"),
        ("A ruling is expected in July.", "2026-07-31"),
        ("A ruling is expected in March.", "2027-03-31"),
        ("A ruling is expected by the end of the year.", "2026-12-31"),
        ("A ruling is expected next month.", "2026-06-30"),
        ("A ruling is expected within two weeks.", "2026-05-15"),
        ("A ruling is expected by 2028.", "2028-12-31"),
        ("A ruling was expected on April 3, 2026.", None),
    ],
)
def test_a_deadline_is_the_named_day_or_the_last_day_of_the_named_time(text, day):
    assert [f.date.isoformat() for f in deadlines_in(text, FRIDAY)] == ([day] if day else [])


def test_without_a_publication_day_only_full_dates_are_known():
    assert [f.date for f in days_past("On Tuesday, and on 3 April 2024.", None)] == [
        dt.date(2024, 4, 3)
    ]
    assert deadlines_in("By 12 June 2026.", None) == []
