"""A stretch of which the cited passages say nothing, with the token vectors that are shipped."""

import pytest

from summarizer import factories
from summarizer.domain.claims import VerdictLabel
from summarizer.text.tokens import tokens
from summarizer.verification.checks import additions
from summarizer.verification.entailment.lexical import LexicalEntailment
from summarizer.verification.evidence import CitedEvidence, CitedText, of_texts

ENTAILMENT = factories.entailment()

RECALL = "Meridian recalled 300 delivery robots on Tuesday after two of them caught fire in Ostia."
WARNING = "The couriers' union had warned the city of hot batteries since March."
REFUND = "Marta Ruiz, who runs Meridian, said the company would refund every customer."
FINE = "A court in Tolby fined Kestrel $3 million over the leak of patient records."
VOTE = "The council voted to end its contract with Halden, whose cameras misread number plates."

PASSES = [
    (RECALL, RECALL),
    (WARNING, WARNING),
    (REFUND, REFUND),
    (FINE, FINE),
    (VOTE, VOTE),
    ("On Tuesday Meridian recalled 300 delivery robots.", RECALL),
    ("Meridian called back 300 delivery robots after two burned in Ostia.", RECALL),
    ("After two fires in Ostia, Meridian recalled 300 of its delivery robots.", RECALL),
    ("Two delivery robots caught fire in Ostia, prompting Meridian to recall 300 machines.",
     RECALL),
    ("Meridian recalled 300 delivery robots, the company said.", RECALL),
    ("Couriers had warned of overheating batteries since March.", WARNING),
    ("The couriers' union had alerted the city to hot batteries since March.", WARNING),
    ("Since March, the union representing couriers had told the city that batteries ran hot.",
     WARNING),
    ("Marta Ruiz promised that every customer would get their money back.", REFUND),
    ("Meridian's chief, Marta Ruiz, said every buyer would be reimbursed.", REFUND),
    ("Kestrel was ordered by a court in Tolby to pay $3 million over leaked patient records.",
     FINE),
    ("A court in Tolby imposed a $3 million fine on Kestrel because patient data had leaked.",
     FINE),
    ("Kestrel must pay a penalty of $3 million over the leak of patient records.", FINE),
    ("The council will terminate its contract with Halden, whose cameras misread plates.", VOTE),
    ("The council will no longer work with Halden, whose cameras got number plates wrong.", VOTE),
    ("Because its cameras misread licence plates, Halden is losing its contract.", VOTE),
    ("Meridian recalled robots.", RECALL),
    ("The article reports that Meridian recalled 300 delivery robots on Tuesday.", RECALL),
    ("Kestrel was fined $3 million in Tolby, according to the report.", FINE),
    ("Meridian withdrew 300 robots, two of which had burned.", RECALL),
]  # fmt: skip

FAILED = [
    (RECALL[:-1] + " because of falling sales.", RECALL),
    (RECALL[:-1] + ", angering local residents.", RECALL),
    (RECALL[:-1] + ", which cost taxpayers a fortune.", RECALL),
    (RECALL[:-1] + " at a hotel near the airport.", RECALL),
    (RECALL[:-1] + ", following an anonymous letter.", RECALL),
    (RECALL[:-1] + " without telling its shareholders.", RECALL),
    ("Meridian recalled 300 delivery robots because of a quarrel among its founders.", RECALL),
    ("Meridian, under pressure from investors, recalled 300 delivery robots on Tuesday.", RECALL),
    ("After months of secret negotiations, Meridian recalled 300 delivery robots on Tuesday.",
     RECALL),
    (WARNING[:-1] + ", according to an internal memo.", WARNING),
    (WARNING[:-1] + " in a handwritten letter.", WARNING),
    (WARNING[:-1] + ", but officials ignored the complaints.", WARNING),
    (WARNING[:-1] + " due to a clerical error.", WARNING),
    (REFUND[:-1] + " during a televised interview.", REFUND),
    (REFUND[:-1] + ", despite objections from the board.", REFUND),
    (REFUND[:-1] + " while wiping away tears.", REFUND),
    ("Marta Ruiz said the company would refund every customer in order to avoid bankruptcy.",
     REFUND),
    (FINE[:-1] + ", prompting an apology from the chief executive.", FINE),
    (FINE[:-1] + " as a result of a software bug.", FINE),
    (FINE[:-1] + ", leading to the resignation of two ministers.", FINE),
    (FINE[:-1] + " after a tip from a former employee.", FINE),
    (VOTE[:-1] + " because donors had withdrawn their money.", VOTE),
    (VOTE[:-1] + ", sparking protests outside the headquarters.", VOTE),
    ("The council voted to end its contract with Halden amid allegations of bribery.", VOTE),
    ("Due to bad weather, the council voted to end its contract with Halden.", VOTE),
]  # fmt: skip

KNOWN_TO_BE_WRONG = [
    ("Marta Ruiz, the head of Meridian, said the company would refund every customer.", REFUND,
     True),
    ("Meridian withdrew 300 delivery robots on Tuesday after two of them had burst into flames.",
     RECALL, True),
    ("Meridian recalled 300 delivery robots (the largest recall ever) on Tuesday.", RECALL, False),
]  # fmt: skip
"""What the decision names as its price: honest words of one's own, and a detail in known words."""


def found(claim: str, source: str, copied_only: bool = False) -> list[str]:
    failures = additions.check(claim, of_texts([("s", source)]), ENTAILMENT.nearness, copied_only)
    return [claim[f.start : f.end] for f in failures]


@pytest.mark.parametrize(("claim", "source"), PASSES)
def test_the_passage_in_the_same_or_in_other_words_adds_nothing(claim, source):
    assert found(claim, source) == []


@pytest.mark.parametrize(("claim", "source"), FAILED)
def test_a_stretch_of_which_the_passage_says_nothing_is_partly_supported(claim, source):
    (failure,) = additions.check(claim, of_texts([("s", source)]), ENTAILMENT.nearness)
    assert (failure.check, failure.label) == ("additions", VerdictLabel.PARTLY)
    stretch = claim[failure.start : failure.end]
    assert f'"{stretch}"' in failure.reason
    assert stretch in claim and stretch not in source


@pytest.mark.parametrize(("claim", "source", "flagged"), KNOWN_TO_BE_WRONG)
def test_what_is_known_to_be_judged_wrongly_is_so_still(claim, source, flagged):
    assert bool(found(claim, source)) is flagged


def test_words_of_ones_own_may_be_spared_where_the_rest_is_not_copied():
    own = "Meridian called back machines that burned, which cost taxpayers a fortune."
    assert found(own, RECALL) != []
    assert found(own, RECALL, copied_only=True) == []
    assert found(RECALL[:-1] + ", which cost taxpayers a fortune.", RECALL, copied_only=True) != []


@pytest.mark.parametrize(
    ("told", "n", "title", "flagged"),
    [
        ("It had hidden an internal memo.", 4, "Robots", False),
        ("It had hidden an internal memo.", 6, "Robots", True),
        ("It had hidden an internal memo.", 1, "Robots", False),
        ("It rained.", 4, "An internal memo warned", False),
        ("It rained.", 4, "Robots", True),
    ],
)
def test_what_stands_beside_a_passage_goes_without_saying(told, n, title, flagged):
    cited = CitedText(id="a1.3", text=WARNING, item="a1", n=3, title=title)
    other = CitedText(id=f"a1.{n}", text=told, item="a1", n=n, title=title)
    claim = WARNING[:-1] + ", according to an internal memo."
    failures = additions.check(claim, CitedEvidence((cited,), (cited, other)), ENTAILMENT.nearness)
    assert bool(failures) is flagged


def test_the_passage_that_tells_the_added_detail_is_offered():
    cited = CitedText(id="a1.3", text=WARNING, item="a1", n=3)
    right = CitedText(id="a2.7", text="An internal memo tells of hot batteries.", item="a2", n=7)
    claim = WARNING[:-1] + ", according to an internal memo."
    (failure,) = additions.check(
        claim, CitedEvidence((cited,), (cited, right)), ENTAILMENT.nearness
    )
    assert failure.better == "a2.7"


def test_each_sentence_of_a_claim_is_searched():
    claim = f"{RECALL} {REFUND[:-1]} while wiping away tears."
    failures = additions.check(claim, of_texts([("s", RECALL), ("t", REFUND)]), ENTAILMENT.nearness)
    assert [claim[f.start : f.end] for f in failures] == ["while wiping away tears"]


@pytest.mark.parametrize("entailment", [LexicalEntailment(), ENTAILMENT], ids=["words", "both"])
def test_a_word_is_nearest_to_itself_and_far_from_what_nobody_said(entailment):
    sentence = "Meridian recalled bananas."
    near = entailment.nearness(sentence, [RECALL])
    assert len(near) == len(tokens(sentence))
    assert near[0] > near[2] and near[1] > near[2]
    assert max(near) <= 1 + 1e-6
    assert len(entailment.nearness("", [RECALL])) == 0
    assert len(entailment.nearness(sentence, [])) == 3
