"""Actors of sides: names that the sources use, of whom they say what is said."""

import pytest

from summarizer.domain.claims import Position
from summarizer.verification.checks import side_actors
from summarizer.verification.evidence import EvidenceIndex
from tests.support.builders import a_pack, an_item

LIBRARY = EvidenceIndex(
    a_pack(
        an_item(
            "a1",
            "Marta Ruiz, who runs Meridian, denied any fault.\n"
            "“We saw smoke,” said two workers of the plant.\n"
            "Meridian bribed Otto Lund, the chief inspector.\n"
            "Meridian was fined after a fire that nobody reported in 2024.",
            outlet="Fennmoor Notes",
        ),
        an_item("a2", "Our robots never caught fire.", outlet="Meridian"),
        an_item("a3", "Ms. Ruiz called the report false.\nThe judge set the trial for 4 May."),
    )
)


@pytest.mark.parametrize(
    ("actor", "cite"),
    [
        ("Marta Ruiz", "a1.1"), ("Ruiz", "a1.1"), ("Two workers of the plant", "a1.2"),
        ("Otto Lund, chief inspector", "a1.3"), ("Fennmoor Notes", "a1.3"),
        ("Meridian spokesperson", "a1.1"), ("Marta Ruiz", "a3.1"),
    ],
)  # fmt: skip
def test_a_name_from_the_cited_item_is_an_actor(actor, cite):
    assert side_actors.unnamed(actor, LIBRARY.grounds([cite])) is None


@pytest.mark.parametrize(
    ("actor", "cite", "reason"),
    [
        ("Tom Hale", "a1.1", "don't name"),
        ("Meridian, guilty of arson", "a1.1", "guilty"),
        ("Marta Ruiz", "a2.1", "don't name"),
        ("Meridian bribed Otto Lund", "a1.3", "states nothing"),
        ("Meridian was fined", "a1.4", "states nothing"),
        ("Meridian stole the plant", "a1.2", "stole"),
        ("Kestrel AI", "a1.1", "don't name"),
        ("Greta Ruiz", "a3.1", "greta"),
        ("Otto Ruiz", "a3.1", "otto"),
        ("Otto Lund of the plant and two workers of Meridian and Fennmoor Notes", "a1.3", "states"),
    ],
)
def test_an_actor_that_is_no_name_from_its_item_or_states_something_fails(actor, cite, reason):
    assert reason in (side_actors.unnamed(actor, LIBRARY.grounds([cite])) or "")


@pytest.mark.parametrize(
    ("actor", "cite", "speaks"),
    [
        ("Marta Ruiz", "a1.1", True), ("Two workers", "a1.2", True), ("Meridian", "a2.1", True),
        ("Fennmoor Notes", "a1.3", True), ("Meridian", "a1.3", False),
        ("Otto Lund", "a1.3", False),
    ],
)  # fmt: skip
def test_a_side_needs_a_passage_in_which_somebody_speaks(actor, cite, speaks):
    assert (side_actors.unheard(actor, LIBRARY.grounds([cite])) is None) is speaks


@pytest.mark.parametrize(
    ("position", "decides"),
    [(Position.DECIDES, True), (Position.COMMENTS, False), (None, False)],
)
def test_who_decides_acts_and_need_not_speak(position, decides):
    set_a_day = LIBRARY.grounds(["a3.2"])
    assert (side_actors.unheard("Otto Lund", set_a_day, position) is None) is decides


def test_who_decides_is_no_side_where_the_passage_tells_of_another_act():
    bribed = LIBRARY.grounds(["a1.3"])
    assert side_actors.unheard("Meridian", bribed, Position.DECIDES)


@pytest.mark.parametrize(
    ("office", "cite", "stands"),
    [
        ("chief inspector", "a1.3", True),
        ("Chief Inspector", "a1.1", True),
        ("who runs Meridian", "a1.1", True),
        ("chief executive", "a1.1", False),
        ("chief inspector", "a2.1", True),
        ("blog", "a2.1", True),
        ("podcast", "a2.1", False),
        ("the", "a1.1", False),
        (
            "inspector who bribed the plant after a fire at the plant, after a fire at the plant",
            "a1.3",
            False,
        ),
    ],
)
def test_an_office_is_in_the_words_of_the_evidence(office, cite, stands):
    assert (side_actors.no_office(office, LIBRARY.grounds([cite]), ["blog"]) is None) is stands


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ("Meridian", None),
        ("Fennmoor Notes", None),
        ("Kestrel AI", "doesn't name"),
        ("marta ruiz ", "does not answer"),
        ("Meridian and Otto Lund and two workers of the plant and its robots", "nothing is stated"),
    ],
)
def test_whom_an_actor_answers_is_somebody_else_in_the_evidence(other, reason):
    found = side_actors.no_party(other, "Marta Ruiz", LIBRARY.grounds(["a1.1"]))
    assert found is None if reason is None else reason in (found or "")
