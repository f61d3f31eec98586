"""A run scored again: what it holds, verified by the present verifier, without a drafting model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from evals import parts
from evals.framework import records, runner
from evals.framework.records import Record
from evals.framework.results import Run, Suite
from evals.suites.drafting.rescored import RescoredDrafts
from evals.suites.paraphrase import ParaphraseSuite, cases
from evals.suites.verifier import labelled, llm_judge
from evals.suites.verifier.llm_judge import Verdicts
from evals.suites.verifier.suite import VerifierSuite
from evals.tape import Tape
from summarizer import factories
from summarizer.errors import InputError
from summarizer.settings import Settings
from summarizer.verification.entailment.lexical import LexicalEntailment
from summarizer.verification.policy import Policy
from summarizer.verification.verify import Verifier

SCORED = "scored run"
"""Part of a version: hash of the run that was scored again, with its records."""

Found = tuple[Run, Mapping[str, Record], Mapping[str, str]]
"""A run, its records by key, and what the new run says of it."""


def suite(folder: Path, settings: Settings, gate: str | None = None) -> Suite:
    """A suite that judges what a run holds, under the keys of its outcomes.

    ``SUMMARIZER_JUDGE`` decides about the judge: ``auto`` keeps the verdicts that stand in the run,
    ``model`` asks again, which costs money, and ``off`` leaves them out.

    Args:
        folder: of the run, or a file in it.
        settings: name the entailment, the gate's profile and the judge.
        gate: text of a policy file of the gate, in place of the shipped one.

    Raises:
        InputError: the run cannot be read, is of a suite that cannot be scored again or asks no
            gate though one is given, or has no records of its outcomes.
        SettingsError: the gate's policy is malformed.
    """
    run = runner.load(folder)
    if run.suite not in SCORED_AGAIN:
        raise InputError(
            f"A run of {run.suite!r} is not scored again: it asks no model, so run the suite. "
            f"Scored again are {', '.join(SCORED_AGAIN)}."
        )
    if gate is not None and run.suite == ParaphraseSuite.name:
        raise InputError(f"A run of {run.suite!r} asks no gate: leave --gate out.")
    held = {record.key: record for record in records.read(folder)}
    missing = sum(outcome.key not in held for outcome in run.outcomes)
    if missing == len(run.outcomes) or (missing and run.suite != RescoredDrafts.name):
        raise InputError(
            f"{records.place(folder)} has no record of {missing} of {len(run.outcomes)} outcomes, "
            "so their claims are not known. Baselines and runs of earlier versions keep none: make "
            "the run again with --out."
        )
    found = run, held, {SCORED: records.digest(folder)}
    return SCORED_AGAIN[run.suite](found, settings, parts.gate_policy(settings, gate))


def _verifier(found: Found, settings: Settings, policy: Policy) -> Suite:
    run = found[0]
    weighed = run.version.get("prevalence")
    return VerifierSuite(
        labelled.of_run(*found),
        factories.entailment(settings.entailment),
        factories.entailment_parts() if settings.entailment is None else {},
        _verdicts(found, settings),
        policy=policy,
        prevalence=None if weighed is None else float(weighed),
    )


def _paraphrase(found: Found, settings: Settings, policy: Policy) -> Suite:
    entailment = factories.entailment(settings.entailment)
    return ParaphraseSuite(cases.of_run(*found), entailment, _verdicts(found, settings))


def _verdicts(found: Found, settings: Settings) -> Verdicts | None:
    if settings.judge == "off":
        return None
    run, held, _ = found
    return parts.verdicts(settings) or llm_judge.stored(run, held.values())


def _drafting(found: Found, settings: Settings, policy: Policy) -> Suite:
    run, held, version = found
    own = settings.entailment
    tape = Tape()
    verifier = Verifier(
        specs=factories.prompts().specs(),
        entailment=factories.entailment(own),
        policy=policy,
        judge=factories.claim_judge(settings, tape),
        words=None if own else LexicalEntailment(),
    )
    keeps = settings.judge == "auto"
    return RescoredDrafts(run, held, verifier, keeps_judge=keeps, tape=tape, version=version)


SCORED_AGAIN: Mapping[str, Callable[[Found, Settings, Policy], Suite]] = {
    "verifier": _verifier,
    "paraphrase": _paraphrase,
    "drafting": _drafting,
}
"""Suites whose runs hold what a model was paid for."""
