"""Readers' reports of an inaccuracy: taken without a login, answered by editors."""

from __future__ import annotations

from collections.abc import Callable

from summarizer.domain import limits
from summarizer.domain.events import EventKind
from summarizer.domain.publication import Approval
from summarizer.domain.reports import READER, Report, ReportOutcome
from summarizer.errors import ConflictError, InputError, NotFoundError, RefusedError
from summarizer.monitoring.monitor import Monitor
from summarizer.ports.clock import Clock
from summarizer.storage.locks import LOG
from summarizer.storage.store import Store

MOST_WAITING = 50
"""Unanswered reports on one page; above it none is taken until an editor has answered some."""


class ReaderReports:
    """Reports on the pages of one store; composed by ``summarizer.app``.

    Args:
        store: of the pages.
        approval: that by which the page of an incident is public; ``None`` if it is not.
        monitor: calls an editor.
        clock: the time.
    """

    def __init__(
        self,
        store: Store,
        approval: Callable[[str], Approval | None],
        monitor: Monitor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._approval = approval
        self._monitor = monitor
        self._clock = clock

    def take(self, incident_id: str, text: str) -> Report:
        """Store what a reader reports of a published page; it calls an editor.

        Raises:
            InputError: the text is blank or too long.
            NotFoundError: no approved page of an incident with this id is shown to readers.
            RefusedError: too many reports on the page wait for an answer.
        """
        if not any(map(str.isalnum, text)):
            raise InputError("Say what is inaccurate.", field="text")
        limits.checked(text, limits.REPORT, "text")
        approval = self._published(incident_id)
        id_, revision = approval.incident_id, approval.revision
        with self._store.transaction(LOG):
            if self._store.reports.unanswered(id_) >= MOST_WAITING:
                raise RefusedError(
                    "Many reports on this page wait for an answer already: try again later."
                )
            at = self._clock.now()
            number = self._store.reports.add(id_, at, revision, text.strip())
            self._store.history.record(
                EventKind.REPORTED, id_, READER, revision, {"report": number}
            )
        self._monitor.catch_up(id_)
        return Report(number=number, incident_id=id_, at=at, revision=revision, text=text.strip())

    def of(self, incident_id: str) -> list[Report]:
        """Reports on an incident and on those merged into it, oldest first.

        Raises:
            NotFoundError: there is no such incident.
        """
        return self._store.reports.of(incident_id)

    def answer(
        self,
        incident_id: str,
        number: int,
        outcome: ReportOutcome,
        editor: str,
        note: str | None = None,
    ) -> Report:
        """Accept a report, so that the page is to be corrected, or dismiss it.

        Args:
            incident_id: of the incident.
            number: of the report.
            outcome: the answer.
            editor: who answers.
            note: why; a dismissal needs it.

        Raises:
            ConflictError: it was answered before.
            InputError: a dismissal without a reason, or one that is too long.
            NotFoundError: there is no such incident, or no such report on it.
        """
        note = (note or "").strip()
        if outcome is ReportOutcome.DISMISSED and not any(map(str.isalnum, note)):
            raise InputError("Say why the report is dismissed.", field="note")
        limits.checked(note, limits.NOTE, "note")
        with self._store.transaction(LOG):
            found = {report.number: report for report in self.of(incident_id)}.get(number)
            if found is None:
                raise NotFoundError(f"{incident_id} has no report {number}.", field="number")
            if found.outcome is not None:
                raise ConflictError(f"{found.answered_by} answered the report before.")
            now = self._clock.now()
            self._store.reports.answer(number, outcome, editor, now, note or None)
            detail = {"report": number, "outcome": outcome.value, "note": note or None}
            kind, on = EventKind.REPORT_ANSWERED, found.incident_id
            self._store.history.record(kind, on, editor, found.revision, detail)
        self._monitor.catch_up(incident_id)
        answered = {"outcome": outcome, "answered_by": editor, "answered_at": now}
        return found.model_copy(update=answered | {"note": note or None})

    def _published(self, incident_id: str) -> Approval:
        """The approval of a public page; whatever keeps it from readers, they are told the same."""
        try:
            found = self._approval(incident_id)
        except NotFoundError:
            found = None
        if found is None:
            raise NotFoundError("There is no published page at this address.", field="incident_id")
        return found
