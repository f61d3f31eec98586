"""Plans that a later sentence calls off or moves, and other uses of the same verbs."""

import pytest

from summarizer.text.called_off import calls_off, is_called_off, moves_to, overtakes, refuses

OVERTAKEN = [
    ("Norda will launch the probe on 20 February.",
     "Norda cancelled the launch of the probe planned for 20 February."),
    ("A judge will hear the case on 14 April.",
     "The court moved the hearing of the case from 14 April to 5 May."),
    ("Drivers will strike on 11 December.", "The union called off the strike of 11 December."),
    ("The ministry will ban flavoured vapes from 1 May.",
     "The ministry put back the ban on flavoured vapes to 1 October."),
    ("Senator Mora will resign on 30 June.", "Mora said on Saturday that she would not resign."),
    ("Ferrant will close the works at Gorse.",
     "Ferrant dropped its plan to close the works at Gorse."),
]  # fmt: skip
STANDS = [
    ("All shuttles must stay in the depot until their brake software is replaced.",
     "The fault in the software of the brakes delayed braking by 2.4 seconds."),
    ("The council will vote on the tram on 3 May.", "The council cancelled a contract for paint."),
    ("The council will vote on the tram on 3 May.",
     "Residents asked the council to postpone the vote on the tram on 3 May."),
    ("Norda will launch the probe on 20 February.", "Norda moved to Orl to build the probe."),
    ("Norda will launch the probe on 20 February.",
     "Norda may cancel the launch of the probe planned for 20 February."),
    ("Senator Mora will resign on 30 June.", "Mora would not comment."),
    ("Mara Ferries will close its Torvald route on 30 September after a fire.",
     "The hearing on the Mara Ferries fire was postponed from 22 September to 12 October."),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "later"), OVERTAKEN)
def test_a_plan_is_overtaken_by_what_calls_it_off_or_moves_it(plan: str, later: str) -> None:
    assert overtakes(later, plan)


@pytest.mark.parametrize(("plan", "later"), STANDS)
def test_a_plan_stands_beside_what_calls_off_something_else_or_nothing(
    plan: str, later: str
) -> None:
    assert not overtakes(later, plan)


def test_of_the_days_of_a_moved_plan_the_later_one_stands() -> None:
    text = "Livewell postponed the concert from 9 July to 12 September."
    old, new = text.index("9 July"), text.index("12 September")
    assert (is_called_off(text, old), moves_to(text, old)) == (True, False)
    assert (is_called_off(text, new), moves_to(text, new)) == (False, True)


def test_a_refusal_calls_nothing_off_by_itself() -> None:
    assert refuses("Mora said that she would not resign.")
    assert not calls_off("Mora said that she would not resign.")
