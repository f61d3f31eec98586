"""Every ``Entailment``: the shipped ones, and checkers of an operator's own in each form."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from summarizer import factories
from tests.support.checker import MINICHECK, NLI, ONE, make_checker

SOURCE = "The regulator fined the airline on Monday. The ferry line closed."
PAIRS = [
    ("The regulator fined the airline.", [SOURCE]),
    ("The mayor sold the harbour.", [SOURCE]),
    ("The ferry line closed on Friday.", [SOURCE, "It closed on Friday."]),
    ("The crew left 🚢 東京.", ["The crew left 🚢 東京 on Monday."]),
    ("The naïve \ud800 owner left.", ["The naïve \ud800 owner left."]),
    ("The regulator fined the airline.", []),
    ("The regulator fined the airline.", ["", " \n"]),
    ("", [SOURCE]),
]
SUPPORTED, UNSUPPORTED, EMPTY = (0, 3, 4), (1,), (5, 6, 7)

FORMS = {
    "two labels": MINICHECK,
    "three labels": NLI,
    "one number": ONE,
    "no labels": None,
}


@pytest.fixture(params=["shipped", *FORMS])
def entailment(request, tmp_path):
    if request.param == "shipped":
        return factories.entailment()
    return factories.entailment(make_checker(tmp_path / "checker", FORMS[request.param]))


def test_each_pair_has_a_probability_in_order(entailment):
    found = entailment.support(PAIRS)
    assert len(found) == len(PAIRS)
    assert all(0 <= value <= 1 for value in found)
    assert all(found[n] > 0.5 for n in SUPPORTED)
    assert all(found[n] < 0.5 for n in UNSUPPORTED)


def test_without_claim_or_sources_nothing_is_supported(entailment):
    assert [entailment.support(PAIRS)[n] for n in EMPTY] == [0.0] * len(EMPTY)


def test_no_pairs_have_no_probabilities(entailment):
    assert entailment.support([]) == []


def test_a_pair_has_the_same_probability_in_any_batch(entailment):
    alone = [entailment.support([pair])[0] for pair in PAIRS]
    assert entailment.support(PAIRS) == pytest.approx(alone, abs=1e-5)
    assert entailment.support(PAIRS[::-1])[::-1] == pytest.approx(alone, abs=1e-5)


def test_threads_share_one(entailment):
    expected = entailment.support(PAIRS)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(entailment.support, [PAIRS] * 4):
            assert found == pytest.approx(expected, abs=1e-5)


def test_results_can_name_it(entailment):
    assert entailment.name
    assert entailment.name == entailment.name.strip()
