"""Score and verdict of a claim, from its failed checks and its entailment.

The score is a logistic combination of the support probability and the failed checks;
``CHECK_WEIGHTS`` gives the decrease of the log-odds for each failed check.  Weights are fitted
together with the entailment by ``python scripts/fit_verifier.py DIRECTORY SCORES`` on out-of-fold
scores; ``verification.entailment.lexical`` names the data sets.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from summarizer.domain.claims import (
    EXPLAINING,
    OWN_WORDS,
    Failure,
    Kind,
    Thresholds,
    Verdict,
    VerdictLabel,
)
from summarizer.domain.evidence import Evidence
from summarizer.text.sentences import Span, sentences
from summarizer.text.tokens import coverage, read
from summarizer.verification.checks import (
    comparison,
    dates,
    modality,
    names,
    numbers,
    operators,
    polarity,
    quantifiers,
    quotes,
    roles,
    satire,
)
from summarizer.verification.evidence import CitedEvidence, align
from summarizer.verification.extracts import is_extract
from summarizer.verification.faults import ENTAILMENT, guarded, unchecked

Check = Callable[[str, CitedEvidence], list[Failure]]

CHECKS: Mapping[str, Check] = {
    "numbers": numbers.check,
    "dates": dates.check,
    "names": names.check,
    "quotes": quotes.check,
    "operators": operators.check,
    "modality": modality.check,
    "satire": satire.check,
    "negation": polarity.check,
    "comparison": comparison.check,
    "roles": roles.check,
    "quantifiers": quantifiers.check,
}
"""Checks of a claim's words against source text, in the order of reporting."""

BIAS = 0.0765
ENTAILMENT_WEIGHT = 0.9136
CHECK_WEIGHTS: Mapping[str, float] = {
    "numbers": 0.5,
    "dates": 1.9237,
    "names": 1.0864,
    "quotes": 0.6806,
    "operators": 2.2985,
    "modality": 0.5,
    "satire": 0.5,
    "negation": 1.5355,
    "comparison": 2.2985,
    "roles": 0.5,
    "quantifiers": 2.2985,
}
"""Weights of failed checks: twice the fitted ones, because lower-cased and tokenised data sets, on
which the checks work poorly, lower the fit.  Modality, satire and roles have 0.5: such errors are
too rare in the data for a fit.  ``operators`` and ``quantifiers`` have the highest of them: what
the sources deny, or say of a part, is not supported, whatever words they share."""

OTHER_WEIGHT = 2.0
"""Weight of a failed check without labelled data (structure, instructions, section rules)."""

STATELESS_SUPPORTED = 0.5
"""Score from which a claim is rather supported by whole sources than not.  The fit weighs both
classes equally, so that balanced accuracy peaks at 0.5."""

STATELESS_PARTLY = 0.35
"""Score from which a claim is partly supported by whole sources."""

UNENTAILED = EXPLAINING
"""Kinds of claim that sources cannot entail.  Predictions are not among them: passages about the
future entail their paraphrases (0.38 or more with the alignment network)."""

GOES_BEYOND = frozenset({Kind.INFERENCE, Kind.PREDICTION})
"""Kinds that go beyond their passages, which must share more than a word with them.  No passage
entails an inference; a judge or an editor says whether it follows."""

BUILT_ON = 0.25
"""Least share of such a claim's content stems in its cited passages, whatever the entailment.
Predictions of sample drafts share all of theirs; with a wrong passage cited, 0 to 0.2."""


def run_checks(claim: str, grounds: CitedEvidence, claim_id: object = None) -> list[Failure]:
    """Failures of all ``CHECKS`` for a claim, in their order.

    A check that faults makes the claim ``unchecked``.

    Args:
        claim: the claim's text.
        grounds: what it is checked against.
        claim_id: id of the claim, for the log.
    """
    return [
        failure
        for name, check in CHECKS.items()
        for failure in guarded(
            name, claim_id, partial(check, claim, grounds), otherwise=[unchecked(name)]
        )
    ]


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
    entailment: float | None,
    grounds: CitedEvidence,
    thresholds: Thresholds,
) -> Verdict:
    """Verdict on a drafted claim without a judge; ``unchecked`` when a check or the entailment
    faulted.

    Any failed check decides; else an extract of the passages is supported; else the content stems
    shared with them decide (more than none, for a prediction or an inference at least
    ``BUILT_ON``), then the entailment.  What remains is in its own words: ``unchecked``, without a
    failure; so is every analogy and gloss, which no rule can read, and every inference.
    """
    found = list(failures)
    if entailment is None:
        found.append(unchecked(ENTAILMENT))
        entailment = 0.0
    if kind in UNENTAILED:
        entailment = 0.5  # which says nothing
    own = not found and not is_extract(claim, grounds.dated(claim))
    if own and kind not in UNENTAILED:
        shared = _shared(claim, grounds)
        if shared == 0 or (kind in GOES_BEYOND and shared < BUILT_ON):
            found.append(_unfounded(claim, grounds))
        elif kind is not Kind.INFERENCE and entailment < thresholds.supported:
            found.append(_unentailed(claim, entailment, grounds, thresholds))
    return Verdict(
        label=VerdictLabel.UNCHECKED if own and not found else _worst(found),
        score=_known_score(entailment, found),
        failures=tuple(found),
        evidence=cited_spans(grounds),
    )


def _known_score(entailment: float, failures: Sequence[Failure]) -> float:
    """Score of a claim, rounded; 0 when a check broke off."""
    if any(failure.label is VerdictLabel.UNCHECKED for failure in failures):
        return 0.0
    return round(score(entailment, failures), 4)


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
    for label in (
        VerdictLabel.UNCHECKED,
        VerdictLabel.CONTRADICTED,
        VerdictLabel.UNSUPPORTED,
        VerdictLabel.PARTLY,
    ):
        if label in labels:
            return label
    return VerdictLabel.SUPPORTED


def judge_row(
    claim: str, failures: Sequence[Failure], entailment: float | None, grounds: CitedEvidence
) -> Verdict:
    """Verdict on a claim against whole sources, without a judge.

    Failed checks decide, with the score; else an extract of the sources is supported, and a claim
    that shares no content with them is not.  What remains is in its own words: ``unchecked``,
    without a failure, with a score that ranks it.  ``unchecked`` too when a check or the entailment
    faulted.
    """
    if entailment is None:
        failures, entailment = (*failures, unchecked(ENTAILMENT)), 0.0
    own = not failures and not is_extract(claim, grounds)
    if own and not _shared(claim, grounds):
        failures = (_unfounded(claim, grounds),)
    value = _known_score(entailment, failures)
    broken = any(failure.label is VerdictLabel.UNCHECKED for failure in failures)
    if broken or not failures:
        label = VerdictLabel.UNCHECKED if broken or own else VerdictLabel.SUPPORTED
    elif value >= STATELESS_SUPPORTED:
        label = VerdictLabel.PARTLY
    elif any(failure.label is VerdictLabel.CONTRADICTED for failure in failures):
        label = VerdictLabel.CONTRADICTED
    else:
        label = VerdictLabel.PARTLY if value >= STATELESS_PARTLY else VerdictLabel.UNSUPPORTED
    return Verdict(
        label=label,
        score=value,
        failures=tuple(failures),
        evidence=() if broken else supporting_spans(claim, grounds),
        warnings=(OWN_WORDS,) if own and not failures else (),
    )


def cited_spans(grounds: CitedEvidence) -> tuple[Evidence, ...]:
    """The cited passages as evidence, with offsets into the text of their items."""
    return tuple(g.evidence(Span(0, len(g.text))) for g in grounds.cited)


def supporting_spans(claim: str, grounds: CitedEvidence) -> tuple[Evidence, ...]:
    """The source sentence most similar to each sentence of a claim, in order, without repeats."""
    found: dict[tuple[str, int], Evidence] = {}
    for span in sentences(claim):
        for best in align(claim[span.start : span.end], grounds.cited, limit=1):
            found[best.ground.id, best.start] = best.ground.evidence(Span(best.start, best.end))
    return tuple(found.values())
