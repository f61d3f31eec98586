"""An editor at the command line: what is told, stored and refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from summarizer.errors import ConflictError, InputError, RefusedError
from tests.support.cli import done, refused, run

ID, POINTS = "INC-000001", "key_points"


@pytest.fixture(autouse=True)
def _at_the_desk(monkeypatch: pytest.MonkeyPatch, drafted_data: Path) -> None:
    """Every test starts with one drafted incident."""
    monkeypatch.chdir(drafted_data.parent)


def section() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(done("review", "section", ID, POINTS))
    return rows


def edit(rows: object, by: str = "Kim") -> Result:
    return run("review", "edit", ID, POINTS, "-", "--by", by, given=json.dumps(rows))


@pytest.mark.slow
def test_a_section_is_printed_changed_and_handed_back():
    rows = section()
    assert f"shows {len(rows) - 1} sentence(s)" in edit(rows[1:]).stdout
    assert f"  - {rows[0]['claim']['text']}" in done("review", "diff", ID, 1, 2)


def test_a_withheld_sentence_is_told_and_printed_with_its_reason_and_restored_for_another():
    told = edit([*section(), {"claim": {"text": "Skaldic Systems paid 900 million crowns."}}])
    assert "withheld: Skaldic Systems paid 900 million crowns." in told.stderr
    rows = section()
    (held,) = [row for row in rows if "withheld" in row]
    assert held["withheld"]
    restored = edit([*rows[:-1], held | {"restore": "The filing says so."}])
    assert f"shows {len(rows)} sentence(s) and withholds 0" in restored.stdout


def test_a_reason_is_kept_with_the_words_before_and_after():
    first, second, *rest = section()
    claim = first["claim"] | {"text": "Skaldic Systems paid 900 million crowns."}
    edit([first | {"claim": claim, "reason": "unsupported"},
          {"id": second["id"], "remove": True, "reason": "not_news"}, *rest])  # fmt: skip
    told = done("review", "history", ID)
    before = first["claim"]["text"]
    assert f"before {before}, after {claim['text']}, reason unsupported" in told
    assert f"before {second['claim']['text']}, reason not_news" in told
    words = ("review", "reject", ID, "--revision", 2, "--by", "Kim", "--note", "No.")
    assert "rejected" in done(*words, "--reason", "unsupported", "--sentence", rest[0]["id"])
    assert f"text {rest[0]['claim']['text']}" in done("review", "history", ID)


def test_a_locked_section_refuses_another_editor():
    run("review", "lock", ID, POINTS, "--by", "Kim")
    error = refused("review", "edit", ID, POINTS, "-", "--by", "Lee", given=json.dumps(section()))
    assert isinstance(error, ConflictError)
    run("review", "lock", ID, POINTS, "--by", "Kim", "--unlock")
    assert edit(section(), "Lee").exit_code == 0


def test_an_approval_is_refused_with_its_reasons_until_it_is_overridden():
    false = {"claim": {"text": "It cost 900 crowns."}, "restore": "I have the invoice."}
    edit([false])
    words = ("review", "approve", ID, "--revision", 2, "--by", "Kim")
    error = refused(*words)
    assert isinstance(error, RefusedError)
    assert "900 crowns" in str(error)
    assert "900 crowns" in done("review", "status", ID)
    assert done(*words, "--override", "Invoice on file.").startswith("Revision 2: approved")
    run("show", ID, "-f", "markdown", "-o", "page.md")
    assert "approved by Kim" in Path("page.md").read_text(encoding="utf-8")
    assert "Invoice on file." in done("review", "history", ID)


def test_a_suggestion_waits_for_its_answer():
    edit(section()[:1])
    run("draft", ID, "--force", "-f", "markdown", "-o", "page.md")
    accepted = done("review", "suggestion", ID, POINTS, "--accept", "--by", "Kim")
    assert accepted.startswith("Revision 4")
    error = refused("review", "suggestion", ID, POINTS, "--refuse", "--by", "Kim")
    assert "No suggestion" in str(error)


def test_items_are_split_off_and_merged_back():
    assert "INC-000002 was opened with 1 item(s)" in done("split", ID, "a1", "--by", "Kim")
    assert "3 items" in done("merge", "INC-000002", ID, "--by", "Kim")


def test_an_item_is_moved_and_says_why_it_is_there():
    run("split", ID, "a1", "--by", "Kim")
    moved = done("move", ID, "a2", "--into", "INC-000002", "--by", "Kim")
    assert "INC-000002 now holds 2 items" in moved
    assert "Kim put it here" in done("show", "INC-000002", "--why")


@pytest.mark.slow
def test_an_item_is_shown_in_a_second_incident_and_taken_back():
    run("split", ID, "a1", "--by", "Kim")
    shown = done("also-show", ID, "a2", "--into", "INC-000002", "--by", "Kim")
    assert "INC-000002 has 2 item(s), 1 at home elsewhere" in shown
    assert "Kim shows it here as well" in done("show", "INC-000002", "--why")
    back = done("also-show", "INC-000002", "a2", "--undo", "--by", "Kim")
    assert "INC-000002 has 1 item(s), 0 at home elsewhere" in back


@pytest.mark.parametrize("more", [[], ["--undo", "--into", "INC-000002"]], ids=["none", "both"])
def test_showing_elsewhere_says_where_or_that_it_is_undone(more):
    assert "--into INCIDENT, or --undo" in str(refused("also-show", ID, "a2", "--by", "Kim", *more))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("{}", "the file"),
        ("nonsense", "JSON is broken"),
        ('[{"id": "a\\ud800"}]', "0.id: holds half"),
        ('[{"id": ""}]', "0.id"),
        ('[{"id": "x", "claim": {"text": " "}}]', "leave it out to remove it"),
        ('[{"id": "x9"}]', "'x9'"),
    ],
)
def test_a_file_that_holds_no_edits_is_refused_with_the_place(given, says):
    error = refused("review", "edit", ID, POINTS, "-", "--by", "Kim", given=given)
    assert isinstance(error, InputError)
    assert says in str(error)


@pytest.mark.parametrize("command", ["request-changes", "reject", "withdraw"])
def test_a_review_that_is_no_approval_needs_a_note(command):
    words = ("review", command, ID, "--revision", 1, "--by", "Kim")
    assert isinstance(refused(*words), InputError)
