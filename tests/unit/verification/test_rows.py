"""Stateless verification of one claim against whole sources."""

import pytest

from summarizer.errors import InputError
from summarizer.verification.entailment.lexical import LexicalEntailment
from summarizer.verification.rows import verify_row
from tests.unit.verification.test_verify import NEWS as REPORT

ENTAILMENT = LexicalEntailment()

NEWS = REPORT.text


@pytest.mark.parametrize(
    "row",
    [
        {"sources": [NEWS]},
        {"sources": [{"id": "n", "text": NEWS}]},
        {"source_text": NEWS},
    ],
)
def test_a_row_gets_a_verdict_with_verbatim_evidence(row: dict[str, object]) -> None:
    row |= {"id": 7, "claim": "Meridian recalled 300 delivery robots after two caught fire."}
    found = verify_row(row, ENTAILMENT)
    assert (found["id"], found["verdict"], found["failed_checks"]) == (7, "supported", [])
    assert found["score"] > 0.5
    for span in found["evidence"]:
        assert NEWS[span["start"] : span["end"]] == span["text"]


def test_a_row_with_an_invented_number_scores_lower_and_says_why() -> None:
    row = {"sources": [NEWS], "claim": "Meridian recalled 300 delivery robots in Ostia."}
    wrong = row | {"claim": "Meridian recalled 900 delivery robots in Ostia."}
    good, bad = (verify_row(r, ENTAILMENT) for r in (row, wrong))
    assert bad["score"] < good["score"]
    assert [f["check"] for f in bad["failed_checks"]] == ["numbers"]
    assert bad["verdict"] != "supported"


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"sources": ["a"]}, "claim"),
        ({"sources": ["a"], "claim": "  "}, "claim"),
        ({"sources": ["a"], "claim": 3}, "claim"),
        ({"claim": "a"}, "sources"),
        ({"claim": "a", "sources": "a"}, "sources"),
        ({"claim": "a", "sources": []}, "sources"),
        ({"claim": "a", "sources": [" "]}, "sources"),
        ({"claim": "a", "sources": ["b", 4]}, "sources[1]"),
        ({"claim": "a", "sources": [{"id": 1}]}, "sources[0]"),
        ({"claim": "a", "source_text": None}, "sources[0]"),
        (["claim"], "object"),
    ],
)
def test_a_malformed_row_is_rejected_by_the_name_of_its_field(row: object, field: str) -> None:
    with pytest.raises(InputError) as error:
        verify_row(row, ENTAILMENT)  # type: ignore[arg-type]  # what users send
    assert field in str(error.value)


def test_a_large_source_is_read_whole() -> None:
    source = "Filler words stand here for length. " * 3000 + "Meridian recalled 300 robots."
    row = {"sources": [source], "claim": "Meridian recalled 300 robots."}
    found = verify_row(row, ENTAILMENT)
    assert found["verdict"] == "supported"
    assert found["evidence"][0]["text"] == "Meridian recalled 300 robots."
