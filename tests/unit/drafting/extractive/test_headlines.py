"""Headlines in the case of sentences."""

import pytest

from summarizer.drafting.extractive.headlines import in_sentence_case

TEXTS = ["The mayor of Orl disputes a report. A critic of the House told her so, and Orl knew."]


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Mayor Of Orl Disputes Report Of House", "Mayor of Orl disputes report of House"),
        ("Mayor of Orl disputes what Report says", "Mayor of Orl disputes what Report says"),
        ("Vell Quits Orl", "Vell quits Orl"),
        ("Critic Tells Mayor Of Vell", "Critic tells mayor of Vell"),
        ("", ""),
    ],
)
def test_a_word_becomes_small_that_is_no_name(title, plain):
    assert in_sentence_case(title, TEXTS) == plain


@pytest.mark.parametrize(
    ("small", "plain"), [(4, "Mayor of Orl takes money"), (3, "Mayor of Orl takes Money")]
)
def test_a_word_that_is_mostly_small_is_no_name(small, plain):
    texts = ["All of the money was gone. " * small + "In Orl the paper Money knew."]
    assert in_sentence_case("Mayor Of Orl Takes Money", ["The mayor takes it.", *texts]) == plain
