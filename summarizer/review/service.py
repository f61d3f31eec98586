"""What editors do with drafts: edit, lock, answer suggestions, review, merge, split, compare.

Every change is the next revision and a line of the history, written together.  Whoever hands in
what they saw (``expected``) is told when somebody else changed it since, and nothing is lost: the
change was not made, and the words are still with whoever wrote them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, BinaryIO

from summarizer.domain import reviews
from summarizer.domain.assignments import Member, Ruling
from summarizer.domain.claims import CheckedClaim, Claim
from summarizer.domain.drafts import Draft, DraftedSection, Section
from summarizer.domain.events import SYSTEM_ACTOR, Event, EventKind
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.findings import Finding
from summarizer.domain.incidents import Incident, IncidentId
from summarizer.domain.items import ItemKey
from summarizer.domain.reviews import EVENT_OF, REVIEWS, Decision, Review, Revision
from summarizer.errors import (
    ConflictError,
    InputError,
    NotFoundError,
    RefusedError,
    StaleError,
    blame_field,
)
from summarizer.ingestion.ingest import IngestReport, report
from summarizer.monitoring import alerts, recheck
from summarizer.monitoring import attention as monitoring_attention
from summarizer.pipeline import revisions as pipeline_revisions
from summarizer.pipeline.pipeline import Pipeline
from summarizer.ports.clock import Clock
from summarizer.review import diff
from summarizer.review import edits as review_edits
from summarizer.review.diff import SectionDifference
from summarizer.review.edits import Edit
from summarizer.storage.store import Store
from summarizer.verification.evidence import EvidenceIndex
from summarizer.verification.verify import Verifier


class ReviewService:
    """The operations of editors on one store; composed by ``summarizer.app``."""

    def __init__(self, store: Store, pipeline: Pipeline, verifier: Verifier, clock: Clock) -> None:
        self._store = store
        self._pipeline = pipeline
        self._verifier = verifier
        self._history = store.history
        self._clock = clock

    # --- Sections ----------------------------------------------------------------------------

    def edit(
        self,
        incident_id: str,
        key: str,
        edits: Sequence[Edit],
        editor: str,
        expected: str | None = None,
    ) -> Draft:
        """Make a section what an editor wants; what is new is verified, and withheld if it fails.

        Args:
            incident_id: of an incident with a draft.
            key: of the section.
            edits: its sentences, in order; a shown one that is not named is removed.
            editor: who does it.
            expected: ``editing.fingerprint`` of the section that the editor saw; unchecked when
                left out.

        Raises:
            ConflictError: the section changed since, or another editor holds it.
            InputError: an edit names what is not there.
            NotFoundError: no such incident, draft or section.
        """
        draft = self.newest(incident_id)
        section = self._section(draft, key, editor, expected)
        index = self._index(draft)

        def verify(claims: Sequence[Claim], changed: Collection[str]) -> tuple[CheckedClaim, ...]:
            drafted = DraftedSection(key=key, claims=tuple(claims))
            return self._verifier.check_edit(index, drafted, changed)

        changed = review_edits.edited(section, edits, editor, verify, self._verifier.policy)
        noted = self._verifier.with_notes(index, changed)
        return self._change(draft, noted, editor, EventKind.EDITED, index.pack)

    def check(
        self, incident_id: str, key: str, claims: Sequence[Claim]
    ) -> tuple[CheckedClaim, ...]:
        """Verify claims as an edit of a section would; nothing is stored.

        Raises:
            NotFoundError: no such incident, draft or section.
        """
        draft = self.newest(incident_id)
        self._section(draft, key)
        drafted = DraftedSection(key=key, claims=tuple(claims))
        ids = {claim.id for claim in drafted.claims}
        return self._verifier.check_edit(self._index(draft), drafted, ids)

    def lock(
        self, incident_id: str, key: str, editor: str, *, locked: bool, expected: str | None = None
    ) -> Draft:
        """Lock a section, so that no draft and no other editor changes it, or unlock it.

        Whoever unlocks another's section stands in the history with it.

        Raises:
            ConflictError: the section changed since, or another editor holds it already.
            NotFoundError: no such incident, draft or section.
        """
        draft = self.newest(incident_id)
        section = self._section(draft, key, editor if locked else None, expected)
        holder = editor if locked else None
        if section.locked_by == holder:
            return draft
        kind = EventKind.LOCKED if locked else EventKind.UNLOCKED
        changed = section.model_copy(update={"locked_by": holder})
        return self._change(draft, changed, editor, kind, draft.evidence)

    def answer(self, incident_id: str, key: str, editor: str, *, accept: bool) -> Draft:
        """Put the suggestion for a section in its place, or drop it.

        Raises:
            ConflictError: another editor holds the section.
            InputError: no suggestion waits there.
            NotFoundError: no such incident, draft or section.
        """
        kind = EventKind.ACCEPTED if accept else EventKind.REFUSED
        with self._store.transaction():
            draft = self.newest(incident_id)
            self._section(draft, key, editor if accept else None)
            done = review_edits.answered(draft, key, accept=accept)
            words = f"{kind.value} the suggestion for {key}"
            return self._save(done, editor, words, kind, {"section": key})

    def _index(self, draft: Draft) -> EvidenceIndex:
        return EvidenceIndex(self._whole(draft))

    def _whole(self, draft: Draft) -> EvidencePack:
        """All passages of the incident, and those that the draft cites from elsewhere."""
        incident = self._store.incident(draft.incident_id)
        every = EvidencePack(
            items=tuple(self._store.items(incident.item_keys)),
            passages=tuple(self._store.passages(incident.item_keys)),
        )
        return pipeline_revisions.united(draft.evidence, every, [p.id for p in every.passages])

    def _section(
        self, draft: Draft, key: str, editor: str | None = None, expected: str | None = None
    ) -> Section:
        """The section, when the editor may change it and it is what they saw."""
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

    def _change(
        self, draft: Draft, section: Section, editor: str, kind: EventKind, evidence: EvidencePack
    ) -> Draft:
        """Save a section that was made of the one in a draft, unless it changed meanwhile.

        ``evidence`` holds every passage that the section cites.
        """
        key = section.key
        with self._store.transaction():
            newest = self.newest(draft.incident_id)
            self._section(newest, key, expected=review_edits.fingerprint(draft.section(key)))
            wanted = pipeline_revisions.cited([section], ())
            united = pipeline_revisions.united(newest.evidence, evidence, wanted)
            done = review_edits.replaced(newest, section).model_copy(update={"evidence": united})
            return self._save(done, editor, f"{kind.value} {key}", kind, {"section": key})

    def _save(
        self, draft: Draft, editor: str, words: str, kind: EventKind, detail: Mapping[str, Any]
    ) -> Draft:
        before = self.newest(draft.incident_id)
        saved = self._store.save_draft(
            draft.model_copy(
                update={
                    "parent": draft.revision,
                    "created_at": self._clock.now(),
                    "made_by": editor,
                    "change": words,
                }
            )
        )
        self._history.record(kind, saved.incident_id, editor, saved.revision, detail)
        alerts.edited(self._store, before, saved, SYSTEM_ACTOR)
        alerts.foresee(self._store, saved)
        return saved

    # --- Review ------------------------------------------------------------------------------

    def review(
        self,
        incident_id: str,
        decision: Decision,
        editor: str,
        *,
        revision: int,
        note: str | None = None,
        override: str | None = None,
    ) -> Review:
        """Approve a revision, ask for changes, reject it, or withdraw an approval.

        An approval ends what needs attention until something else comes or it falls.

        Args:
            incident_id: of an incident with a draft.
            decision: what the editor decides.
            editor: who answers for it.
            revision: that was read; it must be the newest.
            note: for others; needed for everything but an approval.
            override: why to approve although something stands against it.

        Raises:
            ConflictError: there is a newer revision, or nothing approved to withdraw.
            RefusedError: something stands against an approval and no reason was given.
            InputError: the note is missing.
            NotFoundError: no such incident or draft.
        """
        if decision != "approve" and not (note or "").strip():
            raise InputError(
                f"'{decision}' needs a note: say to others what is wrong.", field="note"
            )
        with self._store.transaction():
            draft = self.newest(incident_id)
            if draft.revision != revision:
                raise ConflictError(
                    f"Revision {revision} is not the newest of {draft.incident_id}: "
                    f"{draft.made_by or 'a drafter'} made revision {draft.revision}. Read it "
                    "first.",
                    field="revision",
                )
            against = monitoring_attention.obstacles(draft) if decision == "approve" else ()
            if against and not (override or "").strip():
                raise RefusedError(
                    "The draft can't be approved as it stands; mend it, or override with a "
                    "reason that is kept:\n" + "\n".join(f"- {reason}" for reason in against),
                    field="override",
                )
            if decision == "withdraw" and self.reviewed(incident_id).state != "approved":
                raise ConflictError(
                    f"{draft.incident_id} is not approved: nothing to withdraw.", field="decision"
                )
            settled = self.attention(draft) if decision == "approve" else ()
            detail = {"note": note, "override": override if against else None}
            entry = self._history.record(
                EVENT_OF[decision],
                draft.incident_id,
                editor,
                revision,
                {name: value for name, value in detail.items() if value}
                | ({"against": list(against)} if against else {})
                | ({"settled": list(settled)} if settled else {}),
            )
            alerts.settle(self._store, draft, SYSTEM_ACTOR)
        return reviews.review_of(entry)

    def reviewed(self, incident_id: str) -> Review:
        """The newest review of an incident."""
        found = self._store.incident(incident_id).id
        return reviews.review_of(self._store.history.newest([found], REVIEWS).get(found))

    # --- Reading -----------------------------------------------------------------------------

    def newest(self, incident_id: str) -> Draft:
        """The newest draft of an incident; raises ``NotFoundError`` when there is none."""
        draft = self._store.newest_draft(incident_id)
        if draft is None:
            raise NotFoundError(
                f"Incident {incident_id} has no draft yet. "
                f"Make one: summarizer draft {incident_id}",
                field="incident_id",
            )
        return draft

    def drafts(self, incident_id: str, after: int = 0, limit: int | None = None) -> list[Draft]:
        """Revisions of an incident above a number, oldest first; all without a limit."""
        return self._store.drafts(self._store.incident(incident_id).id, after, limit)

    def revisions(self, incident_id: str) -> list[Revision]:
        """What each revision of an incident is, oldest first, without its sections."""
        return self._store.revisions(self._store.incident(incident_id).id)

    def difference(
        self, incident_id: str, before: int, after: int
    ) -> tuple[SectionDifference, ...]:
        """What changed for the reader between two revisions, sentence by sentence."""
        found = self._store.incident(incident_id).id
        return diff.difference(*self._both(found, before, after))

    def findings(self, incident_id: str, before: int, after: int) -> tuple[Finding, ...]:
        """What the items that came between two revisions did to their sentences."""
        found = self._store.incident(incident_id).id
        return recheck.between(*self._both(found, before, after))

    def _both(self, incident: IncidentId, before: int, after: int) -> tuple[Draft, Draft]:
        with blame_field("before"):
            early = self._store.draft(incident, before)
        with blame_field("after"):
            return early, self._store.draft(incident, after)

    def standing(self, draft: Draft) -> tuple[Finding, ...]:
        """What the evidence of today does to the sentences of a draft."""
        return alerts.findings(self._store, draft)

    def attention(self, draft: Draft, found: Sequence[Finding] | None = None) -> tuple[str, ...]:
        """Why an editor should look at a draft before anything else; see ``alerts.waiting``."""
        return alerts.waiting(self._store, draft, found)

    def history(self, incident_id: str) -> list[Event]:
        """Who did what to an incident and to those merged into it, oldest first."""
        return self._store.history.of(incident_id)

    # --- Incidents ---------------------------------------------------------------------------

    def merge(self, source: str, target: str, editor: str) -> Incident:
        """Move everything in ``source`` into ``target``, to which its id then redirects.

        Raises:
            InputError: both are the same incident.
            NotFoundError: one does not exist.
        """
        with self._store.transaction():
            gone = self._store.incident(source).id
            with blame_field("into"):
                merged = self._store.merge(gone, target)
            self._rule(merged.item_keys, editor, into=merged.id)
            self._history.record(EventKind.MERGED, gone, editor, None, {"into": merged.id})
            alerts.tell(self._store, merged.id, SYSTEM_ACTOR)
        return merged

    def split(self, incident_id: str, keys: Sequence[ItemKey], editor: str) -> Incident:
        """Move some items of an incident into a new one.

        Raises:
            InputError: no items or all of them are named, or one is not in the incident.
            NotFoundError: there is no such incident.
        """
        with self._store.transaction():
            incident = self._some_of(incident_id, keys)
            new = self._store.create_incident(self._clock.now(), items=keys)
            self._part(incident, keys, new, editor)
            moved = {"items": list(keys)}
            self._history.record(
                EventKind.SPLIT, incident.id, editor, None, moved | {"into": new.id}
            )
            self._history.record(
                EventKind.OPENED, new.id, editor, None, moved | {"from": incident.id}
            )
            alerts.tell(self._store, incident.id, SYSTEM_ACTOR)
        return new

    def move(self, incident_id: str, keys: Sequence[ItemKey], into: str, editor: str) -> Incident:
        """Move some items of an incident into another one, which is returned.

        Raises:
            InputError: no items or all of them are named, one is not in the incident, or both are
                the same incident.
            NotFoundError: there is no such incident.
        """
        with self._store.transaction():
            incident = self._some_of(incident_id, keys)
            with blame_field("into"):
                if self._store.incident(into).id == incident.id:
                    raise InputError(f"{into} is {incident.id}: the items are there already.")
            other = self._store.assign(keys, into)
            self._rule(keys, editor, into=other.id, out_of=incident.id)
            moved = {"items": list(keys)}
            self._history.record(
                EventKind.MOVED, incident.id, editor, None, moved | {"into": other.id}
            )
            self._history.record(
                EventKind.ITEMS_ADDED, other.id, editor, None, moved | {"from": incident.id}
            )
            for changed in (incident.id, other.id):
                alerts.tell(self._store, changed, SYSTEM_ACTOR)
        return other

    def _some_of(self, incident_id: str, keys: Sequence[ItemKey]) -> Incident:
        """The incident, which must hold these items and others."""
        incident = self._store.incident(incident_id)
        if strangers := sorted(set(keys) - set(incident.item_keys)):
            raise InputError(f"{incident.id} does not hold {', '.join(strangers)}.", field="items")
        if not keys or set(keys) == set(incident.item_keys):
            raise InputError(
                "Name some of the incident's items, but not all of them.", field="items"
            )
        return incident

    def _part(
        self, incident: Incident, keys: Sequence[ItemKey], new: Incident, editor: str
    ) -> None:
        """Rule that two halves of an incident are two."""
        stay = [key for key in incident.item_keys if key not in set(keys)]
        self._rule(keys, editor, into=new.id, out_of=incident.id)
        self._rule(stay, editor, into=incident.id, out_of=new.id)

    def _rule(
        self,
        keys: Sequence[ItemKey],
        editor: str,
        *,
        into: IncidentId,
        out_of: IncidentId | None = None,
    ) -> None:
        """Keep for ever after where items belong and where they do not."""
        words = [(into, True)] + ([(out_of, False)] if out_of else [])
        self._store.assignments.rule(
            [
                Ruling(item=key, incident=id_, belongs=belongs, by=editor, at=self._clock.now())
                for key in keys
                for id_, belongs in words
            ]
        )

    def add_items(
        self, incident_id: str, stream: BinaryIO, editor: str, url: str | None = None
    ) -> IngestReport:
        """Add source items to an incident, whatever they are about.

        An item that is in the store already is moved here from where it was.

        Args:
            incident_id: of the incident.
            stream: items, as ``Pipeline.ingest`` takes them.
            editor: who adds them.
            url: from which they were fetched, for the history.

        Raises:
            InputError: the data cannot be read.
            NotFoundError: there is no such incident.
        """
        incident = self._store.incident(incident_id)
        found = report(self._pipeline.ingest(stream))
        keys = [*found.keys, *(row.key for row in found.duplicates)]
        with self._store.transaction():
            if moved := [key for key in dict.fromkeys(keys) if key not in incident.item_keys]:
                self._store.assign(moved, incident.id)
                self._rule(moved, editor, into=incident.id)
                detail: dict[str, Any] = {"items": moved} | ({"url": url} if url else {})
                self._history.record(EventKind.ITEMS_ADDED, incident.id, editor, None, detail)
                alerts.tell(self._store, incident.id, SYSTEM_ACTOR)
        self._pipeline.settle()
        return found

    def members(self, incident_id: str) -> list[Member]:
        """The items of an incident, oldest first, each with why it is there.

        Raises:
            NotFoundError: there is no such incident.
        """
        incident = self._store.incident(incident_id)
        assignments = self._store.assignments.of(incident.item_keys)
        ruled = {
            ruling.item: ruling
            for ruling in self._store.assignments.rulings(incident.item_keys)
            if ruling.belongs and ruling.incident == incident.id
        }
        return [
            Member(item=item, assignment=assignments.get(item.key), ruling=ruled.get(item.key))
            for item in self._store.items(incident.item_keys)
        ]
