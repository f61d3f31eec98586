"""Reports of readers that a published page is inaccurate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from summarizer.domain.events import Event, EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.model import Model

READER = "reader"
"""Actor of what readers do, who are not known."""

ABOUT_REPORTS = frozenset(
    {EventKind.REPORTED, EventKind.REPORT_ANSWERED, EventKind.APPROVED},
)
"""Kinds of event that ``calls`` reads."""


class ReportOutcome(StrEnum):
    """An editor's answer to a report.

    ``accepted``: the page is to be corrected.  ``dismissed``: it stays as it is.
    """

    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


class Report(Model):
    """What a reader reports.

    Args:
        incident_id: the incident whose page it is, merged into another or not.
        revision: the revision that was approved then.
        text: the reader's words.
        outcome: ``None`` before an editor answers.
        note: the editor's reason.
    """

    number: int
    incident_id: IncidentId
    at: dt.datetime
    revision: int
    text: str
    outcome: ReportOutcome | None = None
    answered_by: str | None = None
    answered_at: dt.datetime | None = None
    note: str | None = None


def calls(log: Iterable[Event]) -> tuple[str, ...]:
    """Why readers' reports call for an editor, one sentence each.

    A report calls until it is answered, and an accepted one until the page is approved anew.

    Args:
        log: events of an incident, oldest first; only those of ``ABOUT_REPORTS`` are read.
    """
    waiting, accepted = set[int](), set[int]()
    for event in log:
        number = event.detail.get("report", 0)
        if event.kind is EventKind.REPORTED:
            waiting.add(number)
        elif event.kind is EventKind.REPORT_ANSWERED:
            waiting.discard(number)
            if event.detail.get("outcome") == ReportOutcome.ACCEPTED.value:
                accepted.add(number)
        elif event.kind is EventKind.APPROVED:
            accepted.clear()
    found = []
    if waiting:
        who = "A reader reports" if len(waiting) == 1 else f"{len(waiting)} readers report"
        found.append(f"{who} an inaccuracy: answer.")
    if accepted:
        found.append("A reader's report was accepted: correct the page and approve it.")
    return tuple(found)
