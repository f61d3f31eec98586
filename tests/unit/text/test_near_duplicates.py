import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.near_duplicates import BANDS, FEWEST_WORDS, bands, copied, shingles
from summarizer.text.text_key import text_key

VOCABULARY = [f"{a}{b}{c}" for a in "bdfgk" for b in "aeiou" for c in ("l", "m", "n", "r", "st")]


def story(seed: int, sentences: int = 12) -> list[str]:
    """Sentences of invented words: two seeds share words, and by chance no five in a row."""
    chance = random.Random(seed)
    return [" ".join(chance.choices(VOCABULARY, k=18)).capitalize() + "." for _ in range(sentences)]


WIRE = story(1)
QUOTE = "“We looked at every log twice and found no sign that any customer lost money,” she said."


def is_copy(later: str, earlier: str) -> bool:
    return copied(later, earlier) > 0


def text(*parts: list[str]) -> str:
    return " ".join(sentence for part in parts for sentence in part)


@pytest.mark.parametrize(
    "other",
    [
        text(WIRE),
        text(story(2, 1), WIRE[1:]),
        text(WIRE[:6]),
        text(story(2, 1), WIRE[1:8]),
        text(WIRE, ["Sign up for our newsletter and never miss a story again, every morning."]),
        text(WIRE).upper(),
        "\n\n".join(WIRE).replace(".", " ."),
        text([s.replace("bal", "company") for s in WIRE]),
    ],
    ids=[
        "whole", "own lead", "half", "lead and cut", "boilerplate", "upper case", "layout",
        "word",
    ],
)  # fmt: skip
def test_a_wire_copy_is_recognised_whichever_came_first(other: str) -> None:
    wire = text(WIRE)
    assert is_copy(other, wire)
    assert is_copy(wire, other)
    assert set(bands(shingles(other))) & set(bands(shingles(wire)))


def test_a_whole_story_is_a_copy_of_the_third_that_came_before() -> None:
    assert is_copy(text(WIRE), text(WIRE[:4]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (text(WIRE), text(story(2))),
        (text(WIRE, [QUOTE]), text(story(2), [QUOTE])),
        (text(WIRE), text(story(2, 12), WIRE[:2])),
    ],
    ids=["same words", "same quote", "background taken over"],
)
def test_different_articles_are_not_copies(one: str, other: str) -> None:
    assert not is_copy(one, other)
    assert not is_copy(other, one)


def test_a_report_that_quotes_a_short_statement_whole_is_not_its_copy() -> None:
    statement = text(WIRE[:2])
    assert not is_copy(text(story(2), [statement]), statement)


def test_a_statement_cut_out_of_a_report_is_a_copy() -> None:
    statement = text(WIRE[:2])
    assert is_copy(statement, text(story(2), [statement]))


def test_a_short_post_has_no_shingles() -> None:
    assert not shingles("word " * (FEWEST_WORDS - 1)).size
    assert bands(shingles("Not true.")) == ()
    assert copied("Not true.", "Not true.") == 0


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("“It’s over” – she said", '"it\'s  over" - she said\n', True),
        ("ﬁne", "FINE", True),
        ("It cost $5.", "It cost £5.", False),
        ("It cost 1.2 million", "It cost 12 million", False),
        ("👍", "👎", False),
        ("", "", True),
    ],
)
def test_equal_texts_share_a_key(one: str, other: str, equal: bool) -> None:
    assert (text_key(one) == text_key(other)) is equal


def test_hashes_are_the_same_on_every_machine() -> None:
    found = shingles("The board met on Monday and asked the chief executive to resign.")
    assert found.dtype == np.uint64
    assert (found.size, int(found[0])) == (8, 2388274724371977453)
    assert bands(found)[:2] == (8826790333971676877, 5480026796017544179)
    assert text_key("Not true.") == "88f43c154c8f5c454d433382976d0781"


@given(st.text())
def test_any_text_has_ascending_shingles_and_all_bands_or_none(anything: str) -> None:
    found = shingles(anything)
    assert np.all(found[:-1] < found[1:])
    assert len(bands(found)) == (BANDS if found.size else 0)
    text_key(anything)


def test_bands_do_not_depend_on_how_a_long_text_is_cut_for_counting() -> None:
    long = text(story(3, 600))
    found = shingles(long)
    assert found.size > 8192
    shuffled = np.random.default_rng(1).permutation(found)
    assert bands(shuffled) == bands(found)
