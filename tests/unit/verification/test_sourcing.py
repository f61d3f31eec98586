"""Who asserts the claims of a draft: looked for once, and told beside each."""

from summarizer.domain.claims import CheckedClaim, Claim, Kind, VerdictLabel
from summarizer.domain.drafts import CheckedSection
from summarizer.domain.limits import LENGTHS
from summarizer.verification import faults
from summarizer.verification.entailment.lexical import LexicalEntailment
from summarizer.verification.evidence import EvidenceIndex
from summarizer.verification.sourcing import AT_ONCE, Sourcing
from tests.support.builders import a_pack, an_item, checked

CLOSED = "The Halden ferry closed for a week after a fire in its engine room."
INDEX = EvidenceIndex(
    a_pack(
        an_item("a1", CLOSED, outlet="Halden Post"),
        an_item("a2", f"{CLOSED[:-1]}, and nobody was hurt.", outlet="Tolby Courier"),
    )
)


class Counted(LexicalEntailment):
    """An entailment that says how often it was asked for a claim."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def support(self, pairs):
        self.asked += len(pairs)
        return super().support(pairs)


def section(*claims: CheckedClaim) -> CheckedSection:
    return CheckedSection(key="key_points", claims=claims)


def test_a_claim_is_told_with_the_outlets_that_assert_it():
    (done,) = Sourcing(INDEX, LexicalEntailment()).added([section(checked(CLOSED, "a1.1"))])
    (claim,) = done.claims
    assert (claim.origins, claim.told_by) == (2, ("Halden Post", "Tolby Courier"))


def test_what_was_looked_for_while_a_judge_decided_is_not_looked_for_again():
    entailment = Counted()
    sourcing = Sourcing(INDEX, entailment)
    sections = [section(checked(CLOSED, "a1.1"))]
    assert len(list(sourcing.find(sections))) == 1
    asked = entailment.asked
    assert asked > 0
    sourcing.added(sections)
    assert entailment.asked == asked


def test_many_claims_are_looked_for_in_steps():
    claims = [checked(f"{CLOSED[:-1]} {n}.", "a1.1") for n in range(AT_ONCE + 1)]
    assert len(list(Sourcing(INDEX, LexicalEntailment()).find([section(*claims)]))) == 2


def test_the_kind_of_a_claim_is_its_only_warning_where_the_writer_adds_it():
    gloss = checked("A ferry is a boat.", kind=Kind.GLOSS)
    (done,) = Sourcing(INDEX, LexicalEntailment()).added([section(gloss)])
    (warning,) = done.claims[0].verdict.warnings
    assert warning.startswith("General knowledge")


def test_a_claim_that_could_not_be_read_is_left_alone():
    long = checked("x" * (LENGTHS["text"] + 1), "a1.1")
    broken = CheckedClaim(
        claim=Claim(text=CLOSED, cites=("a1.1",)), verdict=faults.unchecked_verdict()
    )
    (done,) = Sourcing(INDEX, LexicalEntailment()).added([section(long, broken)])
    assert done.claims == (long, broken)


def test_a_fault_costs_one_claim_alone(monkeypatch):
    def brittle(text, *_):
        if "week" in text:
            raise ValueError(text)
        return ()

    monkeypatch.setattr("summarizer.verification.sourcing.operators.unattributed", brittle)
    other = checked("Nobody was hurt.", "a2.1")
    (done,) = Sourcing(INDEX, LexicalEntailment()).added([section(checked(CLOSED, "a1.1"), other)])
    labels = [claim.verdict.label for claim in done.claims]
    assert labels == [VerdictLabel.UNCHECKED, VerdictLabel.SUPPORTED]
