"""The transport against real servers: nothing is sent but to an address that was checked."""

import itertools
import socket
import threading
from contextlib import closing

import httpx2
import pytest

from summarizer.adapters.web.address_guard import AddressGuard
from summarizer.adapters.web.fetcher import FetchLimits, WebFetcher
from summarizer.adapters.web.http_client import GuardedTransport
from summarizer.adapters.web.webhook_sender import HttpSender
from summarizer.domain.fetching import Purpose, Wanted
from summarizer.errors import AddressRefusedError, UnreachableError
from tests.support.clock import ManualClock
from tests.support.raw import OK, a_raw_server, drip
from tests.support.site import Answer, a_site


def a_client(guard: AddressGuard, total_s: float = 30, **clock) -> httpx2.Client:
    transport = GuardedTransport(guard, total_s, **clock)
    return httpx2.Client(transport=transport, follow_redirects=True)


def test_the_connection_goes_to_the_address_that_was_checked_and_the_name_is_kept():
    asked = []

    def rebinding(host, port):
        """Public-looking once, then the machine that the attacker is after."""
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.5"]

    with a_site(a=Answer("here")) as site:
        guard = AddressGuard([site.host], rebinding)
        url = f"http://news.example:{site.port}/a"
        with a_client(guard) as client:
            assert client.get(url).text == "here"
        assert asked == ["news.example"]
        assert site.headers[0]["host"] == f"news.example:{site.port}"
        with a_client(guard) as client, pytest.raises(AddressRefusedError, match=r"10\.0\.0\.5"):
            client.get(url)
    assert site.asked == ["/a"]


@pytest.mark.parametrize(
    "target", ["http://10.0.0.5/", "http://[::1]/", "http://127.0.0.1:1/", "http://169.254.169.254"]
)
def test_a_redirect_leads_nowhere_that_is_closed(target):
    with a_site(a=Answer(status=302, headers={"Location": target})) as site:
        with a_client(AddressGuard([site.host])) as client, pytest.raises(AddressRefusedError):
            client.get(site.url("/a"))
        assert site.asked == ["/a"]


def test_the_next_address_of_a_name_is_tried_when_the_first_does_not_answer():
    with a_site(a=Answer("here")) as site:
        guard = AddressGuard(
            ["127.0.0.0/8:" + str(site.port)], lambda *_: ["127.0.0.9", "127.0.0.1"]
        )
        with a_client(guard) as client:
            assert client.get(f"http://news.example:{site.port}/a").text == "here"


def test_the_name_in_tls_is_that_of_the_url():
    hello = b""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]

        def listen() -> None:
            nonlocal hello
            connection, _ = server.accept()
            hello = connection.recv(4_096)
            connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        guard = AddressGuard([f"127.0.0.1:{port}"], lambda *_: ["127.0.0.1"])
        with a_client(guard) as client, pytest.raises(httpx2.NetworkError):
            client.get(f"https://news.example:{port}/")
        thread.join()
    assert b"news.example" in hello


def test_a_server_that_dribbles_is_left_when_the_time_is_over():
    """Each piece comes in time; all of them together do not."""

    def dribble(handler) -> None:
        while True:
            handler.wfile.write(b"x")
            handler.wfile.flush()

    ticks = itertools.count()
    with (
        a_site(a=Answer(dribble)) as site,
        a_client(AddressGuard([site.host]), 5, monotonic=lambda: next(ticks)) as client,
        pytest.raises(httpx2.TimeoutException, match="took too long"),
    ):
        client.get(site.url("/a"))


def test_a_server_that_says_nothing_is_left_when_the_time_is_over():
    done = threading.Event()
    with (
        a_site(a=Answer(lambda handler: done.wait() and None)) as site,
        a_client(AddressGuard([site.host]), 0.2) as client,
    ):
        with pytest.raises(httpx2.TimeoutException):
            client.get(site.url("/a"))
        done.set()


def test_a_proxy_of_the_environment_is_not_used(monkeypatch):
    with a_site(a=Answer("here")) as site:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
        with a_client(AddressGuard([site.host])) as client:
            assert client.get(site.url("/a")).text == "here"


def test_what_is_not_allowed_is_not_connected_to():
    with a_site(a=Answer("here")) as site:
        with a_client(AddressGuard()) as client, pytest.raises(AddressRefusedError):
            client.get(site.url("/a"))
        assert site.asked == []


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\nX-Slow: ", OK + b"\r\n"])
def test_a_fetch_and_a_delivery_that_drip_end_with_their_time(store, start):
    clock = ManualClock()
    with a_raw_server(drip(start)) as raw:
        guard = AddressGuard([f"127.0.0.1:{raw.port}"])
        answer = HttpSender(guard, clock, total_s=0.2).post(raw.url, {}, b"{}")
        limits = FetchLimits(user_agent="tester/1", total_s=0.2, pause_s=0)
        fetcher = WebFetcher(guard, limits, store.fetches, clock, clock.sleep)
        with pytest.raises(UnreachableError):
            fetcher.fetch(Wanted(url=raw.url, purpose=Purpose.ROBOTS, tries=1))

    assert answer.status in (None, 200)
    assert len(raw.requests) == 2
