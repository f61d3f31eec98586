"""Sheets of claims for people: written, filled, read back, and what two annotators say together."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from evals.labels import annotators, sheet
from evals.labels.annotators import Labelling, agreement, confusion, together
from evals.labels.rows import CitedClaim, drafted
from evals.labels.sheet import LONGEST_CELL, Filled, fits, read, safe, unsafe, write
from summarizer.domain.drafts import Section
from summarizer.errors import InputError
from tests.support.builders import a_draft, a_pack, an_item, checked

HOSTILE = ("=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "'=1",
           "＝1", "''@x", "\x00=1")  # fmt: skip
PLAIN = ("A = 1", "it's", "'quoted'", "“=1”", "", "Ōsaka «two» 🤖", "2-1")


def a_claim(text: str = "Three ports shut.", *passages: str, incident: str = "INC-1") -> CitedClaim:
    numbered = tuple((f"a1.{n}", text) for n, text in enumerate(passages or ("Ports shut.",), 1))
    return CitedClaim(
        claim=text, passages=numbered, incident=incident, section="key_points", kind="fact"
    )


def filled(path: Path, **labels: str) -> None:
    """Give labels by the text of the claim."""
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    for row in rows:
        row["label"] = labels.get(row["claim"], "")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


# --- Cells -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_no_spreadsheet_takes_a_cell_for_a_formula(text: str) -> None:
    assert safe(text) == "'" + text
    assert unsafe(safe(text)) == text


@pytest.mark.parametrize("text", PLAIN)
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert safe(text) == unsafe(text) == text


def test_every_cell_of_a_sheet_is_safe(tmp_path: Path) -> None:
    claims = [a_claim(text, f"{n} {text}", incident=text) for n, text in enumerate(HOSTILE)]
    path = tmp_path / "s.csv"
    write(path, claims, 0)
    text = path.read_bytes().decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert not [cell for cell in cells if re.match(r"\s*[=+\-@＝]|[\t\r\n\x00]", cell)]
    assert {row.claim.claim for row in read(path)} == set(HOSTILE)


# --- A sheet -----------------------------------------------------------------------------------


def test_a_sheet_has_the_drafted_claims_and_no_verdict() -> None:
    item = an_item(key="a1", text="Ports shut.\nShips wait.")
    by_kim = checked("By Kim.", "a1.1").model_copy(update={"edited_by": "Kim"})
    draft = a_draft(
        Section(
            key="key_points",
            shown=(checked("One.", "a1.1"), by_kim),
            withheld=(checked("Two.", "a1.2", "a1.1"), checked("Three.", "a9.9")),
        ),
        Section(key="explanation", shown=(checked("One.", "a1.1"),)),
        evidence=a_pack(item),
    )
    claims, uncited = drafted([draft])
    assert [(claim.claim, [text for _, text in claim.passages]) for claim in claims] == [
        ("One.", ["Ports shut."]),
        ("Two.", ["Ships wait.", "Ports shut."]),
    ]
    assert uncited == 1
    assert set(sheet.COLUMNS) == {
        "id", "section", "kind", "claim", "passages", "label", "note", "incident",
    }  # fmt: skip


def test_the_order_is_shuffled_by_the_seed(tmp_path: Path) -> None:
    claims = [a_claim(f"Claim {n}.") for n in range(50)]
    orders = []
    for n, seed in enumerate((0, 0, 1)):
        write(tmp_path / f"{n}.csv", claims, seed)
        orders.append([row.claim.claim for row in read(tmp_path / f"{n}.csv")])
    assert orders[0] == orders[1] != orders[2]
    assert sorted(orders[0]) == sorted(orders[2]) == sorted(c.claim for c in claims) != orders[0]


def test_a_filled_sheet_is_read_back_with_its_passages(tmp_path: Path) -> None:
    claims = [
        a_claim("Ōsaka “shut”, «two»; ports 🤖", "One\nline.", "-2 degrees, [a1.2] and\n\nmore."),
        a_claim("Zweitens.", "Ports shut."),
    ]
    path = tmp_path / "s.csv"
    write(path, claims, 7)
    filled(path, **{"Zweitens.": " Hallucinated "})
    back = {row.claim.claim: row for row in read(path)}
    assert back["Zweitens."].label == 0 and back["Zweitens."].claim == claims[1]
    assert back[claims[0].claim].label is None and back[claims[0].claim].claim == claims[0]


def test_an_id_is_no_number_to_a_spreadsheet_and_blind_to_white_space() -> None:
    assert re.fullmatch("c[0-9a-f]{12}", a_claim().id)
    assert a_claim("Three  ports\nshut. ").id == a_claim().id != a_claim("Two ports shut.").id
    assert a_claim().id != a_claim("Three ports shut.", "Ports shut.", "More.").id


@pytest.mark.parametrize(
    ("claim", "whole"),
    [
        (a_claim("x", "y" * (LONGEST_CELL - len("[a1.1] "))), True),
        (a_claim("x", "y" * (LONGEST_CELL + 1 - len("[a1.1] "))), False),
        (a_claim("=" * LONGEST_CELL), False),
        (a_claim("x", "A text.\n[a7.3] not the next passage."), False),
    ],
)
def test_what_no_spreadsheet_keeps_whole_is_told(claim: CitedClaim, whole: bool) -> None:
    assert fits(claim) is whole


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("Three ports", "Four ports", r"s\.csv:2: claim and passages are not those .* 'c"),
        ("Ports shut.,", "Ports closed.,", "claim and passages are not those"),
        (",,,INC-1", ",perhaps,,INC-1", r"s\.csv:2: the label 'perhaps' is not known"),
        (",,,INC-1", ",0.7,,INC-1", "is a score"),
        (",label,", ",verdict,", r"no field 'label'. There are: id, section, kind, claim, pas"),
        ("passages", "claim", "two columns are named 'claim'"),
    ],
)
def test_a_sheet_that_was_spoilt_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    path = tmp_path / "s.csv"
    write(path, [a_claim()], 0)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(InputError, match=says):
        read(path)


def test_two_rows_of_one_id_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    write(path, [a_claim()], 0)
    with path.open("ab") as file:
        file.write(path.read_bytes().splitlines(keepends=True)[1])
    with pytest.raises(InputError, match=r"s\.csv:3: a row before has the id 'c"):
        read(path)


# --- Two annotators ----------------------------------------------------------------------------


def said(**labels: int | None) -> list[Filled]:
    return [Filled(claim=a_claim(text), label=label) for text, label in labels.items()]


def labels(found: Labelling) -> dict[str, int]:
    return {claim.claim: label for claim, label in found.labels}


@pytest.mark.parametrize(
    ("sheets", "hold", "differ", "alone"),
    [
        ([said(a=1, b=0, c=None)], {"a": 1, "b": 0}, [], 0),
        ([said(a=1, b=0, c=1), said(c=0, b=0, d=1)], {"b": 0}, [("c", None)], 2),
        ([said(a=1, b=0), said(a=0, b=1), said(a=0)], {"a": 0}, [("a", 0), ("b", None)], 0),
        ([said(a=1), said(a=1), said(a=0)], {"a": 1}, [], 0),
        ([said(a=1), said(b=1), said(a=0, b=0)], {}, [], 2),
        ([said(a=None), said(a=1)], {}, [], 1),
        ([[], []], {}, [], 0),
    ],
)
def test_labels_hold_on_which_both_agree_or_that_a_third_decides(
    sheets: list[list[Filled]],
    hold: dict[str, int],
    differ: list[tuple[str, int | None]],
    alone: int,
) -> None:
    found = together(sheets)
    assert labels(found) == hold
    assert [(d.first.claim.claim, d.decided) for d in found.disagreements] == differ
    assert found.alone == alone


@pytest.mark.parametrize(
    ("counts", "kappa"),
    [
        ([[15, 10], [5, 20]], 0.4),  # the textbook's 50 proposals of two readers
        ([[10, 0], [0, 10]], 1.0),
        ([[5, 5], [5, 5]], 0.0),
        ([[0, 5], [5, 0]], -1.0),
        ([[0, 0], [0, 9]], None),
        ([[0, 0], [0, 0]], None),
    ],
)
def test_kappa_is_the_agreement_beyond_chance(counts: list[list[int]], kappa: float | None) -> None:
    pairs = [(i, j) for i in (0, 1) for j in (0, 1) for _ in range(counts[i][j])]
    sheets = [said(**{f"c{n}": pair[side] for n, pair in enumerate(pairs)}) for side in (0, 1)]
    found, _ = agreement(together(sheets))
    assert found.value == (None if kappa is None else pytest.approx(kappa))
    assert confusion(together(sheets)) == counts


def test_agreement_has_intervals_between_incidents_and_a_confusion() -> None:
    pairs = [(n % 2, (n % 2) if n % 5 else 1 - n % 2) for n in range(100)]
    claims = [a_claim(f"Claim {n}.", incident=f"INC-{n % 10}") for n in range(100)]
    both = [
        [Filled(claim=claim, label=pair[side]) for claim, pair in zip(claims, pairs, strict=True)]
        for side in (0, 1)
    ]
    found = together(both)
    kappa, same = agreement(found)
    assert (kappa.name, kappa.value, same.value) == (
        "Cohen's κ",
        pytest.approx(0.6),
        pytest.approx(0.8),
    )
    for one in (kappa, same):
        assert one.low is not None and one.high is not None and one.value is not None
        assert one.low <= one.value <= one.high and one.n == 100
    assert confusion(found) == [[40, 10], [10, 40]]
    assert annotators.WORDS == ("unsupported", "supported")


def test_without_a_common_row_there_is_no_agreement() -> None:
    assert [one.value for one in agreement(together([said(a=1), said(b=1)]))] == [None, None]
