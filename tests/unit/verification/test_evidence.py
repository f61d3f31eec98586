"""Whose words an item counts as."""

import pytest

from summarizer.verification.evidence import CitedEvidence, EvidenceIndex
from tests.support.builders import a_pack, an_item

HOME = ("Tolby Post", "https://tolby.example/")
SAME = ("tolby post", "https://www.tolby.example/news")
AWAY = ("Tolby Post", "https://elsewhere.example/")
UNDER = ("Tolby Post", "https://tolby.elsewhere.example/")
NOWHERE = ("Tolby Post", None)
OTHER = ("Ostia News", "https://elsewhere.example/")
NOBODY = (None, "https://elsewhere.example/")
CASES = [
    ([HOME, HOME], [True, True]),
    ([HOME, SAME], [True, True]),
    ([HOME, SAME, AWAY], [True, True, False]),
    ([HOME, AWAY], [False, False]),
    ([HOME, SAME, UNDER], [True, True, False]),
    ([NOWHERE, NOWHERE], [True, True]),
    ([HOME, NOWHERE], [True, False]),
    ([HOME, OTHER], [True, True]),
    ([HOME, NOBODY], [True, False]),
]


@pytest.mark.parametrize(("items", "own"), CASES)
def test_an_item_speaks_for_its_outlet_at_the_outlets_address_only(items, own):
    found = [
        an_item(f"a{n}", "Acme closed its plant.", outlet=outlet, url=url, author=None)
        for n, (outlet, url) in enumerate(items, 1)
    ]
    assert [bool(g.bylines) for g in EvidenceIndex(a_pack(*found)).known] == own


def test_a_better_passage_is_the_likest_that_holds_and_is_looked_for_only_on_demand():
    pack = a_pack(an_item("a1", "Rain fell.\nThe mill closed.\nThe old mill closed on Monday."))
    known = EvidenceIndex(pack).known
    claim = "The old mill closed on Monday."
    asked = CitedEvidence(known[:1], known)
    assert asked.better(claim, lambda ground: True) == "a1.3"
    assert asked.better(claim, lambda ground: "Monday" not in ground.text) == "a1.2"
    assert asked.better(claim, lambda ground: ground.id == "a1.1") is None
    assert CitedEvidence(known[:1], known, advises=False).better(claim, lambda _: True) is None
