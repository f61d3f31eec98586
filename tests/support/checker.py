"""Tiny cross-encoders, built without a training library.

They support a claim by as many log-odds as ``SURE``, and lose ``MISSED`` for each word of it that
the source lacks: so what they should say of any pair is plain.
"""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing

from summarizer.text.tokens import listed

Spoil = Callable[[Path], object]

SURE, MISSED = 4.0, 6.0
SPECIAL = ("[PAD]", "[CLS]", "[SEP]", "[UNK]")
WORDS = listed(
    "the a regulator fined airline ferry closed line on monday friday harbour mayor denied it "
    "rain fell owner sold port crew left . naïve 東京 🚢 w0 w1 w2 w3 w4 w5 w6 w7 w8 w9"
)

NLI = {"0": "entailment", "1": "neutral", "2": "contradiction"}
MINICHECK = {"0": "LABEL_0", "1": "LABEL_1"}
ONE = {"0": "LABEL_0"}


def make_checker(
    folder: Path,
    id2label: dict[str, str] | None = MINICHECK,
    *,
    outputs: int | None = None,
    inputs: tuple[str, ...] = ("input_ids", "attention_mask", "token_type_ids"),
    longest: int = 64,
    whole_numbers: int = TensorProto.INT64,
    model: str = "model.onnx",
) -> Path:
    """Write a checker into a folder, as optimum lays one out.

    Args:
        folder: made where it is missing.
        id2label: labels; ``None`` leaves them out.
        outputs: numbers that the network gives; as many as labels by default.
        inputs: names of its inputs.
        longest: tokens of the longest input; the network breaks on a longer one.
        whole_numbers: type of its inputs.
        model: name of the network's file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    config = {"max_position_embeddings": longest + 2, "pad_token_id": 0}
    if id2label is not None:
        config["id2label"] = id2label
    (folder / "config.json").write_text(json.dumps(config))
    _tokenizer().save(str(folder / "tokenizer.json"))
    count = outputs or len(id2label or MINICHECK)
    network = _network(count, _support_at(id2label, count), inputs, whole_numbers, longest)
    onnx.save(network, folder / model)
    return folder


def _support_at(id2label: dict[str, str] | None, count: int) -> int:
    named = [int(n) for n, label in (id2label or {}).items() if label.startswith("entail")]
    return named[0] if named else count - 1


def _tokenizer() -> Tokenizer:
    words = {word: n for n, word in enumerate((*SPECIAL, *WORDS))}
    made = Tokenizer(WordLevel(words, unk_token="[UNK]"))
    made.normalizer, made.pre_tokenizer = Lowercase(), Whitespace()
    made.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 1), ("[SEP]", 2)],
    )
    made.enable_padding(pad_id=0)
    made.enable_truncation(128)
    return made


def _network(
    count: int, at: int, inputs: tuple[str, ...], kind: int, longest: int
) -> onnx.ModelProto:
    size = len(SPECIAL) + len(WORDS)
    table = np.eye(size, dtype=np.float32)
    table[[0, 1, 2]] = 0  # neither padding nor marks are words
    scale = np.zeros((1, count), np.float32)
    scale[0, at] = 1
    constants = {
        "table": table,
        "one": np.float32(1),
        "sure": np.float32(SURE),
        "missed": np.float32(-MISSED),
        "scale": scale,
        "last": np.array([2], np.int64),
        "words": np.array([1], np.int64),
        "axis": np.int64(1),
        "positions": np.zeros(longest + 1, np.float32),
        "separator": np.array(2, np.int32 if kind == TensorProto.INT32 else np.int64),
    }
    if "token_type_ids" in inputs:
        second = [_node("Cast", ["token_type_ids"], "second", to=TensorProto.FLOAT)]
    else:  # the claim stands after the first separator
        second = [
            _node("Equal", ["input_ids", "separator"], "is_separator"),
            _node("Cast", ["is_separator"], "separators", to=TensorProto.FLOAT),
            _node("CumSum", ["separators", "axis"], "before", exclusive=1),
            _node("Min", ["before", "one"], "second"),
        ]
    nodes = [
        *second,
        _node("Gather", ["table", "input_ids"], "each"),
        _node("Cast", ["attention_mask"], "there", to=TensorProto.FLOAT),
        _node("Mul", ["there", "second"], "is_claim"),
        _node("Sub", ["there", "is_claim"], "is_source"),
        _node("Unsqueeze", ["is_claim", "last"], "claim_rows"),
        _node("Unsqueeze", ["is_source", "last"], "source_rows"),
        _node("Mul", ["each", "claim_rows"], "claim_words"),
        _node("Mul", ["each", "source_rows"], "source_words"),
        _node("ReduceMax", ["claim_words", "words"], "claim", keepdims=0),
        _node("ReduceMax", ["source_words", "words"], "source", keepdims=0),
        _node("Sub", ["one", "source"], "absent"),
        _node("Mul", ["claim", "absent"], "lacking"),
        _node("ReduceSum", ["lacking", "words"], "count", keepdims=1),
        _node("Mul", ["count", "missed"], "lost"),
        _node("CumSum", ["there", "axis"], "place"),
        _node("Cast", ["place"], "places", to=TensorProto.INT64),
        _node("Gather", ["positions", "places"], "nothing"),
        _node("ReduceSum", ["nothing", "words"], "no_odds", keepdims=1),
        _node("Sum", ["lost", "sure", "no_odds"], "odds"),
        _node("Mul", ["odds", "scale"], "logits"),
    ]
    graph = helper.make_graph(
        nodes,
        "checker",
        [helper.make_tensor_value_info(name, kind, ["batch", "tokens"]) for name in inputs],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", count])],
        [numpy_helper.from_array(np.asarray(a), name) for name, a in constants.items()],
    )
    opset = [helper.make_opsetid("", 18)]
    return helper.make_model(graph, opset_imports=opset, ir_version=9)


def _node(kind: str, names: list[str], result: str, **attributes: int) -> onnx.NodeProto:
    return helper.make_node(kind, names, [result], **attributes)


# --- What spoils a folder ----------------------------------------------------------------------


def missing(name: str) -> Spoil:
    return lambda folder: (folder / name).unlink()


def written(name: str, text: str) -> Spoil:
    return lambda folder: (folder / name).write_text(text)


def halved(name: str) -> Spoil:
    def cut(folder: Path) -> None:
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: len(content) // 2])

    return cut


def configured(**values: object) -> Spoil:
    def change(folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps(config | values))

    return change
