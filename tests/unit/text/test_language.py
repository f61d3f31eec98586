"""The language of a sentence."""

import pytest

from summarizer.text.language import is_english


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The council voted on the permit.", True),
        ("Maria de la Cruz resigned from the board of the bank.", True),
        ("Der Prozess gegen den Werksleiter beginnt nächste Woche in Lindau.", False),
        ("La alcaldesa negó haber cobrado comisiones por la venta.", False),
        ("Le maire a dit que la route est fermée.", False),
        ("", False),
    ],
)
def test_english_has_more_of_its_own_frequent_words(text: str, expected: bool) -> None:
    assert is_english(text) is expected
