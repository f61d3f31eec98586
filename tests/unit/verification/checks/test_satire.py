"""An item that declares itself invented proves nothing."""

import pytest

from summarizer.domain.claims import VerdictLabel
from summarizer.verification.checks import satire
from summarizer.verification.evidence import CitedEvidence, CitedText

CLAIM = "Acme sold the records of its patients to Tolby Mutual."

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
        (failure,) = satire.check(CLAIM, grounds)
        assert (failure.check, failure.label) == ("satire", VerdictLabel.UNSUPPORTED)


@pytest.mark.parametrize("line", NOT_DECLARED)
def test_an_item_that_speaks_of_jokes_and_inventions_is_read_as_any_other(line: str) -> None:
    assert satire.check(CLAIM, _item(line)) == []
