"""Which origins say a claim by themselves, and which only stand beside."""

import pytest

from summarizer.verification import corroboration
from summarizer.verification.evidence import EvidenceIndex
from tests.support.builders import a_pack, an_item

LIBRARY = EvidenceIndex(
    a_pack(
        an_item("a1", "Meridian recalled 300 robots on Tuesday after two fires in Wexcombe."),
        an_item("a2", "After two fires in Wexcombe, Meridian has recalled 300 of its robots."),
        an_item("a3", "Meridian recalled 450 robots on Tuesday after two fires in Wexcombe."),
        an_item("a4", "Meridian bribed Otto Lund, the chief inspector in Wexcombe."),
        an_item("a5", "Otto Lund, the chief inspector in Wexcombe, asked Meridian for records."),
        an_item("a6", "Meridian recalled 300 robots on Tuesday after two fires.", origin="a1"),
    )
)
RECALL = "Meridian recalled 300 robots after two fires in Wexcombe."
BRIBE = "Meridian bribed Otto Lund, the chief inspector."


@pytest.mark.parametrize(
    ("claim", "cites", "origins"),
    [
        (RECALL, ["a1.1"], {"a1"}),
        (RECALL, ["a1.1", "a2.1"], {"a1", "a2"}),
        (RECALL, ["a1.1", "a6.1"], {"a1"}),
        (RECALL, ["a1.1", "a3.1"], {"a1"}),  # another number
        ("Two fires led Meridian to take 300 robots back.", ["a1.1", "a2.1"], {"a1", "a2"}),
        (BRIBE, ["a4.1", "a5.1"], {"a4"}),
        (BRIBE, ["a5.1", "a4.1", "a1.1"], {"a4"}),
        ("Meridian recalled 300 robots and bribed Otto Lund.", ["a1.1", "a4.1"], {"a1"}),
        (BRIBE, [], set()),
    ],
)
def test_an_origin_counts_when_it_says_the_claim_by_itself(claim, cites, origins):
    assert corroboration.origins(claim, LIBRARY.grounds(cites)) == origins


def test_what_the_rest_of_the_evidence_speaks_of_echoes_more():
    recall = corroboration.echo(RECALL, LIBRARY.grounds(["a1.1"]))
    bribe = corroboration.echo(BRIBE, LIBRARY.grounds(["a4.1"]))
    assert 0 < bribe < recall < 1
    assert corroboration.echo("Kestrel sank.", LIBRARY.grounds(["a4.1"])) == 0


@pytest.mark.parametrize(
    ("claim", "cites", "elsewhere"),
    [
        (BRIBE, ["a5.1"], "a4.1"),
        ("Otto Lund, the inspector in Wexcombe, was bribed by Meridian.", ["a5.1"], "a4.1"),
        (BRIBE, ["a4.1"], None),
        (BRIBE, ["a5.1", "a4.1"], None),
        (RECALL, ["a2.1"], None),
        ("Meridian took back 300 robots after two fires.", ["a2.1"], None),
        ("Otto Lund wants to see the records of Meridian.", ["a5.1"], None),
    ],
)
def test_what_one_other_origin_alone_says_must_be_cited_from_it(claim, cites, elsewhere):
    assert corroboration.told_elsewhere(claim, LIBRARY.grounds(cites)) == elsewhere
