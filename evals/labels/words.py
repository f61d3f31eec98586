"""Labels of claims as people and data sets write them: supported or unsupported."""

from __future__ import annotations

from typing import Any

from summarizer.errors import InputError

SUPPORTED = ("supported", "yes", "true", "entailment", "faithful", "1")
UNSUPPORTED = (
    "unsupported", "no", "false", "contradiction", "neutral", "hallucinated", "0",
)  # fmt: skip
LABELS = dict.fromkeys(SUPPORTED, 1) | dict.fromkeys(UNSUPPORTED, 0)
"""Labels by word, in lower case: 1 supported, 0 unsupported."""

MISSING = ("", "none", "null", "nan", "na", "n/a", "<na>")
"""What stands for no label, in lower case, as spreadsheets and pandas write it."""


def read_label(value: Any, place: str) -> int:
    """The label of a row: 1 supported, 0 unsupported.

    Args:
        value: one of the words in any case, a boolean, or the number 1 or 0, also as ``1.0``,
            which pandas writes once a column has a gap.
        place: of the row.

    Raises:
        InputError: it is missing, or none of these, such as a score, for which nobody has chosen a
            threshold.
    """
    word = str(value).strip().casefold()
    if word in MISSING:
        raise InputError(f"{place}: the label is missing. Label the row, or leave it out.")
    number = _number(word)
    if number in (0, 1):
        return int(number)
    if number is not None and not number.is_integer():
        raise InputError(
            f"{place}: the label {value} is a score, and a label is supported or not. Choose a "
            "threshold and write 1 or 0."
        )
    if word in LABELS:
        return LABELS[word]
    raise InputError(
        f"{place}: the label {value!r:.60} is not known. Supported are "
        f"{', '.join(SUPPORTED)}; unsupported {', '.join(UNSUPPORTED)}."
    )


def _number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None
