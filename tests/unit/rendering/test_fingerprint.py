"""The hash of what makes the pages follows every change of it, and nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer.rendering.fingerprint import edition, edition_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html.j2").write_text("<p>{{ text }}</p>")
    (tmp_path / "page.css").write_text("p { color: black }")
    (tmp_path / "wording.py").write_text("WORDS = 1")
    return tmp_path


CHANGES: dict[str, Callable[[Path], object]] = {
    "a template": lambda at: (at / "templates" / "page.html.j2").write_text("<p>{{ words }}</p>"),
    "a style": lambda at: (at / "page.css").write_text("p { color: navy }"),
    "code": lambda at: (at / "wording.py").write_text("WORDS = 2"),
    "another file": lambda at: (at / "templates" / "more.j2").write_text(""),
    "another name": lambda at: (at / "page.css").rename(at / "sheet.css"),
    "bytes of two files": lambda at: (
        (at / "page.css").write_text("p { color: black"),
        (at / "wording.py").write_text(" }WORDS = 1"),
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_another_edition_follows_a_change(folder, change):
    before = edition_of(folder)
    change(folder)
    assert edition_of(folder) != before


def test_what_a_run_leaves_behind_makes_no_other_edition(folder):
    before = edition_of(folder)
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "wording.pyc").write_bytes(b"x")
    assert edition_of(folder) == before


def test_the_edition_of_the_program_is_the_same_whoever_asks():
    assert edition() == edition()
    assert len(edition()) == 16
