import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text import names
from summarizer.verification.checks import names as check_names
from summarizer.verification.evidence import CitedEvidence, CitedText, of_texts

SUPPORTED = [
    ("Marta Ruiz resigned.", "The chair, Marta Ruiz, resigned."),
    ("Ruiz resigned.", "Marta Ruiz resigned."),
    ("Meridian's robots failed.", "The robots of Meridian failed."),
    ("The FDA opened a case.", "The Federal Data Authority opened a case."),
    ("The Federal Data Authority opened a case.", "The FDA opened a case."),
    ("Zoë Müller left.", "Zoe Muller left."),
    ("President Ruiz spoke.", "Ruiz, the president, spoke."),
    ("Dr. Ruiz spoke.", "Ruiz spoke."),
    ("The Chinese firm grew.", "The firm from China grew."),
    ("The US firm grew.", "The firm from the United States grew."),
    ("A US-led group met.", "A group led by the US met."),
    ("Regulators fined the firm.", "The firm was fined."),
    ("However, the firm grew.", "The firm grew."),
    ("On Tuesday in May the firm grew.", "The firm grew."),
    ("marta ruiz resigned.", "nobody resigned."),
    ("Jean-Luc Besson left.", "Jean-Luc Besson left the firm."),
    ("GPT-4 failed.", "The model GPT-4 failed."),
    ("Bank of Ostia closed.", "The Bank of Ostia closed its doors."),
    ("It grew in Q2.", "It grew in the second quarter."),
    ("Two Tulsa officers left.", "Officers in Tulsa left."),
    ("The Ruizes met.", "The Ruizes met again."),
    ("MERIDIAN failed.", "Meridian failed."),
    ("J. D. Salter wrote it.", "J. D. Salter wrote it."),
    ("M. Ruiz resigned.", "Marta Ruiz resigned."),
    ("The Ostia Port Board (OPB) met.", "The Ostia Port Board met."),
    ("The OPB met.", "The Ostia Port Board (OPB) met in May."),
    ("Ruiz' lawyer left.", "The lawyer of Ruiz left."),
    ("Ms. Marta Ruiz left.", "Marta Ruiz left."),
    ("Kestrel's and Meridian's staff met.", "Staff of Meridian and Kestrel met."),
    ("The Board for Ports and Piers (BPP) met.", "The BPP met."),
    ("The park is free on Sat.", "The park is free on Saturday."),
    ("The UN Harbour Board met.", "The United Nations Harbour Board met."),
    ("The U.S. Harbour Board met.", "The United States Harbour Board met."),
    ("He led the DC Board of Piers.", "He led the D.C. Board of Piers."),
    ("Ex-OPB chief Hale left.", "Hale, once chief of the OPB, left."),
    ("The US Piers and Ports Services (USPPS) met.", "The USPPS met."),
    ("The Ostia Pilots Guild (OPiG) met.", "The Ostia Pilots Guild met."),
    ("She is the Head of House.", "She is the HOH."),
    ("Lena B. Karn left.", "Lena Karn left."),
    ("Lena Karn left.", "Lena B. Karn left."),
    ("Ana Belt, 9, came.", "Ana and Lea Belt, aged 9 and 7, came."),
    ("Tom Belt of Montana left.", "Tom Belt (D-Mont.) left."),
    ("Tom Belt of Virginia left.", "Tom Belt (R-Va.) left."),
    ("It was 40 degrees Fahrenheit.", "It was 40°F."),
]

FAILED = [
    ("Tom Hale resigned.", "Marta Ruiz resigned.", "Tom Hale"),
    ("The board of Kestrel met.", "The board of Meridian met.", "Kestrel"),
    ("Meridian sued Kestrel Labs.", "Meridian sued a rival.", "Kestrel Labs"),
    ("The EPA opened a case.", "The Federal Data Authority opened a case.", "EPA"),
    ("The firm GPT-5 praised failed.", "The firm GPT-4 praised failed.", "GPT-5"),
    ("The German firm grew.", "The firm from France grew.", "German"),
    ("The author, Jon Johnston, left.", "The author, Jon Johnson, left.", "Jon Johnston"),
    ("Offices in Paris closed.", "Offices in Rome closed.", "Paris"),
    ("Kestrel denied it.", "The firm denied it.", "Kestrel"),
    ("She runs OpenKiln.", "She runs a firm.", "OpenKiln"),
    ("The union and Tom Smith spoke.", "The union and Mary Smith spoke.", "Tom Smith"),
    ("T. Ruiz resigned.", "Marta Ruiz resigned.", "T. Ruiz"),
    ("The ministry in Tolby wrote.", "The ministry in Ostia wrote.", "Tolby"),
    ("The firm sells OpenKiln 3.", "The firm sells OpenForge 3.", "OpenKiln"),
    ("The union met Ana Belt.", "The union met Ana Bell.", "Ana Belt"),
    ("The OPC met.", "The Ostia Port Board met.", "OPC"),
    ("The Northmere Works (OPB) said that it had met the union.",
     "The Ostia Port Board (OPB) said that it had met the union.", "Northmere Works"),
    ("The Ostia Port Board (Northmere Works) said that it had met the union.",
     "The Ostia Port Board (OPB) said that it had met the union.", "Northmere Works"),
    ("Its lawyer, Lena Ruiz, left.", "Its lawyer, Marta Ruiz, left.", "Lena Ruiz"),
    ("The robot of Vantor failed.", "The robot of Vantis failed.", "Vantor"),
    ("The firm and Tolby University agreed.", "The firm and Ostia University agreed.", None),
    ("It was sold to Ford & Hale.", "It was sold to Lee & Hale.", None),
    ("The Board of Tolby (XYZ) met.", "The OPB met.", None),
    ("The UN Harbour Board met.", "The Ostia Harbour Board met.", "UN Harbour Board"),
    ("Tom Belt of Montana left.", "Tom Belt (D-Wyo.) left.", "Tom Belt of Montana"),
    ("Ana Belt came.", "Lea Belt came with Ana.", "Ana Belt"),
    ("Ex-OPB chief Hale left.", "Hale, once chief of the union, left.", "Ex-OPB"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "source"), SUPPORTED)
def test_a_name_that_the_passage_holds_in_any_form_passes(claim: str, source: str) -> None:
    assert check_names.check(claim, of_texts([("s", source)])) == []


@pytest.mark.parametrize(("claim", "source", "words"), FAILED)
def test_a_name_that_the_passage_lacks_fails(claim: str, source: str, words: str | None) -> None:
    (failure,) = check_names.check(claim, of_texts([("s", source)]))
    assert words in (None, claim[failure.start : failure.end])


def passage(n: int, text: str, item: str = "a1", **fields: object) -> CitedText:
    return CitedText(id=f"{item}.{n}", text=text, item=item, n=n, **fields)  # type: ignore[arg-type]  # fields vary


def test_the_outlet_and_author_of_a_cited_item_are_known() -> None:
    cited = passage(1, "The firm grew.", bylines=("The Ostia Ledger", "Ana Belt"))
    claim = "Ana Belt of The Ostia Ledger reports that the firm grew."
    assert check_names.check(claim, CitedEvidence((cited,), (cited,))) == []


def test_a_company_named_just_before_resolves_the_company() -> None:
    first, second = passage(1, "Meridian builds robots."), passage(2, "The company recalled ten.")
    assert (
        check_names.check("Meridian recalled ten.", CitedEvidence((second,), (first, second))) == []
    )


def test_a_pronoun_does_not_stand_for_someone_when_its_own_sentence_names_another() -> None:
    first = passage(1, "Hale runs Meridian.")
    second = passage(2, "Ruiz said she would leave the board.")
    (failure,) = check_names.check(
        "Hale would leave the board.", CitedEvidence((second,), (first, second))
    )
    assert failure.better == "a1.1"


def test_a_full_name_passes_when_the_pack_spells_the_cited_surname_out() -> None:
    cited, other = passage(1, "Ruiz resigned."), passage(1, "Marta Ruiz is the chair.", "a2")
    assert check_names.check("Marta Ruiz resigned.", CitedEvidence((cited,), (cited, other))) == []


def test_a_headline_in_title_case_is_not_all_names() -> None:
    source = of_texts([("s", "The company Meridian recalls robots after two people were hurt.")])
    assert check_names.check("Meridian Recalls Robots After Injuries Reported", source) == []


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_of_names(text: str) -> None:
    assert all(text[n.start : n.end] == n.text for n in names.names(text))
