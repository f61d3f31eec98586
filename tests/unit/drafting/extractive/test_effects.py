"""Which sentences tell of consequences."""

import pytest

from summarizer.drafting.extractive.effects import ENOUGH, SOME, decides_next, effect


@pytest.mark.parametrize(
    ("text", "matters"),
    [
        # Amounts that somebody lost, pays or may have to pay.
        ("Halden Line lost $19 million in sales.", True),
        ("Halden Line said that its passengers had lost $19 million.", True),
        ("The number of passengers has fallen by about 9 percent.", True),
        ("The port office can fine a ferry company up to 4 percent of its revenue.", True),
        # Decisions of an institution that change somebody's lot.
        ("The court banned the ferry from the harbour.", True),
        # Who decides next, the law at stake, what many depend on.
        ("The council will vote on the ferry in May.", True),
        ("The hearing is set for 3 May.", True),
        ("Under the Harbour Act owners must be heard before a ferry is sold.", True),
        ("The harbour handles a third of the island's freight.", True),
        ("The storm displaced 40 families.", True),
        ("About 60 workers were sent home.", True),
        ("The port office sent 60 letters.", False),
        ("The plant makes a third of the baby food sold in the country.", True),
        # Demands, views, hopes and events without a consequence.
        ("Ana Ruiz said that she was disappointed by the ruling.", False),
        ("Critics hope that the court will cancel the ferry.", False),
        ("The union demands a raise of 9 percent.", False),
        ("The owners ask for at least $48 million.", False),
        ("The mayor opened the old harbour with a speech.", False),
        ("The ferry was built in 2016 by a firm in Leeds.", False),
    ],
)
def test_amounts_and_decisions_matter_and_reactions_do_not(text, matters):
    assert (effect(text) >= ENOUGH) is matters


@pytest.mark.parametrize(
    ("text", "next_"),
    [
        ("The council will vote on the ferry in May.", True),
        ("The owners have until 3 May to appeal.", True),
        ("The council voted on the ferry.", False),
        ("The ferry will flood.", False),
        ("The court ruled that only the harbour may regulate ferries.", False),
    ],
)
def test_what_will_be_decided_is_told_apart_from_what_was(text, next_):
    assert decides_next(text) is next_


def test_a_sum_asked_for_is_at_stake_and_a_wish_is_not():
    assert effect("The owners ask for at least $48 million.") == SOME
    assert effect("The owners ask for more ferries.") == 0.0
