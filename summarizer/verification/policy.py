"""The gate's policy: which claims may pass, as data in ``gate_policy.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from importlib import resources
from typing import Self

from pydantic import Field, ValidationError, model_validator

from summarizer.domain.claims import Failure, Kind, Thresholds
from summarizer.domain.model import Model
from summarizer.domain.sections import ROWS
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
