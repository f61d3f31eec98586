"""Sentences that announce a step."""

import pytest

from summarizer.text.schedules import announces


@pytest.mark.parametrize(
    ("text", "is_step"),
    [
        ("The council will vote on 3 May.", True),
        ("The hearing is due on 5 May.", True),
        ("The court moved the hearing from 14 April to 5 May.", True),
        ("The court moved to Orl on 5 May.", False),
        ("The council may vote on 3 May.", False),
        ("The council voted on 3 May.", False),
    ],
)
def test_a_step_is_announced_or_moved_and_not_only_possible(text: str, is_step: bool) -> None:
    assert announces(text) is is_step
