"""Which sentences tell of consequences."""

import pytest

from summarizer.drafting.extractive.effects import ENOUGH, effect


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
        # Views, hopes and events without a consequence.
        ("Ana Ruiz said that she was disappointed by the ruling.", False),
        ("Critics hope that the court will cancel the ferry.", False),
        ("The mayor opened the old harbour with a speech.", False),
        ("The ferry was built in 2016 by a firm in Leeds.", False),
    ],
)
def test_amounts_and_decisions_matter_and_reactions_do_not(text, matters):
    assert (effect(text) >= ENOUGH) is matters
