import pytest

from summarizer import gate
from summarizer.domain import CheckedClaim, Claim, Evidence, Failure, Kind, Label, Verdict
from summarizer.gate import CheckedSection, Policy
from summarizer.sections import Layout, Limits, Row, SectionSpec

SPAN = Evidence(source="a1.1", start=0, end=4, text="Acme")


def spec(min_claims: int = 1, max_claims: int = 3) -> SectionSpec:
    return SectionSpec(
        key="points",
        row=Row(heading="Points", layout=Layout.POINTS, missing="No source says anything."),
        limits=Limits(
            version=1,
            min_claims=min_claims,
            max_claims=max_claims,
            max_words=30,
            kinds=tuple(Kind),
            query="any",
        ),
    )


def checked(
    label: Label = Label.SUPPORTED,
    text: str = "Acme stopped.",
    kind: Kind = Kind.FACT,
    repaired_from: str | None = None,
    evidence: bool = True,
    check: str = "numbers",
) -> CheckedClaim:
    failed = () if label is Label.SUPPORTED else (Failure(check=check, reason="Why.", label=label),)
    return CheckedClaim(
        claim=Claim(text=text, cites=("a1.1",), kind=kind),
        verdict=Verdict(
            label=label, score=0.5, failures=failed, evidence=(SPAN,) if evidence else ()
        ),
        repaired_from=repaired_from,
    )


def section(*claims: CheckedClaim, abstained: str | None = None) -> CheckedSection:
    return CheckedSection(key="points", claims=claims, abstained=abstained, prompt_version="1-ab")


@pytest.mark.parametrize("label", [label for label in Label if label is not Label.SUPPORTED])
def test_a_claim_that_is_not_supported_is_withheld_with_its_verdict(label: Label) -> None:
    good, bad = checked(), checked(label, "Acme fled.")
    result = gate.decide(section(good, bad), spec())
    assert result.shown == (good,)
    assert result.withheld == (bad,)


def test_an_unchecked_claim_is_never_shown_whatever_the_policy() -> None:
    anything = Policy(shown=frozenset(Label), shown_partly=frozenset(Kind))
    assert not gate.passes(checked(Label.UNCHECKED), anything)


def test_a_claim_without_evidence_is_never_shown() -> None:
    assert not gate.passes(checked(evidence=False))
    assert gate.passes(checked(kind=Kind.ANALOGY, evidence=False))


def test_a_policy_may_show_partly_supported_claims_of_some_kinds_for_some_checks() -> None:
    policy = Policy(shown_partly=frozenset({Kind.OPINION}), shown_checks=frozenset({"attribution"}))
    partly = checked(Label.PARTLY, kind=Kind.OPINION, check="attribution")
    assert gate.passes(partly, policy)
    assert not gate.passes(partly)
    assert not gate.passes(checked(Label.PARTLY, kind=Kind.OPINION), policy)
    assert not gate.passes(checked(Label.PARTLY, check="attribution"), policy)


def test_a_section_without_enough_support_abstains_and_says_what_is_missing() -> None:
    result = gate.decide(section(checked(), checked(Label.UNSUPPORTED)), spec(min_claims=2))
    assert result.shown == ()
    assert result.abstained is not None
    assert result.abstained.startswith("No source says anything.")
    assert len(result.withheld) == 2
    assert "needs 2" in result.withheld[0].verdict.failures[0].reason


def test_a_drafters_own_reason_to_abstain_is_kept() -> None:
    assert gate.decide(section(abstained="Nothing yet."), spec()).abstained == "Nothing yet."
    assert gate.decide(section(), spec()).abstained == "No source says anything."


def test_claims_beyond_the_limit_are_withheld_and_failing_ones_take_no_room() -> None:
    claims = [checked(Label.CONTRADICTED), *(checked(text=f"Point {n}.") for n in range(4))]
    result = gate.decide(section(*claims), spec(max_claims=3))
    assert [c.claim.text for c in result.shown] == ["Point 0.", "Point 1.", "Point 2."]
    assert "full" in result.withheld[1].verdict.failures[-1].reason


def test_failing_claims_go_to_repair_once_and_in_order() -> None:
    first, again = checked(Label.PARTLY), checked(Label.UNSUPPORTED, repaired_from="Acme ran.")
    last = checked(Label.CONTRADICTED, "Acme fled.")
    repairs = gate.to_repair([section(first, checked(), again), section(last)])
    assert [r.claim for r in repairs] == [first.claim, last.claim]
    assert repairs[0].failures == first.verdict.failures


def test_a_hopeless_failure_is_not_sent_to_repair() -> None:
    policy = Policy(hopeless=frozenset({"numbers"}))
    assert gate.to_repair([section(checked(Label.UNSUPPORTED))], policy) == ()


def test_every_claim_ends_up_shown_or_withheld_and_the_prompt_is_kept() -> None:
    claims = [checked(label, f"{label}.") for label in Label]
    (result,) = gate.decide_all([section(*claims)], [spec()])
    assert len(result.shown) + len(result.withheld) == len(claims)
    assert result.prompt_version == "1-ab"
