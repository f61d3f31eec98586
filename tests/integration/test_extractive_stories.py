"""Whole invented stories, drafted without a model, as an editor would read them."""

import datetime as dt

from summarizer.domain.claims import Stance
from summarizer.domain.drafts import DraftedSection
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.items import SourceItem
from summarizer.domain.sections import Layout
from summarizer.drafting import prompts
from summarizer.drafting.extractive.drafter import ExtractiveDrafter
from tests.support.builders import NOON, a_pack, an_item, hours

SPECS = prompts.load().specs()


def draft(*items: SourceItem) -> dict[Layout, list[DraftedSection]]:
    pack: EvidencePack = a_pack(*items)
    found: dict[Layout, list[DraftedSection]] = {}
    drafting = ExtractiveDrafter().draft(pack, SPECS, lambda section: None)
    for spec, section in zip(SPECS, drafting.sections, strict=True):
        found.setdefault(spec.row.layout, []).append(section)
    return found


def all_texts(drafted: dict[Layout, list[DraftedSection]]) -> list[str]:
    return [c.text for group in drafted.values() for s in group for c in s.claims]


RUMOUR = an_item(
    "a1",
    "The tea maker Brindle put sawdust in its green tea, a leaked letter shows.\n"
    "Brindle sells tea in 40 countries and employs 2,000 people in Wexcombe.\n"
    "A letter that was posted online on Monday names three of the company's warehouses.",
    title="Brindle put sawdust in tea, letter shows",
    outlet="The Wexcombe Post",
)
DENIAL = an_item(
    "a2",
    "Brindle denied on Saturday that it had ever put sawdust in its tea.\n"
    "“The letter is a forgery,” said Marta Oxley, the chief executive of Brindle.\n"
    "The Food Office said it was looking at samples from three warehouses in Wexcombe.",
    title="Brindle denies sawdust claim",
    outlet="Harbour News",
    published_at=NOON + hours(24),
)
RETRACTION = an_item(
    "a3",
    "The Wexcombe Post retracts its article of 1 May about the tea maker Brindle.\n"
    "There is no evidence that Brindle put sawdust in its tea.\n"
    "The letter was written by a former employee, who has admitted it to the newspaper.",
    title="Retraction: Brindle",
    outlet="The Wexcombe Post",
    published_at=NOON + hours(72),
)


def test_a_report_that_its_outlet_took_back_is_not_told_as_if_it_stood():
    drafted = draft(RUMOUR, DENIAL, RETRACTION)
    texts = all_texts(drafted)
    assert not any("a leaked letter shows" in t for t in texts)
    assert not any(t.startswith("The tea maker Brindle put sawdust") for t in texts)
    (title,) = drafted[Layout.HEADLINE][0].claims
    assert "retracts" in title.text or "no evidence" in title.text


def test_before_the_retraction_the_report_is_attributed_to_its_letter():
    (title,) = draft(RUMOUR)[Layout.HEADLINE][0].claims
    assert title.text == "Brindle put sawdust in tea, letter shows"


LAWSUIT = (
    an_item(
        "a1",
        "Three drivers have sued the taxi firm Corvane, alleging that it kept pictures of their "
        "faces for years.\n"
        "The complaint, filed on Wednesday in Port Elm, asks for $4 million for 900 drivers.\n"
        "“They never asked us,” said Lena Farrow, the lead plaintiff.\n"
        "“The suit is without merit,” said Piet Hollis, a spokesman for Corvane.",
        title="Drivers sue Corvane over pictures of their faces",
        published_at=NOON,
    ),
    an_item(
        "a2",
        "Plaintiff Farrow lost her licence because Corvane had mistaken her for another driver.\n"
        "Defendant kept 40,000 pictures in an open folder between 2021 and 2025.",
        title="Farrow et al. v. Corvane: Complaint",
        platform="filing",
        outlet="District Court of Port Elm",
        published_at=NOON,
    ),
    an_item(
        "a3",
        "Corvane has agreed to pay $1.2 million to settle a suit by drivers whose pictures it "
        "kept, the drivers' lawyer said on Thursday.\n"
        "Corvane admits nothing in the agreement, which the court must still approve.\n"
        "A hearing on the agreement is expected on 20 July 2026.",
        title="Corvane settles with drivers for $1.2 million",
        outlet="Harbour News",
        published_at=NOON + hours(24 * 41),
    ),
)


def test_what_only_a_party_says_of_the_facts_is_not_told_as_news():
    drafted = draft(*LAWSUIT)
    told = [c.text for s in drafted[Layout.POINTS] + drafted[Layout.PROSE] for c in s.claims]
    assert told
    assert not any("lost her licence" in t or "open folder" in t for t in told)


def test_a_lawsuit_is_told_from_filing_to_settlement():
    drafted = draft(*LAWSUIT)
    days = [c.date for c in drafted[Layout.TIMELINE][0].claims]
    assert days[0] == dt.date(2026, 4, 29)
    assert days[-1] == dt.date(2026, 6, 11)
    (ahead,) = drafted[Layout.FORECAST][0].claims
    assert ahead.date == dt.date(2026, 7, 20)


def test_each_side_of_a_lawsuit_is_heard_under_its_name():
    stances = {c.actor: c.stance for c in draft(*LAWSUIT)[Layout.SIDES][0].claims}
    assert stances["Lena Farrow"] is Stance.CRITIC
    assert stances["Piet Hollis"] is Stance.DEFENDER


def test_copies_of_one_wire_story_are_told_once():
    text = (
        "A driverless tram injured two people in Stanmoor on Friday, police said.\n"
        "The tram ran through a red light at the station, according to the tram authority."
    )
    copies = [
        an_item(f"a{n}", text, origin="a1", outlet=f"Outlet {n}", published_at=NOON + hours(n))
        for n in range(1, 6)
    ]
    drafted = draft(*copies)
    for group in drafted.values():
        for section in group:
            texts = [c.text for c in section.claims]
            assert len(texts) == len(set(texts))
            items = [{cite.partition(".")[0] for cite in c.cites} for c in section.claims]
            assert all(len(keys) == 1 for keys in items)


def test_the_story_is_told_in_order_and_a_pronoun_only_behind_its_name():
    drafted = draft(
        an_item(
            "a1",
            "The museum of Elmsford closed its east wing on Monday after a ceiling fell.\n"
            "Nobody was in the wing when the ceiling fell, the fire service said.\n"
            "Director Ida Marsh said the wing would be checked by engineers from Port Elm.\n"
            "She said it had last been checked in 2019.",
            title="Museum closes wing after ceiling falls",
        ),
        an_item(
            "a2",
            "Engineers found on Thursday that water had rotted the beams of the Elmsford museum.\n"
            "The mayor of Elmsford, Tom Adair, promised $3 million for a new roof of the museum.\n"
            "Visitors came back to the other wings of the museum on Friday.",
            title="Water rotted beams of Elmsford museum",
            published_at=NOON + hours(24 * 7),
        ),
    )
    points = [c.text for c in drafted[Layout.POINTS][0].claims]
    assert any(text.startswith("The museum of Elmsford closed its east wing") for text in points)
    story = [c.text for c in drafted[Layout.PROSE][1].claims]
    for n, text in enumerate(story):
        if text.startswith("She"):
            assert "Ida Marsh" in story[n - 1]


def test_an_older_state_is_told_only_with_what_came_of_it():
    drafted = draft(
        an_item("a1", "Brindle is recalling 80 kettles because their lids can crack, it said."),
        an_item(
            "a2",
            "The recall now covers 130 kettles, Brindle said.",
            title="Recall of Brindle kettles widened",
            published_at=NOON + hours(24 * 8),
        ),
    )
    points = [c.text for c in drafted[Layout.POINTS][0].claims]
    assert all("130" in text for text in points if "is recalling" in text)
