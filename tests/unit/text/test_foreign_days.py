"""Days in German, Spanish and French."""

import datetime as dt

import pytest

from summarizer.text.foreign_days import foreign_days, foreign_step

MARCH = dt.date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Der Prozess beginnt am 4. Mai vor dem Landgericht.", "2026-05-04"),
        ("Die Frist läuft bis zum 04.05.2026.", "2026-05-04"),
        ("El juicio empieza el 4 de mayo de 2026.", "2026-05-04"),
        ("Le procès commence le 1er avril.", "2026-04-01"),
        ("The trial begins on 4 May.", None),  # read by the grammar of English
    ],
)
def test_days_are_read(text: str, day: str | None) -> None:
    assert [found.isoformat() for found in foreign_days(text, MARCH)] == ([day] if day else [])


@pytest.mark.parametrize(
    "text",
    [
        "Der Prozess könnte am 4. Mai beginnen.",
        "Der Prozess beginnt nicht am 4. Mai.",
        "El juicio podría empezar el 4 de mayo.",
        "Le procès est annulé, il devait s'ouvrir le 4 mai.",
        "Der Prozess begann am 4. Februar.",
    ],
)
def test_doubt_denial_and_the_past_announce_nothing(text: str) -> None:
    assert foreign_step(text, MARCH) is None


def test_a_day_that_does_not_exist_is_none() -> None:
    assert foreign_days("Der Prozess beginnt am 31.02.2026 und dauert.", MARCH) == []
