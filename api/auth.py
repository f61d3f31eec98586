"""Who asks, and what they may do.

While no key was ever made the service is open, to this machine alone: then the ``Host`` must be
loopback, so that no page on the web can reach it under a name of its own.  What a browser sends
without being asked (a cookie, or nothing in an open service) changes nothing unless it comes from
our own page.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import math
from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request
from pydantic import BaseModel, ConfigDict

from api.dependencies import Service
from api.rate_limit import RateLimit
from summarizer.auth import LOCAL
from summarizer.domain.api_keys import Key, Scope

COOKIE = "summarizer_session"

READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""


class Actor(BaseModel):
    """Who asks.

    Args:
        id: of the key; a name may be given again once its key was revoked.
        name: of the key, as it stands in the history.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    scopes: frozenset[Scope]


def actor(request: Request, service: Service) -> Actor:
    """Who asks, by key, by session, or as nobody in particular on a service that is open.

    Raises:
        HTTPException: 401 without a key that is good, 403 for a browser from elsewhere.
    """
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _known(service.keys.recognise(credentials.strip()))
    if token := request.cookies.get(COOKIE):
        found = _known(service.keys.signed_in(token))
        refuse_foreign(request)
        return found
    if not service.keys.is_open:
        return _known(None)
    if not is_loopback(_host(request)):
        raise HTTPException(
            403, "The service is open to this machine alone: ask for 127.0.0.1, or make a key."
        )
    refuse_foreign(request)
    return Actor(id=LOCAL, name=LOCAL, scopes=frozenset(Scope))


def _known(key: Key | None) -> Actor:
    if key is None:
        raise HTTPException(
            401,
            "Send a key that is good as 'Authorization: Bearer …', or sign in at /v1/session.",
            {"WWW-Authenticate": "Bearer"},
        )
    return Actor(id=key.id, name=key.name, scopes=key.scopes)


def refuse_foreign(request: Request) -> None:
    """Refuse a change that a browser sends from another site's page.

    Programs send neither header and pass.

    Raises:
        HTTPException: 403.
    """
    if request.method in READING:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    ours = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if not ours or site not in (None, "same-origin"):
        raise HTTPException(403, "A page of another site may change nothing here.")


def _host(request: Request) -> str:
    return urlsplit(f"//{request.headers.get('host', '')}").hostname or ""


def is_loopback(host: str) -> bool:
    """Whether a name or address can only mean this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def needs(scope: Scope) -> Callable[..., Actor]:
    """A dependency that gives the actor, when they have the scope."""

    def allowed(request: Request, service: Service, who: Annotated[Actor, Depends(actor)]) -> Actor:
        within_limit(request, who, service.clock.now())
        if scope not in who.scopes:
            raise HTTPException(403, f"The key {who.name!r} lacks the scope '{scope.value}'.")
        return who

    return allowed


def within_limit(request: Request, who: Actor, now: dt.datetime) -> None:
    """Count a request of a key.

    Raises:
        HTTPException: 429 when it asks too often.
    """
    limit: RateLimit = request.app.state.rate_limit
    name = who.name
    if name == LOCAL:  # whoever is on this machine has other ways to keep it busy
        return
    if wait := limit.wait(name, now):
        seconds = math.ceil(wait)
        raise HTTPException(
            429,
            f"The key {name!r} asks too often: wait {seconds} s.",
            {"Retry-After": str(seconds)},
        )


Reader = Annotated[Actor, Depends(needs(Scope.READ))]
Drafting = Annotated[Actor, Depends(needs(Scope.DRAFT))]
Reviewer = Annotated[Actor, Depends(needs(Scope.REVIEW))]
Admin = Annotated[Actor, Depends(needs(Scope.ADMIN))]
