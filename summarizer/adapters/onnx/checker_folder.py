"""The folder of an operator's own checker: a cross-encoder as transformers and optimum export it.

Read before the model is loaded, so that a fault of the folder is found at once.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from summarizer.errors import SettingsError
from summarizer.text.tokens import listed

LONGEST = 512
"""Most tokens of one window with its claim.  Classifiers of pairs are trained on short ones, and
the time of a window grows with the square of its length."""

SHORTEST = 32
"""Fewest tokens of a model's input that hold a claim and a sentence."""

SUPPORT = frozenset(
    listed(
        "entailment entailed entails entail supported supports support attributable faithful "
        "consistent factual grounded correct true yes"
    )
)
"""Names of labels, in lower case, that mean that the source supports the claim."""

_UNNAMED = re.compile(r"(?:label_)?\d+", re.IGNORECASE)


class CheckerFolder(NamedTuple):
    """What a folder says of its model.

    Args:
        path: the folder.
        model: file of the network.
        labels: names of the labels in order; ``None`` where ``config.json`` leaves them out.
        most_tokens: longest input, with special tokens.
        pad_id: id of the token that fills up a batch.
        version: first digits of the SHA-256 of all files that decide the scores.
    """

    path: Path
    model: Path
    labels: tuple[str, ...] | None
    most_tokens: int
    pad_id: int
    version: str

    def fault(self, what: str, remedy: str) -> SettingsError:
        """The error that says what is wrong with this folder and what to do."""
        return _fault(self.path, what, remedy)


def read_folder(path: Path) -> CheckerFolder:
    """Read and check a folder, without loading the model.

    Raises:
        SettingsError: a file is missing or malformed.
    """
    if not path.is_dir():
        raise _fault(path, "there is no such folder", "Name the folder of an exported model")
    model = _model_file(path)
    config, tokenizer = _json(path, "config.json"), _json(path, "tokenizer.json")
    limits = [
        LONGEST,
        # RoBERTa, MPNet and XLM-R number positions from the padding id on, which takes two.
        _whole(config, "max_position_embeddings", LONGEST + 2) - 2,
        _whole(tokenizer.get("truncation") or {}, "max_length", LONGEST),
    ]
    if (path / "tokenizer_config.json").exists():
        more = _json(path, "tokenizer_config.json")
        limits.append(_whole(more, "model_max_length", LONGEST))
    if (most := min(limits)) < SHORTEST:
        raise _fault(
            path,
            f"its inputs have {most} tokens at most, too few for a claim and a source",
            "Correct max_position_embeddings in config.json, or take another model",
        )
    return CheckerFolder(
        path=path,
        model=model,
        labels=_labels(path, config),
        most_tokens=most,
        pad_id=_whole(config, "pad_token_id", 0),
        version=_version(path, model),
    )


def support_index(folder: CheckerFolder, outputs: int) -> int:
    """Which of a model's outputs means that the source supports the claim.

    A single output is a log-odds of support.  Of several, it is the one whose label says so;
    of two without names it is the second, as in MiniCheck and by custom (0 no, 1 yes).

    Raises:
        SettingsError: the labels are not as many as the outputs, or none or several mean support.
    """
    labels = folder.labels
    if labels is not None and len(labels) != outputs:
        raise folder.fault(
            f"config.json names {len(labels)} labels, but the model gives {outputs} numbers",
            "Put the id2label of this model into config.json",
        )
    unnamed = labels is None or all(_UNNAMED.fullmatch(label) for label in labels)
    if unnamed and outputs <= 2:
        return outputs - 1
    found = [i for i, label in enumerate(labels or ()) if label.strip().lower() in SUPPORT]
    if len(found) == 1:
        return found[0]
    named = ", ".join(map(repr, labels)) if labels else "none"
    raise folder.fault(
        f"{'no label' if not found else 'more than one label'} means that a source supports a "
        f"claim (labels: {named})",
        "Call that label 'entailment' or 'supported' in id2label of config.json",
    )


# --- Files -------------------------------------------------------------------------------------


def _fault(folder: Path, what: str, remedy: str) -> SettingsError:
    return SettingsError(f"The checker in {folder}: {what}. {remedy}; see docs/checkers.md.")


def _model_file(folder: Path) -> Path:
    """``model.onnx``, or the only network of the folder."""
    files = sorted(folder.glob("*.onnx"))
    if not files:
        raise _fault(
            folder, "it holds no network (model.onnx)", "Export the model to ONNX into this folder"
        )
    chosen = folder / "model.onnx"
    if chosen in files:
        return chosen
    if len(files) > 1:
        names = ", ".join(file.name for file in files)
        raise _fault(
            folder,
            f"it holds several networks ({names}) and none is model.onnx",
            "Leave one of them, or call it model.onnx",
        )
    return files[0]


def _json(folder: Path, name: str) -> dict[str, Any]:
    try:
        content = json.loads((folder / name).read_bytes())
    except FileNotFoundError as error:
        raise _fault(
            folder,
            f"{name} is missing",
            "Export the model with its tokenizer, or copy the file from the model's repository",
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise _fault(
            folder, f"{name} cannot be read ({error})", "Copy the file once more"
        ) from error
    if not isinstance(content, dict):
        raise _fault(folder, f"{name} holds no JSON object", "Copy the file once more")
    return content


def _whole(values: Any, name: str, otherwise: int) -> int:
    """A whole number of a configuration, as far as it states one that is not negative."""
    value = values.get(name) if isinstance(values, dict) else None
    return value if isinstance(value, int) and value >= 0 else otherwise


def _labels(folder: Path, config: dict[str, Any]) -> tuple[str, ...] | None:
    given = config.get("id2label")
    if given is None:  # transformers leave out the labels LABEL_0 and LABEL_1
        return None
    numbers = [str(n) for n in range(len(given))] if isinstance(given, dict) else []
    if not numbers or set(given) != set(numbers):
        raise _fault(
            folder,
            "id2label of config.json does not number its labels from 0",
            'Write it as {"0": "contradiction", "1": "entailment"}, in the order of the outputs',
        )
    return tuple(str(given[number]) for number in numbers)


def _version(folder: Path, model: Path) -> str:
    """Over the network, with weights kept beside it, the tokenizer and the configuration."""
    names = {path.name for path in folder.glob(f"{model.name}*")}
    found = hashlib.sha256()
    for name in sorted({*names, "tokenizer.json", "config.json"}):
        try:
            with (folder / name).open("rb") as file:
                found.update(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            raise _fault(
                folder, f"{name} cannot be read ({error.strerror})", "Correct its permissions"
            ) from error
    return found.hexdigest()[:8]


def outputs_in_words(shape: Sequence[object]) -> str:
    """A shape as an error names it: ``2 × 3``."""
    return " × ".join(map(str, shape)) or "none"
