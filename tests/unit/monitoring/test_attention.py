"""What stands against publishing a draft, and what sends it to the senior desk."""

import pytest

from summarizer.domain import reviews
from summarizer.domain.claims import Kind, VerdictLabel
from summarizer.domain.drafts import Draft, Section
from summarizer.domain.events import Event, EventKind
from summarizer.domain.evidence import Evidence
from summarizer.domain.incidents import IncidentId
from summarizer.domain.reviews import ReviewState
from summarizer.monitoring import attention
from tests.support import builders
from tests.support.builders import NOON, checked

SPAN = Evidence(source="a1.1", start=0, end=4, text="Acme")


def a_draft(
    text: str = "Acme recalled 12 cars.",
    label: VerdictLabel = VerdictLabel.SUPPORTED,
    kind: Kind = Kind.FACT,
    notes: tuple[str, ...] = (),
    withheld: VerdictLabel | None = None,
) -> Draft:
    """A draft that shows one claim."""
    shown, held = (
        checked(text, "a1.1", label=one or label, kind=kind, evidence=(SPAN,))
        for one in (label, withheld)
    )
    section = Section(key="sides", shown=(shown,), withheld=(held,) * bool(withheld), notes=notes)
    return builders.a_draft(section)


def test_nothing_stands_against_a_supported_draft():
    assert attention.obstacles(a_draft()) == ()


@pytest.mark.parametrize(
    "label", [VerdictLabel.PARTLY, VerdictLabel.UNSUPPORTED, VerdictLabel.CONTRADICTED]
)
def test_a_shown_sentence_without_full_support_stands_against_approval(label):
    (reason,) = attention.obstacles(a_draft(label=label))
    assert "Acme recalled 12 cars." in reason


@pytest.mark.parametrize(
    ("note", "stands"),
    [
        ("No response from Acme was found in the sources.", True),
        ("Acme declined to comment, according to the sources.", False),
        ("Acme had not commented when the sources were published.", False),
    ],
)
def test_an_accusation_without_a_reply_stands_against_approval(note, stands):
    assert bool(attention.obstacles(a_draft(notes=(note,)))) is stands


def test_an_empty_page_cannot_be_approved():
    empty = a_draft().model_copy(update={"sections": (Section(key="sides"),)})
    assert attention.obstacles(empty) == ("Nothing is shown: there is no page to approve.",)


@pytest.mark.parametrize(
    ("text", "kind", "flagged"),
    [
        ("Ostrel was sued by 40 narrators.", Kind.FACT, "Court"),
        ("The narrators filed a complaint on Monday.", Kind.FACT, "Court"),
        ("Ostrel settled the case for 2 million.", Kind.FACT, "Court"),
        ("Acme filed for bankruptcy.", Kind.FACT, "Insolvency"),
        ("A former employee said that Acme knew.", Kind.ALLEGATION, "anonymous"),
        ("Two people familiar with the matter said so.", Kind.ALLEGATION, "anonymous"),
        ("Acme recalled 12 cars.", Kind.FACT, None),
        ("The plant was settled on the river bank.", Kind.FACT, "Court"),  # a false alarm we accept
        ("The suit was grey and the court was paved.", Kind.FACT, None),
        ("A former employee opened a shop.", Kind.FACT, None),
        ("Issues pursued the company.", Kind.FACT, None),
    ],
)
def test_what_the_senior_desk_must_see_is_flagged(text, kind, flagged):
    found = " ".join(attention.attention(a_draft(text, kind=kind)))
    assert (flagged.lower() in found.lower()) if flagged else not found


def test_a_drafter_that_contradicted_the_sources_is_flagged():
    assert "contradict" in attention.attention(a_draft(withheld=VerdictLabel.CONTRADICTED))[0]


def test_a_review_is_read_off_its_entry():
    entry = Event(
        at=NOON,
        kind=EventKind.APPROVED,
        incident_id=IncidentId("INC-000001"),
        actor="Kim",
        revision=3,
        detail={"override": "Called them twice."},
    )
    review = reviews.review_of(entry)
    assert (review.state, review.by, review.override) == (
        ReviewState.APPROVED,
        "Kim",
        "Called them twice.",
    )
    assert review.of(3) is ReviewState.APPROVED
    assert review.of(4) is ReviewState.UNREVIEWED


def test_without_an_entry_nothing_was_reviewed():
    assert reviews.review_of(None).state is ReviewState.UNREVIEWED
