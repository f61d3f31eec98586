"""Prompt files are read, checked and versioned; source text cannot pose as part of a prompt."""

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.sections import ROWS
from summarizer.drafting import prompts
from summarizer.errors import PromptError
from tests.support.builders import a_pack, an_item

REPOSITORY_PROMPTS = Path(prompts.__file__).parents[2] / "prompts"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A copy of the prompts to break."""
    return Path(shutil.copytree(REPOSITORY_PROMPTS, tmp_path / "prompts"))


def a_section_file(directory: Path) -> Path:
    return min(directory.glob("[0-9]*.md"))


def test_every_registered_section_has_a_prompt_in_the_order_of_the_page():
    assert list(prompts.load().sections) == list(ROWS)
    assert [spec.key for spec in prompts.load().specs()] == list(ROWS)


def test_a_section_takes_a_row_and_one_file(directory):
    """The file alone is enough for the loader; the registry names the row that is missing."""
    shutil.copy(a_section_file(directory), directory / "9-background.md")
    loaded = prompts.load(directory)
    assert list(loaded.sections)[-1] == "background"
    with pytest.raises(PromptError, match="background"):
        loaded.specs()


def test_no_prompt_names_a_section_but_its_own():
    """A section is added by its own file: no other prompt may need a change."""
    loaded = prompts.load()
    words = "\n".join(loaded.shared.values()) + "".join(p.text for p in loaded.sections.values())
    assert not {key for key in ROWS if "_" in key and key in words}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("+++\n", "---\n", "expected TOML between"),
        ("version = ", "version = = ", "not TOML"),
    ],
)
def test_a_malformed_section_file_is_named(directory, old, new, message):
    file = a_section_file(directory)
    file.write_text(file.read_text().replace(old, new, 1))
    with pytest.raises(PromptError, match=message) as caught:
        prompts.load(directory)
    assert file.name in str(caught.value)


def test_front_matter_with_an_unknown_field_is_an_error(directory):
    file = a_section_file(directory)
    file.write_text(file.read_text().replace("version = ", "max_clams = 3\nversion = ", 1))
    with pytest.raises(PromptError, match="max_clams"):
        prompts.load(directory).specs()


@pytest.mark.parametrize(
    "name", [prompts.JUDGE, prompts.REPAIR, *(f"_{n}.md" for n in sorted(prompts.SHARED))]
)
def test_a_prompt_that_is_missing_is_named(directory, name):
    (directory / name).unlink()
    with pytest.raises(PromptError, match=f"{name} is missing"):
        prompts.load(directory)


def test_the_judges_prompt_is_no_section_and_has_a_version_of_its_own(directory):
    loaded = prompts.load(directory)
    assert loaded.judge.version >= 1
    assert "+++" not in loaded.judge.text
    section = a_section_file(directory).stem.split("-")[1]
    versions = loaded.version(section), loaded.judge_version
    (directory / prompts.JUDGE).write_text(
        (directory / prompts.JUDGE).read_text() + "\nOne word more.\n"
    )
    changed = prompts.load(directory)
    assert changed.version(section) == versions[0]
    assert changed.judge_version != versions[1]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("+++\n", "---\n", "expected TOML between"),
        ("version = ", "version = -", "1 or more"),
        ("version = ", "key = 'title'\nversion = ", "no more"),
    ],
)
def test_a_malformed_prompt_of_the_judge_is_named(directory, old, new, message):
    file = directory / prompts.JUDGE
    file.write_text(file.read_text().replace(old, new, 1))
    with pytest.raises(PromptError, match=f"{prompts.JUDGE}.*{message}"):
        prompts.load(directory)


@pytest.mark.parametrize("text", ["Use {evidence}.", "No variable at all.", "{items", "{0}"])
def test_a_template_with_the_wrong_variables_fails_before_any_call(directory, text):
    (directory / "_evidence.md").write_text(text)
    with pytest.raises(PromptError, match=r"_evidence\.md"):
        prompts.load(directory)


@pytest.mark.parametrize("name", ["notes.md", "title.md", "_extra.md"])
def test_a_file_that_is_no_prompt_is_an_error(directory, name):
    (directory / name).write_text("+++\nversion = 1\n+++\nWords.\n")
    with pytest.raises(PromptError, match=name):
        prompts.load(directory)


def test_two_files_for_one_section_are_an_error(directory):
    file = a_section_file(directory)
    shutil.copy(file, directory / re.sub(r"^\d+", "9", file.name))
    with pytest.raises(PromptError, match="two files"):
        prompts.load(directory)


def test_a_file_that_is_not_utf8_is_an_error(directory):
    a_section_file(directory).write_bytes(b"+++\n+++\n\xff")
    with pytest.raises(PromptError, match="UTF-8"):
        prompts.load(directory)


def test_the_version_changes_with_the_section_and_the_shared_prompts(directory):
    file = a_section_file(directory)
    key = file.stem.split("-")[1]
    versions = [prompts.load(directory).version(key)]
    file.write_text(file.read_text() + "One word more.\n")
    versions.append(prompts.load(directory).version(key))
    (directory / "_rules.md").write_text("Other rules: {sections}{repairs}{judging}\n")
    versions.append(prompts.load(directory).version(key))
    (directory / prompts.REPAIR).write_text("Other rules of repair.\n")
    versions.append(prompts.load(directory).version(key))
    assert len(set(versions)) == 4
    assert all(re.fullmatch(r"[1-9]-[0-9a-f]{10}", version) for version in versions)


def test_another_sections_file_leaves_the_version_as_it_is(directory):
    first, second, *_ = sorted(directory.glob("[0-9]*.md"))
    key = first.stem.split("-")[1]
    before = prompts.load(directory).version(key)
    second.write_text(second.read_text() + "One word more.\n")
    assert prompts.load(directory).version(key) == before


def test_evidence_shows_numbered_passages_with_their_source():
    pack = a_pack(an_item("a1", "First.\nSecond."), an_item("a2", "First.", origin="a1"))
    code = prompts.fence(pack)
    assert prompts.evidence(pack) == (
        f'<item-{code} key="a1" outlet="The Daily" platform="news" published="2026-05-01 Friday">\n'
        f"[a1.1] First.\n[a1.2] Second.\n</item-{code}>\n\n"
        f'<item-{code} key="a2" outlet="The Daily" platform="news" published="2026-05-01 Friday"'
        f' copy-of="a1">\n[a2.1] First.\n</item-{code}>'
    )


def test_a_title_that_the_text_does_not_begin_with_stands_in_the_tag():
    pack = a_pack(
        an_item("a1", "First.", title='Ferry "sank" <b>' + "x" * 300),
        an_item("a2", "Ferry sank. It did.", title="Ferry sank."),
    )
    first, second = prompts.evidence(pack).split("\n\n")
    assert " title=\"Ferry 'sank' ‹b›" in first
    assert len(first) < 400
    assert " title=" not in second


def test_an_item_without_a_date_or_an_outlet_says_so():
    pack = a_pack(an_item("a1", "First.", published_at=None, outlet=None))
    assert 'outlet="unknown"' in prompts.evidence(pack)
    assert 'published="unknown"' in prompts.evidence(pack)


def test_the_fence_depends_on_every_passage():
    pack = a_pack(an_item("a1", "First.\nSecond."))
    other = a_pack(an_item("a1", "First.\nSecond!"))
    assert prompts.fence(pack) == prompts.fence(pack) != prompts.fence(other)


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("a", 1), ("seven bytes..", 4), ("中文", 2), ("\ud800", 1)]
)
def test_tokens_are_estimated_from_bytes(text, tokens):
    assert prompts.estimate_tokens(text) == tokens


@given(st.text(), st.text())
def test_an_estimate_never_shrinks_as_text_grows(a, b):
    assert prompts.estimate_tokens(a + b) >= prompts.estimate_tokens(a)


def test_a_folder_may_hold_only_the_prompts_that_differ(tmp_path):
    file = tmp_path / "1-title.md"
    file.write_text((REPOSITORY_PROMPTS / file.name).read_text() + "Be brief.")
    shipped, loaded = prompts.load(), prompts.load_over_shipped(tmp_path)
    differ = [k for k in ROWS if loaded.version(k) != shipped.version(k)]
    assert differ == ["title"]
    assert loaded.sections["title"].text.endswith("Be brief.")

    file.write_text((REPOSITORY_PROMPTS / file.name).read_text())
    assert prompts.load_over_shipped(tmp_path) == shipped


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (None, "no folder of prompts"),
        ("7-title.md", "two files for one section"),
        ("README.md", "a prompt is called"),
    ],
)
def test_a_folder_that_takes_the_place_of_no_prompt_is_refused(tmp_path, name, message):
    if name:
        (tmp_path / name).write_text("+++\nversion = 1\n+++\nBe brief.")
    with pytest.raises(PromptError, match=message):
        prompts.load_over_shipped(tmp_path)
