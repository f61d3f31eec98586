"""Extracts: what of a source sentence may be left out, and what may not."""

import pytest

from summarizer.verification.evidence import index_of, of_texts
from summarizer.verification.extracts import is_extract
from tests.support.builders import a_pack, an_item

WHOLE = "Two workers were hurt when a crane fell at Port Harrow on Tuesday, the fire service said."


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        (WHOLE, WHOLE),
        (f"The quay is closed. {WHOLE} It reopens in May.", WHOLE),
        ("However, Harrow Docks also sold the crane.", "Harrow Docks sold the crane."),
        ("Harrow Docks, a port operator, sold the crane.", "Harrow Docks sold the crane."),
        ("The crane, which was built in 1990, fell on Tuesday.", "The crane fell on Tuesday."),
        ("The crane fell on Tuesday, killing two workers.", "The crane fell on Tuesday."),
        ("Harrow Docks (HD) sold the crane.", "Harrow Docks sold the crane."),
        ("Police arrested him and released him on Tuesday.", "Police arrested him."),
        ("The inquiry found that the arm was cracked.", "The inquiry found that arm was cracked."),
        ("Police didn't find the crane’s arm.", "Police did not find the crane's arm."),
        ("The quay is closed. The port is open.", "The quay is closed. The port is open."),
    ],
)
def test_a_sentence_is_an_extract_when_it_leaves_out_what_governs_nothing(source, claim):
    assert is_extract(claim, of_texts([("a", source)]))


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        # Operators, speakers and conditions around the copied words.
        ("Harrow Docks denied that it sold the crane.", "It sold the crane."),
        ("There is no evidence that Harrow Docks sold the crane.", "Harrow Docks sold the crane."),
        ("It is unclear whether Harrow Docks sold the crane.", "Harrow Docks sold the crane."),
        ("Harrow Docks may have sold the crane.", "Harrow Docks sold the crane."),
        ("Harrow Docks never sold the crane.", "Harrow Docks sold the crane."),
        ("Harrow Docks allegedly sold the crane.", "Harrow Docks sold the crane."),
        ("Harrow Docks sold the crane, police said.", "Harrow Docks sold the crane."),
        ("According to police, Harrow Docks sold the crane.", "Harrow Docks sold the crane."),
        ("If Harrow Docks sold the crane, it will pay.", "Harrow Docks sold the crane."),
        ("Harrow Docks will pay, if it sold the crane.", "Harrow Docks will pay."),
        ('"I deny that we sold it," said Jon Pell.', '"We sold it," said Jon Pell.'),
        # What frames the deed, before it or as an aside.
        ("In the novel, Harrow Docks sold the crane.", "Harrow Docks sold the crane."),
        ("Harrow Docks, in the novel, sold the crane.", "Harrow Docks sold the crane."),
        ("Under the plan, Harrow Docks sold the crane.", "Harrow Docks sold the crane."),
        ("The drug, in mice, cures the fever.", "The drug cures the fever."),
        # Words that limit or describe another, and the wrong end of a phrase.
        ("Harrow Docks sold some of the cranes.", "Harrow Docks sold the cranes."),
        ("Harrow Docks nearly sold the crane.", "Harrow Docks sold the crane."),
        ("Police seized a fake passport.", "Police seized a passport."),
        ("Two former ministers were fined.", "Two ministers were fined."),
        ("Workers who were late lost their jobs.", "Workers lost their jobs."),
        ("Profit rose by 5 per cent in Ostrand.", "Profit rose by 5 per cent."),
        ("The son of the mayor was fined.", "The mayor was fined."),
        ("Harrow Docks or Kessel Steel sold the crane.", "Harrow Docks sold the crane."),
        ("The crane fell onto a ship that Kessel Steel built.", "The crane built a ship."),
        # Words of its own, words in another place, another sentence.
        ("Harrow Docks sold the crane.", "Harrow Docks secretly sold the crane."),
        ("Harrow Docks sold the crane.", "Harrow Docks bought the crane."),
        ("Harrow Docks sold Kessel Steel.", "Kessel Steel sold Harrow Docks."),
        ("The crane fell after the storm.", "The crane fell before the storm."),
        ("Harrow Docks paid 30 people 5 dollars.", "Harrow Docks paid 5 people 30 dollars."),
        ("Did Harrow Docks sell the crane?", "Harrow Docks did sell the crane."),
        ("Harrow Docks grew. Kessel Steel fell.", "Harrow Docks fell."),
        ("Harrow Docks sold the crane.", "The quay is closed."),
        ("Harrow Docks sold the crane.", ""),
    ],
)
def test_a_sentence_that_adds_or_loses_what_matters_is_no_extract(source, claim):
    assert not is_extract(claim, of_texts([("a", source)]))


@pytest.mark.parametrize(
    ("claim", "is_one"),
    [
        ('Orler Bote wrote: "Der Kai ist zu."', True),
        ('On May 1, 2026, Orler Bote wrote: "Der Kai ist zu."', True),
        ('Orler Post wrote: "Der Kai ist zu."', False),
        ('Orler Bote wrote: "Der Kai ist"', False),
        ('Orler Bote wrote: "Der Hafen ist zu."', False),
    ],
)
def test_a_whole_passage_quoted_from_its_outlet_is_an_extract(claim, is_one):
    item = an_item("a1", "Der Kai ist zu.", outlet="Orler Bote")
    assert is_extract(claim, index_of(a_pack(item)).grounds(("a1.1",))) is is_one


@pytest.mark.parametrize(
    ("claim", "is_one"),
    [
        ("SafeTable's director, Ada Lorn, resigned on Monday.", True),
        ("Orvane's director, Ada Lorn, resigned on Monday.", False),
        ("SafeTable's director, Ada Lorn, resigned.", False),
    ],
)
def test_a_name_for_its_that_the_passage_before_gives_is_an_extract(claim, is_one):
    item = an_item("a1", "SafeTable closed.\nIts director, Ada Lorn, resigned on Monday.")
    assert is_extract(claim, index_of(a_pack(item)).grounds(("a1.1", "a1.2"))) is is_one


def test_only_cited_passages_count():
    grounds = of_texts([("a", "The quay is closed."), ("b", WHOLE)])
    cited = type(grounds)(cited=grounds.cited[:1], known=grounds.known)
    assert is_extract(WHOLE, grounds)
    assert not is_extract(WHOLE, cited)
