import pytest

from summarizer.domain.accusations import Stage
from summarizer.domain.claims import VerdictLabel
from summarizer.verification.checks import modality
from summarizer.verification.evidence import of_texts

RUNGS = [
    ("Acme sells robots.", Stage.REPORTED),
    ("The union alleges wage theft.", Stage.ALLEGED),
    ("The union accused Acme of wage theft.", Stage.ALLEGED),
    ("The union sued Acme.", Stage.CHARGED),
    ("The executive was indicted.", Stage.CHARGED),
    ("Acme settled the case.", Stage.SETTLED),
    ("Acme was found guilty.", Stage.FOUND),
    ("Acme admitted the fault.", Stage.FOUND),
    ("Acme was fined $3 million.", Stage.FOUND),
    ("Acme did not admit any fault.", Stage.REPORTED),
    ("Acme was never charged.", Stage.REPORTED),
    ("She was admitted to hospital.", Stage.REPORTED),
    ("Acme could be fined.", Stage.REPORTED),
]

ALLOWED = [
    ("Acme was fined.", "The regulator fined Acme."),
    ("Acme settled the lawsuit.", "Acme reached a settlement of the lawsuit."),
    ("The union alleges that Acme withheld wages.", "Acme allegedly withheld wages."),
    ("Acme was accused of withholding wages.", "The union sued Acme for withholding wages."),
    ("Acme withheld wages, the union says.", "Acme allegedly withheld wages, the union said."),
    ("The union sued Acme.", "The union filed a lawsuit against Acme."),
    ("Acme sells robots in Ostia.", "Acme, accused of fraud by rivals, sells robots in Ostia."),
    ("Acme could close the plant.", "Acme may close the plant."),
    ("Acme will close the plant.", "Acme says it will close the plant."),
    ("Acme withheld wages.", "A court found that Acme withheld wages. It was convicted."),
    ("Acme denies that it withheld wages.", "Acme is accused of having withheld wages."),
    ("Acme withheld wages.", "Acme withheld wages. Rivals claim it lied."),
    ("Acme settled without admitting fault.", "Acme settled and admitted no fault."),
    ("Acme was charged with fraud.", "Prosecutors charged Acme with fraud, and it was convicted."),
    ("Prosecutors indicted Hale.", "Hale was indicted by prosecutors."),
    ("Acme agreed to settle the suit.", "Acme will settle the suit for $3 million."),
    ("Acme may have leaked the files.", "Acme allegedly leaked the files."),
    ("Acme is suspected of fraud.", "Acme was charged with fraud."),
    ("Hale pleaded guilty to fraud.", "Hale entered a guilty plea: he pleaded guilty to fraud."),
    ("Acme was not convicted.", "Acme was charged with fraud."),
    ("Acme has admitted the fault.", "Acme said that it accepts responsibility for the fault."),
    ("Acme admitted liability.", "The court's ruling ends the case; Acme conceded it."),
    ("Hale is guilty of fraud.", "Hale got five years in prison for fraud."),
    ("Hale was convicted of fraud.", "A jury's verdict against Hale came in May."),
    ("Acme did not admit liability and pays.", "Acme has agreed to pay $3 million."),
    ("Acme refused to admit wrongdoing.", "Acme has agreed to pay $3 million."),
    ("Acme could be found liable.", "Acme faces a suit in Ostia."),
    ("He was admitted to the university.", "He studies at the university."),
    ("The lab proved that the bridge is safe.", "The lab showed that the bridge is safe."),
]

FAILED = [
    ("Acme was found guilty of withholding wages.", "The union sued Acme for withholding wages."),
    ("Acme was convicted of fraud.", "Prosecutors charged Acme with fraud."),
    ("Acme admitted withholding wages.", "Acme settled the suit over withholding wages."),
    ("Acme settled with the union.", "The union sued Acme."),
    ("Acme was charged with fraud.", "A rival accused Acme of fraud."),
    ("Acme was fined for fraud.", "Regulators filed a complaint against Acme for fraud."),
    ("Hale is guilty of fraud at Acme.", "Hale was charged with fraud at Acme."),
    ("Acme was held liable for the leak.", "Users sued Acme over the leak."),
    ("Acme confessed to fraud.", "Acme was accused of fraud."),
    ("Acme was sentenced for fraud.", "Acme was indicted for fraud."),
    ("Acme admitted guilt in the suit.", "Acme reached a settlement of the suit."),
    ("A court ruled that Acme copied the model.", "A suit says that Acme copied the model."),
    ("Acme was sued over the leak.", "Rivals accused Acme over the leak."),
    ("Acme admitted liability and agreed to pay $3 million.", "Acme agreed to pay $3 million."),
    ("Acme agreed to pay $3 million after admitting the claims.", "Acme agreed to pay $3 million."),
    ("The lab proved that Acme copied it.", "The lab alleged that Acme copied it."),
    ("Ruiz won a judgment against Acme.", "Ruiz has sued Acme."),
    ("The union is certain that Acme lied.", "The union suspected that Acme lied."),
    ("The suit proved Acme guilty of theft.", "The suit accused Acme of theft."),
    ("Hale pleaded guilty to the theft.", "Hale left the board in May."),
    ("Acme, convicted of fraud, moved to Tolby.", "Acme moved to Tolby in May."),
    ("Acme admitted wrongdoing in the case.", "The case against Acme is over, Hale said."),
]


@pytest.mark.parametrize(("text", "rung"), RUNGS)
def test_words_stand_on_the_rung_they_mean(text: str, rung: Stage) -> None:
    assert modality.height(text)[0] is rung


@pytest.mark.parametrize(("claim", "source"), ALLOWED)
def test_a_claim_no_stronger_than_its_passage_passes(claim: str, source: str) -> None:
    assert modality.check(claim, of_texts([("s", source)])) == []


@pytest.mark.parametrize(("claim", "source"), FAILED)
def test_a_claim_stronger_than_its_passage_fails(claim: str, source: str) -> None:
    assert {f.check for f in modality.check(claim, of_texts([("s", source)]))} == {"modality"}


def test_an_admission_that_the_source_rules_out_is_contradicted() -> None:
    source = "Acme settled the suit over wages without admitting fault."
    (failure,) = modality.check("Acme admitted fault in the suit.", of_texts([("s", source)]))
    assert failure.label is VerdictLabel.CONTRADICTED
