"""From a drafted incident to labelled rows: a sheet for annotators, and the edits of editors."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from summarizer.app import open_app
from summarizer.domain.drafts import Section
from summarizer.domain.reviews import ChangeReason, Decision
from summarizer.errors import InputError, NotFoundError
from summarizer.review.edits import Edit
from tests.support.cli import done, refused, run

ID, POINTS = "INC-000001", "key_points"


@pytest.fixture(autouse=True)
def _at_the_desk(monkeypatch: pytest.MonkeyPatch, drafted_data: Path) -> None:
    """Every test starts with one drafted incident."""
    monkeypatch.chdir(drafted_data.parent)


def rows_of(path: str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def fill(path: str, labels: list[str]) -> str:
    """A copy of the sheet with these labels in its first rows."""
    rows = rows_of("sheet.csv")
    for row, label in zip(rows, labels, strict=False):
        row |= {"label": label, "note": "Really?" if label == "no" else ""}
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def labelled(path: str = "rows.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


# --- Sheets ------------------------------------------------------------------------------------


def test_a_sheet_holds_every_drafted_claim_and_nothing_that_leads():
    told = run("eval", "sheet", "--out", "sheet.csv").stderr
    rows = rows_of("sheet.csv")
    with open_app() as app:
        draft = app.reviews.newest(ID)
    texts = {claim.claim.text for section in draft.sections for claim in section.shown}
    assert {row["claim"] for row in rows} == texts
    assert f"{len(rows)} claims of 1 incident" in told
    assert {row["label"] + row["note"] for row in rows} == {""}
    assert not {"verdict", "score"} & set(rows[0])
    assert all(row["passages"].startswith("[a") for row in rows)


def test_labels_of_two_annotators_and_a_third_become_rows_that_the_suite_takes():
    run("eval", "sheet", ID, "--out", "sheet.csv", "--seed", 5)
    one = fill("one.csv", ["yes", "no", "yes", "no", "yes"])
    two = fill("two.csv", ["yes", "no", "no", "yes"])
    sheet = rows_of("sheet.csv")

    told = run("eval", "labels", one, two, "--out", "rows.jsonl", "--disputed", "open.csv")
    assert told.exit_code == 0
    assert "Cohen's κ: 0 no interval, 4 claims" in told.stdout.replace("0.000", "0")
    assert f"{sheet[2]['id']}: supported, unsupported: {sheet[2]['claim']} (Really?)" in told.stdout
    assert "1 claim(s) that only one" in told.stderr
    assert "2 claim(s) on which both differ" in told.stderr
    assert [(row["id"], row["label"]) for row in labelled()] == [
        (sheet[0]["id"], 1), (sheet[1]["id"], 0),
    ]  # fmt: skip

    disputed = rows_of("open.csv")
    assert {row["id"] for row in disputed} == {sheet[2]["id"], sheet[3]["id"]}
    assert {row["label"] for row in disputed} == {""}
    assert {(row["first label"], row["second label"]) for row in disputed} == {
        ("supported", "unsupported"), ("unsupported", "supported"),
    }  # fmt: skip
    three = fill("three.csv", ["", "", "hallucinated"])
    assert "decided: unsupported" in done("eval", "labels", one, two, three, "--out", "rows.jsonl")
    assert [row["label"] for row in labelled()] == [1, 0, 0]
    assert run("eval", "verifier", "rows.jsonl", "--no-baseline").exit_code == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("labels",), "Name filled sheets, or give --from-edits"),
        (("labels", "a.csv", "--from-edits"), "Name filled sheets, or give --from-edits"),
        (("labels", *"abcd"), "at most three sheets"),
        (("labels", "a.csv", "--disputed", "b.csv"), "the sheets of two annotators"),
        (("labels", "a.csv", "--out", "nowhere/b"), "no directory nowhere"),
        (("labels", "missing.csv"), "missing.csv cannot be read"),
        (("sheet", "--out", "nowhere/b"), "no directory nowhere"),
    ],
)
def test_what_cannot_be_done_is_said_first(words, says):
    error = refused("eval", *words)
    assert isinstance(error, InputError)
    assert says in str(error)


def test_an_incident_that_is_not_there_is_named():
    assert isinstance(refused("eval", "sheet", "INC-000099", "--out", "s.csv"), NotFoundError)


# --- Edits -------------------------------------------------------------------------------------


def section() -> Section:
    with open_app() as app:
        return app.reviews.newest(ID).section(POINTS)


def edit(changes: Mapping[int, Mapping[str, object]]) -> None:
    """Change sentences of the section by their place; the others stay."""
    shown = section().shown
    edits = [
        Edit(id=claim.id, **_parts(claim.claim, changes.get(n, {})))
        for n, claim in enumerate(shown)
    ]
    with open_app() as app:
        app.reviews.edit(ID, POINTS, edits, "Kim")


def _parts(claim, changed):
    parts = dict(changed)
    if "text" in parts or "cites" in parts:
        update = {name: parts.pop(name) for name in ("text", "cites") if name in parts}
        parts["claim"] = claim.model_copy(update=update)
    return parts


def decide(decision: Decision, revision: int, **more: object) -> None:
    with open_app() as app:
        app.decisions.decide(ID, decision, "Kim", revision=revision, note="So.", **more)


def from_edits() -> list[tuple[str, str, int, str]]:
    done("eval", "labels", "--from-edits", "--out", "rows.jsonl")
    return [
        (row["claim"], row["sources"][0]["id"], row["label"], row["reason"]) for row in labelled()
    ]


def test_edits_with_a_reason_become_labelled_rows():
    first, second, *_ = (claim.claim for claim in section().shown)
    cites = [claim.cites[0] for claim in (first, second)]
    edit({
        0: {"text": "Nobody answered.", "reason": "unsupported"},
        1: {"cites": (*first.cites, *second.cites), "reason": "wrong_source"},
        2: {"remove": True, "reason": "not_news"},
    })  # fmt: skip
    assert from_edits() == [
        (first.text, cites[0], 0, "unsupported"),
        ("Nobody answered.", cites[0], 1, "unsupported"),
        (second.text, cites[1], 0, "wrong_source"),
        (second.text, cites[0], 1, "wrong_source"),
    ]


def test_a_sentence_that_stands_as_before_is_not_called_supported():
    first, _, third, *_ = (claim.claim for claim in section().shown)
    edit({2: {"cites": first.cites, "reason": "wrong_source"}})
    assert section().shown[2].claim == third  # its own passage was found anew
    assert from_edits() == [(third.text, third.cites[0], 0, "wrong_source")]


@pytest.mark.parametrize(
    ("change", "labels"),
    [
        ({"text": "Shorter."}, []),
        ({"text": "Shorter.", "reason": "style"}, [("Shorter.", 1)]),
        (
            {"text": "From a call.", "reason": "unsupported", "restore": "I rang them."},
            [("old", 0)],
        ),
        ({"remove": True, "reason": "unsupported"}, [("old", 0)]),
        ({"remove": True, "reason": "style"}, []),
        ({"remove": True}, []),
    ],
)
def test_an_edit_says_no_more_than_its_reason(change, labels):
    old = section().shown[0].claim.text
    edit({0: change})
    said = [("old" if text == old else text, label) for text, _, label, _ in from_edits()]
    assert said == labels


def test_refused_and_read_sentences_are_labelled_and_the_later_word_holds():
    first, second, *_ = section().shown
    decide("request_changes", 1, reason=ChangeReason.UNSUPPORTED, sentences=[first.id, second.id])
    decide("reject", 1, reason=ChangeReason.STYLE, sentences=[first.id])
    assert [(text, label) for text, _, label, _ in from_edits()] == [
        (first.claim.text, 0), (second.claim.text, 0),
    ]  # fmt: skip
    decide("approve", 1, read=[first.id], override="Read.")
    assert [(text, label, why) for text, _, label, why in from_edits()] == [
        (second.claim.text, 0, "unsupported"),
        (first.claim.text, 1, "read"),
    ]


@pytest.mark.parametrize("out", ["one.csv", "./one.csv", "../{}/one.csv", "link.csv"])
@pytest.mark.parametrize("option", ["--out", "--disputed"])
def test_a_sheet_that_is_read_is_not_written_over(option: str, out: str):
    run("eval", "sheet", "--out", "sheet.csv")
    one, two = fill("one.csv", ["yes"]), fill("two.csv", ["no"])
    before = Path(one).read_bytes()
    Path("link.csv").symlink_to("one.csv")
    error = refused("eval", "labels", one, two, option, out.format(Path.cwd().name))
    assert isinstance(error, InputError) and "would be written over" in str(error)
    assert Path(one).read_bytes() == before


def test_a_sheet_that_nobody_has_filled_is_refused():
    run("eval", "sheet", "--out", "sheet.csv")
    for sheets in (["sheet.csv"], [fill("one.csv", ["yes"]), "sheet.csv"]):
        error = refused("eval", "labels", *sheets, "--out", "rows.jsonl")
        assert "sheet.csv has no label" in str(error)
        assert not Path("rows.jsonl").exists()


def test_without_reasons_there_is_nothing_to_label():
    assert "0 labelled" in run("eval", "labels", "--from-edits").stderr


def test_a_sheet_is_made_of_the_drafts_of_a_run():
    stories = [
        {"story_id": str(n), "text": f"Line {n} cancelled {n + 14} crossings on Thursday."}
        for n in range(2)
    ]
    Path("stories.jsonl").write_text("\n".join(map(json.dumps, stories)))
    offline = {"SUMMARIZER_DRAFTER": "extractive"}
    done("eval", "drafting", "stories.jsonl", "--out", "run", **offline)
    told = run("eval", "sheet", "--out", "sheet.csv", "--run", "run").stderr
    rows = rows_of("sheet.csv")
    assert {row["claim"][:6] for row in rows} == {"Line 0", "Line 1"}
    assert len({row["incident"] for row in rows}) == 2
    assert "claims of 2 incident(s)" in told


def test_a_sheet_is_of_the_store_or_of_a_run_that_is_there():
    assert isinstance(refused("eval", "sheet", ID, "--out", "s.csv", "--run", "run"), InputError)
    assert "cannot be read" in str(refused("eval", "sheet", "--out", "s.csv", "--run", "nowhere"))
