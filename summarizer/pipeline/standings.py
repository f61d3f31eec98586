"""Keeps the standings of incidents up to date, and computes those that are not stored yet.

A change marks its incident (``storage.standings``).  Texts of marked incidents are read outside any
transaction; a standing that another change has overtaken stays marked.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import count
from typing import Any, NamedTuple

from summarizer.domain import outlines, reports
from summarizer.domain import reviews as domain_reviews
from summarizer.domain.drafts import Draft
from summarizer.domain.events import SYSTEM_ACTOR, EventKind
from summarizer.domain.incidents import IncidentId, Noise
from summarizer.domain.items import SourceItem
from summarizer.domain.outlines import Member, Outline
from summarizer.domain.outlook import Outlook
from summarizer.domain.reviews import ReviewState
from summarizer.domain.sections import Layout, SectionSpec
from summarizer.domain.standings import Standing
from summarizer.drafting.evidence_pack import evidence_hash
from summarizer.drafting.prompts import estimate_tokens
from summarizer.monitoring import alerts, attention
from summarizer.monitoring.monitor import EVIDENCE
from summarizer.noise import score
from summarizer.noise.score import NoiseCurve
from summarizer.storage.standings import Marked
from summarizer.storage.store import Store

LOT = 100
"""Standings stored in one transaction."""

MANY = 20
"""Marked standings that lists compute at need; of more, those who group items compute them."""

FEATURES = 20_000
"""Items whose noise features are cached, under 1 KB each, so that a large incident is not read
through at each new item."""

KNOWN = 1_000
"""Incidents cached whose pages are asked for."""

PENDING = 1_000
"""Incidents cached of which no standing is stored."""


class Account(NamedTuple):
    """An incident in full: its standing, and what depends on the time that one asks for."""

    standing: Standing
    curve: NoiseCurve
    members: tuple[Member, ...]


class StandingKeeper:
    """The standings of one store; safe in several threads, and in several processes.

    Args:
        store: of the incidents.
        specs: sections of a draft, in order.
    """

    def __init__(self, store: Store, specs: Sequence[SectionSpec]) -> None:
        self._store = store
        self._headlines = [spec.key for spec in specs if spec.row.layout is Layout.HEADLINE]
        self._forecasts = [spec.key for spec in specs if spec.row.layout is Layout.FORECAST]
        self._turn = threading.Lock()
        self._stopping = threading.Event()
        self._features: dict[str, score.NoiseInput | None] = {}
        self._known = lru_cache(KNOWN)(self._standing_of)
        self._pending = lru_cache(PENDING)(self._account_of)

    def wind_down(self) -> None:
        """Leave the rest of the marked standings to the next start."""
        self._stopping.set()

    def catch_up_if_many(self) -> None:
        """Compute and store the marked standings if there are so many that lists would wait."""
        if len(self._store.standings.marked(MANY + 1)) > MANY:
            self.catch_up(waits=False)

    def catch_up(self, *, waits: bool = True, lots: int | None = None) -> None:
        """Compute and store all marked standings; not within a transaction.

        Args:
            waits: for its turn, if another thread is at it; else that one does it.
            lots: most ``LOT`` that are computed, for a caller who is waited for: others may mark
                more all the time.
        """
        if not self._turn.acquire(blocking=waits):
            return
        try:
            for _ in count() if lots is None else range(lots):
                marked = self._store.standings.marked(LOT)
                if self._stopping.is_set() or not marked:
                    return
                standings = [(self._renewed(one), one.changes) for one in marked]
                found = [(standing, n) for standing, n in standings if standing is not None]
                if not found:
                    return  # all were merged away meanwhile
                self._store.standings.keep(found)
        finally:
            self._turn.release()

    def current(self, ids: Sequence[IncidentId]) -> dict[IncidentId, Standing]:
        """Standings of exactly those incidents, without those merged away."""
        found = {id_: one for id_, (one, _) in self._store.standings.of(ids).items()}
        missing = [id_ for id_ in ids if id_ not in found]
        for marked in self._store.standings.marks(missing):
            if (account := self.account(marked)) is not None:
                found[marked.incident_id] = account.standing
        return found

    def marked(self, incident_id: str) -> tuple[Standing, Marked]:
        """The standing of an incident, or of that into which it was merged, and the mark that it
        had before.

        Raises:
            NotFoundError: there is no such incident.
        """
        while True:
            marked = self._store.standings.mark_of(incident_id)
            if marked is None:
                self._store.resolved(incident_id)  # says that there is none
            else:
                with suppress(KeyError):  # merged away since it was marked
                    return self._known(marked), marked

    def _standing_of(self, marked: Marked) -> Standing:
        """The standing of an incident, at its number of changes or later."""
        return self.current([marked.incident_id])[marked.incident_id]

    def noise(self, standing: Standing, at: dt.datetime) -> Noise:
        """Noise of an incident at a time; texts are read only for one before its newest item."""
        if standing.outlook.since is None or standing.outlook.since <= at:
            return standing.outlook.at(at)
        marks = self._store.standings.marks([standing.incident_id])
        return next(filter(None, map(self.account, marks))).curve.at(at)

    def account(self, marked: Marked, upto: int | None = None) -> Account | None:
        """An incident as its items make it; ``None`` if it was merged away, or all items are newer.

        Args:
            marked: the incident and its number of changes, which serves a cache.
            upto: number of the newest item that counts; all if left out.
        """
        found = self._pending(marked)
        if found is None or upto is None or found.standing.highest <= upto:
            return found
        earlier = self._account_of(marked, upto)
        return earlier if earlier and earlier.members else None

    def _account_of(self, marked: Marked, upto: int | None = None) -> Account | None:
        with self._store.snapshot():
            outline = next(iter(self._store.outlines.of([marked.incident_id])), None)
            if outline is None:
                return None
            members = tuple(m for m in outline.members if upto is None or m.number <= upto)
            items = self._store.items([member.key for member in members])
            draft = self._store.newest_draft(outline.id) if outline.revision else None
            curve = NoiseCurve([self._read(item) for item in items])
            return Account(self._standing(outline, members, items, draft, curve), curve, members)

    def _renewed(self, marked: Marked) -> Standing | None:
        """The present standing of a marked incident; its texts are read only where they changed."""
        with self._store.snapshot():
            before = self._store.standings.before(marked.incident_id)
            if before is not None and before.items:
                draft = self._store.newest_draft(before.incident_id)
                told = self._told(before.incident_id, before.number, draft)
                title = self._headline(draft)
                if title is None and before.revision is None:
                    title = before.title
                if title is not None:
                    told |= {"title": title, "waiting_since": self._waits(before, told)}
                    return before.model_copy(
                        update=told | {"outlook": self._ahead(before.outlook, draft)}
                    )
        account = self.account(marked)
        return None if account is None else account.standing

    def _waits(self, before: Standing, told: Mapping[str, Any]) -> dt.datetime:
        at = told["drafted_at"] or dt.datetime.min.replace(tzinfo=dt.UTC)
        return self._store.arrived_after(before.incident_id, at) or before.arrived_at

    def _standing(
        self,
        outline: Outline,
        members: tuple[Member, ...],
        items: Sequence[SourceItem],
        draft: Draft | None,
        curve: NoiseCurve,
    ) -> Standing:
        id_ = outline.id
        told = self._told(id_, outline.number, draft)
        arrivals = [member.came_at for member in members]
        arrived_at, drafted_at = max(arrivals, default=outline.created_at), told["drafted_at"]
        unseen = [at for at in arrivals if drafted_at is None or at > drafted_at]
        heading = items[0].heading if items else f"Incident {id_}"
        return Standing(
            incident_id=id_,
            number=outline.number,
            created_at=outline.created_at,
            items=tuple(member.key for member in members),
            highest=max((member.number for member in members), default=0),
            platforms=tuple(sorted({member.platform for member in members})),
            newest_at=outlines.newest_at(members) or outline.created_at,
            origins=len({item.origin for item in items}),
            tokens=sum(estimate_tokens(item.text) for item in items),
            evidence_hash=evidence_hash(items),
            arrived_at=arrived_at,
            waiting_since=min(unseen, default=arrived_at),
            title=self._headline(draft) or heading,
            outlook=self._ahead(curve.outlook(), draft),
            **told,
        )

    def _told(self, id_: IncidentId, number: int, draft: Draft | None) -> dict[str, Any]:
        """Fields of a standing that follow from drafts and events."""
        history = self._store.history
        drafted = history.newest([id_], {EventKind.DRAFTED}).get(id_)
        changed = history.newest([id_], frozenset(EventKind)).get(id_)
        review = domain_reviews.review_of(history.newest([id_], domain_reviews.REVIEWS).get(id_))
        reviewed = review.of(draft.revision if draft else 0)
        return {
            "revision": draft.revision if draft else None,
            "drafted_hash": draft.evidence_hash if draft else None,
            "drafted_at": drafted.at if drafted else None,
            "held": tuple(s.key for s in draft.sections if s.is_kept) if draft else (),
            "review": reviewed,
            "attention": self._attention(id_, number, draft, reviewed),
            "changed_at": changed.at if changed else None,
        }

    def _ahead(self, outlook: Outlook, draft: Draft | None) -> Outlook:
        """An outlook with the last day for which a shown sentence of the draft announces a step; an
        expectation with a probability is none."""
        days = [
            claim.claim.date
            for section in (draft.sections if draft else ())
            if section.key in self._forecasts
            for claim in section.shown
            if claim.claim.date is not None and claim.claim.probability is None
        ]
        end = max(days, default=None)
        midnight = dt.time(tzinfo=dt.UTC)
        until = None if end is None else dt.datetime.combine(end + dt.timedelta(days=1), midnight)
        return outlook.model_copy(update={"open_until": until})

    def _headline(self, draft: Draft | None) -> str | None:
        shown = (
            claim.claim.text
            for section in (draft.sections if draft else ())
            if section.key in self._headlines
            for claim in section.shown
        )
        return next(shown, None)

    def _attention(
        self, id_: IncidentId, number: int, draft: Draft | None, reviewed: ReviewState
    ) -> tuple[str, ...]:
        """Reasons for an editor; as before until the monitor has looked, whose findings take
        seconds, and for which no list waits."""
        if draft is None:
            return ()
        history = self._store.history
        if history.newest([id_], frozenset(alerts.KINDS.values())):  # else there is no finding
            if history.unseen(SYSTEM_ACTOR, EVIDENCE, id_):
                last = self._store.standings.by_number([number]).get(number)
                same = last is not None and last.revision == draft.revision
                return last.attention if last and same else attention.attention(draft)
            found = alerts.findings(draft, self._store.sources(draft.incident_id))
            return alerts.waiting(draft, found, history.of(draft.incident_id))
        about = history.of(draft.incident_id, reports.ABOUT_REPORTS)
        own = () if reviewed is ReviewState.APPROVED else attention.attention(draft)
        return (*reports.calls(about), *own)

    def _read(self, item: SourceItem) -> score.NoiseInput | None:
        if item.key not in self._features:
            if len(self._features) >= FEATURES:
                self._features.clear()
            self._features[item.key] = score.read(item)
        return self._features[item.key]
