"""A claim doesn't state what its passages only ask, suppose or make fun of."""

import pytest

from summarizer.domain.claims import VerdictLabel
from summarizer.verification.checks import hypotheticals
from summarizer.verification.evidence import CitedEvidence, CitedText, of_texts

CLAIM = "Acme sold the records of its patients to Tolby Mutual."

UNREAL = [
    "Did Acme sell the records of its patients to Tolby Mutual?",
    "So has Acme sold the records of its patients to Tolby Mutual?",
    "Could it be that Acme sold the records of its patients to Tolby Mutual?",
    "Is it true that Acme sold the records of its patients to Tolby Mutual?",
    "If what people say is right, Acme sold the records of its patients to Tolby Mutual.",
    "If Acme sold the records of its patients to Tolby Mutual, it broke the law.",
    "But if Acme sold the records of its patients to Tolby Mutual, nobody has shown it.",
    "Even if Acme sold the records of its patients to Tolby Mutual, no law forbids it.",
    "Imagine that Acme sold the records of its patients to Tolby Mutual.",
    "Suppose Acme sold the records of its patients to Tolby Mutual.",
    "Supposing Acme sold the records of its patients to Tolby Mutual, what then?",
    "Assume Acme sold the records of its patients to Tolby Mutual.",
    "What if Acme sold the records of its patients to Tolby Mutual?",
    "Let us say Acme sold the records of its patients to Tolby Mutual.",
    "Had Acme sold the records of its patients to Tolby Mutual, a court would stop it.",
    "Unless all are wrong, Acme sold the records of its patients to Tolby Mutual.",
    "Say that Acme sold the records of its patients to Tolby Mutual.",
    "Were it so that Acme sold the records of its patients to Tolby Mutual, many would leave.",
    "Was it Acme that sold the records of patients to Tolby Mutual?",
    "Assuming Acme sold the records of its patients to Tolby Mutual, who paid?",
]
REAL = [
    "Acme sold the records of its patients to Tolby Mutual.",
    "Acme sold the records of its patients to Tolby Mutual, and nobody asked why.",
    "Why did nobody notice that Acme sold the records of its patients to Tolby Mutual?",
    "Acme said it sold the records of its patients to Tolby Mutual if they had signed.",
    "The records of its patients were sold by Acme to Tolby Mutual. Was it legal?",
    "Is it legal? Acme sold the records of its patients to Tolby Mutual.",
    "Had it asked? Acme sold the records of its patients to Tolby Mutual.",
    "Hale, who imagined another life, left when Acme sold the records of its patients to Tolby "
    "Mutual.",
    "In May Acme sold the records of its patients to Tolby Mutual, records show.",
    "As if nothing had happened, Acme sold the records of its patients to Tolby Mutual.",
    "Acme has sold the records of its patients to Tolby Mutual, which has asked for more.",
    "The inquiry found that Acme sold the records of its patients to Tolby Mutual.",
    "Even so, Acme sold the records of its patients to Tolby Mutual.",
    "When did it begin? In 2024 Acme sold the records of its patients to Tolby Mutual.",
    "Acme sold the records of its patients to Tolby Mutual; should it have asked?",
]


@pytest.mark.parametrize("source", UNREAL)
def test_what_is_only_asked_or_supposed_supports_no_statement(source: str) -> None:
    (failure,) = hypotheticals.check(CLAIM, of_texts([("s", source)]))
    assert (failure.check, failure.label) == ("irrealis", VerdictLabel.UNSUPPORTED)


@pytest.mark.parametrize("source", REAL)
def test_what_a_passage_states_may_be_stated(source: str) -> None:
    assert hypotheticals.check(CLAIM, of_texts([("s", source)])) == []


@pytest.mark.parametrize(
    "claim",
    [
        "It is unclear whether Acme sold the records of its patients to Tolby Mutual.",
        "Acme may have sold the records of its patients to Tolby Mutual.",
        "A columnist asked if Acme sold the records of its patients to Tolby Mutual.",
        "If Acme sold the records of its patients to Tolby Mutual, it broke the law.",
    ],
)
def test_a_claim_that_leaves_it_open_too_passes(claim: str) -> None:
    assert hypotheticals.check(claim, of_texts([("s", UNREAL[0]), ("t", UNREAL[5])])) == []


def test_a_second_passage_that_states_it_carries_the_claim() -> None:
    assert hypotheticals.check(CLAIM, of_texts([("s", UNREAL[0]), ("t", REAL[0])])) == []


@pytest.mark.parametrize(
    ("claim", "fails"),
    [
        ("Did Acme sell the records?", True),
        ("Acme sold the records. Who paid for them?", True),
        ("Hale asked: “Did Acme sell the records?”", False),
        ("Hale asked whether Acme sold the records.", False),
    ],
)
def test_a_claim_states_and_does_not_ask(claim: str, fails: bool) -> None:
    source = "Hale asked: “Did Acme sell the records?” Acme sold the records."
    assert bool(hypotheticals.asks(claim, of_texts([("s", source)]))) is fails


DECLARED = [
    "Satire.",
    "This is satire.",
    "The following is a parody.",
    "This is a joke from our humour page.",
    "From our April issue, all of it made up.",
    "This story is fiction.",
    "What follows is entirely made up.",
    "None of this is true.",
    "In our satirical column",
    "This was an April Fools' joke.",
]
NOT_DECLARED = [
    "Acme called it satire.",
    "This is no joke.",
    "This is not satire.",
    "Hale said it was a joke.",
    "“This is satire,” Hale said.",
    "Acme runs a satirical magazine in Tolby with forty writers and two cooks on its staff.",
    "The chatbot made up quotes.",
    "Acme made up for its losses.",
    "Hale invented the shuttle.",
    "He wrote fiction before he joined Acme.",
]


def _item(line: str, title: str = "") -> CitedEvidence:
    first = CitedText(id="a1.1", text=line, item="a1", n=1, title=title)
    second = CitedText(id="a1.2", text=CLAIM, item="a1", n=2, title=title)
    return CitedEvidence((second,), (first, second))


@pytest.mark.parametrize("line", DECLARED)
def test_an_item_that_declares_itself_invented_proves_nothing(line: str) -> None:
    for grounds in (_item(line), _item("Nothing.", title=line)):
        (failure,) = hypotheticals.check(CLAIM, grounds)
        assert "satire or invented" in failure.reason


@pytest.mark.parametrize("line", NOT_DECLARED)
def test_an_item_that_speaks_of_jokes_and_inventions_is_read_as_any_other(line: str) -> None:
    assert hypotheticals.check(CLAIM, _item(line)) == []
