"""The summary of an incident: who speaks, where it stood, and what is missing."""

from summarizer.domain.absences import NEEDS_MODEL, Absence, AbsenceReason
from summarizer.domain.claims import CheckedClaim, Claim, Kind, Stance
from summarizer.domain.drafts import Draft, Section
from summarizer.incidents import entities
from tests.support import builders
from tests.support.builders import a_pack, an_item, checked

PACK = a_pack(
    an_item(
        "a1",
        "The Averland Data Commission (ADC) opened an inquiry.\nBrandvold said no.\n"
        "It named Stratoquay Power.",
    ),
    an_item("a2", "The ADC fined the firm, Averland said.", origin="a1", outlet="The Evening"),
    an_item(
        "a3", "Odile Brandvold of Quillhaven said no.", platform="x", outlet=None, author="Kim"
    ),
)


NOBODY_SAYS = Absence(reason=AbsenceReason.NOTHING_FOUND, words="Nobody says what comes next.")


def shown(text: str, **fields: object) -> CheckedClaim:
    return checked(text, "a1.1", **fields)


def a_draft(*claims: CheckedClaim) -> Draft:
    return builders.a_draft(
        Section(key="sides", shown=claims),
        Section(key="plain_language", abstained=NEEDS_MODEL),
        Section(key="forecast", abstained=NOBODY_SAYS),
        evidence=PACK,
    )


SIDES = (
    shown("It accused Quillhaven of lying.", actor="Averland Data Commission",
          kind=Kind.ALLEGATION, stance=Stance.CRITIC),
    shown("Odile Brandvold denied it.", actor="Odile Brandvold",
          kind=Kind.DENIAL, stance=Stance.DEFENDER),
    shown("It accused Stratoquay Power of fraud.", actor="ADC", kind=Kind.ALLEGATION),
)  # fmt: skip


def test_an_actor_is_one_by_all_its_names_and_a_place_in_its_name_is_none_of_them():
    by_name = {actor.name: actor for actor in entities.of(a_draft(*SIDES)).actors}

    commission = by_name["Averland Data Commission"]
    assert commission.aliases == ("ADC",)
    assert (commission.stances, commission.kinds) == ((Stance.CRITIC,), (Kind.ALLEGATION,))
    assert by_name["Odile Brandvold"].aliases == ("Brandvold",)
    assert "ADC" not in by_name


def test_a_name_that_fits_two_actors_is_nobodys_alias():
    other = shown("Ida Brandvold agreed.", actor="Ida Brandvold")
    actors = entities.of(a_draft(*SIDES, other)).actors

    assert all("Brandvold" not in actor.aliases for actor in actors)


def test_an_accused_actor_that_answers_nowhere_is_a_gap():
    found = entities.of(a_draft(*SIDES))
    accused = {actor.name: actor.answered for actor in found.actors if actor.accused}

    assert accused["Stratoquay Power"] is False
    assert found.gaps[0].section == "forecast"
    assert "No response from Stratoquay Power was found in the sources." in [
        gap.words for gap in found.gaps
    ]
    assert {actor.answered for actor in found.actors if not actor.accused} == {None}


def test_what_an_actor_is_stands_in_the_words_of_a_source_with_its_passage():
    told = an_item("a4", "Odile Brandvold, the director of Quillhaven, denied it.", outlet="Post")
    pack = a_pack(*PACK.items, told)
    draft = a_draft(*SIDES).model_copy(update={"evidence": pack})
    actor = next(a for a in entities.of(draft).actors if a.name == "Odile Brandvold")

    (role,) = actor.roles
    assert (role.value, role.source, role.passage) == ("director of Quillhaven", "Post", "a4.1")
    assert role.text[role.start : role.end] == role.value
    assert actor.seen.value in actor.seen.text


def test_a_role_is_told_once_in_its_fullest_words_and_another_one_beside_it():
    texts = (
        "The director, Odile Brandvold, denied it on Monday.",
        "Odile Brandvold, the director of Quillhaven, denied it.",
        "Odile Brandvold, a lawyer, denied it on Monday.",
        "Ida Brandvold, a surgeon, said nothing on Monday.",
    )
    pack = a_pack(*(an_item(f"b{n}", text) for n, text in enumerate(texts)))
    cited = shown("Odile Brandvold denied it.", actor="Odile Brandvold")
    cited = cited.model_copy(
        update={"claim": cited.claim.model_copy(update={"cites": (pack.passages[2].id,)})}
    )
    (actor,) = entities.of(a_draft(cited).model_copy(update={"evidence": pack})).actors

    assert [role.value for role in actor.roles] == ["director of Quillhaven", "lawyer"]
    assert actor.seen.passage == pack.passages[2].id


def test_nobody_is_shown_whom_no_source_names():
    nobody = shown("It said so.", actor="Zelda Quine").model_copy(
        update={"claim": Claim(text="It said so.", cites=("z9.1",), actor="Zelda Quine")}
    )
    assert entities.of(a_draft(nobody)).actors == ()


def test_items_of_one_origin_are_said_to_be_one():
    pack = a_pack(an_item("a1", "It rained."), an_item("a2", "It rained.", origin="a1"))
    found = entities.of(a_draft().model_copy(update={"evidence": pack}))

    assert found.gaps[-1].words == "All 2 items repeat one text: no second origin was found."


def test_outlets_and_platforms_count_items_and_origins():
    found = entities.of(a_draft())

    assert [(p.name, p.items, p.origins) for p in found.platforms] == [("news", 2, 1), ("x", 1, 1)]
    assert [p.name for p in found.outlets] == ["Kim", "The Daily", "The Evening"]
    assert found.actors == ()
