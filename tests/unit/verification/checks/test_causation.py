import pytest

from summarizer.domain.claims import VerdictLabel
from summarizer.verification.checks import causation
from summarizer.verification.evidence import CitedEvidence, CitedText, of_texts

PASSES = [
    ("Acme closed the plant because sales fell.", "Acme closed the plant because sales fell."),
    ("Acme closed the plant because sales fell.", "Sales fell, so Acme closed the plant."),
    ("Acme closed the plant due to weak sales.", "Weak sales led Acme to close the plant."),
    ("Weak sales led to the closure of the plant.", "The plant closed because of weak sales."),
    ("The leak caused the outage at the plant.", "The outage at the plant stems from the leak."),
    ("Hale died as a result of his burns.", "Hale died from his burns."),
    ("The ruling forced Acme to pay staff.", "Acme had to pay staff as a result of the ruling."),
    ("The staff struck because of low pay.", "The staff went on strike over low pay."),
    ("Acme closed the plant after sales fell.", "Sales fell. Then Acme closed the plant."),
    ("Following the leak, Acme closed the plant.", "There was a leak. Acme closed the plant."),
    ("The robot hit two people, causing injuries.", "The robot hit two people and injured both."),
    ("The video spread, sparking outrage.", "The video sparked outrage as it spread."),
    ("The robot fell, causing damage and delays.", "The fall brought damage and long delays."),
    ("Acme recalled robots, prompting a police inquiry.", "The recall prompted a police inquiry."),
    ("Acme cut jobs due to the fall of its shares.", "Citing its shares, Acme cut jobs."),
    ("Because it is late, Hale left the board.", "Hale left the board."),
    ("Acme closed the plant because robots failed.", "Acme opened an office in Tolby."),
    ("The plant closed due to a fire at noon.", "A noon fire was the reason the plant closed."),
    ("The leak led to a fine for Acme.", "Acme was fined in response to the leak."),
    ("The tests were stopped owing to smoke.", "Smoke forced the engineers to stop the tests."),
    ("The causes of the Ostia leak are unknown.", "Nobody knows the causes of the Ostia leak."),
    ("Hale said the plant is closed.", "Hale said the plant is closed."),
]

FAILED = [
    ("Acme closed the plant because sales fell.", "Sales fell in May. Acme closed the plant."),
    ("Acme closed the plant due to weak sales.", "Acme closed the plant. Sales were weak."),
    ("Weak sales led to the closing of the plant.", "Sales were weak and the plant closed."),
    ("The leak caused the outage at Tolby.", "After the leak there was an outage at Tolby."),
    ("The recall led to the exit of Hale.", "Following the recall of robots, Hale exits."),
    ("Hale left the board because of the leak.", "Hale left the board in May, after the leak."),
    ("Hale left the board as a result of the leak.", "The leak was in May. Hale left the board."),
    ("The Ostia strike resulted in a recall.", "The Ostia strike ended in May. A recall began."),
    ("The strike in Ostia forced a recall.", "A recall began in Ostia days after the strike."),
    ("The vote in Ostia triggered protests.", "There was a vote in Ostia. Protests began later."),
    ("Protests in Ostia were triggered by the vote.", "A vote and protests were held in Ostia."),
    ("Acme cut jobs owing to the new robots.", "Acme cut jobs. Acme has new robots."),
    ("Acme shares fell, prompting a new audit.", "Acme shares fell. A new audit began in May."),
    ("Acme shares fell thanks to the audit.", "Acme shares fell in the week of the audit."),
]

ADDED = [
    (
        "A robot struck two people, causing injuries and a police investigation.",
        "A robot struck two people, causing injuries, in Ostia.",
        "a police investigation",
    ),
    ("The video spread, sparking outrage.", "The video spread in Ostia.", "outrage"),
    ("Acme cut jobs, leading to protests in May.", "Acme cut jobs in May.", "protests"),
    ("The robot fell, causing damage and panic.", "The robot fell and did damage.", "panic"),
    ("Hale resigned, triggering new elections.", "Hale resigned on Monday.", "new elections"),
    ("Acme closed, drawing criticism.", "Acme closed its doors.", "criticism"),
    ("The model lied, raising concerns.", "The model lied to a user.", "concerns"),
    ("The leak grew, resulting in lawsuits.", "The leak grew over the weekend.", "lawsuits"),
    ("The leak grew, forcing evacuations.", "The leak grew over the weekend.", "evacuations"),
]


@pytest.mark.parametrize(("claim", "source"), PASSES)
def test_a_cause_that_the_passages_link_in_any_words_passes(claim, source):
    assert causation.check(claim, of_texts([("s", source)])) == []


@pytest.mark.parametrize(("claim", "source"), FAILED)
def test_two_facts_without_a_link_are_no_cause(claim, source):
    (failure,) = causation.check(claim, of_texts([("s", source)]))
    assert (failure.check, failure.label) == ("causation", VerdictLabel.PARTLY)
    assert f'"{claim[failure.start : failure.end]}"' in failure.reason


@pytest.mark.parametrize(("claim", "source", "words"), ADDED)
def test_an_effect_that_no_passage_tells_fails_where_it_stands(claim, source, words):
    (failure,) = causation.check(claim, of_texts([("s", source)]))
    found = claim[failure.start : failure.end]
    assert found.startswith(words)
    assert found in failure.reason


def test_a_link_in_the_sentence_next_to_the_cited_one_passes():
    cited = CitedText(id="a1.2", text="Acme closed the plant. Sales were weak.", item="a1", n=2)
    near = CitedText(id="a1.3", text="That was why, Hale said.", item="a1", n=3)
    claim = "Acme closed the plant due to weak sales."
    assert causation.check(claim, CitedEvidence((cited,), (cited, near))) == []


APART = [
    ("Acme closed the plant.", "The sales of robots fell.", True),
    ("Acme closed the plant so as to move from Ostia.", "The sales of robots fell.", True),
    ("Acme closed the plant over the fall of robots.", "The sales of robots fell.", False),
    ("Acme closed the plant.", "The sales of robots fell, which was the reason, Hale said.", False),
    ("Acme closed the plant.", "The sales of robots fell from May on.", True),
    ("Acme was forced to close the plant.", "The sales of robots fell.", True),
]


@pytest.mark.parametrize(("first", "second", "fails"), APART)
def test_passages_of_two_items_are_linked_by_what_speaks_of_both_or_of_a_reason(
    first, second, fails
):
    one = CitedText(id="a1.2", text=first, item="a1", n=2)
    other = CitedText(id="a2.7", text=second, item="a2", n=7)
    claim = "Acme closed the plant because the sales of robots fell."
    found = causation.check(claim, CitedEvidence((one, other), (one, other)))
    assert bool(found) is fails


BROUGHT = [
    ("the fault led to fires in Ostia", "The fault led to fires in Ostia.", "", True),
    ("the fault led to fires in Ostia", "The fault led to fires in Ostia, hence it.", "", False),
    ("Hale did not respond to a request", "Hale did not respond to a request.", "", True),
    ("robots failed in Ostia", "Robots failed in Ostia.", "The cause is not known.", True),
    ("robots failed in Ostia", "Robots failed in Ostia.", "Prompted by mail, Ruiz sang.", True),
    ("robots failed in Ostia", "Robots failed in Ostia.", "The failed robots are why.", False),
    ("robots failed in Ostia", "Robots failed in Ostia.", "Acme lists causes of failed robots.",
     True),
    ("robots failed in Ostia", "Robots failed in Ostia.", "So Acme closed its Tolby plant.", True),
    ("robots failed in Ostia", "Robots failed in Ostia.",
     "Failed robots in Ostia, Ruiz said, led Acme to close the plant.", False),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "second", "near", "fails"), BROUGHT)
def test_a_reason_for_something_else_links_nothing(cause, second, near, fails):
    one = CitedText(id="a1.2", text="Acme closed its Tolby plant.", item="a1", n=2)
    other = CitedText(id="a2.7", text=second, item="a2", n=7)
    beside = CitedText(id="a2.8", text=near, item="a2", n=8)
    found = causation.check(
        f"Acme closed its Tolby plant because {cause}.",
        CitedEvidence((one, other), (one, other, beside)),
    )
    assert bool(found) is fails
