"""A folder of a site: whole files only, nothing of others, one run at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from summarizer.errors import ConflictError, InputError
from summarizer.incidents.site_folder import OWN, Changes, opened


def files(root: Path) -> dict[str, str]:
    """The files that readers see, by path."""
    return {
        str(path.relative_to(root)): path.read_text()
        for path in sorted(root.rglob("*"))
        if path.is_file() and OWN not in path.parts
    }


def run(root: Path, **content: str) -> Changes:
    with opened(root) as folder:
        folder.expect(iter(content))
        for path, text in content.items():
            folder.put(path, text.encode())
        return folder.finish()


def test_files_are_written_and_those_of_an_earlier_run_removed_with_their_folders(tmp_path):
    root = tmp_path / "public" / "site"
    assert run(root, **{"a/index.html": "1", "b": "2"}) == Changes(written=2)
    assert run(root, b="2", c="3") == Changes(written=1, removed=1, unchanged=1)
    assert files(root) == {"b": "2", "c": "3"}
    assert not (root / "a").exists()


def test_what_is_unchanged_is_not_touched(tmp_path):
    run(tmp_path, a="1", b="2")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert run(tmp_path, a="1", b="2") == Changes(unchanged=2)
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    del before[tmp_path / OWN / "lock"], after[tmp_path / OWN / "lock"]
    assert after == before


def test_what_somebody_changed_or_removed_is_written_again(tmp_path):
    run(tmp_path, a="1", b="2")
    (tmp_path / "a").write_text("x")
    (tmp_path / "b").unlink()
    run(tmp_path, a="1", b="2")
    assert files(tmp_path) == {"a": "1", "b": "2"}


def test_nothing_is_written_or_removed_behind_a_link_in_place_of_a_folder(tmp_path):
    root, other = tmp_path / "site", tmp_path / "other"
    run(root, **{"a/index.html": "1", "b/index.html": "2"})
    other.mkdir()
    (other / "index.html").write_text("of others")
    for name in "ab":
        (root / name / "index.html").unlink()
        (root / name).rmdir()
        (root / name).symlink_to(other)

    run(root, **{"a/index.html": "1"})

    assert files(root)["a/index.html"] == "1" and not (root / "a").is_symlink()
    assert files(other) == {"index.html": "of others"}


def test_a_file_that_was_made_of_the_same_is_kept_without_its_content(tmp_path):
    with opened(tmp_path) as folder:
        folder.put("a", b"1", told="of one")
        folder.finish()
    with opened(tmp_path) as folder:
        assert folder.kept("a", "of another") is None
        assert folder.kept("a", "of one")
        assert folder.finish() == Changes(unchanged=1)
    (tmp_path / "a").write_text("longer")
    with opened(tmp_path) as folder:
        assert folder.kept("a", "of one") is None


def test_a_run_that_dies_leaves_whole_files_which_the_next_one_knows(tmp_path):
    run(tmp_path, a="1")
    with pytest.raises(KeyboardInterrupt), opened(tmp_path) as folder:
        folder.expect(iter(["a", "b", "c"]))
        folder.put("a", b"new")
        folder.put("b", b"2")
        raise KeyboardInterrupt
    assert files(tmp_path) == {"a": "new", "b": "2"}
    assert run(tmp_path, a="1") == Changes(written=1, removed=2)  # b, and c which never came
    assert files(tmp_path) == {"a": "1"}


def test_half_a_file_stands_beside_the_site_and_never_in_it(tmp_path):
    run(tmp_path, a="1")
    (tmp_path / OWN / "writing").write_bytes(b"hal")
    run(tmp_path, a="1", b="2")
    assert files(tmp_path) == {"a": "1", "b": "2"}


def test_a_second_run_is_refused_and_changes_nothing(tmp_path):
    with opened(tmp_path) as folder:
        folder.put("a", b"1")
        with pytest.raises(ConflictError, match="Another run is writing"):
            run(tmp_path, a="2")
        folder.finish()
    assert files(tmp_path) == {"a": "1"}


def test_a_folder_of_others_is_refused_and_left_as_it_is(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="not of a site"):
        run(tmp_path, a="1")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_files_that_others_put_into_a_site_stay(tmp_path):
    run(tmp_path, **{"a/index.html": "1"})
    (tmp_path / "CNAME").write_text("news.example")
    (tmp_path / "a" / "picture.png").write_text("p")
    run(tmp_path, b="2")
    assert files(tmp_path) == {"CNAME": "news.example", "a/picture.png": "p", "b": "2"}


@pytest.mark.parametrize("content", ["", "{", '{"files": {"a": 1}}'])
def test_a_manifest_that_cannot_be_read_is_told(tmp_path, content):
    run(tmp_path, a="1")
    (tmp_path / OWN / "manifest.json").write_text(content)
    with pytest.raises(InputError, match="cannot be read"):
        run(tmp_path, a="1")


def test_a_folder_that_is_a_file_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be written"):
        run(tmp_path / "file", a="1")
