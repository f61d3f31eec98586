"""Sides: who accuses, who defends, and who is no actor at all."""

import pytest

from summarizer.domain.claims import Kind, Stance
from summarizer.domain.sections import ROWS, Limits, SectionSpec
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
        # Whom a view takes the part of, or turns against.
        (f"{FRAUD}\nThe dentists' chamber backed the prosecutors on Monday.",
         "The dentists' chamber", Stance.CRITIC),
        (f"{FRAUD}\nThe dentists' chamber demanded an apology from the prosecutors.",
         "The dentists' chamber", Stance.DEFENDER),
        (f"{FRAUD}\nThe chamber's chairman, Abel Corry, stood by Reim on Monday.", "Abel Corry",
         Stance.DEFENDER),
        (f"{FRAUD}\nMayor Lea Strand said the practice should be closed until the trial.",
         "Lea Strand", Stance.CRITIC),
        (f"{FRAUD}\nMayor Lea Strand said the practice should be allowed to go on.",
         "Lea Strand", Stance.DEFENDER),
        ("The drivers' union called the new shifts of the tram company dangerous.",
         "The drivers' union", Stance.CRITIC),
        ("Residents blamed Nordal Mining for cracks in their walls.\n"
         '"My kitchen shakes every day," said Dora Venn, who lives beside the mine.', "Dora Venn",
         Stance.CRITIC),
        ("Residents blamed Nordal Mining for cracks in their walls.\n"
         '"The cracks are old," said Hugo Bell, a surveyor from Arden.',
         "Hugo Bell", Stance.NEUTRAL),
        (f"{FRAUD}\nHis lawyer, Dora Venn, said that Reim had been abroad that year.",
         "Dora Venn", Stance.DEFENDER),
        ("Nordal Mining rejected the claim that its dam leaks.\n"
         "Every dam is checked twice a year, spokeswoman Dora Venn said on Monday.",
         "Nordal Mining", Stance.DEFENDER),
    ],
)  # fmt: skip
def test_an_actor_stands_on_its_side(text: str, actor: str, stance: Stance | None) -> None:
    context = gather(a_pack(an_item("a1", text, platform="news")))
    found = {w.claim.actor: w.claim.stance for w in sides(context, SPEC, ())}
    assert found.get(actor) is stance
