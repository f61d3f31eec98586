from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from summarizer.text.sentences import clauses, sentences


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@given(st.text(max_size=200))
@example("J\u00a0R. Smith")
@example("a\ud800. B")
def test_sentences_are_stripped_spans_in_order_and_lose_only_white_space(text: str) -> None:
    spans = sentences(text)
    assert all(text[s.start : s.end].strip() == text[s.start : s.end] != "" for s in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert "".join("".join(parts(text)).split()) == "".join(text.split())


WHOLE = [
    "Police were called at 8:17 a.m. Tuesday after a crane fell.",
    "The curfew starts at 10 p.m. Friday and ends at 6 a.m. Saturday, the mayor said.",
    "It opens at 9 A.M. Sept. 5 in the town hall.",
    "The hearing is at 3 p.m. EST on Monday.",
    "Anger grew at Ms. Clinton.",
    "Mx. Roe left.",
    "Sen. Ada Lorn, D-W.Va., met Rep. Ben Ohm, R-N.C., on Friday.",
    "The plant in Ft. Worth closed.",
    "Dr. J. Roe of the U.S. Navy paid $3.5 million.",
    "Acme Corp. Chief Executive Al Dow quit.",
    "Yahoo! was sold.",
    '"It is over," she said.',
    "It was “over. ”",
]


@pytest.mark.parametrize("sentence", WHOLE)
def test_an_abbreviation_ends_no_sentence(sentence: str) -> None:
    assert parts(f"{sentence} Nobody cared.") == [sentence, "Nobody cared."]


@pytest.mark.parametrize(
    "text",
    [
        "It ends at 6 a.m. | Residents stay in.",
        "He left at 10 p.m. | On Tuesday, he came back.",
        "The shop closes at 5 p.m. | Monday is a holiday.",
        "They met at 3 p.m. | Ms. Ruiz was late.",
        "He lives in the U.S. | He left.",
        '"No!" | He left.',
        "it broke. | nobody answers.",
        "Headline without a stop|\n|Body text.",
        "First.|\r\n|Second.|\r|Third.|\u2028|Fourth.",
        "השרת נפל. | החברה הכחישה.",
        "系统崩溃了。|公司否认。",
    ],
)
def test_a_sentence_ends_at_a_stop_or_a_line(text: str) -> None:
    expected = [part for part in map(str.strip, text.split("|")) if part]
    assert parts(text.replace("|", "")) == expected


def test_a_conjunction_opens_its_clause() -> None:
    text = "Acme fell, but Bolt rose while Core stood"
    assert [text[start:end] for start, end in clauses(text)] == [
        "Acme fell",
        "but Bolt rose ",
        "while Core stood",
    ]
