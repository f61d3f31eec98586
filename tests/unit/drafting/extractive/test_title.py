"""How a sentence is clipped to a headline, and which headline becomes the title."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.sections import Layout
from summarizer.drafting import prompts
from summarizer.drafting.extractive import ExtractiveDrafter
from summarizer.drafting.extractive.compression import clips
from tests.support.builders import a_pack, an_item

TITLE = [spec for spec in prompts.load().specs() if spec.row.layout is Layout.HEADLINE]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Acme closed its old plant in Leeds.", "Acme closed its old plant in Leeds"),
        ("Three drivers have sued Acme Motion, alleging that it kept their photos for years.",
         "Three drivers have sued Acme Motion"),
        (
            "Acme Motion has been fined $6.4 million and has admitted that it told the regulator "
            "of the fault more than two months late.",
            "Acme Motion has been fined $6.4 million",
        ),
        ("The Tolby ferry office on Monday banned the Dawn from the harbour.",
         "The Tolby ferry office banned the Dawn from the harbour"),
        ("Halden Line cancelled 14 crossings late on Friday night.",
         "Halden Line cancelled 14 crossings"),
        ("On Sunday, crews of Halden Line went on strike again.",
         "Crews of Halden Line went on strike again"),
        ("Ana Ruiz, a nurse from the town of Tolby, has sued Halden Line over the crossing.",
         "Ana Ruiz has sued Halden Line over the crossing"),
        ("The Tolby Port Office (TPO) fined the company after a long inquiry into the pumps.",
         "The Tolby Port Office (TPO) fined the company"),
    ],
)  # fmt: skip
def test_the_day_asides_and_what_follows_are_left_out_of_a_headline(text, title):
    best = max(clips(text, 10), key=lambda found: (found.whole, len(found.text)))
    assert best.text == title


@pytest.mark.parametrize(
    "text",
    [
        # The verb still asks for what was cut off.
        "The minister told the owners of the ferry in a long letter that they must pay.",
        "The port office asked the owners of both old ferries to stop all crossings now.",
        "The minister likened the failure of the ferry gates to the fall of the old wall.",
        "The Dawn has become the first ferry of the line to stop all service for rust alone.",
        # The main clause was cut off.
        "The last form of the rules, written by two former captains, was published on land.",
        "A captain of the line who was charged with taking money of the crew was jailed.",
        "From the harbour of Tolby to the old town the ferry is what people talk about.",
        # An aside that does not close.
        "The senator has apologised for - but has not left - a club of owners that takes no women.",
        # Who says it must not go.
        "The pump failed because of rust that had been known for years, two former captains said.",
    ],
)
def test_what_hangs_on_its_end_is_no_headline(text):
    assert list(clips(text.replace(" - ", " – "), 11)) == []


def test_who_says_it_stays_when_the_middle_is_left_out():
    text = (
        "The ferry Dawn was stopped on Friday in the old harbour by three men of the port office, "
        "its captain Ana Ruiz said."
    )
    best = max(clips(text, 12), key=lambda found: found.whole)
    assert best.text == "The ferry Dawn was stopped, its captain Ana Ruiz said"


def test_an_aside_that_says_who_says_so_is_kept():
    text = "Prices of Halden crossings rose by a tenth, the port office said, the most since 2008."
    assert all("office said" in found.text or "2008" not in found.text for found in clips(text, 16))


@given(st.text(alphabet="abc ABC,.;“”\"—()'\n", max_size=200), st.integers(6, 30))
def test_a_headline_has_no_words_of_its_own(text, words):
    for found in clips(text, words):
        assert len(found.text.split()) <= words
        letters = iter(text.casefold())
        assert all(letter in letters for letter in found.text.casefold())


def title_of(*items) -> list[str]:
    (drafted,) = ExtractiveDrafter().draft(a_pack(*items), TITLE, lambda section: None).sections
    return [claim.text for claim in drafted.claims]


STANDS = "Ferry Dawn has stood in Tolby since March"
LONG = (
    "{name}, where the crew of the ferry and its owners had argued for most of the winter about "
    "who would pay for the rust in the pump, is where the ferry Dawn has stood since March."
)


def test_a_title_says_who_did_something_rather_than_what_somebody_said_of_it():
    first = an_item("a1", "The company said on Friday that it would pay.", title="Ferry stands")
    second = an_item(
        "a2", "Inspectors of Tolby banned the ferry Dawn on Friday.", title="Ferry Dawn banned"
    )
    assert title_of(first, second) == ["Inspectors of Tolby banned the ferry Dawn"]


def test_where_no_sentence_makes_a_title_an_items_own_does_if_its_text_carries_it():
    carried = an_item(
        "a1", LONG.format(name="Tolby"), title="Ferry Dawn has stood in Tolby since March"
    )
    assert title_of(carried) == [STANDS]
    invented = an_item("a1", LONG.format(name="Tolby"), title="Captain sold the pumps for drink")
    assert title_of(invented) == []
