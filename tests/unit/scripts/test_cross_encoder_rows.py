"""Training data of ``scripts/train_cross_encoder.py``: synthetic faults and rows of files."""

import gzip
import json
import random
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))

import cross_encoder_rows as data
import synthetic_pairs

STORY = (
    "Ada Lee, the mayor of Orrin, opened the bridge on Friday. "
    "Ben Cole, head of the ferry union, welcomed the plan. "
    "The regulator fined the airline. The port hired 12 guards and 40 drivers."
)


def made(kind, story=STORY, seed=1):
    found = synthetic_pairs.pairs(story, random.Random(seed))
    return [pair for pair in found if pair.kind == kind]


@pytest.mark.parametrize("kind", synthetic_pairs.MAKERS)
def test_each_fault_has_a_twin(kind):
    labels = [pair.label for pair in made(kind)]
    assert labels
    assert labels.count(0) == labels.count(1)


@pytest.mark.parametrize(
    ("kind", "claim", "label"),
    [
        ("role", "The airline fined the regulator.", 0),
        ("role", "The airline was fined by the regulator.", 1),
        ("office", "Ada Lee is head of the ferry union.", 0),
        ("office", "Ada Lee is the mayor of Orrin.", 1),
        ("quantity", "The port hired 40 guards and 12 drivers.", 0),
        ("quantity", "The port hired 12 guards and 40 drivers.", 1),
    ],
)
def test_a_fault_is_what_its_kind_says(kind, claim, label):
    assert (claim, label) in {(pair.claim, pair.label) for pair in made(kind)}


def test_an_operator_of_the_source_decides():
    claim = "The regulator fined the airline."
    found = [pair for pair in made("operator") if pair.claim == claim]
    assert {pair.label for pair in found} == {0, 1}
    for pair in found:
        assert "the regulator fined the airline" in pair.source
        frames = synthetic_pairs.ASSERTED if pair.label else synthetic_pairs.NOT_ASSERTED
        shapes = [re.escape(f).replace(r"\{what\}", ".+").replace(r"\{who\}", ".+") for f in frames]
        assert any(re.fullmatch(shape, pair.source, re.IGNORECASE) for shape in shapes)


def test_a_cause_is_a_fault_only_where_the_source_names_none():
    for pair in made("cause"):
        if pair.label:
            assert pair.claim == pair.source or "because" not in pair.claim
        else:
            assert "because" in pair.claim
            assert pair.claim not in pair.source


@pytest.mark.parametrize(
    "story",
    [
        "",
        "Rain.",
        "He said so. They denied it all.",
        "Was the bridge closed on Friday?",
        '"The regulator fined the airline," she said.',
        "The firm denied that the regulator fined the airline.",
    ],
)
def test_of_what_is_no_plain_statement_no_operator_is_made(story):
    assert made("operator", story) == []


@pytest.mark.parametrize(
    "story", ["A two-year plan needs 12 guards.", "The port hired 12 guards and 12 drivers."]
)
def test_numbers_are_exchanged_only_where_that_changes_the_sense(story):
    assert made("quantity", story) == []


def test_a_seed_makes_the_same_pairs():
    assert made("operator", seed=3) == made("operator", seed=3)
    assert made("operator", seed=3) != made("operator", seed=4)


# --- Files -------------------------------------------------------------------------------------


def a_file(folder, name, rows, packed=True):
    path = folder / (f"{name}.jsonl.gz" if packed else f"{name}.jsonl")
    opened = gzip.open if packed else open
    with opened(path, "wt", encoding="utf-8") as file:
        file.write("\n".join(map(json.dumps, rows)) + "\n\n")
    return path


@pytest.mark.parametrize("packed", [True, False])
def test_rows_are_read_with_one_source_or_several(tmp_path, packed):
    rows = [
        {"id": "a", "source_text": "Rain fell.", "claim": "It rained 🚢.", "label": 1},
        {"id": "b", "sources": ["One.", "Two."], "claim": "Three.", "label": 0},
    ]
    found = data.read_rows(a_file(tmp_path, "begin", rows, packed), 10, seed=0)
    assert found == [
        data.Row("begin", "It rained 🚢.", ("Rain fell.",), 1),
        data.Row("begin", "Three.", ("One.", "Two."), 0),
    ]


def test_at_most_so_many_rows_are_read_the_same_each_time(tmp_path):
    rows = [{"source_text": f"S {n}.", "claim": f"C {n}.", "label": n % 2} for n in range(50)]
    path = a_file(tmp_path, "begin", rows)
    found = data.read_rows(path, 10, seed=1)
    assert len(found) == 10
    assert found == data.read_rows(path, 10, seed=1) != data.read_rows(path, 10, seed=2)


def test_a_set_without_a_licence_is_refused():
    with pytest.raises(SystemExit, match=r"covidfact.*no licence"):
        data.check_sets([Path("covidfact.jsonl.gz")], [])


def test_a_family_stands_on_one_side_only():
    data.check_sets([Path("frank_xsum.jsonl.gz")], [Path("bump_sent.jsonl.gz")])
    with pytest.raises(SystemExit, match="same family"):
        data.check_sets([Path("ragtruth_qa.jsonl.gz")], [Path("ragtruth_summary.jsonl.gz")])


def test_documents_that_are_held_out_are_not_trained_on():
    mine = [data.Row("begin", "C.", (text,), 1) for text in ("One.", "Two.")]
    held = [data.Row("bump", "D.", ("Two.",), 0)]
    assert data.without_documents(mine, held) == mine[:1]


def test_synthetic_rows_are_as_many_of_each_kind_as_there_are():
    rows = [data.Row("begin", "C.", (STORY,), 1)]
    found = data.synthetic(rows, 12, seed=0)
    assert len(found) == 12
    assert {row.set for row in found} == {f"synthetic:{kind}" for kind in synthetic_pairs.MAKERS}
    assert sum(row.label for row in found) == 6


def test_both_labels_of_a_set_weigh_the_same():
    rows = [data.Row("a", "C.", ("S.",), label) for label in (1, 1, 1, 0)]
    found = data.weights([*rows, data.Row("b", "C.", ("S.",), 1)])
    assert sum(found[:3]) == pytest.approx(found[3])


def test_what_is_trained_on_fits_the_input():
    def offsets(texts):
        return [[word.span() for word in re.finditer(r"\S+", text)] for text in texts]

    long = " ".join(f"Train {n} passed the signals." for n in range(50)) + " Ada left."
    for claim in ("Ada left.", "word " * 60):
        source, kept = data.window(data.Row("a", claim, (long, ""), 1), offsets, 44)
        assert len(kept.split()) <= 20
        assert len(source.split()) + len(kept.split()) <= 40
    assert "Ada left." in data.window(data.Row("a", "Ada left.", (long,), 1), offsets, 44)[0]
    assert data.window(data.Row("a", "Ada left.", ("",), 1), offsets, 44) == ("", "Ada left.")
