"""Webhooks against a real receiver on loopback."""

import datetime as dt
import json
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr

from summarizer.adapters.web.address_guard import AddressGuard
from summarizer.adapters.web.webhook_sender import KEPT, HttpSender
from summarizer.app import App
from summarizer.domain.events import Cursor, Event, EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.webhooks import JITTER, WAITS_S, Delivery, DeliveryStatus
from summarizer.errors import AddressRefusedError, GoneError, InputError
from summarizer.webhooks import headers, message, signature
from tests.support.app import an_app
from tests.support.builders import NOON
from tests.support.cli import done, started
from tests.support.clock import ManualClock
from tests.support.receiver import Received, Receiver, deliver_due, receiving
from tests.support.samples import ROOT

LONG = 120
"""Seconds after which a test gives up; it never waits for them to pass."""

HTTP_DOCS = ROOT / "docs" / "http.md"
ALL = (EventKind.DRAFTED, EventKind.NEEDS_ATTENTION, EventKind.APPROVED, EventKind.WITHDRAWN)


@contextmanager
def opened(data: Path, clock: ManualClock, *allowed: str, **database: str) -> Iterator[App]:
    with an_app(data, clock, allowed_hosts=",".join(allowed), **database) as service:
        if not service.store.incidents():
            service.store.create_incident(NOON)
        yield service


@pytest.fixture
def service(
    tmp_path: Path, clock: ManualClock, receiver: Receiver, database: dict[str, str]
) -> Iterator[App]:
    with opened(tmp_path, clock, receiver.host, **database) as service:
        yield service


def told(service: App, receiver: Receiver) -> Delivery:
    """What became of the only delivery that is due."""
    service.webhooks.subscribe(receiver.url, ALL, "Kim")
    tell(service)
    (done,) = deliver_due(service.webhooks)
    return done


def tell(service: App, kind: EventKind = EventKind.DRAFTED, **fields: Any) -> Event:
    """Write an entry, as the pipeline or the desk does."""
    return service.store.history.record(kind, IncidentId("INC-000001"), "Kim", 3, fields)


def answers(status: int, body: bytes = b"", **headers: str) -> Any:
    return lambda request: (status, body, headers)


def verifier() -> dict[str, Any]:
    """The example of the documentation, run as it stands there."""
    code = re.search(r"```python\n(.*?def verified.*?)```", HTTP_DOCS.read_text("utf-8"), re.S)
    assert code is not None
    found: dict[str, Any] = {}
    exec(code[1], found)
    return found


# --- What is sent ----------------------------------------------------------------------------


def test_a_receiver_is_told_what_happened_without_source_text(service, receiver):
    tell(service)  # before the subscription: nobody is told
    made = service.webhooks.subscribe(receiver.url, ALL, "Kim")
    entry = tell(service, EventKind.APPROVED, note="words of an editor")
    tell(service, EventKind.EDITED)
    (done,) = deliver_due(service.webhooks)

    assert (done.status, done.answer_status, done.answer) == ("delivered", 200, "thanks")
    (request,) = receiver.requests
    links = {
        "incident": "/v1/incidents/INC-000001?revision=3",
        "history": "/v1/incidents/INC-000001/history",
        "desk": "/incidents/INC-000001?revision=3",
        "entries": f"/v1/entries?after={entry.epoch}.{entry.number - 1}&limit=1",
    }
    assert json.loads(request.body) == {
        "specversion": "1.0", "id": entry.id,
        "source": f"urn:uuid:{UUID(service.store.installation())}",
        "type": "summarizer.approved", "time": "2026-05-01T12:00:00+00:00",
        "subject": "INC-000001", "datacontenttype": "application/json",
        "data": {
            "entry": entry.number, "kind": "approved", "incident": "INC-000001", "revision": 3,
            "detail": {}, "links": links,
        },
    }  # fmt: skip
    assert request.headers["content-type"] == "application/cloudevents+json"
    assert request.headers["webhook-id"] == done.message_id == f"msg_{made.id}_{entry.id}"


def test_an_event_of_no_incident_is_told_too(service, receiver):
    service.webhooks.subscribe(receiver.url, [EventKind.PAUSED], "Kim")
    service.store.history.record(EventKind.PAUSED, None, "Kim")
    (done,) = deliver_due(service.webhooks)
    assert done.status is DeliveryStatus.DELIVERED
    told = json.loads(receiver.requests[0].body)
    assert told["type"] == "summarizer.paused"
    assert "subject" not in told
    assert list(told["data"]["links"]) == ["entries"]


def test_links_are_absolute_where_the_addresses_are_known(service):
    entry = tell(service)
    told = message(
        Delivery(subscription="x", entry=entry), "0" * 32, "https://pages.example/x/",
        "https://desk.example/in/",
    )  # fmt: skip
    before = f"{entry.epoch}.{entry.number - 1}"
    assert json.loads(told)["data"]["links"] == {
        "incident": "https://desk.example/in/v1/incidents/INC-000001?revision=3",
        "history": "https://desk.example/in/v1/incidents/INC-000001/history",
        "desk": "https://desk.example/in/incidents/INC-000001?revision=3",
        "entries": f"https://desk.example/in/v1/entries?after={before}&limit=1",
        "page": "https://pages.example/x/INC-000001",
    }


def test_a_subscription_begins_where_it_is_told_to(service, receiver):
    first, second, third = (tell(service) for _ in range(3))
    service.webhooks.subscribe(receiver.url, [EventKind.DRAFTED], "Kim", Cursor.read(first.id))
    done = deliver_due(service.webhooks)
    assert [one.entry for one in done] == [second, third]
    assert deliver_due(service.webhooks) == []


def test_the_example_of_the_documentation_verifies_what_is_sent(service, receiver, clock):
    made = service.webhooks.subscribe(receiver.url, ALL, "Kim")
    tell(service)
    deliver_due(service.webhooks)
    (request,) = receiver.requests
    secret, seconds = made.secret.get_secret_value(), clock.at.timestamp()
    verified = verifier()["verified"]

    assert verified(secret, request.headers, request.body, seconds)["type"] == "summarizer.drafted"
    for faulty in (
        (secret, request.headers, request.body + b" ", seconds),
        ("whsec_" + "A" * 44, request.headers, request.body, seconds),
        (secret, request.headers | {"webhook-id": "msg_other"}, request.body, seconds),
        (secret, request.headers, request.body, seconds + 301),
    ):
        with pytest.raises(ValueError, match=r"signature|old"):
            verified(*faulty)


def test_the_signature_is_that_of_the_specification():
    """Computed once with the specification's own library, standardwebhooks 1.1.0."""
    secret = SecretStr("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = signature(secret, "msg_x_7", 1772625600, b'{"test": 1}')
    assert made == "v1,BAMKspbnkQd0KuJl5SjO05oQqNC1RnglHY4+NQuihw8="


def test_a_try_is_signed_for_its_time_and_its_message(service):
    secret, entry = SecretStr("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), tell(service)
    sent = headers(secret, Delivery(subscription="x", entry=entry), b"{}", NOON)
    id_, seconds = sent["webhook-id"], int(sent["webhook-timestamp"])
    assert (id_, seconds) == (f"msg_x_{entry.id}", NOON.timestamp())
    assert sent["webhook-signature"] == signature(secret, id_, seconds, b"{}")


# --- What goes wrong -------------------------------------------------------------------------


def test_a_receiver_that_was_down_gets_everything_once_it_is_up(tmp_path, clock):
    with receiving() as gone:
        port = gone.port
    with opened(tmp_path, clock, gone.host) as service:
        service.webhooks.subscribe(gone.url, ALL, "Kim")
        told = [tell(service).number for _ in range(3)]
        down = deliver_due(service.webhooks)
        assert {(one.status, one.answer_status, one.attempts) for one in down} == {
            ("waiting", None, 1)
        }
        assert deliver_due(service.webhooks) == []  # not due yet
        clock.at += dt.timedelta(seconds=WAITS_S[0] * (1 + JITTER))
        with receiving(port) as receiver:
            up = deliver_due(service.webhooks)
            assert sorted(one.entry.number for one in up) == told
            assert {one.status for one in up} == {DeliveryStatus.DELIVERED}
            ids = [request.headers["webhook-id"] for request in receiver.requests]
            assert sorted(ids) == sorted(one.message_id for one in down)


def test_a_receiver_that_always_fails_is_tried_for_about_a_day_and_given_up(
    service, receiver, clock
):
    receiver.answer = answers(500, b"down <b>for</b> repair")
    service.webhooks.subscribe(receiver.url, ALL, "Kim")
    tell(service)
    began, tries = clock.at, deliver_due(service.webhooks)
    while tries[-1].next_at is not None:
        clock.at = tries[-1].next_at
        tries += deliver_due(service.webhooks)

    assert len(tries) == len(WAITS_S) + 1 == len(receiver.requests)
    assert dt.timedelta(hours=18) < clock.at - began < dt.timedelta(hours=30)
    assert (tries[-1].status, tries[-1].answer_status) == ("failed", 500)
    assert tries[-1].answer == "down <b>for</b> repair"
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1
    assert len({request.headers["webhook-timestamp"] for request in receiver.requests}) == 10
    clock.at += dt.timedelta(days=30)
    assert deliver_due(service.webhooks) == []


def test_a_receiver_that_wants_no_more_is_left_in_peace(service, receiver):
    receiver.answer = answers(410)
    made = service.webhooks.subscribe(receiver.url, ALL, "Kim")
    first, second = tell(service), tell(service)
    done = deliver_due(service.webhooks)
    assert [(one.entry, one.status) for one in done] == [(first, "failed")]
    assert "410" in service.webhooks.subscription(made.id).paused_because
    tell(service)
    assert deliver_due(service.webhooks) == []

    receiver.answer = answers(200)
    service.webhooks.resume(made.id)
    after = deliver_due(service.webhooks)
    assert [one.entry.number for one in after] == [second.number, second.number + 1]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        *[("3600", 3_600), ("Fri, 01 May 2026 13:00:00 GMT", 3_600), ("99999999999", max(WAITS_S))],
        *[("0", None), ("-7", None), ("soon", None), ("nan", None)],
    ],
)
def test_a_receiver_says_when_to_try_again_but_neither_at_once_nor_never(
    service, receiver, clock, said, seconds
):
    receiver.answer = answers(503, **{"retry-after": said})
    done = told(service, receiver)
    asked = None if seconds is None else clock.at + dt.timedelta(seconds=seconds)
    assert done.next_at == (asked or clock.at + done.wait())


def test_a_webhook_that_ends_while_it_is_told_holds_up_no_other(service, receiver, monkeypatch):
    ended = [service.webhooks.subscribe(receiver.url, ALL, "Kim").id for _ in range(2)]
    lasting = service.webhooks.subscribe(receiver.url, ALL, "Kim")
    tell(service)
    next_due = service.store.webhooks.next_due

    def find_and_end(id_: str, at: dt.datetime) -> Delivery | None:
        found = next_due(id_, at)
        if found and id_ == ended[0]:
            service.webhooks.remove(id_)
        return found

    def end_and_answer(request: Received) -> tuple[int, bytes, dict[str, str]]:
        if ended[1] in request.headers["webhook-id"]:
            service.webhooks.remove(ended[1])
            return 410, b"", {}
        return 200, b"", {}

    monkeypatch.setattr(service.store.webhooks, "next_due", find_and_end)
    receiver.answer = end_and_answer
    done = {one.subscription: one.status for one in deliver_due(service.webhooks)}

    assert done == {ended[1]: "failed", lasting.id: "delivered"}
    assert [one.id for one in service.webhooks.subscriptions()] == [lasting.id]


def test_a_redirect_is_not_followed(service, receiver):
    receiver.answer = answers(302, location=f"{receiver.url}/elsewhere")
    done = told(service, receiver)
    assert (done.status, done.answer_status) == ("waiting", 302)
    assert [request.path for request in receiver.requests] == ["/hook"]


def test_a_receiver_that_does_not_answer_in_time_is_left(receiver):
    hold = threading.Event()
    receiver.answer = lambda request: (hold.wait(LONG) and 200, b"", {})
    sender = HttpSender(AddressGuard([receiver.host]), ManualClock(), total_s=0.3)
    answer = sender.post(receiver.url, {}, b"{}")
    hold.set()
    assert answer.status is None
    assert answer.text.startswith("No answer")


def test_of_a_long_answer_the_start_is_kept_without_control_characters(service, receiver):
    receiver.answer = answers(200, "é\x1b[31m".encode() + b"x" * 3_000_000)
    done = told(service, receiver)
    assert done.status is DeliveryStatus.DELIVERED
    assert len(done.answer) == KEPT
    assert "\x1b" not in done.answer


@pytest.mark.parametrize(
    "url",
    ["http://10.0.0.7/x", "http://[::1]/x", "https://kim:secret@hooks.example/", "hooks.example"],
)
def test_a_url_that_leads_nowhere_public_is_refused(client, service, url):
    with pytest.raises(AddressRefusedError):
        service.webhooks.subscribe(url, ALL, "Kim")
    answer = client.post("/v1/webhooks", json={"url": url, "kinds": ["drafted"]})
    assert (answer.status_code, answer.json()["field"]) == (422, "body.url")


def test_nothing_is_sent_to_an_address_that_is_no_longer_allowed(tmp_path, clock, receiver):
    with opened(tmp_path, clock, receiver.host) as service:
        service.webhooks.subscribe(receiver.url, ALL, "Kim")
        tell(service)
    with opened(tmp_path, clock) as service:
        (done,) = deliver_due(service.webhooks)
    assert (done.status, done.answer_status) == ("waiting", None)
    assert "not a public address" in done.answer
    assert receiver.requests == []


def test_a_webhook_of_no_kinds_is_refused(service):
    with pytest.raises(InputError, match="opened, items_added, reopened, drafted"):
        service.webhooks.subscribe("https://hooks.example/", [], "Kim")


def test_a_webhook_from_a_place_that_the_log_lacks_is_refused(service):
    with pytest.raises(GoneError, match="beyond the end of this log"):
        service.webhooks.subscribe("https://hooks.example/", ALL, "Kim", Cursor(None, 99))


# --- Crashes and several workers -------------------------------------------------------------


def test_what_was_told_before_a_crash_is_delivered_after_it(tmp_path, clock, receiver):
    with opened(tmp_path, clock, receiver.host) as service:
        service.webhooks.subscribe(receiver.url, ALL, "Kim")
        tell(service)
        service.webhooks.derive()
        tell(service)  # not even derived
    with opened(tmp_path, clock, receiver.host) as service:
        assert len(deliver_due(service.webhooks)) == 2
        assert deliver_due(service.webhooks) == []
    assert len(receiver.requests) == 2


@pytest.mark.slow
def test_a_process_that_is_killed_while_it_delivers_is_followed_by_one_that_does(
    tmp_path, receiver
):
    clock, came, hold = ManualClock(dt.datetime.now(dt.UTC)), threading.Event(), threading.Event()

    def silent(request: Received) -> tuple[int, bytes, dict[str, str]]:
        came.set()
        hold.wait(LONG)
        return 500, b"", {}

    receiver.answer = silent
    with opened(tmp_path, clock, receiver.host) as service:
        service.webhooks.subscribe(receiver.url, ALL, "Kim")
        entry = tell(service)
    env = {"SUMMARIZER_DATA_DIR": str(tmp_path), "SUMMARIZER_ALLOWED_HOSTS": receiver.host}
    with started("webhooks", "deliver", env=env) as process:
        assert came.wait(LONG)
        process.kill()
    hold.set()
    receiver.answer = answers(200)
    with opened(tmp_path, clock, receiver.host) as service:
        clock.at = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=service.settings.lease_s)
        (done,) = service.delivery.once()
    assert (done.entry, done.status) == (entry, "delivered")
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1
    assert len(receiver.requests) == 2


def test_two_processes_send_each_delivery_once_and_one_at_a_time_to_a_receiver(
    tmp_path, clock, receiver, database
):
    with (
        opened(tmp_path, clock, receiver.host, **database) as one,
        opened(tmp_path, clock, receiver.host, **database) as other,
    ):
        one.webhooks.subscribe(receiver.url, ALL, "Kim")
        for _ in range(12):
            tell(one)
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(lambda service: service.delivery.once(), (one, other)))
    ids = [request.headers["webhook-id"] for request in receiver.requests]
    assert len(ids) == len(set(ids)) == 12
    assert receiver.most_at_once == 1


def test_a_slow_receiver_does_not_hold_up_another(service, receiver):
    came, hold = threading.Event(), threading.Event()

    def slow_at_first(request: Received) -> tuple[int, bytes, dict[str, str]]:
        if request.path == "/slow":
            hold.wait(LONG)
        else:
            came.set()
        return 200, b"", {}

    receiver.answer = slow_at_first
    base = f"http://{receiver.host}"
    for path in ("/slow", "/quick"):
        service.webhooks.subscribe(base + path, ALL, "Kim")
    tell(service)
    service.delivery.look()
    service.queue.start()
    assert came.wait(LONG)
    hold.set()


# --- Over HTTP and on the command line -------------------------------------------------------


def test_a_webhook_is_made_listed_paused_and_ended_over_http(client, service, receiver):
    asked = {"url": receiver.url, "kinds": ["approved", "drafted"]}
    made = client.post("/v1/webhooks", json=asked)
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    secret, one = made.json()["secret"], f"/v1/webhooks/{made.json()['id']}"
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", secret)
    assert made.json()["kinds"] == ["drafted", "approved"]

    for text in (client.get("/v1/webhooks").text, client.get(one).text):
        assert receiver.url in text
        assert secret not in text
    assert client.patch(one, json={"paused": True}).json()["paused_because"] == "Paused by local."
    tell(service)
    assert deliver_due(service.webhooks) == []
    assert client.patch(one, json={"paused": False}).json()["paused_at"] is None
    assert len(deliver_due(service.webhooks)) == 1
    assert client.delete(one).status_code == 204
    assert client.get(one).status_code == 404


def test_the_log_of_deliveries_is_read_over_http(client, service, receiver, clock):
    receiver.answer = answers(503, b"later")
    made = service.webhooks.subscribe(receiver.url, ALL, "Kim")
    first, second = tell(service), tell(service)
    deliver_due(service.webhooks)
    log = f"/v1/webhooks/{made.id}/deliveries"
    page = client.get(f"{log}?limit=1").json()
    assert [one["entry"] for one in page["deliveries"]] == [second.number] == [page["next"]]
    (older,) = client.get(f"{log}?limit=2&before={page['next']}").json()["deliveries"]
    assert (older["entry"], older["status"], older["attempts"]) == (first.number, "waiting", 1)
    assert (older["answer_status"], older["answer"]) == (503, "later")
    assert client.get(f"{log}?status=delivered").json() == {"deliveries": [], "next": None}

    receiver.answer = answers(200)
    clock.at = dt.datetime.fromisoformat(older["next_at"])
    deliver_due(service.webhooks)
    done = client.get(f"{log}?status=delivered").json()["deliveries"][-1]
    assert (done["entry"], done["attempts"]) == (first.number, 2)
    assert (done["answer_status"], done["next_at"]) == (200, None)


def test_webhooks_are_kept_on_the_command_line(tmp_path, receiver):
    env = {"SUMMARIZER_DATA_DIR": str(tmp_path), "SUMMARIZER_ALLOWED_HOSTS": receiver.host}

    def run(*words: object) -> str:
        return done("webhooks", *words, **env)

    assert "whsec_" in run("create", receiver.url, "--kind", "drafted", "--kind", "approved")
    with opened(tmp_path, ManualClock(), receiver.host) as service:
        tell(service)
        (one,) = service.webhooks.subscriptions()
    assert json.loads(run("deliver"))["status"] == "delivered"
    run("pause", one.id, "--by", "Kim")
    run("resume", one.id)
    assert json.loads(run("deliveries", one.id))["status"] == "delivered"
    run("delete", one.id)
    assert run("list") == ""
    assert len(receiver.requests) == 1
