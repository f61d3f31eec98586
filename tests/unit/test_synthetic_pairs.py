"""Pairs for training that rules make: what is planted is a fault, what is reworded is not."""

import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

import synthetic_pairs as made
from synthetic_words import ALIKE, LIKE, OPPOSITES, STRONGER

TRUE = (
    "On Monday, Nordsund may cancel 14 crossings from Port Harrow, which opened in May, "
    "said Ines Tarrow."
)
HERE = [
    "The union has praised the crews.",
    "Last week Captain Odd Brenn met the mayor in Stannick.",
    "About 2,000 people were stranded.",
]
ELSEWHERE = [
    "The quarry was closed after a landslide near Aldermoor in the western valley.",
    "The former minister, a keen sailor, told Quillhaven, who sold the memos to a rival.",
    "A small dam burst.",
    "The rail company was fined for the delay.",
]
BANK = made.Bank({1: [TRUE, *HERE], 2: ELSEWHERE})


def base(seed: int) -> made.Base:
    return made.Base(TRUE, HERE, 1, BANK, random.Random(seed))


@pytest.mark.parametrize("kind", made.FAULTS)
def test_every_fault_can_be_planted_and_changes_the_sentence(kind):
    planted = {made.FAULTS[kind][0](base(seed)) for seed in range(20)} - {None}

    assert planted
    assert TRUE not in planted


@pytest.mark.parametrize("kind", made.REWORDINGS)
def test_a_rewording_borrows_nothing_from_another_document(kind):
    reworded = {made.REWORDINGS[kind][0](base(seed)) for seed in range(20)} - {None}

    assert reworded
    for text in reworded:
        assert not any(name in text for name in ("quarry", "Quillhaven", "dam", "rail"))


def test_an_added_detail_only_adds():
    planted = [text for seed in range(20) if (text := made.detail(base(seed)))]

    assert planted
    for text in planted:
        assert len(text) > len(TRUE)
        rest = iter(text)
        assert all(letter in rest for letter in TRUE.rstrip("."))


def test_a_sentence_gives_a_true_and_a_false_variant():
    labels = [label for _, _, label in made.pairs(TRUE, HERE, 1, BANK, random.Random(3))]

    assert labels == [1, 0]


def test_the_same_seed_makes_the_same_pairs():
    first, again = (list(made.pairs(TRUE, HERE, 1, BANK, random.Random(5))) for _ in range(2))

    assert first == again


def test_no_word_stands_for_itself_and_no_rewording_is_also_a_fault():
    faults = {frozenset(pair) for pair in [*OPPOSITES, *STRONGER]}

    assert all(old != new for old, new in [*OPPOSITES, *STRONGER, *ALIKE])
    assert all(len(set(group)) == len(group) for group in LIKE)
    assert not faults & {frozenset(pair) for pair in ALIKE}
