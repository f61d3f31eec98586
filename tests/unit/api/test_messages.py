"""The messages of webhooks that the document describes are those that are sent."""

import json
from typing import Any

import pytest

from api.openapi import SIGNATURE
from api.schemas.messages import MESSAGES
from summarizer.domain.event_details import WORDS
from summarizer.domain.events import Event, EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.webhooks import Delivery
from summarizer.webhooks import _new_secret, headers, message
from tests.support.builders import NOON

DETAILS: dict[EventKind, dict[str, Any]] = {
    EventKind.OPENED: {"items": ["a1"], "from": "INC-000002", "url": "https://a.example/1"},
    EventKind.DRAFTED: {"drafter": "m", "verdicts": {"partly": 1}, "tokens": {"input": 9}},
    EventKind.EDITED: {"section": "title", "changes": [{"id": "t1", "before": "x"}]},
    EventKind.APPROVED: {"note": "Read.", "read": ["t1"], "against": ["A court."]},
    EventKind.CONTRADICTED: {"reasons": ["It says so."], "findings": [{"id": "f", "by": "a3"}]},
}


def sent(kind: EventKind, incident: str | None = "INC-000001") -> dict[str, Any]:
    """The body of a message, read."""
    event = Event(
        number=7, epoch="9f2c41d07ab3", at=NOON, kind=kind, actor="Kim",
        incident_id=incident and IncidentId(incident), detail=DETAILS.get(kind, {}),
    )  # fmt: skip
    told: dict[str, Any] = json.loads(message(Delivery(subscription="s", entry=event), "0" * 32))
    return told


@pytest.mark.parametrize("kind", EventKind)
@pytest.mark.parametrize("incident", ["INC-000001", None])
def test_each_kind_is_sent_as_the_document_describes_it(kind, incident):
    body = sent(kind, incident)
    read = MESSAGES[kind].model_validate(body, extra="forbid")
    told = json.loads(read.model_dump_json(exclude_unset=True))
    assert told | {"time": body["time"]} == body


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (EventKind.OPENED, {"items": ["a1"], "from": "INC-000002"}),
        (EventKind.EDITED, {"section": "title"}),
        (EventKind.APPROVED, {"read": ["t1"]}),
        (EventKind.CONTRADICTED, {"findings": [{"id": "f", "by": "a3"}]}),
    ],
)
def test_no_words_are_sent(kind, told):
    assert sent(kind)["data"]["detail"] == told
    properties = MESSAGES[kind].model_json_schema()["$defs"]
    assert not {name for one in properties.values() for name in one.get("properties", ())} & WORDS


def test_the_headers_are_those_of_the_document():
    event = Event(number=7, at=NOON, kind=EventKind.PAUSED, actor="Kim", incident_id=None)
    made = headers(_new_secret(), Delivery(subscription="s", entry=event), b"{}", NOON)
    assert {*made} == {*SIGNATURE, "content-type"}
