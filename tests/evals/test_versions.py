"""What made a run, and by which keys runs of the same rows find each other."""

import sys
from pathlib import Path

import pytest

from evals.framework import versions
from evals.framework.keys import content_key, told_apart
from summarizer.domain.claims import Thresholds
from summarizer.verification.entailment.lexical import LexicalEntailment
from summarizer.verification.policy import load_policy

POLICY = load_policy()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of one module and one file of weights, and no hash remembered."""
    folder = tmp_path / "checks_of_a_test"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "numbers.py").write_text("LIMIT = 3\n")
    (folder / "network.npz").write_bytes(b"\x01\x02")
    monkeypatch.syspath_prepend(tmp_path)
    yield folder
    versions._hash.cache_clear()
    sys.modules.pop(folder.name, None)


@pytest.mark.parametrize(
    ("file", "code_changes", "weights_change"),
    [
        ("numbers.py", True, False),
        ("network.npz", False, True),
        ("dates.py", True, False),
        ("__pycache__/numbers.pyc", False, False),
    ],
)
def test_code_and_weights_have_a_hash_each(
    package: Path, file: str, code_changes: bool, weights_change: bool
) -> None:
    def hashes() -> tuple[str, str]:
        versions._hash.cache_clear()
        names = (package.name,)
        return versions.code(*names), versions.weights(*names)

    before = hashes()
    assert hashes() == before
    (package / file).parent.mkdir(exist_ok=True)
    (package / file).write_bytes(b"# LIMIT = 4\n")

    after = hashes()
    assert (after[0] != before[0], after[1] != before[1]) == (code_changes, weights_change)


@pytest.mark.parametrize(
    ("policy", "differ"),
    [
        (load_policy(), set()),
        (POLICY.model_copy(update={"support": Thresholds(supported=0.31, partly=0.15)}),
         {"thresholds"}),
        (load_policy("balanced"), {"gate", "thresholds"}),
        (POLICY.model_copy(update={"about": "In other words."}), set()),
    ],
)  # fmt: skip
def test_the_version_of_a_verifier_has_its_thresholds(policy, differ) -> None:
    made = {
        name: versions.of_verifier(LexicalEntailment(), chosen)
        for name, chosen in (("A", POLICY), ("B", policy))
    }
    assert set(versions.differences(made)) == differ


def test_what_differs_is_told_for_each_run() -> None:
    runs = {"A": {"gate": "strict-3", "model": "m"}, "B": {"gate": "strict-4", "judge": "j"}}
    assert versions.differences(runs) == {
        "gate": {"A": "strict-3", "B": "strict-4"},
        "model": {"A": "m", "B": "–"},
        "judge": {"A": "–", "B": "j"},
    }


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (["a claim", 1], ["a claim", 1], True),
        (["a claim", 1], ["a claim", 0], False),
        (["a", "bc"], ["ab", "c"], False),
        ([{"x": 1, "y": 2}], [{"y": 2, "x": 1}], True),
        (["\ud800"], ["\ud801"], False),
    ],
)
def test_a_key_is_of_the_content(one: list[object], other: list[object], same: bool) -> None:
    assert (content_key(*one) == content_key(*other)) is same


def test_rows_of_one_content_are_told_apart_by_a_counter() -> None:
    assert told_apart(["x", "y", "x", "x"]) == ["x", "y", "x-2", "x-3"]
