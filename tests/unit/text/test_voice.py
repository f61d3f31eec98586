"""Voice: what only a quotation may hold."""

import pytest

from summarizer.text.voice import FRAGMENT, has_marks, voice_faults

FIRST, SECOND = "the first person", "the second person"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("We have never trained any model on private content.", FIRST),
        ("I think that is the company's best point on Count I.", FIRST),
        ("The ruling matters to us all.", FIRST),
        ("Ruiz said that our members count from the first lost order.", FIRST),
        ("The app sells your data.", SECOND),
        ("Acme sold the data. #scandal", "a hashtag"),
        ("Acme sold the data 😱.", "an emoji"),
        ("1/6 Acme sold the data.", "the counter of a thread"),
        ("Acme sold the data (2/5)", "the counter of a thread"),
        ("The biggest question remaining in this drawn-out episode.", FRAGMENT),
        ("In a letter signed by the 42 members of the caucus.", FRAGMENT),
    ],
)
def test_it_is_found_in_prose(text: str, what: str) -> None:
    assert [fault.what for fault in voice_faults(text)] == [what]


@pytest.mark.parametrize(
    "text",
    [
        'Quillhaven wrote: "We have never trained any model on private content."',
        "“You sold our data,” Ruiz said.",
        "The guns of World War I fell silent in 1918.",
        "US senators voted for Count I of the bill.",
        "The bill passed by 1/6 of the votes.",
        "Acme, which sold the data, was fined $2 million.",
        "Varnway has been fined.",
        "The campaign Find Your Park lists events.",
        "Two were hurt.",
    ],
)
def test_quotations_and_other_words_have_none(text: str) -> None:
    assert voice_faults(text) == ()


@pytest.mark.parametrize(("text", "has"), [("Acme fell. #sad", True), ("Acme fell.", False)])
def test_marks_of_a_post_are_found_without_a_parse(text: str, has: bool) -> None:
    assert has_marks(text) is has
