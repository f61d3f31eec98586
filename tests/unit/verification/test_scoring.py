import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.claims import EXPLAINING, Failure, Kind, Thresholds, VerdictLabel
from summarizer.verification import scoring
from summarizer.verification.evidence import CitedEvidence, CitedText, of_texts
from tests.support.tables import rows

PARTLY = Failure(check="attribution", reason="…", label=VerdictLabel.PARTLY)
WRONG = Failure(check="numbers", reason="…", label=VerdictLabel.UNSUPPORTED)
TURNED = Failure(check="negation", reason="…", label=VerdictLabel.CONTRADICTED)
THRESHOLDS = Thresholds(supported=0.3, partly=0.15)
GROUND = CitedText(id="a1.2", text="Acme recalled robots.", item="a1", n=2, start=40)
GROUNDS = CitedEvidence((GROUND,), (GROUND,))


@pytest.mark.parametrize(
    ("failures", "entailment", "label"),
    [
        ([], 0.9, VerdictLabel.SUPPORTED),
        ([], 0.01, VerdictLabel.SUPPORTED),
        ([PARTLY], 0.9, VerdictLabel.PARTLY),
        ([WRONG], 0.99, VerdictLabel.UNSUPPORTED),
        ([PARTLY, WRONG, TURNED], 0.99, VerdictLabel.CONTRADICTED),
    ],
)
def test_the_worst_failure_decides_about_a_drafted_claim(failures, entailment, label):
    verdict = scoring.judge_claim(
        "Acme recalled robots.", Kind.FACT, failures, entailment, GROUNDS, THRESHOLDS
    )
    assert verdict.label is label
    assert (label is VerdictLabel.SUPPORTED) == (not verdict.failures)


@pytest.mark.parametrize(
    ("entailment", "label"),
    [
        (THRESHOLDS.supported, VerdictLabel.UNCHECKED),
        (THRESHOLDS.supported - 0.01, VerdictLabel.PARTLY),
        (THRESHOLDS.partly - 0.01, VerdictLabel.UNSUPPORTED),
    ],
)
def test_entailment_cannot_make_a_claim_in_its_own_words_supported(entailment, label):
    verdict = scoring.judge_claim(
        "Robots went back to Acme.", Kind.FACT, [], entailment, GROUNDS, THRESHOLDS
    )
    assert verdict.label is label
    assert bool(verdict.failures) is (label is not VerdictLabel.UNCHECKED)
    assert verdict.score > 0


@pytest.mark.parametrize("kind", Kind)
def test_what_explains_or_infers_needs_no_entailment_and_no_rule_carries_it(kind):
    verdict = scoring.judge_claim("Acme may stop.", kind, [], 0.01, GROUNDS, THRESHOLDS)
    assert bool(verdict.failures) is not (kind in EXPLAINING | {Kind.INFERENCE})
    assert verdict.label is not VerdictLabel.SUPPORTED


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
def test_a_prediction_must_build_on_what_it_cites_whatever_entailment_says(text, founded):
    other = CitedText(id="a2.1", text="Kestrel closed its Ostia plant on Friday.", item="a2")
    grounds = CitedEvidence((GROUND,), (GROUND, other))
    verdict = scoring.judge_claim(text, Kind.PREDICTION, [], 0.9, grounds, THRESHOLDS)
    assert (verdict.label is VerdictLabel.UNCHECKED) is founded
    assert [f.better for f in verdict.failures] == (["a2.1"] if "Kestrel" in text else [None])[
        : not founded
    ]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in EXPLAINING])
@pytest.mark.parametrize("text", ["Yes.", "It is so.", "My own words.", "Bananas ripen."])
def test_a_claim_that_shares_nothing_with_what_it_cites_fails_whatever_entailment_says(text, kind):
    verdict = scoring.judge_claim(text, kind, [], 0.99, GROUNDS, THRESHOLDS)
    assert verdict.label is VerdictLabel.UNSUPPORTED


def test_a_claim_without_content_holds_word_for_word():
    ground = CitedText(id="a1.1", text='He said: "Yes." Then he left.', item="a1")
    grounds = CitedEvidence((ground,), (ground,))
    verdict = scoring.judge_claim("Yes.", Kind.FACT, [], 0.98, grounds, THRESHOLDS)
    assert not verdict.failures


def test_a_claim_that_another_passage_carries_is_told_so():
    other = CitedText(id="a2.1", text="Kestrel closed its Ostia plant on Friday.", item="a2")
    grounds = CitedEvidence((GROUND,), (GROUND, other))
    verdict = scoring.judge_claim(
        "Kestrel closed its Ostia plant.", Kind.FACT, [], 0.01, grounds, THRESHOLDS
    )
    assert [f.better for f in verdict.failures] == ["a2.1"]


OFFERED = rows("""
numbers | Acme recalled 3,000 robots. | Acme recalled its robots. | Acme recalled 3,000 robots.
names | The firm Kestrel Labs closed. | A firm closed. | Kestrel Labs closed.
quotes | "It was time to stop," she said. | The line stopped. | She said: "It was time to stop."
comparison | Shares of Acme rose on Monday.
| Shares of Acme fell on Monday. | Shares of Acme rose on Monday.
""")


@pytest.mark.parametrize(("check", "claim", "cited", "other"), OFFERED)
def test_another_passage_that_carries_what_fails_is_offered(check, claim, cited, other):
    first = CitedText(id="a1.1", text=cited, item="a1")
    right = CitedText(id="a2.4", text=other, item="a2", n=4)
    failures = scoring.run_checks(claim, CitedEvidence((first,), (first, right)))
    assert [failure.better for failure in failures if failure.check == check] == ["a2.4"]


def test_the_evidence_of_a_drafted_claim_is_its_passages_in_their_item():
    (evidence,) = scoring.cited_spans(GROUNDS)
    assert (evidence.source, evidence.start, evidence.end) == ("a1.2", 40, 61)


def test_the_evidence_of_a_row_is_verbatim_in_its_source():
    text = "Nothing new here. Acme recalled robots. Kestrel closed a plant."
    spans = scoring.supporting_spans(
        "Kestrel closed. Acme recalled robots.", of_texts([("s", text)])
    )
    assert [e.text for e in spans] == ["Kestrel closed a plant.", "Acme recalled robots."]
    assert all(text[e.start : e.end] == e.text for e in spans)


@pytest.mark.parametrize(
    ("failures", "entailment", "label"),
    [
        ([], 0.9, VerdictLabel.SUPPORTED),
        ([], 0.1, VerdictLabel.SUPPORTED),
        ([WRONG], 0.98, VerdictLabel.PARTLY),
        ([TURNED], 0.3, VerdictLabel.CONTRADICTED),
    ],
)
def test_failed_checks_and_the_score_decide_about_an_extract(failures, entailment, label):
    grounds = of_texts([("s", "Acme recalled robots.")])
    assert scoring.judge_row("Acme recalled robots.", failures, entailment, grounds).label is label


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_entailment_never_lowers_the_score(one, other):
    low, high = sorted((one, other))
    assert 0 < scoring.score(low, []) <= scoring.score(high, []) < 1


@given(st.floats(0, 1), st.sampled_from([*scoring.CHECKS, "structure"]))
def test_a_failed_check_always_lowers_the_score(entailment, check):
    failure = Failure(check=check, reason="…")
    assert scoring.score(entailment, [failure]) < scoring.score(entailment, [])


def test_every_check_has_a_weight():
    assert set(scoring.CHECKS) == set(scoring.CHECK_WEIGHTS)


@given(st.text(max_size=120), st.text(max_size=120))
def test_no_claim_or_source_breaks_the_checks(claim, source):
    for failure in scoring.run_checks(claim, of_texts([("s", source)])):
        assert failure.start is None or 0 <= failure.start <= (failure.end or 0) <= len(claim)
