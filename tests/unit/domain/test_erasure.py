"""Which words of others quote a deleted text."""

import pytest

from summarizer.domain.erasure import GONE, Eraser

TEXT = "The harbour master closed the north quay on Monday after a crane collapsed."


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        (TEXT, True),
        ("He says: “THE HARBOUR MASTER — closed the north quay”", True),
        ("The harbour master closed the quay.", False),
        ("", False),
        ("North Quay Closed", True),
        ("North quay: closed!", True),
        ("Northern quay closed", False),
        ("It was seen after a crane fell down", False),
    ],
)
def test_six_words_in_a_row_or_a_short_text_as_a_whole_are_a_quotation(
    text: str, quotes: bool
) -> None:
    assert Eraser([TEXT, "North quay closed", "Quay"]).quotes(text) is quotes


def test_what_another_text_says_too_is_no_quotation() -> None:
    assert not Eraser([TEXT], [TEXT + " It is open again."]).quotes(TEXT)


def test_quoting_texts_are_replaced_wherever_they_stand() -> None:
    said = {"note": "fine", "changes": [{"before": TEXT, "after": None, "n": 3}]}
    assert Eraser([TEXT]).without(said) == {
        "note": "fine",
        "changes": [{"before": GONE, "after": None, "n": 3}],
    }
