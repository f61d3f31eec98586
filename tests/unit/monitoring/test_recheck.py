"""What later items do to sentences that stand on a page."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.claims import Kind
from summarizer.domain.drafts import Draft, Section
from summarizer.domain.findings import Effect, Finding
from summarizer.domain.items import SourceItem
from summarizer.monitoring import recheck
from tests.support import builders
from tests.support.builders import NOON, a_pack, an_item, checked, hours, lines

REPORT = an_item(
    "a1",
    "41 people were hurt when the shuttle struck the kerb in Calder Street.",
    outlet="Stannick Post",
    title="Shuttle strikes kerb in Calder Street",
)
RIVAL = an_item(
    "a2",
    "41 people were hurt when a Varnway shuttle struck the kerb.",
    outlet="Harbor Ledger",
)


def a_draft(*items: SourceItem, revision: int = 1, **sections: Any) -> Draft:
    """A draft from these items; a section is given as itself or as the claims that it shows."""
    made = (v if isinstance(v, Section) else Section(key=k, shown=v) for k, v in sections.items())
    return builders.a_draft(*made, revision=revision, evidence=a_pack(*items))


def rechecked(draft: Draft, *items: SourceItem) -> tuple[Finding, ...]:
    return recheck.recheck(draft, items, [p for item in items for p in lines(item)])


def later(text: str, key: str = "a9", **fields: Any) -> SourceItem:
    return an_item(
        key, text, **({"outlet": "Evening Sun", "published_at": NOON + hours(3)} | fields)
    )


SENTENCE = "41 people were hurt when the shuttle struck the kerb."

SAYS_OTHERWISE = [
    (SENTENCE, "44 people were hurt when the shuttle struck the kerb."),
    (SENTENCE,
     "Nobody slept. Police now say 44 people were hurt when the shuttle struck the kerb."),
    (SENTENCE, "44 people were hurt when the shuttle struck the kerb, not 41 as first reported."),
    ("The shuttle was approved for public roads in Stannick.",
     "The shuttle was not approved for public roads in Stannick."),
    ("Sales of the Varnway shuttle rose in April.", "Sales of the Varnway shuttle fell in April."),
    ("The council suspended the permit of the shuttle on April 28.",
     "The council suspended the permit of the shuttle on April 30."),
    ("The regulator found the operator guilty of neglect.",
     "The regulator found the operator innocent of neglect."),
    ("The fault in the braking system was found by Imke Sorley.",
     "The fault in the braking system was found by Ewan Dalrigg."),
]  # fmt: skip

SAYS_NO_OTHER = [
    (SENTENCE, "41 people were hurt when the shuttle struck the kerb."),
    (SENTENCE, "About 40 people were hurt when the shuttle struck the kerb."),
    (SENTENCE, "12 people were arrested near the kerb."),
    (SENTENCE, "Were 44 people hurt when the shuttle struck the kerb?"),
    (SENTENCE, "44 people could be hurt when a shuttle strikes the kerb."),
    (SENTENCE, "Another 44 people were hurt when the tram struck the shuttle."),
    ("The shuttle was approved for public roads in Stannick.",
     "The tram was not approved for the bridge in Calder."),
    ("Sales of the Varnway shuttle rose in April.", "Costs of the Ostrel tram fell in March."),
    ("The council suspended the permit of the shuttle on April 28.",
     "The court will hear the operator on April 30."),
    ("The fault in the braking system was found by Imke Sorley.",
     "Imke Sorley found the fault in the braking system, Ewan Dalrigg said."),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "told"), SAYS_OTHERWISE)
def test_a_later_passage_that_says_otherwise_contradicts(sentence, told):
    report, new = an_item("a1", sentence), later(told)
    draft = a_draft(report, key_points=(checked(sentence, "a1.1"),))
    (finding,) = rechecked(draft, report, new)
    assert (finding.effect, finding.by, finding.passage) == (Effect.CONTRADICTED, "a9", "a9.1")


@pytest.mark.parametrize(("sentence", "told"), SAYS_NO_OTHER)
def test_a_later_passage_that_says_no_other_changes_nothing(sentence, told):
    report = an_item("a1", sentence)
    draft = a_draft(report, key_points=(checked(sentence, "a1.1"),))
    assert rechecked(draft, report, later(told)) == ()


def test_what_was_published_before_and_read_before_is_no_news():
    early = later("44 people were hurt when the shuttle struck the kerb.", published_at=NOON)
    report = an_item("a1", SENTENCE, published_at=NOON + hours(1))
    draft = a_draft(early, report, key_points=(checked(SENTENCE, "a1.1"),))
    assert rechecked(draft, early, report) == ()


def test_an_undated_item_that_was_read_before_is_no_news():
    undated = later("44 people were hurt when the shuttle struck the kerb.", published_at=None)
    report = an_item("a1", SENTENCE, published_at=NOON)
    draft = a_draft(undated, report, key_points=(checked(SENTENCE, "a1.1"),))
    assert rechecked(draft, undated, report) == ()


def test_what_was_published_before_but_came_in_later_is():
    late = later("44 people were hurt when the shuttle struck the kerb.", published_at=NOON)
    report = an_item("a1", SENTENCE, published_at=NOON + hours(1))
    draft = a_draft(report, key_points=(checked(SENTENCE, "a1.1"),))
    assert [f.effect for f in rechecked(draft, report, late)] == [Effect.CONTRADICTED]


@pytest.mark.parametrize("kind", [Kind.ANALOGY, Kind.PREDICTION])
def test_no_report_contradicts_an_analogy_or_a_forecast(kind):
    report, (_, told) = an_item("a1", SENTENCE), SAYS_OTHERWISE[0]
    draft = a_draft(report, key_points=(checked(SENTENCE, "a1.1", kind=kind),))
    assert rechecked(draft, report, later(told)) == ()


RETRACTION = "We retract our report that 41 people were hurt when the shuttle struck the kerb."
NOTE = later(RETRACTION, outlet="Stannick Post")
DRAFT = a_draft(REPORT, key_points=(checked(SENTENCE, "a1.1"),))


def test_a_claim_whose_only_source_is_retracted_is_withdrawn():
    (finding,) = rechecked(DRAFT, REPORT, NOTE)
    assert (finding.effect, finding.by, finding.passage) == (Effect.WITHDRAWN, "a9", "a9.1")


OVERTAKING = [
    ("Norda will launch the probe on 20 May.", "Norda cancelled the launch of the probe.",
     Kind.FACT),
    ("Norda will launch the probe on 20 May.",
     "Norda postponed the launch of the probe from 20 May to 3 June.", Kind.PREDICTION),
    ("Hackers stole $40 million from the exchange Norda.",
     "Norda now puts the loss from the hack at $58 million.", Kind.FACT),
    ("A fire at Orl killed 12 people.", "The death toll of the fire at Orl rose to 17.", Kind.FACT),
    ("A fire at Orl killed 17 people.", "The governor lowered the toll of the fire at Orl to 12.",
     Kind.FACT),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "told", "kind"), OVERTAKING)
def test_a_plan_called_off_and_a_grown_toll_or_loss_call_an_editor(sentence, told, kind):
    report = an_item("a1", sentence, outlet="Stannick Post")
    claims = (checked(sentence, "a1.1", kind=kind),)
    (finding,) = rechecked(a_draft(report, key_points=claims), report, later(told))
    assert (finding.effect, finding.by) == (Effect.CONTRADICTED, "a9")
    dated = a_draft(report, timeline=claims)
    assert "calls it off" not in str(rechecked(dated, report, later(told)))


def test_a_claim_that_another_origin_tells_too_is_weakened():
    draft = a_draft(REPORT, RIVAL, key_points=(checked(SENTENCE, "a1.1", "a2.1"),))
    (finding,) = rechecked(draft, REPORT, RIVAL, NOTE)
    assert finding.effect is Effect.WEAKENED
    assert "from 2 to 1" in finding.reason


def test_a_copy_of_what_was_retracted_is_no_second_source():
    copy = an_item("a2", REPORT.text, outlet="Harbor Ledger", origin="a1")
    draft = a_draft(REPORT, copy, key_points=(checked(SENTENCE, "a1.1", "a2.1"),))
    (finding,) = rechecked(draft, REPORT, copy, NOTE)
    assert finding.effect is Effect.WITHDRAWN


def test_a_retraction_is_found_by_whoever_reads_it_with_the_report():
    draft = a_draft(REPORT, NOTE, key_points=(checked(SENTENCE, "a1.1"),))
    assert [f.effect for f in rechecked(draft, REPORT, NOTE)] == [Effect.WITHDRAWN]


def test_a_claim_that_tells_of_the_retraction_stands():
    told = checked("Stannick Post took its report on 41 hurt people back.", "a1.1", "a9.1")
    assert rechecked(a_draft(REPORT, NOTE, key_points=(told,)), REPORT, NOTE) == ()


def test_only_a_claim_that_a_correction_concerns_is_weakened():
    note = later("Correction: the shuttle struck a post, not the kerb.", outlet="Stannick Post")
    (finding,) = rechecked(DRAFT, REPORT, note)
    assert (finding.effect, finding.by) == (Effect.WEAKENED, "a9")
    other = later("Correction: the mayor's name is Ada Holt.", outlet="Stannick Post")
    assert rechecked(DRAFT, REPORT, other) == ()


def test_a_correction_that_gives_another_figure_contradicts_too():
    text = "Correction: 44 people were hurt when the shuttle struck the kerb, not 41."
    found = rechecked(DRAFT, REPORT, later(text, outlet="Stannick Post"))
    assert [f.effect for f in found] == [Effect.WEAKENED, Effect.CONTRADICTED]


def test_a_retracted_item_contradicts_nobody():
    wrong = later("44 people were hurt when the shuttle struck the kerb.", "a8")
    note = later("We retract our report of 44 people hurt.", outlet="Evening Sun")
    assert rechecked(DRAFT, REPORT, wrong, note) == ()


def test_attention_names_items_and_sections_and_no_word_of_a_source():
    assert recheck.attention(rechecked(DRAFT, REPORT, NOTE)) == (
        "1 shown sentence rests on sources that were taken back (a9): key_points.",
    )


# --- Between revisions -----------------------------------------------------------------------


def test_the_next_revision_says_what_is_new_and_which_item_brought_it():
    new = later("The regulator opened an inquiry into the shuttle.")
    fresh = checked("The regulator opened an inquiry.", "a9.1")
    after = a_draft(REPORT, new, revision=2, key_points=(checked(SENTENCE, "a1.1"), fresh))
    (finding,) = recheck.between(DRAFT, after)
    assert (finding.effect, finding.by, finding.claim) == (
        Effect.NEW,
        "a9",
        "The regulator opened an inquiry.",
    )


def test_a_sentence_that_an_old_item_tells_is_not_new():
    before = a_draft(REPORT, key_points=())
    after = a_draft(REPORT, revision=2, key_points=(checked(SENTENCE, "a1.1"),))
    assert recheck.between(before, after) == ()


def test_the_next_revision_says_what_became_of_the_sentences_before():
    after = a_draft(REPORT, NOTE, revision=2, key_points=())
    assert [(f.effect, f.by) for f in recheck.between(DRAFT, after)] == [(Effect.WITHDRAWN, "a9")]


# --- What an editor holds --------------------------------------------------------------------


@pytest.mark.parametrize(
    "held", [{"locked_by": "Kim"}, {"edited_by": "Kim"}, {"locked_by": "Kim", "edited_by": "Ada"}]
)
def test_a_finding_says_whose_words_it_speaks_of(held):
    section = Section(key="key_points", shown=(checked(SENTENCE, "a1.1"),), **held)
    (finding,) = rechecked(a_draft(REPORT, key_points=section), REPORT, NOTE)
    assert finding.held_by == "Kim"


TEXTS = [row[n] for row in (*SAYS_OTHERWISE, *SAYS_NO_OTHER) for n in (0, 1)]


@given(
    st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4),
    st.lists(st.sampled_from([*TEXTS, RETRACTION]), max_size=4),
    st.sampled_from([None, "Kim"]),
)
def test_whatever_comes_in_no_word_of_a_draft_changes(stand, came, editor):
    report = an_item("a1", "\n".join(stand), outlet="Stannick Post")
    claims = tuple(checked(text, f"a1.{n}") for n, text in enumerate(stand, start=1))
    draft = a_draft(report, key_points=Section(key="key_points", shown=claims, locked_by=editor))
    was = draft.model_dump_json()
    items = [later(text, f"a{n}", outlet="Stannick Post") for n, text in enumerate(came, start=2)]
    found = rechecked(draft, report, *items)
    assert draft.model_dump_json() == was
    assert {f.claim for f in found} <= set(stand)
    assert {f.by for f in found} <= {item.key for item in items}
    assert all(f.held_by == editor for f in found)
    assert rechecked(draft, report, *items) == found


ALLEGED = "A former clerk alleges that Tolven Grain hid 400 tons."


@pytest.mark.parametrize(
    ("late", "answered"),
    [
        ("Tolven Grain rejected the allegations as 'nonsense'.", True),
        ("The lawyer of Tolven Grain said the claims were baseless.", True),
        ("Tolven Grain admitted that it had hidden 400 tons.", True),
        ("Tolven Grain declined to comment.", False),
        ("The ministry rejected the allegations as nonsense.", False),
        ("Tolven Grain opened a mill.", False),
    ],
)
def test_a_later_reply_reaches_the_accusation(late: str, answered: bool) -> None:
    told = an_item("a1", ALLEGED)
    draft = a_draft(told, sides=(checked(ALLEGED, "a1.1"),))
    found = [f for f in rechecked(draft, told, later(late)) if f.effect is Effect.ANSWERED]
    assert [(f.claim, f.by, f.passage, f.text) for f in found] == (
        [(ALLEGED, "a9", "a9.1", late)] if answered else []
    )
    assert bool(recheck.attention(found)) is answered


def test_a_reply_that_the_draft_has_is_no_news() -> None:
    told = an_item("a1", f"{ALLEGED}\nTolven Grain denied it.")
    draft = a_draft(told, sides=(checked(ALLEGED, "a1.1"),))
    assert rechecked(draft, told, later("Tolven Grain rejected the allegations.")) == ()


CHARGED = "Prosecutors charged the baker Tomas Reik with arson."


@pytest.mark.parametrize(
    ("late", "ends"),
    [
        ("The case against Tomas Reik was thrown out.", True),
        ("A jury found Tomas Reik not guilty.", True),
        ("Police said that Tomas Reik was wrongly accused.", True),
        ("Tomas Reik asked the court to dismiss the charge.", False),
        ("A jury found Tomas Reik guilty.", False),
        ("Prosecutors dropped the charge against Ada Lorn.", False),
    ],
)
def test_a_later_end_reaches_the_accusation(late: str, ends: bool) -> None:
    told = an_item("a1", CHARGED)
    draft = a_draft(told, key_points=(checked(CHARGED, "a1.1"),))
    found = [f for f in rechecked(draft, told, later(late)) if f.effect is Effect.ENDED]
    assert [(f.claim, f.by, f.passage, f.text) for f in found] == (
        [(CHARGED, "a9", "a9.1", late)] if ends else []
    )
    assert bool(recheck.attention(found)) is ends
