"""What the events of reviews leave public."""

from __future__ import annotations

import pytest

from summarizer.domain.events import Event, EventKind
from summarizer.domain.publication import record_of
from tests.support.builders import NOON, hours

ID = "INC-000001"
SHORT = {
    "approve": EventKind.APPROVED, "withdraw": EventKind.WITHDRAWN,
    "changes": EventKind.CHANGES_REQUESTED, "reject": EventKind.REJECTED,
    "delete": EventKind.DELETED,
}  # fmt: skip


def after(*words: str) -> list[Event]:
    """Events an hour apart: ``approve 2`` is an approval of revision 2."""
    found = []
    for number, word in enumerate(words):
        kind, _, revision = word.partition(" ")
        found.append(
            Event(
                number=number + 1, at=NOON + hours(number), kind=SHORT[kind], incident_id=ID,
                actor="Kim", revision=int(revision) if revision else None,
            )
        )  # fmt: skip
    return found


@pytest.mark.parametrize(
    ("events", "revision", "ended"),
    [
        ((), None, None),
        (("approve 1",), 1, None),
        (("changes 1",), None, None),
        (("approve 1", "approve 3"), 3, None),
        (("approve 1", "changes 2"), 1, None),
        (("approve 1", "reject 2"), 1, None),
        (("approve 1", "changes 1"), None, 1),
        (("approve 1", "reject 1"), None, 1),
        (("approve 1", "withdraw 1"), None, 1),
        (("approve 1", "withdraw 2"), None, 1),
        (("approve 1", "withdraw 1", "approve 2"), 2, None),
        (("approve 1", "withdraw 1", "reject 2"), None, 1),
    ],
)
def test_public_is_the_revision_approved_last_until_it_is_withdrawn_or_refused(
    events, revision, ended
):
    record = record_of(after(*events))
    assert (record.approval and record.approval.revision) == revision
    assert record.ended_at == (None if ended is None else NOON + hours(ended))


def test_an_approval_knows_the_first_one():
    approval = record_of(after("approve 1", "approve 1", "changes 2", "approve 3")).approval
    assert approval is not None
    assert (approval.first_at, approval.at) == (NOON, NOON + hours(3))
    assert (approval.review.by, approval.review.revision) == ("Kim", 3)


def test_a_deletion_touches_an_approval_until_the_next_one():
    events = after("delete", "approve 1", "delete", "approve 2")
    assert [record_of(events[:n]).approval.touched for n in (2, 3, 4)] == [False, True, False]
