import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.verification.entailment.lexical import WEIGHTS, LexicalEntailment
from summarizer.verification.entailment.lexical_features import NAMES

STORY = (
    "Meridian recalled 300 delivery robots on Tuesday after two of them caught fire in Ostia. "
    "Nobody was hurt. The union of couriers had warned of hot batteries since March. "
    "Marta Ruiz, who runs Meridian, said the company would refund every customer."
)


def support(claim: str, *sources: str) -> float:
    return LexicalEntailment().support([(claim, sources)])[0]


def test_every_sentence_of_a_source_is_supported_by_it() -> None:
    for sentence in STORY.split(". "):
        assert support(sentence.rstrip(".") + ".", STORY) > 0.9


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Meridian recalled 300 robots after two caught fire.",
         "Meridian sold 900 tractors before a merger in Lima."),
        ("Couriers had warned of hot batteries.", "Couriers demanded higher wages and pensions."),
        ("Ruiz said customers would get a refund.",
         "Ruiz resigned, highlighting the importance of transparency in the sector."),
        ("Two robots caught fire in Ostia.", "Two robots caught fire in Ostia, killing a child."),
    ],
)  # fmt: skip
def test_a_paraphrase_ranks_above_an_invention(better: str, worse: str) -> None:
    assert support(better, STORY) > support(worse, STORY)


def test_a_claim_that_joins_two_sources_is_supported_by_both_together() -> None:
    first, second = "Meridian recalled 300 robots.", "Couriers had warned of hot batteries."
    claim = "Meridian recalled 300 robots, of whose hot batteries couriers had warned."
    both = support(claim, first, second)
    assert both > support(claim, first)
    assert both > support(claim, second)


def test_one_invented_sentence_lowers_a_whole_answer() -> None:
    answer = "Nobody was hurt. Meridian would refund every customer."
    assert support(answer, STORY) > support(answer + " Kestrel bought a mine in Peru.", STORY)


def test_nothing_is_supported_by_nothing() -> None:
    assert support("Meridian recalled robots.") == 0.0
    assert support("Meridian recalled robots.", "", " ") == 0.0
    assert support("", STORY) == 0.0


def test_answers_come_in_order_and_do_not_depend_on_their_neighbours() -> None:
    pairs = [("Nobody was hurt.", [STORY]), ("Pigs fly.", [STORY]), ("Nobody was hurt.", ["Pigs."])]
    together = LexicalEntailment().support(pairs)
    assert together == [support(claim, *sources) for claim, sources in pairs]


def test_every_feature_has_a_weight() -> None:
    assert set(WEIGHTS) == set(NAMES)


@given(st.text(max_size=80), st.lists(st.text(max_size=80), max_size=3))
def test_support_is_a_probability_for_any_text(claim: str, sources: list[str]) -> None:
    assert 0 <= support(claim, *sources) <= 1
