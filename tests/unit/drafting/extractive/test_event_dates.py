"""The days that a sentence means, seen from the day its item was published."""

import datetime as dt

import pytest

from summarizer.drafting.extractive.context import gather
from summarizer.drafting.extractive.event_dates import day_of_event
from summarizer.text.named_days import days_past, deadlines_in
from tests.support.builders import a_pack, an_item

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


WEDNESDAY = dt.datetime(2026, 11, 18, 12, tzinfo=dt.UTC)


def event_day(text: str, published: dt.datetime = WEDNESDAY) -> str | None:
    """The day of the event that the first sentence of an item tells."""
    context = gather(a_pack(an_item("a1", text, published_at=published)))
    day = day_of_event(context, context.sentences[0])
    return day.isoformat() if day else None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Police arrested Olav Brun on Monday.", "2026-11-16"),
        ("Police arrested Olav Brun in Stannick late Monday, officials said.", "2026-11-16"),
        ("Police arrested Olav Brun early on Monday after a chase.", "2026-11-16"),
        ("Police arrested the thief Monday night in Stannick.", "2026-11-16"),
        ("Police said Tuesday that they had arrested Olav Brun.", "2026-11-17"),
        ("On Tuesday, Calder Foods recalled 4,000 jars of jam.", "2026-11-17"),
        ("On Tuesday police arrested Olav Brun in Stannick.", "2026-11-17"),
        ("Last Tuesday, police arrested Olav Brun in Stannick.", "2026-11-17"),
        ("The Sunday Times reported on Monday that Olav Brun was jailed.", "2026-11-16"),
        ("Police arrested Olav Brun on Tuesday, May 5, 2026, in Stannick.", "2026-05-05"),
        ("Police accused Olav Brun on Monday of theft in Marseille.", "2026-11-16"),
        ("Police met on Monday in Marseille to decide on Olav Brun.", "2026-11-16"),
        ("Police met on Monday to decide on Olav Brun.", "2026-11-16"),
        ("Prosecutors are investigating Olav Brun, who was arrested on Monday.", None),
        ("Olav Brun, born in 1970, was jailed on Monday.", None),
        ("Olav Brun, born on 5 May 1970, was jailed in Stannick.", None),
        ("Olav Brun, date of birth 5 May 1970, was jailed in Stannick.", None),
        ("Between Nov. 3 and Nov. 5, 2026, hackers stole files of Calder Foods.", None),
        ("Hackers stole files of Calder Foods on Nov. 3-5, 2026.", None),
        ("Hackers stole files of Calder Foods, Monday through Tuesday.", None),
        ("Hackers stole files of Calder Foods on Monday and Tuesday.", None),
        ("The Stannick museum opens next Tuesday after a long repair.", None),
        ("The Stannick museum opens on Tuesday after a long repair.", None),
        ("The Stannick museum was told to open this coming Monday.", None),
        ("Olav Brun was told to appear the following Monday.", None),
        ("Olav Brun was ordered to appear in court on Friday.", None),
        ("A strike deadline of midnight on Thursday was set by Calder Foods.", None),
        ("Calder Foods was told to pay Olav Brun by midnight Thursday.", None),
        ("Police arrested Olav Brun on Tuesday last year.", None),
        ("Police arrested Olav Brun on Tuesday last week.", None),
        ("Last year on Tuesday, police arrested Olav Brun in Stannick.", None),
        ("On a Tuesday in 2019, police arrested Olav Brun in Stannick.", None),
        ("Police arrested Olav Brun on Tuesday in 2019.", None),
        ("Police arrested Olav Brun on Tuesday of last week.", None),
        ("In May 2019, police arrested Olav Brun on Tuesday.", None),
        ("Police arrested Olav Brun a week ago on Monday.", None),
        ("Police arrested Olav Brun on Monday two weeks ago.", None),
        ("The council of Stannick meets every Tuesday in its old hall.", None),
        ("The council of Stannick met on Tuesday mornings in its old hall.", None),
        ("Police arrested Olav Brun on Good Friday in Stannick.", None),
        ("Olav Brun was jailed for the shootings of Bloody Sunday.", None),
        ("Police arrested Olav Brun during Friday prayers in Stannick.", None),
        ("Olav Brun attacked Friday prayers in Stannick.", None),
        ("Olav Brun was sold to Sheffield Wednesday, the club said.", None),
        ("Olav Brun was sold by Ruby Tuesday, the company said.", None),
        ("The Sunday Times reported that Olav Brun was jailed.", None),
        ("Olav Brun won nine states on Super Tuesday.", None),
        ("Olav Brun was jailed on Ash Wednesday in Stannick.", None),
        ("Olav Brun was jailed on Easter Monday in Stannick.", None),
    ],
)
def test_a_weekday_dates_an_event_only_where_it_is_plain_which_day_it_is(text, day):
    assert event_day(text) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("STANNICK, Nov. 12 (Reuters) - Police arrested Olav Brun on Monday.", "2026-11-09"),
        (
            "STANNICK, 12 November 2026 /PRNewswire/ -- Calder Foods today recalled jars of jam.",
            "2026-11-12",
        ),
        ("ORL, 5 Jan 2025 - Police arrested Olav Brun on Thursday.", "2025-01-02"),
        ("STANNICK (Reuters) - Police arrested Olav Brun on Monday.", "2026-11-16"),
    ],
)
def test_days_are_counted_from_the_date_of_the_dateline(text, day):
    assert event_day(text, WEDNESDAY + dt.timedelta(days=2)) == day
