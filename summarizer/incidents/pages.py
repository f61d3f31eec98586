"""Pages of incidents: a draft with noise, findings, disagreements and entities (read-only)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from summarizer.domain import corrections, responses, reviews
from summarizer.domain.accusations import Accusation
from summarizer.domain.corrections import Correction
from summarizer.domain.drafts import Draft
from summarizer.domain.events import EventKind
from summarizer.domain.findings import Disagreement, Finding
from summarizer.domain.incidents import IncidentId, Noise
from summarizer.domain.items import ItemKey
from summarizer.domain.page import Entities, Page
from summarizer.domain.reviews import Review, ReviewState
from summarizer.domain.sections import Layout, SectionSpec
from summarizer.errors import NotFoundError
from summarizer.incidents import entities
from summarizer.incidents.withholding import Withholding
from summarizer.monitoring import recheck
from summarizer.noise import series
from summarizer.noise.series import NoiseSeries
from summarizer.pipeline.standings import StandingKeeper
from summarizer.ports.clock import Clock
from summarizer.storage.standings import Marked
from summarizer.storage.store import Store
from summarizer.verification import right_of_reply
from summarizer.verification.conflicts.disagreements import find_conflicts

REMEMBERED = 256
"""Revisions whose findings, disagreements, entities and accusations are cached."""

Erased = tuple[ItemKey, ...]
"""Items that were deleted since a revision was made: without them it is another one."""

LONGEST = dt.timedelta(hours=1)
"""Time for which a page may be kept: it tells the time of its noise, and its chart ends there."""


class PageVersion(NamedTuple):
    """What tells whether a page is another one.

    Args:
        told: differs between pages that differ.
        marked: the mark of the incident.
        until: time up to which a page of now may be shown while the mark stays.
    """

    told: tuple[str, ...]
    marked: Marked
    until: dt.datetime


class IncidentPages:
    """The pages of all incidents on one store; composed by ``summarizer.app``.

    Args:
        store: of the incidents.
        specs: sections of a draft, in order.
        standings: of the incidents.
        withholding: says which pages readers are not shown.
        clock: the time.
        site_name: in the cite string.
        public_url: base address of published pages; ``None`` if they are not published.
        reports_url: base address to which readers report an inaccuracy; ``None`` if they may not.
    """

    def __init__(
        self,
        store: Store,
        specs: Sequence[SectionSpec],
        standings: StandingKeeper,
        withholding: Withholding,
        clock: Clock,
        site_name: str,
        public_url: str | None = None,
        reports_url: str | None = None,
    ) -> None:
        self._store = store
        self._headlines = [spec.key for spec in specs if spec.row.layout is Layout.HEADLINE]
        self._keeper = standings
        self._withholding = withholding
        self._clock = clock
        self._site_name = site_name
        self._public_url = public_url
        self._reports_url = reports_url
        urls = str(public_url), str(reports_url)
        form = (site_name, *urls, *(spec.model_dump_json() for spec in specs))
        self._form = sha256("\0".join(form).encode()).hexdigest()
        self._draft = lru_cache(1)(self._draft_of)  # read once for the parts of a page
        # The dearest parts of a page, of revisions that change only where a source is deleted.
        self._findings = lru_cache(REMEMBERED)(self._findings_of)
        self._disagreements = lru_cache(REMEMBERED)(self._disagreements_of)
        self._entities = lru_cache(REMEMBERED)(self._entities_of)
        self._accusations = lru_cache(REMEMBERED)(self._accusations_of)

    def of(
        self,
        incident_id: str,
        as_of: dt.datetime | None = None,
        revision: int | None = None,
        *,
        held: bool = False,
    ) -> Page:
        """The page of an incident.

        Args:
            incident_id: of the incident, or of one merged into it.
            as_of: time of noise and state; now if left out.
            revision: of the draft; the newest if left out.
            held: whether an editor reads it, who is shown what is withheld from readers.

        Raises:
            HeldError: it is withheld from readers.
            NotFoundError: there is no such incident or revision, or no draft yet.
        """
        if not held:
            self._withholding.check(incident_id)
        standing, _ = self._keeper.marked(incident_id)
        incident = self._store.incident(standing.incident_id)
        if revision is not None:
            draft: Draft | None = self._store.draft(incident.id, revision)
        else:
            draft = self._store.newest_draft(incident.id)
        if draft is None:
            raise NotFoundError(
                f"Incident {incident.id} has no draft yet. "
                f"Make one: summarizer draft {incident.id}, or POST "
                f"/v1/incidents/{incident.id}/drafts.",
                field="incident_id",
            )
        measured = self._keeper.noise(standing, as_of or self._clock.now())
        title = self.title(draft) or f"Incident {incident.id}"
        version = draft.incident_id, draft.revision, draft.erased
        review = self._review(incident.id)
        is_approved = review.of(draft.revision) is ReviewState.APPROVED
        return Page(
            title=title,
            incident=incident,
            draft=draft,
            noise=measured,
            platforms=standing.platforms,
            cite=self._cite(title, incident.id, measured),
            review=review,
            findings=self._findings(*version, incident.item_keys),
            outcomes={
                f.text: f.resolution.outcome
                for f in self._store.forecasts.of(incident.id)
                if f.resolution is not None
            },
            disagreements=self._disagreements(*version),
            entities=self._entities(*version),
            accusations=self._accusations(*version),
            asked=responses.requests(
                self._store.history.of(incident.id, {EventKind.RESPONSE_ASKED})
            ),
            corrections=self._corrections(incident.id, draft.revision),
            report_to=self.report_to(incident.id) if is_approved else None,
        )

    def version(
        self, incident_id: str, as_of: dt.datetime | None = None, revision: int | None = None
    ) -> PageVersion | None:
        """What tells whether a page is another one, without building it.

        These are the changes of the incident, its noise, and the day.

        Returns:
            ``None`` where there is perhaps no such page.

        Raises:
            NotFoundError: there is no such incident.
        """
        standing, marked = self._keeper.marked(incident_id)
        if standing.revision is None or (revision or 1) > standing.revision:
            return None
        at = as_of or self._clock.now()
        noise = self._keeper.noise(standing, at)
        shown = noise.model_dump_json(exclude={"as_of", "decay"})
        told = (standing.incident_id, marked.changes, standing.changed_at, standing.evidence_hash)
        asked = (standing.revision, revision, noise.as_of.date())
        midnight = dt.datetime.combine(at + dt.timedelta(days=1), dt.time(), at.tzinfo)
        return PageVersion(
            told=(self._form, shown, *map(str, (*told, *asked))),
            marked=marked,
            until=min(midnight, at + LONGEST, standing.outlook.same_until(at)),
        )

    def _findings_of(
        self, incident_id: IncidentId, revision: int, erased: Erased, items: tuple[ItemKey, ...]
    ) -> tuple[Finding, ...]:
        """Findings of the incident's present items against a revision."""
        draft = self._draft(incident_id, revision, erased)
        return recheck.recheck(draft, self._store.items(items), self._store.passages(items))

    def _draft_of(self, incident_id: IncidentId, revision: int, _: Erased) -> Draft:
        return self._store.draft(incident_id, revision)

    def _disagreements_of(
        self, incident_id: IncidentId, revision: int, erased: Erased
    ) -> tuple[Disagreement, ...]:
        return find_conflicts(self._draft(incident_id, revision, erased).evidence)

    def _entities_of(self, incident_id: IncidentId, revision: int, erased: Erased) -> Entities:
        return entities.of(self._draft(incident_id, revision, erased))

    def _accusations_of(
        self, incident_id: IncidentId, revision: int, erased: Erased
    ) -> tuple[Accusation, ...]:
        found = right_of_reply.accusations_of(self._draft(incident_id, revision, erased))
        return tuple(dict.fromkeys(accusation for _, accusation in found))

    def course(
        self,
        incident_id: str,
        until: dt.datetime | None = None,
        since: dt.datetime | None = None,
        step_s: int | None = None,
    ) -> NoiseSeries:
        """Noise and state of an incident over time.

        Args:
            incident_id: of the incident.
            until: time of the last point; now if left out.
            since: time of the first point; that of the first item if left out.
            step_s: seconds between two points; chosen if left out.

        Raises:
            InputError: the times are in the wrong order, or give too many points.
            NotFoundError: there is no such incident.
        """
        items = self._store.items(self._store.incident(incident_id).item_keys)
        return series.of(items, until or self._clock.now(), since, step_s)

    def report_to(self, incident_id: IncidentId) -> str | None:
        """Where readers of a public page report an inaccuracy; ``None`` if they may not."""
        return None if self._reports_url is None else f"{self._reports_url}/{incident_id}"

    def title(self, draft: Draft) -> str | None:
        """The headline that a draft shows; ``None`` without one."""
        shown = [c for key in self._headlines for c in draft.section(key).shown]
        return shown[0].claim.text if shown else None

    def picture(self, page: Page) -> NoiseSeries:
        """Noise over time, for the chart of a page."""
        return series.picture(self._store.items(page.incident.item_keys), page.noise.as_of)

    def _review(self, incident_id: IncidentId) -> Review:
        newest = self._store.history.newest([incident_id], reviews.REVIEWS)
        return reviews.review_of(newest.get(incident_id))

    def _corrections(self, incident_id: IncidentId, revision: int) -> tuple[Correction, ...]:
        approvals = self._store.history.of(incident_id, {EventKind.APPROVED})
        return corrections.corrections(approvals, incident_id, revision)

    def _cite(self, title: str, incident_id: IncidentId, measured: Noise) -> str:
        at, url = measured.as_of, self._public_url
        cite = (
            f'"{title.rstrip(".")}." {self._site_name} incident {incident_id}, '
            f"noise {measured.score}/100 as of {at:%B} {at.day}, {at.year}."
        )
        return f"{cite} {url.rstrip('/')}/{incident_id}" if url else cite
