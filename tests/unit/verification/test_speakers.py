"""In whose words a passage states something."""

import pytest

from summarizer.text.tokens import read
from summarizer.verification import speakers
from summarizer.verification.evidence import EvidenceIndex
from tests.support.builders import a_pack, an_item

STATED = "The pier was closed by the storm."


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The pier was closed by the storm.", ""),
        ("Acme said in a statement that the pier was closed by the storm.", "Acme"),
        ("The pier was closed by the storm, a spokesman for Acme said.", "a spokesman for Acme"),
        ("According to the Arden Courier, the pier was closed by the storm.", "the Arden Courier"),
        ("The regulator found that the pier was closed by the storm.", "The regulator"),
        ("Otto Vane denied that the pier was closed by the storm.", "Otto Vane"),
        ("HARBOR BAY - The pier was closed by the storm.", ""),
        ("“Shut by a storm,” said Ada Lund, who runs the pier and the boats.", "Ada Lund"),
        # A pronoun and a quotation are given to whom the sentences before name.
        ("Otto Vane spoke.\nMara Lund said it rained.\nShe said the pier was closed.", "Mara Lund"),
        ("“It rained,” Otto Vane said.\n“The pier was closed by the storm.”", "Otto Vane"),
        ("“The pier was closed by the storm.”", speakers.UNNAMED),
    ],
)
def test_the_speaker_of_a_statement(text, speaker):
    library = EvidenceIndex(a_pack(an_item("a1", text)))
    last = library.known[-1]
    assert speakers.speaker(read(STATED).content_set, last, library.grounds([last.id])) == speaker


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ada Lund", "Lund", True),
        ("a spokesman for Acme", "Acme", True),
        ("Averland Road Safety Authority", "ARSA", True),
        ("Ada Lund", "Otto Lund", False),
        ("Acme", "Meridian", False),
    ],
)
def test_two_names_of_one_speaker(one, other, same):
    mine, theirs = speakers.name_of(one), speakers.name_of(other)
    assert mine is not None
    assert theirs is not None
    assert speakers.same(mine, theirs) is same
