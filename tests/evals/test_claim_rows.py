"""Which claims of a run a report shows, in which order, and how they are told apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from evals.framework.claim_rows import LONGEST, ClaimRows, claim_rows
from evals.framework.records import JudgedClaim, Record
from evals.framework.results import Outcome, Run
from summarizer.domain.claims import Failure, JudgeVerdict, Verdict, VerdictLabel
from summarizer.domain.evidence import Evidence
from tests.support.builders import NOON


def a_claim(
    text: str,
    score: float = 0.5,
    label: int | None = None,
    accepted: bool | None = True,
    verdict: VerdictLabel | Verdict = VerdictLabel.SUPPORTED,
    **fields: Any,
) -> JudgedClaim:
    if not isinstance(verdict, Verdict):
        verdict = Verdict(label=verdict, score=score)
    return JudgedClaim(
        claim=text,
        label=label,
        accepted=accepted,
        **{"sources": (("1", "A source."),), "verdict": verdict, **fields},
    )


def rows(claims: Sequence[JudgedClaim], most: int = 100) -> ClaimRows:
    outcomes = tuple(
        Outcome(key=str(n), cluster="c", group="news", values={}, place=f"news:{n}")
        for n, _ in enumerate(claims)
    )
    run = Run(
        suite="verifier", created_at=NOON, version={}, inputs=(), outcomes=outcomes, measured=(),
        seconds=1, peak_memory_mib=1,
    )  # fmt: skip
    records = (Record(key=str(n), claim=claim) for n, claim in enumerate(claims))
    return claim_rows(run, records, most)


def test_confident_errors_come_first_then_what_nobody_judged_then_what_is_right() -> None:
    found = rows(
        [
            a_claim("surely right", 0.9, 1),
            a_claim("barely right", 0.6, 1),
            a_claim("no verdict", 0.0, 0, accepted=None),
            a_claim("missed by a hair", 0.55, 0),
            a_claim("a sure alarm", 0.1, 1, accepted=False),
            a_claim("surely missed", 0.95, 0),
        ]
    )
    assert [(row.claim, row.result) for row in found.shown] == [
        ("surely missed", "missed"),
        ("a sure alarm", "false alarm"),
        ("missed by a hair", "missed"),
        ("no verdict", "not judged"),
        ("barely right", "right"),
        ("surely right", "right"),
    ]
    assert found.results == {"missed": 2, "false alarm": 1, "not judged": 1, "right": 2}
    assert list(found.results) == ["missed", "false alarm", "not judged", "right"]


def test_without_labels_the_worst_verdict_comes_first_then_the_lowest_score() -> None:
    found = rows(
        [
            a_claim("supported", 0.9),
            a_claim("unchecked", 0.4, verdict=VerdictLabel.UNCHECKED),
            a_claim("low", 0.1, accepted=False, verdict=VerdictLabel.UNSUPPORTED),
            a_claim("contradicted", 0.3, accepted=False, verdict=VerdictLabel.CONTRADICTED),
            a_claim("lower", 0.05, accepted=False, verdict=VerdictLabel.UNSUPPORTED),
        ]
    )
    assert [row.claim for row in found.shown] == [
        "contradicted", "lower", "low", "unchecked", "supported",
    ]  # fmt: skip
    assert found.results == {"withheld": 3, "shown": 2}


def test_a_page_holds_so_many_rows_and_counts_the_others() -> None:
    found = rows([a_claim(f"claim {n}", n / 100, 0) for n in range(50)], most=3)
    assert [row.claim for row in found.shown] == ["claim 49", "claim 48", "claim 47"]
    assert found.total == 50


def test_a_row_says_on_what_passages_it_rests_why_it_failed_and_who_overruled_that() -> None:
    verdict = Verdict(
        label=VerdictLabel.SUPPORTED,
        score=0.9,
        failures=(Failure(check="quotes", reason="Not verbatim."),),
        overruled=(Failure(check="numbers", reason="It has 14."),),
        evidence=(Evidence(source="a1.1", start=0, end=5, text="Line."),) * 2,
        warnings=("One origin.",),
    )
    judge = JudgeVerdict(label=VerdictLabel.SUPPORTED, reason="A dozen and two.")
    sources = (("a1.1", "Line."), ("a1.2", "x" * (LONGEST + 7)))
    (row,) = rows([a_claim("A", verdict=verdict, judge=judge, sources=sources)]).shown
    assert row.passages == ("Line.",)
    ((id_, text),) = row.sources
    assert id_ == "a1.2"
    assert text.endswith("x … (7 more characters)")
    assert [(r.check, r.overruled) for r in row.reasons] == [("quotes", False), ("numbers", True)]
    assert row.warnings == ("One origin.",)
    assert (row.judge, row.judge_reason) == ("supported", "A dozen and two.")
    assert (row.group, row.place, row.checks) == ("news", "news:0", ("quotes", "numbers"))


@pytest.mark.parametrize(
    ("fields", "choices"),
    [
        ([{}, {}], {}),
        ([{"section": "sides"}, {}], {}),
        ([{"section": "sides"}, {"section": "title"}], {"section": ("sides", "title")}),
        ([{"label": 1}, {"label": 0}],
         {"label": ("supported", "unsupported"), "result": ("missed", "right")}),
    ],
)  # fmt: skip
def test_rows_are_told_apart_by_what_differs(fields: list, choices: dict) -> None:
    found = rows([a_claim(str(n), **more) for n, more in enumerate(fields)])
    assert found.choices() == choices


def test_one_check_tells_rows_with_it_from_rows_without() -> None:
    failed = Verdict(
        label=VerdictLabel.UNSUPPORTED, score=0.1,
        failures=(Failure(check="numbers", reason="It has 14."),),
    )  # fmt: skip
    found = rows([a_claim("A", accepted=False, verdict=failed), a_claim("B")])
    assert found.choices()["check"] == ("numbers",)


def test_a_record_of_no_outcome_is_left_out() -> None:
    found = rows([a_claim("A")])
    assert found.total == 1
    run = Run(
        suite="verifier", created_at=NOON, version={}, inputs=(), outcomes=(), measured=(),
        seconds=1, peak_memory_mib=1,
    )  # fmt: skip
    assert claim_rows(run, [Record(key="gone", claim=a_claim("A"))]).total == 0
