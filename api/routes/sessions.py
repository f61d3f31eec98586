"""Endpoints of browser sessions: sign in with a key, show, sign out."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from api.auth import ADMISSIONS, COOKIE, Reader, count_failure, refuse_foreign
from api.bodies import GuardedRoute
from api.dependencies import Service
from api.problems import RefusedInputError
from api.schemas.incidents import Asked, Public
from summarizer.auth import SESSION
from summarizer.domain.api_keys import Role, Scope, role_of

router = APIRouter(prefix="/v1", tags=["access"], route_class=GuardedRoute)


class SignIn(Asked):
    """The key to sign in with."""

    key: str = Field(max_length=200, examples=["isk_0123456789ab_…"])


class Who(Public):
    """The authenticated caller, its role and its scopes."""

    name: str
    role: Role = Field(description="Name of the set of scopes.")
    scopes: list[Scope]


class SessionView(Who):
    """A session with its end."""

    expires_at: dt.datetime


async def of_our_site(request: Request, service: Service) -> None:
    """Refuse pages of other sites before a body is read."""
    refuse_foreign(request)


ADMISSIONS[of_our_site] = None


@router.post("/session", summary="Sign in", status_code=201, dependencies=[Depends(of_our_site)])
def sign_in(request: Request, response: Response, service: Service, asked: SignIn) -> SessionView:
    """Sets a session cookie (`HttpOnly`, `SameSite=Strict`)."""
    found = service.keys.sign_in(asked.key)
    if found is None:
        count_failure(request, service.clock.now())
        raise RefusedInputError(401, "There is no such key, or it was revoked.", "body.key")
    key, token, until = found
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(SESSION.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path=service.settings.root_path or "/",
    )
    return SessionView(name=key.name, role=key.role, scopes=sorted(key.scopes), expires_at=until)


@router.get("/session", summary="Show the caller")
def show_session(actor: Reader) -> Who:
    """The caller by key or cookie, or `local` while no key exists."""
    return Who(name=actor.name, role=role_of(actor.scopes), scopes=sorted(actor.scopes))


@router.delete("/session", summary="Sign out", status_code=204)
def sign_out(request: Request, response: Response, service: Service) -> None:
    """Ends the cookie's session, if there is one."""
    refuse_foreign(request)
    if token := request.cookies.get(COOKIE):
        service.keys.sign_out(token)
    path = service.settings.root_path or "/"
    response.delete_cookie(COOKIE, path, httponly=True, samesite="strict")
