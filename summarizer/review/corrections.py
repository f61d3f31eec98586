"""What a page says otherwise than when it was approved, and the editor's word on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from summarizer.domain import limits
from summarizer.domain.corrections import ApprovedChange, ChangedSentence
from summarizer.domain.drafts import Draft
from summarizer.domain.events import EventKind
from summarizer.errors import InputError, NotFoundError, RefusedError
from summarizer.review import diff
from summarizer.storage.store import Store


class Corrections:
    """Changes since the last approval, on one store; composed by ``summarizer.app``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def approved_before(self, draft: Draft) -> int | None:
        """The revision of the incident that was approved last, other than this one."""
        id_ = draft.incident_id
        approval = self._store.history.newest([id_], {EventKind.APPROVED}).get(id_)
        revision = approval.revision if approval else None
        return None if revision == draft.revision else revision

    def since_approval(self, draft: Draft) -> tuple[ChangedSentence, ...]:
        """Shown sentences whose words differ from the revision that was approved last; none where
        there is none."""
        before = self.approved_before(draft)
        if before is None:
            return ()
        try:
            approved = self._store.draft(draft.incident_id, before)
        except NotFoundError:
            return ()
        return tuple(_changed(approved, draft))

    def reasoned(self, draft: Draft, given: ApprovedChange | None) -> dict[str, Any]:
        """The detail of an approval's event about the change that it makes of an approved page.

        Raises:
            InputError: ``corrects`` names a sentence that does not change, the reason is too long,
                or nothing changes.
            RefusedError: the page changes, and nobody says why.
        """
        changed = self.since_approval(draft)
        if not changed:
            if given is not None:
                raise InputError(
                    "The words of no approved page change: leave out 'change'.", field="change"
                )
            return {}
        before = self.approved_before(draft)
        if given is None or not any(map(str.isalnum, given.why)):
            raise RefusedError(
                f"Revision {before} was approved, and {len(changed)} of its sentences change. Say "
                "why, and which of the changes are corrections that readers are told of.",
                field="change",
            )
        limits.checked(given.why, limits.REASON, "change.why")
        by_id = {one.id: one for one in changed}
        if unknown := [id_ for id_ in given.corrects if id_ not in by_id]:
            raise InputError(
                f"The sentence {unknown[0]!r} does not change: see 'changes' of the draft.",
                field="change.corrects",
            )
        told = [by_id[id_].model_dump() for id_ in dict.fromkeys(given.corrects)]
        why = given.why.strip()
        change = {"since": before, "why": why, "changed": len(changed), "corrections": told}
        return {"change": change}


def _changed(before: Draft, after: Draft) -> Iterator[ChangedSentence]:
    for section in diff.difference(before, after):
        yield from _of_section(section.key, section.rows)


def _of_section(key: str, rows: Sequence[diff.Difference]) -> Iterator[ChangedSentence]:
    """The changes of a section; a sentence that kept its id is one, however unlike it became."""
    old = {row.before.id: row.before for row in rows if row.before}
    new = {row.after.id for row in rows if row.after}
    for row in rows:
        if row.after is not None:
            before = old.get(row.after.id) or row.before
            if before is not None and before.id != row.after.id and before.id in new:
                before = None
            was = before.claim.text if before else None
            if was != row.after.claim.text:
                yield ChangedSentence(
                    id=row.after.id, section=key, before=was, after=row.after.claim.text
                )
        elif row.before is not None and row.before.id not in new:
            yield ChangedSentence(id=row.before.id, section=key, before=row.before.claim.text)
