"""Who may use the service: keys, sessions, browsers of other sites."""

import pytest

from summarizer.auth import SESSION
from summarizer.domain.api_keys import Scope
from summarizer.errors import InputError, NotFoundError
from tests.support.app import HERE, ITEM, bearer

FOREIGN = {"Origin": "https://elsewhere.example"}
CROSS_SITE = {"Sec-Fetch-Site": "cross-site"}


def test_without_a_key_the_service_is_open_to_this_machine(client):
    scopes = ["admin", "draft", "read", "review", "senior"]
    said = {"name": "local", "role": "admin", "scopes": scopes}
    assert client.get("/v1/session").json() == said


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost:8000", 200),
        ("[::1]:8000", 200),
        ("elsewhere.example", 403),
        ("127.0.0.1.elsewhere.example", 403),
        ("10.0.0.7", 403),
        ("", 403),
    ],
)
def test_an_open_service_answers_only_to_a_name_of_this_machine(client, host, status):
    assert client.get("/v1/incidents", headers={"Host": host}).status_code == status


def test_once_there_is_a_key_nobody_comes_in_without_one(client, service):
    key = bearer(service)

    assert client.get("/v1/incidents").status_code == 401
    assert client.get("/v1/incidents").headers["www-authenticate"] == "Bearer"
    assert client.get("/v1/incidents", headers=key).status_code == 200


def test_a_key_is_good_under_any_name_of_the_service(client, service):
    headers = {**bearer(service), "Host": "desk.example"}
    assert client.get("/v1/incidents", headers=headers).status_code == 200


def test_a_key_that_is_revoked_is_no_good_and_the_service_stays_closed(client, service):
    key, secret = service.keys.create("Kim", Scope.ADMIN)
    service.keys.revoke(key.id)

    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/v1/incidents", headers=headers).status_code == 401
    assert client.get("/v1/incidents").status_code == 401
    assert not service.keys.has_key


@pytest.mark.parametrize("database", [{}], ids=["sqlite"])
def test_only_the_hash_of_a_secret_is_kept(service, tmp_path):
    _, secret = service.keys.create("Kim", Scope.READ)
    service.store.close()
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("summarizer.db*"))

    assert b"Kim" in stored
    assert secret.encode() not in stored
    random_part = secret.split("_", 2)[2]  # which may have an underscore itself
    assert random_part.encode() not in stored


@pytest.mark.parametrize(
    ("scope", "method", "path", "status"),
    [
        (Scope.READ, "GET", "/v1/incidents", 200),
        (Scope.READ, "POST", "/v1/items", 403),
        (Scope.READ, "POST", "/v1/incidents/INC-000001/review", 403),
        (Scope.DRAFT, "GET", "/v1/incidents", 200),
        (Scope.DRAFT, "POST", "/v1/incidents/INC-000001/merge", 403),
        (Scope.REVIEW, "POST", "/v1/incidents/INC-000001/merge", 404),
        (Scope.ADMIN, "POST", "/v1/incidents/INC-000001/merge", 404),
    ],
)
def test_a_key_may_do_what_its_scope_says(client, service, scope, method, path, status):
    body = {"into": "INC-000002", "decision": "approve", "revision": 1}
    sent = {"into": "INC-000002"} if path.endswith("merge") else body
    answer = client.request(method, path, json=sent, headers=bearer(service, scope))

    assert answer.status_code == status


@pytest.mark.parametrize(
    "presented",
    ["", " ", " x", " isk_000000000000_" + "x" * 43, " " + "x" * 5_000],
)
def test_what_is_no_key_is_refused(client, service, presented):
    key = bearer(service)["Authorization"]
    other = key[:-1] + ("a" if key[-1] != "a" else "b")  # with the right id
    for tried in (f"Bearer{presented}", "Basic a2ltOng=", other):
        answer = client.get("/v1/incidents", headers={"Authorization": tried})
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_browser_signs_in_and_out(client, service):
    _, secret = service.keys.create("Kim", Scope.REVIEW)
    signed_in = client.post("/v1/session", json={"key": secret})

    assert (signed_in.status_code, signed_in.json()["name"]) == (201, "Kim")
    cookie = signed_in.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert secret not in cookie
    assert client.get("/v1/session").json()["name"] == "Kim"
    taken = dict(client.cookies)

    assert client.delete("/v1/session").status_code == 204
    client.cookies.update(taken)
    assert client.get("/v1/session").status_code == 401


def test_a_session_ends_by_itself_and_with_its_key(client, service, clock):
    key, secret = service.keys.create("Kim", Scope.READ)
    client.post("/v1/session", json={"key": secret})
    token = next(iter(dict(client.cookies).values()))
    clock.at += SESSION
    assert service.keys.signed_in(token) is None

    client.post("/v1/session", json={"key": secret})
    token = next(iter(dict(client.cookies).values()))
    assert service.keys.signed_in(token) is not None
    service.keys.revoke(key.id)
    assert service.keys.signed_in(token) is None


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 422),
        ({"Origin": HERE, "Sec-Fetch-Site": "same-origin"}, 422),
        (FOREIGN, 403),
        (CROSS_SITE, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
@pytest.mark.parametrize("way", ["open", "cookie"])
def test_a_page_of_another_site_changes_nothing(client, service, way, headers, status):
    if way == "cookie":
        _, secret = service.keys.create("Kim", Scope.ADMIN)
        client.post("/v1/session", json={"key": secret})
    answer = client.post("/v1/verify", json={}, headers=headers)

    assert answer.status_code == status


def test_a_program_with_a_key_is_asked_nothing_more(client, service):
    answer = client.post("/v1/verify", json={}, headers={**bearer(service), **FOREIGN})

    assert answer.status_code == 422


@pytest.mark.parametrize("headers", [FOREIGN, CROSS_SITE])
def test_a_page_of_another_site_signs_nobody_in(client, service, headers):
    _, secret = service.keys.create("Kim", Scope.READ)
    answer = client.post("/v1/session", json={"key": secret}, headers=headers)

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_the_history_is_signed_with_the_name_of_the_key(client, service):
    key = bearer(service, Scope.DRAFT, "crawler")
    assert client.post("/v1/items", json=ITEM, headers=key).status_code == 200
    assert client.get("/v1/session", headers=key).json()["name"] == "crawler"


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\nb", "local", " summarizer "])
def test_a_key_needs_a_name_of_its_own(service, name):
    with pytest.raises(InputError, match="name"):
        service.keys.create(name, Scope.READ)


def test_two_good_keys_have_two_names(service):
    key, _ = service.keys.create("Kim", Scope.READ)
    with pytest.raises(InputError, match="Kim"):
        service.keys.create("Kim", Scope.READ)
    service.keys.revoke(key.id)
    assert service.keys.create("Kim", Scope.READ)[0].id != key.id


def test_a_key_that_is_not_there_is_not_revoked(service):
    with pytest.raises(NotFoundError, match="keys list"):
        service.keys.revoke("nobody")
