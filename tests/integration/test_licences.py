"""Everything that ships and is no text of ours names its licence and where it comes from."""

from __future__ import annotations

import subprocess
from pathlib import Path, PurePath

import pytest

from tests.support.samples import ROOT

PACKAGES = ("summarizer", "api", "evals")
"""As in the wheel, with the texts of ``prompts`` and ``examples``."""

TEXTS = {".py", ".md", ".toml", ".j2", ".css", ".js", ".typed"}
OURS = {"api/desk/static/icon.svg"}
MEASURED = {"evals/baselines", "evals/figures"}
BESIDE = {"LICENSE", "SHA256SUMS"}
LICENCES = {"Apache-2.0": "Apache License", "MIT": "Permission is hereby granted, free of charge"}
"""Words by which the text of each licence is known."""
STRANGERS = ("@license", "(c)", "©", "sourcemappingurl", "http://", "https://")
"""Signs in a script or a style of somebody else's, or of one that loads it."""


def shipped() -> list[PurePath]:
    """Files in the packages that Git knows, without measurements."""
    known = subprocess.run(
        ["git", "ls-files", *PACKAGES], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = map(PurePath, known.stdout.splitlines())
    return [file for file in found if file.parent.as_posix() not in MEASURED]


FILES = shipped()
WEIGHTS = [
    file
    for file in FILES
    if file.suffix not in TEXTS and file.name not in BESIDE and file.as_posix() not in OURS
]


def test_the_weights_are_found():
    names = {file.name for file in WEIGHTS}
    assert {"model.onnx", "tokenizer.json", "network.npz", "pair_scorer.json"} <= names


@pytest.mark.parametrize("file", WEIGHTS, ids=str)
def test_a_licence_and_a_source_stand_beside_each(file: PurePath) -> None:
    model = next(folder for folder in file.parents if folder / "LICENSE" in FILES)
    licence = (ROOT / model / "LICENSE").read_text("utf-8")
    card = (ROOT / model / "MODEL_CARD.md").read_text("utf-8")
    name = next(name for name, words in LICENCES.items() if words in licence)
    assert name in card and "Made by" in card
    hashes = ROOT / model / "SHA256SUMS"
    listed = hashes.read_text("utf-8") if hashes.exists() else ""
    assert f"`{file.name}`" in card or file.relative_to(model).as_posix() in listed


@pytest.mark.parametrize(
    "file", [file for file in FILES if file.suffix in {".js", ".css"}], ids=str
)
def test_scripts_and_styles_are_our_own_and_load_nothing(file: PurePath) -> None:
    text = Path(ROOT / file).read_text("utf-8").lower()
    assert [sign for sign in STRANGERS if sign in text] == []
