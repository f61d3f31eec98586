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
    assert (found["id"], found["verdict"], found["failed_checks"]) == (7, "unchecked", [])
    assert found["score"] > 0.5
    for span in found["evidence"]:
        assert NEWS[span["start"] : span["end"]] == span["text"]


WRAPPED = (
    "Meridian issued a notifi-\r\ncation in June. The complaint alleges that\r\nthe firm failed to"
    " warn its\r\ncustomers of the fires."
)


def test_a_wrapped_source_is_read_whole_and_quoted_as_it_was_sent() -> None:
    cut = {"sources": [{"id": "n", "text": WRAPPED}], "claim": "The firm failed to warn customers."}
    told = "The complaint alleges that the firm failed to warn its customers of the fires."
    whole = cut | {"claim": told}
    assert verify_row(cut, ENTAILMENT)["failed_checks"] != []
    found = verify_row(whole, ENTAILMENT)
    assert (found["verdict"], found["failed_checks"]) == ("supported", [])
    (span,) = found["evidence"]
    assert WRAPPED[span["start"] : span["end"]] == span["text"]
    assert span["text"].startswith("The complaint alleges that\r\nthe firm")


@pytest.mark.parametrize(
    ("row", "field", "says"),
    [
        ({"claim": "x" * 8_000, "sources": [NEWS]}, "claim", "8,000 characters; at most 3,000"),
        ({"claim": "Fine.", "sources": [NEWS] * 101}, "sources", "more than 100 sources"),
        ({"claim": "Fine.", "sources": ["x" * 600_000] * 2}, "sources", "1,200,000 characters"),
        (
            {"claim": "Fine.", "sources": [{"id": "x" * 3_000, "text": "y"}]},
            "sources.0.id",
            "3,000",
        ),
    ],
)
def test_a_row_over_a_limit_is_refused_with_the_limit(
    row: dict[str, object], field: str, says: str
) -> None:
    with pytest.raises(InputError, match=says) as refused:
        verify_row(row, ENTAILMENT)
    assert refused.value.field == field


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


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("Acme recalled 300 robots after two fires in Ostia.", "supported"),
        ("Acme recalled 300 robots.", "unchecked"),
        ("Two fires made Acme call 300 robots back.", "unchecked"),
        ("Bananas ripen.", "unsupported"),
    ],
)
def test_without_a_model_only_an_extract_is_supported(claim: str, verdict: str) -> None:
    row = {"sources": ["Acme recalled 300 robots after two fires in Ostia."], "claim": claim}
    found = verify_row(row, ENTAILMENT)
    assert found["verdict"] == verdict
    assert bool(found["failed_checks"]) == (verdict == "unsupported")
