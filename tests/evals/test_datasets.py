"""Files of rows and stories, and what is refused in them."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
from pathlib import Path

import pytest

from evals.datasets import (
    Story,
    as_of,
    drafted,
    json_lines,
    read_files,
    read_groups,
    read_stories,
    whole_files,
)
from summarizer.errors import InputError

ROWS = [
    {"text": "The maker recalled 40 lamps.", "outlet": "The Daily", "published_at": "2026-05-01"},
    {"text": "Two lamps caught fire.", "outlet": "The Weekly", "published_at": "2026-05-02"},
]


def a_file(path: Path, *rows: object) -> Path:
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(lines) if path.suffix == ".gz" else lines)
    return path


def values(path: Path) -> list[object]:
    return [value for _, value in json_lines(path)]


# --- Rows --------------------------------------------------------------------------------------


def test_lines_keep_their_number_and_blank_ones_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('1\n\n \n"two"\n')
    assert list(json_lines(path)) == [(1, 1), (4, "two")]


def test_a_line_that_is_not_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("1\nnot json\n")
    with pytest.raises(InputError, match=r"rows\.jsonl:2: this is not JSON"):
        values(path)


@pytest.mark.parametrize("name", ["missing.jsonl", "broken.jsonl.gz", "latin.jsonl"])
def test_a_file_that_cannot_be_read_is_an_input_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "broken.jsonl.gz").write_bytes(b"not gzip")
    (tmp_path / "latin.jsonl").write_bytes("é".encode("latin-1"))
    with pytest.raises(InputError, match=f"{name} cannot be read"):
        values(tmp_path / name)


def test_files_become_groups_and_inputs_with_their_digest(tmp_path: Path) -> None:
    one, two = a_file(tmp_path / "one.jsonl", 1, 2), a_file(tmp_path / "two.jsonl.gz", 3)
    groups, inputs = read_groups([one, two], values)
    assert groups == {"one": [1, 2], "two": [3]}
    assert [(f.name, f.rows) for f in inputs] == [("one.jsonl", 2), ("two.jsonl.gz", 1)]
    assert inputs[1].sha256 == hashlib.sha256(two.read_bytes()).hexdigest()


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    files = [a_file(tmp_path / name, 1) for name in ("a.jsonl", "a.jsonl.gz")]
    with pytest.raises(InputError, match="Two files are named 'a'; rename one"):
        read_groups(files, values)


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing to evaluate: .*a\.jsonl holds no rows"):
        read_groups([a_file(tmp_path / "a.jsonl")], values)


# --- Stories -----------------------------------------------------------------------------------


def test_stories_are_keyed_by_content_and_their_items_are_counted(tmp_path: Path) -> None:
    path = a_file(tmp_path / "s.jsonl", {"items": ROWS}, {"items": ROWS[:1]}, {"items": ROWS})
    stories, (file,) = read_files([path])
    one, two, again = (key for key, _, _ in stories)
    assert (again, file.name, file.rows) == (f"{one}-2", "s.jsonl", 5)
    assert two not in (one, again)

    turned = a_file(tmp_path / "t.jsonl", {"items": ROWS[:1]}, {"items": ROWS})
    assert [(key, group) for key, group, _ in read_files([turned])[0]] == [(two, "t"), (one, "t")]


def test_rows_with_items_are_stories(tmp_path: Path) -> None:
    rows = [{"story_id": "s1", "items": ROWS}, {"story_id": "s2", "items": ROWS[:1]},
            {"story_id": "s3", "items": []}]  # fmt: skip
    stories = read_stories(a_file(tmp_path / "s.jsonl", *rows))
    assert [(s.key, len(s.items)) for s in stories] == [("s1", 2), ("s2", 1)]


def test_rows_of_one_story_id_are_a_story(tmp_path: Path) -> None:
    rows = [{"story_id": key, "text": "x"} for key in ("s1", "s2", "s1")]
    stories = read_stories(a_file(tmp_path / "s.jsonl", *rows))
    assert [(s.key, len(s.items)) for s in stories] == [("s1", 2), ("s2", 1)]


def test_a_file_of_bare_items_is_one_story(tmp_path: Path) -> None:
    (story,) = read_stories(a_file(tmp_path / "fine.jsonl.gz", *ROWS))
    assert (story.key, len(story.items)) == ("fine", 2)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([], "holds no rows"),
        ([["text"]], "s.jsonl:1: a row must be an object"),
        ([{"items": ROWS}, {"text": "x"}], "s.jsonl:2: other rows of the file have 'items'"),
        ([{"story_id": "1", "text": "x"}, {"text": "x"}], "s.jsonl:2: other rows"),
        ([{"items": "many"}], "s.jsonl:1: 'items' must be a list"),
        ([{"story_id": 1, "items": ROWS}] * 2, "s.jsonl:2: a row before"),
    ],
)
def test_a_malformed_file_is_refused_with_the_place(
    tmp_path: Path, rows: list[object], told: str
) -> None:
    with pytest.raises(InputError, match=told):
        read_stories(a_file(tmp_path / "s.jsonl", *rows))


def test_an_unusable_item_is_refused_with_the_field(tmp_path: Path) -> None:
    (story,) = read_stories(a_file(tmp_path / "s.jsonl", {"text": "x", "reach": "many"}))
    with pytest.raises(InputError, match="item 1: field 'reach'"):
        drafted(story)


@pytest.mark.parametrize("field", ["story", "incident", "gold_cluster"])
def test_items_that_name_their_story_are_put_together(tmp_path: Path, field: str) -> None:
    rows = [{**ROWS[0], field: "x"}, {**ROWS[1], field: 7}, {**ROWS[1], field: "x"}]
    found = read_stories(a_file(tmp_path / "items.jsonl", *rows))
    assert [(story.key, len(story.items)) for story in found] == [("x", 2), ("7", 1)]


def test_items_that_name_no_story_are_one(tmp_path: Path) -> None:
    (found,) = read_stories(a_file(tmp_path / "lamps.jsonl.gz", *ROWS))
    assert (found.key, len(found.items)) == ("lamps", 2)


def test_an_item_without_the_name_that_others_have_is_refused(tmp_path: Path) -> None:
    path = a_file(tmp_path / "items.jsonl", {**ROWS[0], "story": "x"}, ROWS[1])
    with pytest.raises(InputError, match="item 2 names no story"):
        read_stories(path)


def test_a_story_is_drafted_as_of_its_newest_item() -> None:
    assert as_of(Story(key="x", items=tuple(ROWS))) == dt.datetime(2026, 5, 2, tzinfo=dt.UTC)


def test_a_time_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="published_at"):
        as_of(Story(key="x", items=({"text": "a", "published_at": "soon"},)))


def test_a_file_that_is_taken_for_one_story_is_told(tmp_path: Path) -> None:
    a_file(tmp_path / "bare.jsonl", {"text": "a"}, {"text": "b"})
    a_file(tmp_path / "named.jsonl", {"text": "a", "story": "s"})
    files = [tmp_path / "bare.jsonl", tmp_path / "named.jsonl"]
    assert whole_files(files) == {"bare.jsonl": 2}
