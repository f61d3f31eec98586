"""Structure: a claim cites at least one passage, and every id that it cites exists."""

from __future__ import annotations

from summarizer.domain.claims import EXPLAINING, Claim, Failure, VerdictLabel
from summarizer.verification.evidence import EvidenceIndex


def check(claim: Claim, library: EvidenceIndex) -> list[Failure]:
    """Fail a claim without words, citations or with unknown ones; an analogy need not cite."""
    if not claim.text.strip():
        return [_failure("The claim is empty.")]
    unknown = [i for i in dict.fromkeys(claim.cites) if not library.has(i)]
    if unknown:
        return [_failure(f"No passage of the evidence has the id {', '.join(unknown)}.")]
    if not claim.cites and claim.kind not in EXPLAINING:
        return [_failure("The claim cites no passage.")]
    return []


def _failure(reason: str) -> Failure:
    return Failure(check="structure", reason=reason, label=VerdictLabel.UNSUPPORTED)
