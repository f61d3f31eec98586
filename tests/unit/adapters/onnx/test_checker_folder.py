"""What is read of a checker's folder before its model is loaded."""

import pytest

from summarizer.adapters.onnx.checker_folder import LONGEST, read_folder, support_index
from summarizer.errors import SettingsError
from tests.support.checker import (
    MINICHECK,
    NLI,
    configured,
    halved,
    make_checker,
    missing,
    written,
)


@pytest.fixture
def folder(tmp_path):
    return make_checker(tmp_path / "checker")


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (missing("model.onnx"), r"no network \(model.onnx\).*Export"),
        (missing("config.json"), "config.json is missing"),
        (missing("tokenizer.json"), "tokenizer.json is missing"),
        (halved("tokenizer.json"), "tokenizer.json cannot be read"),
        (written("config.json", "[]"), "config.json holds no JSON object"),
        (written("config.json", "\xff{"), "config.json cannot be read"),
        (written("tokenizer_config.json", "{"), "tokenizer_config.json cannot be read"),
        (configured(max_position_embeddings=20), "18 tokens at most"),
        (configured(id2label=["no", "yes"]), "does not number its labels from 0"),
        (configured(id2label={"1": "no", "2": "yes"}), "does not number its labels from 0"),
    ],
)
def test_a_fault_says_where_what_and_what_to_do(folder, spoil, what):
    spoil(folder)
    with pytest.raises(SettingsError, match=f"(?s){what}.*docs/checkers.md") as raised:
        read_folder(folder)
    assert str(folder) in str(raised.value)


def test_a_folder_that_is_missing_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"nowhere: there is no such folder"):
        read_folder(tmp_path / "nowhere")


def test_two_networks_without_the_usual_name_are_refused(tmp_path):
    make_checker(tmp_path, model="a.onnx")
    make_checker(tmp_path, model="b.onnx")
    with pytest.raises(SettingsError, match=r"several networks \(a.onnx, b.onnx\)"):
        read_folder(tmp_path)


@pytest.mark.parametrize(
    ("change", "most"),
    [
        (configured(max_position_embeddings=130), 128),
        (configured(max_position_embeddings=8192), 128),  # the tokenizer cuts at 128
        (written("tokenizer_config.json", '{"model_max_length": 100}'), 100),
        (written("tokenizer_config.json", '{"model_max_length": 1e30}'), 128),
        (configured(max_position_embeddings=None), 128),
        (written("tokenizer.json", "{}"), LONGEST),
    ],
)
def test_the_longest_input_is_the_least_that_any_file_names(tmp_path, change, most):
    folder = make_checker(tmp_path, longest=1_000)
    change(folder)
    assert read_folder(folder).most_tokens == most


@pytest.mark.parametrize(
    ("labels", "outputs", "index"),
    [
        (None, 1, 0),
        (None, 2, 1),
        (MINICHECK, 2, 1),
        ({"0": "0", "1": "1"}, 2, 1),
        (NLI, 3, 0),
        ({"0": "CONTRADICTION", "1": "Neutral", "2": " Entailment"}, 3, 2),
        ({"0": "supported", "1": "unsupported"}, 2, 0),
        ({"0": "consistent"}, 1, 0),
    ],
)
def test_which_output_means_support(tmp_path, labels, outputs, index):
    made = read_folder(make_checker(tmp_path, labels, outputs=outputs))
    assert support_index(made, outputs) == index


@pytest.mark.parametrize(
    ("labels", "outputs"),
    [(None, 3), (NLI, 2), (MINICHECK, 1), ({"0": "hallucination"}, 1), ({"0": "a", "1": "b"}, 2)],
)
def test_where_no_label_means_support_the_folder_is_refused(tmp_path, labels, outputs):
    made = read_folder(make_checker(tmp_path, labels))
    with pytest.raises(SettingsError, match="label"):
        support_index(made, outputs)
