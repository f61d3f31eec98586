import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.claims import VerdictLabel
from summarizer.text import dates as text_dates
from summarizer.verification.checks import dates
from summarizer.verification.evidence import CitedEvidence, CitedText

WEDNESDAY = dt.date(2026, 5, 6)


def grounds(text: str, published: dt.date | None = WEDNESDAY) -> CitedEvidence:
    ground = CitedText(id="a1.1", text=text, item="a1", published=published)
    return CitedEvidence((ground,), (ground,))


SUPPORTED = [
    ("Acme fell silent on 6 May 2026.", "Acme fell silent on May 6."),
    ("Acme fell silent on 2026-05-05.", "Acme fell silent on Tuesday."),
    ("Acme fell silent on Tuesday.", "Acme fell silent on 5 May 2026."),
    ("Acme fell silent in April.", "Acme fell silent last month."),
    ("Acme fell silent in April 2026.", "Acme fell silent last month."),
    ("Acme fell silent in 2025.", "Acme fell silent last year."),
    ("Acme fell silent on May 5.", "Acme fell silent yesterday."),
    ("Acme fell silent on the night of 5 May 2026.", "Acme fell silent last night."),
    ("Acme must pay by the end of May 2026.", "Acme must pay by the end of the month."),
    ("The judge reports around 20 May 2026.", "The judge reports in two weeks."),
    ("The judge reports on 11 May 2026.", "The judge reports next Monday."),
    ("Acme fell silent in May 2026.", "Acme fell silent on May 3, 2026."),
    ("Acme fell silent on the 3rd of May.", "Acme fell silent on 3 May."),
    ("Acme said on 6 May 2026 that it would stop.", "Acme said it would stop."),
    ("Acme may fall silent.", "Acme could fall silent."),
    ("The march was long.", "The long march went on."),
    ("Acme fell silent in 2026.", "Acme fell silent."),
    ("Acme fell silent on Sept. 3, 2025.", "It was September 3, 2025 when Acme fell silent."),
    ("Models of the 1990s were slow.", "Older models were slow."),
    ("It sold 2,000 units.", "It sold 2,000 units."),
    ("Acme fell silent on 4 May 2026.", "Acme fell silent on Monday."),
    ("Acme fell silent on 6 May.", "Acme fell silent today."),
    ("Acme will reopen on 7 May 2026.", "Acme will reopen tomorrow."),
    ("Acme will reopen in June 2026.", "Acme will reopen next month."),
    ("Acme will reopen in 2027.", "Acme will reopen next year."),
    ("Acme fell silent in December.", "Acme fell silent on 3 December 2025."),
    ("Acme fell silent on 3 December.", "Acme fell silent on December 3rd, 2025."),
    ("Acme fell silent on Wednesday.", "Acme fell silent on 6 May 2026."),
    ("Acme fell silent on May 1st.", "On 1 May Acme fell silent."),
    ("Acme fell silent on 9 June.", "Acme fell silent on the ninth of June."),
    ("Acme fell silent on June 9.", "Acme fell silent on June ninth, it said."),
    ("The court met on the twenty-third of May.", "The court met on 23 May."),
    ("Acme may first seek a judge.", "Acme could first seek a judge."),
    ("It won the 2018–19 season.", "It won the season of 2018–19."),
    ("It won the 2018-2019 season.", "It won in 2018-2019."),
]

FAILED = [
    ("Acme fell silent on 7 May 2026.", "Acme fell silent on May 6.", "7 May 2026"),
    ("Acme fell silent on Monday.", "Acme fell silent on Tuesday.", "Monday"),
    ("Acme fell silent in March.", "Acme fell silent last month.", "March"),
    ("Acme fell silent in 2024.", "Acme fell silent last year.", "2024"),
    ("Acme fell silent on 2026-04-05.", "Acme fell silent on Tuesday.", "2026-04-05"),
    ("Acme fell silent on May 6, 2019.", "Acme fell silent on May 6, 2020.", "May 6, 2019"),
    ("Acme fell silent on Friday.", "Acme fell silent.", "Friday"),
    ("Acme fell silent in June 2026.", "Acme fell silent in June 2025.", "June 2026"),
    ("Acme fell silent on 6 May 2026.", "Acme fell silent.", "6 May 2026"),
    ("Acme fell silent in May.", "Acme may fall silent soon.", "May"),
    ("It fell silent on 12 May 2026.", "It fell silent on 12 June 2026.", "12 May 2026"),
    ("Acme fell silent on 5 May 2026.", "Acme fell silent on Monday.", "5 May 2026"),
    ("Acme will reopen on 8 May 2026.", "Acme will reopen tomorrow.", "8 May 2026"),
    ("Acme will reopen in July 2026.", "Acme will reopen next month.", "July 2026"),
    ("Acme will reopen in 2028.", "Acme will reopen next year.", "2028"),
    ("Acme fell silent on 13 December.", "Acme fell silent on 3 December 2025.", "13 December"),
    ("Acme fell silent in December 2024.", "Acme fell silent on 3 December 2025.", "December 2024"),
    ("Acme fell silent on Thursday.", "Acme fell silent on 6 May 2026.", "Thursday"),
    ("Acme fell silent on 2 May.", "On 1 May Acme fell silent.", "2 May"),
    ("In 2017 Acme had a plant.", "In 2019 Acme had a plant.", "2017"),
    ("It fell on the ninth of June.", "It fell on the sixth of June.", "ninth of June"),
    ("It fell on June ninth, it said.", "It fell on June sixth, it said.", "June ninth"),
    ("It met on the thirty-first of May.", "It met on 30 May.", "thirty-first of May"),
    ("It won the 2019-2020 season.", "It won in 2018-2019.", "2020"),
]


def test_a_weekday_is_not_held_against_a_text_without_any_day():
    claim = "They meet on Friday."
    assert dates.check(claim, grounds("They meet at Kings.", None)) == []
    assert dates.check(claim, grounds("They meet on Saturday.", None))
    assert dates.check(claim, grounds("They meet at Kings."))


@pytest.mark.parametrize(("claim", "source"), SUPPORTED)
def test_a_date_that_the_passage_gives_or_implies_passes(claim: str, source: str) -> None:
    assert dates.check(claim, grounds(source)) == []


@pytest.mark.parametrize(("claim", "source", "words"), FAILED)
def test_a_date_that_no_passage_supports_fails(claim: str, source: str, words: str) -> None:
    failures = dates.check(claim, grounds(source))
    assert [claim[f.start : f.end] for f in failures] == [words]


def test_another_day_for_the_same_event_is_a_contradiction() -> None:
    (failure,) = dates.check("Acme fell silent on Monday.", grounds("Acme fell silent on Friday."))
    assert failure.label is VerdictLabel.CONTRADICTED
    assert "Friday" in failure.reason


def test_a_weekday_cannot_be_resolved_without_a_publication_date() -> None:
    claim = "Acme fell silent on 5 May 2026."
    assert dates.check(claim, grounds("Acme fell silent on Tuesday.", published=None))


@given(st.dates(dt.date(1950, 1, 1), dt.date(2050, 12, 31)))
def test_every_iso_date_is_read_back(day: dt.date) -> None:
    (when,) = text_dates.mentions(f"It ended on {day.isoformat()} there.")
    assert when.date == day


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    assert all(0 <= when.start < when.end <= len(text) for when in text_dates.mentions(text))
