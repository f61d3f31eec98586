"""Endpoints of forecasts: list, calibration and resolution."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.auth import Reader, Reviewer
from api.bodies import GuardedRoute
from api.dependencies import Service
from api.pagination import Cursor, Limit, link_next
from api.problems import answers
from api.schemas.forecasts import CalibrationView, ForecastList, ForecastView, ResolutionRequest
from summarizer.domain.forecasts import Status
from summarizer.paging import LARGEST

router = APIRouter(prefix="/v1/forecasts", tags=["forecasts"], route_class=GuardedRoute)


@router.get("", summary="List forecasts, with their calibration", responses=answers(404))
def list_forecasts(
    request: Request,
    response: Response,
    service: Service,
    actor: Reader,
    status: Status | None = None,
    incident: Annotated[str | None, Query(max_length=40)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ForecastList:
    """Oldest first. `due`: its day has come, or a later source may decide it."""
    without = () if actor.edits else service.withholding.ids()
    found = service.forecasts.page(status, incident, limit=limit, cursor=cursor, without=without)
    link_next(request, response, found.next)
    return ForecastList(
        forecasts=[ForecastView.of(forecast) for forecast in found.forecasts],
        next=found.next,
        calibration=CalibrationView.of(service.forecasts.calibration()),
    )


@router.post("/{number}/resolution", summary="Resolve a forecast", responses=answers(404))
def resolve_forecast(
    service: Service,
    actor: Reviewer,
    number: Annotated[int, Path(ge=1, le=LARGEST)],
    asked: ResolutionRequest,
) -> ForecastView:
    """A second resolution replaces the first; the log keeps both."""
    return ForecastView.of(service.forecasts.resolve(number, asked.outcome, actor.name, asked.note))
