import pytest

from summarizer.domain import Label
from summarizer.faithfulness import negation
from summarizer.faithfulness.grounds import of_texts

PASSES = [
    ("Acme recalled the robots.", "Acme recalled the robots."),
    ("Acme did not recall the robots.", "Acme did not recall the robots."),
    ("Acme didn't recall the robots.", "Acme has never recalled the robots."),
    ("Acme not only recalled the robots but paid.", "Acme recalled the robots and paid."),
    ("Shares of Acme rose on Monday.", "Shares of Acme rose on Monday after they fell."),
    ("Shares of Acme fell.", "Sales of Kestrel rose in Ostia after a long summer."),
    ("Acme denied the report.", "Acme did not confirm the report."),
    ("Acme bought Kestrel from Hale.", "Hale sold Kestrel to Acme."),
    ("No one was hurt in the crash.", "The crash hurt no one."),
    ("Acme sold more robots.", "Acme sold more robots at less cost."),
    ("Acme failed to recall the robots.", "Acme did not recall the robots."),
    ("The court will not hear the case in May.", "Will the court hear the case in May?"),
    ("The new law is not likely to pass this year.", "The new law is unlikely to pass this year."),
]

TURNED = [
    ("Acme did not recall the faulty robots.", "Acme recalled the faulty robots.", "not"),
    ("Acme recalled the faulty robots.", "Acme never recalled the faulty robots.", "recalled"),
    ("Shares of Acme rose on Monday.", "Shares of Acme fell on Monday.", "rose"),
    (
        "Sales of the robots increased in Ostia.",
        "Sales of the robots decreased in Ostia.",
        "increased",
    ),
    ("The court rejected the Ostia plan.", "The court approved the Ostia plan.", "rejected"),
    (
        "The Ostia ban is illegal, the court says.",
        "The Ostia ban is legal, the court says.",
        "illegal",
    ),
    (
        "The ministry will allow the robots in Ostia.",
        "The ministry will ban the robots in Ostia.",
        "allow",
    ),
    ("The union supports the Ostia plan.", "The union opposes the Ostia plan.", "supports"),
    (
        "Acme expects a profit this year in Ostia.",
        "Acme expects a loss this year in Ostia.",
        "profit",
    ),
    ("A vote on the Ostia plan is likely.", "A vote on the Ostia plan is unlikely.", "likely"),
    ("The hospital can't open the new ward.", "The hospital can open the new ward.", "can't"),
]


@pytest.mark.parametrize(("claim", "source"), PASSES)
def test_the_same_polarity_passes(claim: str, source: str) -> None:
    assert negation.check(claim, of_texts([("s", source)])) == []


@pytest.mark.parametrize(("claim", "source", "words"), TURNED)
def test_a_claim_that_turns_its_passage_around_is_contradicted(
    claim: str, source: str, words: str
) -> None:
    (failure,) = negation.check(claim, of_texts([("s", source)]))
    assert failure.label is Label.CONTRADICTED
    assert claim[failure.start : failure.end] == words
