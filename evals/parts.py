"""Parts that suites measure, built from the settings."""

from __future__ import annotations

from evals.suites.verifier.llm_judge import Asked, Verdicts
from evals.tape import Tape
from summarizer import factories
from summarizer.settings import Settings
from summarizer.verification.policy import Policy, load_policy


def gate_policy(settings: Settings, text: str | None = None) -> Policy:
    """The policy of the gate.

    Args:
        settings: name the profile.
        text: of a policy file, in place of the shipped one.

    Raises:
        SettingsError: the file lacks the profile, or is malformed.
    """
    own_checker = settings.entailment is not None
    return load_policy(settings.gate_profile, text, own_checker=own_checker)


def verdicts(settings: Settings) -> Verdicts | None:
    """Verdicts of the judge on labelled claims, only if the settings name one: it costs money."""
    tape = Tape()
    judge = factories.claim_judge(settings, tape)
    return Asked(judge, tape) if judge is not None else None
