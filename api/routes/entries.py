"""Endpoints of the event log: read, wait for more, and follow as a stream.

Waiting clients hold no server thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from api.auth import Actor, Reader
from api.bodies import GuardedRoute
from api.dependencies import Service
from api.problems import answers
from api.schemas.entries import Entries, Entry
from summarizer.app import App
from summarizer.domain.events import CURSOR, Cursor, Event, EventKind

LOOK_SECONDS = 1.0
"""Time between two looks at the log for a client that waits."""

HEARTBEAT_LOOKS = 15
"""Silent looks after which a stream sends a comment; proxies close it after a minute."""

PORTION = 100
"""Entries of a stream that are read at once."""

router = APIRouter(prefix="/v1", tags=["reviews"], route_class=GuardedRoute)

After = Annotated[
    str,
    Query(
        pattern=f"^{CURSOR}$",
        max_length=40,
        description="`next` of the last answer, or the number of an entry; `0` for the first.",
        examples=["9f2c41d07ab3.42"],
    ),
]
Kinds = Annotated[list[EventKind] | None, Query(description="Only these kinds.")]
Of = Annotated[str | None, Query(max_length=40, description="Only of this incident.")]


@dataclass
class _Reader:
    """Who follows the log, and how far.

    Args:
        edits: whether it is an editor, who is told what is withheld from readers.
    """

    service: App
    edits: bool
    number: int
    kinds: Sequence[EventKind]
    incident: str | None

    async def more(self, limit: int) -> list[Event]:
        """The entries that follow, if there are any yet."""
        found = await run_in_threadpool(
            self.service.store.history.after, self.number, limit, self.kinds, self.incident
        )
        self.number = found[-1].number if found else self.number
        if self.edits or not found:
            return found
        return await run_in_threadpool(self.service.withholding.told, found)

    async def place(self) -> str:
        """The place from which this reader goes on."""
        return str(await run_in_threadpool(self.service.store.history.place, self.number))


async def _reader(
    service: App,
    actor: Actor,
    after: str,
    kinds: Sequence[EventKind] | None,
    incident: str | None,
) -> _Reader:
    number = await run_in_threadpool(service.store.history.position, Cursor.read(after))
    return _Reader(service, actor.edits, number, kinds or (), incident)


@router.get("/entries", summary="List events of all incidents", responses=answers(404, 410))
async def list_entries(
    service: Service,
    actor: Reader,
    after: After = "0",
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    kind: Kinds = None,
    incident: Of = None,
    wait: Annotated[
        float, Query(ge=0, le=60, description="Seconds to wait for an entry, if there is none.")
    ] = 0,
) -> Entries:
    """Oldest first, by default of every `kind` and of all incidents. Continue with the `next` of
    the last answer: every entry is returned once, in order, even while others are written.

    410 for a place that this log does not have, such as one from before a backup was restored.
    """
    reader = await _reader(service, actor, after, kind, incident)
    found = await reader.more(limit)
    ends = asyncio.get_running_loop().time() + wait
    while not found and (left := ends - asyncio.get_running_loop().time()) > 0:
        await asyncio.sleep(min(LOOK_SECONDS, left))
        found = await reader.more(limit)
    return Entries(entries=[Entry.of(entry) for entry in found], next=await reader.place())


@router.get(
    "/entries/stream",
    summary="Stream events of all incidents",
    response_class=StreamingResponse,
    responses=answers(404, 410)
    | {200: {"content": {"text/event-stream": {}}, "description": "Each `data` is an `Entry`."}},
)
async def stream_entries(
    service: Service,
    actor: Reader,
    after: After = "0",
    kind: Kinds = None,
    incident: Of = None,
    last_event_id: Annotated[
        str | None,
        Header(pattern=f"^{CURSOR}$", description="`id` of the last seen entry, before `after`."),
    ] = None,
) -> Response:
    """Server-sent events, named by kind; `data` is an entry as `GET /v1/entries` lists it, and `id`
    a place for `after` and `Last-Event-ID`. It goes on until the client leaves.
    """
    reader = await _reader(service, actor, last_event_id or after, kind, incident)
    if incident is not None:
        await run_in_threadpool(service.store.resolved, incident)  # 404 before the stream begins
    return StreamingResponse(
        _stream(reader),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _stream(reader: _Reader) -> AsyncIterator[str]:
    epoch = (await reader.place()).partition(".")[0]
    yield ": the log\n\n"  # so that the client sees at once that it is let in
    for looked in count(1):
        while found := await reader.more(PORTION):
            for entry in found:
                data = Entry.of(entry).model_dump_json()
                place = Cursor(epoch, entry.number)
                yield f"id: {place}\nevent: {entry.kind.value}\ndata: {data}\n\n"
        if looked % HEARTBEAT_LOOKS == 0:
            yield ": still here\n\n"
        await asyncio.sleep(LOOK_SECONDS)
