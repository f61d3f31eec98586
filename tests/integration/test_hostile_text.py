"""Halves of characters, control characters and odd numbers, at every edge of the command line."""

import json

import pytest

from tests.support.cli import run

HALF = "\\ud83d"
LATE = "The ferry Dawn was late on Monday."
GOOD = {"id": "g", "claim": LATE, "sources": [LATE]}


def a_row(text: str) -> str:
    """Lines of which the second is in order."""
    return f"{text}\n{json.dumps(GOOD)}\n"


def answers(command: str, lines: str | bytes) -> list[dict[str, object]]:
    found = run(command, given=lines)
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    found.stdout.encode()  # it is UTF-8
    return [json.loads(line) for line in found.stdout.splitlines()]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (f'{{"id": "a{HALF}", "claim": "{LATE}", "sources": ["{LATE}"]}}', "id: holds half"),
        (f'{{"claim": "{LATE}", "sources": [{{"id": "{HALF}", "text": "x"}}]}}', "sources.0.id"),
        (f'{{"claim": "{LATE}", "sources": ["{LATE}"], "{HALF}": 1}}', "holds half"),
        (f'{{"claim": "{LATE}", "claim": "{LATE}", "sources": ["{LATE}"]}}', "stands twice"),
        (f'{{"id": {"[" * 900 + "]" * 900}, "claim": "{LATE}", "sources": ["x"]}}', "deeply"),
        (f'{{"id": 1e400, "claim": "{LATE}", "sources": ["{LATE}"]}}', "too large"),
        (f'{{"id": {"9" * 5_000}, "claim": "{LATE}", "sources": ["{LATE}"]}}', "too large"),
        ('{"claim": 1}', "claim"),
        ("{", "broken at column"),
    ],
)
def test_a_row_of_verify_that_breaks_a_rule_is_unchecked_and_the_next_one_is_read(row, says):
    refused, good = answers("verify", a_row(row))

    assert (refused["verdict"], good["verdict"]) == ("unchecked", "supported")
    assert says in str(refused["error"])


@pytest.mark.parametrize("text", [f"{LATE} {HALF}", f"{LATE} \\u0000", f"{LATE} \\u202e\\u009b"])
def test_a_claim_and_a_source_with_such_characters_get_a_verdict(text):
    (found, _) = answers("verify", a_row(f'{{"id": 1, "claim": "{text}", "sources": ["{text}"]}}'))

    assert (found["id"], found["verdict"]) == (1, "supported")


def test_the_offsets_of_evidence_count_a_mended_character_as_one():
    row = f'{{"claim": "{LATE}", "sources": ["{HALF} {LATE}"]}}'
    ((evidence,), _) = [answer["evidence"] for answer in answers("verify", a_row(row))]

    assert f"\ufffd {LATE}"[evidence["start"] : evidence["end"]] == evidence["text"]


@pytest.mark.parametrize("data", ["\ufeff" + json.dumps(GOOD), json.dumps(GOOD) + "\r\n"])
def test_a_byte_order_mark_and_line_ends_of_windows_do_not_matter(data):
    assert [answer["verdict"] for answer in answers("verify", data)] == ["supported"]


def test_lines_that_are_no_utf_8_are_told():
    odd, good = answers("verify", b'{"claim": "\xff"}\n' + json.dumps(GOOD).encode())
    assert "not UTF-8 at byte" in str(odd["error"])
    assert good["verdict"] == "supported"
    assert "UTF-16" in str(answers("verify", json.dumps(GOOD).encode("utf-16"))[0]["error"])


@pytest.mark.parametrize(
    ("field", "says"),
    [
        (f'"id": "a{HALF}"', "id: holds half"),
        (f'"{HALF}": 1', "holds half"),
        ('"reach": 1e400', "too large"),
        ('"reach": -1', "reach: '-1' is not between"),
        (f'"reach": {10**30}', "is not between"),
        ('"reach": 1.5', "not a whole number"),
        (f'"engagement": {{"li{HALF}": 1}}', "engagement.li"),
        ('"engagement": {"\\u001b[2Jlikes": -1}', "engagement."),
        ('"extra": NaN', "NaN"),
        ('"text": "x", "text": "y"', "text: stands twice"),
    ],
)
@pytest.mark.parametrize("command", ["ingest", "cluster"])
def test_an_item_that_breaks_a_rule_is_refused_alone(elsewhere, command, field, says):
    row = f'{{{field}, "title": "Ferry late"}}\n{{"id": "g", "text": "{LATE}"}}\n'
    (elsewhere / "items.jsonl").write_text(row)
    found = run(command, elsewhere / "items.jsonl")

    assert isinstance(found.exception, SystemExit)
    assert says in found.output
    assert "1 accepted" in found.output or '"id": "g", "incident": "incident-' in found.output


def test_an_id_comes_back_as_it_came(elsewhere):
    ids = ["a\u202eb", "c\u009bd", " e ", "日本", 7, "\u2028"]
    rows = "".join(
        json.dumps({"id": id_, "text": f"{LATE} {n}"}) + "\n" for n, id_ in enumerate(ids)
    )
    (elsewhere / "items.jsonl").write_text(rows)
    found = run("cluster", elsewhere / "items.jsonl")

    assert [json.loads(line)["id"] for line in found.stdout.splitlines()] == ids
    assert not {"\u202e", "\u009b", "\u2028"} & set(found.stdout)
