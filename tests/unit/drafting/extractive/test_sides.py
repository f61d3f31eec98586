"""Sides: who accuses, who defends, and who is no actor at all."""

import pytest

from summarizer.domain.claims import Kind, Stance
from summarizer.domain.sections import ROWS, Limits, SectionSpec
from summarizer.drafting.extractive import foreign
from summarizer.drafting.extractive.context import gather
from summarizer.drafting.extractive.sides import sides
from tests.support.builders import a_pack, an_item

LIMITS = Limits(version=1, max_claims=8, max_words=40, kinds=tuple(Kind), query="q")
SPEC = SectionSpec(key="sides", row=ROWS["sides"], limits=LIMITS)
FRAUD = "Prosecutors accused the dentist Olaf Reim of insurance fraud."


@pytest.mark.parametrize(
    ("text", "actor", "stance"),
    [
        ("Eleven patients sued the device maker Cardenza over a faulty pump.", "Eleven patients",
         Stance.CRITIC),
        ('"They looked away for years," said Abel Corry, attorney for the plaintiffs.',
         "Abel Corry", Stance.CRITIC),
        ('"There is no proof at all in this," said Hugo Bell, a lawyer for the defendants.',
         "Hugo Bell", Stance.DEFENDER),
        ("The widow Lea Strand won her suit against Nordal Mining.\n"
         '"They let him die in that shaft," Strand said on Monday.', "Lea Strand", Stance.CRITIC),
        (f"{FRAUD}\nReim's lawyer, Dora Venn, accused the prosecutors of hiding documents.",
         "Dora Venn", Stance.DEFENDER),
        ("Tests said that the paint held 30 times the limit.", "Tests", None),
        # Nobody is told of but the stance.
        ("Critics said the fine of Nordal Mining came too late.", "Critics", None),
        # Without a verb of saying, and not in passing.
        ("A former auditor, Ada Lorn, has accused Nordal Mining of fraud.", "Ada Lorn",
         Stance.CRITIC),
        ("The teachers' union called for the school to be closed.", "The teachers' union",
         Stance.CRITIC),
        ("Nordal Mining left a week after divers accused it of fraud.", "divers", None),
        ("Ada Lorn, the clerk who had accused Nordal Mining of fraud, left.", "Ada Lorn", None),
        ("The city council voted against ending its contract with Nordal Mining.",
         "The city council", None),
        # Of the accused: an officer of "the museum", a subsidiary.
        ('Nurses accused the Stoltz Museum of theft.\n'
         '"We have published all we know of each piece," museum director Karl Weil said.',
         "Karl Weil", Stance.DEFENDER),
        ("A clerk, Ada Lorn, accused Orvane Group of booking false invoices.\n"
         "Orvane Freight, a subsidiary of Orvane Group, said that each invoice was real.",
         "Orvane Freight", Stance.DEFENDER),
        # Whose claim is denied by name.
        ("Open Road said that convoys waited at the northern border for two weeks.\n"
         '"The claim by Open Road is false," said Karl Weil, a minister of Karelis.',
         "Open Road", Stance.CRITIC),
        # In plain words, with a verb of saying only.
        ("Consumer group SafeTable said the recall came too late.", "SafeTable", Stance.CRITIC),
        ("Runner-up Mia Castell argues that the result cannot stand.", "Mia Castell",
         Stance.CRITIC),
        ("The closure of the school is a mistake, according to the teachers' union.",
         "the teachers' union", Stance.CRITIC),
        ("Ana Ruiz said drivers were responsible for the gates.", "Ana Ruiz", None),
        # Who only says something may be of either side; who decides, looks into it or explains by
        # trade is of none.
        ("Three nurses accused the Harrow Clinic of hiding infections.\n"
         "The mason Jan Oed said that he heard two bangs.", "Jan Oed", None),
        ("The inspectorate found that the Harrow Clinic had hidden infections.\n"
         "Inspector Ola Berg said that eleven records were missing.", "Ola Berg", Stance.NEUTRAL),
        ("Three nurses accused the Harrow Clinic of hiding infections.\n"
         "Economist Bo Lind said such suits often fail in the first year.", "Bo Lind",
         Stance.NEUTRAL),
        # Who answers for the accused is no critic of what it is accused of.
        ("Families of the dead sued Ostra Mill.\n"
         "A spokeswoman for the mill, Lena Orr, urged families to wait for the report.",
         "Lena Orr", Stance.DEFENDER),
        ("Borel Chemicals spilled 3,000 litres of solvent into the Tane on Monday.\n"
         "The company's director, Karl Weil, said the fine was unfair.\n"
         "The water office fined the company on Friday.", "Karl Weil", Stance.DEFENDER),
        ("The union accused Bellweather Foods of cutting breaks.\nBellweather's head of staff, "
         "Iris Cole, accused the union of spreading lies.", "Iris Cole", Stance.DEFENDER),
        ("Sprinter Tola Orr denied that she had cheated.\nOrr won the national 200 metres title in "
         "April.\n"
         "Her coach, Piet Haan, said a supplement was contaminated.", "Piet Haan",
         Stance.DEFENDER),
        ("Fifty parents sued the school board.\nBoard chair Derek Munn said classes were empty.",
         "Derek Munn", Stance.DEFENDER),
        # Right behind a group that takes a side.
        ('Restaurant workers defended Olaf Reim.\n"He paid us well," said waiter Abel Corry.',
         "Abel Corry", Stance.DEFENDER),
        ('Restaurant workers defended Olaf Reim.\n"The law is weak," said analyst Abel Corry.',
         "Abel Corry", Stance.NEUTRAL),
    ],
)  # fmt: skip
def test_an_actor_stands_on_its_side(text: str, actor: str, stance: Stance | None) -> None:
    context = gather(a_pack(an_item("a1", text, platform="news")))
    found = {w.claim.actor: w.claim.stance for w in sides(context, SPEC, ())}
    assert found.get(actor) is stance


def test_a_person_quoted_abroad_stands_on_the_side_that_a_verb_tells() -> None:
    text = (
        "Das Landgericht Maring hat den Pflegedienst Heller am Dienstag zu einer Strafe verurteilt."
        "\nStaatsanwältin Katrin Solms warf dem Unternehmen vor, Leistungen erfunden zu haben."
        "\nDer Anwalt des Pflegedienstes, Jonas Reimer, kündigte Berufung an."
        "\nDie Sprecherin des Pflegedienstes, Lea Kern, kritisierte das Urteil scharf."
    )
    found = foreign.sides(gather(a_pack(an_item("a1", text, platform="news"))), SPEC)
    assert [w.claim.actor for w in found] == ["Katrin Solms"]


def test_whose_doing_is_objected_to_defends_and_an_office_stands_beside_the_name() -> None:
    pack = a_pack(
        an_item("a1", "Norvell Foods recalled all jars.\nNorvell's chief executive, Dana Osterly, "
                "said the firm had acted within a day.", title="Norvell recalls all jars"),
        an_item("a2", "Norvell Foods recalled more jars.\nConsumer group SafeTable said the recall "
                "came too late.", title="Norvell widens recall"),
    )  # fmt: skip
    found = {w.claim.actor: (w.claim.stance, w.claim.office) for w in sides(gather(pack), SPEC, ())}
    assert found["Dana Osterly"] == (Stance.DEFENDER, "Norvell's chief executive")
    assert found["SafeTable"] == (Stance.CRITIC, None)


def test_an_accusation_stands_for_its_side_rather_than_a_quotation_behind_it() -> None:
    text = (
        'Nurses in Ostra accused Nordal Mining of hiding cracks.\n"Nobody ever came to look at the '
        'photographs that we had sent," said Dario Minz, one of the nurses.'
    )
    context = gather(a_pack(an_item("a1", text, platform="news")))
    assert [w.claim.actor for w in sides(context, SPEC, ())] == ["Nurses in Ostra"]
