import pytest

from summarizer.domain.claims import VerdictLabel
from summarizer.verification.checks import conflation
from summarizer.verification.evidence import CitedEvidence, CitedText

ACME = "Acme recalled 300 robots in Ostia on 3 May 2026."
KESTREL = "Kestrel lost 45 drones during a storm near Tolby on 9 June 2025."
RUIZ = "Marta Ruiz resigned from the board of Acme."


def cited(*texts: str) -> CitedEvidence:
    found = tuple(
        CitedText(id=f"a{n}.1", text=text, item=f"a{n}", origin=f"a{n}")
        for n, text in enumerate(texts, 1)
    )
    return CitedEvidence(found, found)


GLUED = [
    ("Acme recalled 45 robots.", "45"),
    ("Acme recalled robots on 9 June 2025.", "9 June 2025"),
    ("Acme lost drones during a storm.", "lost drones during a storm"),
    ("In Ostia, 45 machines failed.", "45"),
    ("Kestrel recalled 300 drones.", "300"),
    ("Kestrel lost drones on 3 May 2026.", "3 May 2026"),
    ("Kestrel recalled its robots.", "recalled its robots"),
    ("Acme of Ostia had 45 losses.", "45"),
    ("Near Tolby, 300 drones fell.", "300"),
    ("Acme recalled 300 robots, and 45 fell.", "45"),
    ("Acme was hit by a storm that took drones.", "storm that took drones"),
    ("On 9 June 2025 Acme recalled robots.", "9 June 2025"),
    ("Some 45 robots of Acme were recalled.", "45"),
    ("Acme says a storm hit 45 units.", "45"),
    ("The robots of Kestrel were recalled.", "robots of Kestrel were recalled"),
    ("Tolby saw 300 recalled.", "300"),
    ("Kestrel, hit by a recall, lost 300 robots.", "300"),
    ("A storm cost Acme its drones.", "storm cost Acme its drones"),
    ("In May 2026 Kestrel lost drones.", "May 2026"),
    ("The drones of Acme were lost near a storm.", "drones of Acme were lost near a storm"),
]

TOLD = [
    "Acme recalled 300 robots.",
    "Acme recalled robots on 3 May 2026.",
    "Kestrel lost 45 drones.",
    "Acme recalled 300 robots; Kestrel lost 45 drones.",
    "Kestrel lost 45 drones and Acme recalled 300 robots.",
    "While Acme recalled robots in Ostia, a storm near Tolby took 45 drones.",
    "Some 300 robots were recalled and 45 drones lost.",
    "Drones were lost during a storm.",
    "Acme and Kestrel lost 345 machines.",
    "In Ostia 300 robots were recalled.",
    "Near Tolby a storm took drones.",
    "A recall and a storm hit two firms.",
    "Acme acted in Ostia.",
    "Acme recalled 12 robots.",
    "The firm recalled 45 drones.",
]

SHARED = [
    ("Ruiz resigned after 300 robots were recalled.", (ACME, RUIZ)),
    ("Ruiz resigned from Acme, which recalled robots.", (ACME, RUIZ)),
    ("Marta Ruiz left; robots were recalled in May 2026.", (RUIZ, ACME)),
    ("Acme recalled 300 robots.", (ACME,)),
    ("Acme recalled 45 robots.", (ACME, "Later 45 robots were recalled.")),
    ("Acme recalled 45 robots.", (ACME, "In Ostia 45 robots were recalled.")),
    ("Acme recalled 45 robots.", (ACME, KESTREL, "Acme recalled 45 robots.")),
]


@pytest.mark.parametrize(("claim", "words"), GLUED)
def test_the_name_of_one_incident_with_the_fact_of_another_fails(claim, words):
    (failure,) = conflation.check(claim, cited(ACME, KESTREL))
    assert (failure.check, failure.label) == ("merging", VerdictLabel.UNSUPPORTED)
    assert claim[failure.start : failure.end] == words
    assert "a1.1" in failure.reason
    assert "a2.1" in failure.reason


@pytest.mark.parametrize("claim", TOLD)
def test_a_claim_that_keeps_two_incidents_apart_passes(claim):
    assert conflation.check(claim, cited(ACME, KESTREL)) == []


@pytest.mark.parametrize(("claim", "texts"), SHARED)
def test_items_that_share_an_actor_or_a_place_tell_one_story(claim, texts):
    assert conflation.check(claim, cited(*texts)) == []


def test_an_actor_named_elsewhere_in_an_item_counts_as_shared():
    first = CitedText(id="a1.1", text=ACME, item="a1")
    second = CitedText(id="a2.2", text="A fire in Tolby hurt 45 people.", item="a2", n=2)
    other = CitedText(id="a2.1", text="Acme owns the plant.", item="a2")
    claim = "At Acme 45 people were hurt."
    assert conflation.check(claim, CitedEvidence((first, second), (first, other, second))) == []
    assert len(conflation.check(claim, CitedEvidence((first, second), (first, second)))) == 1


def test_the_passage_that_joins_both_is_offered():
    first, second = cited(ACME, KESTREL).known
    right = CitedText(id="a3.1", text="Acme recalled 45 robots.", item="a3")
    (failure,) = conflation.check(
        "Acme recalled 45 robots.", CitedEvidence((first, second), (first, second, right))
    )
    assert failure.better == "a3.1"
