"""What a sentence says without its asides."""

import pytest

from summarizer.text.asides import without_asides


@pytest.mark.parametrize(
    ("sentence", "rest"),
    [
        (
            "Acme, which makes robots, recalled 300 robots after a fire.",
            "Acme, recalled 300 robots after a fire.",
        ),
        (
            "The city closed the old pier on Friday, stranding two ferries.",
            "The city closed the old pier on Friday.",
        ),
        # What limits the noun, and a condition, stay.
        ("Robots that lack brakes were recalled on Friday.", None),
        ("If the council agrees, the pier opens in May.", None),
        ("A judge issued an order blocking the new law.", None),
        ("", None),
    ],
)
def test_asides_are_left_out(sentence, rest):
    assert without_asides(sentence) == (rest or sentence)
