import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.absences import NEEDS_MODEL, Absence, AbsenceReason
from summarizer.domain.claims import (
    CheckedClaim,
    Failure,
    JudgeVerdict,
    Kind,
    Thresholds,
    VerdictLabel,
)
from summarizer.domain.drafts import CheckedSection
from summarizer.domain.evidence import Evidence
from summarizer.domain.findings import PageFault
from summarizer.domain.sections import Layout, Limits, Row, Rule, SectionSpec
from summarizer.errors import SettingsError
from summarizer.verification import gate, judge, scoring
from summarizer.verification.policy import Action, Policy, load_policy
from tests.support import builders

PROFILES = ("strict", "balanced")
STRICT, BALANCED = map(load_policy, PROFILES)
CHECKS = ["numbers", "entailment", "attribution", "instructions", "judge", "limits"]
HEAD = "version = '1'\n[profiles.strict]\nabout = 'A.'\n"
SUPPORT = "[profiles.strict.support]\nsupported = 0.3\npartly = 0.1\n"
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
    label: VerdictLabel = VerdictLabel.SUPPORTED,
    text: str = "Acme stopped.",
    kind: Kind = Kind.FACT,
    repaired_from: str | None = None,
    evidence: bool = True,
    check: str = "numbers",
) -> CheckedClaim:
    failed = label is not VerdictLabel.SUPPORTED
    return builders.checked(
        *(text, "a1.1"),
        id=f"{text} {label} {repaired_from}",
        kind=kind,
        label=label,
        failures=(Failure(check=check, reason="Why.", label=label),) * failed,
        evidence=(SPAN,) * evidence,
        repaired_from=repaired_from,
    )


def section(*claims: CheckedClaim, abstained: Absence | None = None) -> CheckedSection:
    return CheckedSection(key="points", claims=claims, abstained=abstained, prompt_version="1-ab")


@pytest.mark.parametrize(
    "label", [label for label in VerdictLabel if label is not VerdictLabel.SUPPORTED]
)
def test_a_claim_that_is_not_supported_is_withheld_with_its_verdict(label):
    good, bad = checked(), checked(label, "Acme fled.")
    result = gate.decide(section(good, bad), spec(), STRICT)
    assert result.shown == (good,)
    assert result.withheld == (bad.model_copy(update={"place": 1}),)


def test_a_withheld_claim_keeps_its_place_among_the_shown():
    good, bad = checked(), checked(VerdictLabel.UNSUPPORTED, "Acme fled.")
    also = checked(VerdictLabel.UNSUPPORTED, "Acme ran.")
    result = gate.decide(section(bad, good, also), spec(), STRICT)
    assert [claim.place for claim in result.withheld] == [0, 1]


policies = st.builds(
    Policy,
    profile=st.just("any"),
    version=st.just("0"),
    about=st.just("Any."),
    support=st.just(Thresholds(supported=0.1, partly=0)),
    checks=st.dictionaries(st.sampled_from(CHECKS), st.sampled_from(Action)),
    otherwise=st.sampled_from([Action.REPAIR, Action.WITHHOLD]),
    shown_partly=st.frozensets(st.sampled_from(Kind)),
)


@given(
    policies,
    st.sampled_from([VerdictLabel.UNCHECKED, VerdictLabel.UNSUPPORTED, VerdictLabel.CONTRADICTED]),
    st.sampled_from(Kind),
    st.sampled_from(CHECKS),
)
def test_an_unchecked_or_unsupported_claim_is_never_shown_whatever_the_policy(
    policy, label, kind, check
):
    claim = checked(label, kind=kind, check=check)
    assert not gate.passes(claim, policy)
    assert gate.decide(section(claim), spec(), policy).shown == ()


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("kind", Kind)
def test_an_unchecked_claim_is_never_shown_under_a_profile_that_ships(profile, kind):
    policy = load_policy(profile)
    assert not gate.passes(checked(VerdictLabel.UNCHECKED, kind=kind, check="entailment"), policy)


@given(policies, st.lists(st.sampled_from(CHECKS), min_size=1, max_size=4))
def test_the_strictest_of_the_failed_checks_decides(policy, names):
    failures = [Failure(check=name, reason="…") for name in names]
    alone = [policy.action([failure]) for failure in failures]
    found = policy.action(failures)
    assert found in alone
    assert (found is Action.WITHHOLD) == (Action.WITHHOLD in alone)
    assert (found is Action.SHOW) == (set(alone) == {Action.SHOW})


def test_a_claim_without_evidence_is_never_shown():
    assert not gate.passes(checked(evidence=False), STRICT)
    assert gate.passes(checked(kind=Kind.ANALOGY, evidence=False), STRICT)


@pytest.mark.parametrize(
    ("kind", "check", "shown"),
    [
        (Kind.OPINION, "entailment", True), (Kind.OPINION, "attribution", True),
        (Kind.PREDICTION, "attribution", True), (Kind.FACT, "attribution", False),
        (Kind.OPINION, "one_actor", False),
        (Kind.PREDICTION, "judgeable", False), (Kind.OPINION, "judge", False),
        (Kind.FACT, "entailment", False), (Kind.ALLEGATION, "attribution", False),
        (Kind.DENIAL, "entailment", False),
    ],
)  # fmt: skip
def test_balanced_shows_opinions_and_expectations_that_are_partly_supported(kind, check, shown):
    partly = checked(VerdictLabel.PARTLY, kind=kind, check=check)
    assert gate.passes(partly, BALANCED) is shown
    assert not gate.passes(partly, STRICT)


def test_what_is_shown_partly_supported_carries_the_reason_as_a_warning():
    partly = checked(VerdictLabel.PARTLY, kind=Kind.OPINION, check="attribution")
    (shown,) = gate.decide(section(partly), spec(), BALANCED).shown
    assert shown.verdict.warnings == ("Only partly supported: Why.",)
    assert shown.verdict.label is VerdictLabel.PARTLY


def test_an_unknown_profile_is_named_with_those_that_exist():
    with pytest.raises(SettingsError, match=r"'lax'.*balanced, strict"):
        load_policy("lax")


def test_what_is_stored_names_profile_and_version():
    assert STRICT.name == f"strict-{STRICT.version}"


def test_a_section_may_have_thresholds_of_its_own():
    plain = BALANCED.thresholds("plain_language")
    assert plain.supported < BALANCED.thresholds("title").supported == BALANCED.support.supported


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("version = ", "malformed"),
        ("version = ", "it is not TOML"),
        ("version = '1'", "malformed: the key 'profiles' is missing"),
        ("profiles = 3\nversion = '1'", r"must hold tables, such as \[profiles.strict\]"),
        (f"{HEAD}otherwise = 'show'\n{SUPPORT}", "must not be 'show'"),
        (f"{HEAD}{SUPPORT}[profiles.strict.checks]\nnumbers = 'pass'", "numbers"),
        (f"{HEAD}[profiles.strict.support]\nsupported = 0.1\npartly = 0.2", "above"),
        (
            f"{HEAD}[profiles.strict.support]\nsupported = 1.1\npartly = 0.2",
            "malformed: support.supported: .*less than or equal",
        ),
        (f"{HEAD}{SUPPORT}[profiles.strict.sections.titel]\nsupported=1\npartly=0", "titel"),
        (f"{HEAD}shown = ['unchecked']\n{SUPPORT}", "shown"),
    ],
)
def test_a_malformed_policy_is_an_error_that_says_what_is_wrong(text, message):
    with pytest.raises(SettingsError, match=f"(?s){message}"):
        load_policy("strict", text)


@pytest.mark.parametrize("profile", PROFILES)
def test_every_check_that_a_profile_names_exists(profile):
    others = {"structure", "attribution", "instructions", "limits"}
    known = {*scoring.CHECKS, *others, "entailment", "judge", *(rule.value for rule in Rule)}
    assert set(load_policy(profile).checks) <= known


def test_a_section_without_enough_support_abstains_and_says_nothing_of_the_sources():
    result = gate.decide(
        section(checked(), checked(VerdictLabel.UNSUPPORTED)), spec(min_claims=2), STRICT
    )
    assert result.shown == ()
    assert result.abstained.reason is AbsenceReason.WITHHELD
    assert "2 drafted sentences were withheld" in result.abstained.words
    assert len(result.withheld) == 2
    assert "needs 2" in result.withheld[0].verdict.failures[0].reason


def test_a_repeated_side_keeps_its_reason_in_a_section_that_abstains():
    sides = SIDES.model_copy(update={"limits": spec(min_claims=2).limits})
    result = gate.decide(section(said("A.", "a1", "Ruiz"), said("B.", "a1", "Ruiz")), sides, STRICT)
    reasons = [claim.verdict.failures[-1].reason for claim in result.withheld]
    assert ["needs 2" in reasons[0], "stands once" in reasons[1]] == [True, True]


def test_a_drafters_own_reason_to_abstain_is_kept():
    assert gate.decide(section(abstained=NEEDS_MODEL), spec(), STRICT).abstained == NEEDS_MODEL
    unsaid = gate.decide(section(), spec(), STRICT).abstained
    assert unsaid.reason is AbsenceReason.NOTHING_RETURNED


def test_claims_beyond_the_limit_are_withheld_and_failing_ones_take_no_room():
    claims = [checked(VerdictLabel.CONTRADICTED), *(checked(text=f"Point {n}.") for n in range(4))]
    result = gate.decide(section(*claims), spec(max_claims=3), STRICT)
    assert [c.claim.text for c in result.shown] == ["Point 0.", "Point 1.", "Point 2."]
    assert "full" in result.withheld[1].verdict.failures[-1].reason


def said(text: str, item: str, actor: str | None = None, origins: int = 1) -> CheckedClaim:
    """A supported claim that rests on one passage of an item."""
    span = SPAN.model_copy(update={"source": f"{item}.1"})
    claim = builders.checked(text, span.source, id=text, actor=actor, evidence=(span,))
    return claim.model_copy(update={"origins": origins})


@pytest.mark.parametrize(
    ("drafted", "most", "shown"),
    [
        ([said("Lie.", "a9"), said("True.", "a1", origins=2)], 1, ["True."]),
        ([said("First.", "a1"), said("Second.", "a2")], 1, ["First."]),
        ([*(said(f"Lie {n}.", "a9", origins=3) for n in range(3)), said("True.", "a1")], 2,
         ["Lie 0.", "True."]),
        ([said("First.", "a1", origins=1), said("Second.", "a1", origins=2)], 3,
         ["First.", "Second."]),
    ],
)  # fmt: skip
def test_where_more_pass_than_the_section_holds_no_item_crowds_out_another(drafted, most, shown):
    result = gate.decide(section(*drafted), spec(max_claims=most), STRICT)
    assert [c.claim.text for c in result.shown] == shown
    assert len(result.withheld) == len(drafted) - len(shown)


SIDES = spec(max_claims=9)
SIDES = SIDES.model_copy(update={"row": SIDES.row.model_copy(update={"rules": (Rule.ONE_ACTOR,)})})


@pytest.mark.parametrize(
    ("drafted", "shown"),
    [
        ([said("A.", "a1", "Ruiz"), said("B.", "a1", "ruiz")], ["A."]),
        ([said("A.", "a1", "Ruiz"), said("B.", "a2", "Ruiz")], ["A.", "B."]),
        ([said("A.", "a1", "Ruiz"), said("B.", "a1", "Hale")], ["A.", "B."]),
    ],
)
def test_an_actor_stands_once_for_each_item_that_lets_it_speak(drafted, shown):
    assert [c.claim.text for c in gate.decide(section(*drafted), SIDES, STRICT).shown] == shown


def test_a_failing_claim_takes_neither_the_actor_nor_the_room_of_one_that_passes():
    lie = checked(VerdictLabel.UNSUPPORTED)
    lie = lie.model_copy(update={"claim": lie.claim.model_copy(update={"actor": "Ruiz"})})
    honest = said("She denied it.", "a1", "Ruiz")
    assert gate.decide(section(lie, honest), SIDES, STRICT).shown == (honest,)


def test_failing_claims_go_to_repair_once_and_in_order():
    first, again = (
        checked(VerdictLabel.PARTLY),
        checked(VerdictLabel.UNSUPPORTED, repaired_from="Acme ran."),
    )
    last = checked(VerdictLabel.CONTRADICTED, "Acme fled.")
    repairs = gate.to_repair([section(first, checked(), again), section(last)], STRICT)
    assert [r.claim for r in repairs] == [first.claim, last.claim]
    assert repairs[0].failures == first.verdict.failures


def test_what_a_judge_has_decided_is_handed_back_with_its_reason_and_not_with_the_questions():
    doubted = checked(VerdictLabel.UNSUPPORTED, check="numbers")
    said = JudgeVerdict(label=VerdictLabel.CONTRADICTED, reason="It was three.")
    decided = judge.decide(doubted, said, ())
    assert [f.check for f in decided.verdict.failures] == ["numbers", "judge"]
    (repair,) = gate.to_repair([section(decided)], STRICT)
    assert [f.reason for f in repair.failures] == ["It was three."]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_sentence_that_carries_an_order_is_not_sent_to_repair(profile):
    failing = section(checked(VerdictLabel.UNSUPPORTED, check="instructions"))
    assert gate.to_repair([failing], load_policy(profile)) == ()


@pytest.mark.parametrize("profile", PROFILES)
def test_a_sentence_that_rests_on_an_item_with_an_order_may_be_repaired(profile):
    failing = section(checked(VerdictLabel.UNSUPPORTED, check="hostile_item"))
    assert len(gate.to_repair([failing], load_policy(profile))) == 1


def test_every_claim_ends_up_shown_or_withheld_and_the_prompt_is_kept():
    claims = [checked(label, f"{label}.") for label in VerdictLabel]
    (result,) = gate.decide_all([section(*claims)], [spec()], STRICT)
    assert len(result.shown) + len(result.withheld) == len(claims)
    assert result.prompt_version == "1-ab"


@pytest.mark.parametrize("profile", ["strict", "balanced"])
def test_a_policy_weighs_every_fault_of_a_page(profile):
    policy = load_policy(profile)
    assert set(policy.page_findings) == set(PageFault)
    assert PageFault.ACCUSATION_WITHOUT_REPLY in policy.blocking
    assert PageFault.REPEATED not in policy.blocking
