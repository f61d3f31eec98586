"""What the next revision is made of when an editor had a hand in the last one."""

from collections.abc import Collection, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from summarizer.domain.absences import EMPTIED, NEEDS_MODEL
from summarizer.domain.claims import CheckedClaim, Claim, VerdictLabel
from summarizer.domain.drafts import Draft, Section, Suggestion
from summarizer.domain.evidence import Evidence
from summarizer.errors import InputError
from summarizer.pipeline import revisions
from summarizer.review import diff
from summarizer.review import edits as review_edits
from summarizer.review.diff import Change
from summarizer.review.edits import Edit
from summarizer.verification.policy import load_policy
from tests.support import builders
from tests.support.builders import NOON, a_draft, a_pack, an_item

POLICY = load_policy()
SPAN = Evidence(source="a1.1", start=0, end=4, text="Acme")


def checked(text: str, label: VerdictLabel = VerdictLabel.SUPPORTED) -> CheckedClaim:
    return builders.checked(text, "a1.1", id=text, label=label, evidence=(SPAN,))


def verify(claims: Sequence[Claim], changed: Collection[str]) -> list[CheckedClaim]:
    """A claim that says "false" is unsupported."""
    found = []
    for claim in claims:
        if claim.id in changed:
            false = "false" in claim.text
            label = VerdictLabel.UNSUPPORTED if false else VerdictLabel.SUPPORTED
            found.append(checked(claim.text, label).model_copy(update={"claim": claim}))
    return found


def a_section(*texts: str, withheld: Sequence[str] = (), **fields: object) -> Section:
    return Section(
        key="key_points",
        shown=tuple(checked(text) for text in texts),
        withheld=tuple(checked(text, VerdictLabel.UNSUPPORTED) for text in withheld),
        **fields,
    )


def renamed(section: Section) -> Section:
    """The section with other ids."""
    shown = (c.model_copy(update={"claim": c.claim.named(f"{c.id}!")}) for c in section.shown)
    return section.model_copy(update={"shown": tuple(shown)})


def edit(section: Section, *edits: Edit) -> Section:
    return review_edits.edited(section, edits, "Kim", verify, POLICY)


def words(text: str) -> Claim:
    return Claim(text=text, cites=("a1.1",))


def texts(claims: Sequence[CheckedClaim]) -> list[str]:
    return [claim.claim.text for claim in claims]


def test_sentences_are_reordered_added_and_removed():
    done = edit(a_section("A.", "B.", "C."), Edit(id="C."), Edit(claim=words("D.")), Edit(id="A."))
    assert texts(done.shown) == ["C.", "D.", "A."]
    assert [c.edited_by for c in done.shown] == [None, "Kim", None]
    assert done.edited_by == "Kim"


def test_what_became_of_each_sentence_is_told_with_the_reason():
    section = a_section("A.", "B.", "C.", "D.", withheld=["W.", "V."])
    edits = [
        Edit(id="A.", claim=words("A."), reason="style"),
        Edit(id="B.", claim=words("B is false."), reason="unsupported"),
        Edit(id="C.", claim=Claim(text="C.", cites=("a1.2",)), reason="wrong_source"),
        Edit(id="D.", remove=True, reason="not_news"),
        Edit(id="V.", remove=True),
        Edit(claim=words("New.")),
    ]
    done = edit(section, *edits)
    assert texts(done.shown) == ["A.", "C.", "New."]
    assert texts(done.withheld) == ["B is false.", "W."]
    told = review_edits.changes(section, done, edits)
    assert [(one.id, one.before, one.after, one.reason) for one in told] == [
        ("A.", "A.", "A.", "style"),
        ("B.", "B.", "B is false.", "unsupported"),
        ("C.", "C.", "C.", "wrong_source"),
        ("D.", "D.", None, "not_news"),
        ("V.", "V.", None, None),
    ]


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"remove": True}, "an edit needs 'id'"),
        ({"claim": words("A."), "remove": True}, "'remove' goes with 'id'"),
        ({"id": "A.", "claim": words("A."), "remove": True}, "with neither 'claim'"),
        ({"id": "A.", "restore": "I saw it.", "remove": True}, "nor 'restore'"),
        ({"id": "A.", "reason": "style"}, "'reason' is of a change"),
        ({"claim": words("A."), "reason": "style"}, "it goes with 'id'"),
        ({"id": "A.", "public": True}, "'public' goes with 'restore'"),
        ({"id": "A.", "remove": True, "reason": "boring"}, "unsupported"),
    ],
)
def test_parts_of_an_edit_that_do_not_go_together_are_refused(parts, says):
    with pytest.raises(ValidationError, match=says):
        Edit(**parts)


def test_a_changed_sentence_remembers_its_first_words():
    once = edit(a_section("A."), Edit(id="A.", claim=words("B.")))
    twice = review_edits.edited(once, [Edit(id="A.", claim=words("C."))], "Lee", verify, POLICY)
    assert (twice.shown[0].edited_from, twice.shown[0].edited_by) == ("A.", "Lee")


def test_a_changed_sentence_keeps_its_id_and_a_new_one_gets_its_own():
    new = Edit(claim=words("A."))
    done = edit(a_section("A.", "B."), Edit(id="A.", claim=words("C.")), new, new)
    ids = [claim.id for claim in done.shown]
    assert ids[0] == "A."
    assert len(set(ids) | {"B."}) == 4


def test_an_edited_sentence_that_fails_is_withheld_where_it_stood_and_not_lost():
    done = edit(a_section("A.", "B."), Edit(id="A."), Edit(id="B.", claim=words("B is false.")))
    assert texts(done.shown) == ["A."]
    assert [(c.claim.text, c.place) for c in done.withheld] == [("B is false.", 1)]


def test_a_withheld_sentence_is_shown_for_a_written_reason_that_stays_beside_it():
    section = a_section("A.", withheld=["W."])
    done = edit(section, Edit(id="W.", restore="I read the filing."), Edit(id="A."))
    assert texts(done.shown) == ["W.", "A."]
    assert done.shown[0].restored_because == "I read the filing."
    assert not done.shown[0].reason_is_public
    assert done.shown[0].verdict.label is VerdictLabel.UNSUPPORTED


def test_a_reason_is_public_only_where_the_editor_says_so():
    section = a_section(withheld=["W."])
    done = edit(section, Edit(id="W.", restore="I read the filing.", public=True))
    assert done.shown[0].reason_is_public


def test_a_withheld_sentence_is_not_shown_without_a_reason():
    done = edit(a_section("A.", withheld=["W."]), Edit(id="W."), Edit(id="A."))
    assert texts(done.shown) == ["A."]


@pytest.mark.parametrize("fields", [{}, {"id": ""}, {"id": "A.", "restore": " "}])
def test_an_edit_that_says_nothing_is_refused(fields):
    with pytest.raises(ValidationError):
        Edit.model_validate(fields)


def test_a_sentence_without_words_is_refused():
    with pytest.raises(ValidationError, match="leave it out"):
        Edit(claim=words("  "))


def test_an_unknown_or_repeated_claim_is_refused():
    with pytest.raises(InputError, match=r"'B\.'"):
        edit(a_section("A."), Edit(id="B."))
    with pytest.raises(InputError, match="two edits"):
        edit(a_section("A."), Edit(id="A."), Edit(id="A."))


def test_an_emptied_section_abstains():
    assert edit(a_section("A.")).abstained == EMPTIED


@given(st.permutations(["A.", "B.", "V.", "W."]), st.integers(0, 4))
def test_no_withheld_sentence_is_ever_dropped(ids, named):
    section = a_section("A.", "B.", withheld=["V.", "W."])
    done = edit(section, *(Edit(id=id_) for id_ in ids[:named]))
    assert sorted(texts(done.withheld)) == ["V.", "W."]


# --- A new draft beside an editor's work ---


@pytest.mark.parametrize("hand", [{"edited_by": "Kim"}, {"locked_by": "Kim"}])
def test_a_new_draft_waits_beside_what_an_editor_holds(hand):
    newest = a_draft(a_section("Kim's."), revision=4)
    kept = newest.model_copy(update={"sections": (a_section("Kim's.", **hand),)})
    done = revisions.beside(kept, a_draft(a_section("New.")))
    assert texts(done.sections[0].shown) == ["Kim's."]
    assert [texts(s.section.shown) for s in done.suggestions] == [["New."]]
    assert done.parent == 4


def test_a_new_draft_replaces_what_no_editor_touched():
    done = revisions.beside(a_draft(a_section("Old.")), a_draft(a_section("New.")))
    assert texts(done.sections[0].shown) == ["New."]
    assert done.suggestions == ()


def test_a_new_draft_that_says_the_same_or_nothing_is_no_suggestion():
    kept = a_draft(renamed(a_section("Same.", edited_by="Kim")))
    assert revisions.beside(kept, a_draft(a_section("Same."))).suggestions == ()
    assert revisions.beside(kept, a_draft(a_section(abstained=NEEDS_MODEL))).suggestions == ()


def test_a_suggestion_waits_until_a_newer_one_comes():
    waiting = revisions.beside(
        a_draft(a_section("Kim's.", edited_by="Kim")), a_draft(a_section("B."))
    )
    again = revisions.beside(waiting, a_draft(a_section(abstained=NEEDS_MODEL)))
    newer = revisions.beside(again, a_draft(a_section("C.")))
    assert [texts(s.section.shown) for s in again.suggestions] == [["B."]]
    assert [texts(s.section.shown) for s in newer.suggestions] == [["C."]]


def test_passages_that_kept_sentences_cite_come_along():
    old = a_draft(a_section("Kim's.", edited_by="Kim"))
    fresh = old.model_copy(update={"evidence": a_pack(an_item("a2", "Other."))})
    done = revisions.beside(old, fresh)
    assert [p.id for p in done.evidence.passages] == ["a1.1", "a2.1"]
    assert [i.key for i in done.evidence.items] == ["a1", "a2"]


@pytest.mark.parametrize(("accept", "expected"), [(True, "New."), (False, "Kim's.")])
def test_a_suggestion_is_accepted_or_refused(accept, expected):
    waiting = revisions.beside(
        a_draft(a_section("Kim's.", edited_by="Kim")), a_draft(a_section("New."))
    )
    done = review_edits.answered(waiting, "key_points", accept=accept)
    assert texts(done.sections[0].shown) == [expected]
    assert done.suggestions == ()


def test_an_answer_without_a_suggestion_is_refused():
    with pytest.raises(InputError, match="key_points"):
        review_edits.answered(a_draft(a_section("A.")), "key_points", accept=True)


def test_a_suggestion_replaces_the_older_one_for_its_section():
    def suggest(draft: Draft, text: str) -> Draft:
        made = Suggestion(
            section=a_section(text), made_at=NOON, drafter="extractive", asked_by="Kim"
        )
        return revisions.with_suggestion(draft, made, draft.evidence)

    done = suggest(suggest(a_draft(a_section("A.")), "B."), "C.")
    assert [texts(s.section.shown) for s in done.suggestions] == [["C."]]


# --- Differences ---


def changes(before: Section, after: Section) -> list[tuple[Change, str | None, str | None]]:
    (section,) = diff.difference(a_draft(before), a_draft(after))
    return [
        (
            row.change,
            row.before.claim.text if row.before else None,
            row.after.claim.text if row.after else None,
        )
        for row in section.rows
    ]


def test_a_difference_tells_changed_added_and_removed_sentences_apart():
    before = a_section("The fine was 3 crowns.", "Nobody spoke.", "It rained.")
    after = a_section("The fine was 5 crowns.", "It rained.", "Quillhaven moved to Ostrel.")
    assert changes(before, after) == [
        (Change.CHANGED, "The fine was 3 crowns.", "The fine was 5 crowns."),
        (Change.REMOVED, "Nobody spoke.", None),
        (Change.SAME, "It rained.", "It rained."),
        (Change.ADDED, None, "Quillhaven moved to Ostrel."),
    ]


def test_a_difference_does_not_look_at_ids():
    before = a_section("It rained.")
    assert changes(before, renamed(before)) == [(Change.SAME, "It rained.", "It rained.")]


sentences = st.lists(st.sampled_from(["A is.", "B was it.", "C is new.", "A is not."]), max_size=5)


@given(sentences, sentences)
def test_a_difference_holds_every_sentence_of_both_sides_in_order(old, new):
    found = changes(a_section(*old), a_section(*new))
    assert [before for _, before, _ in found if before is not None] == old
    assert [after for _, _, after in found if after is not None] == new


def test_two_sections_have_one_fingerprint_only_when_they_are_the_same():
    assert review_edits.fingerprint(a_section("A.")) == review_edits.fingerprint(a_section("A."))
    assert review_edits.fingerprint(a_section("A.")) != review_edits.fingerprint(a_section("B."))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"claim": Claim(text="x" * 8_000)}, "8,000 characters; at most 3,000"),
        ({"claim": Claim(text="x", criterion="x" * 3_000)}, "at most 2,000"),
        ({"id": "x", "restore": "x" * 3_000}, "at most 2,000"),
    ],
)
def test_an_edit_over_a_limit_is_refused(fields: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Edit.model_validate(fields)
