"""What stands against publishing a draft, and what sends it to the senior desk."""

import pytest

from summarizer.domain import reviews
from summarizer.domain.claims import Failure, JudgeVerdict, Kind, VerdictLabel
from summarizer.domain.drafts import Draft, Section
from summarizer.domain.events import Event, EventKind
from summarizer.domain.evidence import Evidence
from summarizer.domain.findings import PageFault, PageFinding
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
    withheld: VerdictLabel | None = None,
) -> Draft:
    """A draft that shows one claim."""
    shown, held = (
        checked(text, "a1.1", label=one or label, kind=kind, evidence=(SPAN,))
        for one in (label, withheld)
    )
    section = Section(key="sides", shown=(shown,), withheld=(held,) * bool(withheld))
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
    ("text", "accused"),
    [
        ("A former clerk alleges that Tolven Grain hid 400 tons.", "Tolven Grain"),
        ("Three nurses sued the Harrow Clinic.", "Harrow Clinic"),
        ("Students accused the lecturer Pell Adair.", "Pell Adair"),
        ("The union said Acme had misled its workers.", "Acme"),
        ("A lawsuit by tenants was filed against Nordel Homes.", "Nordel Homes"),
        ("Prosecutors charged Odo Ferrin with fraud.", "Odo Ferrin"),
        ("Residents blamed the council for the flood.", "the council"),
        ("The regulator fined Acme $3 million.", None),
        ("Acme opened a shop.", None),
    ],
)
@pytest.mark.parametrize("kind", [Kind.FACT, Kind.ALLEGATION])
def test_an_accusation_without_a_reply_stands_against_approval(text, accused, kind):
    draft = a_draft(text, kind=kind)
    draft = draft.model_copy(update={"evidence": builders.a_pack(builders.an_item("a1", text))})
    found = attention.obstacles(draft)
    assert [accused in one for one in found] == ([True] if accused else [])
    assert any("hold no reply" in one for one in attention.attention(draft)) is bool(accused)


@pytest.mark.parametrize(
    "reply",
    [
        "Tolven Grain denied it.",
        "Tolven Grain's lawyer said the claims were baseless.",
        "Tolven Grain declined to comment.",
        "The company did not respond to questions.",
        "Tolven Grain admitted that it had hidden grain.",
    ],
)
def test_a_reply_in_the_evidence_clears_the_way(reply):
    text = "A former clerk alleges that Tolven Grain hid 400 tons."
    pack = builders.a_pack(builders.an_item("a1", f"{text}\n{reply}"))
    draft = a_draft(text).model_copy(update={"evidence": pack})
    assert attention.obstacles(draft) == ()


BROKEN = Failure(check="numbers", reason="The check broke off.", label=VerdictLabel.UNCHECKED)
JUDGED = {"judge": JudgeVerdict(label=VerdictLabel.SUPPORTED)}


@pytest.mark.parametrize(
    ("verdict", "claim", "drafted", "to_read", "unsupported"),
    [
        ({}, {}, {}, False, False),
        ({"label": VerdictLabel.UNCHECKED}, {}, {}, True, False),
        ({"label": VerdictLabel.UNCHECKED}, {"edited_by": "Kim"}, {}, False, False),
        ({"label": VerdictLabel.UNCHECKED, "failures": (BROKEN,)}, {}, {}, False, True),
        ({"label": VerdictLabel.PARTLY}, {}, {}, False, True),
        ({}, {}, {"model": "m"}, True, False),
        ({}, {}, {"prompt_version": "1-9c1d22"}, True, False),
        (JUDGED, {}, {"model": "m", "prompt_version": "1-9c1d22"}, False, False),
        ({}, {"edited_by": "Kim"}, {"model": "m"}, False, False),
        ({}, {"restored_because": "The filing says so."}, {"model": "m"}, False, False),
    ],
)
def test_what_only_rules_checked_is_to_be_read(verdict, claim, drafted, to_read, unsupported):
    draft = a_draft()
    (section,) = draft.sections
    shown = section.shown[0].model_copy(
        update={"verdict": section.shown[0].verdict.model_copy(update=verdict)} | claim
    )
    section = section.model_copy(
        update={"shown": (shown,), "prompt_version": drafted.get("prompt_version")}
    )
    draft = draft.model_copy(update={"sections": (section,), "model": drafted.get("model")})
    by_rules = (
        'Sides: "Acme recalled 12 cars." was checked by rules only: read it beside its passages '
        "and confirm it."
    )
    warned = "1 sentence checked by rules only: read it beside its passages."
    against = attention.obstacles(draft, reading=True)
    assert (by_rules in against) is to_read
    assert (warned in attention.attention(draft)) is to_read
    assert bool(set(against) - {by_rules}) is unsupported
    assert by_rules not in attention.obstacles(draft, reading=True, read=(shown.id,))
    assert by_rules not in attention.obstacles(draft)


@pytest.mark.parametrize(
    ("claims", "edited", "stands"),
    [
        (("one",), None, True),
        (("one",), "Kim", False),
        (("one", "gone"), None, False),
        ((), "Kim", True),
    ],
)
def test_a_judges_finding_on_the_page_stands_while_its_sentences_do(claims, edited, stands):
    draft = a_draft()
    (section,) = draft.sections
    (shown,) = section.shown
    shown = shown.model_copy(update={"claim": shown.claim.named("one"), "edited_by": edited})
    section = section.model_copy(update={"shown": (shown,)})
    finding = PageFinding(
        fault=PageFault.SUPERSEDED_VALUE, claims=claims, reason="It is 14.", passage="a1.1"
    )
    draft = draft.model_copy(update={"sections": (section,), "findings": (finding,)})
    blocked = attention.obstacles(draft, blocking={PageFault.SUPERSEDED_VALUE})
    said = attention.page_finding(draft, finding)
    assert (blocked == (said,), said in attention.attention(draft)) == (stands, stands)
    assert attention.obstacles(draft) == ()
    assert said.endswith("It is 14. (a1.1)")


def test_every_fault_of_a_page_has_words():
    assert set(attention.FAULTS) == set(PageFault)


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


def test_a_page_without_a_title_is_not_approved():
    shown = (builders.checked("The port of Leeds closed.", "a1.1"),)
    titled = Section(key="title", shown=shown), Section(key="key_points", shown=shown)
    bare = Section(key="title"), Section(key="key_points", shown=shown)
    for sections, missing in ((titled, False), (bare, True)):
        found = attention.obstacles(builders.a_draft(*sections))
        assert ("The page has no title: write one." in found) is missing
