import re

import pytest

from summarizer.text.names import NAME, PERSON, is_headline, names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("On Monday the mayor of Port Harrow met Lena Durst.", ["Port Harrow", "Lena Durst"]),
        ("Officials of the Bank of Ostrand left.", ["Bank of Ostrand"]),
        ("A letter by J. K. Rowling came in June 2025.", ["J. K. Rowling"]),
        ("It fell, said Dr. Marta Ruiz of Acme-Vell.", ["Dr. Marta Ruiz of Acme-Vell"]),
        ("Officials asked Veltra for GPT-4 data.", ["Veltra", "GPT-4"]),
        ("nobody here has a capital", []),
        ("", []),
    ],
)
def test_names_are_runs_of_capitals_without_dates_and_common_starts(text, found):
    assert [name.text for name in names(text)] == found


def test_a_word_that_opens_a_sentence_is_no_sure_name():
    found = [(n.text, n.sure) for n in names("Regulators fell. We saw Veltra fall.")]
    assert found == [("Regulators", False), ("Veltra", True)]


def test_a_headline_in_title_case_gives_no_sure_names():
    text = "Crane Falls On Two Workers At Port Harrow"
    assert is_headline(text)
    assert not any(name.sure for name in names(text))


def test_the_words_of_a_name_are_folded_and_without_titles():
    (name,) = names("It was President Zoë Ruiz’s idea.")
    assert name.words == ("zoe", "ruiz")


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (
            NAME,
            "said the Department of Health and Human Services on",
            "Department of Health and Human Services",
        ),
        (NAME, "by St. Louis police", "St. Louis"),
        (NAME, "by Lena van der Berg", "Lena van der Berg"),
        (PERSON, "that Lena J. Durst left", "Lena J. Durst"),
        (PERSON, "that Durst left", None),
    ],
)
def test_a_pattern_finds_a_name_at_its_place(pattern, text, found):
    match = re.search(pattern, text)
    assert (match and match.group()) == found
