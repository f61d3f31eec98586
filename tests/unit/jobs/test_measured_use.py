"""What is set aside for a draft, by what recent drafts used."""

import math

import pytest

from summarizer.domain.drafts import Usage
from summarizer.domain.usage import DraftUse
from summarizer.jobs.measured_use import ENOUGH, Estimate, percentile

ESTIMATE = Estimate(
    model="m", calls=4, prompt_tokens=1_000, evidence_tokens=9_000, answer_tokens=8_000
)
USED = Usage(
    calls=2, input_tokens=500, cache_write_tokens=1_500, cache_read_tokens=4_000, output_tokens=900
)


def drafts(*found: DraftUse, times: int = ENOUGH) -> list[DraftUse]:
    return [*found] * times


def use(evidence: int = 2_000, **changed: int) -> DraftUse:
    return DraftUse(usage=USED.model_copy(update=changed), evidence=evidence)


def test_the_start_value_holds_until_there_are_enough_drafts():
    start = Usage(calls=4, input_tokens=4 * 3_000, output_tokens=4 * 2_000)
    assert ESTIMATE.of(2_000) == start
    assert ESTIMATE.of(2_000, drafts(use(), times=ENOUGH - 1)) == start
    assert ESTIMATE.of(2_000, drafts(use())) == USED


@pytest.mark.parametrize(("evidence", "share"), [(0, 1 / 3), (5_000, 2), (60_000, 10 / 3)])
def test_what_is_sent_grows_with_the_evidence_up_to_a_whole_pack(evidence, share):
    found = ESTIMATE.of(evidence, drafts(use()))
    assert found.cache_read_tokens == math.ceil(share * 4_000)
    assert found.input_tokens == math.ceil(share * 500)
    assert found.output_tokens == 900


def test_one_draft_in_ten_may_have_used_more():
    rare = use(cache_read_tokens=90_000, output_tokens=7_000)
    assert ESTIMATE.of(2_000, [*drafts(use(), times=9), rare]) == USED
    often = ESTIMATE.of(2_000, [*drafts(use(), times=9), rare, rare])
    assert (often.cache_read_tokens, often.output_tokens) == (90_000, 7_000)


def test_without_a_model_nothing_is_set_aside():
    assert Estimate().of(2_000, drafts(use())) == Usage()


@pytest.mark.parametrize(
    ("answers", "tokens"), [([], 2_000), ([10] * 4, 2_000), ([10] * 5, 10), ([9] * 9 + [70], 9)]
)
def test_an_answer_is_measured_like_a_draft(answers, tokens):
    assert ESTIMATE.answer(answers) == tokens


@pytest.mark.parametrize(("count", "found"), [(1, 1), (5, 5), (10, 9), (50, 45)])
def test_nine_in_ten_do_not_exceed_the_percentile(count, found):
    assert percentile(range(1, count + 1), float) == found
