"""Drafts of an earlier run, verified again: no drafter is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from evals.framework import versions
from evals.framework.records import Record
from evals.framework.results import Better, Figure, Outcome, Run, Task
from evals.suites.drafting.judged import Judged
from evals.suites.drafting.metrics import BETTER, measure_drafting, note_of, values_of
from evals.suites.drafting.suite import DraftingSuite, figures_of
from evals.tape import Tape
from summarizer import __version__
from summarizer.domain.claims import CheckedClaim, Claim, JudgeVerdict
from summarizer.domain.drafts import CheckedSection, Draft, DraftedSection, Judgement, Section
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.findings import PageFinding
from summarizer.verification.evidence import EvidenceIndex
from summarizer.verification.verify import Verifier


@dataclass(frozen=True)
class StoredJudge:
    """What a judge said of a draft; implements ``ClaimJudge``.

    Args:
        name: name and version of the judge.
        said: its verdicts by id of the claim.
        findings: its findings on the page.
    """

    name: str
    said: Mapping[str, JudgeVerdict]
    findings: tuple[PageFinding, ...] = ()

    def judge(
        self,
        pack: EvidencePack,
        claims: Sequence[Claim],
        questions: Mapping[str, Sequence[str]],
        page: Mapping[str, Sequence[str]] | None = None,
    ) -> Judgement:
        """The verdicts on these claims, and its findings on a page; nobody is asked."""
        found = {claim.id: self.said[claim.id] for claim in claims if claim.id in self.said}
        return Judgement(verdicts=found, findings=self.findings if page else ())


class RescoredDrafts:
    """Drafts of a run under another verifier; implements ``Suite``.

    Every claim is verified with the citations that its drafter gave, in its last words: nothing is
    repaired again.  Tokens, money and time stay those of the drafting.

    Args:
        run: the run.
        records: its records by key.
        verifier: verifies now; its judge is asked, if it has one.
        keeps_judge: whether the verdicts of the run's judge stand.
        tape: what the verifier's judge writes its calls to.
        version: what the new run says of the one that held the drafts.
    """

    name = "drafting"
    better: Mapping[str, Better] = BETTER
    margins: Mapping[str, float] = DraftingSuite.margins
    measure = staticmethod(measure_drafting)

    def __init__(
        self,
        run: Run,
        records: Mapping[str, Record],
        verifier: Verifier,
        *,
        keeps_judge: bool,
        tape: Tape,
        version: Mapping[str, str],
    ) -> None:
        self._run = run
        self._records = records
        self._verifier = verifier
        self._keeps_judge = keeps_judge
        self._tape = tape
        self._version = version
        self.inputs = run.inputs

    @property
    def version(self) -> Mapping[str, str]:
        """What made the drafts, and what verifies them now."""
        verifier = self._verifier
        judge = self._run.version["judge"] if self._keeps_judge else "none"
        return {
            **self._run.version,
            "summarizer": __version__,
            "suite code": versions.code("evals.suites.drafting"),
            **versions.of_verifier(verifier.entailment, verifier.policy),
            "judge": verifier.judge.name if verifier.judge else judge,
            **self._version,
        }

    def tasks(self) -> Iterator[Task]:
        """One a story."""
        for outcome in self._run.outcomes:
            yield Task(key=outcome.key, judge=partial(self.judge, outcome))

    def judge(self, outcome: Outcome) -> list[Outcome]:
        """The outcome of one story; as it is where the run has no draft of it.

        Raises:
            ModelError: the judge could not be asked.
        """
        record = self._records.get(outcome.key)
        if record is None or record.draft is None:
            return [outcome]
        verifier = self._verifier
        if self._keeps_judge and verifier.judge is None and record.draft.judge is not None:
            verifier = replace(verifier, judge=_stored(record.draft))
        with self._tape.recording() as calls:
            draft = reverified(record.draft, verifier)
        found = Judged(draft, verifier)
        values = {**outcome.values, **values_of(found)}
        kept = record.model_copy(update={"draft": draft, "calls": (*record.calls, *calls)})
        changed = {"values": values, "note": note_of(found), "record": kept}
        return [outcome.model_copy(update=changed)]

    def figures(self, outcomes: Sequence[Outcome]) -> list[Figure]:
        """Bars of every share, one figure a file."""
        return figures_of(outcomes)


def _stored(draft: Draft) -> StoredJudge:
    claims = (claim for section in draft.sections for claim in _in_order(section))
    said = {claim.id: claim.verdict.judge for claim in claims if claim.verdict.judge is not None}
    return StoredJudge(draft.judge or "", said, draft.findings)


def reverified(draft: Draft, verifier: Verifier) -> Draft:
    """The draft with the verdicts that a verifier gives now, and gated by its policy.

    Raises:
        ModelError: the judge could not be asked.
    """
    index = EvidenceIndex(draft.evidence)
    before = {claim.id: claim for section in draft.sections for claim in _in_order(section)}
    checked = verifier.check(index, [_drafted(section) for section in draft.sections])
    judge = verifier.judge.name if verifier.judge else None
    marked = [_marked(section, before) for section in checked]
    judged, _, findings = verifier.ask_judge(index, marked)
    return draft.model_copy(
        update={
            "sections": tuple(
                section.made_by(draft.drafter, draft.model, judge)
                for section in verifier.gate(index, judged, verifier.sourcing(index))
            ),
            "gate": verifier.policy.name,
            "judge": judge,
            "findings": findings,
        }
    )


def _drafted(section: Section) -> DraftedSection:
    """The section as its drafter left it, each claim with the citations that the drafter gave."""
    claims = tuple(
        claim.claim
        if claim.recited_from is None
        else claim.claim.model_copy(update={"cites": claim.recited_from})
        for claim in _in_order(section)
    )
    return DraftedSection(
        key=section.key,
        claims=claims,
        abstained=None if claims else section.abstained,
        prompt_version=section.prompt_version,
    )


def _in_order(section: Section) -> list[CheckedClaim]:
    """Shown and withheld claims in the order in which they were drafted."""
    found = list(section.shown)
    for claim in reversed(section.withheld):
        found.insert(len(section.shown) if claim.place is None else claim.place, claim)
    return found


def _marked(section: CheckedSection, before: Mapping[str, CheckedClaim]) -> CheckedSection:
    """The section with the note on each claim that was repaired, which no verifier can see."""
    claims = tuple(
        claim.model_copy(update={"repaired_from": before[claim.id].repaired_from})
        for claim in section.claims
    )
    return section.model_copy(update={"claims": claims})
