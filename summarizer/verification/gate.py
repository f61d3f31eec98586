"""The gate: which claims reach a reader.  What may pass is data, in ``gate_policy.toml``.

A claim that fails is handed back to its drafter once; what fails still is withheld with its
reasons, and a section left without substance abstains and says what evidence is missing.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from importlib import resources
from typing import Self

from pydantic import Field, ValidationError, model_validator

from summarizer.domain.claims import CheckedClaim, Failure, Kind, Thresholds, VerdictLabel
from summarizer.domain.drafts import CheckedSection, Repair, Section
from summarizer.domain.model import Model
from summarizer.domain.sections import ROWS, Rule, SectionSpec
from summarizer.errors import SettingsError

DEFAULT_PROFILE = "strict"


class Action(StrEnum):
    """What follows when a check fails and no other does, the mildest first."""

    SHOW = "show"
    REPAIR = "repair"
    WITHHOLD = "withhold"


class Policy(Model):
    """One profile of ``gate_policy.toml``, whose head explains the fields.

    Args:
        profile: its name.
        version: of the file.
        about: the profile in one sentence.
        support: thresholds of entailment.
        sections: thresholds of single sections, by key.
        checks: what follows when a check fails, by its name.
        otherwise: what follows for every other check; never ``show``.
        shown_partly: kinds of claim that may be shown although only partly supported.
    """

    profile: str
    version: str
    about: str
    support: Thresholds
    sections: Mapping[str, Thresholds] = Field(default_factory=dict)
    checks: Mapping[str, Action] = Field(default_factory=dict)
    otherwise: Action = Action.REPAIR
    shown_partly: frozenset[Kind] = frozenset()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if unknown := sorted(set(self.sections) - set(ROWS)):
            raise ValueError(f"no such sections: {', '.join(unknown)}")
        if self.otherwise is Action.SHOW:
            raise ValueError("'otherwise' must not be 'show': name the checks that may")
        return self

    @property
    def name(self) -> str:
        """Profile and version, as stored with every draft: ``strict-1``."""
        return f"{self.profile}-{self.version}"

    def thresholds(self, section: str) -> Thresholds:
        """The thresholds of entailment in a section."""
        return self.sections.get(section, self.support)

    def action(self, failures: Sequence[Failure]) -> Action:
        """What follows from the checks that failed: the strictest that any of them calls for."""
        called = {self.checks.get(failure.check, self.otherwise) for failure in failures}
        order = list(Action)
        return max(called, key=order.index, default=self.otherwise)


def load_policy(profile: str = DEFAULT_PROFILE, text: str | None = None) -> Policy:
    """One profile of the policy.

    Args:
        profile: its name in the file.
        text: of a policy file; that of the product when left out.

    Raises:
        SettingsError: the file has no such profile, or the profile is malformed.
    """
    if text is None:
        file = resources.files("summarizer.verification").joinpath("gate_policy.toml")
        text = file.read_text(encoding="utf-8")
    try:
        content = tomllib.loads(text)
        profiles, version = content["profiles"], content["version"]
        if profile not in profiles:
            raise SettingsError(
                f"SUMMARIZER_GATE_PROFILE: there is no profile {profile!r}; "
                f"there are {', '.join(sorted(profiles))}."
            )
        return Policy.model_validate({"profile": profile, "version": version, **profiles[profile]})
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValidationError) as error:
        raise SettingsError(
            f"The gate's policy, profile {profile!r}, is malformed: {error}"
        ) from error


POLICY = load_policy()
"""The default profile: only what is supported is shown."""
NO_ROOM = "The section is full: it shows {most} claims."
TWICE = "{actor} has a side already, from the same item; each actor stands once."


def passes(checked: CheckedClaim, policy: Policy = POLICY) -> bool:
    """Whether a claim may reach a reader.

    A claim that nobody checked never may, whatever the policy; nor one that is unsupported or
    contradicted, nor one without evidence, analogies excepted.
    """
    verdict = checked.verdict
    if not verdict.evidence and checked.claim.kind is not Kind.ANALOGY:
        return False
    if verdict.label is VerdictLabel.PARTLY and verdict.failures:
        shown = checked.claim.kind in policy.shown_partly
        return shown and policy.action(verdict.failures) is Action.SHOW
    return verdict.label is VerdictLabel.SUPPORTED


def to_repair(sections: Sequence[CheckedSection], policy: Policy = POLICY) -> tuple[Repair, ...]:
    """The claims that fail and could be rewritten, in the order of the page.

    A claim that was repaired before is not among them: there is one round.
    """
    return tuple(
        Repair(section=section.key, claim=checked.claim, failures=checked.verdict.failures)
        for section in sections
        for checked in section.claims
        if not passes(checked, policy)
        and checked.repaired_from is None
        and policy.action(checked.verdict.failures) is not Action.WITHHOLD
    )


def decide(checked: CheckedSection, spec: SectionSpec, policy: Policy = POLICY) -> Section:
    """One section as the reader gets it.

    A claim that fails takes nothing from one that passes: neither its room nor its actor.  Where
    more pass than the section holds, no item gets a second claim before another has its first, and
    of those that wait those go first of which the rest of the evidence speaks most.
    """
    passing = [n for n, claim in enumerate(checked.claims) if passes(claim, policy)]
    reasons = _repeated_sides(checked.claims, passing, spec)
    room = _by_worth(checked.claims, [n for n in passing if n not in reasons])
    full = NO_ROOM.format(most=spec.limits.max_claims)
    reasons |= dict.fromkeys(room[spec.limits.max_claims :], full)
    shown: list[CheckedClaim] = []
    withheld: list[CheckedClaim] = []
    for n, claim in enumerate(checked.claims):
        here = {"place": len(shown)}
        if n in reasons:
            withheld.append(_withheld_for(claim, reasons[n]).model_copy(update=here))
        elif n in passing:
            shown.append(claim)
        else:
            withheld.append(claim.model_copy(update=here))
    if len(shown) >= spec.limits.min_claims:
        return _section(checked, [_warned(claim) for claim in shown], withheld, None)
    return _section(checked, [], _in_order(checked, shown, withheld, spec), _why(checked, spec))


def _repeated_sides(
    claims: Sequence[CheckedClaim], passing: Sequence[int], spec: SectionSpec
) -> dict[int, str]:
    """Positions of claims whose actor has a side already, with the reason.

    What another item has the same actor say stands beside it: only a reader can tell which of the
    two is wrong.
    """
    found: dict[int, str] = {}
    heard: list[tuple[frozenset[str], frozenset[str]]] = []
    for n in passing if Rule.ONE_ACTOR in spec.row.rules else ():
        actor = frozenset((claims[n].claim.actor or "").casefold().split())
        items = _items(claims[n])
        if any(actor == other and items & theirs for other, theirs in heard):
            found[n] = TWICE.format(actor=claims[n].claim.actor)
        heard.append((actor, items))
    return found


def _by_worth(claims: Sequence[CheckedClaim], passing: Sequence[int]) -> list[int]:
    """Positions of claims in the order in which a section that is too small takes them."""
    before: Counter[frozenset[str]] = Counter()
    worth = {}
    for n in passing:
        items = _items(claims[n])
        worth[n] = (before[items], -claims[n].echo, n)
        before[items] += 1
    return sorted(passing, key=worth.__getitem__)


def _items(checked: CheckedClaim) -> frozenset[str]:
    """Keys of the items that a claim rests on."""
    return frozenset(e.source.partition(".")[0] for e in checked.verdict.evidence)


def decide_all(
    sections: Sequence[CheckedSection], specs: Sequence[SectionSpec], policy: Policy = POLICY
) -> tuple[Section, ...]:
    """Every section as the reader gets it, in order.

    Raises:
        KeyError: a section has a key without a spec.
    """
    by_key = {spec.key: spec for spec in specs}
    return tuple(decide(section, by_key[section.key], policy) for section in sections)


def _section(
    checked: CheckedSection,
    shown: Sequence[CheckedClaim],
    withheld: Sequence[CheckedClaim],
    abstained: str | None,
) -> Section:
    return Section(
        key=checked.key,
        shown=tuple(shown),
        withheld=tuple(withheld),
        abstained=abstained,
        prompt_version=checked.prompt_version,
    )


def _why(checked: CheckedSection, spec: SectionSpec) -> str:
    """The drafter's own reason where it wrote nothing, else what the registry says is missing."""
    if checked.abstained and not checked.claims:
        return checked.abstained
    if not checked.claims:
        return spec.row.missing
    failed = f"{len(checked.claims)} drafted, too few could be supported."
    return f"{spec.row.missing} ({failed})"


def _in_order(
    checked: CheckedSection,
    shown: Sequence[CheckedClaim],
    withheld: Sequence[CheckedClaim],
    spec: SectionSpec,
) -> list[CheckedClaim]:
    """All claims of a section that abstains, those that would have passed with their reason."""
    reason = f"The section needs {spec.limits.min_claims} supported claims and has {len(shown)}."
    alone = {id(claim) for claim in shown}
    kept = {id(claim): claim for claim in withheld}
    return [
        _withheld_for(claim, reason) if id(claim) in alone else kept.get(id(claim), claim)
        for claim in checked.claims
    ]


def _warned(claim: CheckedClaim) -> CheckedClaim:
    """A shown claim with what is wrong with it as warnings, if anything is."""
    verdict = claim.verdict
    reasons = tuple(f"Only partly supported: {failure.reason}" for failure in verdict.failures)
    warned = verdict.model_copy(update={"warnings": (*verdict.warnings, *reasons)})
    return claim.model_copy(update={"verdict": warned}) if reasons else claim


def _withheld_for(claim: CheckedClaim, reason: str) -> CheckedClaim:
    """The claim with a reason that lies in the section, not in its support."""
    failure = Failure(check="limits", reason=reason, label=claim.verdict.label)
    failures = (*claim.verdict.failures, failure)
    return claim.model_copy(
        update={"verdict": claim.verdict.model_copy(update={"failures": failures})}
    )
