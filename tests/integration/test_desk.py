"""An editor's operations on a real store, index and verifier."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest

from summarizer.app import App
from summarizer.domain.claims import Claim, VerdictLabel
from summarizer.domain.drafts import Draft
from summarizer.domain.events import EventKind
from summarizer.domain.reviews import ReviewState
from summarizer.errors import ConflictError, InputError, NotFoundError, RefusedError
from summarizer.review import edits as review_edits
from summarizer.review.diff import Change
from summarizer.review.edits import Edit
from tests.support.app import an_app

POINTS = "key_points"
LAWSUIT = "Ostrel sued Skaldic Systems on Tuesday."


@pytest.fixture
def service(drafted_data) -> Iterator[App]:
    with an_app(drafted_data) as service:
        yield service


def kinds(service: App) -> list[EventKind]:
    return [entry.kind for entry in service.reviews.history("INC-000001")]


def keep(draft: Draft, key: str = POINTS) -> list[Edit]:
    return [Edit(id=claim.id) for claim in draft.section(key).shown]


def test_a_draft_and_what_flags_it_stand_in_the_history(service):
    assert kinds(service)[:2] == [EventKind.OPENED, EventKind.DRAFTED]


def test_an_edit_is_the_next_revision_and_its_words_are_verified(service):
    before = service.reviews.newest("INC-000001")
    first = before.section(POINTS).shown[0].claim
    wrong = first.model_copy(update={"text": "Skaldic Systems paid 900 million crowns."})
    after = service.reviews.edit(
        "INC-000001", POINTS, [Edit(id=first.id, claim=wrong), *keep(before)[1:]], "Kim"
    )
    assert (after.revision, after.parent, after.made_by) == (before.revision + 1, 1, "Kim")
    (withheld,) = [c for c in after.section(POINTS).withheld if c.edited_by == "Kim"]
    assert withheld.claim.text == wrong.text
    assert withheld.verdict.failures
    assert withheld.edited_from == first.text
    assert service.store.draft("INC-000001", before.revision) == before
    assert kinds(service)[-1] is EventKind.EDITED


def test_an_edit_that_gives_a_new_reason_calls_for_attention_and_one_that_takes_it_away_says_so(
    service,
):
    drafted = service.reviews.newest("INC-000001")
    for section in drafted.sections:  # without what is in words of its own: to be read
        checked = [c for c in section.shown if c.verdict.label is not VerdictLabel.UNCHECKED]
        if len(checked) < len(section.shown):
            kept = [Edit(id=c.id) for c in checked]
            service.reviews.edit("INC-000001", section.key, kept, "Kim")
    assert kinds(service)[-1] is EventKind.ATTENTION_OVER
    draft = service.reviews.newest("INC-000001")
    first = draft.section(POINTS).shown[0].claim
    wrong = Edit(claim=first.model_copy(update={"text": LAWSUIT}), restore="The filing says so.")
    service.reviews.edit("INC-000001", POINTS, [wrong, *keep(draft)], "Kim")
    called = service.reviews.history("INC-000001")[-1]
    assert called.kind is EventKind.NEEDS_ATTENTION
    assert called.detail["reasons"] == ["Court, charges or a settlement: for the senior desk."]

    keeping = keep(service.reviews.newest("INC-000001"))
    service.reviews.edit(
        "INC-000001", POINTS, keeping[::-1], "Kim"
    )  # the same reason: told already
    assert kinds(service)[-1] is EventKind.EDITED
    service.reviews.edit("INC-000001", POINTS, keeping[1:], "Kim")
    assert kinds(service)[-2:] == [EventKind.EDITED, EventKind.ATTENTION_OVER]
    service.reviews.edit("INC-000001", POINTS, keeping[2:], "Kim")
    assert kinds(service)[-1] is EventKind.EDITED


def test_a_true_sentence_without_citations_is_cited_by_us(service):
    draft = service.reviews.newest("INC-000001")
    passage = draft.evidence.passages[1]
    added = Edit(claim=Claim(text=passage.text))
    after = service.reviews.edit("INC-000001", POINTS, [*keep(draft), added], "Kim")
    last = after.section(POINTS).shown[-1]
    assert last.claim.text == passage.text
    assert passage.id in last.claim.cites


def test_what_an_edit_would_find_is_told_without_storing_anything(service):
    (found,) = service.reviews.check("INC-000001", POINTS, [Claim(text="It cost 900 crowns.")])
    assert found.verdict.failures
    assert service.reviews.newest("INC-000001").revision == 1


def test_the_second_of_two_editors_on_one_section_is_told_and_overwrites_nothing(service):
    draft = service.reviews.newest("INC-000001")
    seen = review_edits.fingerprint(draft.section(POINTS))
    service.reviews.edit("INC-000001", POINTS, keep(draft)[1:], "Kim", seen)
    with pytest.raises(ConflictError, match="changed by Kim"):
        service.reviews.edit("INC-000001", POINTS, keep(draft)[:1], "Lee", seen)
    assert service.reviews.newest("INC-000001").section(POINTS).edited_by == "Kim"


def test_two_editors_on_two_sections_do_not_meet(service):
    draft = service.reviews.newest("INC-000001")
    seen = {key: review_edits.fingerprint(draft.section(key)) for key in (POINTS, "timeline")}
    service.reviews.edit("INC-000001", POINTS, keep(draft)[1:], "Kim", seen[POINTS])
    service.reviews.edit("INC-000001", "timeline", keep(draft, "timeline"), "Lee", seen["timeline"])
    newest = service.reviews.newest("INC-000001")
    assert (newest.section(POINTS).edited_by, newest.section("timeline").edited_by) == (
        "Kim",
        "Lee",
    )


def test_a_locked_section_is_changed_by_nobody_else_until_it_is_unlocked(service):
    service.reviews.lock("INC-000001", POINTS, "Kim", locked=True)
    with pytest.raises(ConflictError, match="locked by Kim"):
        service.reviews.edit("INC-000001", POINTS, [], "Lee")
    with pytest.raises(ConflictError, match="locked by Kim"):
        service.reviews.lock("INC-000001", POINTS, "Lee", locked=True)
    service.reviews.lock("INC-000001", POINTS, "Lee", locked=False)
    assert service.reviews.newest("INC-000001").section(POINTS).locked_by is None
    assert kinds(service)[-2:] == [EventKind.LOCKED, EventKind.UNLOCKED]


def test_locking_twice_makes_one_revision(service):
    once = service.reviews.lock("INC-000001", POINTS, "Kim", locked=True)
    assert service.reviews.lock("INC-000001", POINTS, "Kim", locked=True) == once


def test_drafting_again_keeps_the_words_of_an_editor_and_puts_its_own_beside_them(service):
    draft = service.reviews.newest("INC-000001")
    service.reviews.edit("INC-000001", POINTS, keep(draft)[:1], "Kim")
    again = service.pipeline.draft("INC-000001")
    assert len(again.section(POINTS).shown) == 1
    (suggestion,) = again.suggestions
    accepted = service.reviews.answer("INC-000001", POINTS, "Kim", accept=True)
    assert accepted.section(POINTS).shown == suggestion.section.shown
    assert accepted.suggestions == ()


def test_an_approval_names_who_and_which_revision(service):
    draft = service.reviews.newest("INC-000001")
    review = service.decisions.decide(
        "INC-000001", "approve", "Kim", revision=1, override="Read it."
    )
    assert (review.state, review.by, review.revision) == (ReviewState.APPROVED, "Kim", 1)
    page = service.pages.of("INC-000001")
    assert page.review == review
    service.reviews.edit("INC-000001", POINTS, keep(draft)[1:], "Lee")
    assert service.pages.of("INC-000001").review.of(2) is ReviewState.UNREVIEWED


def test_an_unsupported_sentence_is_approved_only_with_a_reason(service):
    claim = Claim(text="Skaldic Systems paid 900 million crowns.")
    edit = Edit(claim=claim, restore="I have the invoice.")
    draft = service.reviews.edit("INC-000001", POINTS, [edit], "Kim")
    with pytest.raises(RefusedError, match="900 million"):
        service.decisions.decide("INC-000001", "approve", "Kim", revision=draft.revision)
    review = service.decisions.decide(
        "INC-000001", "approve", "Kim", revision=draft.revision, override="Invoice on file."
    )
    assert review.override == "Invoice on file."
    log = service.reviews.history("INC-000001")
    (approval,) = (entry for entry in log if entry.kind is EventKind.APPROVED)
    assert any("900 million" in reason for reason in approval.detail["against"])


def test_a_review_of_a_revision_that_is_not_the_newest_is_a_conflict(service):
    service.reviews.lock("INC-000001", POINTS, "Lee", locked=True)
    with pytest.raises(ConflictError, match="Lee made revision 2"):
        service.decisions.decide("INC-000001", "approve", "Kim", revision=1)


@pytest.mark.parametrize("decision", ["request_changes", "reject", "withdraw"])
def test_what_is_no_approval_needs_a_note(service, decision):
    with pytest.raises(InputError, match="note"):
        service.decisions.decide("INC-000001", decision, "Kim", revision=1)


def test_only_an_approval_can_be_withdrawn(service):
    with pytest.raises(ConflictError, match="nothing to withdraw"):
        service.decisions.decide("INC-000001", "withdraw", "Kim", revision=1, note="Wrong.")


def test_two_revisions_are_compared_sentence_by_sentence(service):
    draft = service.reviews.newest("INC-000001")
    service.reviews.edit("INC-000001", POINTS, keep(draft)[1:], "Kim")
    changed = [s for s in service.reviews.difference("INC-000001", 1, 2) if not s.is_same]
    assert [s.key for s in changed] == [POINTS]
    assert changed[0].rows[0].change is Change.REMOVED


def test_items_are_split_off_and_merged_back_and_ids_stay_valid(service):
    keys = service.store.incident("INC-000001").item_keys
    new = service.curation.split("INC-000001", keys[:1], "Kim")
    assert service.store.incident("INC-000001").item_keys == keys[1:]
    merged = service.curation.merge(new.id, "INC-000001", "Kim")
    assert merged.item_keys == keys
    assert service.store.incident(new.id).id == "INC-000001"
    assert kinds(service)[-2:] == [EventKind.OPENED, EventKind.MERGED]


@pytest.mark.parametrize("keys", [[], ["a1", "a2", "a3"], ["a9"]])
def test_a_split_needs_some_of_the_items(service, keys):
    with pytest.raises(InputError):
        service.curation.split("INC-000001", keys, "Kim")


def test_a_missing_source_is_added_to_the_incident_and_can_be_cited(service):
    text = "Brackwater Weekly found 7 unsigned invoices in the harbour office."
    row = json.dumps({"text": text, "outlet": "Brackwater Weekly"}).encode()
    (added,) = service.curation.add_items(
        "INC-000001", service.pipeline.ingest(io.BytesIO(row)), "Kim"
    ).keys
    assert added in service.store.incident("INC-000001").item_keys
    draft = service.reviews.newest("INC-000001")
    edits = [*keep(draft), Edit(claim=Claim(text=text, cites=(f"{added}.1",)))]
    after = service.reviews.edit("INC-000001", POINTS, edits, "Kim")
    assert after.section(POINTS).shown[-1].claim.cites == (f"{added}.1",)
    assert after.evidence.passage(f"{added}.1") is not None
    assert service.pipeline.due() == ["INC-000001"]


@pytest.mark.parametrize("key", ["nothing", ""])
def test_a_section_that_does_not_exist_is_not_found(service, key):
    with pytest.raises(NotFoundError):
        service.reviews.edit("INC-000001", key, [], "Kim")


def test_an_incident_without_a_draft_says_how_to_make_one(service):
    new = service.curation.split("INC-000001", ["a1"], "Kim")
    with pytest.raises(NotFoundError, match="summarizer draft"):
        service.reviews.newest(new.id)


def test_each_member_says_why_it_is_there(service):
    first, second, *_ = service.curation.members("INC-000001")
    assert first.assignment is not None and first.ruling is None
    assert first.reason == "It is the first item."
    assert second.assignment.nearest == first.item.key
    assert "joins its nearest" in second.reason
    assert set(second.assignment.likeness.features) >= {"meaning", "words"}


def test_a_moved_item_stays_where_it_was_put_and_so_does_a_copy_of_it(service):
    moved, *rest = service.store.incident("INC-000001").item_keys
    other = service.curation.split("INC-000001", rest[:1], "Kim").id
    service.curation.move("INC-000001", [moved], other, "Kim")
    (original,) = service.store.items([moved])
    copy = {"text": original.text, "outlet": "Velling Post", "incident": "INC-other"}
    list(service.pipeline.ingest(io.BytesIO(json.dumps(copy).encode())))
    service.pipeline.settle()
    placed = service.store.incident(other).item_keys
    assert len(placed) == 3 and moved in placed
    (copied,) = [m for m in service.curation.members(other) if m.item.outlet == "Velling Post"]
    assert copied.reason == f"It is a copy of {original.origin}, which an editor put there."
    assert kinds(service)[-1] is EventKind.MOVED


def test_what_an_editor_moved_says_who_moved_it(service):
    moved, *rest = service.store.incident("INC-000001").item_keys
    other = service.curation.split("INC-000001", rest[:1], "Kim").id
    service.curation.move("INC-000001", [moved], other, "Kim")
    member = next(m for m in service.curation.members(other) if m.item.key == moved)
    assert member.reason.startswith("Kim put it here on ")


@pytest.mark.parametrize("into", ["INC-000001", "INC-000009"])
def test_items_are_moved_into_another_incident_that_exists(service, into):
    first, *_ = service.store.incident("INC-000001").item_keys
    with pytest.raises((InputError, NotFoundError)):
        service.curation.move("INC-000001", [first], into, "Kim")


def test_a_later_merge_overrules_an_earlier_split(service):
    first, *_ = service.store.incident("INC-000001").item_keys
    other = service.curation.split("INC-000001", [first], "Kim").id
    merged = service.curation.merge(other, "INC-000001", "Ana")
    held = service.store.assignments.rulings(merged.item_keys)
    assert {(r.incident, r.belongs, r.by) for r in held} == {("INC-000001", True, "Ana")}
