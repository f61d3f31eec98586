"""Which checks have anything to look at in a claim."""

import pytest

from summarizer.domain.claims import Claim, Kind
from summarizer.verification.checks.coverage import checks_of
from summarizer.verification.scoring import CHECKS

ALWAYS = {"operators", "modality", "satire", "negation", "roles"}


@pytest.mark.parametrize(
    ("text", "checks"),
    [
        ("something happened.", set()),
        ("it paid 40 million crowns.", {"numbers"}),
        ("it paid 40 crowns for 12 boats.", {"numbers"}),
        ("it began on 3 May 2026.", {"dates"}),
        ("it began on Tuesday.", {"dates"}),
        ("it began last month.", set()),
        ("that was told by Ines Tarrow.", {"names"}),
        ('it was called "a careful walk".', {"quotes"}),
        ("sales fell in the north.", {"comparison"}),
        ("more than 40 people came.", {"numbers", "comparison"}),
        ("the regulator Ostra sued the maker Kestrel.", {"names"}),
    ],
)
def test_a_check_counts_only_where_it_has_something_to_look_at(text, checks):
    assert checks_of(Claim(text=text, cites=("a1.1",))) == checks | ALWAYS


def test_what_is_compared_with_nothing_is_checked_by_nothing():
    assert checks_of(Claim(text="It paid 40 crowns.")) == frozenset()
    analogy = Claim(text="It is like 2 boats.", cites=("a1.1",), kind=Kind.ANALOGY)
    assert checks_of(analogy) == frozenset()


def test_every_check_of_the_ladder_is_known():
    everything = "Ostra sued Kestrel over 40 boats and 3 cars on 3 May 2026 'it fell'."
    assert checks_of(Claim(text=everything, cites=("a1.1", "a2.1"))) <= set(CHECKS)
    loud = (
        "Ostra sued Kestrel over all of its more than 40 boats and 3 cars on 3 May 2026, “a pump "
        "failed badly” in Norhaven."
    )
    assert checks_of(Claim(text=loud, cites=("a1.1", "a2.1"))) == set(CHECKS)
