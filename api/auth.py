"""Authentication by key or session, authorisation by scope, and CSRF protection.

Until the first key is made, the service is open to requests from this machine only: ``Host`` must
be loopback, against DNS rebinding.  Requests without a key (by cookie, or to an open service) that
change data are refused if they come from another site.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import math
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, cast
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel, ConfigDict

from api.dependencies import Service
from api.rate_limit import RateLimit
from summarizer.app import App
from summarizer.auth import LOCAL
from summarizer.domain.api_keys import Key, Scope

COOKIE = "summarizer_session"

READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""


class Actor(BaseModel):
    """The authenticated caller.

    Args:
        id: id of the key; unlike names, it is never reused after a revocation.
        name: name of the key, as recorded in the history.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    scopes: frozenset[Scope]

    @property
    def edits(self) -> bool:
        """Whether it is an editor's, who reads what is withheld from readers."""
        return Scope.REVIEW in self.scopes

    @property
    def is_senior(self) -> bool:
        """Whether it is of the senior desk."""
        return Scope.SENIOR in self.scopes


ADMISSIONS: dict[Callable[..., Any], Scope | None] = {}
"""Dependencies that ``GuardedRoute`` calls before a body is read, with the scope of each."""


def actor(request: Request, service: Service) -> Actor:
    """Authenticate a request by key or session, or as ``local`` on an open service.

    Raises:
        HTTPException: 401 without a valid key or session, or 429 after many invalid ones from one
            address; 403 if the service is open and the ``Host`` is not loopback, or for a change
            from another site.
    """
    if (secret := _bearer(request)) is not None:
        return _known(request, service, service.keys.recognise(secret))
    if token := request.cookies.get(COOKIE):
        found = _known(request, service, service.keys.signed_in(token))
        refuse_foreign(request)
        return found
    if not service.keys.is_open:
        raise _unknown()
    if not is_loopback(_host(request)):
        raise HTTPException(
            403, "The service is open to this machine only: use 127.0.0.1, or make a key."
        )
    refuse_foreign(request)
    return Actor(id=LOCAL, name=LOCAL, scopes=frozenset(Scope))


async def identified(request: Request, service: App) -> Actor:
    """The caller as ``actor`` finds it, in a thread unless its key was checked just now."""
    if (secret := _bearer(request)) is not None:
        key = service.keys.remembered(secret)
    elif key := service.keys.remembered_session(request.cookies.get(COOKIE, "")):
        refuse_foreign(request)
    if key is None:
        return await run_in_threadpool(actor, request, service)
    return _known(request, service, key)


def _bearer(request: Request) -> str | None:
    """The secret that a request sends as a bearer token."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    return credentials.strip() if scheme.lower() == "bearer" else None


def _known(request: Request, service: App, key: Key | None) -> Actor:
    if key is None:
        count_failure(request, service.clock.now())
        raise _unknown()
    return Actor(id=key.id, name=key.name, scopes=key.scopes)


def _unknown() -> HTTPException:
    return HTTPException(
        401,
        "Send a valid key as 'Authorization: Bearer …', or sign in at /v1/session.",
        {"WWW-Authenticate": "Bearer"},
    )


def count_failure(request: Request, now: dt.datetime) -> None:
    """Count an invalid key towards the limit of its address.

    Only invalid keys are counted and refused: editors who share an address with a program that has
    an old key still come in, and a secret of 256 bits cannot be guessed at any rate.

    Raises:
        HTTPException: 429 over the limit.
    """
    limit: RateLimit = request.app.state.failures
    if wait := limit.take(address(request), now).wait_s:
        raise _later("This address sent too many invalid keys", wait)


def address(request: Request) -> str:
    """The address of the client, of IPv6 the network that a provider gives to one customer."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:  # a socket file
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    return str(ipaddress.IPv6Network((int(address), 64), strict=False))


def refuse_foreign(request: Request) -> None:
    """Refuse a change that a browser sends from another site (CSRF).

    Programs send neither ``Origin`` nor ``Sec-Fetch-Site`` and pass.

    Raises:
        HTTPException: 403.
    """
    if request.method in READING:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    ours = origin is None or origin.partition("://")[2] == request.headers.get("host")
    if not ours or site not in (None, "same-origin"):
        raise HTTPException(403, "Requests from pages of another site may not change data.")


def _host(request: Request) -> str:
    try:
        return urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:  # an unclosed bracket
        return ""


def is_loopback(host: str) -> bool:
    """Whether a host name or address is loopback."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def needs(scope: Scope) -> Callable[..., Coroutine[Any, Any, Actor]]:
    """Create a dependency that returns the actor and requires a scope.

    The dependency raises ``HTTPException`` 403 without the scope and 429 over the rate limit.
    """

    async def allowed(request: Request, service: Service) -> Actor:
        if (known := getattr(request.state, "actor", None)) is not None:
            return cast(Actor, known)  # admitted before the body was read
        who = await identified(request, service)
        within_limit(request, who, service.clock.now())
        if scope not in who.scopes:
            raise HTTPException(403, f"The key {who.name!r} lacks the scope '{scope.value}'.")
        if scope is Scope.READ:
            await run_in_threadpool(refuse_withheld, request, service, who)
        request.state.actor = who
        return who

    ADMISSIONS[allowed] = scope
    return allowed


def refuse_withheld(request: Request, service: App, who: Actor) -> None:
    """Refuse to show the incident in the path to who is no editor, if it is withheld from readers.

    What is kept for readers is kept for nobody else.

    Raises:
        HeldError: it is withheld.
    """
    if who.edits:
        return
    request.state.reader = "readers"
    if (incident := request.path_params.get("incident_id")) is not None:
        service.withholding.check(incident)


def scope_of(dependant: Dependant) -> Scope | None:
    """The scope that an endpoint needs; ``None`` if it needs none."""
    calls = [dependency.call for dependency in dependant.dependencies]
    return next((ADMISSIONS[call] for call in calls if call in ADMISSIONS), None)


def within_limit(request: Request, who: Actor, now: dt.datetime) -> None:
    """Count a request towards the key's rate limit.

    Raises:
        HTTPException: 429 over the limit.
    """
    limit: RateLimit = request.app.state.rate_limit
    name = who.name
    if name == LOCAL:  # local processes can exhaust the machine in other ways
        return
    request.state.allowance = allowance = limit.take(name, now)
    if allowance.wait_s:
        raise _later(f"The key {name!r} sent too many requests", allowance.wait_s)


def _later(what: str, wait: float) -> HTTPException:
    seconds = math.ceil(wait)
    return HTTPException(429, f"{what}: wait {seconds} s.", {"Retry-After": str(seconds)})


Reader = Annotated[Actor, Depends(needs(Scope.READ))]
Drafting = Annotated[Actor, Depends(needs(Scope.DRAFT))]
Reviewer = Annotated[Actor, Depends(needs(Scope.REVIEW))]
Admin = Annotated[Actor, Depends(needs(Scope.ADMIN))]
