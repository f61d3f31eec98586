import pytest

from summarizer.verification.checks.word_alignment import departures

FOUND = [
    ("Acme has not paid the fine.", "Acme has paid the fine.", "not", ""),
    ("Acme has paid the fine.", "Acme has not paid the fine.", "", "not"),
    ("Acme hasn't paid the fine.", "Acme has paid the fine.", "hasn't", ""),
    ("Hale denied the claim on May 4.", "Hale admitted the claim on May 4.", "denied", "admitted"),
    ("It fell after the vote in Ostia.", "It fell before the vote in Ostia.", "after", "before"),
    ("the plan is legal, she said", "Ruiz, 40, said the plan is illegal, she said", "legal",
     "illegal"),
]  # fmt: skip

NONE = [
    ("Acme has paid the fine.", "Acme has paid the fine."),
    ("Acme has paid the fine.", "In May, Acme has paid the fine."),
    ("Acme has paid the fine.", "Acme has paid the fine, which a judge set in June."),
    ("A court fined Acme in May.", "Hale left the board for good."),
    ("", "Acme has paid the fine."),
    ("Acme has paid the fine.", ""),
    (
        "Acme has paid the large fine that the judge set for it in May at last.",
        "Acme has never paid, nor will it ever pay, so Hale said today, the fine in May at last.",
    ),
]


@pytest.mark.parametrize(("sentence", "other", "mine", "theirs"), FOUND)
def test_a_changed_word_amid_the_same_words_is_a_departure(sentence, other, mine, theirs):
    (place,) = departures(sentence, other)
    assert " ".join(dict.fromkeys(w.text for w in place.mine)) == mine
    assert " ".join(w.text for w in place.theirs) == theirs


@pytest.mark.parametrize(("sentence", "other"), NONE)
def test_the_same_words_and_other_sentences_depart_nowhere(sentence, other):
    assert list(departures(sentence, other)) == []
