"""What a draft would show of labelled claims, by the policy of a gate.

A claim is taken for a sentence of its section that cites all of its sources.  The checks and the
entailment decide by the thresholds of the policy, or the judge does, as in drafting.
"""

from __future__ import annotations

from collections.abc import Sequence

from evals.suites.verifier import llm_judge
from evals.suites.verifier.llm_judge import Said
from evals.suites.verifier.rows import Row
from summarizer.domain.claims import CheckedClaim, Claim, Failure, Kind
from summarizer.verification import gate, scoring
from summarizer.verification.evidence import CitedEvidence
from summarizer.verification.policy import Policy

VALUES = ("gate", "gate accepts")


def values(
    row: Row,
    grounds: CitedEvidence,
    failures: Sequence[Failure],
    support: float,
    said: Said | None,
    policy: Policy,
) -> dict[str, float | None]:
    """Score, and whether the gate passes the claim; ``None`` where the judge left it out.

    Args:
        row: the claim.
        grounds: its sources.
        failures: of its checks.
        support: of the entailment.
        said: the judge's answer; ``None`` without a judge.
        policy: the gate's.
    """
    kind = Kind(row.kind) if row.kind in set(Kind) else Kind.FACT
    thresholds = policy.thresholds(row.section)
    before = scoring.judge_claim(row.claim, kind, failures, support, grounds, thresholds)
    if not llm_judge.decides(said, before):
        return dict.fromkeys(VALUES)
    verdict = llm_judge.after(before, said)
    checked = CheckedClaim(claim=Claim(text=row.claim, kind=kind), verdict=verdict)
    return {"gate": verdict.score, "gate accepts": float(gate.passes(checked, policy))}
