import hashlib

import numpy as np

from summarizer.clustering import fingerprint
from summarizer.clustering.features import read
from summarizer.clustering.fingerprint import ItemFingerprint
from tests.unit.clustering.test_features import NOON, TEXT

URL = "https://www.harrow.example/a/boat-accident-on-quay"
VECTOR = np.eye(1, 8, dtype=np.float32)[0]
READ_BY = ("2", "0ecf428e02290722")
"""The newest version, and a digest of how it reads."""


def imprint(label: str | None = None) -> ItemFingerprint:
    return fingerprint.of(read("Boat accident", TEXT, URL, NOON), VECTOR, label)


def test_an_imprint_is_the_same_after_it_was_stored() -> None:
    made = imprint("case-7")
    again = fingerprint.from_bytes(fingerprint.to_bytes(made))
    for name, value in vars(made).items():
        assert np.array_equal(value, getattr(again, name)), name


def test_an_item_without_anything_has_an_imprint() -> None:
    made = fingerprint.of(read("", "", None, None), VECTOR)
    again = fingerprint.from_bytes(fingerprint.to_bytes(made))
    assert len(again.words) == 0
    assert again.day is None and again.label is None


def test_a_reader_that_reads_otherwise_has_a_new_version() -> None:
    digest = hashlib.sha256(fingerprint.to_bytes(imprint())).hexdigest()[:16]
    assert (fingerprint.VERSION, digest) == READ_BY, "give fingerprint.VERSION a new number"
