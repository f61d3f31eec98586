import pytest

from summarizer.domain.claims import VerdictLabel
from summarizer.verification.checks import roles
from summarizer.verification.evidence import CitedEvidence, CitedText, of_texts

PASSES = [
    ("Acme sued Kestrel.", "Acme sued Kestrel."),
    ("Acme was sued by Kestrel.", "Kestrel sued Acme."),
    ("Acme sued Kestrel.", "Kestrel was later sued by Acme."),
    ("Acme sued Kestrel.", "Acme filed a lawsuit against Kestrel."),
    ("Acme sued Kestrel.", "The lawsuit filed by Acme against Kestrel goes on."),
    ("Acme sued Kestrel.", "Acme sued Kestrel, and Kestrel sued Acme back."),
    ("Kestrel, sued by Acme, paid.", "Acme sued Kestrel."),
    ("Acme bought Kestrel.", "Acme, which bought Kestrel in May, sells robots."),
    ("Acme bought Kestrel for $3 million.", "Acme bought Kestrel for $3 million and left Ostia."),
    ("Acme sued Kestrel.", "Acme is suing Kestrel Labs over patents."),
    ("Acme bought Kestrel.", "Kestrel was acquired by Acme."),
    ("Acme sued Kestrel.", "Kestrel met Acme in Ostia."),
    ("Acme sued Kestrel.", "Hale sued Kestrel."),
    ("Acme met Kestrel.", "Kestrel met Acme."),
    ("Acme sued Kestrel.", "Acme did not say why it sued Kestrel."),
    ("Marta Ruiz accused Tom Hale.", "Ruiz accused Hale of fraud."),
    ("Acme was fined by the Ostia regulator.", "The Ostia regulator fined Acme."),
    ("Ruiz replaced Hale.", "Hale was replaced by Ruiz as chair."),
    ("Acme licensed the model to Kestrel.", "Acme licensed its model to Kestrel."),
    ("Acme invested in Kestrel.", "Acme invested 3 million in Kestrel."),
    ("Kestrel defeated Acme.", "Acme sued Kestrel, but Kestrel defeated Acme in court."),
    ("Acme paid Kestrel.", "Acme, which Kestrel blamed, paid Kestrel."),
    ("Police arrested Hale.", "Hale was arrested by police."),
    ("Hale was dismissed.", "Acme dismissed Hale."),
]

EXCHANGED = [
    ("Acme sued Kestrel.", "Kestrel sued Acme."),
    ("Acme was sued by Kestrel.", "Acme sued Kestrel."),
    ("Kestrel bought Acme.", "Acme, which bought Kestrel in May, sells robots."),
    (
        "Kestrel bought Acme for $3 million in May and released its model Marlo.",
        "Acme bought Kestrel for $3 million in May and released its model Marlo.",
    ),
    ("Acme sued Kestrel.", "Acme was sued by Kestrel."),
    ("Acme sued Kestrel.", "Kestrel filed a lawsuit against Acme."),
    ("Acme sued Kestrel.", "The lawsuit filed by Kestrel against Acme goes on."),
    ("Acme filed a complaint against Kestrel.", "Kestrel sued Acme."),
    ("Marta Ruiz accused Tom Hale of fraud.", "Hale accused Ruiz of fraud."),
    ("Acme fined the Ostia regulator.", "The Ostia regulator fined Acme."),
    ("Acme acquired Kestrel.", "Acme was bought by Kestrel."),
    ("Acme bought Kestrel.", "Kestrel took over Acme."),
    ("Ruiz criticised Hale.", "Hale condemned Ruiz."),
    ("Ruiz fired Hale.", "Hale dismissed Ruiz."),
    ("Ruiz hired Hale.", "Ruiz was appointed by Hale."),
    ("Acme defeated Kestrel in court.", "Kestrel beat Acme in court."),
    ("Ruiz replaced Hale as chair.", "Ruiz was replaced by Hale as chair."),
    ("Acme blamed Kestrel for the leak.", "Kestrel blamed Acme for the leak."),
    ("Acme paid Kestrel 3 million.", "Kestrel paid Acme 3 million."),
    ("Acme invested in Kestrel.", "Kestrel invested 3 million in Acme."),
    ("Acme licensed the model to Kestrel.", "Kestrel licensed the model to Acme."),
    ("Hale arrested the police chief.", "The police chief arrested Hale."),
    ("Acme supplied Kestrel with chips.", "Kestrel supplied Acme with chips."),
    ("Acme misled Kestrel.", "Kestrel misled Acme for a year."),
    ("Acme warned Kestrel of the leak.", "Kestrel warned Acme of the leak."),
]


@pytest.mark.parametrize(("claim", "source"), PASSES)
def test_the_same_roles_in_either_voice_pass(claim: str, source: str) -> None:
    assert roles.check(claim, of_texts([("s", source)])) == []


@pytest.mark.parametrize(("claim", "source"), EXCHANGED)
def test_exchanged_roles_are_contradicted(claim: str, source: str) -> None:
    (failure,) = roles.check(claim, of_texts([("s", source)]))
    assert (failure.check, failure.label) == ("roles", VerdictLabel.CONTRADICTED)
    assert source.rstrip(".") in failure.reason


def test_the_failing_words_are_the_verb_and_the_right_passage_is_offered() -> None:
    cited = CitedText(id="a1.1", text="Kestrel sued Acme.", item="a1")
    right = CitedText(id="a2.2", text="In May Acme sued Kestrel.", item="a2")
    claim = "Then Acme sued Kestrel."
    (failure,) = roles.check(claim, CitedEvidence((cited,), (cited, right)))
    assert claim[failure.start : failure.end] == "sued"
    assert failure.better == "a2.2"
