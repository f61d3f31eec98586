"""How the tokens and the cost of one draft are estimated, from the settings."""

from __future__ import annotations

from summarizer.drafting.prompts import PromptSet, estimate_tokens
from summarizer.drafting.response import plan_calls
from summarizer.errors import SettingsError
from summarizer.jobs.budget import dearest
from summarizer.jobs.measured_use import Estimate
from summarizer.jobs.planner import Rules
from summarizer.jobs.snapshot import Cost
from summarizer.settings import Settings

JUDGEMENTS = 2
"""Questions to the judge before drafts are measured: all claims, and the repaired ones."""


def of_drafts(settings: Settings, prompt_set: PromptSet, rules: Rules) -> Cost:
    """Estimate and price of one draft.

    Tokens are overestimated (``prompts.estimate_tokens``) until drafts are measured.  Retries of a
    busy server are not counted: they cost nothing.

    Raises:
        SettingsError: there is a limit in money, but a model has no price.
    """
    models, questions = set(), 0
    if settings.drafts_with_model:
        models.add(settings.model)
        specs = prompt_set.specs()
        questions += len(plan_calls(settings.plan, specs, settings.concurrency)) + 1  # the repair
    if settings.judges_with_model:
        models.add(settings.judge_model or settings.model)
        questions += JUDGEMENTS
    unpriced = sorted(models - set(rules.prices))
    budget = rules.budget
    if unpriced and (budget.money_per_hour, budget.money_per_day) != (None, None):
        raise SettingsError(
            "The rules of auto-drafting limit money but name no price for "
            f"{', '.join(unpriced)}: add it under [prices], or limit tokens alone."
        )
    prompts = (
        *prompt_set.shared.values(),
        *(section.source for section in prompt_set.sections.values()),
        prompt_set.repairs,
        prompt_set.judge.text,
    )
    estimate = Estimate(
        model=settings.model if settings.drafts_with_model else None,
        calls=questions,
        prompt_tokens=sum(map(estimate_tokens, prompts)),
        evidence_tokens=settings.evidence_tokens,
        answer_tokens=settings.max_output_tokens,
    )
    priced = models and not unpriced
    return Cost(estimate, dearest(rules.prices[model] for model in models) if priced else None)
