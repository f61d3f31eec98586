"""A write that is sent again is not done again."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from api import idempotency, middleware
from summarizer.app import App
from summarizer.domain.api_keys import Scope
from summarizer.errors import StorageError
from summarizer.storage import tables

ITEM = {"title": "Ferry delayed", "text": "The ferry at Tolmouth was late on Monday."}
OTHER = {"title": "Tram halted", "text": "The tram at Varnway stood still on Friday."}
KEY = {"Idempotency-Key": '"8e03978e"'}


def bearer(service: App, name: str) -> dict[str, str]:
    return KEY | {"Authorization": f"Bearer {service.keys.create(name, Scope.REVIEW)[1]}"}


def test_the_same_request_gets_the_same_answer_and_is_not_done_again(client):
    first = client.post("/v1/items", json=ITEM, headers=KEY)
    again = client.post("/v1/items", json=ITEM, headers=KEY)

    assert first.json()["accepted"] == ["a1"]
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["content-type"] == first.headers["content-type"]
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (
        None,
        "true",
    )
    assert client.post("/v1/items", json=ITEM).json()["accepted"] == []  # done in earnest


def test_a_split_whose_answer_was_lost_opens_one_incident(client, service):
    body = [ITEM | {"incident": "x"}, OTHER | {"incident": "x"}]
    client.post("/v1/items", json=body)
    answers = [
        client.post("/v1/incidents/INC-000001/split", json={"items": ["a1"]}, headers=KEY)
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert len(service.store.incidents()) == 2


def test_a_refusal_is_answered_again_too(client):
    asked = ("/v1/incidents/INC-000009/drafts", KEY)
    first = client.post(asked[0], headers=asked[1])
    client.post("/v1/items", json=ITEM)
    again = client.post(asked[0], headers=asked[1])

    assert (first.status_code, again.status_code) == (404, 404)
    assert first.json() == again.json()


@pytest.mark.parametrize(
    ("path", "body"), [("/v1/items", OTHER), ("/v1/items?x=1", ITEM), ("/v1/drafts", ITEM)]
)
def test_a_key_with_another_request_is_refused(client, path, body):
    client.post("/v1/items", json=ITEM, headers=KEY)
    answer = client.post(path, json=body, headers=KEY)

    assert answer.status_code == 422
    assert answer.json()["type"].endswith("idempotency-key-reused")


@pytest.mark.parametrize("key", ["", '"', "a b", "x" * 256, '"é"'.encode(), '"a", "b"'])
def test_a_key_that_is_none_is_refused(client, key):
    answer = client.post("/v1/items", json=ITEM, headers={"Idempotency-Key": key})

    assert answer.status_code == 400
    assert "UUID" in answer.json()["detail"]


def test_a_request_under_way_is_not_begun_a_second_time(client, service, monkeypatch):
    entered, leave = threading.Event(), threading.Event()
    ingest = service.pipeline.ingest

    def slow(stream):
        entered.set()
        assert leave.wait(30)
        return ingest(stream)

    monkeypatch.setattr(service.pipeline, "ingest", slow)
    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(client.post, "/v1/items", json=ITEM, headers=KEY)
        assert entered.wait(30)
        second = client.post("/v1/items", json=ITEM, headers=KEY)
        leave.set()

    assert second.status_code == 409
    assert second.json()["type"].endswith("idempotency-key-in-use")
    assert first.result().json()["accepted"] == ["a1"]


def test_each_api_key_has_keys_of_its_own_and_a_later_holder_of_its_name_gets_nothing(
    client, service
):
    kim, ada = bearer(service, "Kim"), bearer(service, "Ada")
    assert client.post("/v1/items", json=ITEM, headers=kim).json()["accepted"] == ["a1"]
    assert client.post("/v1/items", json=OTHER, headers=ada).json()["accepted"] == ["a2"]

    service.keys.revoke(kim["Authorization"].split("_")[1])
    assert client.post("/v1/items", json=ITEM, headers=kim).status_code == 401
    later = client.post("/v1/items", json=ITEM, headers=bearer(service, "Kim"))
    assert later.json() == {"accepted": [], "duplicates": 1, "rejected": []}


def test_an_answer_is_kept_for_a_day(client, clock):
    client.post("/v1/items", json=ITEM, headers=KEY)
    clock.at += dt.timedelta(hours=24)
    assert client.post("/v1/items", json=ITEM, headers=KEY).json()["duplicates"] == 1


def test_what_failed_may_be_tried_again(client, service, monkeypatch):
    def broken(_: object) -> None:
        raise StorageError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(service.pipeline, "ingest", broken)
        assert client.post("/v1/items", json=ITEM, headers=KEY).status_code == 500
    assert client.post("/v1/items", json=ITEM, headers=KEY).json()["accepted"] == ["a1"]


def test_no_secret_and_no_cookie_is_written_down(client, service):
    secret = service.keys.create("Kim", Scope.READ)[1]
    headers = KEY | {"Authorization": f"Bearer {secret}"}
    first = client.post("/v1/session", json={"key": secret}, headers=headers)
    again = client.post("/v1/session", json={"key": secret}, headers=headers)

    assert first.status_code == 201 and "set-cookie" in first.headers
    assert again.status_code == 409 and "set-cookie" not in again.headers
    assert again.json()["type"].endswith("answer-not-kept")
    with service.store._database.reading() as connection:
        (row,) = connection.execute(tables.replies.select())
    assert row.body is None and secret not in repr(tuple(row))


def test_an_answer_that_is_too_large_to_keep_is_not_done_again_either(client, monkeypatch):
    monkeypatch.setattr(idempotency, "LARGEST", 10)
    assert client.post("/v1/items", json=ITEM, headers=KEY).json()["accepted"] == ["a1"]
    again = client.post("/v1/items", json=ITEM, headers=KEY)
    assert (again.status_code, again.json()["type"].rpartition(":")[2]) == (409, "answer-not-kept")


def test_a_body_that_is_too_large_is_refused_with_a_key_too(client, monkeypatch):
    monkeypatch.setattr(middleware, "LARGEST_BODY", 100)
    answer = client.post("/v1/items", content=iter([b"x" * 60, b"x" * 60]), headers=KEY)
    assert answer.status_code == 413


def test_the_document_has_the_header_on_every_write(client):
    paths = client.get("/openapi.json").json()["paths"]
    for path, operations in paths.items():
        for method, operation in operations.items():
            names = [p["name"] for p in operation.get("parameters", ())]
            writes = method != "get" and path.startswith("/v1/")
            assert ("Idempotency-Key" in names) is writes, (method, path)
            assert "409" in operation["responses"] or not writes
