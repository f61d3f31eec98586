"""Names, speakers and sides."""

import pytest

from summarizer.domain.claims import Kind, Stance
from summarizer.domain.sections import Layout
from summarizer.drafting import prompts
from summarizer.drafting.extractive.claim_kinds import fitting, kind_of
from summarizer.drafting.extractive.context import gather
from summarizer.drafting.extractive.names import bare_name, names_in
from summarizer.drafting.extractive.sides import sides
from tests.support.builders import a_pack, an_item

SIDES = next(s for s in prompts.load().specs() if s.row.layout is Layout.SIDES)


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("Mr. Harlan’s", "Harlan"),
        ("Attorney General Tom Harlan", "Tom Harlan"),
        ("Secretary of State Orla Venn", "Orla Venn"),
        ("Democratic National Committee", "Democratic National Committee"),
        ("On Friday", ""),
        ("President", ""),
    ],
)
def test_a_name_is_bared_of_titles_and_common_words(phrase, name):
    assert bare_name(phrase) == name


def test_an_organisation_keeps_the_words_that_join_its_name():
    text = "the Department of Health and Human Services and the Bank of Leeds agreed"
    assert names_in(text) == ["Department of Health and Human Services", "Bank of Leeds"]


@pytest.mark.parametrize(
    ("sentence", "actor"),
    [
        ("Ana Ruiz, a spokesperson for the port, said the gates were safe.", "Ana Ruiz"),
        ("“The gates are safe,” said Ana Ruiz.", "Ana Ruiz"),
        ("The gates are safe, according to Ana Ruiz.", "Ana Ruiz"),
        ("A spokesperson for Halden Line said the gates were safe.", "Halden Line"),
        ("A Halden Line spokeswoman said the gates were safe.", "Halden Line"),
        ("Critics said the gates were not safe at any time.", "Critics"),
        ("The gates were opened by Ana Ruiz on Friday.", None),
        ("Some in the Halden Group said that the gates were safe.", None),
    ],
)
def test_the_speaker_is_who_stands_at_the_verb_of_saying(sentence, actor):
    (said,) = gather(a_pack(an_item("a1", sentence))).speeches
    assert (said.actor if said else None) == actor


@pytest.mark.parametrize(
    ("before", "text", "told"),
    [
        ("Mayor Ana Ruiz ran the port for two years.",
         "Her deputy, Tom Vance, said the gates were safe.",
         "Ana Ruiz's deputy, Tom Vance, said the gates were safe."),
        ("The consumer group SafeTable said the gates were closed.",
         '"Every day counted," said its director, Ana Ruiz.',
         '"Every day counted," said SafeTable\'s director, Ana Ruiz.'),
        # Two persons; no subject; a person for "it".
        ("Tom Vance told Ana Ruiz that the gates broke the law.",
         "His lawyer, Karl Weil, said it was so.",
         None),
        ("The gates were opened by Ana Ruiz on Friday.",
         "Her lawyer, Karl Weil, said it was so.", None),
        ("Ana Ruiz said the gates were closed.", "Its lawyer, Karl Weil, said it was so.", None),
    ],
)  # fmt: skip
def test_a_pronoun_of_the_subject_before_it_is_told_by_name_and_cites_it(before, text, told):
    first = gather(
        a_pack(an_item("a1", f"The port said Ruiz and Mr Vance had left.\n{before}\n{text}"))
    )
    second = first.sentences[-1]
    assert second.text == (told or text)
    assert len(second.cites) == (2 if told else 1)


def test_he_said_means_the_one_speaker_of_the_sentence_before_and_cites_it():
    item = an_item(
        "a1",
        "Tom Vance, a lawyer, said the gates broke the law.\n"
        "He said the port should pay for every lost hour.",
    )
    _, second = gather(a_pack(item)).speeches
    assert second is not None
    assert (second.actor, second.cites, second.by_pronoun) == ("Tom Vance", ("a1.1",), True)


def test_a_surname_is_not_that_of_somebody_named_in_full_after_it():
    text = (
        "President Ruiz said the gates were closed.\nAna Ruiz, a singer, met him for tea.\n"
        '"They were never safe at all," Ruiz said.'
    )
    last = gather(a_pack(an_item("a1", text))).speeches[-1]
    assert last is not None
    assert last.actor == "Ruiz"


def test_a_surname_is_shown_in_full_and_cites_where_it_is_spelled_out():
    item = an_item(
        "a1",
        "Tom Vance accused Halden Line of ignoring the law on ticket gates.\n"
        "The gates were bought in March.\n"
        "“Halden Line failed to test the gates and was reckless,” Vance said.",
    )
    material = gather(a_pack(item))
    written = sides(material, SIDES, [])
    assert [w.claim.actor for w in written] == ["Tom Vance"]
    assert "a1.1" in written[0].claim.cites


CONTROVERSY = (
    an_item(
        "a1",
        "The passengers' group Landfall accused Halden Line on Friday of ignoring warnings.\n"
        "“Halden Line put people in danger and should pay,” said Tom Vance of Landfall.\n"
        "Halden Line denied that it had been warned about the gates.\n"
        "“We tested the update for two days,” said Ana Ruiz, a spokesperson for Halden Line.\n"
        "The Harbour Safety Authority said it was reviewing the log of the gates.\n"
        "Halden Line did not respond to a second request for comment.",
    ),
)


@pytest.mark.parametrize(
    ("text", "sides_"),
    [
        ("A former clerk alleges that Tolven Grain hid 400 tons of grain.\n"
         "Tolven Grain said it sells grain in four towns.", {"Tolven Grain": "defends"}),
        ("The nurses' union sued the Harrow Clinic over unpaid wages.\n"
         "“We paid what the law asks for,” said Jon Orr, a lawyer for the nurses' union.",
         {"The nurses' union": "accuses"}),
        ("Acme admitted that it failed to report the unsafe gates in time.", {"Acme": "admits"}),
        ("Mayor Ada Lorn argued against the sale of the gates to Acme, and said so.",
         {"Ada Lorn": "objects"}),
        ("Researchers at Colmere University accused Acme of training on private letters.",
         {"Colmere University": "accuses"}),
        ("Corin Hathersage, the lead plaintiff, said the gates had cost him a year.",
         {"Corin Hathersage": "accuses"}),
        ("The Harbour Safety Authority ordered Halden Line to close the gates at once.",
         {"Harbour Safety Authority": "decides"}),
        ("“The sale of the gates is reckless,” said Tom Vance, a campaigner, on Friday.",
         {"Tom Vance": "objects"}),
        ("Tom Vance accused Halden Line of ignoring the law, Halden Line said on Friday.", {}),
    ],
)  # fmt: skip
def test_an_actor_has_the_position_that_the_evidence_tells(text, sides_):
    written = sides(gather(a_pack(an_item("a1", text))), SIDES, [])
    found = {w.claim.actor: w.claim.position for w in written}
    assert {actor: found.get(actor) for actor in sides_} == sides_


def test_nobody_stands_under_an_accusation_against_itself():
    written = sides(gather(a_pack(*CONTROVERSY)), SIDES, [])
    under = {w.claim.actor: w.claim.text for w in written}
    assert "accused Halden Line" not in under.get("Halden Line", "")


def test_critics_come_first_then_the_defender_once_then_the_neutral():
    written = sides(gather(a_pack(*CONTROVERSY)), SIDES, [])
    stances = [w.claim.stance for w in written]
    assert stances == sorted(stances, key=[Stance.CRITIC, Stance.DEFENDER, Stance.NEUTRAL].index)
    defenders = [w.claim for w in written if w.claim.stance is Stance.DEFENDER]
    assert len(defenders) == 1
    assert defenders[0].actor in ("Halden Line", "Ana Ruiz")
    assert "Harbour Safety Authority" in {w.claim.actor for w in written}


def test_who_admits_a_fault_is_no_critic():
    item = an_item("a1", "Acme admitted that it failed to report the unsafe gates in time.")
    (written,) = sides(gather(a_pack(item)), SIDES, [])
    assert (written.claim.actor, written.claim.stance) == ("Acme", Stance.NEUTRAL)


def test_a_silence_is_nobodys_side():
    written = sides(gather(a_pack(*CONTROVERSY)), SIDES, [])
    assert not any("did not respond" in w.claim.text for w in written)


def test_a_statement_speaks_for_its_organisation_and_a_post_for_its_author():
    statement = an_item(
        "a1", "We take this seriously and deny any fault.", platform="statement", outlet="Acme"
    )
    post = an_item("a2", "I think Acme was wrong to sell the gates.", platform="x", author="Jo Ray")
    written = sides(gather(a_pack(statement, post)), SIDES, [])
    assert {(w.claim.actor, w.claim.stance) for w in written} == {
        ("Acme", Stance.DEFENDER),
        ("Jo Ray", Stance.CRITIC),
    }


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Acme denied the claim.", Kind.DENIAL),
        ("Ruiz accused Acme of lying.", Kind.ALLEGATION),
        ("Judge Gantry dismissed two of the four claims.", Kind.FACT),
        ("Ruiz said Acme should pay.", Kind.OPINION),
        ("Acme closed a plant.", Kind.FACT),
        ("“We think the fine is right,” Ruiz said.", Kind.OPINION),
        ("Ruiz condemned the closure, Acme said.", Kind.OPINION),
        ("The port office said in a decision that Acme should have reported it.", Kind.FACT),
        ("The court ruled that Acme must pay, Ruiz said.", Kind.FACT),
        ("Ruiz died of heart failure, her family said.", Kind.FACT),
        ("The leak was the worst in ten years, Acme said.", Kind.FACT),
        ("About 90 crew hope to leave by Friday, Acme said.", Kind.FACT),
        ("Acme called on Leeds to close the road, Ruiz said.", Kind.FACT),
    ],
)
def test_a_sentence_is_of_the_kind_that_its_cue_words_say(text, kind):
    assert kind_of(text) is kind


def test_a_kind_that_a_section_does_not_hold_falls_back_to_one_it_does_or_to_none():
    assert fitting(Kind.DENIAL, (Kind.FACT,)) is Kind.FACT
    assert fitting(Kind.FACT, (Kind.PREDICTION,)) is None
