"""``scripts/figures.py``: the documents hold what the committed runs say."""

import re
import runpy
from pathlib import Path

import jinja2
import pytest

from evals.framework import baselines, runner

ROOT = Path(__file__).parents[3]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "figures.py"))
FIGURES = ROOT / "evals" / "figures"
ACCEPTED = runner.load(baselines.BASELINES / "mutation.json")


@pytest.mark.parametrize("document", SCRIPT["DOCUMENTS"], ids=lambda path: path.name)
def test_a_document_has_the_figures_of_the_committed_runs(document):
    text = document.read_text(encoding="utf-8")
    assert SCRIPT["filled"](text) == text, "run `make figures` and look at what has changed"


def test_every_block_is_used_and_every_kept_run_is_told():
    texts = [path.read_text(encoding="utf-8") for path in SCRIPT["DOCUMENTS"]]
    used = {block[1] for text in texts for block in SCRIPT["BLOCK"].findall(text)}
    templates = {path.name.removesuffix(".md.j2"): path for path in FIGURES.glob("*.md.j2")}
    told = {
        name
        for path in templates.values()
        for name in re.findall(r'"([a-z-]+)"', path.read_text(encoding="utf-8"))
    }

    assert used == set(templates)
    assert {path.stem for path in FIGURES.glob("*.json")} <= told


@pytest.mark.parametrize("kept", sorted(FIGURES.glob("*.json")), ids=lambda path: path.stem)
def test_a_kept_run_has_figures_and_what_made_them_but_no_rows(kept):
    run = runner.load(kept)
    assert run.measured and run.version and run.inputs
    assert run.outcomes == run.figures == ()


def test_a_run_is_kept_without_its_outcomes(tmp_path):
    path = SCRIPT["keep"](ACCEPTED, tmp_path / "kept.json")
    kept = runner.load(path)

    assert kept.outcomes == ()
    assert (kept.version, kept.inputs) == (ACCEPTED.version, ACCEPTED.inputs)
    assert [m for m in ACCEPTED.measured if not m.part] == [m for m in kept.measured if not m.part]


def test_a_changed_figure_changes_the_document(tmp_path, monkeypatch):
    words = SCRIPT["WORDS"]
    assert words["percent"](ACCEPTED, "caught", "citation") == "96%"
    assert words["percent"](ACCEPTED, "caught", "untouched") == "–"
    with pytest.raises(KeyError, match="no figure 'recal'"):
        words["figure"](ACCEPTED, "recal")
    with pytest.raises(jinja2.TemplateNotFound):
        SCRIPT["filled"]("<!-- figures: unknown -->\n<!-- end -->")
