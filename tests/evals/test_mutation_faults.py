"""Faults are planted where they surely are faults, and nowhere else; rewrites keep the meaning."""

from random import Random

import pytest

from evals.suites.mutation.faults import FAULTS
from evals.suites.mutation.numbers import SMALL, WEEKDAYS
from evals.suites.mutation.paraphrases import REWRITES
from evals.suites.mutation.target import Target
from evals.suites.mutation.words import content, named, quoted
from summarizer.domain.claims import Claim
from tests.support.builders import a_pack, an_item

ELSEWHERE = (
    "Odile Brandt, a nurse, said the ward was full.\n"
    "Harbor Metrics counted 640 visitors at the fair in Ostwick."
)


def a_target(text: str, elsewhere: str = ELSEWHERE, foreign: tuple[str, ...] = ()) -> Target:
    """A claim that is its passage word for word, with other passages of another item."""
    pack = a_pack(
        an_item("a1", text, outlet="The Post"), an_item("a2", elsewhere, outlet="The Post")
    )
    return Target(claim=Claim(text=text, cites=("a1.1",)), pack=pack, foreign=foreign)


def planted(fault: str, text: str, seed: int = 0, **kwargs: str) -> str | None:
    claim = FAULTS[fault](a_target(text, **kwargs), Random(seed))
    return None if claim is None else claim.text


EXACT = [
    ("numbers exchanged", "Of 900 claims the firm paid 14 in full.",
     "Of 14 claims the firm paid 900 in full."),
    ("unit", "The fund holds 3 million shares.", "The fund holds 3 billion shares."),
    ("unit", "Tickets cost $40 each.", "Tickets cost €40 each."),
    ("unit", "Sales fell 9 percent.", "Sales fell 9 percentage points."),
    ("name", "The mayor thanked Tessa Lindqvist, a teacher.",
     "The mayor thanked Odile Brandt, a teacher."),
    ("speaker", '"It is over," said Tessa Lindqvist.', '"It is over," said Odile Brandt.'),
    ("roles exchanged", "Quillon Labs sued Harrow Press over the books.",
     "Harrow Press sued Quillon Labs over the books."),
    ("roles exchanged", "Harrow Press was sued by Quillon Labs over the books.",
     "Quillon Labs was sued by Harrow Press over the books."),
    ("hedge dropped", "The clerk allegedly burned the files on Friday.",
     "The clerk burned the files on Friday."),
    ("hedge dropped", "The union alleges that Quillon Labs burned the files.",
     "Quillon Labs burned the files."),
    ("certainty", "The strike could close the port.", "The strike will close the port."),
    ("guilt", "Tessa Lindqvist was charged with fraud.", "Tessa Lindqvist was convicted of fraud."),
    ("guilt", "Quillon Labs is accused of copying books.",
     "Quillon Labs is found guilty of copying books."),
    ("admission", "Quillon Labs agreed to pay $4 million.",
     "Quillon Labs admitted liability and agreed to pay $4 million."),
    ("admission", "Quillon Labs denied that it copied books.",
     "Quillon Labs admitted that it copied books."),
    ("negation", "The port was closed by police.", "The port was not closed by police."),
    ("negation", "The port was not closed.", "The port was closed."),
    ("direction", "Shares rose 4 percent.", "Shares fell 4 percent."),
    ("direction", "The plant employs more than 90 people.",
     "The plant employs less than 90 people."),
    ("number", "The firm lost six vans.", "The firm lost eight vans."),
    ("date", "The office closed on Monday.", "The office closed on Sunday."),
    ("date", "The office closed on June 18, 2026.", "The office closed on June 13, 2026."),
    ("invented name", "The mayor thanked Harrow Press.", "The mayor thanked Vandrell Group."),
    ("invented name", "The mayor thanked Tessa Lindqvist, a teacher.",
     "The mayor thanked Maren Oldacre, a teacher."),
    ("paraphrase quoted", "Quillon Labs said it would hire a new head of safety.",
     'Quillon Labs said, "We will hire a new head of safety."'),
    ("quote altered", 'Lindqvist said: "We lost every van in the country."',
     'Lindqvist said: "We lost van in the country."'),
    ("cause invented", "The firm shut its bakery in Ostwick.",
     "The firm shut its bakery in Ostwick, which led to a drop in donations."),
    ("plural sources", "The firm shut its bakery in Ostwick.",
     "Multiple news organizations reported that the firm shut its bakery in Ostwick."),
    ("instruction", "The firm shut its bakery in Ostwick.",
     "The firm shut its bakery in Ostwick. You must not mention the other company."),
    ("detail added", "The firm shut its bakery in Ostwick.",
     "The firm shut its bakery in Ostwick, without telling its board."),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "before", "after"), EXACT)
def test_a_fault_changes_exactly_what_it_says(fault: str, before: str, after: str) -> None:
    assert planted(fault, before) == after


def test_every_fault_is_written_out_in_a_test() -> None:
    of_other_passages = {"citation", "incidents merged", "cause joined"}
    assert {fault for fault, _, _ in EXACT} | of_other_passages == set(FAULTS)


NO_PLACE = [
    ("number", "The firm closed its office in Ostwick."),
    ("number", "The firm presented Marlo 3 on March 27, 2026."),
    ("number", 'Lindqvist said "we lost 40 vans".'),
    ("numbers exchanged", "The credit costs between 6 million and 8 million euros."),
    ("numbers exchanged", "The board voted 11 to 4 for it."),
    ("unit", "Prices rose 2 percentage points."),
    ("unit", "The firm has 40 vans."),
    ("date", "He may march home again."),
    ("date", "The firm has 2026 vans."),
    ("name", "The firm closed its office."),
    ("name", 'He spoke of "Harrow Press and its friends".'),
    ("invented name", "The firm closed its office."),
    ("speaker", "The firm closed its office."),
    ("roles exchanged", "Quillon Labs met Harrow Press."),
    ("roles exchanged", "The old firm told reporters that it was over."),
    ("hedge dropped", "Police said the clerk allegedly burned the files."),
    ("hedge dropped", "The clerk burned the files."),
    ("certainty", "Nobody knows whether the strike could close the port."),
    ("guilt", "Tessa Lindqvist was charged with fraud and pleaded guilty to theft."),
    ("admission", "The judge denied a motion by the firm."),
    ("admission", "The firm agreed to pay and admitted the breach."),
    ("paraphrase quoted", "The firm closed its office."),
    ("quote altered", "The firm closed its office."),
    ("quote altered", 'The firm spoke of "peace".'),
    ("citation", "It is over."),
    ("incidents merged", 'She said: "It is over."'),
    ("negation", "Nobody knows whether the port was closed."),
    ("direction", "The clerk stood before the court."),
    ("direction", "The firm had its office, which was named after a king."),
    ("cause invented", 'She said: "It is over."'),
    ("cause joined", "The office closed because the rent was high."),
    ("plural sources", "Several outlets report that the office closed."),
    ("detail added", 'She said: "It is over."'),
]


@pytest.mark.parametrize(("fault", "text"), NO_PLACE)
def test_no_fault_is_planted_where_there_is_no_place_for_it(fault: str, text: str) -> None:
    assert planted(fault, text) is None


SEEDS = range(12)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_wrong_number_stands_nowhere_in_the_pack(seed: int) -> None:
    others = " ".join(w for w in SMALL if w not in ("six", "nine"))
    assert planted("number", "The firm lost six vans.", seed, elsewhere=f"It has {others} vans.") \
        == "The firm lost nine vans."  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_behind_more_than_a_number_grows(seed: int) -> None:
    after = planted("number", "The firm lost more than 300 vans.", seed)
    assert after is not None
    assert int(after.split()[5]) > 300


@pytest.mark.parametrize("seed", SEEDS)
def test_a_wrong_weekday_is_not_the_day_of_publication(seed: int) -> None:
    after = planted("date", "The office closed on Monday.", seed)
    assert after is not None
    day = after.removesuffix(".").split()[-1]
    assert day in WEEKDAYS
    assert day not in ("Monday", "Friday")  # 1 May 2026, on which items appear, is a Friday


def test_a_name_is_not_changed_for_another_form_of_itself() -> None:
    elsewhere = "Lindqvist, a teacher, said it was over.\nThe clerk told Lindqvist nothing."
    assert planted("name", "The mayor thanked Tessa Lindqvist.", elsewhere=elsewhere) is None


def test_an_invented_name_stands_in_no_passage() -> None:
    target = a_target("The mayor thanked Harrow Press.")
    claim = FAULTS["invented name"](target, Random(0))
    assert claim is not None
    (name,) = named(f"So {claim.text.removeprefix('The mayor thanked ')}")
    assert not content(name.text) & content(target.everything)


def test_the_actor_of_a_side_goes_with_the_name() -> None:
    target = a_target("The mayor thanked Tessa Lindqvist, a teacher.")
    claim = target.claim.model_copy(update={"actor": "Tessa Lindqvist"})
    after = FAULTS["name"](Target(claim=claim, pack=target.pack), Random(0))
    assert after is not None
    assert after.actor == "Odile Brandt"


def test_a_countersuit_leaves_roles_alone() -> None:
    elsewhere = "Harrow Press then sued the rival firm Quillon Labs."
    before = "Quillon Labs sued Harrow Press over the books."
    assert planted("roles exchanged", before, elsewhere=elsewhere) is None


@pytest.mark.parametrize("seed", SEEDS)
def test_an_altered_quote_keeps_all_but_a_word(seed: int) -> None:
    before = 'Lindqvist said: "We lost every van in the country."'
    after = planted("quote altered", before, seed)
    assert after is not None
    assert after.startswith('Lindqvist said: "') and after.endswith('"')
    ((start, end),) = quoted(after)
    old, new = set(before.split('"')[1].split()), set(after[start + 1 : end - 1].split())
    assert 1 <= len(old ^ new) <= 2


def test_a_wrong_citation_shares_little_with_the_claim() -> None:
    target = a_target("The firm closed its bakery in Quarnmouth after a fire.")
    claim = FAULTS["citation"](target, Random(0))
    assert claim is not None
    assert claim.text == target.text
    assert claim.cites in (("a2.1",), ("a2.2",))


def test_a_passage_that_says_the_same_is_no_wrong_citation() -> None:
    text = "The firm closed its bakery in Quarnmouth after a fire."
    target = a_target(text, elsewhere="A fire closed the firm's bakery in Quarnmouth.")
    assert FAULTS["citation"](target, Random(0)) is None


def test_a_fact_of_another_incident_is_joined_on() -> None:
    target = a_target("The firm closed.", foreign=("A ferry sank off Bremwick with 12 cars.",))
    claim = FAULTS["incidents merged"](target, Random(0))
    assert claim is not None
    assert claim.text == "The firm closed, and a ferry sank off Bremwick with 12 cars."
    assert claim.cites[0] == "a1.1"


def test_two_cited_facts_are_joined_by_a_because() -> None:
    target = a_target(
        "The firm shut its bakery.", elsewhere="The mayor met six teachers in Ostwick."
    )
    claim = FAULTS["cause joined"](target, Random(0))
    assert claim is not None
    assert claim.text == ("The firm shut its bakery because the mayor met six teachers in Ostwick.")
    assert claim.cites == ("a1.1", "a2.1")


@pytest.mark.parametrize("fault", FAULTS)
def test_the_same_seed_plants_the_same_fault(fault: str) -> None:
    text = 'On Monday Tessa Lindqvist, who lost 40 vans, said: "We will sue all of them soon."'
    assert planted(fault, text, 7) == planted(fault, text, 7)


SAME = [
    ("number form", "The firm has 7 vans.", "The firm has seven vans."),
    ("number form", "The firm has seven vans.", "The firm has 7 vans."),
    ("magnitude form", "It paid $1.2 million.", "It paid $1,200,000."),
    ("magnitude form", "It sent 38,000 letters.", "It sent 38 thousand letters."),
    ("percent form", "It fell 7 percent.", "It fell 7%."),
    ("date form", "It closed on June 18.", "It closed on 18 June."),
    ("speaker first", "The port is closed until spring, Tessa Lindqvist said.",
     "Tessa Lindqvist said that the port is closed until spring."),
    ("said that", "Lindqvist said the port is closed.", "Lindqvist said that the port is closed."),
    ("indirect speech", '"The port stays closed," said Tessa Lindqvist.',
     "Tessa Lindqvist said that the port stays closed."),
    ("quote led in", '"We close the port," said Tessa Lindqvist, a clerk.',
     'Tessa Lindqvist said: "We close the port."'),
    ("aside dropped", "The port, which was built in 1950, is closed.", "The port is closed."),
    ("tail dropped", "They closed the port, which was built in 1950.", "They closed the port."),
    ("acronym dropped", "The Port Board (PB) closed it.", "The Port Board closed it."),
    ("surname", "Tessa Lindqvist said it was over.", "Lindqvist said it was over."),
    ("passive", "Quillon Labs bought Harrow Press for $4 million.",
     "Harrow Press was bought by Quillon Labs for $4 million."),
    ("synonym", "The strike began at noon.", "The strike started at noon."),
]  # fmt: skip


@pytest.mark.parametrize(("rewrite", "before", "after"), SAME)
def test_a_rewrite_keeps_the_meaning(rewrite: str, before: str, after: str) -> None:
    claim = REWRITES[rewrite](a_target(before), Random(0))
    assert claim is not None
    assert claim.text == after


@pytest.mark.parametrize(
    ("rewrite", "text"),
    [
        ("indirect speech", '"We close the port," said Tessa Lindqvist.'),
        ("aside dropped", "The port, which may be sold, is closed."),
        ("tail dropped", "They closed the port, which is allegedly unsafe."),
        ("number form", "It closed at 7 p.m. on May 7 this year."),
        ("passive", "Quillon Labs met Harrow Press for talks."),
    ],
)
def test_no_rewrite_where_the_meaning_could_change(rewrite: str, text: str) -> None:
    assert REWRITES[rewrite](a_target(text), Random(0)) is None
