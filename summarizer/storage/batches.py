"""Message batches and their requests, in the database of the store."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Row, Select, delete, insert, select, update

from summarizer.domain.batches import LONGEST, WAITING, Batch, BatchedRequest
from summarizer.domain.drafts import Usage
from summarizer.domain.incidents import IncidentId
from summarizer.errors import ConflictError
from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.dialects import upsert
from summarizer.storage.locks import BATCHES

_BATCHES, _REQUESTS = tables.message_batches, tables.batch_requests
_OPEN = _BATCHES.c.closed_at.is_(None)
_FIELDS = [_BATCHES.c[name] for name in Batch.model_fields if name != "outcomes"]


class Batches:
    """Batches of one run at a time: the open ones belong to the run that holds them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- The run -----------------------------------------------------------------------------

    def hold(self, server: str, run: str, at: dt.datetime, until: dt.datetime) -> None:
        """Take the open batches of a server for a run, or renew its hold.

        Raises:
            ConflictError: another run holds one still.
        """
        here = _OPEN & (_BATCHES.c.server == server)
        theirs = select(_BATCHES.c.lease_until).where(
            here, _BATCHES.c.holder != run, _BATCHES.c.lease_until > at
        )
        with self._database.writing(BATCHES) as connection:
            held = connection.scalar(theirs)
            if held is not None:
                raise ConflictError(
                    f"Another run drafts in batches. If it was killed, run this again after "
                    f"{held:%H:%M:%S} UTC."
                )
            connection.execute(update(_BATCHES).where(here).values(holder=run, lease_until=until))

    def release(self, run: str, at: dt.datetime) -> None:
        """Leave the open batches of a run to the next."""
        mine = _OPEN & (_BATCHES.c.holder == run)
        with self._database.writing() as connection:
            connection.execute(update(_BATCHES).where(mine).values(lease_until=at))

    def held(self, at: dt.datetime) -> dict[IncidentId, dt.datetime]:
        """Incidents of open batches, which nobody drafts unasked, and until when at most."""
        rows = (
            select(_REQUESTS.c.incident, _BATCHES.c.sent_at, _BATCHES.c.lease_until)
            .distinct()
            .join(_BATCHES, _BATCHES.c.number == _REQUESTS.c.batch)
            .where(_OPEN, _BATCHES.c.canceled_at.is_(None))
        )
        with self._database.reading() as connection:
            found = {
                IncidentId(row.incident): row.sent_at + LONGEST if row.sent_at else row.lease_until
                for row in connection.execute(rows)
            }
        return {id_: until for id_, until in found.items() if at < until <= at + LONGEST}

    def open(self, server: str) -> list[Batch]:
        """Open batches of a server, oldest first."""
        here = _OPEN & (_BATCHES.c.server == server)
        return self._read(select(*_FIELDS).where(here).order_by(_BATCHES.c.number))

    # --- One batch ---------------------------------------------------------------------------

    def begin(self, server: str, run: str, at: dt.datetime, until: dt.datetime) -> int:
        """Open a batch without requests; its number.  Raises ``ConflictError`` as ``hold`` does."""
        row = {"server": server, "holder": run, "begun_at": at, "lease_until": until}
        with self._database.writing(BATCHES) as connection:
            self.hold(server, run, at, until)
            made = insert(_BATCHES).values(row).returning(_BATCHES.c.number)
            number: int = connection.execute(made).scalar_one()
        return number

    def add(self, number: int, requests: Sequence[BatchedRequest]) -> None:
        """Add requests to a batch that is not sent yet; one that it has already counts once."""
        rows = [_row(request) | {"batch": number} for request in requests]
        if rows:
            with self._database.writing() as connection:
                connection.execute(upsert(connection, _REQUESTS).on_conflict_do_nothing(), rows)

    def sending(self, number: int, at: dt.datetime) -> None:
        """Note that a batch is about to be sent."""
        self._set(number, {"sent_at": at})

    def sent(self, number: int, batch_id: str) -> None:
        """Note the server's id of a batch."""
        self._set(number, {"batch_id": batch_id})

    def drop(self, number: int) -> None:
        """Forget a batch that the server did not take."""
        with self._database.writing() as connection:
            connection.execute(delete(_REQUESTS).where(_REQUESTS.c.batch == number))
            connection.execute(delete(_BATCHES).where(_BATCHES.c.number == number))

    def waiting(self, number: int) -> list[BatchedRequest]:
        """Its requests without an outcome."""
        mine = _in(number) & _REQUESTS.c.outcome.is_(None)
        with self._database.reading() as connection:
            return [_request(row) for row in connection.execute(select(_REQUESTS).where(mine))]

    def incidents(self, number: int) -> set[IncidentId]:
        """Incidents of its requests."""
        mine = select(_REQUESTS.c.incident).where(_in(number))
        with self._database.reading() as connection:
            return {IncidentId(id_) for id_ in connection.scalars(mine)}

    def settle(self, number: int, request: str, outcome: str) -> bool:
        """Note the outcome of a request, once: whether it had none before.

        Its body goes: the log of calls holds it from then on.
        """
        mine = _in(number) & (_REQUESTS.c.id == request) & _REQUESTS.c.outcome.is_(None)
        settled = update(_REQUESTS).where(mine).values(outcome=outcome, request=None)
        with self._database.writing() as connection:
            return connection.execute(settled).rowcount == 1

    def cancel(self, number: int, at: dt.datetime) -> None:
        """Leave the incidents of a batch to others; its answers are still to be collected."""
        self._set(number, {"canceled_at": at})

    def close(self, number: int, at: dt.datetime) -> None:
        """Note that a batch has been drafted from."""
        self._set(number, {"closed_at": at})

    def newest(self, limit: int = 20) -> list[Batch]:
        """Batches, newest first."""
        return self._read(select(*_FIELDS).order_by(_BATCHES.c.number.desc()).limit(limit))

    def _set(self, number: int, values: dict[str, object]) -> None:
        with self._database.writing() as connection:
            connection.execute(update(_BATCHES).where(_BATCHES.c.number == number).values(values))

    def _read(self, rows: Select[tuple[object, ...]]) -> list[Batch]:
        with self._database.reading() as connection:
            found = []
            for row in connection.execute(rows):
                outcomes = connection.scalars(select(_REQUESTS.c.outcome).where(_in(row.number)))
                counted = Counter(outcome or WAITING for outcome in outcomes)
                found.append(Batch(**row._mapping, outcomes=counted))
            return found


def _in(number: int) -> ColumnElement[bool]:
    return _REQUESTS.c.batch == number


def _row(request: BatchedRequest) -> dict[str, object]:
    return {
        **request.model_dump(exclude={"incident_id", "most"}),
        "incident": request.incident_id,
        "most_sent": request.reserve.input_tokens,
        "most_written": request.reserve.output_tokens,
    }


def _request(row: Row[tuple[object, ...]]) -> BatchedRequest:
    return BatchedRequest(
        id=row.id,
        incident_id=IncidentId(row.incident),
        purpose=row.purpose,
        model=row.model,
        request=row.request,
        reserve=Usage(calls=1, input_tokens=row.most_sent, output_tokens=row.most_written),
    )
