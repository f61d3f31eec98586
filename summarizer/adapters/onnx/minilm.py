"""``Embedder`` with all-MiniLM-L6-v2 on the CPU; the weights are in the package.

The ONNX file stores weights as int8 and computes in float32, so that a text's vector does not
depend on its batch.  ``models/minilm/MODEL_CARD.md`` has its origin and a comparison with the
original weights.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from summarizer.adapters.onnx import batches
from summarizer.errors import ModelError
from summarizer.ports.models import Vectors

if TYPE_CHECKING:  # slow to import, so they are imported at the first text
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

MODEL_DIR = Path(__file__).parent / "models" / "minilm"
DIMENSIONS = 384
MAX_TOKENS = 256
"""Tokens after which a text is cut, as in the model's own configuration (``max_seq_length``)."""

MAX_CHARACTERS = 8_192
"""Characters of a text that are tokenized, so that a 2 MB text costs no more than a page."""

BATCH_TOKENS = 512
"""Padded tokens of one run, about a dozen passages; neither 160 nor 1,280 is faster."""

THREADS = max(1, min(2, (os.cpu_count() or 1) - 1))
"""CPU threads of one run: new items are embedded behind the requests, which keep a core."""


class _Loaded(NamedTuple):
    tokenizer: Tokenizer
    session: InferenceSession


class MiniLmEmbedder:
    """``Embedder`` on onnxruntime: the mean of the token vectors, scaled to length 1.

    Loads its files at the first text; thread-safe.  An empty text has a vector too, far from most
    others.

    Args:
        threads: CPU threads of one run, at least 1.
        model_dir: folder with ``model.onnx``, ``tokenizer.json`` and ``SHA256SUMS``.

    Raises:
        ModelError: a file is missing, or its hash differs from ``SHA256SUMS``.
    """

    def __init__(self, threads: int = THREADS, model_dir: Path = MODEL_DIR) -> None:
        self._threads = threads
        self._dir = model_dir
        self._hashes = _manifest(model_dir)
        self._loaded: _Loaded | None = None
        self._lock = Lock()

    @property
    def name(self) -> str:
        """Name of the model and the first digits of its file's SHA-256."""
        return f"all-MiniLM-L6-v2-int8-{self._hashes['model.onnx'][:8]}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, one row each, in order."""
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        if texts:
            model = self._model()
            tokens = _token_ids(model.tokenizer, texts)
            for batch in batches.by_length([len(ids) for ids in tokens], BATCH_TOKENS):
                vectors[batch] = _run(model.session, [tokens[i] for i in batch])
        return vectors

    def tokens(self, texts: Sequence[str]) -> list[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """For each text, the ids of its tokens and their contextual vectors, one row each.

        Start and end markers are left out; a text without tokens has no rows.
        """
        found: list[tuple[NDArray[np.int64], NDArray[np.float32]]] = []
        if not texts:
            return found
        model = self._model()
        ids = _token_ids(model.tokenizer, texts)
        states: dict[int, NDArray[np.float32]] = {}
        for batch in batches.by_length([len(sequence) for sequence in ids], BATCH_TOKENS):
            rows = _states(model.session, [ids[i] for i in batch])
            states |= {i: row[1:-1] for i, row in zip(batch, rows, strict=True)}
        return [(np.array(ids[i][1:-1], dtype=np.int64), states[i]) for i in range(len(texts))]

    def _model(self) -> _Loaded:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> _Loaded:
        import onnxruntime
        from tokenizers import Tokenizer

        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        # Waiting threads sleep, since the process shares its cores with other work.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        weights, words = self._verified("model.onnx"), self._verified("tokenizer.json")
        session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_str(words.decode())
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)
        return _Loaded(tokenizer, session)

    def _verified(self, name: str) -> bytes:
        content = _read(self._dir / name)
        if hashlib.sha256(content).hexdigest() != self._hashes.get(name):
            raise ModelError(
                f"The embedding model's file {self._dir / name} is damaged: its sha256 is not the "
                "one in SHA256SUMS. Reinstall the package."
            )
        return content


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"The embedding model's file {path} cannot be read ({error.strerror}). "
            "Reinstall the package."
        ) from error


def _manifest(folder: Path) -> dict[str, str]:
    lines = _read(folder / "SHA256SUMS").decode("ascii").splitlines()
    return {name: sha256 for sha256, name in (line.split() for line in lines)}


def _token_ids(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    return [encoding.ids for encoding in tokenizer.encode_batch(list(map(_readable, texts)))]


def _readable(text: str) -> str:
    """The text for the tokenizer, with the same offsets.

    It is cut, and lone surrogates, which JSON may contain, are replaced: they have no UTF-8 form.
    """
    return text[:MAX_CHARACTERS].encode("utf-8", "replace").decode()


def _run(session: InferenceSession, tokens: Sequence[Sequence[int]]) -> NDArray[np.float32]:
    # The order of the sum must not depend on the padded width, so each row is summed alone.
    means = np.stack([states.mean(axis=0) for states in _states(session, tokens)])
    unit: NDArray[np.float32] = means / np.linalg.norm(means, axis=1, keepdims=True)
    return unit


def _states(
    session: InferenceSession, tokens: Sequence[Sequence[int]]
) -> list[NDArray[np.float32]]:
    """Token vectors of each sequence, one row for each token."""
    width = max(map(len, tokens))
    ids = np.zeros((len(tokens), width), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, sequence in enumerate(tokens):
        ids[row, : len(sequence)] = sequence
        mask[row, : len(sequence)] = 1
    inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    (states,) = session.run(None, inputs)
    return [states[i, : len(sequence)] for i, sequence in enumerate(tokens)]
