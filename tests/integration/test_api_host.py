"""A forged ``Host`` stands in no answer: whoever follows a link stays with this service."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from api import create_app
from api.app import ROUTERS
from summarizer.app import App
from summarizer.domain.api_keys import Scope
from tests.support.app import bearer

EVIL = "evil.example"
FORGED = {"Host": EVIL, "X-Forwarded-Host": EVIL, "Forwarded": f"host={EVIL}"}


def paths() -> Iterator[str]:
    """Every path of the service with its parameters filled in, and the OpenAPI document's.

    All but the stream of the log, which has no end.
    """
    yield "/openapi.json"
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute) and route.path != "/v1/entries/stream":
                yield re.sub(r"\{[^}]*\}", "INC-000001", route.path)


@pytest.mark.parametrize("every", [9, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("signed_in", [False, True])
def test_no_answer_repeats_a_forged_host(service: App, signed_in: bool, every: int) -> None:
    """Of every ninth path, and in the slow test of all of them."""
    headers = FORGED | (bearer(service, Scope.ADMIN) if signed_in else {})
    client = TestClient(create_app(service), raise_server_exceptions=False, follow_redirects=False)
    redirected = 0
    asked = sorted(set(paths()))
    assert len(asked) > 40
    for path in asked[::every]:
        for form in (path, path.rstrip("/") + "/", f"//{EVIL}{path}"):
            for method in ("GET", "POST", "DELETE"):
                answer = client.request(method, form, headers=headers)
                assert EVIL not in str(answer.headers) + answer.text, (method, form)
                if location := answer.headers.get("location"):
                    redirected += 1
                    assert re.match(r"/(?![/\\])", location), (method, form, location)
    assert redirected > 40 / every
