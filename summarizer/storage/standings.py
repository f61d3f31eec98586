"""Standings of incidents, and their order by noise and time, in the database of the store.

A change of an incident marks its standing in its own transaction (``mark``).  Whoever computes the
standing anew says which changes it knows of, so that none is lost, whoever writes first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from summarizer.domain.incidents import IncidentId
from summarizer.domain.outlook import half_lives, loudness
from summarizer.domain.standings import Standing, Wanted
from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.locks import LOG
from summarizer.storage.memberships import TIMES, members
from summarizer.storage.rows import parts
from summarizer.storage.standing_filters import CURRENT, is_fading, settled

_ROWS, _ITEMS, _INCIDENTS = tables.standings.c, tables.items.c, tables.incidents.c
_FEW = 500
"""Incidents that are due of which all are read."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

_KEEP = (
    update(tables.standings)
    .where(_ROWS.incident == bindparam("number"), _ROWS.seen <= bindparam("known"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                *("seen", "highest", "newest_at", "score", "fades_from", "fade", "closes_at"),
                *("major_from", "major_until", "growing_until", "debated", "review"),
                *("attention", "stage", "due_at", "body", "decided"),
            )
        }
    )
)
_LOOKED = (
    update(tables.standings)
    .where(_ROWS.incident == bindparam("number"), _ROWS.changes == bindparam("known"))
    .values(
        due_at=bindparam("new_due_at"),
        rules=bindparam("new_rules"),
        decided=bindparam("new_decided"),
    )
)

_COUNT = update(tables.standings_changes).values(changes=tables.standings_changes.c.changes + 1)
_COUNTED = select(tables.standings_changes.c.changes)

_INTO = tables.incidents.alias()
_MARK = (
    select(_INTO.c.id, _ROWS.changes)
    .select_from(tables.incidents)
    .join(_INTO, _INTO.c.number == func.coalesce(_INCIDENTS.merged_into, _INCIDENTS.number))
    .join(tables.standings, _ROWS.incident == _INTO.c.number)
    .where(_INCIDENTS.id == bindparam("id"))
)


class Marked(NamedTuple):
    """An incident and the number of its changes."""

    incident_id: IncidentId
    changes: int


class Looked(NamedTuple):
    """What the planner found at a look.

    Args:
        changes: of the incident that it knew of.
        again: when to look again; ``None`` for not before a change.
        decided: the reason of its decision.
    """

    changes: int
    again: dt.datetime | None
    decided: str | None


class Place(NamedTuple):
    """An incident's place in a list.

    Args:
        key: by which it is sorted, the largest first.
        number: of the incident, by which equals are sorted, the largest first.
    """

    key: float
    number: int


def mark(connection: Connection, numbers: Collection[int], *, items: bool = False) -> None:
    """Mark the standings of incidents as changed, in the transaction of the change.

    It holds ``LOG``: two that mark several incidents would else wait for each other.

    Args:
        connection: of the transaction.
        numbers: of the incidents.
        items: whether their items have changed, or the origins of those.
    """
    if numbers:
        changed = {"changes": _ROWS.changes + 1}
        if items:
            changed["items_changed"] = _ROWS.changes + 1
        of_them = _ROWS.incident.in_(sorted(numbers))
        connection.execute(update(tables.standings).where(of_them).values(changed))
        connection.execute(_COUNT)


def begin(connection: Connection, number: int) -> None:
    """Begin the standing of a new incident, in the transaction that makes it."""
    connection.execute(insert(tables.standings).values(incident=number))
    connection.execute(_COUNT)


def begin_again(connection: Connection, number: int) -> None:
    """Begin the standing of an incident anew, with more changes than it has ever had: what is
    remembered of its former ones is not taken for it."""
    connection.execute(_COUNT)
    changes = connection.scalar(_COUNTED)
    row = {"incident": number, "changes": changes, "items_changed": changes}
    connection.execute(insert(tables.standings).values(row))


class Standings:
    """Standings in the database of the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- Keeping them ------------------------------------------------------------------------

    def touch(self, incident_id: str) -> None:
        """Mark the standing of an incident, of which more is known than was when it changed."""
        number = select(_INCIDENTS.number).where(_INCIDENTS.id == incident_id)
        with self._database.writing(LOG) as connection:
            mark(connection, list(connection.scalars(number)))

    def marked(self, limit: int | None = None) -> list[Marked]:
        """Incidents whose standing is out of date."""
        query = (
            select(_INCIDENTS.id, _ROWS.changes)
            .join(tables.standings, _ROWS.incident == _INCIDENTS.number)
            .where(_ROWS.changes != _ROWS.seen)
            .order_by(_ROWS.incident)
        )
        with self._database.reading() as connection:
            return [Marked(*row) for row in connection.execute(query.limit(limit))]

    def mark_of(self, incident_id: str) -> Marked | None:
        """The incident that an id leads to, with its number of changes, ``None`` without one."""
        found = self._database.first(_MARK, {"id": incident_id})
        return None if found is None else Marked(*found)

    def changes(self) -> int:
        """Number of changes of all standings: while it stays, so do lists of one time."""
        found = self._database.first(_COUNTED, {})
        return 0 if found is None else int(found[0])

    def marks(self, ids: Sequence[str]) -> list[Marked]:
        """Exactly those incidents with their numbers of changes, without those merged away."""
        query = select(_INCIDENTS.id, _ROWS.changes).join(
            tables.standings, _ROWS.incident == _INCIDENTS.number
        )
        with self._database.reading() as connection:
            return [
                Marked(*row)
                for part in parts(ids)
                for row in connection.execute(query.where(_INCIDENTS.id.in_(part)))
            ]

    def keep(self, known: Sequence[tuple[Standing, int]]) -> None:
        """Store standings, each with the number of changes that it knows of; the planner is to look
        at them."""
        rows = [_row(standing, changes) for standing, changes in known]
        if rows:
            with self._database.writing(LOG) as connection:
                connection.execute(_KEEP, rows)

    def of(self, ids: Sequence[str]) -> dict[IncidentId, tuple[Standing, int]]:
        """Standings that are up to date, each with its number of changes."""
        query = (
            select(_ROWS.body, _ROWS.changes)
            .join(tables.incidents, _ROWS.incident == _INCIDENTS.number)
            .where(CURRENT)
        )
        with self._database.reading() as connection:
            found = [
                (Standing.model_validate_json(row.body), row.changes)
                for part in parts(ids)
                for row in connection.execute(query.where(_INCIDENTS.id.in_(part)))
            ]
        return {one.incident_id: (one, changes) for one, changes in found}

    def before(self, incident_id: str) -> Standing | None:
        """The standing of exactly that incident as it was stored last, if its items are the same
        as then."""
        query = (
            select(_ROWS.body)
            .join(tables.incidents, _ROWS.incident == _INCIDENTS.number)
            .where(_INCIDENTS.id == incident_id, _ROWS.seen >= _ROWS.items_changed)
        )
        with self._database.reading() as connection:
            body = connection.scalar(query)
        return None if body is None else Standing.model_validate_json(body)

    def current_after(self, number: int, limit: int) -> list[Standing]:
        """Standings that are up to date, of incidents with a higher number, in their order."""
        query = select(_ROWS.body).where(CURRENT, _ROWS.incident > number)
        with self._database.reading() as connection:
            rows = connection.scalars(query.order_by(_ROWS.incident).limit(limit))
            return [Standing.model_validate_json(body) for body in rows]

    def by_number(self, numbers: Sequence[int]) -> dict[int, Standing]:
        """Standings by number of the incident, as they were last computed."""
        query = select(_ROWS.incident, _ROWS.body).where(_ROWS.body.is_not(None))
        with self._database.reading() as connection:
            return {
                row.incident: Standing.model_validate_json(row.body)
                for part in parts(numbers)
                for row in connection.execute(query.where(_ROWS.incident.in_(part)))
            }

    # --- Lists -------------------------------------------------------------------------------

    def highest(self) -> int:
        """Largest number of an item in an incident."""
        with self._database.reading() as connection:
            newest = select(func.max(_ITEMS.number)).where(_ITEMS.incident.is_not(None))
            return connection.scalar(newest) or 0

    def unsettled(self, wanted: Wanted, by_noise: bool) -> list[Marked]:
        """Incidents that the stored standings cannot place: changed since, with items after the
        list's, or (by noise) with a newest item after its time."""
        later = [_ROWS.changes != _ROWS.seen, _ROWS.highest > wanted.upto]
        query = select(_INCIDENTS.id, _ROWS.changes).join(
            tables.standings, _ROWS.incident == _INCIDENTS.number
        )
        if by_noise:
            later.append(_ROWS.newest_at > wanted.at)
        with self._database.reading() as connection:
            return list(
                dict.fromkeys(
                    Marked(*row)
                    for condition in later
                    for row in connection.execute(query.where(condition))
                )
            )

    def loudest(
        self,
        wanted: Wanted,
        half_life_days: float,
        by_noise: bool,
        after: Place | None,
        limit: int | None,
    ) -> list[Place]:
        """Places of settled incidents after a place, the loudest first."""
        gone = half_lives(wanted.at, half_life_days)
        fading = _ROWS.fade - gone
        lasting = settled(wanted, half_life_days, by_noise=by_noise)
        rest = select(fading.label("key"), _ROWS.incident).where(is_fading(wanted.at))
        if after is not None:
            # The first condition is for the index; the second is exact.
            rest = rest.where(
                _ROWS.fade <= after.key + gone + 1e-6,
                tuple_(fading, _ROWS.incident) < tuple_(after.key, after.number),
            )
        rest = rest.order_by(_ROWS.fade.desc(), _ROWS.incident.desc())
        # Few are fresh: their numbers come first, whatever other conditions have an index.
        new = tables.standings.alias().c
        numbers = select(new.incident).where(new.fades_from > wanted.at)
        fresh = select(_ROWS.score, _ROWS.incident).where(_ROWS.incident.in_(numbers))
        with self._database.reading() as connection:
            found = [Place(loudness(r.score), r.incident) for r in _run(connection, fresh, lasting)]
            found += [Place(*row) for row in _run(connection, rest, lasting, limit)]
        return sorted((p for p in found if after is None or p < after), reverse=True)[:limit]

    def newest(
        self,
        wanted: Wanted,
        half_life_days: float,
        by_noise: bool,
        after: Place | None,
        limit: int | None,
    ) -> list[Place]:
        """Places of settled incidents after a place, that with the newest item first."""
        query = select(_ROWS.newest_at, _ROWS.incident)
        if after is not None:
            at = _EPOCH + dt.timedelta(microseconds=after.key)
            query = query.where(
                _ROWS.newest_at <= at, or_(_ROWS.newest_at < at, _ROWS.incident < after.number)
            )
        query = query.order_by(_ROWS.newest_at.desc(), _ROWS.incident.desc())
        found = settled(wanted, half_life_days, by_noise=by_noise)
        with self._database.reading() as connection:
            rows = list(_run(connection, query, found, limit))
        return [Place(micros(row.newest_at), row.incident) for row in rows]

    def count(
        self, wanted: Wanted, half_life_days: float, by_noise: bool, most: int | None = None
    ) -> int:
        """Number of settled incidents that are wanted, at most ``most``."""
        found = settled(wanted, half_life_days, by_noise=by_noise)
        few = select(_ROWS.incident).where(*found).limit(most).subquery()
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(few)) or 0

    def opened_since(self, at: dt.datetime) -> int:
        """Number of the oldest incident that was opened at that time or later, or of the next.

        Numbers ascend with time, so that only the newest are read.
        """
        query = select(_INCIDENTS.number).where(_INCIDENTS.created_at < at)
        with self._database.reading() as connection:
            before = connection.scalar(query.order_by(_INCIDENTS.number.desc()).limit(1))
        return (before or 0) + 1

    def outlets(self, numbers: Collection[int]) -> dict[int, tuple[str, ...]]:
        """Names of the sources of incidents, each once, sorted; without one, the platforms."""
        name = func.coalesce(
            func.nullif(_ITEMS.outlet, ""), func.nullif(_ITEMS.author, ""), _ITEMS.platform
        )
        found: dict[int, set[str]] = {}
        with self._database.reading() as connection:
            for part in parts(sorted(numbers), TIMES):
                inside = members(part).subquery().c
                query = select(inside.incident, name).join(
                    tables.items, _ITEMS.number == inside.item
                )
                for number, outlet in connection.execute(query.distinct()):
                    found.setdefault(number, set()).add(outlet)
        return {number: tuple(sorted(names)) for number, names in found.items()}

    def platforms(self) -> list[str]:
        """All platforms of items in incidents, sorted."""
        query = select(_ITEMS.platform).where(_ITEMS.incident.is_not(None)).distinct()
        with self._database.reading() as connection:
            return sorted(connection.scalars(query))

    # --- Plans -------------------------------------------------------------------------------

    def due(
        self, now: dt.datetime, longest: dt.timedelta, limit: int
    ) -> list[tuple[Standing, int]]:
        """Standings that the planner is to look at, the loudest first, with their changes.

        A time later than the longest wait was set before the clock was set back.
        """
        come = (_ROWS.due_at <= now, _ROWS.due_at > now + longest)
        query = select(_ROWS.body, _ROWS.changes).where(CURRENT)
        fresh = query.where(or_(*come), ~is_fading(now)).order_by(_ROWS.score.desc())
        rest = query.where(or_(*come), is_fading(now)).order_by(_ROWS.fade.desc())
        with self._database.reading() as connection:
            numbers = [
                number
                for one in come
                for number in connection.scalars(select(_ROWS.incident).where(one).limit(_FEW + 1))
            ]
            if len(numbers) > _FEW:  # then the loudest of them are found without reading them all
                queries = [fresh.limit(limit), rest.limit(limit)]
            else:
                queries = [query.where(_ROWS.incident.in_(part)) for part in parts(numbers)]
            rows = [row for one in queries for row in connection.execute(one)]
        found = [(Standing.model_validate_json(row.body), row.changes) for row in rows]
        found.sort(key=lambda one: -one[0].outlook.loudness(now))
        return found[:limit]

    def looked(self, found: Mapping[int, Looked], rules: str) -> None:
        """Store what was decided on incidents, by number, and when to look again.

        Args:
            found: the result for each of them.
            rules: hash of the rules by which they were looked at.
        """
        rows = [
            {"number": number, "known": one.changes, "new_due_at": one.again, "new_rules": rules}
            | {"new_decided": one.decided}
            for number, one in found.items()
        ]
        if rows:
            with self._database.writing(LOG) as connection:
                connection.execute(_LOOKED, rows)

    def decided(self, decision: str | None, most: int) -> int:
        """Number of incidents by the last decision, ``None`` for none since the last change.

        Args:
            decision: the reason.
            most: highest count, so that many incidents take no longer to count.
        """
        few = select(_ROWS.incident).where(_ROWS.decided.is_not_distinct_from(decision))
        with self._database.reading() as connection:
            return (
                connection.scalar(select(func.count()).select_from(few.limit(most).subquery())) or 0
            )

    def loudest_decided(self, decisions: Sequence[str | None], limit: int) -> list[IncidentId]:
        """Incidents with such a decision that are, or stay, the loudest."""
        query = select(_ROWS.fade, _ROWS.incident, _INCIDENTS.id).join(
            tables.incidents, _ROWS.incident == _INCIDENTS.number
        )
        order = _ROWS.fade.desc()
        with self._database.reading() as connection:
            found = [
                row
                for one in decisions
                for row in connection.execute(
                    query.where(_ROWS.decided == one).order_by(order).limit(limit)
                )
            ]
        found.sort(key=lambda row: (row.fade is None, -(row.fade or 0), row.incident))
        return [row.id for row in found[:limit]]

    def rules_of(self, incident_id: IncidentId) -> str | None:
        """Hash of the rules by which the planner has looked at an incident last."""
        query = select(_ROWS.rules).select_from(
            tables.standings.join(tables.incidents, tables.incidents.c.number == _ROWS.incident)
        )
        with self._database.reading() as connection:
            return connection.scalar(query.where(tables.incidents.c.id == incident_id))

    def look_anew(self, rules: str) -> None:
        """Have the planner look at all incidents that were looked at by other rules."""
        others = or_(_ROWS.rules != rules, _ROWS.rules.is_(None))
        waiting = and_(others, or_(_ROWS.due_at.is_(None), _ROWS.due_at > _EPOCH))
        with self._database.reading() as connection:
            if connection.scalar(select(_ROWS.incident).where(waiting).limit(1)) is None:
                return
        with self._database.writing(LOG) as connection:
            connection.execute(update(tables.standings).where(waiting).values(due_at=_EPOCH))


def micros(at: dt.datetime) -> int:
    """Microseconds since 1970."""
    return (at - _EPOCH) // dt.timedelta(microseconds=1)


def _run(
    connection: Connection,
    query: Select[Any],
    conditions: Sequence[ColumnElement[bool]],
    limit: int | None = None,
) -> Iterator[Any]:
    return iter(connection.execute(query.where(*conditions).limit(limit)))


def _row(standing: Standing, changes: int) -> dict[str, Any]:
    outlook = standing.outlook
    fields = {
        "seen": changes,
        "highest": standing.highest,
        "newest_at": standing.newest_at,
        "score": outlook.score,
        "fades_from": outlook.fades_from or _EPOCH,
        "fade": outlook.fade,
        "closes_at": outlook.closed_from,
        "major_from": outlook.major_from,
        "major_until": outlook.major_until if outlook.major_from else None,
        "growing_until": outlook.growing_until,
        "debated": outlook.debated,
        "review": standing.review.value,
        "attention": bool(standing.attention),
        "stage": standing.stage.value,
        "due_at": _EPOCH,
        "body": standing.model_dump_json(),
        "decided": None,
    }
    bound = {f"new_{name}": value for name, value in fields.items()}
    return {"number": standing.number, "known": changes, **bound}
