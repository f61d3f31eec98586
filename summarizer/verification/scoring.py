"""Score and verdict of a claim, from its failed checks and its entailment.

The score is a logistic combination of the support probability and the failed checks;
``CHECK_WEIGHTS`` gives the decrease of the log-odds for each failed check.  Weights are fitted
together with the entailment by ``python scripts/fit_verifier.py DIRECTORY SCORES`` on out-of-fold
scores; ``verification.entailment.lexical`` names the data sets.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from summarizer.domain.claims import Failure, Kind, Thresholds, Verdict, VerdictLabel
from summarizer.domain.evidence import Evidence
from summarizer.text.sentences import sentences
from summarizer.text.tokens import coverage, read
from summarizer.verification.checks import (
    causation,
    comparison,
    conflation,
    dates,
    hypotheticals,
    modality,
    names,
    numbers,
    polarity,
    quotes,
    roles,
    swaps,
)
from summarizer.verification.evidence import CitedEvidence, align

Check = Callable[[str, CitedEvidence], list[Failure]]

CHECKS: Mapping[str, Check] = {
    "numbers": numbers.check,
    "exchange": swaps.check,
    "dates": dates.check,
    "names": names.check,
    "quotes": quotes.check,
    "modality": modality.check,
    "irrealis": hypotheticals.check,
    "negation": polarity.check,
    "comparison": comparison.check,
    "roles": roles.check,
    "causation": causation.check,
    "merging": conflation.check,
}
"""Checks of a claim's words against source text, in the order of reporting."""

BIAS = 0.0765
ENTAILMENT_WEIGHT = 0.9136
CHECK_WEIGHTS: Mapping[str, float] = {
    "numbers": 0.5,
    "exchange": 0.5433,
    "dates": 1.9237,
    "names": 1.0864,
    "quotes": 0.6806,
    "modality": 0.5,
    "irrealis": 0.5,
    "negation": 1.5355,
    "comparison": 2.2985,
    "roles": 0.5,
    "causation": 0.5891,
    "merging": 0.5,
}
"""Weights of failed checks: twice the fitted ones, because lower-cased and tokenised data sets, on
which the checks work poorly, lower the fit.  Modality, irrealis, roles and merging have 0.5: such
errors are too rare in the data for a fit (54, 10, 15 and 1 in 15,000 rows)."""

OTHER_WEIGHT = 2.0
"""Weight of a failed check without labelled data (structure, instructions, section rules)."""

STATELESS_SUPPORTED = 0.5
"""Score from which a claim is supported by whole sources.  The fit weighs both classes equally, so
that balanced accuracy peaks at 0.5."""

STATELESS_PARTLY = 0.35
"""Score from which a claim is partly supported by whole sources."""

UNENTAILED = frozenset({Kind.ANALOGY})
"""Kinds of claim that sources cannot entail.  Predictions are not among them: passages about the
future entail their paraphrases (0.38 or more with the alignment network)."""

BUILT_ON = 0.25
"""Least share of a prediction's content stems in its cited passages, whatever the entailment.
Predictions of sample drafts share all of theirs; with a wrong passage cited, 0 to 0.2."""


def run_checks(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Failures of all ``CHECKS`` for a claim, in their order."""
    return [failure for check in CHECKS.values() for failure in check(claim, grounds)]


def score(entailment: float, failures: Sequence[Failure]) -> float:
    """Score of a claim, 0–1, higher is better supported.

    Args:
        entailment: probability that the sources support the claim, 0–1.
        failures: failed checks; each check counts once.
    """
    odds = BIAS + ENTAILMENT_WEIGHT * log_odds(entailment)
    odds -= sum(CHECK_WEIGHTS.get(name, OTHER_WEIGHT) for name in {f.check for f in failures})
    return probability(odds)


def log_odds(chance: float) -> float:
    """Log-odds of a probability, clamped to 0.0001–0.9999 so that they are finite."""
    inside = min(max(chance, 1e-4), 1 - 1e-4)
    return math.log(inside / (1 - inside))


def probability(odds: float) -> float:
    """Probability of log-odds; the inverse of ``log_odds``."""
    return 1 / (1 + math.exp(-odds))


def judge_claim(
    claim: str,
    kind: Kind,
    failures: Sequence[Failure],
    entailment: float,
    grounds: CitedEvidence,
    thresholds: Thresholds,
) -> Verdict:
    """Verdict on a drafted claim.

    Any failed check decides; else the content stems shared with the passages (more than none, for a
    prediction at least ``BUILT_ON``); else the entailment.
    """
    found = list(failures)
    if not found and kind not in UNENTAILED:
        shared = _shared(claim, grounds)
        if shared == 0 or (kind is Kind.PREDICTION and shared < BUILT_ON):
            found.append(_unfounded(claim, grounds))
    if not found and kind not in UNENTAILED and entailment < thresholds.supported:
        found.append(_unentailed(claim, entailment, grounds, thresholds))
    return Verdict(
        label=_worst(found),
        score=round(score(entailment, found), 4),
        failures=tuple(found),
        evidence=cited_spans(grounds),
    )


def _shared(claim: str, grounds: CitedEvidence) -> float:
    """Share of a claim's content stems in its cited passages, 0–1.

    A claim without content ("Yes.") must stand in a passage verbatim.
    """
    content = read(claim).content_set
    there = frozenset().union(*(read(g.text).content_set for g in grounds.cited))
    if content:
        return coverage(content, there)
    return float(any(claim.strip() in g.text for g in grounds.cited))


def _unfounded(claim: str, grounds: CitedEvidence) -> Failure:
    return Failure(
        check="entailment",
        reason="The cited passages have almost none of the claim's words.",
        better=_better(claim, grounds),
        label=VerdictLabel.UNSUPPORTED,
    )


def _unentailed(
    claim: str, entailment: float, grounds: CitedEvidence, thresholds: Thresholds
) -> Failure:
    return Failure(
        check="entailment",
        reason=(
            f"The cited passages say too little of what the claim says (support {entailment:.2f}, "
            f"needed {thresholds.supported:.2f})."
        ),
        better=_better(claim, grounds),
        label=VerdictLabel.PARTLY if entailment >= thresholds.partly else VerdictLabel.UNSUPPORTED,
    )


def _better(claim: str, grounds: CitedEvidence) -> str | None:
    """Id of the uncited text that shares clearly more with a claim than any cited one; else
    ``None``."""
    best = align(claim, grounds.others(), limit=1)
    here = align(claim, grounds.cited, limit=1)
    if best and (not here or best[0].recall > here[0].recall + 0.2):
        return best[0].ground.id
    return None


def _worst(failures: Sequence[Failure]) -> VerdictLabel:
    labels = {failure.label for failure in failures}
    for label in (VerdictLabel.CONTRADICTED, VerdictLabel.UNSUPPORTED, VerdictLabel.PARTLY):
        if label in labels:
            return label
    return VerdictLabel.SUPPORTED


def judge_row(
    claim: str, failures: Sequence[Failure], entailment: float, grounds: CitedEvidence
) -> Verdict:
    """Verdict on a claim against whole sources: by the score, and by failed checks where they
    distinguish labels."""
    value = score(entailment, failures)
    if value >= STATELESS_SUPPORTED:
        label = VerdictLabel.PARTLY if failures else VerdictLabel.SUPPORTED
    elif any(failure.label is VerdictLabel.CONTRADICTED for failure in failures):
        label = VerdictLabel.CONTRADICTED
    else:
        label = VerdictLabel.PARTLY if value >= STATELESS_PARTLY else VerdictLabel.UNSUPPORTED
    return Verdict(
        label=label,
        score=round(value, 4),
        failures=tuple(failures),
        evidence=supporting_spans(claim, grounds),
    )


def cited_spans(grounds: CitedEvidence) -> tuple[Evidence, ...]:
    """The cited passages as evidence, with offsets into the text of their items."""
    return tuple(
        Evidence(source=g.id, start=g.start, end=g.start + len(g.text), text=g.text)
        for g in grounds.cited
    )


def supporting_spans(claim: str, grounds: CitedEvidence) -> tuple[Evidence, ...]:
    """The source sentence most similar to each sentence of a claim, in order, without repeats."""
    found: dict[tuple[str, int], Evidence] = {}
    for span in sentences(claim):
        for best in align(claim[span.start : span.end], grounds.cited, limit=1):
            found[best.ground.id, best.start] = Evidence(
                source=best.ground.id, start=best.start, end=best.end, text=best.text
            )
    return tuple(found.values())
