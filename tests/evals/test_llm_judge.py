"""How a model's verdicts on labelled claims are asked for and what becomes of them."""

from collections.abc import Sequence

import pytest

from evals.suites.verifier.llm_judge import CLAIMS_A_CALL, Asked, LabelledClaim, values
from summarizer.domain.claims import Failure, Verdict, VerdictLabel
from tests.support.builders import OneWordJudge

SUPPORTED = Verdict(label=VerdictLabel.SUPPORTED, score=0.9)
CONTRADICTED = Verdict(label=VerdictLabel.CONTRADICTED, score=0.1)


def failure(check: str) -> Failure:
    return Failure(check=check, reason="It differs.", label=VerdictLabel.CONTRADICTED)


SOURCE = ("Line 4 cancelled 14 crossings. Nobody was hurt.",)


def judged(
    judge: OneWordJudge, claims: Sequence[LabelledClaim], verdicts: Sequence[Verdict]
) -> list[dict[str, float | None]]:
    said = Asked(judge).on([str(n) for n in range(len(claims))], claims, verdicts)
    return [values(*one) for one in zip(said, verdicts, strict=True)]


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


FOUND = CONTRADICTED.model_copy(update={"failures": (failure("numbers"),)})
EXACT = CONTRADICTED.model_copy(update={"failures": (failure("structure"),)})


@pytest.mark.parametrize(
    ("before", "said", "judge_accepts", "both_accept"),
    [
        (SUPPORTED, VerdictLabel.SUPPORTED, True, True),
        (SUPPORTED, VerdictLabel.PARTLY, False, False),
        (SUPPORTED, VerdictLabel.CONTRADICTED, False, False),
        (FOUND, VerdictLabel.SUPPORTED, True, True),
        (EXACT, VerdictLabel.SUPPORTED, True, False),
        (SUPPORTED, None, None, None),
        (FOUND, None, None, None),
        (EXACT, None, None, False),
    ],
)
def test_the_judge_decides_except_on_exact_failures(before, said, judge_accepts, both_accept):
    (values,) = judged(OneWordJudge(said), [("A", SOURCE)], [before])

    assert values["judge accepts"] == judge_accepts
    assert values["ladder and judge accepts"] == both_accept
    assert (values["ladder and judge"] is None) == (both_accept is None)


def test_nearly_alike_claims_are_asked_in_different_calls():
    judge = OneWordJudge()
    claims = [
        ("Line 4 cancelled 14 crossings on Thursday.", SOURCE),
        ("Line 4 cancelled 41 crossings on Thursday.", SOURCE),
        ("Nobody was hurt.", SOURCE),
    ]
    judged(judge, claims, [SUPPORTED] * 3)

    asked = [[claim.text for claim in call] for _, call in judge.asked]
    assert asked == [[claims[0][0], claims[2][0]], [claims[1][0]]]


def test_severer_verdicts_score_lower():
    order = [
        VerdictLabel.SUPPORTED,
        VerdictLabel.PARTLY,
        VerdictLabel.UNSUPPORTED,
        VerdictLabel.CONTRADICTED,
    ]
    scores = [
        judged(OneWordJudge(said), [("A", SOURCE)], [SUPPORTED])[0]["judge"] for said in order
    ]
    assert scores == sorted(scores, reverse=True) and len(set(scores)) == len(order)
