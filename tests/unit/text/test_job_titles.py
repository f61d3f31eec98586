"""What the sources say that somebody is, and what only stands near a name."""

import pytest

from summarizer.text.coreference import occurrences
from summarizer.text.job_titles import offices

SAID = [
    ("The captain, Mara Vell, said the pump had failed.", "Vell", "captain"),
    ("Its chief executive, Ada Lorn, apologised on Monday.", "Lorn", "chief executive"),
    ("A letter from the captain of the Marlin, Mara Vell, was read out.", "Vell",
     "captain of the Marlin"),
    ("The inquiry heard Averland's mayor, Ida Quist.", "Quist", "Averland's mayor"),
    ("It was signed by the company's head of safety, Jon Orr.", "Orr", "company's head of safety"),
    ("Vell, the captain of the Marlin, said so.", "Vell", "captain of the Marlin"),
    ("Vell, captain of the Marlin, said so.", "Vell", "captain of the Marlin"),
    ("The pump had failed, said Ada Lorn, a lawyer for the families.", "Lorn",
     "lawyer for the families"),
    ("Ada Lorn, a lawyer who represents them, said so.", "Lorn", "lawyer"),
    ("Mara Vell, 54, the captain of the Marlin, was not hurt.", "Vell", "captain of the Marlin"),
    ("It was written by Jon Orr, chairman and chief executive of Varnway.", "Orr",
     "chairman and chief executive of Varnway"),
    ("The letter went to Ida Quist, Averland's mayor.", "Quist", "Averland's mayor"),
    ("He quoted Jon Orr, an engineer employed by Varnway until May.", "Orr",
     "engineer employed by Varnway until May"),
    ("Mara Vell, who is the captain of the Marlin, said so.", "Vell", "captain of the Marlin"),
    ("On Monday chief executive Ada Lorn apologised.", "Lorn", "chief executive"),
    ("On Monday captain Mara Vell apologised.", "Vell", "captain"),
    ("On Monday Captain Vell apologised.", "Vell", "Captain"),
    ("On Monday former Varnway chief executive Ada Lorn apologised.", "Lorn",
     "former Varnway chief executive"),
    ("On Monday Harbour Robotics CEO Ada Lorn apologised.", "Lorn", "Harbour Robotics CEO"),
    ("The economist Ada Lorn said prices would rise.", "Lorn", "economist"),
    ("They met Prime Minister Lorn in May.", "Lorn", "Prime Minister"),
    ("The letter names director Jon Orr's brother.", "Orr", "director"),
    ("It was New Harrow mayor Ida Quist who said so.", "Quist", "New Harrow mayor"),
    ("New Harrow mayor Ida Quist said so.", "Quist", "mayor"),
    ("It was St. Harrow mayor Ida Quist who said so.", "Quist", "mayor"),
    ("Mara Vell is the captain of the Marlin and lives here.", "Vell", "captain of the Marlin"),
    ("At that time Orr served as deputy head of the union.", "Orr", "deputy head of the union"),
    ("Dr Ida Quist, an epidemiologist at Colmere University, agreed.", "Quist",
     "epidemiologist at Colmere University"),
    ("At that time Orr was a spokesperson for Varnway.", "Orr", "spokesperson for Varnway"),
    ("Quist became Averland's mayor in May.", "Quist", "Averland's mayor in May"),
]  # fmt: skip

NOT_SAID = [
    # somebody of theirs
    ("Mara Vell, the captain's brother, said so.", "Vell"),
    ("Mara Vell, a friend of the captain, said so.", "Vell"),
    ("The captain's lawyer's brother, Jon Orr, said so.", "Orr"),
    ("The lawyer of the captain, Mara Vell, said so.", "Vell"),
    # who speaks, and of whom
    ("It hit the captain, Mara Vell said.", "Vell"),
    ("Vell, the captain said, had left.", "Vell"),
    ("They told the captain Mara Vell had left.", "Vell"),
    ("The captain Mara Vell replaced was ill.", "Vell"),
    ("A lawyer Mara Vell hired was ill.", "Vell"),
    ("After Vell, the captain was the last to leave.", "Vell"),
    ("The firm, whose owner Vell said so, was sold.", "Vell"),
    ("They love Vell, he's a terrific actor, the director said.", "Vell"),
    ("The pill of Merrow and partner Vell was sold.", "Vell"),
    # lists, where it is open whose it is
    ("The captain, Mara Vell, and two others were hurt.", "Vell"),
    ("Mara Vell, the captain, and Jon Orr were hurt.", "Vell"),
    ("Mara Vell, the captain, Jon Orr, the mate, and a cook were hurt.", "Orr"),
    ("Unlike Vell, the captain, nobody slept.", "Vell"),
    ("Lawyers Ada Lorn and Jon Orr said so.", "Lorn"),
    ("Mara Vell, the captain and the mate were hurt.", "Vell"),
    # denied, supposed, asked, yet to come
    ("Mara Vell, not the captain, was at the wheel.", "Vell"),
    ("Mara Vell is not the captain of the Marlin.", "Vell"),
    ("Varnway denied that Vell was a director of the firm.", "Vell"),
    ("It is unclear whether Vell was the captain.", "Vell"),
    ("If Vell is the captain, the log is wrong.", "Vell"),
    ("Was Vell the captain?", "Vell"),
    ("Vell would be the captain of the Marlin.", "Vell"),
    ("Vell is said to be the captain.", "Vell"),
    ("Vell, who resigned as captain of the Marlin, said so.", "Vell"),
    # a name that begins with the word
    ("A suit of the Justice Department went on.", "Department"),
    ("They asked the Director of Vision in May.", "Vision"),
    ("The letter, Ida Quist, a critic of the mayor said, was a lie.", "Quist"),
    ("It was Lorn or the chairman who signed.", "Lorn"),
    ("The directors, Lorn among them, left.", "Lorn"),
    # no office
    ("Mara Vell, the woman in the photograph, said so.", "Vell"),
    ("Ms Mara Vell said so on a rainy day.", "Vell"),
    ("Vell was a target of the inquiry.", "Vell"),
    ("The Marlin, Mara Vell, and a storm met that day.", "Vell"),
    ("In March, Mara Vell, in a letter, said so.", "Vell"),
]  # fmt: skip


def read(text: str, surname: str) -> list[str]:
    (name,) = [n for n in occurrences(text) if n.text.removesuffix("'s").endswith(surname)]
    return [text[span.start : span.end] for span in offices(text, name)]


@pytest.mark.parametrize(("text", "surname", "office"), SAID)
def test_an_office_is_read_as_the_source_has_it(text: str, surname: str, office: str) -> None:
    assert read(text, surname) == [office]


@pytest.mark.parametrize(("text", "surname"), NOT_SAID)
def test_what_only_stands_near_a_name_is_no_office(text: str, surname: str) -> None:
    assert read(text, surname) == []
