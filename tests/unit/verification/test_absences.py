"""Absences: stated only where the sources were searched, and hold nothing."""

import datetime as dt

import pytest

from summarizer.domain.absences import NEEDS_MODEL, Absence, AbsenceReason
from summarizer.domain.drafts import Section
from summarizer.drafting import prompts
from summarizer.verification import absences
from tests.support.builders import a_pack, an_item

SPECS = {spec.key: spec for spec in prompts.load().specs()}
MAY = dt.datetime(2026, 5, 6, 12, tzinfo=dt.UTC)  # a Wednesday
TRIED = Absence(reason=AbsenceReason.NOT_PLACED, words="We could not place it.")
HELD = Absence(reason=AbsenceReason.WITHHELD, words="We could not place it: withheld.")


def searched(key: str, text: str, absence: Absence, published: dt.datetime | None = MAY) -> Absence:
    pack = a_pack(an_item("a1", text, published_at=published))
    found = absences.searched(Section(key=key, abstained=absence), SPECS[key], pack).abstained
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Meridian recalled 300 robots.", AbsenceReason.NOTHING_FOUND),
        ("Meridian recalled them on Tuesday.", AbsenceReason.NOTHING_FOUND),
        ("Meridian has until 15 December to answer.", AbsenceReason.NOT_PLACED),
        ("The council will vote on Friday.", AbsenceReason.NOT_PLACED),
        ("It agreed to meet them on Friday.", AbsenceReason.NOT_PLACED),
        ("The court rules next month.", AbsenceReason.NOT_PLACED),
        ("The court rules next Thursday.", AbsenceReason.NOT_PLACED),
        ("Der Prozess beginnt am 15. Dezember.", AbsenceReason.NOT_PLACED),
        (
            "Der Prozess gegen den Werksleiter beginnt nächste Woche in Lindau.",
            AbsenceReason.NOT_PLACED,
        ),
    ],
)
def test_nothing_is_expected_only_where_no_day_ahead_is_named(
    text: str, reason: AbsenceReason
) -> None:
    assert searched("forecast", text, TRIED).reason is reason


@pytest.mark.parametrize("text", ["It has until 15 December to answer.", "It opens on Friday."])
def test_of_an_undated_item_no_day_is_said_to_be_missing(text: str) -> None:
    assert searched("forecast", text, TRIED, None).reason is AbsenceReason.NOT_PLACED


def test_days_ahead_that_could_not_be_told_are_counted() -> None:
    text = "Meridian has until 15 December to answer.\nA hearing is set for 2 June."
    assert "2 days or periods ahead" in searched("forecast", text, HELD).words


def test_what_was_withheld_says_nothing_of_the_sources() -> None:
    assert searched("forecast", "Meridian recalled 300 robots.", HELD) == HELD
    assert searched("timeline", "Meridian recalled 300 robots.", HELD, None) == HELD


@pytest.mark.parametrize(
    ("text", "published", "reason"),
    [
        ("Meridian recalled 300 robots.", None, AbsenceReason.NOTHING_FOUND),
        ("Meridian recalled 300 robots.", MAY, AbsenceReason.NOT_PLACED),
        ("Meridian recalled 300 robots on 4 May 2026.", None, AbsenceReason.NOT_PLACED),
    ],
)
def test_no_event_can_be_dated_only_where_neither_text_nor_item_has_a_day(
    text: str, published: dt.datetime | None, reason: AbsenceReason
) -> None:
    assert searched("timeline", text, TRIED, published).reason is reason


@pytest.mark.parametrize("key", ["title", "why_it_matters", "key_points", "sides"])
def test_of_what_code_cannot_search_nothing_is_said(key: str) -> None:
    assert searched(key, "Meridian recalled 300 robots.", TRIED) == TRIED


def test_where_nobody_tried_nothing_is_searched() -> None:
    assert searched("forecast", "Meridian recalled 300 robots.", NEEDS_MODEL) == NEEDS_MODEL


def test_a_stored_section_with_words_alone_stays_readable() -> None:
    stored = Section.model_validate_json('{"key": "forecast", "abstained": "Nothing yet."}')
    assert stored.abstained == Absence(reason=AbsenceReason.UNRECORDED, words="Nothing yet.")
    assert Section.model_validate_json(stored.model_dump_json()) == stored
