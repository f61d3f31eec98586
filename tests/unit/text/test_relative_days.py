"""Relative days: found outside quotations, resolved where they can mean one day only."""

import datetime as dt

import pytest

from summarizer.text.relative_days import DateStyle, absolute, relative_days, style_of, with_dates

THURSDAY = dt.date(2026, 7, 9)

RESOLVED = (
    ("The regulator said on Tuesday that it had begun.", "on 7 July 2026 that"),
    ("On Tuesday the regulator began.", "On 7 July 2026 the"),
    ("Acme left the fair Thursday.", "fair on 9 July 2026."),
    ("Shops closed late Monday.", "closed late on 6 July 2026."),
    ("Shops closed on Monday evening.", "closed on the evening of 6 July 2026."),
    ("Two were hurt in Monday's collision.", "in the 6 July 2026 collision."),
    ("Since Monday a picture has been shared.", "Since 6 July 2026 a picture"),
    ("Yesterday a group published a report.", "On 8 July 2026 a group"),
    ("The mayor said last night she had left.", "said on the night of 8 July 2026 she"),
    ("Acme today announced a recall.", "Acme on 9 July 2026 announced"),
    ("The council will vote on Tuesday.", "vote on 14 July 2026."),
    ("The reply is due by Friday.", "due by 10 July 2026."),
    ("A judge ruled, his clerk said, on Tuesday.", "said, on 7 July 2026."),
    ("Acme was fined last month.", "fined in June 2026."),
    ("It will open early next year.", "open early in 2027."),
    ("The shuttle hit two people this week.", "people in the week of 6 July 2026."),
    ("Acme sold it for last year's price.", "for the 2025 price."),
    ("Schools open this fall.", "open in the fall of 2026."),
    ("Acme may leave next Tuesday.", "leave on 14 July 2026."),
    ("Talks resume on Friday, a mediator said.", "resume on 10 July 2026, a mediator"),
    ("The line stays closed until Monday.", "until 13 July 2026."),
    ("Acme said it would stay shut until at least Monday.", "until at least 13 July 2026."),
    ("It must answer by Friday.", "answer by 10 July 2026."),
    ("It must pay by the end of the month.", "by the end of July 2026."),
    ("The lease expires at the end of the year.", "at the end of 2026."),
    ("The inspector reports in two weeks.", "reports around 23 July 2026."),
    ("It will open in three months' time.", "open around October 2026."),
)
OPEN = (
    "It agreed to meet them on Friday.",
    "It was due to meet them on Friday.",
    "The hearing on Friday.",
    "A vote on Friday, a mediator said.",
    "Two people wait on Friday in Orl.",  # a caption tells the past in the present
    "Acme met the union last Tuesday.",
    "Acme may leave next Friday.",  # tomorrow, or in a week
    "Acme will vote on Thursday.",  # today, or in a week
    "Acme was fined two weeks ago.",
    "Last year was the worst.",
    "Sales fell over the past year.",
)
NONE = (
    "Trump won on Super Tuesday.",
    "They meet every Friday.",
    "It happened on a Tuesday.",
    "It was the second strike in two weeks.",
    "At the end of the year he had left.",
    "Acme was fined on Tuesday, July 7.",
    "Acme was fined on 7 July 2026.",
    'She said "see you on Tuesday" and left.',
    "He said “last year was better” and left.",
)


@pytest.mark.parametrize(("text", "holds"), RESOLVED)
def test_a_day_that_can_mean_one_only_is_resolved(text: str, holds: str) -> None:
    dated = absolute(text, THURSDAY, DateStyle.DAY_FIRST)
    assert dated is not None
    assert holds in dated
    assert relative_days(dated) == ()


@pytest.mark.parametrize("text", OPEN)
def test_a_day_that_can_mean_several_stays(text: str) -> None:
    assert relative_days(text)
    assert absolute(text, THURSDAY, DateStyle.DAY_FIRST) is None
    assert with_dates(text, THURSDAY, DateStyle.DAY_FIRST) == text


@pytest.mark.parametrize("text", NONE)
def test_other_days_count_from_none(text: str) -> None:
    assert relative_days(text) == ()


def test_nothing_is_resolved_without_the_day_of_writing() -> None:
    assert absolute("Acme was fined on Tuesday.", None, DateStyle.DAY_FIRST) is None


def test_no_week_is_resolved_on_a_sunday() -> None:
    assert absolute("Acme was fined this week.", dt.date(2026, 7, 12), DateStyle.DAY_FIRST) is None


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("It fell on 3 March and on 4 March.", DateStyle.DAY_FIRST),
        ("It fell on March 3.", DateStyle.MONTH_FIRST),
        ("It fell.", DateStyle.MONTH_FIRST),
    ],
)
def test_dates_are_written_as_the_text_writes_them(text: str, style: DateStyle) -> None:
    assert style_of(text) is style


def test_a_month_first_date_closes_with_a_comma() -> None:
    text = "Acme said on Tuesday that it fell on Monday."
    dated = "Acme said on July 7, 2026, that it fell on July 6, 2026."
    assert absolute(text, THURSDAY, DateStyle.MONTH_FIRST) == dated
