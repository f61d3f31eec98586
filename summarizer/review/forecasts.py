"""Forecasts for editors: lists by status, resolutions, and calibration."""

from __future__ import annotations

from collections.abc import Collection

from summarizer import paging
from summarizer.domain import limits
from summarizer.domain.events import EventKind
from summarizer.domain.forecasts import Forecast, Outcome, Resolution, Status
from summarizer.domain.model import Model
from summarizer.errors import InputError
from summarizer.monitoring import calibration
from summarizer.monitoring.calibration import Calibration
from summarizer.ports.clock import Clock
from summarizer.storage.locks import LOG
from summarizer.storage.store import Store


class Foretold(Model):
    """A forecast with its status as of today."""

    forecast: Forecast
    status: Status


class ForecastPage(Model):
    """One page of forecasts; ``next`` is the cursor of the page that follows."""

    forecasts: tuple[Foretold, ...]
    next: str | None = None


class _Place(Model):
    asked: str
    after: int


class ForecastDesk:
    """Lists and resolves the forecasts of one store; composed by ``summarizer.app``."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._history = store.history
        self._clock = clock

    def page(
        self,
        status: Status | None = None,
        incident_id: str | None = None,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        without: Collection[str] = (),
    ) -> ForecastPage:
        """Forecasts, oldest first.

        Args:
            status: as of today; any if left out.
            incident_id: only forecasts of this incident and of incidents merged into it.
            limit: most forecasts of the page, > 0; all if left out.
            cursor: ``next`` of the previous page of the same query.
            without: incidents whose forecasts are left out; the page may then be shorter.

        Raises:
            InputError: the cursor is invalid or belongs to another query.
            NotFoundError: there is no such incident.
        """
        asked = paging.query_hash((status, incident_id))
        place = paging.decoded(cursor, _Place) if cursor else None
        if place and place.asked != asked:
            raise InputError(paging.REFUSED, field="cursor")
        after, today = place.after if place else 0, self._clock.now().date()
        more = None if limit is None else limit + 1
        if incident_id is not None:
            every = self._store.forecasts.of(incident_id)
            fitting = [f for f in every if status in (None, f.status(today)) and f.number > after]
            found = fitting[:more]
        else:
            found = self._store.forecasts.page(status, today, after, more)
        shown, last = found[:limit], None
        if len(found) > len(shown):
            last = paging.encoded(_Place(asked=asked, after=shown[-1].number))
        told = (self._with_status(f) for f in shown if f.incident_id not in without)
        return ForecastPage(forecasts=tuple(told), next=last)

    def resolve(
        self, number: int, outcome: Outcome, editor: str, note: str | None = None
    ) -> Foretold:
        """Store an editor's answer, in place of an earlier one, and record it as an event.

        Raises:
            InputError: the note is too long.
            NotFoundError: there is no such forecast.
        """
        limits.checked(note or "", limits.NOTE, "note")
        with self._store.transaction(LOG):
            forecast = self._store.forecasts.forecast(number)
            resolution = Resolution(
                outcome=outcome,
                by=editor,
                at=self._clock.now(),
                note=(note or "").strip() or None,
            )
            self._store.forecasts.resolve(number, resolution)
            detail = {"forecast": number, "outcome": outcome.value, "note": resolution.note}
            kind = EventKind.FORECAST_RESOLVED
            self._history.record(kind, forecast.incident_id, editor, detail=detail)
            return self._with_status(self._store.forecasts.forecast(number))

    def calibration(self) -> Calibration:
        """Calibration of resolved forecasts with a probability, without void ones."""
        resolved = self._store.forecasts.page("resolved", self._clock.now().date())
        return calibration.calibration(
            [
                (f.probability, f.resolution.outcome is Outcome.CAME_TRUE)
                for f in resolved
                if f.probability is not None
                and f.resolution is not None
                and f.resolution.outcome is not Outcome.VOID
            ]
        )

    def _with_status(self, forecast: Forecast) -> Foretold:
        return Foretold(forecast=forecast, status=forecast.status(self._clock.now().date()))
