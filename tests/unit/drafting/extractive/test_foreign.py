"""An incident told in another language has a title and points in the words of its sources."""

import pytest

from summarizer.domain.sections import Layout
from summarizer.drafting import prompts
from summarizer.drafting.extractive.drafter import ExtractiveDrafter
from tests.support.builders import NOON, a_pack, an_item, hours

ALL = prompts.load().specs()
SPECS = [s for s in ALL if s.row.layout in (Layout.HEADLINE, Layout.POINTS)]

GERMAN = (
    an_item("a1", "Die Gewerkschaft hat einen Streik der Fahrer in Orl angekündigt.",
            title="Fahrer in Orl kündigen Streik an", outlet="Orler Anzeiger", published_at=NOON),
    an_item("a2", "Die Gewerkschaft hat den Streik der Fahrer in Orl abgesagt.",
            title="Streik der Fahrer in Orl abgesagt", outlet="Orler Anzeiger",
            published_at=NOON + hours(48)),
)  # fmt: skip
ENGLISH = an_item("a3", "The drivers' union in Orl has called off its strike over pay.",
                  title="Union calls off strike in Orl", outlet="The Orl Post",
                  published_at=NOON + hours(48))  # fmt: skip


def drafted(*items):
    sections = ExtractiveDrafter().draft(a_pack(*items), SPECS, lambda _: None).sections
    return [[claim.text for claim in section.claims] for section in sections]


def test_the_headline_of_the_newest_day_is_the_title_and_its_lead_is_quoted():
    title, points = drafted(*GERMAN)
    assert title == ["Streik der Fahrer in Orl abgesagt"]
    (point,) = points
    assert point.endswith(
        'Orler Anzeiger wrote: "Die Gewerkschaft hat den Streik der Fahrer in Orl abgesagt."'
    )
    assert point.startswith("On ")


def test_what_is_told_in_english_comes_first():
    title, _ = drafted(*GERMAN, ENGLISH)
    assert "strike" in title[0]


@pytest.mark.parametrize("headline", ["Abgesagt", "Wird der Streik der Fahrer in Orl abgesagt?",
                                      "Wetter im Norden: Regen und viel Wind"])  # fmt: skip
def test_a_label_a_question_and_what_the_text_does_not_carry_are_no_title(headline):
    title, _ = drafted(GERMAN[1].model_copy(update={"title": headline}))
    assert title == []


def test_the_first_sentence_of_each_day_is_quoted_with_its_day():
    _, points = drafted(
        GERMAN[0],
        GERMAN[1].model_copy(
            update={"text": "Der Bürgermeister von Orl dankte allen Beteiligten."}
        ),
    )
    assert [point.partition(",")[0] for point in points] == ["On May 1", "On May 3"]


@pytest.mark.parametrize(
    ("text", "actor", "office", "stance"),
    [
        ("Staatsanwältin Katrin Solms warf dem Unternehmen Betrug vor.", "Katrin Solms",
         "Staatsanwältin", "critic"),
        ("Der Anwalt des Dienstes, Jonas Reimer, wies die Vorwürfe zurück.", "Jonas Reimer",
         "Anwalt des Dienstes", "defender"),
        ("La ingeniera Marta Quiroga acusó al Ayuntamiento de ignorar sus informes.",
         "Marta Quiroga", "ingeniera", "critic"),
        ("El alcalde Tomás Leiva negó las acusaciones de la ingeniera.", "Tomás Leiva", "alcalde",
         "defender"),
        ("Le chef de l'opposition, Henri Lacombe, a accusé la maire de mensonge.",
         "Henri Lacombe", "chef de l'opposition", "critic"),
    ],
)  # fmt: skip
def test_a_named_actor_stands_on_its_side_in_the_words_of_the_source(text, actor, office, stance):
    specs = [s for s in ALL if s.row.layout is Layout.SIDES]
    pack = a_pack(an_item("a1", text, outlet="Orler Anzeiger"))
    (section,) = ExtractiveDrafter().draft(pack, specs, lambda _: None).sections
    (claim,) = section.claims
    assert (claim.actor, claim.office, claim.stance) == (actor, office, stance)
    assert claim.text == f'Orler Anzeiger wrote: "{text}"'
