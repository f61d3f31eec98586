"""Putting holds on incidents, and lifting them."""

from __future__ import annotations

import datetime as dt

from summarizer.domain import limits
from summarizer.domain.events import EventKind
from summarizer.domain.holds import HOLD_NAMES, Hold, HoldKind, lifts
from summarizer.domain.incidents import Incident
from summarizer.errors import ConflictError, HeldError, InputError
from summarizer.ports.clock import Clock
from summarizer.storage.locks import LOG
from summarizer.storage.store import Store


class HoldDesk:
    """Holds on the incidents of one store; composed by ``summarizer.app``."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def of(self, incident_id: str) -> tuple[Hold, ...]:
        """Holds in force on an incident, and on those merged into it.

        Raises:
            NotFoundError: there is no such incident.
        """
        now = self._clock.now()
        return tuple(one for one in self._store.holds.of(incident_id) if one.is_in_force(now))

    def put(
        self,
        incident_id: str,
        kind: HoldKind,
        editor: str,
        reason: str,
        until: dt.datetime | None = None,
    ) -> Hold:
        """Put a hold on an incident, in place of one of its kind.

        Args:
            incident_id: of the incident.
            kind: of the hold.
            editor: who puts it.
            reason: for the newsroom.
            until: end of an embargo, in the future; the other kinds have none.

        Raises:
            InputError: the reason is missing or too long, or the end is missing, past or too many.
            NotFoundError: there is no such incident.
        """
        reason, now = _reason(reason), self._clock.now()
        if (kind is HoldKind.EMBARGO) != (until is not None):
            needs = "needs an end" if until is None else "has no end: it lasts until it is lifted"
            raise InputError(f"This hold, {HOLD_NAMES[kind]}, {needs}.", field="until")
        if until is not None and until <= now:
            raise InputError("An embargo ends in the future.", field="until")
        with self._store.transaction(LOG):
            id_ = self._store.incident(incident_id).id
            fields = {"incident_id": id_, "kind": kind, "reason": reason, "by": editor}
            hold = Hold.model_validate(fields | {"at": now, "until": until})
            self._store.holds.put(hold)
            detail = {"hold": kind.value, "reason": reason}
            if until is not None:
                detail["until"] = until.astimezone(dt.UTC).isoformat()
            self._store.history.record(EventKind.HELD, id_, editor, None, detail)
        return hold

    def lift(
        self, incident_id: str, kind: HoldKind, editor: str, reason: str, *, senior: bool = False
    ) -> None:
        """Lift a hold from an incident, and from those merged into it.

        Args:
            incident_id: of the incident.
            kind: of the hold.
            editor: who lifts it.
            reason: for the newsroom.
            senior: whether the editor is of the senior desk.

        Raises:
            ConflictError: there is none of this kind.
            HeldError: only the senior desk lifts it.
            InputError: the reason is missing or too long.
            NotFoundError: there is no such incident.
        """
        reason = _reason(reason)
        with self._store.transaction(LOG):
            found = [one for one in self.of(incident_id) if one.kind is kind]
            if not found:
                raise ConflictError(
                    f"There is no {HOLD_NAMES[kind]} on {incident_id}.", field="kind"
                )
            if not lifts(kind, senior=senior):
                raise HeldError(f"Only the senior desk lifts a {HOLD_NAMES[kind]}.", field="kind")
            for hold in found:
                self._store.holds.remove(hold)
                detail = {"hold": kind.value, "reason": reason}
                on = hold.incident_id
                self._store.history.record(EventKind.HOLD_LIFTED, on, editor, None, detail)

    def inherit(
        self, incident: Incident, into: Incident, editor: str, since: dt.datetime | None = None
    ) -> None:
        """Put the holds of an incident on one that left it; within its transaction.

        An embargo of its own that ends later stays.

        Args:
            incident: has the holds, or had them merged into it.
            into: the incident that left it.
            editor: who parted them.
            since: only holds that were put then or later.
        """
        now = self._clock.now()
        own = {one.kind: one for one in self.of(into.id)}
        for hold in self.of(incident.id):
            has = own.get(hold.kind)
            if (since is not None and hold.at < since) or (has and not _outlasts(hold, has)):
                continue
            own[hold.kind] = hold.model_copy(update={"incident_id": into.id, "at": now})
            self._store.holds.put(own[hold.kind])
            detail = {"hold": hold.kind.value, "reason": hold.reason, "from": incident.id}
            if hold.until is not None:
                detail["until"] = hold.until.isoformat()
            self._store.history.record(EventKind.HELD, into.id, editor, None, detail)


def _outlasts(hold: Hold, other: Hold) -> bool:
    """Whether a hold ends later than one of its kind."""
    return hold.until is not None and other.until is not None and hold.until > other.until


def _reason(reason: str) -> str:
    """The reason without white space around it; raises ``InputError`` for none."""
    if not any(map(str.isalnum, reason)):
        raise InputError("Give a reason, which the history keeps.", field="reason")
    return limits.checked(reason.strip(), limits.REASON, "reason")
