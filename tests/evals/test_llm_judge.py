"""How a model's verdicts on labelled claims are asked for and what becomes of them."""

import pytest

from evals.suites.verifier.llm_judge import CLAIMS_A_CALL, judged
from summarizer.domain.claims import Verdict, VerdictLabel
from tests.support.builders import OneWordJudge

SUPPORTED = Verdict(label=VerdictLabel.SUPPORTED, score=0.9)
CONTRADICTED = Verdict(label=VerdictLabel.CONTRADICTED, score=0.1)
SOURCE = ("Line 4 cancelled 14 crossings. Nobody was hurt.",)


def test_claims_on_the_same_sources_share_calls_and_keep_their_places():
    judge = OneWordJudge()
    other = ("The port closed.",)
    claims = [("A", SOURCE), ("B", other), ("C", SOURCE)]

    found = judged(judge, claims, [SUPPORTED] * 3)

    assert [[claim.text for claim in asked] for _, asked in judge.asked] == [["A", "C"], ["B"]]
    assert [values["tokens"] for values in found] == [50, 100, 50]


def test_a_claim_cites_every_passage_of_its_sources():
    judge = OneWordJudge()
    judged(judge, [("A", (*SOURCE, " ", "The port closed."))], [SUPPORTED])

    pack, (claim,) = judge.asked[0]
    assert claim.cites == ("a1.1", "a1.2", "a3.1")
    assert [p.text for p in pack.passages] == [
        "Line 4 cancelled 14 crossings.",
        "Nobody was hurt.",
        "The port closed.",
    ]


def test_a_call_holds_no_more_claims_than_a_small_model_can_answer():
    judge = OneWordJudge()
    claims = [(f"Claim {n}", SOURCE) for n in range(CLAIMS_A_CALL + 1)]
    found = judged(judge, claims, [SUPPORTED] * len(claims))

    assert [len(asked) for _, asked in judge.asked] == [CLAIMS_A_CALL, 1]
    assert len(found) == len(claims)


@pytest.mark.parametrize(
    ("before", "said", "judge_accepts", "both_accept"),
    [
        (SUPPORTED, VerdictLabel.SUPPORTED, True, True),
        (SUPPORTED, VerdictLabel.PARTLY, False, False),
        (SUPPORTED, VerdictLabel.CONTRADICTED, False, False),
        (SUPPORTED, None, False, False),
        (CONTRADICTED, VerdictLabel.SUPPORTED, True, False),
    ],
)
def test_a_verdict_only_lowers_what_the_ladder_found(before, said, judge_accepts, both_accept):
    (values,) = judged(OneWordJudge(said), [("A", SOURCE)], [before])

    assert values["judge accepts"] == judge_accepts
    assert values["ladder and judge accepts"] == both_accept
    assert values["ladder and judge"] <= before.score
    assert values["unchecked"] == (said is None)


def test_severer_verdicts_score_lower_and_no_verdict_stands_between():
    order = [
        VerdictLabel.SUPPORTED,
        VerdictLabel.PARTLY,
        None,
        VerdictLabel.UNSUPPORTED,
        VerdictLabel.CONTRADICTED,
    ]
    scores = [
        judged(OneWordJudge(said), [("A", SOURCE)], [SUPPORTED])[0]["judge"] for said in order
    ]
    assert scores == sorted(scores, reverse=True) and len(set(scores)) == len(order)
