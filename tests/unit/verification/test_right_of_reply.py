"""What a page shows of accusations stands with what the evidence holds of replies."""

import pytest

from summarizer.domain.claims import CheckedClaim, Kind, Stance
from summarizer.domain.drafts import Section
from summarizer.domain.sections import ROWS, Limits, SectionSpec
from summarizer.verification import right_of_reply
from tests.support import builders
from tests.support.builders import a_pack, an_item, checked

ACCUSED = "The union accuses Meridian of withholding wages."
LIMITS = Limits(version=1, max_claims=9, max_words=60, kinds=tuple(Kind), query="q")
SPECS = [SectionSpec(key=key, row=row, limits=LIMITS) for key, row in ROWS.items()]


def shown(text: str, *cites: str, **fields: object) -> CheckedClaim:
    return checked(text, *(cites or ("a1.1",)), **fields)


ALLEGATION = shown(ACCUSED, kind=Kind.ALLEGATION, actor="The union", stance=Stance.CRITIC)
DENIAL = shown("It calls this untrue.", kind=Kind.DENIAL, actor="Meridian")


def paired(text: str, *sections: Section) -> dict[str, Section]:
    found = right_of_reply.paired(sections, a_pack(an_item("a1", text)), SPECS)
    return {section.key: section for section in found}


@pytest.mark.parametrize(
    ("reply", "note"),
    [
        ("", "No response from Meridian was found in the sources."),
        ("Meridian declined to comment.",
         "Meridian declined to comment, as a source reports."),
        ("Meridian did not respond to questions.",
         "Meridian had not commented when the sources were published."),
        ("Meridian said the claim is false.",
         "Meridian answers, in the words of a source: “Meridian said the claim is false.”"),
        ("Meridian denies it.",
         "Meridian answers, in the words of a source: “Meridian denies it.”"),
        ('"It is false," said Meridian.',
         'Meridian answers, in the words of a source: “"It is false," said Meridian.”'),
    ],
)  # fmt: skip
def test_an_accusation_stands_with_what_the_sources_hold_of_a_reply(reply: str, note: str) -> None:
    text = f"{ACCUSED}\n{reply}".strip()
    assert paired(text, Section(key="sides", shown=(ALLEGATION,)))["sides"].notes == (note,)


def test_a_shown_reply_needs_no_note() -> None:
    text = f"{ACCUSED}\nMeridian denies it."
    together = paired(text, Section(key="sides", shown=(ALLEGATION, DENIAL)))
    assert together["sides"].notes == ()
    apart = paired(
        text, Section(key="key_points", shown=(ALLEGATION,)), Section(key="sides", shown=(DENIAL,))
    )
    assert [section.notes for section in apart.values()] == [(), ()]


def test_a_section_that_lost_the_reply_has_it_in_the_words_of_the_source() -> None:
    text = f"{ACCUSED}\nMeridian denies it."
    plain = Section(key="plain_language", shown=(ALLEGATION,), withheld=(DENIAL,))
    found = paired(text, Section(key="sides", shown=(ALLEGATION, DENIAL)), plain)
    assert found["sides"].notes == ()
    (note,) = found["plain_language"].notes
    assert "Meridian denies it." in note


def test_a_denial_without_its_accusation_stands_with_the_words_of_it() -> None:
    text = f"{ACCUSED}\nMeridian denies the accusation."
    denial = shown("Meridian denies the accusation.", "a1.2")
    (note,) = paired(text, Section(key="key_points", shown=(denial,)))["key_points"].notes
    assert note == f"Meridian answers this: “{ACCUSED}”"


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("Meridian denies the accusation.", False),
        ("Meridian rejected the allegations as nonsense.", False),
        ("Meridian denies that it withheld wages.", True),
        ('Meridian denied the claim: "We paid every hour."', True),
    ],
)
def test_a_denial_of_what_nobody_tells_is_withheld(text: str, stands: bool) -> None:
    found = paired(text, Section(key="key_points", shown=(shown(text),)))["key_points"]
    assert bool(found.shown) is stands
    reasons = [f.reason for c in found.withheld for f in c.verdict.failures]
    assert reasons == ([] if stands else [right_of_reply.ORPHAN])
    assert (found.abstained is None) is stands


def test_an_editors_denial_stays() -> None:
    kept = shown("Meridian denies the accusation.").model_copy(update={"edited_by": "Kim"})
    found = paired("Meridian denies the accusation.", Section(key="key_points", shown=(kept,)))
    assert found["key_points"].shown == (kept,)


def test_a_note_stands_once_with_the_sides_and_never_with_the_title() -> None:
    sections = [Section(key=key, shown=(ALLEGATION,)) for key in ("title", "key_points", "sides")]
    found = paired(ACCUSED, *sections)
    assert [len(section.notes) for section in found.values()] == [0, 0, 1]
    assert list(found) == ["title", "key_points", "sides"]


def test_an_accused_actor_is_unanswered_once_by_all_its_names() -> None:
    other = shown("Hale accuses Meridian Robotics of lies.", "a1.2", kind=Kind.ALLEGATION)
    text = f"{ACCUSED}\nHale accuses Meridian Robotics of lies."
    sections = paired(text, Section(key="sides", shown=(ALLEGATION, other)))
    draft = builders.a_draft(*sections.values(), evidence=a_pack(an_item("a1", text)))
    assert right_of_reply.unanswered(draft) == (("sides", "Meridian Robotics"),)


def test_a_revision_without_stored_accusations_is_read_anew() -> None:
    section = Section(key="sides", shown=(ALLEGATION,))
    draft = builders.a_draft(section, evidence=a_pack(an_item("a1", ACCUSED)))
    assert right_of_reply.unanswered(draft) == (("sides", "Meridian"),)


def test_nobody_is_accused_without_an_accusation() -> None:
    opinion = shown("The union dislikes Meridian.", kind=Kind.OPINION, actor="The union")
    found = paired("The union dislikes Meridian.", Section(key="sides", shown=(opinion,)))
    assert (found["sides"].notes, found["sides"].accusations) == ((), ())


@pytest.mark.parametrize(
    ("accused", "asked"), [("Meridian", True), ("the nurses", True), ("two labs", False)]
)
def test_a_note_on_silence_is_of_somebody_who_can_be_told_apart(accused: str, asked: bool) -> None:
    text = f"The union accuses {accused} of withholding wages."
    found = paired(text, Section(key="key_points", shown=(shown(text),)))["key_points"]
    note = right_of_reply.NONE_FOUND.format(of=accused)
    assert (note in found.notes) is asked


@pytest.mark.parametrize(
    ("end", "noted"),
    [
        ("The union withdrew its complaint against Meridian.", True),
        ("A court cleared Meridian.", True),
        ("A court cleared Ostrel.", False),
    ],
)
def test_an_accusation_stands_with_how_it_ended(end: str, noted: bool) -> None:
    text = f"{ACCUSED}\nMeridian denies it.\n{end}"
    notes = paired(text, Section(key="sides", shown=(ALLEGATION, DENIAL)))["sides"].notes
    assert notes == ((right_of_reply.ENDED.format(words=end),) if noted else ())


@pytest.mark.parametrize(
    "end",
    [
        "The union withdrew the accusation.",
        "The union withdrew the accusation after the two sides had settled for 2 million euros.",
        "The union dropped its suit, which the two sides had settled.",
    ],
)
def test_a_note_on_an_end_says_that_it_ended_and_clears_nobody(end: str) -> None:
    (note,) = paired(f"{ACCUSED}\n{end}", Section(key="sides", shown=(ALLEGATION,)))["sides"].notes
    how = ("How the accusation against Meridian ended, in the words of a source: “{words}”",
           right_of_reply.ENDED)  # fmt: skip
    assert note in [words.format(words=end) for words in how]


def test_a_note_of_silence_goes_when_the_accused_has_answered_later() -> None:
    notes = (
        "No response from Meridian was found in the sources.",
        "Ostrel had not commented when the sources were published.",
        "Ostrel declined to comment, as a source reports.",
    )
    assert right_of_reply.still_true(notes, ["Meridian"]) == notes[1:]
    assert right_of_reply.still_true(notes, ["Ostrel"]) == (notes[0], notes[2])


@pytest.mark.parametrize(
    ("accused", "asked"), [("Meridian", True), ("some publishers", False), ("two labs", False)]
)
def test_nobody_waits_for_those_whom_nobody_can_ask(accused: str, asked: bool) -> None:
    text = f"The union accuses {accused} of withholding wages."
    section = Section(key="key_points", shown=(shown(text),))
    draft = builders.a_draft(section, evidence=a_pack(an_item("a1", text)))
    assert bool(right_of_reply.unanswered(draft)) is asked
