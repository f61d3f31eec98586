"""``Tallies`` on databases in memory and in a file."""

from __future__ import annotations

import pytest

from summarizer.domain.claims import VerdictLabel
from summarizer.domain.drafts import Draft, Section, Usage
from summarizer.domain.events import EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.usage import Counted, count_draft
from summarizer.storage.store import Store
from tests.support.builders import NOON
from tests.support.pages import checked
from tests.unit.storage.test_store import a_draft


@pytest.fixture
def store(store: Store) -> Store:
    for _ in range(2):
        store.create_incident(NOON)
    return store


def happened(store: Store, kind: EventKind, draft: Draft | None, of: str = "INC-000001") -> int:
    """Write down what became of a draft, and the draft; the number of the entry."""
    saved = None if draft is None else store.save_draft(draft)
    return store.history.record(kind, IncidentId(of), "Kim", saved and saved.revision).number


def loud(incident_id: str) -> Draft:
    section = Section(
        key="title",
        shown=(checked("One."), checked("Two.")),
        withheld=(checked("No.", label=VerdictLabel.UNSUPPORTED),),
    )
    usage = Usage(calls=1, input_tokens=70, output_tokens=9)
    fields = {"sections": (section,), "usage": usage, "drafter": "anthropic"}
    return a_draft(incident_id).model_copy(update=fields)


LOUD = {
    Counted("drafter", "anthropic"): 1,
    Counted("verdict", "supported"): 2,
    Counted("verdict", "unsupported"): 1,
    Counted("tokens", "input"): 70,
    Counted("tokens", "output"): 9,
}


def test_a_draft_counts_its_drafter_its_verdicts_and_its_tokens():
    assert count_draft(loud("INC-000001")) == LOUD


def test_before_anything_happened_nothing_is_counted(store):
    assert store.tallies.after(0) == (0, 0, {})


def test_drafts_add_up_and_revisions_that_editors_make_do_not(store):
    happened(store, EventKind.DRAFTED, loud("INC-000001"))
    happened(store, EventKind.EDITED, loud("INC-000001"))
    happened(store, EventKind.DRAFT_FAILED, None)
    last = happened(store, EventKind.DRAFTED, loud("INC-000002"), "INC-000002")

    assert store.tallies.after(0) == (last, 1, {what: 2 * n for what, n in LOUD.items()})


def test_only_what_came_later_is_counted(store):
    first = happened(store, EventKind.DRAFTED, loud("INC-000001"))
    last = happened(store, EventKind.DRAFTED, a_draft("INC-000001"))

    assert store.tallies.after(first) == (last, 0, {Counted("drafter", "extractive"): 1})
    assert store.tallies.after(last) == (last, 0, {})


def test_a_draft_counts_on_when_its_incident_is_merged_into_another(store):
    happened(store, EventKind.DRAFTED, loud("INC-000001"))
    store.merge("INC-000001", "INC-000002")

    assert store.tallies.after(0).counts == LOUD
