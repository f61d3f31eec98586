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
    ('Ruiz said "we stopped the line […] and we told the staff".', SAID),
    ('Ruiz said "we stopped the [Ostia] line".', SAID),
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
