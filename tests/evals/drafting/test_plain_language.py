"""Dates of the timeline, and plain language."""

from __future__ import annotations

import datetime as dt

import pytest

from evals.suites.drafting import (
    plain_language,
)
from summarizer.domain.claims import DateBasis
from summarizer.domain.sections import Rule
from tests.evals.drafting.drafts import RECALL, a_draft, claim


@pytest.mark.parametrize(
    ("day", "basis", "right"),
    [
        (dt.date(2026, 4, 27), DateBasis.EVENT, 1),  # the Monday before publication
        (dt.date(2026, 5, 1), DateBasis.PUBLICATION, 1),
        (dt.date(2026, 4, 29), DateBasis.EVENT, 0),
        (dt.date(2026, 4, 27), DateBasis.PUBLICATION, 0),
        (None, DateBasis.EVENT, 0),
    ],
)
def test_an_entry_is_dated_by_its_passage_or_by_its_publication(
    day: dt.date | None, basis: DateBasis, right: float
) -> None:
    found = a_draft(claim(RECALL, "a1.1", date=day, date_basis=basis), rule=Rule.DATED)
    assert plain_language.timeline_dates(found) == right
    assert len(plain_language.misdated(found)) == 1 - right


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("Two lamps caught fire.", 0),
        ("Nine lamps caught fire.", 1),
        ("Nine lamps of Petra Vance caught fire.", 2),
    ],
)
def test_plain_language_is_searched_for_what_the_pack_lacks(text: str, new: float) -> None:
    assert plain_language.plain_novelty(a_draft(claim(text, "a1.1"), rule=Rule.NOTHING_NEW)) == new


def test_short_words_read_at_a_lower_grade() -> None:
    easy = a_draft(claim("The lamp was hot.", "a1.1"), rule=Rule.READABLE)
    hard = a_draft(
        claim("Manufacturing irregularities necessitated immediate withdrawal.", "a1.1"),
        rule=Rule.READABLE,
    )
    low, high = plain_language.plain_grade(easy), plain_language.plain_grade(hard)
    assert low is not None and high is not None and low < 3 < 12 < high


def test_a_page_without_plain_language_has_no_grade() -> None:
    found = a_draft(claim(RECALL, "a1.1"))
    assert plain_language.plain_grade(found) is None
    assert plain_language.plain_novelty(found) is None
