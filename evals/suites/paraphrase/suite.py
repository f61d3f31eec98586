"""Paraphrase suite: what the verifier finds in careful faults, and what it holds against honest
claims.

Clauses of stories are put into sentences that deny, ask, plan or suppose them (``kinds.toml``), and
two claims are made on each sentence: faults that state the clause, honest paraphrases, and
quotations that are bent by a cut.  The sentence is the only source of its claims, so that nothing
else in the story can support a fault.  Each kind is a group.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from evals.framework import versions
from evals.framework.confidence import bars, column
from evals.framework.records import JudgedClaim, Record
from evals.framework.results import Better, Figure, Outcome, Task
from evals.suites.paraphrase.cases import Case, Cases, StoryCases
from evals.suites.paraphrase.kinds import FAMILIES, kinds
from evals.suites.paraphrase.rows import Row
from evals.suites.verifier import llm_judge
from evals.suites.verifier.llm_judge import Said, Verdicts
from evals.suites.verifier.metrics import auroc, share
from summarizer import __version__
from summarizer.domain.claims import Verdict, VerdictLabel
from summarizer.ports.models import Entailment
from summarizer.verification import scoring
from summarizer.verification.evidence import of_texts

WORDINGS = ("near wording", "far wording")
"""The two claims of a kind: with the verb of the source, and further from it."""

_KINDS = [kind.name for kind in kinds()]


class ParaphraseSuite:
    """Verification of claims made by rule, as in ``summarizer verify``; implements ``Suite``.

    Args:
        cases: the claims, story by story.
        entailment: the entailment model.
        judge: verdicts of a judge model on every claim, measured in addition.
    """

    name = "paraphrase"
    better: Mapping[str, Better] = {
        "caught": "higher",
        "faults supported": "lower",
        "false alarms": "lower",
        "honest supported": "higher",
        "AUROC": "higher",
        **{f"{part}: caught": "higher" for part in (*FAMILIES, *WORDINGS)},
        "judge: caught": "higher",
        "judge: false alarms": "lower",
        "judge: AUROC": "higher",
        "judge: coverage": "higher",
    }
    margins: Mapping[str, float] = {
        "caught": 0.02,
        "false alarms": 0.02,
        "judge: caught": 0.02,
        "judge: false alarms": 0.02,
        "judge: coverage": 0.02,
    }

    def __init__(self, cases: Cases, entailment: Entailment, judge: Verdicts | None = None) -> None:
        self._cases = cases
        self._entailment = entailment
        self._judge = judge
        self.inputs = cases.inputs

    @property
    def version(self) -> Mapping[str, str]:
        """Versions of product, entailment and kinds, and of the judge."""
        return {
            "summarizer": __version__,
            "suite code": versions.code("evals.suites.paraphrase"),
            "kinds": versions.weights("evals.suites.paraphrase"),
            **versions.of_verifier(self._entailment),
            "judge": self._judge.name if self._judge else "none",
            **self._cases.version,
        }

    def tasks(self) -> Iterator[Task]:
        """One task per story."""
        for story in self._cases.stories:
            yield Task(key=story.place, judge=partial(self.judge, story))

    def judge(self, story: StoryCases) -> list[Outcome]:
        """The outcomes of the rows of one story; none where it holds no fact that fits a kind.

        Raises:
            ModelError: a call to the judge failed.
        """
        cases = story.cases()
        pairs = [(case.row.claim, (case.row.source,)) for case in cases]
        supports = self._entailment.support(pairs)
        verdicts = [
            _verdict(case.row, support) for case, support in zip(cases, supports, strict=True)
        ]
        said: Sequence[Said | None] = [None] * len(cases)
        if self._judge is not None:
            said = self._judge.on([case.key for case in cases], pairs, verdicts)
        return [_outcome(story.key, *one) for one in zip(cases, verdicts, said, strict=True)]

    @staticmethod
    def measure(outcomes: Sequence[Outcome]) -> Mapping[str, float]:
        """Shares of faults and of honest claims; by family where there are several."""
        return measure_paraphrase(outcomes)

    def figures(self, outcomes: Sequence[Outcome]) -> tuple[Figure, ...]:
        """Shares with a finding by kind, and by check."""
        return (
            Figure(title="Faults with a finding, by kind", bars=bars(outcomes, partial(_rates, 0))),
            Figure(title="Honest with a finding, by kind", bars=bars(outcomes, partial(_rates, 1))),
            Figure(title="Faults with a finding, by check", bars=bars(outcomes, _by_check)),
        )


def _verdict(row: Row, support: float) -> Verdict:
    cited = of_texts([("1", row.source)])
    return scoring.judge_row(row.claim, scoring.run_checks(row.claim, cited), support, cited)


def _outcome(story: str, case: Case, verdict: Verdict, said: Said | None) -> Outcome:
    row = case.row
    values = _values(row, verdict)
    accepted: bool | None = not verdict.failures
    if said is not None:
        values |= _judged(llm_judge.values(said, verdict))
        accepted = None if said.verdict is None else said.verdict.label is VerdictLabel.SUPPORTED
    judged = JudgedClaim(
        claim=row.claim,
        sources=(("1", row.source),),
        label=row.kind.label,
        verdict=llm_judge.after(verdict, said),
        accepted=accepted,
        judge=said.verdict if said else None,
        judge_tokens=said.tokens if said else None,
    )
    return Outcome(
        key=case.key,
        cluster=story,
        place=case.place,
        group=row.kind.name,
        values=values,
        note=_note(row, verdict),
        record=Record(key=case.key, claim=judged, calls=said.calls if said else ()),
    )


def _values(row: Row, verdict: Verdict) -> dict[str, float | None]:
    failed = {failure.check for failure in verdict.failures}
    values: dict[str, float] = {
        "label": row.kind.label,
        "kind": _KINDS.index(row.kind.name),
        "family": FAMILIES.index(row.kind.family),
        "wording": row.wording,
        "finding": bool(failed),
        "supported": verdict.label is VerdictLabel.SUPPORTED,
        "unchecked": verdict.label is VerdictLabel.UNCHECKED,
        "score": verdict.score,
        **{f"check:{name}": name in failed for name in scoring.CHECKS},
    }
    return {name: float(value) for name, value in values.items()}


def _judged(said: Mapping[str, float | None]) -> dict[str, float | None]:
    """What the judge said; its verdict is ``None`` where it gave none."""
    accepts = said["judge accepts"]
    return {
        "judge answered": float(accepts is not None),
        "judge": said["judge"],
        "judge refuses": None if accepts is None else 1.0 - accepts,
    }


def _note(row: Row, verdict: Verdict) -> str | None:
    """Description of a missed fault or a false alarm; ``None`` for a correct result."""
    if bool(verdict.failures) == (row.kind.label == 0):
        return None
    why = "; ".join(f"{f.check}: {f.reason}" for f in verdict.failures) or verdict.label.value
    return f"{row.source} → {row.claim} ({why})"


# --- Figures -----------------------------------------------------------------------------------


def measure_paraphrase(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Figures of the checks, by family and wording where there are both, and of the judge's
    verdicts."""
    label, finding = column(outcomes, "label"), column(outcomes, "finding")
    supported, unchecked = column(outcomes, "supported"), column(outcomes, "unchecked")
    fault, honest = label == 0, label == 1
    found = {
        "caught": share(finding[fault] == 1),
        "faults supported": share(supported[fault] == 1),
        "faults unchecked": share(unchecked[fault] == 1),
        "false alarms": share(finding[honest] == 1),
        "honest supported": share(supported[honest] == 1),
        "honest unchecked": share(unchecked[honest] == 1),
        "AUROC": auroc(label.astype(np.int64), column(outcomes, "score")),
    }
    for column_name, names in (("family", FAMILIES), ("wording", WORDINGS)):
        part = column(outcomes, column_name)
        if len(np.unique(part)) > 1:
            for n, name in enumerate(names):
                mine = fault & (part == n)
                if mine.any():
                    found[f"{name}: caught"] = share(finding[mine] == 1)
    return found | _of_judge(outcomes, label)


def _of_judge(outcomes: Sequence[Outcome], label: np.ndarray) -> dict[str, float]:
    """Figures of the judge's verdicts, on the rows that it judged; empty without a judge."""
    answered = column(outcomes, "judge answered")
    if not np.isfinite(answered).any():
        return {}
    refuses, judged = column(outcomes, "judge refuses"), answered == 1
    scores = column(outcomes, "judge")[judged]
    return {
        "judge: caught": share(refuses[judged & (label == 0)] == 1),
        "judge: false alarms": share(refuses[judged & (label == 1)] == 1),
        "judge: AUROC": auroc(label[judged].astype(np.int64), scores),
        "judge: coverage": share(judged),
    }


def _rates(label: int, outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Share of rows with a finding by kind of one label."""
    kind, finding = column(outcomes, "kind"), column(outcomes, "finding")
    mine = column(outcomes, "label") == label
    return {
        name: share(finding[mine & (kind == n)] == 1)
        for n, name in enumerate(_KINDS)
        if (mine & (kind == n)).any()
    }


def _by_check(outcomes: Sequence[Outcome]) -> dict[str, float]:
    fault = column(outcomes, "label") == 0
    return {name: share(column(outcomes, f"check:{name}")[fault] == 1) for name in scoring.CHECKS}
