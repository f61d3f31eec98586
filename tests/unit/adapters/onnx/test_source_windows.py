import itertools
import re

import pytest

from summarizer.adapters.onnx.source_windows import MOST_WINDOWS, SourceWindows

STORY = [f"Train {n} passed the {n % 7} signals of Marrick." for n in range(60)]


def offsets(texts):
    return [[word.span() for word in re.finditer(r"\S+", text)] for text in texts]


def windows(texts, claim, room, longest=10):
    return SourceWindows(texts, offsets, longest).of(claim, room)


@pytest.mark.parametrize("texts", [[], [""], [" \n", "\u2028"]])
def test_without_a_sentence_there_is_no_window(texts):
    assert windows(texts, "Train 5 passed.", 20) == []


def test_sources_that_fit_are_one_window():
    assert windows(["Rain fell. It stopped.", "Ada left."], "Ada left.", 6) == [
        "Rain fell. It stopped. Ada left."
    ]


@pytest.mark.parametrize("room", [17, 30, 100])
def test_windows_fit_and_overlap(room):
    found = windows([" ".join(STORY[:12])], "Train 3 passed.", room)
    assert all(len(window.split()) <= room for window in found)
    assert {s for s in STORY[:12] if any(s in window for window in found)} == set(STORY[:12])
    pairs = [f"{a} {b}" for a, b in itertools.pairwise(STORY[:12])]
    assert all(any(pair in window for window in found) for pair in pairs)


def test_of_many_windows_those_with_the_words_of_the_claim_are_kept():
    claim = "An inspector stopped train 41."
    story = [*STORY, "An inspector stopped the train at noon.", *STORY]
    found = windows([" ".join(story)], claim, 20)
    assert len(found) <= MOST_WINDOWS
    assert any("An inspector stopped" in window for window in found)


def test_sentences_like_the_claim_stand_in_one_window_from_wherever():
    found = windows(
        ["Ada sold the ferry. " + " ".join(STORY), "The buyer was Orlan."],
        "Ada sold the ferry to Orlan.",
        16,
    )
    assert any("Ada sold the ferry." in w and "The buyer was Orlan." in w for w in found)


def test_a_long_sentence_is_cut_between_tokens():
    sentence = " ".join(f"word{n}" for n in range(25))
    found = windows([sentence], "word3 word20", 10)
    assert all(len(window.split()) <= 10 for window in found)
    assert set(" ".join(found).split()) == set(sentence.split())
