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


WHOLE = {
    "an hour": [
        "Police were called at 8:17 a.m. Tuesday after a crane fell.",
        "The curfew starts at 10 p.m. Friday and ends at 6 a.m. Saturday, the mayor said.",
        "It opens at 9 A.M. Sept. 5 in the town hall.",
        "The fair opens at 6 a.m. Aug. 4 in Ostport.",
        "The hearing is at 3 p.m. EST on Monday.",
        "The show starts at 8 p.m. Eastern on Friday.",
        "The race began at 7 a.m. Pacific time on Sunday.",
        "The train left at 6 a.m. Ostport time.",
        "The bell rang at 8 a.m. local time.",
        "The curfew starts at 9 p.m. on Friday.",
        "The race began at 7 a.m. (1100 GMT) on Sunday.",
        "The shop is open from 8 a.m. to 5 p.m. Mon. to Fri. in winter.",
        "The store opens at 8 p.m. Christmas Eve.",
        "On Tuesday at 7 a.m. Mayor Lena Durst opened the fair.",
        "It was 5 am. when he left.",
    ],
    "a title": [
        "Anger grew at Ms. Clinton.",
        "Mx. Roe left.",
        "Gov. Lee and Lt. Gov. Roe met Sens. Lorn and Ohm.",
        "Sen. Ada Lorn, D-W.Va., met Rep. Ben Ohm, R-N.C., on Friday.",
        "U.S. District Judge Rolf Dorn and the U.S. Attorney agreed.",
        "Brig. Gen. Ann Roe, Sgt. Bo Lee and Spc. Cy Fox testified.",
        "Prof. Lind, Dr. Moe and the Rev. Dr. Roe wrote it.",
        "Kim Roe, Ph.D. and M.B.A., spoke to a Ph.D. student.",
        "John Roe Jr. said so, and Martin Roe Sr. agreed.",
        "J. K. Rowe and J.K. Rowe met George W. Bolt.",
    ],
    "a company, court or place": [
        "Acme Corp. Chief Executive Al Dow quit.",
        "Acme Inc. said that Harrow Co. Ltd. and Bolt Bros. had closed.",
        "In Acme Corp. v. Doe and Roe vs. Acme Inc. et al., the court ruled.",
        "The D.C. Circuit and the N.Y. Court of Appeals ruled.",
        "The plant in Ft. Worth closed.",
        "He lives in St. Ives, near Mt. Horn.",
        "Ostport, Calif. and Kessel, Wash. agreed.",
        "The U.S.-based firm left the U.S. and the U.K. to others.",
    ],
    "a number": [
        "Order No. 5 was signed, as were Nos. 7 and 8.",
        "Dr. J. Roe of the U.S. Navy paid $3.5 million.",
        "It costs approx. 5 dollars, or approx. $6 with tax.",
        "See Fig. 3 and Eq. 4 on pp. 12-14 of Vol. 2.",
        "He weighs 80 kg. and is 6 ft. tall.",
        "Version 2.1.3 rose by 3.5 percent on Nov. 20 in Ostport.",
        "Some firms, e.g. Acme, lost 5 percent, i.e. all of it.",
        "Roe et al. (2019) found no link.",
    ],
    "an ellipsis or an address": [
        "It was ... never closed.",
        "It was… never closed.",
        "See www.acme.example/a.b?c=d for details.",
    ],
    "a quoted question": [
        "Yahoo! was sold.",
        '"It is over," she said.',
        '"Is it over?" she asked.',
        '"Is it over?" Mara Vell asked.',
        '"It is over!" said Mr. Pell.',
        "It was “over. ”",
    ],
    "the number of an entry": [
        "1. The firm closed.",
        "IV. The firm closed.",
        "(a) The firm closed.",
    ],
}


@pytest.mark.parametrize("sentence", [s for kind in WHOLE.values() for s in kind])
def test_a_full_stop_inside_a_sentence_ends_none(sentence: str) -> None:
    assert parts(f"{sentence} Nobody cared.") == [sentence, "Nobody cared."]


CUT = {
    "behind an hour": [
        "The fire began at 2 a.m. | Residents fled.",
        "It ends at 6 a.m. | Residents stay in.",
        "He left at 10 p.m. | On Tuesday, he came back.",
        "The shop closes at 5 p.m. | Monday is a holiday.",
        "It ended at 10 p.m. | Friday's show was closed.",
        "They met at 3 p.m. | Ms. Ruiz was late.",
        'It ended at 5 p.m. | "I left," he said.',
    ],
    "behind an abbreviation": [
        "He lives in the U.S. | He left.",
        "He works for Acme Inc. | The firm closed.",
        "They met in Washington, D.C. | The firm closed.",
        "His son is John Roe Jr. | He left.",
        "He has a Ph.D. | She has none.",
        "It sold apples, pears, etc. | Then it closed.",
        "He lives on Calder St. | The house burned.",
        "They sat. | Five left.",
        "It fell by 5 cm. | 20 people were hurt.",
    ],
    "behind a number or a no": [
        "The vote was 5 to 4. | Then it closed.",
        "It rose 3.5. | Then it fell.",
        "Asked again, Gov. Lee said no. | Nobody cared.",
        "Call No. 5. | No. 6 is out.",
        "It has 5. | Six left.",
    ],
    "beside a quotation": [
        '"No!" | He left.',
        "He said “no.” | Then he left.",
        'He asked, "Why?" | Police said that the street was closed.',
        'He asked, "Why?" | Pell said, "No."',
        '"It is over," she said. | "We lost."',
        "He said, “We won.” | “We did,” she said.",
        "He left. | (She stayed.)",
        "He left.) | Then it closed.",
    ],
    "in posts, lists and other scripts": [
        "it broke. | nobody answers.",
        "Omg it broke. | nobody answers.",
        "It closed. [1] | Then it opened.",
        "Headline without a stop|\n|Body text.",
        "First.|\r\n|Second.|\r|Third.|\u2028|Fourth.",
        "השרת נפל. | החברה הכחישה.",
        "系统崩溃了。|公司否认。",
    ],
}


@pytest.mark.parametrize("text", [text for kind in CUT.values() for text in kind])
def test_a_sentence_ends_at_a_stop_or_a_line(text: str) -> None:
    expected = [part for part in map(str.strip, text.split("|")) if part]
    assert parts(text.replace("|", "")) == expected


@pytest.mark.parametrize(
    "text",
    [
        # The mark stands close to what it quotes.
        'Mara Vell said so. |"We did not know.',
        'Mara Vell said so. |"We did not know. And we were not told," she added.',
        "Mara Vell said so. |“We did not know. |And we were not told.",
        "Mara Vell said so. |'We did not know.",
        # With spaces on both sides, or on none, the marks before it are counted.
        '"We knew," he said. |" We were told.',
        '"We did not know. " |Then Vell left.',
        'It closed on Monday.|"We were told," Vell said.',
        '"We were told."|Then Vell left.',
    ],
)
def test_a_quotation_mark_is_with_the_sentence_that_it_opens_or_closes(text: str) -> None:
    assert parts(text.replace("|", "")) == [part.strip() for part in text.split("|")]


def test_a_conjunction_opens_its_clause() -> None:
    text = "Acme fell, but Bolt rose while Core stood"
    assert [text[start:end] for start, end in clauses(text)] == [
        "Acme fell",
        "but Bolt rose ",
        "while Core stood",
    ]
