"""Editors' operations on drafts: edit, lock, answer suggestions, compare.

Every change is stored as the next revision together with its event.  With ``expected``, a change
fails if the section has changed since the editor read it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Any, NamedTuple

from summarizer.domain import limits, responses
from summarizer.domain.claims import CheckedClaim, Claim
from summarizer.domain.drafts import Draft, DraftedSection, Section
from summarizer.domain.events import Event, EventKind
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.findings import Finding
from summarizer.domain.incidents import IncidentId
from summarizer.domain.responses import Requests
from summarizer.domain.reviews import Revision
from summarizer.errors import (
    ConflictError,
    InputError,
    NotFoundError,
    StaleError,
    blame_field,
)
from summarizer.monitoring import alerts, recheck
from summarizer.monitoring import attention as monitoring_attention
from summarizer.pipeline import revisions as pipeline_revisions
from summarizer.pipeline.pipeline import Pipeline
from summarizer.ports.clock import Clock
from summarizer.review import diff
from summarizer.review import edits as review_edits
from summarizer.review.diff import SectionDifference
from summarizer.review.edits import Edit
from summarizer.storage.locks import drafts_of
from summarizer.storage.store import Store
from summarizer.verification.evidence import EvidenceIndex, index_of
from summarizer.verification.verify import Verifier


class _Change(NamedTuple):
    """A change to a section and the draft that results from it.

    Args:
        kind: of its event.
        words: description for the revision.
        section: key of the section.
        draft: the resulting draft.
        detail: of its event, besides the section.
    """

    kind: EventKind
    words: str
    section: str
    draft: Draft
    detail: Mapping[str, Any] = MappingProxyType({})


class _Step(NamedTuple):
    """One step of a change: the kind and detail of its event, and the section after it."""

    kind: EventKind
    section: Section
    detail: Mapping[str, Any] = MappingProxyType({})


class ReviewService:
    """The operations of editors on one store; composed by ``summarizer.app``."""

    def __init__(self, store: Store, pipeline: Pipeline, verifier: Verifier, clock: Clock) -> None:
        self._store = store
        self._pipeline = pipeline
        self._verifier = verifier
        self._clock = clock
        self._history = store.history

    # --- Sections ----------------------------------------------------------------------------

    def change(
        self,
        incident_id: str,
        key: str,
        editor: str,
        *,
        edits: Sequence[Edit] | None = None,
        locked: bool | None = None,
        expected: str | None = None,
    ) -> Draft:
        """Edit a section, lock or unlock it, or edit and lock it in one step.

        New and changed sentences are verified, and withheld if they fail.  The event keeps the text
        before and after of each sentence that was changed or removed, with the reason.  Drafts and
        other editors cannot change a locked section; any editor can unlock it, which is recorded.

        Args:
            incident_id: an incident with a draft.
            key: of the section.
            editor: who changes it.
            edits: its sentences, in order; shown sentences without an edit are removed.
            locked: the new lock; unchanged if left out.
            expected: ``edits.fingerprint`` of the section that the editor read; not checked if left
                out.

        Raises:
            ConflictError: the section has changed, or another editor has locked it.
            InputError: an edit names a claim that the section lacks.
            NotFoundError: no such incident, draft or section.
        """
        draft = self.newest(incident_id)
        changes_words = edits is not None or locked
        seen = self._section(draft, key, editor if changes_words else None, expected)
        steps: list[_Step] = []
        if edits is not None:
            edited = self._edited(draft, seen, edits, editor)
            made = [
                one.model_dump(mode="json") for one in review_edits.changes(seen, edited, edits)
            ]
            steps.append(_Step(EventKind.EDITED, edited, {"changes": made} if made else {}))
        holder = editor if locked else None
        last = steps[-1].section if steps else seen
        if locked is not None and last.locked_by != holder:
            kind = EventKind.LOCKED if locked else EventKind.UNLOCKED
            steps.append(_Step(kind, last.model_copy(update={"locked_by": holder})))
        return self._change(draft, seen, steps, editor) if steps else draft

    def edit(
        self,
        incident_id: str,
        key: str,
        edits: Sequence[Edit],
        editor: str,
        expected: str | None = None,
    ) -> Draft:
        """``change`` the sentences of a section."""
        return self.change(incident_id, key, editor, edits=edits, expected=expected)

    def lock(
        self, incident_id: str, key: str, editor: str, *, locked: bool, expected: str | None = None
    ) -> Draft:
        """``change`` the lock of a section."""
        return self.change(incident_id, key, editor, locked=locked, expected=expected)

    def _edited(
        self, draft: Draft, section: Section, edits: Sequence[Edit], editor: str
    ) -> Section:
        index = self._index(draft)

        def verify(claims: Sequence[Claim], changed: Collection[str]) -> tuple[CheckedClaim, ...]:
            drafted = DraftedSection(key=section.key, claims=tuple(claims))
            return self._verifier.check_edit(index, drafted, changed)

        changed = review_edits.edited(section, edits, editor, verify, self._verifier.policy)
        return self._verifier.with_notes(index, changed, draft.sections)

    def check(
        self, incident_id: str, key: str, claims: Sequence[Claim]
    ) -> tuple[CheckedClaim, ...]:
        """Verify claims as an edit of a section would, without storing them.

        Raises:
            NotFoundError: no such incident, draft or section.
        """
        draft = self.newest(incident_id)
        self._section(draft, key)
        drafted = DraftedSection(key=key, claims=tuple(claims))
        ids = {claim.id for claim in drafted.claims}
        return self._verifier.check_edit(self._index(draft), drafted, ids)

    def answer(self, incident_id: str, key: str, editor: str, *, accept: bool) -> Draft:
        """Accept the suggestion for a section in place of the section, or refuse it.

        Raises:
            ConflictError: another editor has locked the section.
            InputError: the section has no suggestion.
            NotFoundError: no such incident, draft or section.
        """
        kind = EventKind.ACCEPTED if accept else EventKind.REFUSED

        def answered(newest: Draft) -> list[_Change]:
            self._section(newest, key, editor if accept else None)
            done = review_edits.answered(newest, key, accept=accept)
            return [_Change(kind, f"{kind.value} the suggestion for {key}", key, done)]

        return self._save(incident_id, editor, answered)

    def _index(self, draft: Draft) -> EvidenceIndex:
        return index_of(self._whole(draft))

    def _whole(self, draft: Draft) -> EvidencePack:
        """All passages of the incident and all other passages of the draft's evidence."""
        incident = self._store.incident(draft.incident_id)
        every = EvidencePack(
            items=tuple(self._store.items(incident.item_keys)),
            passages=tuple(self._store.passages(incident.item_keys)),
        )
        return pipeline_revisions.united(draft.evidence, every, [p.id for p in every.passages])

    def _section(
        self, draft: Draft, key: str, editor: str | None = None, expected: str | None = None
    ) -> Section:
        """The section; raises ``ConflictError`` if another editor has locked it, or ``StaleError``
        if its fingerprint is not ``expected``."""
        try:
            section = draft.section(key)
        except KeyError:
            raise NotFoundError(f"There is no section {key!r}.", field="key") from None
        if editor and section.locked_by not in (None, editor):
            raise ConflictError(
                f"Section {key!r} is locked by {section.locked_by}. Ask them, or unlock it first."
            )
        if expected is not None and expected != review_edits.fingerprint(section):
            raise StaleError(
                f"Section {key!r} was changed by {section.edited_by or 'a new draft'} in revision "
                f"{draft.revision} or before. Your change was not made: read theirs and try again.",
                field="expected",
            )
        return section

    def _change(self, draft: Draft, seen: Section, steps: Sequence[_Step], editor: str) -> Draft:
        """Store the steps of a change as revisions; raise if the section changed meanwhile."""
        whole, key = self._whole(draft), seen.key
        expected = review_edits.fingerprint(seen)

        def changed(newest: Draft) -> list[_Change]:
            self._section(newest, key, expected=expected)
            changes = []
            for kind, section, detail in steps:
                wanted = pipeline_revisions.cited([section], ())
                evidence = pipeline_revisions.united(newest.evidence, whole, wanted)
                done = review_edits.replaced(newest, section)
                done = done.model_copy(update={"evidence": evidence})
                changes.append(_Change(kind, f"{kind.value} {key}", key, done, detail))
            return changes

        return self._save(draft.incident_id, editor, changed)

    def _save(
        self, incident_id: str, editor: str, make: Callable[[Draft], Sequence[_Change]]
    ) -> Draft:
        """Store the changes that ``make`` returns for the newest draft, each as a revision.

        ``make`` is called again if another revision is stored meanwhile.
        """
        while True:
            newest = self.newest(incident_id)
            saved = self._revisions(newest, make(newest), editor)
            drafts = [newest, *(draft for _, draft in saved)]
            raised = [alerts.raise_attention(now, before) for before, now in pairwise(drafts)]
            with self._store.transaction(drafts_of(newest.incident_id)):
                current = self._store.newest_revision(incident_id) == newest.revision
                for (change, draft), attention in zip(saved, raised, strict=True):
                    if current:
                        self._store.save_draft(draft)
                        detail = {"section": change.section, **change.detail}
                        id_, revision = draft.incident_id, draft.revision
                        self._history.record(change.kind, id_, editor, revision, detail)
                        alerts.record(self._store, id_, attention)
                        alerts.track_forecasts(self._store, draft)
            if current:
                made = saved[-1][1]
                self._pipeline.monitor.catch_up(made.incident_id, made)
                return made

    def _revisions(
        self, newest: Draft, changes: Sequence[_Change], editor: str
    ) -> list[tuple[_Change, Draft]]:
        """The changes, each with its draft completed as a numbered revision."""
        return [
            (
                change,
                change.draft.model_copy(
                    update={
                        "revision": newest.revision + n,
                        "parent": newest.revision + n - 1,
                        "created_at": self._clock.now(),
                        "made_by": editor,
                        "change": change.words,
                    }
                ),
            )
            for n, change in enumerate(changes, start=1)
        ]

    # --- Reading -----------------------------------------------------------------------------

    def newest(self, incident_id: str) -> Draft:
        """The newest draft of an incident; raises ``NotFoundError`` without one."""
        draft = self._store.newest_draft(incident_id)
        if draft is None:
            raise NotFoundError(
                f"Incident {incident_id} has no draft yet. "
                f"Make one: summarizer draft {incident_id}, or POST "
                f"/v1/incidents/{incident_id}/drafts.",
                field="incident_id",
            )
        return draft

    def drafts(self, incident_id: str, after: int = 0, limit: int | None = None) -> list[Draft]:
        """Drafts of an incident with a revision above ``after``, oldest first."""
        return self._store.drafts(self._store.incident(incident_id).id, after, limit)

    def revisions(self, incident_id: str) -> list[Revision]:
        """Revisions of an incident, oldest first, without their sections."""
        return self._store.revisions(self._store.incident(incident_id).id)

    def difference(
        self, incident_id: str, before: int, after: int
    ) -> tuple[SectionDifference, ...]:
        """Differences between the shown sentences of two revisions."""
        found = self._store.incident(incident_id).id
        return diff.difference(*self._both(found, before, after))

    def findings(self, incident_id: str, before: int, after: int) -> tuple[Finding, ...]:
        """Findings of the items that are new between two revisions."""
        found = self._store.incident(incident_id).id
        return recheck.between(*self._both(found, before, after))

    def _both(self, incident: IncidentId, before: int, after: int) -> tuple[Draft, Draft]:
        with blame_field("before"):
            early = self._store.draft(incident, before)
        with blame_field("after"):
            return early, self._store.draft(incident, after)

    def standing(self, draft: Draft) -> tuple[Finding, ...]:
        """Findings of the incident's present evidence against the sentences of a draft."""
        return alerts.findings(draft, self._store.sources(draft.incident_id))

    def obstacles(self, draft: Draft, read: Collection[str] = ()) -> tuple[str, ...]:
        """Reasons against approving a draft under the gate's policy, one sentence each.

        Args:
            draft: any revision.
            read: ids of the claims that the editor has read beside their passages.
        """
        policy = self._verifier.policy
        return monitoring_attention.obstacles(
            draft,
            reading=policy.read_unchecked,
            read=read,
            blocking=policy.blocking,
            asked=self.requests(draft.incident_id),
            now=self._clock.now(),
        )

    def attention(self, draft: Draft, found: Sequence[Finding] | None = None) -> tuple[str, ...]:
        """Reasons why a draft needs an editor, one sentence each.

        Args:
            draft: any revision.
            found: ``standing`` of the draft; computed if left out.
        """
        against = self.standing(draft) if found is None else found
        return alerts.waiting(draft, against, self._history.of(draft.incident_id))

    def ask_response(
        self, incident_id: str, of: str, editor: str, until: dt.datetime | None = None
    ) -> Event:
        """Record that an editor asked somebody who is accused for a response.

        The page says so from then on; when the time is over, it may be approved without an answer.

        Args:
            incident_id: an incident with a draft.
            of: who was asked, by the name on the page.
            editor: who asked.
            until: by when an answer was asked for; a day if left out.

        Raises:
            InputError: nobody is named, the name is too long, or ``until`` is not ahead.
            NotFoundError: no such incident or draft.
        """
        due = until or responses.deadline(self._clock.now())
        if due.tzinfo is None or due <= self._clock.now():
            raise InputError(
                "The time to answer must lie ahead, and have a time zone.", field="until"
            )
        if not any(map(str.isalnum, of)):
            raise InputError("Say whom you asked.", field="of")
        limits.checked(of, limits.REASON, "of")
        draft = self.newest(incident_id)
        kind, detail = EventKind.RESPONSE_ASKED, {"of": of.strip(), "until": due.isoformat()}
        return self._history.record(kind, draft.incident_id, editor, draft.revision, detail)

    def requests(self, incident_id: str) -> Requests:
        """Requests for a response, the newest to each who was asked."""
        return responses.requests(self._history.of(incident_id, {EventKind.RESPONSE_ASKED}))

    def history(self, incident_id: str) -> list[Event]:
        """Events of an incident and of incidents merged into it, oldest first."""
        return self._store.history.of(incident_id)
