"""Sides: who speaks, who is heard, and with how much space."""

from __future__ import annotations

import pytest

from evals.suites.drafting import (
    sides,
)
from summarizer.domain.claims import Stance
from summarizer.domain.sections import Rule
from tests.evals.drafting.drafts import CALM, LAMPS, RECALL, SORRY, a_draft, claim, side
from tests.support.builders import a_pack, an_item

AGAIN = an_item("a2", "Quill said the factory would close for a week.\nFenn was not there.")


def test_who_speaks_in_two_origins_is_expected_among_the_sides() -> None:
    pack = a_pack(LAMPS, AGAIN)
    assert sides.speakers(a_draft(pack=pack)) == ["Mara Quill"]
    with_her = a_draft(side("Quill", SORRY, "a1.2"), rule=Rule.ONE_ACTOR, pack=pack)
    without = a_draft(side("Odo Fenn", CALM, "a1.3"), rule=Rule.ONE_ACTOR, pack=pack)
    assert sides.sides_actors(with_her) == 1
    assert sides.sides_actors(without) == 0
    assert sides.unheard(without) == ["Mara Quill"]


def test_copies_of_one_item_are_one_origin() -> None:
    copied = an_item("a2", AGAIN.text, origin="a1")
    assert sides.sides_actors(a_draft(pack=a_pack(LAMPS, copied))) is None


@pytest.mark.parametrize(
    ("actor", "count"),
    [("Mara Quill", 0), ("Brightwell", 0), ("The Daily", 0), ("Petra Vance", 1), ("Mara Vance", 1)],
)
def test_an_actor_whom_no_source_names_is_invented(actor: str, count: float) -> None:
    found = a_draft(side(actor, SORRY, "a1.2"), rule=Rule.ONE_ACTOR)
    assert sides.sides_invented(found) == count
    assert sides.invented(found) == ([actor] if count else [])


def test_without_sides_none_is_invented_and_none_takes_space() -> None:
    assert sides.sides_invented(a_draft(claim(RECALL, "a1.1"))) is None
    assert sides.sides_space(a_draft(claim(RECALL, "a1.1"))) is None


def test_space_compares_shares_of_words() -> None:
    pack = a_pack(an_item("a1", "Ann Ives said it was bad.\nBo Lund said all was well."))
    even = [
        side("Ann Ives", "one two three", "a1.1"),
        side("Bo Lund", "one two three", "a1.2", stance=Stance.DEFENDER),
    ]
    uneven = [even[0], side("Bo Lund", "word " * 9, "a1.2", stance=Stance.DEFENDER)]
    assert sides.sides_space(a_draft(*even, rule=Rule.ONE_ACTOR, pack=pack)) == pytest.approx(0)
    assert sides.sides_space(a_draft(*uneven, rule=Rule.ONE_ACTOR, pack=pack)) == pytest.approx(
        9 / 12 - 1 / 2
    )


def test_an_origin_that_no_shown_claim_cites_is_not_heard() -> None:
    found = a_draft(claim(RECALL, "a1.1"), pack=a_pack(LAMPS, AGAIN))
    assert sides.outlets_cited(found) == 1 / 2
