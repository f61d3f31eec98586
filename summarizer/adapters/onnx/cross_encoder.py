"""``Entailment`` by a cross-encoder that the operator names, on onnxruntime.

Any sequence classifier of pairs (source, claim) fits: two labels as MiniCheck has them, the three
of natural language inference, or one log-odds.  ``docs/checkers.md`` says how to export one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from summarizer.adapters.onnx import batches
from summarizer.adapters.onnx.checker_folder import (
    CheckerFolder,
    outputs_in_words,
    read_folder,
    support_index,
)
from summarizer.adapters.onnx.source_windows import SourceWindows
from summarizer.errors import ModelError
from summarizer.text.sentences import sentences

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

BATCH_TOKENS = 1_024
"""Padded tokens of one run: two full windows, or a dozen passages with their claims."""

THREADS = 2
"""CPU threads of one run: a draft waits for it."""

_INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class _Question(NamedTuple):
    """A sentence of a claim against one window.

    Args:
        asked: position of the sentence among all that are asked.
    """

    asked: int
    encoding: Encoding


class CrossEncoderEntailment:
    """Probability of support by a cross-encoder; an ``Entailment``, thread-safe.

    Each sentence of a claim is held against every window of the sources: the best window decides
    for the sentence, the worst sentence for the claim.  The probability is the model's own.

    Args:
        folder: holds the network, ``tokenizer.json`` and ``config.json``.
        threads: CPU threads of one run, at least 1.

    Raises:
        SettingsError: a file is missing or damaged, or the model is no classifier of pairs with
            a label that means support.
    """

    def __init__(self, folder: Path, threads: int = THREADS) -> None:
        self._folder = read_folder(folder)
        # Two, since the one that measures sentences must not cut them.
        self._measure, self._encode = _tokenizers(self._folder)
        self._special = self._encode.num_special_tokens_to_add(is_pair=True)
        self._session = _session(self._folder, threads)
        self._types = _input_types(self._folder, self._session)
        self._support_at = self._probed()

    @property
    def name(self) -> str:
        """Name of the folder and the first digits of its files' hash."""
        return f"{self._folder.path.resolve().name}-{self._folder.version}"

    def support(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[float]:
        """Support probability, 0–1, of each pair, in order.

        0 without claim or sources, and for a sentence longer than half of the model's input.

        Raises:
            ModelError: the model broke off.
        """
        questions: list[_Question] = []
        owner: list[int] = []
        latest: tuple[tuple[str, ...], SourceWindows] | None = None
        for n, (claim, texts) in enumerate(pairs):
            key = tuple(map(_readable, texts))
            if latest is None or latest[0] != key:
                latest = key, SourceWindows(key, self._offsets, self._half)
            for sentence in _sentences(_readable(claim)):
                questions += self._questions(len(owner), sentence, latest[1])
                owner.append(n)
        best = np.zeros(len(owner))
        for question, chance in zip(questions, self._chances(questions), strict=True):
            best[question.asked] = np.maximum(best[question.asked], chance)
        found = np.ones(len(pairs))
        np.minimum.at(found, owner, best)
        found[[n for n in range(len(pairs)) if n not in set(owner)]] = 0.0
        return [float(value) for value in found]

    @property
    def _half(self) -> int:
        """Most tokens of a sentence; what is left holds a source sentence as long."""
        return (self._folder.most_tokens - self._special) // 2

    def _offsets(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        found = self._measure.encode_batch(list(texts), add_special_tokens=False)
        return [list(encoding.offsets) for encoding in found]

    def _questions(self, asked: int, sentence: str, source: SourceWindows) -> list[_Question]:
        (places,) = self._offsets([sentence])
        if len(places) > self._half:
            return []
        room = self._folder.most_tokens - self._special - len(places)
        windows = source.of(sentence, room)
        encoded = self._encode.encode_batch([(window, sentence) for window in windows])
        return [_Question(asked, encoding) for encoding in encoded]

    def _chances(self, questions: Sequence[_Question]) -> NDArray[np.float64]:
        found = np.zeros(len(questions))
        lengths = [len(question.encoding.ids) for question in questions]
        for batch in batches.by_length(lengths, BATCH_TOKENS):
            logits = self._logits([questions[i].encoding for i in batch])
            found[batch] = _chance(logits, self._support_at)
        return found

    def _logits(self, encodings: Sequence[Encoding]) -> NDArray[np.float64]:
        width = max(len(encoding.ids) for encoding in encodings)
        given = {
            name: np.zeros((len(encodings), width), kind) for name, kind in self._types.items()
        }
        given["input_ids"][:] = self._folder.pad_id
        for row, encoding in enumerate(encodings):
            parts = (encoding.ids, encoding.attention_mask, encoding.type_ids)
            for name, numbers in zip(_INPUTS, parts, strict=True):
                if name in given:
                    given[name][row, : len(numbers)] = numbers
        try:
            logits: NDArray[Any] = self._session.run(self._outputs, given)[0]
        except Exception as error:  # the runtime's exceptions have no class in common
            raise ModelError(f"The checker {self.name} broke off: {error}") from error
        return logits.astype(np.float64)

    @property
    def _outputs(self) -> list[str]:
        """The output of that name, or the first."""
        names = [output.name for output in self._session.get_outputs()]
        return ["logits"] if "logits" in names else names[:1]

    def _probed(self) -> int:
        """Ask once, to learn how many numbers the model gives and which of them means support."""
        try:
            encoding = self._encode.encode("A source.", "A claim.")
            logits = self._logits([encoding])
        except (ModelError, TypeError, ValueError) as error:
            raise self._folder.fault(
                f"it gives no answer to a pair of sentences ({error})",
                "Export it with --task text-classification",
            ) from error
        if logits.ndim != 2 or logits.shape[0] != 1 or not logits.shape[1]:
            raise self._folder.fault(
                f"it answers one pair with numbers of the shape {outputs_in_words(logits.shape)}, "
                "not with one number for each label",
                "Export it with --task text-classification",
            )
        return support_index(self._folder, logits.shape[1])


def _chance(logits: NDArray[np.float64], at: int) -> NDArray[np.float64]:
    """Probability of one label of each row; a single one is a log-odds."""
    if logits.shape[1] == 1:
        logits = np.concatenate([np.zeros_like(logits), logits], axis=1)
        at = 1
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    found: NDArray[np.float64] = powers[:, at] / powers.sum(axis=1)
    return found


def _sentences(claim: str) -> list[str]:
    found = [claim[span.start : span.end] for span in sentences(claim)]
    return [sentence for sentence in found if sentence.strip()]


def _readable(text: str) -> str:
    """The text without lone surrogates, which JSON may contain: they have no UTF-8 form."""
    return text.encode("utf-8", "replace").decode()


# --- Loading -----------------------------------------------------------------------------------


def _tokenizers(folder: CheckerFolder) -> tuple[Tokenizer, Tokenizer]:
    """A tokenizer that measures, and one that cuts a source to what is left beside the claim."""
    from tokenizers import Tokenizer

    try:
        text = (folder.path / "tokenizer.json").read_text(encoding="utf-8")
        measure, encode = Tokenizer.from_str(text), Tokenizer.from_str(text)
    except Exception as error:  # the library raises no narrower class
        raise folder.fault(
            f"tokenizer.json is no tokenizer ({error})",
            "Save it with a fast tokenizer of transformers",
        ) from error
    for tokenizer in (measure, encode):
        tokenizer.no_padding()
        tokenizer.no_truncation()
    encode.enable_truncation(folder.most_tokens, strategy="only_first")
    return measure, encode


def _session(folder: CheckerFolder, threads: int) -> InferenceSession:
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # Waiting threads sleep, since the process shares its cores with other work.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3  # errors; exported networks warn of parts that nothing uses
    try:
        # By its path, since weights over 2 GB lie beside it.
        return onnxruntime.InferenceSession(
            str(folder.model), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # the runtime's exceptions have no class in common
        raise folder.fault(
            f"{folder.model.name} is damaged or no network that onnxruntime can run ({error})",
            "Export the model or copy the file once more",
        ) from error


def _input_types(folder: CheckerFolder, session: InferenceSession) -> dict[str, type[np.integer]]:
    """Types of the inputs by name."""
    given = {node.name: node.type for node in session.get_inputs()}
    if "input_ids" not in given or not set(given) <= set(_INPUTS):
        raise folder.fault(
            f"its inputs are {', '.join(given) or 'none'}, and it may have input_ids, "
            "attention_mask and token_type_ids",
            "Export it with --task text-classification",
        )
    return {n: np.int32 if kind == "tensor(int32)" else np.int64 for n, kind in given.items()}
