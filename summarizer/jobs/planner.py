"""The plan of auto-drafting: which incidents to draft now, which wait, and why.

An incident is due when the hash of its evidence differs from that of its newest draft and the rules
allow it.  The plan is a pure function of stored state, so that neither a lost message nor a crash
loses a draft.  Edited and locked sections don't stop a draft; ``pipeline.revisions.beside`` keeps
them.
"""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from importlib import resources
from pathlib import Path

from pydantic import Field, ValidationError

from summarizer.domain.drafts import Usage
from summarizer.domain.incidents import IncidentId
from summarizer.domain.model import Model
from summarizer.errors import SettingsError
from summarizer.jobs.budget import Budget, Limit, Price

WORKER = "worker"
"""Actor of automatic drafts in the event log."""

YEAR_S = 366 * 24 * 3600
"""Longest time of a rule, in seconds; much longer ones lead out of the calendar."""


class Rules(Model):
    """``autodrafting.toml``, typed; times are in seconds."""

    version: str
    least_items: int = Field(ge=1)
    least_origins: int = Field(ge=1)
    least_noise: int = Field(ge=0, le=100)
    quiet_s: float = Field(ge=0, le=YEAR_S)
    longest_wait_s: float = Field(ge=0, le=YEAR_S)
    cooldown_s: float = Field(ge=0, le=YEAR_S)
    most_failures: int = Field(ge=1)
    retry_s: float = Field(gt=0, le=YEAR_S)
    longest_retry_s: float = Field(gt=0, le=YEAR_S)
    budget: Budget = Budget()
    prices: Mapping[str, Price] = Field(default_factory=dict)

    @property
    def most_retries(self) -> int:
        """Consecutive failures after which the wait between tries no longer grows."""
        return 2 + max(0, math.ceil(math.log2(self.longest_retry_s / self.retry_s)))

    def retry_after(self, failures: int) -> dt.timedelta:
        """Wait after ``failures`` >= 1 consecutive failures."""
        doublings = min(failures - 1, 30)  # more would overflow a timedelta
        return dt.timedelta(seconds=min(self.retry_s * 2**doublings, self.longest_retry_s))


def load_rules(path: Path | None = None) -> Rules:
    """The rules of a file, or the shipped rules without one.

    Raises:
        SettingsError: the file cannot be read, or is malformed.
    """
    shipped = resources.files("summarizer.jobs").joinpath("autodrafting.toml")
    where = path or "autodrafting.toml"
    try:
        text = (path or shipped).read_text(encoding="utf-8")
        return Rules.model_validate(tomllib.loads(text))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"The rules in {where} cannot be read: {error}.") from error
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, f['loc']))}: {f['msg']}" for f in error.errors()]
        raise SettingsError(f"Wrong rules in {where}: {'; '.join(faults)}.") from error


class IncidentState(Model):
    """State of one incident.

    Args:
        incident_id: of the incident.
        evidence_hash: of its present items.
        items: number of items.
        origins: number of independent origins.
        noise: 0–100, now; undefined if the evidence has not changed.
        is_dated: whether an item has a time of publication; without one the noise is unknown.
        arrived_at: arrival of its newest item.
        waiting_since: arrival of its oldest item that no draft has seen.
        drafted_hash: evidence hash of its newest revision; ``None`` before the first.
        drafted_at: time of its newest draft.
        under_way: whether a whole draft of it is queued or running.
        in_batch_until: end of its hold by a message batch; ``None`` without one.
        failures: failed drafts of this evidence since it was last released.
        failed_at: time of the last failure.
        failure: reason of the last failure.
        held: keys of its edited and locked sections.
        reserve: what a draft of it will use, by estimate.
    """

    incident_id: IncidentId
    evidence_hash: str
    items: int
    origins: int
    noise: int
    is_dated: bool = True
    arrived_at: dt.datetime
    waiting_since: dt.datetime
    drafted_hash: str | None = None
    drafted_at: dt.datetime | None = None
    under_way: bool = False
    in_batch_until: dt.datetime | None = None
    failures: int = 0
    failed_at: dt.datetime | None = None
    failure: str | None = None
    held: tuple[str, ...] = ()
    reserve: Usage = Usage()


class Outage(Model):
    """Consecutive failures of the model's server, for any incident.

    Args:
        failures: number of failures, >= 1.
        failed_at: time of the last one.
        reason: of the last one.
    """

    failures: int = Field(ge=1)
    failed_at: dt.datetime
    reason: str


class SystemState(Model):
    """State that applies to all incidents.

    Args:
        now: current time.
        paused_by: who paused auto-drafting; ``None`` while it runs.
        outage: ``None`` while the model answers.
        purses: the limits of the budget.
        probing: whether a planned draft is under way, which finds out whether an outage is over.
    """

    now: dt.datetime
    paused_by: str | None = None
    outage: Outage | None = None
    probing: bool = False
    purses: tuple[Limit, ...] = ()


class Action(StrEnum):
    """Planned action for an incident."""

    DRAFT = "draft"
    WAIT = "wait"
    SKIP = "skip"


class Reason(StrEnum):
    """Reason of an action, as a label of metrics."""

    DUE = "due"
    NOTHING_NEW = "nothing_new"
    UNDER_WAY = "under_way"
    IN_BATCH = "in_batch"
    SET_ASIDE = "set_aside"
    FEW_ITEMS = "few_items"
    FEW_ORIGINS = "few_origins"
    LOW_NOISE = "low_noise"
    ARRIVING = "arriving"
    COOLDOWN = "cooldown"
    RETRY = "retry"
    PAUSED = "paused"
    OUTAGE = "outage"
    BUDGET = "budget"
    TOO_DEAR = "too_dear"


HELD_BACK = (Reason.DUE, Reason.PAUSED, Reason.OUTAGE, Reason.BUDGET)
"""Reasons of incidents that are due, now or as soon as auto-drafting is not held back."""


class Decision(Model):
    """Planned action for one incident, with its reason.

    Args:
        incident_id: of the incident.
        evidence_hash: of its items when planned.
        action: the action.
        reason: of the action.
        words: the reason for a person.
        noise: 0–100.
        until: earliest time of another decision, if known.
        reserve: what the draft will use, by estimate.
    """

    incident_id: IncidentId
    evidence_hash: str
    action: Action
    reason: Reason
    words: str
    noise: int
    until: dt.datetime | None = None
    reserve: Usage = Usage()


def plan(
    standings: Iterable[IncidentState], situation: SystemState, rules: Rules
) -> tuple[Decision, ...]:
    """A decision for each incident, the loudest first, and among equals the longest waiting.

    Drafts are to be begun in this order.  A draft that waits for the budget blocks all quieter
    ones, unless it exceeds a whole limit.
    """
    ordered = sorted(standings, key=lambda s: (-s.noise, s.waiting_since, s.incident_id))
    purses, short, probed = situation.purses, False, situation.probing
    decisions = []
    for standing in ordered:
        decision = _held_back(_alone(standing, situation.now, rules), situation, rules, probed)
        if decision.action is Action.DRAFT:
            decision = _paid(decision, purses, short)
            short |= decision.reason is Reason.BUDGET
        if decision.action is Action.DRAFT:
            purses = tuple(purse.less(decision.reserve) for purse in purses)
            probed = True
        decisions.append(decision)
    return tuple(decisions)


def _alone(standing: IncidentState, now: dt.datetime, rules: Rules) -> Decision:
    """The decision by the rules that concern one incident only."""

    def decided(
        action: Action, reason: Reason, words: str, until: dt.datetime | None = None
    ) -> Decision:
        return Decision(
            incident_id=standing.incident_id,
            evidence_hash=standing.evidence_hash,
            action=action,
            reason=reason,
            words=words,
            noise=standing.noise,
            until=until,
            reserve=standing.reserve,
        )

    if standing.drafted_hash == standing.evidence_hash:
        words = "the newest draft was made from this evidence"
        return decided(Action.SKIP, Reason.NOTHING_NEW, words)
    if standing.under_way:
        return decided(Action.WAIT, Reason.UNDER_WAY, "a draft is under way")
    if standing.in_batch_until is not None:
        words = "in a message batch"
        return decided(Action.WAIT, Reason.IN_BATCH, words, standing.in_batch_until)
    if standing.failures >= rules.most_failures:
        words = (
            f"set aside: {standing.failures} drafts of this evidence failed, the last because: "
            f"{standing.failure} New evidence or a release ends this"
        )
        return decided(Action.SKIP, Reason.SET_ASIDE, words)
    if few := _too_little(standing, rules):
        return decided(Action.SKIP, *few)
    for reason, until, words, longest in _waits(standing, rules):
        # A longer wait than the rule's began before the clock was set back: it is ignored.
        if now < until <= now + longest:
            return decided(Action.WAIT, reason, words, until)
    return decided(Action.DRAFT, Reason.DUE, _due(standing))


def _too_little(standing: IncidentState, rules: Rules) -> tuple[Reason, str] | None:
    """Why the incident is too small, or ``None``."""
    least_noise = rules.least_noise if standing.is_dated else 0
    for reason, has, least, what in (
        (Reason.FEW_ITEMS, standing.items, rules.least_items, "item(s)"),
        (Reason.FEW_ORIGINS, standing.origins, rules.least_origins, "independent origin(s)"),
        (Reason.LOW_NOISE, standing.noise, least_noise, "point(s) of noise"),
    ):
        if has < least:
            return reason, f"{has} {what}, at least {least} required"
    return None


_Wait = tuple[Reason, dt.datetime, str, dt.timedelta]


def _waits(standing: IncidentState, rules: Rules) -> list[_Wait]:
    """The waits that the rules of time impose, each with its end (past or not) and its longest
    duration."""
    quiet, cooldown = (dt.timedelta(seconds=s) for s in (rules.quiet_s, rules.cooldown_s))
    longest = standing.waiting_since + dt.timedelta(seconds=rules.longest_wait_s)
    until = min(standing.arrived_at + quiet, longest)
    waits: list[_Wait] = [(Reason.ARRIVING, until, "items are still coming in", quiet)]
    if standing.drafted_at is not None:
        words = f"drafted at {standing.drafted_at:%H:%M:%S} UTC"
        waits.append((Reason.COOLDOWN, standing.drafted_at + cooldown, words, cooldown))
    if standing.failures and standing.failed_at is not None:
        pause = rules.retry_after(standing.failures)
        words = f"failed {standing.failures} time(s): {standing.failure}"
        waits.append((Reason.RETRY, standing.failed_at + pause, words, pause))
    return waits


def _due(standing: IncidentState) -> str:
    what = "new evidence" if standing.drafted_hash else "no draft yet"
    words = f"{what}: {standing.items} items, {standing.origins} independent origins"
    if standing.held:
        words += f"; suggestions only for an editor's sections: {', '.join(standing.held)}"
    return words


def _held_back(decision: Decision, situation: SystemState, rules: Rules, probed: bool) -> Decision:
    """The decision, changed to wait while auto-drafting is paused or the model's server fails.

    After the wait of an outage a single draft is begun, as a probe; ``probed`` says that one is.
    """
    if decision.action is not Action.DRAFT:
        return decision
    if situation.paused_by is not None:
        return _waiting(decision, Reason.PAUSED, f"paused by {situation.paused_by}", None)
    if (outage := situation.outage) is not None:
        until = outage.failed_at + rules.retry_after(outage.failures)
        longest = situation.now + rules.retry_after(outage.failures)
        if probed or situation.now < until <= longest:
            words = f"the model's server fails every request: {outage.reason}"
            later = until if until > situation.now else None
            return _waiting(decision, Reason.OUTAGE, words, later)
    return decision


def _paid(decision: Decision, purses: Iterable[Limit], short: bool) -> Decision:
    """The decision, changed to wait if the budget lacks room, or to skip if it never has enough."""
    for purse in purses:
        need = purse.need(decision.reserve)
        if need > purse.limit:
            words = f"it may take {purse.amount(need)}, more than the whole budget of {purse}"
            return decision.model_copy(
                update={"action": Action.SKIP, "reason": Reason.TOO_DEAR, "words": words}
            )
    for purse in purses:
        need = purse.need(decision.reserve)
        if need > purse.left:
            return _waiting(decision, Reason.BUDGET, purse.lacks(need), purse.frees_at)
    if short:
        return _waiting(decision, Reason.BUDGET, "a louder incident waits for the budget", None)
    return decision


def _waiting(decision: Decision, reason: Reason, words: str, until: dt.datetime | None) -> Decision:
    changes = {"action": Action.WAIT, "reason": reason, "words": words, "until": until}
    return decision.model_copy(update=changes)
