"""Verdicts of a judge on checked claims.

The judge decides.  What the checks found about a claim's words is put to it as questions, and it
may overrule them.  Exact failures stand, whatever it says: a citation that does not exist, a
quotation that is not verbatim, an instruction, the form of the section.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from summarizer.domain.claims import CheckedClaim, Failure, JudgeVerdict, VerdictLabel
from summarizer.domain.drafts import CheckedSection, Judgement, Usage
from summarizer.domain.findings import PageFinding
from summarizer.domain.sections import Rule
from summarizer.ports.models import ClaimJudge
from summarizer.verification.evidence import EvidenceIndex
from summarizer.verification.faults import ENTAILMENT
from summarizer.verification.scoring import CHECKS, log_odds, probability

CHECK = "judge"
"""Name of the judge among the failed checks."""
NO_VERDICT = "The judge gave no usable verdict on this claim."
NO_REASON = "The judge gave no reason."

QUESTIONS = frozenset((*CHECKS, "attribution", ENTAILMENT, Rule.NOTHING_NEW)) - {"quotes"}
"""Checks whose findings are questions to the judge; failures of all others are exact."""

FOR, AGAINST = 2.8, -4.5
"""Change of a claim's log-odds by the judge's verdict, supported or any other: log likelihood
ratios of a strong model, which passed .99 of honest sentences and .06 of faulty ones."""


def fails_exactly(checked: CheckedClaim) -> bool:
    """Whether a claim has a failure that stands, whatever a judge says."""
    return any(map(is_exact, checked.verdict.failures))


def is_exact(failure: Failure) -> bool:
    """Whether a failure stands, whatever a judge says."""
    return failure.check not in QUESTIONS and failure.check != CHECK


def was_asked(checked: CheckedClaim) -> bool:
    """Whether a judge was asked about a claim, with or without an answer."""
    verdict = checked.verdict
    return verdict.judge is not None or any(f.check == CHECK for f in verdict.failures)


def judge_sections(
    index: EvidenceIndex,
    checked: Sequence[CheckedSection],
    judge: ClaimJudge,
    *,
    whole: bool = False,
) -> tuple[tuple[CheckedSection, ...], Usage, tuple[PageFinding, ...]]:
    """Judge the claims of a draft in one call; claims without a verdict are asked once more.

    A claim that was asked before keeps what was said.  One with an exact failure is not asked: it
    is withheld in any case.

    Args:
        index: evidence of the draft.
        checked: verified sections.
        judge: the judge.
        whole: whether the sections make a whole page, on which the judge then has findings.

    Raises:
        ModelError: the judge could not be reached.
    """
    asked = [
        claim
        for section in checked
        for claim in section.claims
        if not was_asked(claim) and not fails_exactly(claim)
    ]
    ids = {claim.id for claim in asked}
    page = {s.key: [claim.id for claim in s.claims if claim.id in ids] for s in checked}
    first = _ask(index, asked, judge, page if whole else None)
    verdicts, usage = first.verdicts, first.usage
    if left := [claim for claim in asked if claim.id not in verdicts]:
        more = _ask(index, left, judge, None)
        verdicts, usage = {**more.verdicts, **verdicts}, usage + more.usage
    known = {ground.id for ground in index.known}
    done = {claim.id: decide(claim, verdicts.get(claim.id), known) for claim in asked}
    return tuple(_with(section, done) for section in checked), usage, first.findings


def _ask(
    index: EvidenceIndex,
    claims: Sequence[CheckedClaim],
    judge: ClaimJudge,
    page: Mapping[str, Sequence[str]] | None,
) -> Judgement:
    """Usable verdicts by claim id, each with its share of the tokens, and findings on the page."""
    if not claims:
        return Judgement(verdicts={})
    questions = {c.id: [f.reason for f in c.verdict.failures] for c in claims if c.verdict.failures}
    answer = judge.judge(index.pack, [claim.claim for claim in claims], questions, page)
    share = {"tokens": round(answer.usage.tokens / len(claims))}
    ids = {claim.id for claim in claims}
    found = {
        id_: verdict.model_copy(update=share)
        for id_, verdict in answer.verdicts.items()
        if id_ in ids
    }
    findings = tuple(f for f in answer.findings if ids.issuperset(f.claims)) if page else ()
    return Judgement(verdicts=found, findings=findings, usage=answer.usage)


def _with(section: CheckedSection, done: Mapping[str, CheckedClaim]) -> CheckedSection:
    claims = tuple(done.get(claim.id, claim) for claim in section.claims)
    return section.model_copy(update={"claims": claims})


def decide(
    checked: CheckedClaim, verdict: JudgeVerdict | None, known: Collection[str]
) -> CheckedClaim:
    """The claim with the judge's verdict in place of that of the checks.

    Args:
        checked: the claim with the verdict of the checks and without an exact failure.
        verdict: the judge's verdict, ``None`` without a usable one.
        known: passage ids of the evidence; unknown ids in the verdict are dropped.
    """
    before = checked.verdict
    if verdict is None:
        failure = Failure(check=CHECK, reason=NO_VERDICT, label=VerdictLabel.UNCHECKED)
        after = {
            "label": VerdictLabel.UNCHECKED,
            "score": 0.0,
            "failures": (*before.failures, failure),
        }
        return checked.model_copy(update={"verdict": before.model_copy(update=after)})
    said = verdict.model_copy(
        update={"passages": tuple(filter(known.__contains__, verdict.passages))}
    )
    supported = said.label is VerdictLabel.SUPPORTED
    failures = before.failures if supported else (*before.failures, _failure(said))
    after = {
        "label": said.label,
        "score": round(probability(log_odds(before.score) + (FOR if supported else AGAINST)), 4),
        "failures": () if supported else failures,
        "overruled": failures if supported else (),
        "judge": said,
    }
    return checked.model_copy(update={"verdict": before.model_copy(update=after)})


def _failure(said: JudgeVerdict) -> Failure:
    better = next(iter(said.passages), None)
    return Failure(check=CHECK, reason=said.reason or NO_REASON, better=better, label=said.label)
