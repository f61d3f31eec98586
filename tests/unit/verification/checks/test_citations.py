import pytest

from summarizer.domain.claims import Claim, Kind
from summarizer.verification.checks import citations
from summarizer.verification.evidence import EvidenceIndex
from tests.support.builders import a_pack, an_item

LIBRARY = EvidenceIndex(a_pack(an_item("a1", "Meridian recalled 300 robots.\nNobody was hurt.")))


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (Claim(text="Robots were recalled."), "cites no passage"),
        (Claim(text="Robots were recalled.", cites=("a1.9",)), "a1.9"),
        (Claim(text="Robots were recalled.", cites=("a1.1", "a7.1", "b.2")), "a7.1, b.2"),
        (Claim(text="  ", cites=("a1.1",)), "empty"),
        (Claim(text="Like a toy.", kind=Kind.ANALOGY, cites=("zz",)), "zz"),
    ],
)
def test_a_claim_without_passages_that_exist_fails(claim: Claim, reason: str) -> None:
    (failure,) = citations.check(claim, LIBRARY)
    assert failure.check == "structure"
    assert reason in failure.reason


@pytest.mark.parametrize(
    "claim",
    [
        Claim(text="Robots were recalled.", cites=("a1.1",)),
        Claim(text="Robots were recalled.", cites=("a1.1", "a1.1", "a1.2")),
        Claim(text="It is as if a toy went back to the shop.", kind=Kind.ANALOGY),
    ],
)
def test_a_claim_whose_passages_exist_passes(claim: Claim) -> None:
    assert citations.check(claim, LIBRARY) == []
