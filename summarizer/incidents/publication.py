"""Which pages are public: the approved revisions of incidents, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import suppress

from summarizer.domain.drafts import Draft
from summarizer.domain.events import Event, EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.page import Page
from summarizer.domain.publication import (
    TOLD,
    Approval,
    Entry,
    Former,
    Notice,
    Public,
    Record,
    record_of,
)
from summarizer.domain.sections import Layout, SectionSpec
from summarizer.errors import HeldError, NotFoundError
from summarizer.incidents.pages import IncidentPages
from summarizer.incidents.withholding import Withholding
from summarizer.storage.store import Store

MOVING = frozenset({EventKind.MERGED, EventKind.SPLIT})
"""Kinds of event by which an id comes to lead elsewhere, or no longer does."""

NOT_PUBLIC = (NotFoundError, HeldError)
"""What reading a page raises that was public a moment ago: deleted, merged or withheld since."""

WITHDRAWN = "The page was withdrawn."


class Publication:
    """The public pages of one store; composed by ``summarizer.app``."""

    def __init__(
        self,
        store: Store,
        pages: IncidentPages,
        specs: Sequence[SectionSpec],
        withholding: Withholding,
    ) -> None:
        self._store = store
        self._pages = pages
        self._specs = specs
        self._withholding = withholding

    # --- What is public ----------------------------------------------------------------------

    def public(self) -> Public:
        """Which revisions readers may see.  Everything that is published asks this, and only this.

        Public is the revision that an editor approved last, until the approval is withdrawn or
        that revision is refused, unless its incident was merged, deleted, or is held back.  What is
        withheld is not named either: an embargo may have been approved ahead of its time.
        """
        records, withheld = self._records(), self._withholding.ids()
        leads = self._store.incidents_led(records)
        approvals, former = [], []
        for id_, record in records.items():
            if id_ not in leads or id_ in withheld:  # the former are deleted for good
                continue
            approval, into = record.approval, leads[id_]
            if into is None and approval is not None and self._may_be_shown(approval):
                approvals.append(approval)
            elif into is not None and (approval is not None or record.ended_at is not None):
                former.append(Former(incident_id=id_, into=into))
            elif approval is not None or record.ended_at is not None:
                former.append(Former(incident_id=id_, at=record.ended_at))
        shown = {approval.incident_id for approval in approvals}
        return Public(
            approvals=tuple(sorted(approvals, key=lambda a: (a.at, a.incident_id), reverse=True)),
            former=tuple(
                one.model_copy(update={"into_public": one.into in shown})
                for one in sorted(former, key=lambda one: one.incident_id)
            ),
        )

    def approval(self, incident_id: str) -> Approval | None:
        """That by which the page of an incident is public; ``None`` if it is not.

        Raises:
            NotFoundError: there is no such incident.
        """
        id_ = self._store.incident(incident_id).id
        events = self._store.history.of(id_, TOLD)
        found = record_of(event for event in events if event.incident_id == id_).approval
        if found is None or id_ in self._withholding.ids() or not self._may_be_shown(found):
            return None
        return found

    def mark(self) -> Hashable:
        """What is another one after every change of ``public``, found by small statements."""
        newest = self._store.history.latest(TOLD | MOVING)
        return newest.number if newest else 0, self._withholding.ids()

    def _may_be_shown(self, approval: Approval) -> bool:
        """Whether nothing holds an approved revision back.

        An approval is of what was read: where a source was deleted since, and sentences went with
        it, nobody has read what remained.
        """
        if not approval.touched:
            return True
        draft = self._store.draft(approval.incident_id, approval.revision)
        return not any(claim.is_erased for section in draft.sections for claim in section.withheld)

    def _records(self) -> dict[IncidentId, Record]:
        """How each incident that was ever reviewed stands before readers."""
        events: dict[IncidentId, list[Event]] = {}
        for event in self._store.history.every(TOLD):
            if event.incident_id is not None:
                events.setdefault(event.incident_id, []).append(event)
        return {id_: record_of(of_one) for id_, of_one in events.items()}

    # --- What readers see of it --------------------------------------------------------------

    def page(self, approval: Approval, as_of: dt.datetime) -> Page:
        """The page of an approved revision, with noise and state at a time.

        What later items say of it is left out: no editor has read that yet.

        Raises:
            NotFoundError: the incident was deleted or merged meanwhile.
            HeldError: it is withheld since.
        """
        page = self._pages.of(approval.incident_id, as_of, approval.revision)
        if page.incident.id != approval.incident_id:
            raise NotFoundError(f"{approval.incident_id} was merged into {page.incident.id}.")
        update = {
            "review": approval.review,
            "findings": (),
            "report_to": self._pages.report_to(approval.incident_id),
        }
        return page.model_copy(update=update)

    def entry(self, approval: Approval) -> Entry:
        """A public page as an index and a feed name it; raises as ``page``."""
        draft = self._store.draft(approval.incident_id, approval.revision)
        title = self._pages.title(draft) or f"Incident {approval.incident_id}"
        return Entry(
            incident_id=approval.incident_id,
            revision=approval.revision,
            title=title,
            lead=self._lead(draft),
            first_at=approval.first_at,
            at=approval.at,
        )

    def newest(self, limit: int) -> list[Entry]:
        """The pages that were approved last, newest first."""
        found: list[Entry] = []
        for approval in self.public().approvals[:limit]:
            with suppress(*NOT_PUBLIC):
                found.append(self.entry(approval))
        return found

    def notices(self, public: Public) -> list[Notice]:
        """What readers are told of corrected and withdrawn pages, newest first."""
        found = [
            Notice(
                incident_id=one.incident_id,
                at=correction.at,
                words=correction.why,
                sentences=correction.sentences,
            )
            for one in public.approvals
            for correction in one.corrections
        ]
        found += [
            Notice(incident_id=one.incident_id, at=one.at, words=WITHDRAWN)
            for one in public.former
            if one.at is not None
        ]
        return sorted(found, key=lambda one: (one.at, one.incident_id), reverse=True)

    def _lead(self, draft: Draft) -> tuple[str, ...]:
        return next(_texts(draft, self._body()), ())

    def _body(self) -> list[str]:
        """Keys of the sections below the title, in the order of the page: points first."""
        body = [spec for spec in self._specs if spec.row.layout is not Layout.HEADLINE]
        return [spec.key for spec in sorted(body, key=lambda s: s.row.layout is not Layout.POINTS)]


def _texts(draft: Draft, keys: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Shown sentences of each of these sections that shows some."""
    drafted = {section.key: section for section in draft.sections}
    for key in keys:
        if key in drafted and (shown := drafted[key].shown):
            yield tuple(claim.claim.text for claim in shown)
