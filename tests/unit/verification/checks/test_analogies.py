import pytest

from summarizer.domain.claims import Kind
from summarizer.verification.checks import analogies
from summarizer.verification.evidence import EvidenceIndex
from tests.support.builders import a_pack, an_item

LIBRARY = EvidenceIndex(
    a_pack(
        an_item("a1", "Meridian recalled 300 robots.\nNobody was hurt."),
        an_item("a2", "The firm had bribed the chief inspector with gold."),
    )
)


@pytest.mark.parametrize(
    "text",
    [
        "It is as if a shop took back its toys.",
        "Think of a baker who calls every loaf back because two of them burned.",
        "It is as if two friends told two stories about one broken window.",
        "It is like a shop where the inspector looks away.",
        "Imagine that your toaster had to go back to the shop.",
        "It is as if nobody at home had been told that the stove was hot.",
    ],
)
def test_a_comparison_with_daily_life_passes(text: str) -> None:
    assert analogies.check(text, LIBRARY) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("It is as if Kestrel took back its toys.", 'names "Kestrel"'),
        ("It is as if Meridian took back its toys.", 'names "Meridian"'),
        ("It is as if a shop took back 45 toys.", "45"),
        ('It is as if a shop said "we are sorry" and closed.', "quotes nobody"),
        ("It is as if the firm had bribed the inspector.", "passage a2.1"),
        ("Imagine that the firm paid its chief inspector in gold.", "passage a2.1"),
    ],
)
def test_an_analogy_that_states_something_of_the_incident_fails(text: str, reason: str) -> None:
    (failure, *_) = analogies.check(text, LIBRARY)
    assert reason in failure.reason


@pytest.mark.parametrize(
    "text",
    [
        "A recall is when a maker takes back what it sold.",
        "A bribe is money or a gift that buys a favour from an official.",
        "An inspector checks that rules are kept.",
        "A megawatt is one million watts.",
        "The Fifth Amendment lets a person refuse to speak against himself or herself.",
    ],
)
def test_a_gloss_that_is_general_knowledge_passes(text: str) -> None:
    assert analogies.check(text, LIBRARY, Kind.GLOSS) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("A recall is what Meridian did with its robots.", 'names "Meridian"'),
        ("A recall is a step that Kestrel took.", 'names "Kestrel"'),
        ("A recall of 300 robots is a large one.", '"300"'),
        ('A recall is what a maker calls "a safety step".', "quotes nobody"),
        ("The firm bribed the chief inspector with gold.", "passage a2.1"),
    ],
)
def test_a_gloss_that_states_something_of_the_incident_fails(text: str, reason: str) -> None:
    (failure, *_) = analogies.check(text, LIBRARY, Kind.GLOSS)
    assert reason in failure.reason
    assert failure.reason.startswith("A gloss")
