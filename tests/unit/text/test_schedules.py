"""Sentences that announce a step."""

import pytest

from summarizer.text.schedules import announces, announces_day


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


ANNOUNCED = """
    Helvik has until 3 May to answer.
    On 3 May the court will hear the appeal.
    Councillors vote on the permit on 3 May.
    Lawmakers have summoned the chief executive, Olan Breck, for 3 May.
    Orban was given until 3 May to explain where the money went.
    The current contract expires on 3 May.
    The company said the refinery would stay shut until 3 May.
    Refunds are to be paid by 3 May.
    The next meeting of the council is on 3 May.
    Acme agreed to sell its mines by 3 May.
    The court has scheduled a hearing for 3 May.
    The hearing, scheduled for 3 May, is public.
    A ruling is expected by 3 May.
    The council set a deadline of 3 May.
    Shareholders will vote on the sale on 3 May, which could cost Acme $3 billion.
    The judge ordered Acme to empty the lake by 3 May.
    The trial, which opens on 3 May, will last a week.
""".strip().splitlines()
NOT_ANNOUNCED = """
    Acme hopes to sell its mines by 3 May.
    The union asked the court to rule by 3 May.
    Acme may close the works on 3 May.
    Acme did not set a hearing for 3 May.
    Acme denied that it will close on 3 May.
    If the court rules on 3 May, the mine will close.
    It is unclear whether the court will rule on 3 May.
    Acme was fined on 3 May.
    Acme could be closed by 3 May.
    Critics want it closed by 3 May.
    Residents called for a vote on 3 May.
    Acme would close on 3 May.
    The union threatened to strike on 3 May.
    Acme will not open on 3 May.
    Acme is considering a sale by 3 May.
    The works at 3 May.
""".strip().splitlines()


@pytest.mark.parametrize("text", [*map(str.strip, ANNOUNCED)])
def test_the_grammar_of_its_clause_announces_a_day(text: str) -> None:
    assert announces_day(text, text.index("3 May"))


@pytest.mark.parametrize("text", [*map(str.strip, NOT_ANNOUNCED)])
def test_a_wish_a_doubt_and_a_past_deed_announce_no_day(text: str) -> None:
    assert not announces_day(text, text.index("3 May"))
