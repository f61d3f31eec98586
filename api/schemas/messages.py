"""Public shapes of the messages of webhooks: CloudEvents, one for each kind of detail."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from api.schemas.entries import by_detail, name_of
from summarizer.domain.event_details import WORDS, Detail
from summarizer.domain.events import EventKind
from summarizer.webhooks import TYPE


class Sent(BaseModel):
    """Base of what is sent."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True)


class Links(Sent):
    """Where to read on: absolute, or paths of the service."""

    incident: str | None = Field(default=None, description="The incident, at its revision.")
    history: str | None = Field(default=None, description="Its events.")
    desk: str | None = Field(default=None, description="Its page on the desk.")
    page: str | None = Field(default=None, description="Its published page.")
    entries: str = Field(description="The event in the log.")


class EventData(Sent):
    """What every message tells of its event."""

    entry: int = Field(description="Number of the event in the log.")
    incident: str | None = Field(
        examples=["INC-000042"], description="Null for an event about no single incident."
    )
    revision: int | None = Field(description="Revision that it made or is about.")
    links: Links = Field(description="Where to read on.")


class CloudEvent(Sent):
    """The envelope of a message: a CloudEvent 1.0 in structured JSON."""

    specversion: Literal["1.0"] = Field(description="Version of CloudEvents.")
    id: str = Field(examples=["9f2c41d07ab3.42"], description="Id of the event in the log.")
    source: str = Field(examples=["urn:uuid:6f0e…"], description="The installation.")
    time: dt.datetime = Field(description="When it happened.")
    subject: str | None = Field(
        default=None, description="The incident; absent for an event about no single one."
    )
    datacontenttype: Literal["application/json"] = Field(description="Form of `data`.")


def _told(detail: type[Detail]) -> type[BaseModel]:
    """A detail without its words, which webhooks leave out."""
    kept = {
        name: (field.annotation, field)
        for name, field in detail.model_fields.items()
        if name not in WORDS
    }
    if len(kept) == len(detail.model_fields):
        return detail
    named: dict[str, Any] = {"__base__": Sent, "__doc__": detail.__doc__, **kept}
    made: type[BaseModel] = create_model(f"{name_of(detail)}Told", **named)
    return made


def _message(detail: type[Detail], kinds: Any, name: str, types: Any) -> type[CloudEvent]:
    told = (_told(detail), Field(description="What it tells, without words of anybody."))
    data = create_model(
        f"{name}Data",
        __base__=EventData,
        __doc__=detail.__doc__,
        kind=(kinds, Field(description="Kind of event.")),
        detail=told,
    )
    return create_model(
        f"{name}Message",
        __base__=CloudEvent,
        __doc__=detail.__doc__,
        type=(types, Field(description="`summarizer.` and the kind.")),
        data=(data, Field(description="The event.")),
    )


def _types(kinds: tuple[EventKind, ...]) -> Any:
    return Literal[tuple(f"{TYPE}.{kind.value}" for kind in kinds)]


MESSAGES: dict[EventKind, type[CloudEvent]] = {
    kind: made
    for detail, kinds in by_detail()
    for made in [_message(detail, Literal[kinds], name_of(detail), _types(kinds))]
    for kind in kinds
}
"""The message of each kind of event."""
