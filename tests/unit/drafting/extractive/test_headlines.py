"""Headlines in the case of sentences."""

import pytest

from summarizer.drafting.extractive.headlines import in_sentence_case

TEXTS = ["The mayor of Orl disputes a report. A critic of the House told her so, and Orl knew."]


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Mayor Of Orl Disputes Report Of House", "Mayor of Orl disputes report of House"),
        ("Mayor of Orl disputes what Report says", "Mayor of Orl disputes what Report says"),
        ("Vell Quits Orl", "Vell Quits Orl"),
        ("", ""),
    ],
)
def test_a_word_becomes_small_that_the_texts_only_write_small(title, plain):
    assert in_sentence_case(title, TEXTS) == plain
