import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from summarizer.domain.items import ItemKey
from summarizer.ingestion.passages import split
from summarizer.text.long_sentences import LONGEST

KEY = ItemKey("a1")


def texts(text: str) -> list[str]:
    return [passage.text for passage in split(KEY, text)]


FRAGMENTS = st.sampled_from(
    [
        "The bot failed. ", "U.S. ", "Dr. ", "J. ", "Why?! ", "he said. ", "שלום עולם. ", "مرحبا؟ ",
        "😀", "👩🏽‍🚀", "e\u0301", "\u200d", "\ufe0f", "\x00", "\t", "\r\n", "\n\n", "\r", "\x85",
        "\u2028", "\u00a0", "\u3000", "\u202f", "\u2009", "\x1c", "\x1f", "\ufeff", "\u202e", "。",
        "“", "”", '"', "'", "(", ")", "...", "…", "—", "; ", ", ", "$3.5 million", "𝐀. ",
        "\U0010ffff", "word" * 40, "word " * 60, "," * 30,
    ]
)  # fmt: skip
MIXED = st.lists(st.one_of(FRAGMENTS, st.text(max_size=12)), max_size=40).map("".join)


@given(MIXED)
@example("J\u00a0R. Smith")
@example("a" * 5000)
@example("\u0301" * 5000)
def test_every_passage_is_a_verbatim_span_and_nothing_but_whitespace_is_lost(text: str) -> None:
    behind = 0
    for n, passage in enumerate(split(KEY, text), start=1):
        assert passage.n == n
        assert text[passage.start : passage.end] == passage.text
        assert passage.text == passage.text.strip() != ""
        assert len(passage.text) <= LONGEST
        assert text[behind : passage.start].strip() == ""
        behind = passage.end
    assert text[behind:].strip() == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t\r\n ", []),
        ("One sentence. Another one!", ["One sentence.", "Another one!"]),
        ("Headline without a stop\nBody text.", ["Headline without a stop", "Body text."]),
        ("😀 Ship it! 👩🏽‍🚀 Gone.", ["😀 Ship it!", "👩🏽‍🚀 Gone."]),
    ],
)
def test_sentences_and_lines_bound_passages(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_ids_count_from_one_within_the_item() -> None:
    assert [passage.id for passage in split(ItemKey("a7"), "One. Two.")] == ["a7.1", "a7.2"]


def test_a_long_sentence_is_cut_behind_a_clause_before_a_comma_before_a_word() -> None:
    word = "lorem "
    clause = word * 70 + "ipsum; " + word * 20 + "dolor, " + word * 40
    assert texts(clause)[0].endswith("ipsum;")
    comma = word * 70 + "dolor, " + word * 60
    assert texts(comma)[0].endswith("dolor,")
    assert all(set(piece.split()) == {"lorem"} for piece in texts(word * 300))


def test_a_cut_without_any_gap_keeps_an_accent_with_its_letter() -> None:
    for shift in range(3):
        text = "x" * shift + "e\u0301" * LONGEST
        assert not any(piece.startswith("\u0301") for piece in texts(text))


@pytest.mark.slow
def test_two_million_characters_on_one_line_are_split() -> None:
    sentence = "The company said on Monday that it would pay every customer 20 dollars. "
    found = split(KEY, sentence * (2_000_000 // len(sentence)))
    assert {passage.text for passage in found} == {sentence.strip()}


def test_two_million_characters_without_a_stop_are_split() -> None:
    found = split(KEY, "word " * 400_000)
    assert sum(len(passage.text.split()) for passage in found) == 400_000
