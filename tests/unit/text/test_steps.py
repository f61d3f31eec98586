"""Steps that a sentence announces, in English by grammar and in three other languages."""

import datetime as dt

import pytest

from summarizer.text.steps import steps

TUESDAY = dt.date(2026, 10, 6)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Acme has until 15 December to answer.", ["2026-12-15"]),
        ("Nothing will be decided before the hearing on 8 December.", ["2026-12-08"]),
        ("The council may cancel the vote on 8 December.", []),
        ("The commissioner has asked Acme for a report by 12 December.", ["2026-12-12"]),
        ("The mayor has asked Acme for a report by 12 December.", []),
        ("On 3 March the court will hear the appeal.", ["2027-03-03"]),
        ("The council meets next Monday.", ["2026-10-12"]),
        ("The council meets next Thursday.", ["2026-10-15"]),  # at the latest
        ("It must be paid by the end of the month.", ["2026-10-31"]),
        ("The report comes in two weeks.", ["2026-10-20"]),
        ("The hearing was moved from 9 October to 5 November.", ["2026-11-05"]),
        ("The hearing of 9 October was cancelled.", []),
        ("The council may meet on 9 October.", []),
        ("The council met on 5 October.", []),
        ("The court set a hearing for 4 May.", ["2027-05-04"]),
        ("The board set a 4 May deadline.", ["2027-05-04"]),
        ("The runner set a record on 4 May.", []),
        ("The board found four cases between 22 March and 3 August 2026.", []),
        ("It was required to report the fault within 10 days.", []),
        ("Rescuers will begin within a week.", ["2026-10-13"]),
        ("Der Prozess beginnt am 4. November.", ["2026-11-04"]),
        ("La alcaldesa declarará ante el juez el 7 de diciembre.", ["2026-12-07"]),
        ("Le procès s'ouvre le 4 novembre à Lyon.", ["2026-11-04"]),
    ],
)
def test_a_step_has_the_day_that_its_sentence_announces(text: str, days: list[str]) -> None:
    assert [day.isoformat() for day in steps(text, TUESDAY)] == days


def test_without_a_day_of_writing_there_is_no_step() -> None:
    assert steps("The council meets on 9 October.", None) == []
