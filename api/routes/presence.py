"""Endpoint by which open pages of the desk say who reads them."""

from __future__ import annotations

from fastapi import APIRouter

from api.auth import Reviewer
from api.bodies import GuardedRoute
from api.dependencies import Service
from api.problems import answers
from api.schemas.incidents import PresenceView

router = APIRouter(
    prefix="/v1/incidents/{incident_id}", tags=["incidents"], route_class=GuardedRoute
)


@router.put("/presence", summary="Say that an editor has it open", responses=answers(404))
def note_presence(service: Service, actor: Reviewer, incident_id: str) -> PresenceView:
    """Holds for 90 seconds, so a page that stays open sends it every 30. Returns who else has it
    open. It is in no history.
    """
    id_, now = service.store.resolved(incident_id), service.clock.now()
    service.store.presence.note(id_, actor.name, now)
    others = (name for name in service.store.presence.of(id_, now) if name != actor.name)
    return PresenceView(incident=id_, others=list(others))
