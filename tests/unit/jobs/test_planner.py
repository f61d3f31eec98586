"""The plan of auto-drafting: which incidents are drafted, which wait, and why."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.drafts import Usage
from summarizer.domain.incidents import IncidentId
from summarizer.errors import SettingsError
from summarizer.jobs.budget import Limit, Price, Unit, Window
from summarizer.jobs.planner import (
    Action,
    Decision,
    IncidentState,
    Outage,
    Reason,
    Rules,
    SystemState,
    load_rules,
    plan,
)
from tests.support.builders import NOON

RULES = Rules(
    version="test", least_items=2, least_origins=2, least_noise=10, quiet_s=60, longest_wait_s=900,
    cooldown_s=600, most_failures=3, retry_s=60, longest_retry_s=3600,
)  # fmt: skip
LONG_AGO = NOON - dt.timedelta(days=1)


def ago(seconds: float) -> dt.datetime:
    return NOON - dt.timedelta(seconds=seconds)


def a_standing(id_: str = "INC-000001", **fields: Any) -> IncidentState:
    """An incident that is due, unless said otherwise."""
    defaults: dict[str, Any] = {
        "evidence_hash": "new", "items": 3, "origins": 2, "noise": 40, "arrived_at": LONG_AGO,
        "waiting_since": LONG_AGO,
    }  # fmt: skip
    return IncidentState(incident_id=IncidentId(id_), **(defaults | fields))


def tokens(limit: float, spent: float = 0, reserved: float = 0) -> Limit:
    later = NOON + dt.timedelta(minutes=7)
    return Limit(
        unit=Unit.TOKENS, window=Window.HOUR, limit=limit, spent=spent, reserved=reserved,
        frees_at=later,
    )  # fmt: skip


def decided(standing: IncidentState, **situation: Any) -> Decision:
    (decision,) = plan([standing], SystemState(now=NOON, **situation), RULES)
    return decision


@pytest.mark.parametrize(
    "fields",
    [
        {"arrived_at": ago(-86_400), "waiting_since": ago(-86_400)},
        {"drafted_hash": "old", "drafted_at": ago(-86_400)},
        {"failures": 1, "failed_at": ago(-86_400), "failure": "x"},
    ],
)
def test_a_clock_that_was_set_back_by_a_day_holds_nothing_back_for_a_day(fields):
    assert decided(a_standing(**fields)).action is Action.DRAFT
    outage = Outage(failures=1, failed_at=ago(-86_400), reason="No connection.")
    assert decided(a_standing(), outage=outage).action is Action.DRAFT


@pytest.mark.parametrize(
    ("fields", "action", "reason"),
    [
        ({}, Action.DRAFT, Reason.DUE),
        ({"drafted_hash": "new"}, Action.SKIP, Reason.NOTHING_NEW),
        ({"drafted_hash": "old"}, Action.DRAFT, Reason.DUE),
        ({"under_way": True}, Action.WAIT, Reason.UNDER_WAY),
        ({"under_way": True, "drafted_hash": "new"}, Action.SKIP, Reason.NOTHING_NEW),
        ({"items": 1}, Action.SKIP, Reason.FEW_ITEMS),
        ({"origins": 1}, Action.SKIP, Reason.FEW_ORIGINS),
        ({"noise": 9}, Action.SKIP, Reason.LOW_NOISE),
        ({"noise": 0, "is_dated": False}, Action.DRAFT, Reason.DUE),
        ({"noise": 10}, Action.DRAFT, Reason.DUE),
        ({"failures": 3, "failure": "It broke."}, Action.SKIP, Reason.SET_ASIDE),
    ],
)
def test_each_rule_holds_an_incident_back_and_says_so(fields, action, reason):
    decision = decided(a_standing(**fields))
    assert (decision.action, decision.reason) == (action, reason)


@pytest.mark.parametrize(
    ("fields", "reason", "seconds"),
    [
        ({"arrived_at": ago(59), "waiting_since": ago(59)}, Reason.ARRIVING, 1),
        ({"arrived_at": ago(60), "waiting_since": ago(60)}, Reason.DUE, None),
        ({"arrived_at": ago(5), "waiting_since": ago(880)}, Reason.ARRIVING, 20),
        ({"arrived_at": ago(5), "waiting_since": ago(900)}, Reason.DUE, None),
        ({"drafted_hash": "old", "drafted_at": ago(599)}, Reason.COOLDOWN, 1),
        ({"drafted_hash": "old", "drafted_at": ago(600)}, Reason.DUE, None),
        ({"failures": 1, "failed_at": ago(59)}, Reason.RETRY, 1),
        ({"failures": 2, "failed_at": ago(60)}, Reason.RETRY, 60),
        ({"failures": 2, "failed_at": ago(120)}, Reason.DUE, None),
    ],
)
def test_a_rule_of_time_says_until_when(fields, reason, seconds):
    decision = decided(a_standing(**fields))
    until = None if seconds is None else NOON + dt.timedelta(seconds=seconds)
    assert (decision.reason, decision.until) == (reason, until)
    assert decision.action is (Action.DRAFT if seconds is None else Action.WAIT)


def test_what_waits_in_a_batch_is_left_to_it_whatever_else_holds():
    until = NOON + dt.timedelta(hours=20)
    decision = decided(a_standing(in_batch_until=until, failures=9), paused_by="Kim")
    assert (decision.action, decision.reason) == (Action.WAIT, Reason.IN_BATCH)
    assert decision.until == until


def test_what_an_editor_holds_stops_no_draft_and_is_told():
    decision = decided(a_standing(drafted_hash="old", held=("sides", "timeline")))
    assert decision.action is Action.DRAFT
    assert decision.words.endswith("suggestions only for an editor's sections: sides, timeline")


def test_the_reason_for_setting_aside_is_that_of_the_last_failure():
    words = decided(a_standing(failures=3, failure="The model refused.")).words
    assert "3 drafts of this evidence failed, the last because: The model refused." in words


def test_while_paused_nothing_is_drafted_and_the_rest_stays_as_it_was():
    standings = [a_standing(), a_standing("INC-000002", items=1)]
    due, small = plan(standings, SystemState(now=NOON, paused_by="Kim"), RULES)
    assert (due.action, due.reason, due.words) == (Action.WAIT, Reason.PAUSED, "paused by Kim")
    assert small.reason is Reason.FEW_ITEMS


@pytest.mark.parametrize(("failures", "waits"), [(1, 60), (3, 240), (40, 3600)])
def test_an_outage_holds_everything_back_for_longer_each_time(failures, waits):
    outage = Outage(failures=failures, failed_at=ago(10), reason="No connection.")
    decision = decided(a_standing(), outage=outage)
    assert decision.reason is Reason.OUTAGE
    assert decision.until == ago(10) + dt.timedelta(seconds=waits)


def test_after_an_outage_one_draft_shows_whether_it_is_over():
    outage = Outage(failures=1, failed_at=ago(60), reason="No connection.")
    standings = [a_standing(noise=20), a_standing("INC-000002", noise=30)]
    first, second = plan(standings, SystemState(now=NOON, outage=outage), RULES)
    assert (first.incident_id, first.action) == ("INC-000002", Action.DRAFT)
    assert (second.action, second.reason) == (Action.WAIT, Reason.OUTAGE)


def test_the_loudest_comes_first_then_the_one_that_waits_longest():
    standings = [
        a_standing("INC-000001", noise=20),
        a_standing("INC-000002", noise=90),
        a_standing("INC-000003", noise=20, waiting_since=LONG_AGO - dt.timedelta(days=1)),
    ]
    found = plan(standings, SystemState(now=NOON), RULES)
    assert [d.incident_id[-1] for d in found] == ["2", "3", "1"]


def usage(tokens: int) -> Usage:
    return Usage(input_tokens=tokens)


def test_a_draft_waits_for_the_budget_and_no_quieter_one_passes_it():
    standings = [
        a_standing("INC-000001", noise=30, reserve=usage(10)),
        a_standing("INC-000002", noise=20, reserve=usage(95)),
        a_standing("INC-000003", noise=10, reserve=usage(1)),
    ]
    purse = tokens(100)
    first, second, third = plan(standings, SystemState(now=NOON, purses=(purse,)), RULES)
    assert first.action is Action.DRAFT
    assert (second.action, second.reason, second.until) == (
        *(Action.WAIT, Reason.BUDGET),
        purse.frees_at,
    )
    assert second.words == "it may take 95 tokens; 90 tokens are left of 100 tokens in an hour"
    assert (third.action, third.reason) == (Action.WAIT, Reason.BUDGET)


def test_a_draft_that_never_fits_the_budget_holds_up_nobody():
    standings = [
        a_standing("INC-000001", noise=30, reserve=usage(101)),
        a_standing("INC-000002", noise=20, reserve=usage(100)),
    ]
    first, second = plan(standings, SystemState(now=NOON, purses=(tokens(100),)), RULES)
    assert (first.action, first.reason) == (Action.SKIP, Reason.TOO_DEAR)
    assert "more than the whole budget of 100 tokens in an hour" in first.words
    assert second.action is Action.DRAFT


def test_what_is_spent_or_set_aside_for_drafts_under_way_is_gone():
    standing = a_standing(reserve=usage(40))
    assert decided(standing, purses=(tokens(100, 30, 30),)).action is Action.DRAFT
    assert decided(standing, purses=(tokens(100, 30, 31),)).reason is Reason.BUDGET


def test_money_is_counted_by_the_price_of_each_kind_of_token():
    price = Price(input=2, output=10, cache_write=3)
    purse = Limit(unit=Unit.MONEY, window=Window.DAY, limit=7, spent=0, price=price)
    reserve = Usage(cache_write_tokens=1_000_000, output_tokens=300_000)
    assert purse.need(reserve) == pytest.approx(6)
    decision = decided(a_standing(reserve=reserve), purses=(purse.less(reserve),))
    assert decision.words == "it may take 6.00; 1.00 are left of 7.00 in a day"


# --- For any incidents -----------------------------------------------------------------------

MOMENTS = st.integers(0, 4_000).map(ago)
STANDINGS = st.lists(
    st.builds(
        IncidentState,
        incident_id=st.integers(1, 10**6).map(lambda n: IncidentId(f"INC-{n:06d}")),
        evidence_hash=st.sampled_from("ab"),
        items=st.integers(1, 5),
        origins=st.integers(1, 5),
        noise=st.integers(0, 100),
        arrived_at=MOMENTS,
        waiting_since=MOMENTS,
        drafted_hash=st.sampled_from([None, "a", "b"]),
        drafted_at=st.none() | MOMENTS,
        under_way=st.booleans(),
        failures=st.integers(0, 4),
        failed_at=st.none() | MOMENTS,
        reserve=st.integers(0, 60).map(usage),
    ),
    max_size=12,
    unique_by=lambda s: s.incident_id,
)
PURSES = st.lists(
    st.builds(tokens, st.integers(0, 100), st.integers(0, 120), st.integers(0, 50)), max_size=2
).map(tuple)
PLANS = {"standings": STANDINGS, "purses": PURSES}


def begun(decisions: tuple[Decision, ...]) -> list[Decision]:
    return [d for d in decisions if d.action is Action.DRAFT]


@given(**PLANS)
def test_no_evidence_is_drafted_twice_and_no_incident_twice_at_a_time(standings, purses):
    by_id = {s.incident_id: s for s in standings}
    decisions = plan(standings, SystemState(now=NOON, purses=purses), RULES)
    assert sorted(d.incident_id for d in decisions) == sorted(by_id)
    for decision in begun(decisions):
        standing = by_id[decision.incident_id]
        assert standing.drafted_hash != standing.evidence_hash
        assert not standing.under_way
        assert standing.failures < RULES.most_failures


@given(**PLANS)
def test_no_budget_is_exceeded_by_what_is_begun(standings, purses):
    decisions = plan(standings, SystemState(now=NOON, purses=purses), RULES)
    taken = sum(d.reserve.tokens for d in begun(decisions))
    for purse in purses:
        assert taken == 0 or taken <= purse.limit - purse.spent - purse.reserved


@given(**PLANS)
def test_nothing_is_begun_while_something_louder_waits_for_the_budget(standings, purses):
    decisions = plan(standings, SystemState(now=NOON, purses=purses), RULES)
    waiting = [d.noise for d in decisions if d.reason is Reason.BUDGET]
    assert all(d.noise >= max(waiting, default=0) for d in begun(decisions))
    assert [d.noise for d in decisions] == sorted((d.noise for d in decisions), reverse=True)


@given(standings=STANDINGS)
def test_whoever_waits_for_a_time_is_looked_at_again_later(standings):
    for decision in plan(standings, SystemState(now=NOON), RULES):
        assert decision.until is None or decision.until > NOON
        assert decision.words


# --- The file of rules -----------------------------------------------------------------------


def test_the_shipped_rules_are_read_and_have_a_budget():
    rules = load_rules()
    assert rules.version
    assert rules.budget.tokens_per_hour


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("least_items = 2", "least_items = 0"), "least_items"),
        (("quiet_s = 60", "quite_s = 60"), "quite_s"),
        (('version = "1"', ""), "version"),
        (("[budget]", "[budget"), "cannot be read"),
        (("cooldown_s = 900", "cooldown_s = 999_999_999_999"), "cooldown_s"),
        (("quiet_s = 60", "quiet_s = inf"), "quiet_s"),
        (("longest_wait_s = 900", "longest_wait_s = 1e300"), "longest_wait_s"),
        (("tokens_per_day = 20_000_000", "money_per_day = inf"), "money_per_day"),
        (("tokens_per_hour = 2_000_000", "tokens_per_hour = 1" + "0" * 26), "tokens_per_hour"),
        (("[budget]", "[prices.m]\ninput = inf\noutput = 1.0\n[budget]"), "prices.m.input"),
    ],
)
def test_wrong_rules_are_refused_by_name(tmp_path: Path, change, says):
    shipped = Path(__file__).parents[3] / "summarizer" / "jobs" / "autodrafting.toml"
    file = tmp_path / "rules.toml"
    file.write_text(shipped.read_text().replace(*change))
    with pytest.raises(SettingsError, match=says):
        load_rules(file)


def test_a_file_of_rules_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(SettingsError, match=r"nowhere\.toml cannot be read"):
        load_rules(tmp_path / "nowhere.toml")
