import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from summarizer.text.line_wraps import unwrap
from summarizer.text.sentences import Span

LETTER = """\
Veltra Inc. fined over leak
OSTPORT, Nov. 20, 2026 (Wire) -- The regulator said on Friday that it had
fined Veltra Inc. 5 million dollars over the leak of 40 tonnes of acid, and
Mayor Lena Durst said that the firm had never told the town about it.
Veltra denied that. It has 30 days to appeal the fine, according to Commissioner
Karn.

Kind regards,
Mara Vell
Head of Press
12 Calder Street
Ostport OP1 2AB
"""

PIECES = st.sampled_from(
    [
        *("The firm said that ", "the acid ", "Veltra ", "leaked", "notifi-", "cation ", "2019-"),
        *("U.S.-", "well-", "(a) ", "- ", "> ", "   ", "\t", "\n", "\n", "\r\n", "\n\n", "\f"),
        *(
            "said\xad",
            ". ",
            ", ",
            "“",
            "”",
            '"',
            "Mr.",
            "of",
            "VELTRA",
            "– ",
            "—",
            "Page of",
            "e: ",
        ),
        *("שלום ", "系统", "\u2028", "é"),
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=40).map("".join)
TEXTS = TEXTS.filter(lambda text: not any(map(str.isdigit, text)) or "\f" not in text)


def bare(text: str) -> str:
    return re.sub(r"[\s\xad‐-]", "", text)


@given(TEXTS)
@example(LETTER)
def test_nothing_but_white_space_and_hyphens_is_removed_and_every_character_is_found(text):
    found = unwrap(text)
    assert bare(found.text) == bare(text)
    for at, character in enumerate(found.text):
        start, end = found.given_span(Span(at, at + 1))
        assert text[start:end] == character or (character == " " and text[start].isspace())


@given(TEXTS)
@example(LETTER)
def test_an_unwrapped_text_has_no_wraps(text):
    once = unwrap(text).text
    assert unwrap(once).text == once


@given(st.text().filter(lambda text: len(text.splitlines()) < 2))
def test_a_text_of_one_line_is_unchanged(text):
    assert unwrap(text).text == text


def test_a_span_is_found_in_the_text_as_sent():
    text = "Veltra said that it failed to send a notifi-\r\ncation to the town. Vell left."
    found = unwrap(text)
    assert found.text == (
        "Veltra said that it failed to send a notification to the town. Vell left."
    )
    start = found.text.index("notification")
    given_start, given_end = found.given_span(Span(start, start + len("notification")))
    assert text[given_start:given_end] == "notifi-\r\ncation"


JOINED = {
    "before a small letter": [
        ("The complaint alleges that\nthe Company failed to notify.", 0),
        ("The complaint alleges that the firm\r\nfailed to notify its customers.", 0),
        ("The regulator fined Veltra Inc.\nsaid nothing of it.", 0),
        ("The fire began at 2 a.m.\non Monday.", 0),
    ],
    "behind an open end": [
        ("The fine was imposed by Judge\nRolf Dorn.", 0),
        ("It was a letter to the\nOstport Ledger.", 0),
        ("The fine is as high as\n5 million dollars.", 0),
    ],
    "in an entry of a list": [("- The firm closed\n  the plant.\n- Vell left.", 1)],
    "across a page": [
        ("The complaint alleges that the firm\n\nPage 3 of 12\n\nfailed to notify.", 0),
        ("The complaint alleges that the firm\n\n3\n\n\ffailed to notify.", 0),
        ("The complaint alleges that the firm\n\ffailed to notify.", 0),
    ],
    "across a blank line behind an open end": [
        ("The complaint alleges that\n\nthe firm failed to notify.", 0)
    ],
    "in a wrapped text": [(LETTER, 6)],
}


@pytest.mark.parametrize(("text", "breaks"), [row for kind in JOINED.values() for row in kind])
def test_a_wrapped_sentence_is_joined(text, breaks):
    found = unwrap(text).text.strip()
    assert len([line for line in found.splitlines() if line]) == breaks + 1


def test_a_running_header_inside_a_sentence_is_no_part_of_it():
    page = "\n\n{}\n\fVELTRA INC. REPORT {}\n"
    text = (
        f"VELTRA INC. REPORT 1\nThe complaint alleges that the firm{page.format(1, 2)}failed to"
        f" notify its customers, and that the board{page.format(2, 3)}knew of it."
    )
    assert unwrap(text).text == (
        "VELTRA INC. REPORT 1\nThe complaint alleges that the firm failed to notify its customers,"
        " and that the board knew of it."
    )


APART = {
    "headline": "Veltra fined over leak of acid\nThe company denied it.",
    "headline before a small letter": "VELTRA FINED OVER ACID LEAK\nthe company denied it.",
    "headlines": (
        "Veltra fined over leak at Port Harrow\nKessel Foods recalls 400 tonnes of cheese\n"
        "Marrick Gas profit rises by 9 percent"
    ),
    "paragraphs": "Veltra closed the plant at Ostport.\n\nThe town was told on Monday.",
    "sentences": "Veltra closed.\nPolice came.\nit was late.",
    "list": "The firm:\n- closed the plant\n* fired staff\n1. paid nothing\n(a) left\n(B) spoke",
    "list without marks": "apples\npears\nplums",
    "table": "Revenue of the firm    12   13\nnet income of the firm\t4\t5",
    "fields": "Phone of the press desk: 5550100\nfax of the press desk: 5550101",
    "address": "Veltra Inc.\n12 Calder Street\nOstport OP1 2AB",
    "signature": "Kind regards,\nMara Vell\nspokeswoman",
    "verse": "The rose is red,\nThe violet's blue,\nThe honey's sweet,\nAnd so are you.",
    "quoted mail": "He wrote on Monday that\n> the firm was fined over the\n> leak",
    "post": "just saw the crash at the old harbour\nso scary\nhope all of them are ok",
    "link": "Veltra closed the plant at Ostport\nhttps://veltra.example/a",
    "number of a list": "It said that the firm has\n12\nplants",
    "rule": "The firm said that it\n-----\nclosed",
}


@pytest.mark.parametrize("text", APART.values(), ids=APART.keys())
def test_lines_that_are_no_wrapped_sentence_stay_apart(text):
    assert unwrap(text).text == text


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("It sent a notifi-\ncation.", "It sent a notification."),
        ("It sent a notifi\xad\ncation.", "It sent a notification."),
        ("It is a well-\nknown fault.", "It is a well-known fault."),
        ("It is a co-\noperative.", "It is a co-operative."),
        ("It is a newly-\nbuilt quay.", "It is a newly-built quay."),
        ("It is a Kessel-\nbased firm.", "It is a Kessel-based firm."),
        ("It is a U.S.-\nbased firm.", "It is a U.S.-based firm."),
        ("It was in 2019-\n2020.", "It was in 2019-2020."),
        ("It was in 2019–\n2020.", "It was in 2019–2020."),
        ("It is for Smith-\nJones.", "It is for Smith-Jones."),
        ("It is of NATO-\nled troops.", "It is of NATO-led troops."),
        ("It is of two-\nand three-room flats.", "It is of two- and three-room flats."),
        ("A river-front, or river-\nfront.", "A river-front, or river-front."),
        ("A riverfront, or river-\nfront.", "A riverfront, or riverfront."),
    ],
)
def test_a_hyphen_at_a_line_end_is_dropped_where_it_only_splits_a_word(text, mended):
    assert unwrap(text).text == mended
