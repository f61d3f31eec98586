"""A fault of one check, or of the entailment model, withholds one claim and nothing else."""

import logging
import math

import pytest

from summarizer.domain.claims import Claim, Failure, VerdictLabel
from summarizer.domain.drafts import DraftedSection
from summarizer.drafting import prompts
from summarizer.verification import scoring
from summarizer.verification.entailment.lexical import LexicalEntailment
from summarizer.verification.evidence import CitedEvidence, EvidenceIndex
from summarizer.verification.policy import load_policy
from summarizer.verification.rows import verify_row
from summarizer.verification.verify import Verifier
from tests.support.builders import a_pack, an_item

SECRET = "Tessaly"
NEWS = f"Meridian recalled 300 robots on Tuesday.\n{SECRET} Motors recalled 40 vans on Friday."
PACK = a_pack(an_item("a1", NEWS))
CLAIMS = (
    Claim(id="c1", text="Meridian recalled 300 robots.", cites=("a1.1",)),
    Claim(id="c2", text=f"{SECRET} Motors recalled 40 vans.", cites=("a1.2",)),
)


def brittle(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """A check that cannot read one of the claims."""
    if SECRET in claim:
        raise ValueError(f"cannot read {claim}")
    return []


class BrittleEntailment(LexicalEntailment):
    """A model that faults on, or has no number for, one of the claims."""

    def __init__(self, fault: Exception | float) -> None:
        super().__init__()
        self.fault = fault

    def support(self, pairs):
        found = super().support(pairs)
        for n, (claim, _) in enumerate(pairs):
            if SECRET in claim and isinstance(self.fault, Exception):
                raise self.fault
            if SECRET in claim:
                found[n] = self.fault
        return found


@pytest.fixture
def with_a_brittle_check(monkeypatch) -> None:
    monkeypatch.setitem(scoring.CHECKS, "brittle", brittle)


def checked(entailment=None):
    """The shown and the withheld claims of a drafted section."""
    verifier = Verifier(prompts.load().specs(), entailment or LexicalEntailment(), load_policy())
    drafted = DraftedSection(key="key_points", claims=CLAIMS)
    (section,) = verifier.check(EvidenceIndex(PACK), [drafted])
    shown = [c for c in section.claims if verifier.passes(c)]
    return shown, [c for c in section.claims if c not in shown]


def told(caplog) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR]


@pytest.mark.usefixtures("with_a_brittle_check")
def test_a_claim_on_which_a_check_faults_is_withheld_as_unchecked_and_the_others_stand():
    shown, withheld = checked()

    assert [c.id for c in shown] == ["c1"]
    (broken,) = withheld
    assert (broken.id, broken.verdict.label) == ("c2", VerdictLabel.UNCHECKED)
    assert broken.verdict.score == 0.0
    assert [f.check for f in broken.verdict.failures] == ["brittle"]
    assert 'check "brittle" broke off' in broken.verdict.failures[0].reason


@pytest.mark.usefixtures("with_a_brittle_check")
def test_the_log_names_check_claim_and_place_and_no_source_text(caplog):
    checked()

    assert "check brittle broke off on claim 'c2': ValueError in brittle, line" in told(caplog)[0]
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    "fault", [OverflowError("too large"), RecursionError(), math.nan, math.inf]
)
def test_a_claim_on_which_the_model_faults_is_withheld_as_unchecked_and_the_others_stand(fault):
    shown, withheld = checked(BrittleEntailment(fault))

    assert [c.id for c in shown] == ["c1"]
    (broken,) = withheld
    assert broken.verdict.label is VerdictLabel.UNCHECKED
    assert [f.check for f in broken.verdict.failures] == ["entailment"]


@pytest.mark.usefixtures("with_a_brittle_check")
def test_a_row_on_which_a_check_faults_is_unchecked_without_a_score():
    row = {"id": "r1", "claim": f"{SECRET} Motors recalled 40 vans.", "sources": [NEWS]}
    found = verify_row(row, LexicalEntailment())

    assert (found["id"], found["verdict"], found["score"]) == ("r1", "unchecked", 0.0)
    assert [f["check"] for f in found["failed_checks"]] == ["brittle"]


def test_a_row_on_which_the_model_faults_is_unchecked():
    row = {"claim": f"{SECRET} Motors recalled 40 vans.", "sources": [NEWS]}
    found = verify_row(row, BrittleEntailment(ValueError("no")))

    assert (found["verdict"], found["failed_checks"][0]["check"]) == ("unchecked", "entailment")
