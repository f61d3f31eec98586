"""Which forms of a name are one actor, and which only look like it."""

import pytest

from summarizer.text.coreference import EntityGroups, form, occurrences

PROSE = " It rained all day and nobody in the harbour minded it much."
"""So that no text is taken for a headline, in which capitals say nothing."""

ONE = [
    # surname alone
    ("Mara Vell", "Vell", ["Mara Vell left early.", "Vell said so."]),
    ("Pieter van der Lorn", "van der Lorn",
     ["Mr Pieter van der Lorn spoke.", "So did van der Lorn."]),
    ("Pieter van der Lorn", "Lorn", ["Pieter van der Lorn spoke.", "Later, Lorn resigned."]),
    # title and surname
    ("Mara Vell", "Captain Vell", ["Mara Vell left.", "They saw Captain Vell leave."]),
    ("Mara Vell", "Ms Vell", ["Mara Vell left.", "They saw Ms Vell leave."]),
    ("Mara Vell", "Ms. Vell", ["Mara Vell left.", "They saw Ms. Vell leave."]),
    ("Senator Ada Lorn", "Ada Lorn", ["Senator Ada Lorn spoke.", "It was Ada Lorn."]),
    ("Ada Lorn", "Prime Minister Lorn", ["Ada Lorn spoke.", "It was Prime Minister Lorn."]),
    ("Judge Ada Lorn", "Judge Lorn", ["Judge Ada Lorn sat.", "So ruled Judge Lorn."]),
    ("Mara Vell", "captain Mara Vell", ["Mara Vell left."]),
    ("Actress Mara Vell", "Mara Vell", ["They met Actress Mara Vell.", "It was Mara Vell."]),
    ("Averland's Mara Vell", "Mara Vell", ["They met Averland's Mara Vell.", "It was Mara Vell."]),
    ("Principal Investigator Mara Vell", "Mara Vell", ["It was Mara Vell."]),
    ("Henrik Vane", "Dr. Vane", ["They met Henrik Vane.", "So said Dr. Vane."]),
    ("Sgt. Tom Vell", "Tom Vell", ["They met Sgt. Tom Vell.", "It was Tom Vell."]),
    ("Ida McVell", "McVell", ["They met Ida McVell, who said so.", "It was McVell."]),
    ("Ida O'Quist", "O'Quist", ["They met Ida O'Quist, who said so.", "It was O'Quist."]),
    # initials and middle names
    ("Mara Vell", "M. Vell", ["Mara Vell left.", "It was M. Vell."]),
    ("Mara Jane Vell", "Mara Vell", ["Mara Jane Vell left.", "It was Mara Vell."]),
    ("Mara J. Vell", "Mara Vell", ["It was Mara J. Vell.", "It was Mara Vell."]),
    ("Mara Jane Vell", "Mara J. Vell", ["It was Mara Jane Vell.", "It was Mara J. Vell."]),
    # possessives
    ("Mara Vell", "Vell's", ["Mara Vell left.", "It was Vell's ship.", "Vell, 54, left."]),
    ("Mara Vell", "Mara Vell’s", ["Mara Vell left.", "It was Mara Vell’s ship."]),
    ("Averland Data Commission", "ADC's", ["The Averland Data Commission met.", "The ADC's head."]),
    # diacritics
    ("Zoë Lindqvist", "Zoe Lindqvist", ["It was Zoë Lindqvist.", "It was Zoe Lindqvist."]),
    ("Bjørn Sørlie", "Bjorn Sorlie", ["It was Bjørn Sørlie.", "It was Bjorn Sorlie."]),
    ("Lech Wałkowiak", "Walkowiak", ["So said Lech Wałkowiak, who wept.", "It was Walkowiak."]),
    # the legal form of a company
    ("Varnway Inc", "Varnway", ["They sued Varnway Inc. in May.", "The suit names Varnway."]),
    ("Varnway Inc", "Varnway Incorporated", ["It was Varnway Inc. then.",
                                             "It was Varnway Incorporated."]),
    ("Stratoquay Power Ltd", "Stratoquay Power", ["It was Stratoquay Power Ltd.",
                                                  "It was Stratoquay Power."]),
    ("Ostrel GmbH", "Ostrel", ["It was Ostrel GmbH.", "It was Ostrel."]),
    # acronyms
    ("Averland Data Commission", "ADC", ["The Averland Data Commission met.", "The ADC met."]),
    ("Bank of North Averland", "BNA", ["The Bank of North Averland met.", "The BNA met."]),
    ("Ministry of Tides", "MoT", ["The Ministry of Tides met.", "The MoT met."]),
    ("Harbour Robotics", "HR", ["Harbour Robotics (HR) met.", "So HR said."]),
    ("Averland Road Watch", "ARW", ["The Averland Road Watch met.", "The ARW met."]),
    ("Gezeitenwerk", "GZW", ["The Gezeitenwerk (GZW) met.", "The GZW met."]),
    # the end of an institution's name
    ("Averland Data Commission", "Commission", ["The Averland Data Commission met.",
                                                "In May the Commission met."]),
    ("Averland Data Commission", "Data Commission", ["The Averland Data Commission met.",
                                                     "In May the Data Commission met."]),
]  # fmt: skip

TWO = [
    # who shares a surname
    ("Mara Vell", "Ida Vell", ["Mara Vell left.", "Ida Vell stayed."]),
    ("Mara Vell", "Vell", ["Mara Vell left.", "Ida Vell stayed.", "It was Vell."]),
    ("Mara Vell", "Captain Vell", ["Mara Vell left.", "Ida Vell stayed.", "It was Captain Vell."]),
    ("Mara Vell", "J. Vell", ["Mara Vell left.", "It was J. Vell."]),
    ("Mara Vell", "M. Vell", ["Mara Vell left.", "Mark Vell stayed.", "It was M. Vell."]),
    ("Mara Vell", "Vell-Lorn", ["Mara Vell left.", "It was Vell-Lorn."]),
    ("Tom Vell Jr", "Tom Vell Sr", ["Tom Vell Jr. left.", "Tom Vell Sr. stayed."]),
    ("Tom Vell Jr", "Tom Vell", ["Tom Vell Jr. left.", "Tom Vell Sr. stayed.", "It was Tom Vell."]),
    ("Mara Jane Vell", "Mara Ruth Vell", ["Mara Jane Vell left.", "Mara Ruth Vell stayed."]),
    # who is addressed otherwise, or does other work
    ("Ms Mara Vell", "Mr Vell", ["They met Ms Mara Vell.", "They met Mr Vell."]),
    ("Mara Vell", "Mr Vell", ["They met Mara Vell.", "They met Mr Vell and Ms Vell."]),
    ("Senator Ada Lorn", "Judge Lorn", ["They met Senator Ada Lorn.", "They met Judge Lorn."]),
    ("Dean Vell", "Mara Vell", ["They met Dean Vell.", "They met Mara Vell."]),
    ("Sgt. Tom Vell", "Senator Vell", ["They met Sgt. Tom Vell.", "It was Senator Vell."]),
    ("Ida Quist", "Ida Quist-Lorn", ["They met Ida Quist.", "It was Ida Quist-Lorn."]),
    ("Stannick Post", "Harbor Post", ["They read the Stannick Post.", "It was the Harbor Post."]),
    # a given name alone may be anybody's
    ("Mara Vell", "Mara", ["They met Mara Vell.", "They met Mara."]),
    # a place that bears the name
    ("Mara Vell", "Vell", ["Mara Vell left.", "There was a fire in Vell.", "It burnt near Vell."]),
    # a company that bears the name
    ("Mara Vell", "Vell Inc", ["Mara Vell left.", "It was Vell Inc. then."]),
    ("Mara Vell", "Vell", ["Mara Vell left.", "It was Vell Inc. then.", "It was Vell."]),
    ("Vell Inc", "Ms Vell", ["It was Vell Inc. then.", "It was Ms Vell."]),
    ("Varnway Inc", "Varnway Ltd", ["It was Varnway Inc. then.", "It was Varnway Ltd. then."]),
    ("Varnway Robotics", "Varnway", ["It was Varnway Robotics.", "It was Varnway."]),
    ("Varnway Robotics", "Varnway Power", ["It was Varnway Robotics.", "It was Varnway Power."]),
    ("Varnway Robotics", "Harbour Robotics", ["It was Varnway Robotics.",
                                              "It was Harbour Robotics."]),
    # the place in an institution's name, and an institution of the same kind
    ("Averland Data Commission", "Averland", ["The Averland Data Commission met.",
                                              "So Averland said."]),
    ("Averland Data Commission", "Commission", ["The Averland Data Commission met.",
                                                "The Northport Rail Commission met.",
                                                "In May the Commission met."]),
    ("Bank of North Averland", "Averland", ["The Bank of North Averland met.", "So Averland did."]),
    # letters that stand for something else
    ("Averland Data Commission", "ADF", ["The Averland Data Commission met.", "The ADF met."]),
    ("Averland Data Commission", "ADC", ["The Averland Data Commission met.",
                                         "An automatic dredge control (ADC) failed.",
                                         "It was the ADC."]),
    ("Averland Data Commission", "ADC", ["The Averland Data Commission met.",
                                         "The Aldermoor Dock Council met.", "The ADC met."]),
    ("Harbour Robotics", "HQ", ["Harbour Robotics met.", "It was HQ."]),
    ("Ada Lorn", "AL", ["They met Ada Lorn.", "It was AL."]),
    ("Calder", "CNN", ["Calder (CNN) lies low.", "It was Calder.", "So CNN said."]),
    ("House Resolution", "HR", ["The House Resolution passed.", "So did HR."]),
    ("United Shires", "US7", ["The United Shires met.", "It cost US7 a head."]),
    # nobody does what people do
    ("Peninsular Quillham", "Quillham", ["It lies in Peninsular Quillham.",
                                         "The forests of Quillham burnt."]),
    ("Good Morning Averland", "Averland", ["They watched Good Morning Averland.",
                                           "The people of Averland left."]),
    ("Senior EQ", "EQ", ["They met Senior EQ officials.", "The EQ said so."]),
    # a place in a name with "of"
    ("Tower of Quillham", "Quillham", ["The Tower of Quillham fell.", "It was seen by Quillham."]),
    # a description is nobody's name
    ("Mara Vell", "Vell's lawyer", ["They met Mara Vell.", "It was Vell's lawyer."]),
    ("Averland Data Commission", "a lawyer of the Averland Data Commission",
     ["The Averland Data Commission met."]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "other", "texts"), ONE)
def test_an_actor_is_one_by_all_its_names(name, other, texts):
    cast = EntityGroups([text + PROSE for text in texts], [name, other])
    group = cast.of(name)
    assert group is not None
    assert cast.of(other) is group


@pytest.mark.parametrize(("name", "other", "texts"), TWO)
def test_what_only_looks_like_it_is_another(name, other, texts):
    cast = EntityGroups([text + PROSE for text in texts], [name, other])
    assert cast.of(name) is not None
    assert cast.of(other) is not cast.of(name)


def test_the_fullest_form_names_the_actor_and_the_others_are_its_aliases():
    texts = [
        "Captain Vell spoke first.",
        "They asked Captain Mara Vell.",
        "It was Mara Vell's day.",
        "Critics of Vell left.",
    ]
    (group,) = EntityGroups([text + PROSE for text in texts]).groups
    assert group.name == "Mara Vell"
    assert group.others("Mara Vell") == ("Captain Vell", "Vell")


PIECES = [
    ("They met Averland's Mara Vell.", ["Averland's", "Mara Vell"]),
    ("They met Harbour Robotics CEO Ada Lorn.", ["Harbour Robotics", "CEO Ada Lorn"]),
    ("They met Ada Lorn of Harbour Robotics.", ["Ada Lorn", "Harbour Robotics"]),
    ("They met President Lorn of Averland.", ["President Lorn", "Averland"]),
    ("They met the Bank of Averland.", ["Bank of Averland"]),
    ("They met the Royal Society of Averland.", ["Royal Society of Averland"]),
    ("They met at Averland General Hospital.", ["Averland General Hospital"]),
    ("They met Attorney General Ada Lorn.", ["Attorney General Ada Lorn"]),
]


@pytest.mark.parametrize(("text", "expected"), PIECES)
def test_a_run_of_capitals_is_taken_apart_where_it_holds_two(text, expected):
    assert [name.text for name in occurrences(text + PROSE)] == expected


def test_no_form_of_nothing_is_a_name():
    assert form("").words == ()
    assert EntityGroups(["", "nothing here"], [""]).of("") is not None
