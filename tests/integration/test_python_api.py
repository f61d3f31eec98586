"""The public Python API: its names, its documented examples, and its errors."""

import ast
import contextlib
import io
import re
import shutil
from pathlib import Path

import pytest

import summarizer
from summarizer import Settings, cluster, open_app, render, verify
from summarizer.errors import InputError, SettingsError
from tests.support.builders import an_item

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "python.md"
ITEMS = ROOT / "examples" / "items" / "aldermoor-extraction-claims.jsonl"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PRINTED = re.compile(r"^ *# → (.*)$", re.MULTILINE)


@pytest.mark.slow
def test_every_documented_example_prints_what_it_says(tmp_path, monkeypatch):
    shutil.copy(ITEMS, tmp_path / "items.jsonl")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in BLOCK.findall(DOCUMENT.read_text(encoding="utf-8")):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(block, str(DOCUMENT), "exec"), names)
        assert printed.getvalue().splitlines() == PRINTED.findall(block), block


def test_every_public_name_has_an_example():
    examples = "\n".join(BLOCK.findall(DOCUMENT.read_text(encoding="utf-8")))
    imported = {
        name.name
        for node in ast.walk(ast.parse(examples))
        if isinstance(node, ast.ImportFrom) and node.module == "summarizer"
        for name in node.names
    }

    assert set(summarizer.__all__) - imported == {"App"}  # which open_app gives


def test_type_checkers_and_the_running_program_know_the_same_names():
    source = Path(summarizer.__file__).read_text(encoding="utf-8")
    checked = {
        name.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("summarizer.")
        for name in node.names
    }

    assert checked == set(summarizer.__all__) <= set(dir(summarizer))
    assert all(getattr(summarizer, name).__name__ == name for name in summarizer.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Pipelines'"):
        summarizer.Pipelines  # noqa: B018


@pytest.mark.parametrize("package", ["summarizer", "api", "evals"])
def test_the_packages_say_that_they_are_typed(package):
    assert (ROOT / package / "py.typed").exists()


@pytest.mark.parametrize(
    ("claim", "fault"),
    [
        (("A pump failed.", []), "Claim 1: Field 'sources'"),
        ((" ", "A pump failed."), "Claim 1: Field 'claim'"),
        ({"claim": "A pump failed."}, "Claim 1: Field 'sources'"),
    ],
)
def test_a_claim_that_cannot_be_judged_is_named_by_its_number(claim, fault):
    with pytest.raises(InputError, match=fault):
        verify([("A pump failed.", "A pump failed."), claim])


def test_an_item_that_cannot_be_clustered_is_named_by_its_number():
    with pytest.raises(InputError, match="Item 1: text: "):
        cluster(["A pump failed.", {"text": 5, "published_at": "noon"}])


def test_stored_items_rows_and_texts_are_clustered_alike():
    text = "The ferry Dawn stands still after a pump failed on Monday."

    assert len(set(cluster([an_item(text=text), {"text": text}, text]))) == 1


def test_a_page_is_rendered_in_every_format_with_its_chart_where_there_is_one():
    with ITEMS.open("rb") as file, open_app(Settings(drafter="extractive"), in_memory=True) as app:
        list(app.pipeline.ingest(file))
        app.pipeline.settle()
        app.pipeline.draft("INC-000001")
        page = app.pages.of("INC-000001")
        noise = app.pages.picture(page)

    assert page.title in render(page).partition("\n")[0]
    assert render(page, "json").startswith("{")
    assert "<figure" not in render(page, "html")
    assert "<figure" in render(page, "html", noise=noise)
    with pytest.raises(InputError, match="no format 'pdf'"):
        render(page, "pdf")


def test_a_wrong_file_that_a_setting_names_is_found_before_the_service_runs(tmp_path):
    rules = tmp_path / "rules.toml"
    rules.write_text("version = ", encoding="utf-8")

    with (
        open_app(Settings(autodrafting_rules=rules), in_memory=True) as app,
        pytest.raises(SettingsError, match=r"rules\.toml"),
    ):
        app.build()
