"""Whose words an item counts as."""

import pytest

from summarizer.verification.evidence import EvidenceIndex
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
