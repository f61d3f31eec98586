import pytest

from summarizer.domain.claims import CheckedClaim, Kind, Stance
from summarizer.verification import right_of_reply
from tests.support.builders import a_pack, an_item, checked

ACCUSED = "The union accuses Meridian of withholding wages."


def shown(text: str, kind: Kind, actor: str, stance: Stance = Stance.CRITIC) -> CheckedClaim:
    return checked(text, "a1.1", kind=kind, actor=actor, stance=stance)


ALLEGATION = shown(ACCUSED, Kind.ALLEGATION, "The union")


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (ACCUSED, "No response from Meridian was found in the sources."),
        (f"{ACCUSED}\nMeridian declined to comment.",
         "Meridian declined to comment, according to the sources."),
        (f"{ACCUSED}\nMeridian did not respond to questions.",
         "Meridian had not commented when the sources were published."),
        (f"{ACCUSED}\nMeridian said the claim is false.", None),
        (f"{ACCUSED}\nMeridian denies it.", None),
        (f'{ACCUSED}\n"It is false," said Meridian.', None),
    ],
)  # fmt: skip
def test_the_reply_meter_says_what_the_sources_hold(text: str, note: str | None) -> None:
    found = right_of_reply.notes([ALLEGATION], a_pack(an_item("a1", text)))
    assert found == (() if note is None else (note,))


def test_a_shown_denial_is_a_reply() -> None:
    denial = shown("It calls this untrue.", Kind.DENIAL, "Meridian", Stance.DEFENDER)
    assert right_of_reply.notes([ALLEGATION, denial], a_pack(an_item("a1", ACCUSED))) == ()


def test_an_item_of_the_accused_is_a_reply() -> None:
    pack = a_pack(an_item("a1", ACCUSED), an_item("a2", "All is well.", author="Meridian"))
    assert right_of_reply.notes([ALLEGATION], pack) == ()


def test_nobody_is_accused_without_an_allegation() -> None:
    opinion = shown("The union dislikes Meridian.", Kind.OPINION, "The union")
    assert right_of_reply.accused([opinion]) == ()


def test_a_defender_that_an_allegation_names_is_accused_once() -> None:
    other = shown("Hale accuses Meridian Robotics of lies.", Kind.ALLEGATION, "Hale")
    side = shown("It calls this untrue.", Kind.OPINION, "Meridian", Stance.DEFENDER)
    assert len(right_of_reply.accused([ALLEGATION, other, side])) == 1
