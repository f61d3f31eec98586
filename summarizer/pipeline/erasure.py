"""Carries deletions out, everywhere: in the database, then in the vector index.

What is to go is stored first.  Items go in portions, each in one transaction, so that a killed
process leaves whole portions to the next; vectors go afterwards, when their server can be reached.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from summarizer.domain import erasure
from summarizer.domain.deletions import Deletion
from summarizer.domain.drafts import Draft
from summarizer.domain.erasure import Eraser
from summarizer.domain.events import EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import ItemKey, PassageId, SourceItem, key_of, number_of
from summarizer.errors import IndexUnreachableError, StorageBusyError
from summarizer.monitoring import alerts
from summarizer.ports.clock import Clock
from summarizer.ports.index import PassageIndex
from summarizer.storage.locks import ERASURE, GROUPING, ITEMS, JOBS, LOG, drafts_of
from summarizer.storage.store import Store

log = logging.getLogger(__name__)

PORTION = 100
"""Items of one transaction, which rewrites every draft that has one of them."""

IDS = 300
"""Vectors that are removed at once."""


class EraseWorker:
    """Carries out what is stored in ``Store.deletions``; safe in several threads, which take turns.

    Args:
        store: of the items.
        index: opened when vectors are to be removed.
        clock: the time.
        settles: whether this process may change the index.
    """

    def __init__(
        self, store: Store, index: Callable[[], PassageIndex], clock: Clock, *, settles: bool
    ) -> None:
        self._store = store
        self._index = index
        self._clock = clock
        self._settles = settles
        self._turn = threading.Lock()

    def finish(self) -> str | None:
        """Carry out all that was asked for.

        Returns:
            Why vectors wait; ``None`` if nothing is left.
        """
        with self._turn:
            for deletion in self._store.deletions.unfinished():
                keys = self._store.deletions.left(deletion.number)
                for start in range(0, len(keys), PORTION):
                    self._erase(deletion, keys[start : start + PORTION])
                if deletion.incident is not None:
                    self._erase_incident(deletion, deletion.incident)
            waits = self._unindex()
            self._store.deletions.finish(self._clock.now())
        return waits

    # --- The database ------------------------------------------------------------------------

    def _erase(self, deletion: Deletion, keys: Sequence[ItemKey]) -> None:
        """Erase items in one transaction; again if a draft of them was stored meanwhile."""
        erasing, numbers = self._store.erasing, [number_of(key) for key in keys]
        calls = erasing.calls_with(numbers)  # before the locks: it reads every request
        while not self._erased(deletion, keys, calls, self._concerned(keys)):
            pass
        # Of a call that ended in between, another process may have stored the request.
        erasing.clean_calls(erasing.calls_with(numbers, max(calls, default=0)))

    def _concerned(self, keys: Sequence[ItemKey]) -> set[IncidentId]:
        """Incidents that have one of the items, or have a draft of one."""
        drafts = self._store.erasing.drafts_with([number_of(key) for key in keys])
        return {*(id_ for id_, _ in drafts)}.union(*self._places(keys).values())

    def _places(self, keys: Sequence[ItemKey]) -> dict[ItemKey, set[IncidentId]]:
        """The incidents that have each of the items; those in none are absent."""
        found = {key: {home} for key, home in self._store.incidents_of(keys).items()}
        for key, shown in self._store.also_in.of(keys).items():
            found[key] |= {one.incident for one in shown}
        return found

    def _erased(
        self,
        deletion: Deletion,
        keys: Sequence[ItemKey],
        calls: Sequence[int],
        locked: set[IncidentId],
    ) -> bool:
        store, erasing, numbers = self._store, self._store.erasing, [*map(number_of, keys)]
        drafts = map(drafts_of, locked)
        with store.transaction(ITEMS, GROUPING, *drafts, ERASURE, JOBS, LOG):
            if not locked.issuperset(self._concerned(keys)):
                return False
            items = store.items([key_of(number) for number in sorted(erasing.members(numbers))])
            places = self._places([item.key for item in items])
            changed = self._drafts_without(keys, numbers)
            self._clean_records(items, locked, changed)
            erasing.clean_calls(calls)
            self._pass_origins_on(numbers)
            erasing.remove_items(numbers, self._clock.now())
            for id_ in sorted(locked):
                mine = [key for key, has_it in places.items() if id_ in has_it]
                self._tell(deletion, id_, mine, changed.get(id_))
            if lost := [item.key for item in items if item.key not in places]:
                self._record(deletion, None, lost)
            for id_ in erasing.empty(locked):
                self._remove(deletion, id_)
        return True

    def _drafts_without(
        self, keys: Sequence[ItemKey], numbers: Sequence[int]
    ) -> dict[IncidentId, _Changed]:
        """Rewrite every revision that has one of the items; what became of each incident's."""
        found: dict[IncidentId, _Changed] = {}
        for id_, revision in self._store.erasing.drafts_with(numbers):
            before = self._store.draft(id_, revision)
            after, went = erasure.without(before, set(keys))
            self._store.erasing.put_draft(after)
            changed = found.setdefault(id_, _Changed())
            changed.went += [text for text in went if text not in changed.went]
            changed.before, changed.newest = before, after  # revisions come in their order
        return found

    def _clean_records(
        self,
        items: Sequence[SourceItem],
        concerned: set[IncidentId],
        changed: dict[IncidentId, _Changed],
    ) -> None:
        """Take the words of items and of the sentences that went out of the history, the jobs, the
        forecasts and the log of fetches."""
        erasing, gone = self._store.erasing, {item.key for item in items}
        urls = [item.url for item in items if item.url]
        for id_ in concerned:
            incident = self._store.incident(id_)
            kept = self._store.items([key for key in incident.item_keys if key not in gone])
            of_items = Eraser([*erasure.texts_of(items), *urls], erasure.texts_of(kept))
            went = changed[id_].went if id_ in changed else []
            of_sentences = Eraser(went)
            erasing.clean_events([id_], of_items.without)
            erasing.clean_events([id_], of_sentences.without)
            erasing.remove_forecasts([id_], went)
        erasing.clean_jobs(concerned)
        erasing.remove_fetches(urls)

    def _pass_origins_on(self, numbers: Sequence[int]) -> None:
        """Let the first copy of a deleted item be the origin of the others."""
        for copies in self._store.erasing.copies(numbers).values():
            first = key_of(copies[0])
            self._store.set_origins({key_of(number): first for number in copies})

    def _tell(
        self, deletion: Deletion, id_: IncidentId, keys: Sequence[ItemKey], changed: _Changed | None
    ) -> None:
        """Record a deletion in an incident's history, and store a newest draft that shows less as
        its next revision: what was approved is not what stands there now."""
        if changed is None or changed.newest is None or changed.before is None:
            self._record(deletion, id_, keys)
            return
        newest, withheld = changed.newest, _shown(changed.before) - _shown(changed.newest)
        own = self._store.resolved(id_) == id_  # else its drafts are those of another one's past
        current = own and self._store.newest_revision(id_) == newest.revision
        if not withheld or not current:
            self._record(deletion, id_, keys)
            return
        made = newest.model_copy(
            update={
                "parent": newest.revision,
                "created_at": self._clock.now(),
                "made_by": deletion.by,
                "change": f"withheld {withheld} sentence(s) whose source was deleted",
            }
        )
        saved = self._store.save_draft(made)
        raised = alerts.raise_attention(saved, changed.before)
        self._record(deletion, saved.incident_id, keys, saved.revision, withheld)
        alerts.record(self._store, saved.incident_id, raised)

    def _record(
        self,
        deletion: Deletion,
        id_: IncidentId | None,
        keys: Sequence[ItemKey],
        revision: int | None = None,
        withheld: int = 0,
    ) -> None:
        detail = {
            "deletion": deletion.number,
            "why": deletion.why,
            "items": list(keys),
            "withheld": withheld,
        }
        self._store.history.record(EventKind.DELETED, id_, deletion.by, revision, detail)

    def _erase_incident(self, deletion: Deletion, id_: IncidentId) -> None:
        with self._store.transaction(ITEMS, GROUPING, ERASURE, JOBS, LOG):
            if self._store.erasing.empty([id_], guests=False):
                self._remove(deletion, id_)

    def _remove(self, deletion: Deletion, id_: IncidentId) -> None:
        """Remove an incident without items."""
        detail = {"deletion": deletion.number, "why": deletion.why, "incident": True}
        self._store.history.record(EventKind.DELETED, id_, deletion.by, None, detail)
        self._store.erasing.remove_incident(id_, self._clock.now())

    # --- The index ---------------------------------------------------------------------------

    def _unindex(self) -> str | None:
        """Remove the vectors of erased items; why not, if the index cannot be reached."""
        deletions = self._store.deletions
        if not self._settles:
            return None
        while waiting := deletions.unindexed(PORTION):
            try:
                index = self._index()
                for one in waiting:
                    key = key_of(one.item)
                    ids = [PassageId(f"{key}.{n}") for n in range(one.passages + 1)]
                    for start in range(0, len(ids), IDS):
                        index.remove(ids[start : start + IDS])
                index.headings.remove([one.item for one in waiting])
            except (IndexUnreachableError, StorageBusyError) as error:
                log.warning("vectors of deleted items wait: %s", error)
                return str(error)
            deletions.note_unindexed([one.item for one in waiting], self._clock.now())
        return None


class _Changed:
    """What a deletion changes of the revisions of an incident.

    Attributes:
        before: the newest of them as it was.
        newest: the same without what was deleted.
        went: sentences that went.
    """

    def __init__(self) -> None:
        self.before: Draft | None = None
        self.newest: Draft | None = None
        self.went: list[str] = []


def _shown(draft: Draft) -> int:
    return sum(len(section.shown) for section in draft.sections)
