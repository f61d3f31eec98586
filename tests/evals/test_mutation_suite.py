"""The suite plants faults into a small draft and says which of them the gate still shows."""

import json
import math
from pathlib import Path

import pytest

from evals.framework.results import Outcome
from evals.suites.mutation.suite import MutationSuite, judge_draft, measure_mutation
from summarizer.domain.claims import CheckedClaim, Claim, Verdict, VerdictLabel
from summarizer.domain.drafts import Draft, Section
from summarizer.drafting import prompts
from summarizer.verification import gate
from summarizer.verification.entailment.lexical import LexicalEntailment
from summarizer.verification.policy import load_policy
from summarizer.verification.verify import Verifier
from tests.support.builders import NOON, a_pack, an_item

VERIFIER = Verifier(prompts.load().specs(), LexicalEntailment(), load_policy())
FIRST = (
    "Quillon Labs fined its supplier Harrow Press 4,700 euros on 27 April 2026 for late deliveries."
)
SECOND = "The town council of Ostwick will meet again when the harvest is over."
ITEMS = [
    {"title": "Quillon Labs fines a supplier", "text": f"{FIRST} {SECOND}", "outlet": "The Post"},
    {
        "title": "Supplier pays",
        "text": "Harrow Press paid within a week, it said on 30 April 2026.",
    },
]


def a_draft(drafter: str = "extractive", cites: tuple[str, ...] = ("a1.1",)) -> Draft:
    claim = Claim(text=FIRST, cites=cites)
    checked = CheckedClaim(claim=claim, verdict=Verdict(label=VerdictLabel.SUPPORTED, score=1))
    return Draft(
        incident_id="INC-000001",
        revision=1,
        created_at=NOON,
        drafter=drafter,
        evidence=a_pack(an_item("a1", f"{FIRST}\n{SECOND}")),
        evidence_hash="0",
        sections=(Section(key="key_points", shown=(checked,)),),
    )


def outcomes_of(draft: Draft) -> dict[str, Outcome]:
    found = judge_draft(draft, "story", (), VERIFIER)
    return {outcome.group: outcome for outcome in found}


def test_an_honest_claim_passes() -> None:
    honest = outcomes_of(a_draft())["untouched"]
    assert honest.values["planted"] == 0
    assert honest.values["caught"] == 0
    assert honest.note is None


@pytest.mark.parametrize(
    ("fault", "rung"),
    [("number", "numbers"), ("date", "dates"), ("invented name", "names")],
)  # fmt: skip
def test_a_planted_fault_is_caught_and_the_outcome_says_by_what(fault: str, rung: str) -> None:
    outcome = outcomes_of(a_draft())[fault]
    assert outcome.values["planted"] == 1
    assert outcome.values["caught"] == 1
    assert outcome.values[f"caught_{rung}"] == 1
    assert outcome.values["caught_structure"] == 0
    assert outcome.note is None


def test_a_claim_that_is_withheld_anyway_takes_no_fault() -> None:
    found = outcomes_of(a_draft(cites=("a9.9",)))
    assert set(found) == {"untouched"}
    assert found["untouched"].values["caught_structure"] == 1
    assert (found["untouched"].note or "").startswith(f"{FIRST} (untouched; structure: ")


def test_the_note_of_a_missed_fault_has_the_sentence_before_and_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gate, "passes", lambda claim, policy: True)
    missed = outcomes_of(a_draft())
    assert missed["unit"].note == f"{FIRST} → {FIRST.replace('euros', 'dollars')} [a1.1]"
    assert missed["cause invented"].note == (
        f"{FIRST} → {FIRST[:-1]}, because of pressure from its investors. [a1.1]"
    )
    assert missed["untouched"].note is None


def an_outcome(fault: float | None, caught: float) -> Outcome:
    values = {"planted": float(fault is not None), "fault": fault, "caught": caught,
              "entailment_only": 0.0}  # fmt: skip
    return Outcome(key="k", cluster="c", group="g", values=values)


def test_faults_weigh_the_same_in_their_mean() -> None:
    found = measure_mutation(
        [*[an_outcome(0, 1)] * 3, an_outcome(1, 0), an_outcome(None, 1), an_outcome(None, 0)]
    )
    assert found["caught"] == 0.75
    assert found["caught, mean of faults"] == 0.5
    assert found["caught, least of faults"] == 0
    assert found["false alarms"] == 0.5


def test_one_fault_alone_has_no_mean_of_faults() -> None:
    found = measure_mutation([an_outcome(0, 1)])
    assert "caught, mean of faults" not in found
    assert math.isnan(found["false alarms"])


def a_file(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_the_suite_runs_story_by_story_and_always_alike(tmp_path: Path) -> None:
    path = a_file(tmp_path / "s.jsonl", {"items": ITEMS}, {"items": ITEMS[:1]})
    suite = MutationSuite([path], LexicalEntailment())
    task, other = suite.tasks()
    assert (task.key, other.key) == ("s:1", "s:2")
    found = task.judge()
    assert found == task.judge()
    assert len({o.key for o in found}) == len(found)
    assert len({o.cluster for o in found}) == 1
    assert all(o.place.startswith("s:1/") for o in found)
    assert {"untouched", "number", "date"} <= {o.group for o in found}
    assert [figure.bars[0].name for figure in suite.figures(found)] == ["number", "structure"]
