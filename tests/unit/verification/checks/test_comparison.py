import pytest

from summarizer.domain.claims import VerdictLabel
from summarizer.verification.checks import comparison
from summarizer.verification.evidence import of_texts

PASSES = [
    ("Shares of Acme rose on Monday.", "Shares of Acme rose on Monday after they fell."),
    ("Shares of Acme rose on Monday.", "Shares of Acme climbed on Monday."),
    ("Shares of Acme fell.", "Shares of Kestrel rose while shares of Acme fell."),
    ("Shares of Acme fell.", "Sales of Kestrel rose in Ostia after a long summer."),
    ("Acme sold more robots.", "Acme sold more robots at less cost."),
    ("Sales of Acme robots did not rise.", "Sales of Acme robots fell."),
    ("Sales of Acme robots fell.", "Sales of Acme robots did not rise."),
    ("Sales fell in Ostia but rose in Tolby.", "Sales rose in Tolby and fell in Ostia."),
    ("Profit is higher than at Kestrel.", "Kestrel has a lower profit than Acme."),
    ("Kestrel is smaller than Acme.", "Acme is bigger than Kestrel."),
    ("The strike began before the vote.", "The vote came after the strike began."),
    ("The strike began after the talks.", "The strike began after the talks and before May."),
    ("More than 40 robots failed.", "Over 40 robots failed."),
    ("At least 40 robots failed.", "More than 40 robots failed, the union said."),
    ("Fewer than 40 robots failed.", "Under 40 robots failed."),
    ("More than 40 robots failed.", "Forty-six robots failed; fewer than 40 people saw it."),
    ("More than 40 robots failed.", "More than 40 robots failed, then fewer than 40 robots."),
    ("Kestrel lost the case against Acme.", "Acme won the case against Kestrel."),
    ("It was the first outage in Ostia.", "It was the first outage in Ostia since last year."),
    ("Acme cut the price of its robots.", "Acme reduced the price of its robots."),
    ("The robots were moved up the hill in Ostia.", "A long hill stands in Ostia."),
    ("The output at Tolby grew faster.", "Growth of the output at Tolby was faster."),
    ("Nearly 40 robots failed.", "Almost 40 robots failed."),
]

TURNED = [
    ("Shares of Acme rose on Monday.", "Shares of Acme fell on Monday.", "rose"),
    ("Shares of Acme rose on Monday.", "Shares of Acme plunged on Monday.", "rose"),
    ("Sales of the robots increased in Ostia.", "Sales of the robots decreased in Ostia.", None),
    ("Sales of robots dropped in Ostia.", "Sales of robots climbed 3% in Ostia.", "dropped"),
    ("Acme sold more robots in May.", "Acme sold fewer robots in May.", "more"),
    ("The Ostia plant has a higher output.", "The Ostia plant has a lower output.", "higher"),
    ("Acme won the case against Kestrel.", "Acme lost the case against Kestrel.", "won"),
    ("Acme gained 40 customers in May.", "Acme lost 40 customers in May.", "gained"),
    ("The strike began before the vote in Ostia.", "The strike began after the vote in Ostia.", 0),
    ("The price stayed above the Ostia target.", "The price stayed below the Ostia target.", None),
    ("The new robots are faster in tests.", "The new robots are slower in tests.", "faster"),
    ("The new robots of Acme are bigger.", "The new robots of Acme are smaller.", "bigger"),
    ("Acme is bigger than Kestrel.", "Acme is smaller than Kestrel.", "bigger"),
    ("It was the first outage in Ostia.", "It was the last outage in Ostia.", "first"),
    ("A majority of the Ostia board agreed.", "A minority of the Ostia board agreed.", "majority"),
    ("The best score came from Ostia robots.", "The worst score came from Ostia robots.", "best"),
    ("The prices at Acme went up in May.", "The prices at Acme went down in May.", "up"),
    ("More than 40 robots failed.", "Fewer than 40 robots failed.", "More than 40"),
    ("At least 40 robots failed.", "At most 40 robots failed.", "At least 40"),
    ("Up to 40 robots failed.", "No fewer than 40 robots failed.", "Up to 40"),
    ("The fine is under $5 million.", "The fine is over $5 million.", "under $5 million"),
    ("Nearly 40 robots failed.", "More than 40 robots failed.", "Nearly 40"),
    (
        "Shares of Acme fell on Monday.",
        "Shares of Acme rose on Monday while shares of Kestrel fell.",
        "fell",
    ),
]


@pytest.mark.parametrize(("claim", "source"), PASSES)
def test_the_same_direction_however_it_is_told_passes(claim, source):
    assert comparison.check(claim, of_texts([("s", source)])) == []


@pytest.mark.parametrize(("claim", "source", "words"), TURNED)
def test_a_direction_that_the_passage_turns_around_is_contradicted(claim, source, words):
    (failure,) = comparison.check(claim, of_texts([("s", source)]))
    assert failure.label is VerdictLabel.CONTRADICTED
    assert not words or claim[failure.start : failure.end] == words


def test_the_reason_says_what_the_passage_says() -> None:
    source = of_texts([("s", "Shares of Acme fell on Monday.")])
    (failure,) = comparison.check("Shares of Acme rose on Monday.", source)
    assert "fell" in failure.reason
