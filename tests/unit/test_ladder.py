import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain import Failure, Kind, Label, Thresholds
from summarizer.faithfulness import ladder
from summarizer.faithfulness.grounds import Ground, Grounds, of_texts

PARTLY = Failure(check="attribution", reason="…", label=Label.PARTLY)
WRONG = Failure(check="numbers", reason="…", label=Label.UNSUPPORTED)
TURNED = Failure(check="negation", reason="…", label=Label.CONTRADICTED)
THRESHOLDS = Thresholds(supported=0.3, partly=0.15)
GROUND = Ground(id="a1.2", text="Acme recalled robots.", item="a1", n=2, start=40)
GROUNDS = Grounds((GROUND,), (GROUND,))


@pytest.mark.parametrize(
    ("failures", "entailment", "label"),
    [
        ([], 0.9, Label.SUPPORTED),
        ([], THRESHOLDS.supported, Label.SUPPORTED),
        ([], THRESHOLDS.supported - 0.01, Label.PARTLY),
        ([], THRESHOLDS.partly - 0.01, Label.UNSUPPORTED),
        ([PARTLY], 0.9, Label.PARTLY),
        ([WRONG], 0.99, Label.UNSUPPORTED),
        ([PARTLY, WRONG, TURNED], 0.99, Label.CONTRADICTED),
    ],
)
def test_the_worst_failure_decides_about_a_drafted_claim(
    failures: list[Failure], entailment: float, label: Label
) -> None:
    verdict = ladder.judge_claim(
        "Acme recalled robots.", Kind.FACT, failures, entailment, GROUNDS, THRESHOLDS
    )
    assert verdict.label is label
    assert (label is Label.SUPPORTED) == (not verdict.failures)


@pytest.mark.parametrize("kind", Kind)
def test_only_an_analogy_needs_no_entailment(kind: Kind) -> None:
    verdict = ladder.judge_claim("Acme may stop.", kind, [], 0.01, GROUNDS, THRESHOLDS)
    assert (verdict.label is Label.SUPPORTED) is (kind is Kind.ANALOGY)


@pytest.mark.parametrize(
    ("text", "founded"),
    [
        ("Acme may stop.", True),
        ("Acme could recall robots in other cities by June.", True),
        ("More recalls are expected.", True),
        ("Further robots may fail in Tolby.", True),
        ("Kestrel may close its Ostia plant.", False),
        ("A hearing on the ban is set for June.", False),
        ("The council is to vote on a contract.", False),
        ("It will.", False),
    ],
)
def test_a_prediction_must_build_on_what_it_cites_whatever_entailment_says(
    text: str, founded: bool
) -> None:
    other = Ground(id="a2.1", text="Kestrel closed its Ostia plant on Friday.", item="a2")
    grounds = Grounds((GROUND,), (GROUND, other))
    verdict = ladder.judge_claim(text, Kind.PREDICTION, [], 0.9, grounds, THRESHOLDS)
    assert (verdict.label is Label.SUPPORTED) is founded
    assert [f.better for f in verdict.failures] == (["a2.1"] if "Kestrel" in text else [None])[
        : not founded
    ]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.ANALOGY])
@pytest.mark.parametrize("text", ["Yes.", "It is so.", "My own words.", "Bananas ripen."])
def test_a_claim_that_shares_nothing_with_what_it_cites_fails_whatever_entailment_says(
    text: str, kind: Kind
) -> None:
    verdict = ladder.judge_claim(text, kind, [], 0.99, GROUNDS, THRESHOLDS)
    assert verdict.label is Label.UNSUPPORTED


def test_a_claim_without_content_holds_word_for_word() -> None:
    ground = Ground(id="a1.1", text='He said: "Yes." Then he left.', item="a1")
    grounds = Grounds((ground,), (ground,))
    verdict = ladder.judge_claim("Yes.", Kind.FACT, [], 0.98, grounds, THRESHOLDS)
    assert verdict.label is Label.SUPPORTED


def test_a_claim_that_another_passage_carries_is_told_so() -> None:
    other = Ground(id="a2.1", text="Kestrel closed its Ostia plant on Friday.", item="a2")
    grounds = Grounds((GROUND,), (GROUND, other))
    verdict = ladder.judge_claim(
        "Kestrel closed its Ostia plant.", Kind.FACT, [], 0.01, grounds, THRESHOLDS
    )
    assert [f.better for f in verdict.failures] == ["a2.1"]


def test_the_evidence_of_a_drafted_claim_is_its_passages_in_their_item() -> None:
    (evidence,) = ladder.cited_spans(GROUNDS)
    assert (evidence.source, evidence.start, evidence.end) == ("a1.2", 40, 61)


def test_the_evidence_of_a_row_is_verbatim_in_its_source() -> None:
    text = "Nothing new here. Acme recalled robots. Kestrel closed a plant."
    spans = ladder.supporting_spans(
        "Kestrel closed. Acme recalled robots.", of_texts([("s", text)])
    )
    assert [e.text for e in spans] == ["Kestrel closed a plant.", "Acme recalled robots."]
    assert all(text[e.start : e.end] == e.text for e in spans)


@pytest.mark.parametrize(
    ("failures", "entailment", "label"),
    [
        ([], 0.9, Label.SUPPORTED),
        ([], 0.1, Label.UNSUPPORTED),
        ([], 0.42, Label.PARTLY),
        ([WRONG], 0.98, Label.PARTLY),
        ([TURNED], 0.3, Label.CONTRADICTED),
    ],
)
def test_the_score_decides_about_a_row(
    failures: list[Failure], entailment: float, label: Label
) -> None:
    grounds = of_texts([("s", "Acme recalled robots.")])
    assert ladder.judge_row("Acme recalled robots.", failures, entailment, grounds).label is label


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_entailment_never_lowers_the_score(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 < ladder.score(low, []) <= ladder.score(high, []) < 1


@given(st.floats(0, 1), st.sampled_from([*ladder.CHECKS, "structure"]))
def test_a_failed_check_always_lowers_the_score(entailment: float, check: str) -> None:
    failure = Failure(check=check, reason="…")
    assert ladder.score(entailment, [failure]) < ladder.score(entailment, [])


def test_every_check_has_a_weight() -> None:
    assert set(ladder.CHECKS) == set(ladder.CHECK_WEIGHTS)


@given(st.text(max_size=120), st.text(max_size=120))
def test_no_claim_or_source_breaks_the_checks(claim: str, source: str) -> None:
    for failure in ladder.run_checks(claim, of_texts([("s", source)])):
        assert failure.start is None or 0 <= failure.start <= (failure.end or 0) <= len(claim)
