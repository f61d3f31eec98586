import json
from itertools import combinations

import pytest

from summarizer.text.sentences import sentences
from summarizer.verification.conflicts.alike import alike
from summarizer.verification.conflicts.values import differing
from tests.support.samples import EXAMPLES

SPOKEN = '"We never had a plan for this mill at all," said {}, its director.'


def sample(name):
    rows = (EXAMPLES / "items" / name).read_text("utf-8").splitlines()
    texts = [json.loads(row)["text"] for row in rows]
    return [text[s.start : s.end] for text in texts for s in sentences(text)]


@pytest.mark.parametrize(
    "texts",
    [
        ["The fire in Ostrel killed 12 people.", "Shares rose.", "The Ostrel fire killed 14."],
        ["Ada Lund, 34, broke a leg.", "Shares rose.", "A nurse, Ada Lund, 43, is in hospital."],
        [SPOKEN.format("Ada Lund"), "Shares rose.", SPOKEN.format("Imke Sorley")],
        sample("varnway-shuttle-fine.jsonl")[:80],
        [],
    ],
)
def test_no_pair_that_differs_is_left_out(texts):
    pairs = alike(texts)
    every = combinations(range(len(texts)), 2)
    assert {(a, b) for a, b in every if differing(texts[a], texts[b])} <= {*pairs}
    assert pairs == sorted({*pairs})


def test_sentences_without_common_words_are_no_pair():
    assert alike(["The fire in Ostrel killed 12 people.", "Shares rose by 3 per cent."]) == []
