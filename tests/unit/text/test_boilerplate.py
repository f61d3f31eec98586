import pytest

from summarizer.text.boilerplate import is_boilerplate, label, trim


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("LONDON (Wire) — Acme closed.", "Acme closed."),
        ("PORT HARROW, April 14 - Acme closed.", "Acme closed."),
        ("WASHINGTON ― Acme closed.", "Acme closed."),
        ("(CNN) Acme closed.", "Acme closed."),
        ("Why it matters: Acme employs 900 people.", "Acme employs 900 people."),
        ("But Acme closed its doors.", "Acme closed its doors."),
        ("Meanwhile, workers at Acme left.", "Workers at Acme left."),
        ("@press Acme closed. #acme #robots https://acme.example/x", "Acme closed."),
        ("🚨 Acme closed. 😬", "Acme closed."),
        ('Acme closed, Ruiz said. "', "Acme closed, Ruiz said."),
        ("Acme closed. (Reporting by Jo Ray)", "Acme closed."),
        ("So far Acme has paid nothing.", "So far Acme has paid nothing."),
        ("UK regulators closed Acme.", "UK regulators closed Acme."),
    ],
)
def test_only_what_surrounds_a_sentence_is_trimmed(text: str, kept: str) -> None:
    assert trim(text) == kept


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Why it matters: Acme employs 900 people.", "why it matters"),
        ("LONDON (Wire) — UPDATED: Acme closed.", "updated"),
        ("Acme closed.", ""),
    ],
)
def test_a_label_is_read_behind_a_dateline(text: str, found: str) -> None:
    assert label(text) == found


def test_what_a_page_says_of_itself_is_boilerplate() -> None:
    assert is_boilerplate("This story has been updated.")
    assert not is_boilerplate("Acme closed its plant.")
