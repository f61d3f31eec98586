import pytest

from summarizer.domain.claims import VerdictLabel
from summarizer.verification.checks import swaps
from summarizer.verification.evidence import of_texts

PASSES = [
    ("Acme cut 40 of the 120 jobs.", "Acme cut 40 of the 120 jobs."),
    ("Of the 120 jobs Acme cut 40.", "Acme cut 40 of the 120 jobs."),
    ("Acme had 120 jobs and cut 40.", "Acme cut 40 of the 120 jobs."),
    ("Acme cut 40 of 120 jobs in Ostia.", "Acme cut 40 of the 120 jobs in Ostia."),
    ("The trial took 6 hours and 46 minutes.", "The trial took 6 hours and 46 minutes."),
    ("The trial took 46 minutes more than 6 hours.", "The trial took 6 hours and 46 minutes."),
    ("Two of the four claims fell.", "Two of the four claims fell."),
    ("Four claims were made and two fell.", "Two of the four claims fell."),
    ("2 of the 4 claims fell.", "Two of the four claims fell."),
    ("Acme sold 300 robots in May and 500 in June.", "In May Acme sold 300 robots, in June 500."),
    ("Shares fell 4% to $12.", "Shares fell 4% to $12."),
    ("Shares fell to $12, down 4%.", "Shares fell 4% to $12."),
    ("Hale got 7 votes and Ruiz got 5 votes.", "Hale got 7 votes and Ruiz got 5 votes."),
    ("Ruiz got 5 votes and Hale got 7 votes.", "Hale got 7 votes and Ruiz got 5 votes."),
    ("Ruiz got 5 votes to the 7 of Hale.", "Hale got 7 votes and Ruiz got 5 votes."),
    ("It lost 5 to 3.", "It lost by 3 to 5."),
    ("Some 30 to 40 robots failed.", "Some 30 to 40 robots failed in Ostia."),
    ("Acme paid $3 million for 20 robots.", "For 20 robots Acme paid $3 million."),
    ("The 34 shuttles carried 900 people.", "The 34 shuttles carried 900 people."),
    ("The shuttles, 34 in all, carried 900 people.", "The 34 shuttles carried 900 people."),
    ("Acme has 12 plants and 7 labs.", "Kestrel has 7 plants and 12 drones."),
    ("Acme fined 3 firms and warned 9.", "Acme fined 3 firms; 9 were warned."),
]

FAILED = [
    ("Acme cut 120 of the 40 jobs.", "Acme cut 40 of the 120 jobs."),
    ("Four of the two claims fell.", "Two of the four claims fell."),
    ("4 of the 2 claims fell.", "Two of the four claims fell."),
    ("The trial took 46 hours and 6 minutes.", "The trial took 6 hours and 46 minutes."),
    ("Hale got 5 votes and Ruiz got 7 votes.", "Hale got 7 votes and Ruiz got 5 votes."),
    (
        "Acme sold 500 robots in May and 300 in June.",
        "Acme sold 300 robots in May and 500 in June.",
    ),
    ("The 900 shuttles carried 34 people.", "The 34 shuttles carried 900 people."),
    ("Acme has 7 plants and 12 labs.", "Acme has 12 plants and 7 labs."),
    ("Acme fined 9 firms and warned 3 banks.", "Acme fined 3 firms and warned 9 banks."),
    ("It completed 1,200 of the 417 sentences.", "It completed 417 of the 1,200 sentences."),
    ("Acme asked to keep 312 of the 140 pages.", "Acme asked to keep 140 of the 312 pages."),
    ("Of the 40 jobs Acme cut 120 in May.", "Of the 120 jobs Acme cut 40 in May."),
    ("The plant has 20 staff on 300 floors.", "The plant has 300 staff on 20 floors."),
    ("It took 9 days to reach 4 villages.", "It took 4 days to reach 9 villages."),
    ("The 8 judges heard 15 cases in May.", "The 15 judges heard 8 cases in May."),
    ("Acme runs 5 ships with 700 cabins.", "Acme runs 700 ships with 5 cabins."),
    ("The fund pays 640 people $18,000 each.", "The fund pays 18,000 people $640 each."),
    ("In Ostia 60 users lost 11 accounts.", "In Ostia 11 users lost 60 accounts."),
    ("Ruiz bought 3 firms for her 80 clients.", "Ruiz bought 80 firms for her 3 clients."),
    ("Some 25 robots hit 6 people in Tolby.", "Some 6 robots hit 25 people in Tolby."),
]


@pytest.mark.parametrize(("claim", "source"), PASSES)
def test_numbers_that_stand_for_their_own_things_pass_in_any_order(claim, source):
    assert swaps.check(claim, of_texts([("s", source)])) == []


@pytest.mark.parametrize(("claim", "source"), FAILED)
def test_two_numbers_in_one_anothers_places_contradict_the_passage(claim, source):
    (failure,) = swaps.check(claim, of_texts([("s", source)]))
    assert (failure.check, failure.label) == ("exchange", VerdictLabel.CONTRADICTED)
    assert claim[failure.start].isdigit() or claim[failure.start : failure.end].startswith("Four")


def test_a_second_passage_that_has_the_claims_order_settles_it():
    sources = [("s", "Acme cut 40 of the 120 jobs."), ("t", "Acme cut 120 of the 40 jobs.")]
    assert swaps.check("Acme cut 120 of the 40 jobs.", of_texts(sources)) == []


NAMES_IN_PLACE = [
    ("Acme said Hale left Tolby in May.", "Acme said Hale left Tolby in May."),
    ("Reporters met Marta Ruiz in Ostia.", "Reporters met Ruiz in Ostia."),
    ("On Monday the FDA sued Acme.", "On Monday the Federal Data Authority sued Acme."),
    ("In May the US court fined Acme.", "In May the American court fined Acme."),
    ("In May the firm from China paid Acme.", "In May the firm from Beijing, China paid Acme."),
    ("In May Acme paid the fine to Ostia.", "In May the company paid the fine to Ostia."),
    ("On Friday she met Hale in Tolby.", "On Friday Ruiz met Hale in Tolby."),
    ("In Tolby J. Hale met Ruiz.", "In Tolby Jonas Hale met Ruiz."),
    ("In June Acme sued Hale over the robots.", "Ruiz was quiet in June. Acme sued Hale in June."),
    ("In May critics of Acme met Ruiz.", "Ruiz closed the plant and met Hale in Ostia."),
    ("In Ostia the mayor thanked Hale.", "In Ostia mayor Lind thanked Hale."),
    ("In May the Tolby plant of Acme closed.", "In May the Tolby works of Acme closed."),
]
NAMES_DISPLACED = [
    ("In May Hale sued Acme over the robots.", "In May Ruiz sued Acme over the robots.", "Hale"),
    ("In court Acme paid Ostia the fine.", "In court Acme paid Tolby the fine.", "Ostia"),
    ("The company of Hale fined nobody.", "The company of Ruiz fined nobody.", "Hale"),
    ("The move cost Acme its Ostia plant.", "The move cost Acme its Tolby plant.", "Ostia"),
    ("In May the Thai court fined Acme.", "In May the Dutch court fined Acme.", "Thai"),
    (
        "The plan of Jonas Lind failed in May.",
        "The plan of Marta Ruiz failed in May.",
        "Jonas Lind",
    ),
    ("In Ostia, as Hale told Acme, it fell.", "In Ostia, as Ruiz told Acme, it fell.", "Hale"),
    ("Reporters found that Acme sold it.", "Reporters found that Bolt sold it.", "Acme"),
    ("It is for Bolt and not for Acme.", "It is for Bolt and not for Tolby.", "Acme"),
    ("On Friday she met Hale in the old mill.", "On Friday she met Ruiz in the old mill.", "Hale"),
]


@pytest.mark.parametrize(("claim", "source"), NAMES_IN_PLACE)
def test_a_name_in_its_own_place_or_in_another_form_passes(claim, source):
    assert swaps.check(claim, of_texts([("s", source)])) == []


@pytest.mark.parametrize(("claim", "source", "name"), NAMES_DISPLACED)
def test_a_name_in_the_place_of_another_contradicts_the_passage(claim, source, name):
    (failure,) = swaps.check(claim, of_texts([("s", source)]))
    assert (claim[failure.start : failure.end], failure.label) == (name, VerdictLabel.CONTRADICTED)


def test_a_second_passage_that_has_the_claims_name_settles_it():
    sources = [("s", "In May Ruiz sued Acme in court."), ("t", "In May Hale sued Acme in court.")]
    assert swaps.check("In May Hale sued Acme in court.", of_texts(sources)) == []
