"""``CrossEncoderEntailment`` on tiny checkers that support a claim whose words the source has."""

import json

import pytest
from onnx import TensorProto

from summarizer.adapters.onnx.cross_encoder import CrossEncoderEntailment
from summarizer.errors import SettingsError
from tests.support.checker import (
    MINICHECK,
    MISSED,
    NLI,
    ONE,
    SURE,
    configured,
    halved,
    make_checker,
    written,
)

FILLER = "Rain fell on the port. "


def sigmoid(odds: float) -> float:
    return 1 / (1 + 2.718281828459045**-odds)


@pytest.fixture
def checker(tmp_path):
    return CrossEncoderEntailment(make_checker(tmp_path / "checker"))


def support(checker, claim, *sources):
    return checker.support([(claim, sources)])[0]


@pytest.mark.parametrize("labels", [MINICHECK, ONE, None])
def test_the_probability_is_the_models_own(tmp_path, labels):
    checker = CrossEncoderEntailment(make_checker(tmp_path, labels))
    assert support(checker, "The mayor left.", "The mayor left.") == pytest.approx(sigmoid(SURE))
    assert support(checker, "The mayor left.", "The mayor.") == pytest.approx(
        sigmoid(SURE - MISSED)
    )


@pytest.mark.parametrize(
    "labels",
    [
        NLI,
        {"0": "CONTRADICTION", "1": "NEUTRAL", "2": "entailment"},
        {"0": "entailment", "1": "not_entailment"},
        {"0": "hallucinated", "1": "consistent"},
    ],
)
def test_the_label_that_means_support_counts(tmp_path, labels):
    checker = CrossEncoderEntailment(make_checker(tmp_path, labels))
    assert support(checker, "The mayor left.", "The mayor left.") > 0.5
    assert support(checker, "The mayor left.", FILLER) < 0.5


@pytest.mark.parametrize(
    ("inputs", "kind"),
    [
        (("input_ids", "attention_mask"), TensorProto.INT64),
        (("input_ids", "attention_mask", "token_type_ids"), TensorProto.INT32),
        (("attention_mask", "input_ids"), TensorProto.INT32),
    ],
)
def test_models_take_the_inputs_that_they_have(tmp_path, inputs, kind):
    folder = make_checker(tmp_path, inputs=inputs, whole_numbers=kind)
    checker = CrossEncoderEntailment(folder)
    found = checker.support(
        [("The mayor left.", ["The mayor left."]), ("Rain fell.", [FILLER * 3, "The crew."])]
    )
    assert found == pytest.approx([sigmoid(SURE)] * 2)


# --- Windows -----------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [0, 1, 7, 40, 400])
def test_a_sentence_is_found_wherever_it_stands_in_a_long_source(checker, before):
    source = FILLER * before + "The mayor denied it. " + FILLER * (400 - before)
    assert support(checker, "The mayor denied it.", source) > 0.5
    assert support(checker, "The owner denied it.", source) < 0.5


def test_sentences_next_to_each_other_are_read_together(checker):
    source = FILLER * 30 + "The owner sold the ferry. The crew left on Monday. " + FILLER * 30
    assert support(checker, "The owner sold the ferry on Monday.", source) > 0.5


def test_a_claim_that_joins_two_short_sources_is_held_against_both(checker):
    sources = ("The owner sold the ferry.", "The crew left on Monday.")
    assert support(checker, "The owner sold the ferry on Monday.", *sources) > 0.5
    assert support(checker, "The owner sold the ferry on Monday.", sources[0]) < 0.5


def test_a_claim_that_joins_two_distant_places_is_held_against_both(checker):
    first, second = "The owner sold the ferry. ", "The crew left on Friday. "
    source = first + FILLER * 60 + second
    assert support(checker, "The crew sold the ferry on Friday.", source) > 0.5
    assert support(checker, "The crew sold the ferry on Friday.", first + FILLER * 60) < 0.5


def test_the_worst_sentence_decides_for_a_claim(checker):
    source = "The mayor left. " + FILLER
    assert support(checker, "The mayor left. Rain fell.", source) > 0.5
    assert support(checker, "The mayor left. The owner sold it.", source) < 0.5
    assert support(checker, "The owner sold it. The mayor left.", source) < 0.5


def test_a_source_without_sentence_ends_is_cut(checker):
    source = "rain fell on the port " * 100 + "the mayor denied it"
    assert support(checker, "The mayor denied it.", source + ".") > 0.5


def test_a_sentence_too_long_for_the_model_is_not_supported(checker):
    claim = "rain fell " * 20 + "."
    assert len(claim.split()) < 64
    assert support(checker, claim, claim) == 0.0


@pytest.mark.parametrize("claim", ["It fell.", "The mayor denied it on Monday.", "rain " * 16])
def test_an_input_is_never_longer_than_the_model_takes(tmp_path, claim):
    checker = CrossEncoderEntailment(make_checker(tmp_path, longest=40))
    source = "".join(f"Rain fell on w{n % 10} w{n // 10}. " for n in range(90))
    assert 0 < support(checker, claim, source, "the crew left on " * 30) < 1


# --- Names and faults --------------------------------------------------------------------------


def test_the_name_changes_with_every_file_that_decides(tmp_path):
    folder = make_checker(tmp_path / "mine")
    first = CrossEncoderEntailment(folder).name
    assert first.startswith("mine-")
    assert CrossEncoderEntailment(folder).name == first
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"id2label": {"0": "yes", "1": "no"}}))
    assert CrossEncoderEntailment(folder).name != first


def test_a_network_of_another_name_is_taken_if_it_is_the_only_one(tmp_path):
    folder = make_checker(tmp_path, model="model_quantized.onnx")
    assert support(CrossEncoderEntailment(folder), "Rain fell.", FILLER) > 0.5


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (halved("model.onnx"), "model.onnx is damaged"),
        (written("model.onnx", ""), "model.onnx is damaged"),
        (written("tokenizer.json", "{}"), "tokenizer.json is no tokenizer"),
        (configured(id2label=NLI), "names 3 labels, but the model gives 2"),
        (configured(id2label={"0": "cat", "1": "dog"}), "no label means.*'cat', 'dog'"),
        (configured(id2label={"0": "true", "1": "supported"}), "more than one label"),
    ],
)
def test_a_fault_says_where_what_and_what_to_do(tmp_path, spoil, what):
    folder = make_checker(tmp_path / "checker")
    spoil(folder)
    with pytest.raises(SettingsError, match=f"(?s){what}.*docs/checkers.md") as raised:
        CrossEncoderEntailment(folder)
    assert str(folder) in str(raised.value)


@pytest.mark.parametrize(
    ("made", "what"),
    [
        ({"id2label": {"0": "hallucination"}}, "no label means"),
        ({"id2label": None, "outputs": 3}, r"no label means.*labels: none"),
        (
            {"inputs": ("input_ids", "attention_mask", "token_type_ids", "position_ids")},
            "its inputs are input_ids, .*position_ids",
        ),
    ],
)
def test_a_model_of_another_kind_is_refused(tmp_path, made, what):
    with pytest.raises(SettingsError, match=f"{what}.*docs/checkers.md"):
        CrossEncoderEntailment(make_checker(tmp_path, **made))
