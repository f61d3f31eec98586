"""The gate's policy, loaded from ``gate_policy.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from importlib import resources
from typing import Self

from pydantic import Field, ValidationError, model_validator

from summarizer.domain.claims import Failure, Kind, Thresholds
from summarizer.domain.findings import PageFault
from summarizer.domain.model import Model
from summarizer.domain.sections import ROWS
from summarizer.errors import SettingsError

DEFAULT_PROFILE = "strict"


class Action(StrEnum):
    """Consequence of a failed check, mildest first."""

    SHOW = "show"
    REPAIR = "repair"
    WITHHOLD = "withhold"


class Weight(StrEnum):
    """Consequence of a finding on the page: an editor sees it, or no approval before an answer."""

    ATTENTION = "attention"
    BLOCK = "block"


class Policy(Model):
    """One profile of ``gate_policy.toml``; the head of that file explains the fields.

    Args:
        profile: name of the profile.
        version: version of the file.
        about: description of the profile in one sentence.
        support: thresholds of entailment.
        sections: thresholds of single sections, by key.
        checks: consequences of failed checks, by name of the check.
        otherwise: consequence of any other failed check; never ``show``.
        shown_partly: kinds of claim that may be shown when partly supported.
        page_findings: consequences of findings on the page as a whole; ``attention`` by default.
        read_unchecked: whether an approval needs every sentence that only rules checked to be read.
    """

    profile: str
    version: str
    about: str
    support: Thresholds
    sections: Mapping[str, Thresholds] = Field(default_factory=dict)
    checks: Mapping[str, Action] = Field(default_factory=dict)
    otherwise: Action = Action.REPAIR
    shown_partly: frozenset[Kind] = frozenset()
    page_findings: Mapping[PageFault, Weight] = Field(default_factory=dict)
    read_unchecked: bool = True

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

    @property
    def blocking(self) -> frozenset[PageFault]:
        """Faults of a page that stand against an approval."""
        return frozenset(f for f, weight in self.page_findings.items() if weight is Weight.BLOCK)

    def thresholds(self, section: str) -> Thresholds:
        """Thresholds of entailment in a section."""
        return self.sections.get(section, self.support)

    def action(self, failures: Sequence[Failure]) -> Action:
        """Strictest consequence of any of the failed checks."""
        actions = {self.checks.get(failure.check, self.otherwise) for failure in failures}
        order = list(Action)
        return max(actions, key=order.index, default=self.otherwise)


def load_policy(
    profile: str = DEFAULT_PROFILE, text: str | None = None, *, own_checker: bool = False
) -> Policy:
    """Load one profile of the policy.

    Args:
        profile: name of the profile.
        text: text of a policy file; the shipped file by default.
        own_checker: whether a checker of the operator's gives the entailment, whose thresholds are
            the same in every profile and section.

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
        chosen = dict(profiles[profile])
        if own_checker:
            chosen |= {"support": content["checker"]["support"], "sections": {}}
        return Policy.model_validate({"profile": profile, "version": version, **chosen})
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValidationError) as error:
        raise SettingsError(
            f"The gate's policy, profile {profile!r}, is malformed: {_why(error)}."
        ) from error


def _why(error: Exception) -> str:
    """What is wrong with a policy, with the key."""
    if isinstance(error, ValidationError):
        found = error.errors(include_url=False)
        return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in found)
    if isinstance(error, KeyError):
        return f"the key {error} is missing"
    if isinstance(error, TypeError):
        return "'profiles' must hold tables, such as [profiles.strict]"
    return f"it is not TOML: {error}"
