"""How a sentence is clipped to a headline, and which headline becomes the title."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.sections import Layout
from summarizer.drafting import prompts
from summarizer.drafting.extractive.compression import clips
from summarizer.drafting.extractive.drafter import ExtractiveDrafter
from summarizer.drafting.extractive.weekdays import without_days
from tests.support.builders import NOON, a_pack, an_item, hours

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
        ("Halden Line now puts its loss at $58 million.",
         "Halden Line now puts its loss at $58 million"),
        ("Halden Line cancelled its crossing after a crack was found in the hull, it said.",
         "Halden Line cancelled its crossing, it said"),
        ("Halden Line cancelled 14 crossings late on Friday night.",
         "Halden Line cancelled 14 crossings"),
        ("Police closed the old quay in Leeds at 8:17 a.m. Tuesday.",
         "Police closed the old quay in Leeds"),
        ("On Sunday, crews of Halden Line went on strike again.",
         "Crews of Halden Line went on strike again"),
        ("The harbour inspector Ana Ruiz told the crew that it must pay.",
         "Ana Ruiz told the crew that it must pay"),
        ("Ana Ruiz of Tolby said on Monday that Halden Line had lost its pumps.",
         "Ana Ruiz said that Halden Line had lost its pumps"),
        ("Halden Line will pay $2 million to settle a suit in which its crew had claimed more.",
         "Halden Line will pay $2 million to settle a suit"),
        ("In a long statement, Halden Line called for a new pump, as part of a plan for the port.",
         "Halden Line called for a new pump"),
        ("Ana Ruiz, a nurse from the town of Tolby, has sued Halden Line over the crossing.",
         "Ana Ruiz has sued Halden Line over the crossing"),
        ("The Tolby Port Office (TPO) fined the company after a long inquiry into the pumps.",
         "The Tolby Port Office (TPO) fined the company"),
    ],
)  # fmt: skip
def test_the_day_asides_and_what_follows_are_left_out_of_a_headline(text, title):
    best = max(clips(text, 10), key=lambda found: (found.whole, len(found.text)))
    assert best.text == title


BRACKETS = [
    "The agency said (wrongly) on Monday that a reactor at Orl leaked.",
    "The mayor (who denies it) took $5,000 (not $50,000) from Vell Metals, a court heard.",
    "The Orl Times (SPOOF) wrote that the mayor had left the town.",
    "The mayor of Orl left 4 (52) notes for the court.",
    "The mayor took $5,000 in the old harbour of Orl (not $50,000).",
]


@pytest.mark.parametrize("text", BRACKETS)
def test_a_bracket_stays_in_a_headline(text):
    for found in clips(text, 20):
        assert found.text.count("(") == text.count("(")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("The mayor of Orl, Ana Ruiz (52) left Vell Metals.",
         "The mayor of Orl, Ana Ruiz left Vell Metals"),
        ("Vell Metals (NYSE: VEL) has closed its plant in Orl.",
         "Vell Metals has closed its plant in Orl"),
        ("The Autonomous Road Safety Agency (ARSA) fined Vell Metals.",
         "The Autonomous Road Safety Agency fined Vell Metals"),
    ],
)  # fmt: skip
def test_an_age_a_ticker_and_an_abbreviation_may_go(text, title):
    assert title in [found.text for found in clips(text, 12)]


@pytest.mark.parametrize(
    "text",
    [
        "The roof of the plant at Orl fell on Easter Monday.",
        "Voters of Orl chose a new mayor on Super Tuesday.",
        "The fire at the Orl plant did not start on Monday but on Sunday.",
        "The fire at the Orl plant happened on Monday or Tuesday.",
        "The money of Vell Metals was taken between Friday and Sunday.",
        "The pump of the Orl plant failed on Friday the 13th.",
        "The pump of the Orl plant failed on Friday, March 13.",
        "The pump of the Orl plant failed on Friday of last week.",
        "The pump of the Orl plant failed on Monday (local time).",
        "The mayor of Orl resigned the following Tuesday.",
        "The mayor of Orl will resign this coming Monday.",
        "The mayor of Orl resigned on a rainy Monday in May.",
        "The crew of the Dawn strikes every Tuesday in winter.",
        "The crew of the Dawn strikes on Tuesdays in winter.",
        "The report of the port office is due Friday.",
        "The report of the port office is due on Friday at noon.",
        "By Monday the mayor of Orl had resigned.",
        "On Monday or Tuesday the mayor of Orl resigned.",
        "On Friday the 13th ship left the harbour of Orl.",
        "No fire broke out on Monday at the plant.",
        "The mayor of Orl denied that she paid on Monday.",
        "The Orl plant leaked on Monday, and not on Sunday.",
        "The captain of the Dawn resigned on Monday–Tuesday night.",
        "The port said that the plant would stay shut until at least Saturday.",
    ],
)
def test_a_day_that_is_part_of_a_phrase_or_of_a_denial_is_not_taken_out(text):
    assert without_days(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "No fire broke out in Orl on Monday at the plant.",
        "The fire at the Orl plant did not start on Monday but on Sunday.",
        "Halden Line stops the ferry on Tuesdays.",
        "Halden Line stops the ferry in Tolby every second Tuesday.",
        "Halden Line opens its shop in Tolby only on Monday.",
        "The mayor of Orl has until noon on Monday to pay.",
    ],
)
def test_a_headline_does_not_end_before_a_day_that_limits_it(text):
    assert all("day" in found.text for found in clips(text, 20))


@pytest.mark.parametrize(
    ("text", "shorter"),
    [
        ("The agency said Monday that a pump leaked.", "The agency said that a pump leaked."),
        ("The agency sued Vell Friday.", "The agency sued Vell Friday."),
        ("Crews of Orl struck Friday, two men said.", "Crews of Orl struck, two men said."),
        ("Vell Metals Corp. on Friday closed its plant.", "Vell Metals Corp. closed its plant."),
        ("The firm, on Friday, closed its plant.", "The firm, on Friday, closed its plant."),
        ("Orl fined Vell on Monday after a leak on Friday.", "Orl fined Vell after a leak."),
        ("Orl fined Vell on Monday after a leak by Friday.",
         "Orl fined Vell on Monday after a leak by Friday."),
    ],
)  # fmt: skip
def test_all_days_of_a_sentence_are_taken_out_or_none(text, shorter):
    assert without_days(text) == shorter


@pytest.mark.parametrize(
    "text",
    [
        # The verb still asks for what was cut off.
        "Ana Ruiz joined several other captains in calling on the owner of the ferry to resign.",
        "The mayor accused two rivals in the old harbour of taking money from a crew of Tolby.",
        "The minister told the owners of the ferry in a long letter that they must pay.",
        "The port office asked the owners of both old ferries to stop all crossings now.",
        "The minister likened the failure of the ferry gates to the fall of the old wall.",
        "The Dawn has become the first ferry of the line to stop all service for rust alone.",
        # The main clause was cut off.
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
    best = max(clips(text, 21), key=lambda found: found.whole)
    assert best.text == (
        "The ferry Dawn was stopped in the old harbour by three men of the port office, its "
        "captain Ana Ruiz said"
    )


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
    "{name} is the harbour where the ferry Dawn has stood and rusted since the night of the great "
    "storm in March and where nobody pays."
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


@pytest.mark.parametrize(
    ("told", "title"),
    [
        (
            [
                ("The Tarn federation banned the runner Ida Holm for four years.",
                 "Runner Ida Holm banned for four years", 0),
                ("The sports court overturned the ban on Monday.",
                 "Court overturns ban of Ida Holm", 190),
                ("The federation said it would pay her costs.",
                 "Federation accepts Holm ruling", 191),
            ],
            "Court overturns ban of Ida Holm",
        ),
        (
            [
                ("Two brothers have been missing on Mount Edrin since Saturday, the rescuers said.",
                 "Two boys missing on Mount Edrin", 0),
                ("The two brothers were found on Monday in a hut on the north side.",
                 "Missing brothers found alive on Mount Edrin", 1),
            ],
            "Missing brothers found alive on Mount Edrin",
        ),
    ],
)  # fmt: skip
def test_the_title_tells_what_came_of_it_and_no_side_matter(told, title):
    items = [
        an_item(f"a{n}", text, title=headline, published_at=NOON + hours(24 * day))
        for n, (text, headline, day) in enumerate(told, 1)
    ]
    assert title_of(*items) == [title]


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        ("There is no evidence that Vell Metals sold the old pumps of Orl",
         "There is no evidence that Vell Metals sold the old pumps of Orl."),
        ("Vell Metals was not the owner of the old pumps of Orl",
         "Vell Metals was not the owner of the old pumps of Orl."),
        ("No pump of Orl was sold by Vell Metals", "No pump of Orl was sold by Vell Metals."),
    ],
)  # fmt: skip
def test_a_finding_of_nobody_is_no_title(headline, text):
    assert title_of(an_item("a1", text, title=headline)) == []


@pytest.mark.parametrize(
    "headline",
    [
        "Vell Metals was not the owner of the pumps, the port office said",
        "Port office sees no case against Vell Metals over pumps",
    ],
)
def test_a_finding_with_its_finder_is_a_title(headline):
    assert title_of(an_item("a1", f"{headline}.", title=headline)) == [headline]


def test_the_title_is_the_headline_that_says_what_most_items_tell():
    told = (
        "Halden Line cancelled 14 crossings of the ferry Dawn after a crack was found in its hull."
    )
    items = [
        an_item("a1", told, title="Halden Line cancels 14 crossings of the ferry Dawn"),
        an_item("a2", f"{told}\nThe mayor of Tolby opened a new school.",
                title="Mayor of Tolby opened a new school"),
        an_item("a3", told, title="Crack found in hull of the ferry Dawn"),
    ]  # fmt: skip
    assert title_of(*items) == ["Halden Line cancels 14 crossings of the ferry Dawn"]
