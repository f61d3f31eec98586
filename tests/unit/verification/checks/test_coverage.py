"""Which checks have anything to look at in a claim."""

import pytest

from summarizer.domain.claims import Claim, Kind
from summarizer.verification.checks.coverage import checks_of
from summarizer.verification.scoring import CHECKS

ALWAYS = {"modality", "irrealis", "negation"}


@pytest.mark.parametrize(
    ("text", "checks"),
    [
        ("something happened.", set()),
        ("it paid 40 million crowns.", {"numbers"}),
        ("it paid 40 crowns for 12 boats.", {"numbers", "exchange"}),
        ("it began on 3 May 2026.", {"dates"}),
        ("it began on Tuesday.", {"dates"}),
        ("it began last month.", set()),
        ("that was told by Ines Tarrow.", {"names", "exchange"}),
        ('it was called "a careful walk".', {"quotes"}),
        ("sales fell in the north.", {"comparison"}),
        ("more than 40 people came.", {"numbers", "comparison"}),
        ("the regulator Ostra sued the maker Kestrel.", {"names", "exchange", "roles"}),
        ("the plant closed because the pumps failed.", {"causation"}),
        ("the pumps failed, causing injuries.", {"causation"}),
    ],
)
def test_a_check_counts_only_where_it_has_something_to_look_at(text, checks):
    assert checks_of(Claim(text=text, cites=("a1.1",))) == checks | ALWAYS


def test_merging_needs_passages_of_two_items():
    assert "merging" not in checks_of(Claim(text="It closed.", cites=("a1.1", "a1.2")))
    assert "merging" in checks_of(Claim(text="It closed.", cites=("a1.1", "a2.1")))


def test_what_is_compared_with_nothing_is_checked_by_nothing():
    assert checks_of(Claim(text="It paid 40 crowns.")) == frozenset()
    analogy = Claim(text="It is like 2 boats.", cites=("a1.1",), kind=Kind.ANALOGY)
    assert checks_of(analogy) == frozenset()


def test_every_check_of_the_ladder_is_known():
    everything = "Ostra sued Kestrel over 40 boats and 3 cars on 3 May 2026 because 'it fell'."
    assert checks_of(Claim(text=everything, cites=("a1.1", "a2.1"))) <= set(CHECKS)
    loud = (
        "Ostra sued Kestrel over more than 40 boats and 3 cars on 3 May 2026 because “a pump "
        "failed badly” in Norhaven."
    )
    assert checks_of(Claim(text=loud, cites=("a1.1", "a2.1"))) == set(CHECKS)
