"""Rendering of desk pages: sign-in, template environment and security headers.

The content security policy allows the desk's own files and nothing inline, so that source text
can neither run nor load anything even if escaping failed.
"""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import Annotated, Any, cast
from urllib.parse import quote

import jinja2
from fastapi import Depends, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from api.auth import ADMISSIONS, Actor, actor, identified, refuse_withheld
from api.dependencies import Service, app_of
from api.desk import actions, listing, words
from summarizer.app import App
from summarizer.domain.api_keys import Scope
from summarizer.domain.claims import VerdictLabel
from summarizer.domain.incidents import State
from summarizer.domain.reviews import ChangeReason
from summarizer.rendering import jinja, phrases
from summarizer.rendering.sanitize import pieces, safe_url

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


async def signed_in(request: Request, service: Service) -> Actor:
    """The signed-in editor.

    Raises:
        HTTPException: 303 to the sign-in page without a session, 403 without the scope ``read``.
    """
    if (known := getattr(request.state, "editor", None)) is not None:
        return cast(Actor, known)  # admitted before
    try:
        who = await identified(request, service)
    except HTTPException as error:
        if error.status_code != HTTPStatus.UNAUTHORIZED:
            raise
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        location = "/sign-in" if asked == "/" else f"/sign-in?next={quote(asked, safe='/')}"
        raise HTTPException(HTTPStatus.SEE_OTHER, "Sign in.", {"Location": location}) from error
    if Scope.READ not in who.scopes:
        raise HTTPException(HTTPStatus.FORBIDDEN, f"The key {who.name!r} may not read.")
    await run_in_threadpool(refuse_withheld, request, service, who)
    request.state.editor = who
    request.state.reader = who.name, who.scopes  # what is kept for one is for nobody else
    return who


ADMISSIONS[signed_in] = None

Editor = Annotated[Actor, Depends(signed_in)]


def rendered(
    template: str,
    of: App,
    editor: Actor | None,
    status: HTTPStatus = HTTPStatus.OK,
    **context: Any,
) -> HTMLResponse:
    """Render a page; ``editor`` is ``None`` if nobody is signed in."""
    html = (
        _environment()
        .get_template(template)
        .render(
            editor=editor and editor.name,
            may=sorted(editor.scopes) if editor else [],
            site=of.settings.site_name,
            root=of.settings.root_path,
            **context,
        )
    )
    return HTMLResponse(html, status, headers=HEADERS)


def bare(
    template: str, of: App, status: HTTPStatus = HTTPStatus.OK, **context: Any
) -> HTMLResponse:
    """Render a page for people outside, without anything of the desk."""
    html = _environment().get_template(template).render(site=of.settings.site_name, **context)
    return HTMLResponse(html, status, headers=HEADERS)


def refused(request: Request, status: HTTPStatus, detail: str) -> HTMLResponse:
    """Render the error page for a browser."""
    found = app_of(request)
    try:
        editor = actor(request, found)
    except HTTPException:
        editor = None
    title = status.phrase
    return rendered("refused.html.j2", found, editor, status, here="", title=title, detail=detail)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja.environment("api.desk")
    environment.filters |= {"polyline": listing.polyline, "safe_url": safe_url}
    environment.globals |= {
        "wording": phrases,
        "pieces": pieces,
        "states": list(State),
        "state_names": phrases.NEWSROOM_STATES,
        "change_reasons": list(ChangeReason),
        "review_names": listing.REVIEW_NAMES,
        "group_names": listing.GROUP_NAMES,
        "group_notes": listing.GROUP_NOTES,
        "hold_names": words.HOLDS,
        "hold_effects": words.HOLD_EFFECTS,
        "most_counted": listing.MOST_COUNTED,
        "state_words": listing.state_words,
        "ago": listing.ago,
        "newest_of": actions.newest,
        "later_reply": actions.later_reply,
        "effect_names": {e.value: name for e, name in phrases.EFFECT_NAMES.items()},
        "label_words": {VerdictLabel(k.value).value: v for k, v in phrases.LABEL_NAMES.items()},
    }
    return environment
