"""Details of events: typed by kind, strict when written, lenient when read."""

from typing import Any

import pytest
from pydantic import ValidationError

from summarizer.domain.event_details import DETAILS, WORDS, NoDetail, check, read, without_words
from summarizer.domain.events import EventKind

CHANGE = {"id": "t1", "before": "Nine days.", "after": None, "reason": "style"}


def test_every_kind_of_event_has_a_detail():
    assert set(DETAILS) == set(EventKind)


def test_every_field_that_a_detail_can_have_may_be_missing():
    for detail in DETAILS.values():
        assert detail().model_dump() == {}


@pytest.mark.parametrize(
    ("kind", "detail"),
    [
        (EventKind.OPENED, {"items": ["a1"], "from": "INC-000001"}),
        (EventKind.DRAFTED, {"drafter": "extractive", "verdicts": {"supported": 2}}),
        (EventKind.EDITED, {"section": "title", "changes": [CHANGE]}),
        (EventKind.FORECAST_DUE, {"forecast": 3, "due": "2026-05-01"}),
        (EventKind.DELETED, {"deletion": 1, "why": "A court's order.", "incident": True}),
        (EventKind.PAUSED, {}),
    ],
)
def test_what_is_stored_is_told_as_it_is(kind: EventKind, detail: dict[str, Any]):
    check(kind, detail)
    assert read(kind, detail).model_dump(mode="json") == detail


@pytest.mark.parametrize(
    ("kind", "detail", "words"),
    [
        (EventKind.DRAFTED, {"draftr": "extractive"}, "'drafted' has no draftr"),
        (EventKind.PAUSED, {"why": "x"}, "'paused' has no why"),
        (EventKind.OPENED, {"items": "a1"}, "items"),
        (EventKind.FORECAST_DUE, {"due": "tomorrow"}, "due"),
    ],
)
def test_an_event_is_not_stored_with_another_detail(
    kind: EventKind, detail: dict[str, Any], words: str
):
    with pytest.raises((ValueError, ValidationError), match=words):
        check(kind, detail)


@pytest.mark.parametrize(
    ("kind", "stored", "told"),
    [
        (EventKind.MERGED, {"into": "INC-000002", "by_hand": True}, {"into": "INC-000002"}),
        (EventKind.SET_ASIDE, {"evidence": "h", "reason": 7}, {"evidence": "h"}),
        (EventKind.DRAFT_FAILED, {"job": "x", "reason": None}, {"job": "x"}),
        (
            EventKind.RETRACTED,
            {"findings": [{"id": "f", "effect": "withdrawn", "verdict": "old"}]},
            {"findings": [{"id": "f", "effect": "withdrawn"}]},
        ),
        (EventKind.RELEASED, {"note": "of another version"}, {}),
    ],
)
def test_a_row_of_another_version_or_after_a_deletion_is_told_as_far_as_it_is_known(
    kind: EventKind, stored: dict[str, Any], told: dict[str, Any]
):
    assert read(kind, stored).model_dump(mode="json") == told


def test_without_words_keys_ids_and_numbers_are_left():
    detail = {"section": "title", "changes": [CHANGE]}
    assert without_words(detail) == {"section": "title"}
    fields = {name for one in DETAILS.values() for name in one.model_fields}
    assert fields >= WORDS
    assert NoDetail().model_dump() == {}
