"""Public shapes of events: one for each kind of detail, told apart by ``kind``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union

from pydantic import Field, RootModel, create_model

from api.schemas.incidents import Public
from summarizer.domain import event_details
from summarizer.domain.event_details import DETAILS, Detail
from summarizer.domain.events import Event, EventKind


class EntryBase(Public):
    """What every event has."""

    id: str = Field(
        examples=["9f2c41d07ab3.42"], description="That of no other event, of a restored log too."
    )
    number: int = Field(description="Ascending, with gaps.")
    at: dt.datetime = Field(description="When it happened.")
    incident: str | None = Field(
        examples=["INC-000042"], description="Null for an event about no single incident."
    )
    actor: str = Field(description="Name of the editor or program.")
    revision: int | None = Field(description="Revision that it made or is about.")


def name_of(detail: type[Detail]) -> str:
    """Name of a detail, of which the names of its shapes are made: ``Drafted``."""
    return {"NoDetail": "Plain"}.get(detail.__name__, detail.__name__.removesuffix("Detail"))


def by_detail() -> Iterator[tuple[type[Detail], tuple[EventKind, ...]]]:
    """Each detail, with the kinds that have it."""
    for detail in dict.fromkeys(DETAILS.values()):
        yield detail, tuple(kind for kind in DETAILS if DETAILS[kind] is detail)


def _entry(detail: type[Detail], kinds: Any) -> type[EntryBase]:
    return create_model(
        f"{name_of(detail)}Entry",
        __base__=EntryBase,
        __doc__=detail.__doc__,
        kind=(kinds, Field(description="Kind of event.")),
        detail=(detail, Field(description="What it tells beside.")),
    )


ENTRIES = tuple(_entry(detail, Literal[kinds]) for detail, kinds in by_detail())
"""An event of each kind of detail."""


class Entry(RootModel[Annotated[Union[ENTRIES], Field(discriminator="kind")]]):  # type: ignore[valid-type]  # noqa: UP007 - made at run time
    """One event; `kind` says what `detail` has."""

    @classmethod
    def of(cls, entry: Event) -> Entry:
        """The public shape of an event."""
        return cls.model_validate(
            {
                "id": entry.id,
                "number": entry.number,
                "at": entry.at,
                "kind": entry.kind,
                "incident": entry.incident_id,
                "actor": entry.actor,
                "revision": entry.revision,
                "detail": event_details.read(entry.kind, entry.detail),
            }
        )


class History(Public):
    """Events, oldest first."""

    entries: list[Entry] = Field(description="The events.")


class Entries(Public):
    """Events of all incidents, oldest first."""

    entries: list[Entry] = Field(description="The events.")
    next: str = Field(
        examples=["9f2c41d07ab3.42"], description="`after` for the events that follow."
    )
