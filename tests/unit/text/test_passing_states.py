"""States that pass, and the sentences that tell their end."""

import pytest

from summarizer.text.passing_states import passed, told


@pytest.mark.parametrize(
    "text",
    [
        "Three hikers were missing in the Alm valley, police said.",
        "Three hikers are missing.",
        "The hikers are still missing on the Alm.",
    ],
)
def test_a_state_is_told_of_somebody(text: str) -> None:
    assert told(text) == {("hiker", "miss")}


@pytest.mark.parametrize(
    "text",
    [
        "The three hikers who had been missing since Monday were found safe.",
        "The missing hikers were found on Thursday.",
        "Police found the missing hikers.",
        "The hikers are no longer missing.",
    ],
)
def test_the_end_of_a_state_is_told(text: str) -> None:
    assert (passed(text), told(text)) == ({("hiker", "miss")}, frozenset())


@pytest.mark.parametrize(
    "text",
    [
        "Rescuers searched for the missing hikers.",
        "Two of the missing hikers were found.",
        "The hikers had been missing for three days when police asked for help.",
        "Police found a boat.",
        "The workers who had been killed were from Dresk.",
    ],
)
def test_nothing_else_ends_a_state(text: str) -> None:
    assert passed(text) == frozenset()
