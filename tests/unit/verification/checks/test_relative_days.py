"""Relative days in claims: failed with the date that the cited passages mean, if they agree."""

import datetime as dt

import pytest

from summarizer.verification.checks import dates, relative_days
from summarizer.verification.evidence import CitedEvidence, CitedText

THURSDAY = dt.date(2026, 7, 9)


def grounds(*texts: str, published: dt.date | None = THURSDAY) -> CitedEvidence:
    cited = tuple(
        CitedText(f"a{n}.1", t, f"a{n}", published=published) for n, t in enumerate(texts)
    )
    return CitedEvidence(cited, cited)


@pytest.mark.parametrize(
    ("claim", "sources", "advice"),
    [
        ("Acme fell on Tuesday.", ("Acme fell on Tuesday.",), '"7 July 2026"'),
        ("Acme fell last month.", ("Acme fell last month.",), '"June 2026"'),
        ("Acme fell this week.", ("Acme fell this week.",), '"the week of 6 July 2026"'),
        ("Acme fell yesterday.", ("Acme fell on Wednesday.",), "give the date, or leave"),
        ("Acme fell last Tuesday.", ("Acme fell last Tuesday.",), "give the date, or leave"),
    ],
)
def test_advice_gives_a_date_only_where_it_is_certain(
    claim: str, sources: tuple[str, ...], advice: str
) -> None:
    (failure,) = relative_days.check(claim, grounds(*sources))
    assert advice in failure.reason


def test_advice_gives_no_date_of_an_undated_item() -> None:
    (failure,) = relative_days.check(
        "It fell on Tuesday.", grounds("It fell on Tuesday.", published=None)
    )
    assert "2026" not in failure.reason


def test_a_quotation_keeps_its_words() -> None:
    claim = 'On 7 July 2026 Ruiz said: "See you on Friday."'
    assert relative_days.check(claim, grounds("It fell.")) == []


@pytest.mark.parametrize(
    ("claim", "source", "passes"),
    [
        ("Acme fell on 7 July 2026.", "Acme fell on Tuesday.", True),
        ("Acme fell on July 7, 2026, in Ostia.", "Acme fell on Tuesday in Ostia.", True),
        ("Acme fell on 14 July 2026.", "Acme fell on Tuesday.", False),
        ("Acme will fall on 14 July 2026.", "Acme will fall on Tuesday.", True),
        ("Acme will fall on 7 July 2026.", "Acme will fall on Tuesday.", False),
        ("Acme fell in the week of 6 July 2026.", "Acme fell this week.", True),
        ("Acme fell in the week of 29 June 2026.", "Acme fell this week.", False),
        ("Acme fell in June 2026.", "Acme fell last month.", True),
    ],
)
def test_the_dates_check_accepts_exactly_the_resolved_date(
    claim: str, source: str, passes: bool
) -> None:
    assert (dates.check(claim, grounds(source)) == []) is passes
