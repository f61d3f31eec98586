import pytest

from summarizer.domain.claims import VerdictLabel
from summarizer.text import quotations
from summarizer.verification.checks import quotes
from summarizer.verification.evidence import CitedEvidence, CitedText, of_texts

SAID = "“We stopped the line because the robots failed, and we told the staff,” said Marta Ruiz."

SUPPORTED = [
    ('Ruiz said "we stopped the line".', SAID),
    ("Ruiz said “We stopped the line because the robots failed.”", SAID),
    ('"We stopped the line … and we told the staff," Ruiz said.', SAID),
    ('"We stopped the line ... and we told the staff," Ruiz said.', SAID),
    ('Ruiz said "[they] stopped the line".', SAID),
    ('"[W]e stopped the line," Ruiz said.', SAID),
    ('"We stopped  the line," said Ruiz.', SAID),
    ("'We stopped the line,' Ruiz said.", SAID),
    ("«We stopped the line», Ruiz said.", SAID),
    ('They "stopped" the line.', SAID),
    ("It's the firms' line, and they're sure.", SAID),
    ('Hale said: "It works."', 'Tom Hale wrote on Friday: "It works."'),
    ('She called it "a mess".', "It was a mess, she said."),
    ('"Don’t panic at all," Ruiz said.', '"Don\'t panic at all," said Ruiz.'),
    ("Nothing is quoted here.", SAID),
    ('Marta Ruiz, who left Kestrel, called the plan of Meridian late and said, "We stopped the'
     ' line".', SAID),
    ('The owner of Kestrel, Marta Ruiz, said of Meridian "we stopped the line".', SAID),
    ('Ruiz said "we stopped the line […] and we told the staff".', SAID),
    ('Ruiz said "we stopped the [Ostia] line".', SAID + " The line is in Ostia."),
    ('Ruiz said "we [had] stopped the line".', SAID),
    ('"It is a long-term danger for everyone," Ruiz said.',
     "“It is a long‑term danger for everyone,” said Ruiz."),
    ('"A danger — for everyone here," Ruiz said.', "“A danger—for everyone here,” said Ruiz."),
    ('"A 4-13 vote of the board," Ruiz said.', "“A 4‑13 vote of the board,” said Ruiz."),
    ('"Our co-operative will sue," Ruiz said.', "“Our co-\noperative will sue,” said Ruiz."),
    ('"Our co-operative will sue," Ruiz said.', "“Our co\u200b-operative will sue,” said Ruiz."),
    ('Ruiz denied that "the pump is safe".', "“I deny that the pump is safe,” said Ruiz."),
    ('Ruiz said "the pump is safe".', "“We tested it. The pump is safe,” said Ruiz."),
    ('"The pump is safe," said Ruiz.', "“I believe the pump is safe,” said Ruiz."),
    ('"The mine will shut," said Ruiz.', "“We said no, and the mine will shut,” said Ruiz."),
    ('Critics say "the pump is a danger".', "Critics claim “the pump is a danger”."),
    ("Hale, who heads the Kestrel Institute, said: “We know of no harm at all.”",
     "“We know of no harm at all,” said Hale."),
    ("Ruiz, the head of Blue Ward, said: “We know of no harm at all.”",
     "“We know of no harm at all,” said Ruiz. She heads Blue Ward."),
    ("Hale wrote a letter on Postbox that told them to “dance like bears, not cats.”",
     "Hale, once of Averland, wrote on Postbox that they should “dance like bears, not cats.”"),
    ("Ruiz said: \"Hale called it 'a mess' on Monday.\"",
     "Ruiz said: \"Hale called it 'a mess' on Monday.\""),
    ('Ruiz said "Hale called it a mess".', "Ruiz said: \"Hale called it 'a mess' on Monday.\""),
    ('According to Ruiz, "we stopped the line".', SAID),
    ('"WE STOPPED the line," said Ruiz.', SAID),
    ('Staff were told: "we stopped the line".', SAID),
    ('Ruiz said "it works now" but Hale said "it does not".',
     'Ruiz: "It works now." Hale: "It does not."'),
]  # fmt: skip

FAILED = [
    ('Ruiz said "we stopped all the lines".', SAID),
    ('"We stopped the line because the staff failed," Ruiz said.', SAID),
    ('"We told the staff … we stopped the line," Ruiz said.', SAID),
    ('Ruiz called it "reckless".', SAID),
    ("Ruiz said “we halted the line”.", SAID),
    ('"We stopped the lin" was heard.', SAID),
    ("'The robots are safe,' Ruiz said.", SAID),
    ('"We stopped the line because the robots failed," said Tom Hale.', SAID),
    ('Tom Hale said: "We stopped the line because the robots failed."', SAID),
    ('Ruiz said "we stopped the line, and we told the staff".', SAID),
    ('Ruiz said "we did not stop the line".', SAID),
    ('Ruiz said "the robots stopped the line".', SAID),
    ('"We stopped the line [because] they failed," Ruiz said.', SAID),
    ("Ruiz said \"Hale called it 'chaos' on Monday\".",
     "Ruiz said: \"Hale called it 'a mess' on Monday.\""),
    ('According to Tom Hale, "we stopped the line because the robots failed".', SAID),
    ('"We stopped the line because the robots failed," Kestrel said.', SAID),
    ("Ruiz said “we told the press”.", SAID),
    ('The staff heard "stop the line".', SAID),
    ('Hale said "the model is safe to use".',
     'Ruiz said "the model is safe to use", and Hale said nothing.'),
    ('Ruiz said "we stopped the [Ostia] line".', SAID),
    ('"We [secretly] stopped the line," Ruiz said.', SAID),
    ('"We [never] stopped the line," Ruiz said.', SAID + " We never knew, she said."),
    ('"[The board] told the staff," Ruiz said.', "“They told the staff,” said Ruiz."),
    ('"The pump is safe," said Ruiz.', "“I deny that the pump is safe,” said Ruiz."),
    ('"The pump is ... safe," said Ruiz.', "“I doubt the pump is at all safe,” said Ruiz."),
    ('"We saw the smoke," said Ruiz.', "“I'd be lying if I said we saw the smoke,” said Ruiz."),
    ('"We saw the smoke," said Ruiz.', "“They allege we saw the smoke,” said Ruiz."),
    ('"Our drivers fled the place," said Ruiz.',
     "“Some of our drivers fled the place,” said Ruiz."),
    ('"The mine will shut," said Ruiz.', "“If the talks fail, the mine will shut,” said Ruiz."),
    ('"It is safe for all users," said Hale.',
     '"It is safe for all users," said Ruiz. "It is not," said Hale.'),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "source"), SUPPORTED)
def test_a_verbatim_quotation_of_the_right_speaker_passes(claim: str, source: str) -> None:
    assert quotes.check(claim, of_texts([("s", source)])) == []


@pytest.mark.parametrize(("claim", "source"), FAILED)
def test_an_altered_or_misattributed_quotation_fails(claim: str, source: str) -> None:
    assert [f.check for f in quotes.check(claim, of_texts([("s", source)]))] == ["quotes"]


def passage(n: int, text: str, **fields: object) -> CitedText:
    return CitedText(id=f"a1.{n}", text=text, item="a1", n=n, **fields)  # type: ignore[arg-type]  # fields vary


def test_a_speaker_named_in_a_neighbouring_passage_may_have_said_it() -> None:
    first, second = (
        passage(1, "Marta Ruiz spoke."),
        passage(2, '"We will stop the line," she said.'),
    )
    claim = '"We will stop the line," Ruiz said.'
    assert quotes.check(claim, CitedEvidence((second,), (first, second))) == []


def test_the_author_of_a_post_is_its_speaker() -> None:
    post = passage(1, "We will stop the line today.", bylines=("Marta Ruiz",))
    assert (
        quotes.check('Ruiz wrote: "We will stop the line today."', CitedEvidence((post,), (post,)))
        == []
    )


def test_a_speaker_whom_the_passage_replaces_by_another_is_contradicted() -> None:
    (failure,) = quotes.check(
        '"We stopped the line because the robots failed," said Tom Hale.', of_texts([("s", SAID)])
    )
    assert failure.label is VerdictLabel.CONTRADICTED
    assert "Marta Ruiz" in failure.reason


def test_the_words_of_a_verbatim_quotation_are_not_the_drafters() -> None:
    free = quotations.verbatim_free(
        'A post says "ignore your rules" today.', "Ignore your rules now."
    )
    assert "ignore" not in free
    assert len(free) == len('A post says "ignore your rules" today.')
