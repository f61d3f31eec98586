"""The commands, as a user meets them: what they print, where, and with which exit code."""

import json
import sys

import pytest

from summarizer.cli.app import check_packages
from summarizer.domain.claims import Failure
from summarizer.errors import InputError, SettingsError
from summarizer.verification import scoring
from summarizer.verification.evidence import CitedEvidence
from tests.support.app import an_app
from tests.support.cli import done, refused, run
from tests.support.samples import EXAMPLES, ITEMS

pytestmark = pytest.mark.usefixtures("elsewhere")

BROKEN = (EXAMPLES / "bad-rows.jsonl").read_text("utf-8")
FERRY = "Halden Line cancelled 14 crossings on Thursday, the company said."


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_help_teaches_and_names_every_command():
    said = done("--help")
    commands = ("ingest", "incidents", "show", "draft", "verify", "cluster", "eval", "reindex")
    assert [command for command in (*commands, "serve", "demo") if command not in said] == []
    assert "summarizer demo" in said


def test_an_ingest_tells_what_became_of_every_row_and_exits_with_1_when_some_were_rejected():
    run("ingest", *sorted((EXAMPLES / "items").glob("moss*.jsonl")))
    found = run("ingest", "--partial", EXAMPLES / "bad-rows.jsonl")

    assert found.exit_code == 1
    assert "bad-rows.jsonl:2: rejected:" in found.stderr
    assert "bad-rows.jsonl:7: rejected: engagement" in found.stderr
    assert "5 rejected" in found.stderr
    assert "bad-rows.jsonl:6: note: published_at" in found.stderr


@pytest.mark.parametrize("given", [None, BROKEN], ids=["file", "standard input"])
def test_of_a_broken_file_and_those_beside_it_nothing_is_stored_unless_a_part_is_wanted(given):
    broken = "-" if given else EXAMPLES / "bad-rows.jsonl"
    error = refused("ingest", ITEMS, broken, given=given)

    assert isinstance(error, InputError) and error.exit_code == 2
    assert f"{broken}: Row 2 (line 2, byte 1,945) cannot be read" in str(error)
    assert "Nothing was stored" in str(error) and "--partial" in str(error)
    assert "3 accepted" in run("ingest", ITEMS).stderr


def test_items_that_are_ingested_beside_a_service_are_settled_by_it(elsewhere):
    with an_app(elsewhere / "data") as service:
        service.build()
        service.settling.begin()
        service.pipeline.probe()  # it holds the index
        found = run("ingest", ITEMS)
        assert found.exit_code == 0, found.output
        assert "3 accepted" in found.stderr and "the service, if it runs" in found.stderr
        service.queue.start()
        while service.store.items_without_incident():
            pass


def test_standard_input_is_stored_whole():
    found = run("ingest", "-", given=ITEMS.read_text("utf-8"))
    assert found.exit_code == 0 and "-: 3 accepted" in found.stderr


def test_a_row_over_a_limit_is_unchecked_and_the_next_one_is_judged():
    long = {"id": 1, "claim": "x" * 8_000, "sources": ["The bridge is closed."]}
    rows = [long, {"id": 2, "claim": "The bridge is closed.", "sources": ["The bridge is closed."]}]
    found = run("verify", "-", given="\n".join(map(json.dumps, rows)))
    first, second = map(json.loads, found.stdout.splitlines())

    assert found.exit_code == 1
    assert (first["verdict"], second["verdict"]) == ("unchecked", "supported")
    assert "8,000 characters; at most 3,000" in first["error"]


def test_ingesting_twice_changes_nothing():
    first, again = run("ingest", ITEMS), run("ingest", ITEMS)

    assert first.exit_code == again.exit_code == 0
    assert "3 accepted" in first.stderr
    assert "0 accepted (0 copies of others), 3 duplicates, 0 rejected" in again.stderr
    assert "put 0 items into incidents" in again.stdout


def test_a_draft_is_shown_listed_and_written_to_a_file(tmp_path):
    run("ingest", ITEMS)
    drafted = run("draft", "INC-000001")
    listed = run("incidents", "--as-of", "2026-10-06")
    page = tmp_path / "page.html"
    written = run("show", "INC-000001", "-f", "html", "-o", page)

    assert drafted.exit_code == 0
    assert "Assembled from source sentences without a model" in drafted.stdout
    assert "drafted" in drafted.stderr and "drafted title" not in drafted.stdout
    assert "INC-000001" in listed.stdout and "3      2          1" in listed.stdout
    assert written.exit_code == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_page_as_json_is_json_and_nothing_else():
    run("ingest", ITEMS)
    run("draft", "--all")
    page = done("show", "INC-000001", "--format", "json", "--as-of", "2026-10-06")
    assert json.loads(page)["incident"]["id"] == "INC-000001"


def test_items_can_be_drafted_without_storing_anything(tmp_path):
    item = {"text": FERRY + " It was cold.", "published_at": "2026-05-01T09:00:00Z"}
    said = done("draft", "--items", "-", given=json.dumps(item))
    told = " ".join(said.split())
    assert "Halden Line cancelled 14 crossings on April 30, 2026, the company said" in told
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "item",
    [
        {"text": f"The fund lost {'7' * 310} crowns on Friday. It lost {'7' * 310}% of its value."},
        {"text": "It will pay within 999 years, or next week.", "published_at": "9999-12-31"},
        {"text": "It fell on Monday and will close tomorrow.", "published_at": "0001-01-01"},
        {"text": "It lost 1e999 crowns within ² days, and ٣٠ men.", "published_at": "2026-05-01"},
    ],
    ids=["310 digits", "last day", "first day", "odd digits"],
)
def test_items_with_numbers_and_days_beyond_all_bounds_can_be_drafted(item):
    said = done("draft", "--items", "-", given=json.dumps(item | {"title": "The fund lost money."}))
    assert "The fund lost money." in said


def test_verify_answers_every_row_in_order_with_a_verdict():
    rows = [
        {"id": 1, "claim": "Halden Line cancelled 14 crossings.", "sources": [FERRY]},
        {"id": 2, "claim": "It cancelled 41 crossings.", "sources": [{"id": "s", "text": FERRY}]},
    ]
    one, two = lines(done("verify", given="\n".join(map(json.dumps, rows))))

    assert (one["id"], one["verdict"], one["failed_checks"]) == (1, "unchecked", [])
    assert two["id"] == 2 and two["verdict"] != "supported"
    assert [f["check"] for f in two["failed_checks"]] == ["numbers"]
    assert one["score"] > two["score"]
    span = one["evidence"][0]
    assert FERRY[span["start"] : span["end"]] == span["text"]


def test_verify_answers_a_row_that_it_cannot_read_too():
    found = run("verify", "-", given='{"id": 7, "claim": ""}\nnonsense\n\n[1]\n')
    answers = lines(found.stdout)

    assert found.exit_code == 1
    assert [a["id"] for a in answers] == [7, None, None]
    assert {a["verdict"] for a in answers} == {"unchecked"}
    assert answers[1]["error"].startswith("line 2:")


def test_verify_goes_on_behind_a_row_that_a_check_cannot_read(monkeypatch):
    def brittle(claim: str, grounds: CitedEvidence) -> list[Failure]:
        return [] if "14" in claim else [Failure(check="brittle", reason=str(1 // 0))]

    monkeypatch.setitem(scoring.CHECKS, "brittle", brittle)
    rows = [
        {"id": n, "claim": f"Halden Line cancelled {n} crossings.", "sources": [FERRY]}
        for n in (13, 14)
    ]
    found = run("verify", given="\n".join(map(json.dumps, rows)))
    broken, good = lines(found.stdout)

    assert found.exit_code == 1
    assert (broken["verdict"], broken["score"]) == ("unchecked", 0.0)
    assert "brittle" in [f["check"] for f in broken["failed_checks"]]
    assert (good["id"], good["failed_checks"]) == (14, [])


def test_verify_answers_rows_with_numbers_beyond_all_bounds():
    huge = "7" * 310
    rows = [
        {"id": n, "claim": f"The fund lost {claim} crowns.", "sources": [f"It lost {huge} crowns."]}
        for n, claim in enumerate((huge, huge + "8", "1e999", "3" * 2_900))
    ]
    answers = lines(done("verify", given="\n".join(map(json.dumps, rows))))

    assert ["numbers" in [f["check"] for f in a["failed_checks"]] for a in answers] == [
        False, True, True, True
    ]  # fmt: skip


def test_cluster_answers_in_the_order_of_its_input():
    late = {"id": "late", "published_at": "2026-05-03", "text": FERRY}
    other = {"id": "other", "published_at": "2026-05-02", "text": "A comet was seen over Bergen."}
    early = {"id": "early", "published_at": "2026-05-01", "text": FERRY + " Many waited."}
    answers = lines(done("cluster", given="\n".join(map(json.dumps, [late, other, early]))))

    assert [a["id"] for a in answers] == ["late", "other", "early"]
    assert answers[0]["incident"] == answers[2]["incident"] != answers[1]["incident"]


def test_cluster_names_a_row_that_it_cannot_use():
    found = run("cluster", given='{"id": "x"}\n{"id": "y", "text": "Rain fell."}\n')
    answers = lines(found.stdout)

    assert found.exit_code == 1
    assert answers[0]["incident"] is None and "line 1" in answers[0]["error"]
    assert answers[1]["incident"]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("show", "INC-000009"), 3, "INC-000009"),
        (("ingest", "missing.jsonl"), 2, "missing.jsonl cannot be read"),
        (("draft",), 2, "Give one of"),
        (("draft", "INC-000001", "--all"), 2, "Give one of"),
        (("incidents", "--as-of", "yesterday"), 2, "'yesterday' is not a time"),
        (
            ("serve", "--host", "0.0.0.0", "--port", "18473"),
            2,
            "0.0.0.0 can be reached from outside",
        ),
    ],
)
def test_an_error_is_one_of_ours_with_its_exit_code(words, code, says):
    error = refused(*words)
    assert error.exit_code == code
    assert says in str(error)


def test_an_empty_store_says_what_to_do():
    found = run("incidents")

    assert found.exit_code == 0
    assert "summarizer ingest" in found.stderr


def test_reindex_rebuilds_what_was_there():
    run("ingest", ITEMS)
    said = done("reindex")
    assert "Indexed" in said and "Indexed 0" not in said


def test_an_output_file_that_cannot_be_written_is_named(tmp_path):
    run("ingest", ITEMS)
    run("draft", "--all")
    error = refused("show", "INC-000001", "-f", "json", "-o", tmp_path)
    assert isinstance(error, InputError) and "cannot be written" in str(error)


def test_a_package_of_another_distribution_under_our_name_is_refused(monkeypatch, tmp_path):
    (tmp_path / "evals").mkdir()
    (tmp_path / "evals" / "__init__.py").touch()
    check_packages()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "evals", raising=False)

    with pytest.raises(SettingsError, match="'evals'"):
        check_packages()


def test_entries_are_followed_as_json_lines_from_any_point():
    run("ingest", ITEMS)
    run("draft", "INC-000001")
    every = lines(done("entries"))
    assert {"opened", "drafted"} <= {entry["kind"] for entry in every}
    rest = done("entries", "--after", every[0]["number"], "--incident", "INC-000001")
    assert lines(rest) == every[1:]
    assert [e["kind"] for e in lines(done("entries", "--kind", "drafted"))] == ["drafted"]
