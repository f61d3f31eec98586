"""Verdicts of a judge on checked claims; they can only lower the verdicts of the checks."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from summarizer.domain.claims import CheckedClaim, Failure, VerdictLabel
from summarizer.domain.drafts import CheckedSection, Judgement, JudgeVerdict, Usage
from summarizer.ports.models import ClaimJudge
from summarizer.verification.evidence import EvidenceIndex
from summarizer.verification.scoring import OTHER_WEIGHT, log_odds, probability

CHECK = "judge"
"""Name of the judge among the failed checks."""
NO_VERDICT = "The judge gave no usable verdict on this claim."
NO_REASON = "The judge gave no reason."
SEVERITY = (
    VerdictLabel.SUPPORTED,
    VerdictLabel.PARTLY,
    VerdictLabel.UNCHECKED,
    VerdictLabel.UNSUPPORTED,
    VerdictLabel.CONTRADICTED,
)
"""Labels from mild to severe.  ``unchecked`` is worse than ``partly``, which a policy may show, and
better than a failed check."""


def judge_sections(
    index: EvidenceIndex, checked: Sequence[CheckedSection], judge: ClaimJudge
) -> tuple[tuple[CheckedSection, ...], Usage]:
    """Judge every claim of a draft and lower the verdicts of the checks accordingly.

    Raises:
        ModelError: the judge could not be reached.
    """
    claims = [claim.claim for section in checked for claim in section.claims]
    if not claims:
        return tuple(checked), Usage()
    judgement = judge.judge(index.pack, claims)
    known = {ground.id for ground in index.known}
    return tuple(_lowered(section, judgement, known) for section in checked), judgement.usage


def _lowered(
    section: CheckedSection, judgement: Judgement, known: Collection[str]
) -> CheckedSection:
    claims = (lower(c, judgement.verdicts.get(c.id), known) for c in section.claims)
    return section.model_copy(update={"claims": tuple(claims)})


def lower(
    checked: CheckedClaim, verdict: JudgeVerdict | None, known: Collection[str]
) -> CheckedClaim:
    """Lower the verdict of a claim to the judge's, if that is worse.

    Args:
        checked: the claim with the verdict of the checks.
        verdict: the judge's verdict, ``None`` without a usable one.
        known: passage ids of the evidence; unknown ids in the verdict are dropped.
    """
    label = verdict.label if verdict else VerdictLabel.UNCHECKED
    if label is VerdictLabel.SUPPORTED:
        return checked
    before = checked.verdict
    failure = Failure(
        check=CHECK,
        reason=(verdict.reason or NO_REASON) if verdict else NO_VERDICT,
        better=verdict.passage if verdict and verdict.passage in known else None,
        label=label,
    )
    after = before.model_copy(
        update={
            "label": max(before.label, label, key=SEVERITY.index),
            "score": round(probability(log_odds(before.score) - OTHER_WEIGHT), 4),
            "failures": (*before.failures, failure),
        }
    )
    return checked.model_copy(update={"verdict": after})
