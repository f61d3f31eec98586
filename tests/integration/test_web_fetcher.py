"""The fetcher against real servers on loopback: its limits, its manners, its records."""

import datetime as dt
import gzip
import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from summarizer import errors
from summarizer.adapters.web.address_guard import AddressGuard
from summarizer.adapters.web.fetcher import FetchLimits, WebFetcher
from summarizer.domain.fetching import FetchOutcome, FetchRecord, Purpose, Wanted
from summarizer.storage.store import Store
from tests.support.clock import ManualClock
from tests.support.site import Answer, Site, a_site

PAGE = "<html><body><p>Something happened.</p></body></html>"


@dataclass
class Case:
    """A site and a fetcher that may reach it and nothing else."""

    site: Site
    time: ManualClock
    store: Store
    fetcher: WebFetcher

    def fetch(self, path: str = "/a", purpose: Purpose = Purpose.ARTICLE, **wanted):
        return self.fetcher.fetch(Wanted(url=self.site.url(path), purpose=purpose, **wanted))

    def records(self) -> list[FetchRecord]:
        """Oldest first, those of robots.txt left out."""
        found = self.store.fetches.newest()[::-1]
        return [record for record in found if record.purpose is not Purpose.ROBOTS]


@pytest.fixture
def case() -> Iterator[Case]:
    with a_site(a=Answer(PAGE, headers={"ETag": '"1"', "Last-Modified": "yesterday"})) as site:
        time = ManualClock()
        store = Store.open("sqlite://", time)
        limits = FetchLimits(user_agent="tester/1 (+x)", max_bytes=20_000, total_s=10, pause_s=0)
        guard = AddressGuard([site.host])
        yield Case(site, time, store, WebFetcher(guard, limits, store.fetches, time, time.sleep))
        store.close()


def test_a_page_comes_with_what_the_next_request_needs(case):
    found = case.fetch()

    assert found.body.decode() == PAGE
    assert (found.media_type, found.charset, found.url) == (
        "text/html",
        "utf-8",
        case.site.url("/a"),
    )
    assert (found.etag, found.last_modified) == ('"1"', "yesterday")
    assert case.site.headers[-1]["user-agent"] == "tester/1 (+x)"


def test_every_attempt_leaves_a_record(case):
    case.fetch()
    with pytest.raises(errors.FetchError):
        case.fetch("/missing")
    good, bad = case.records()

    assert (good.outcome, good.status, good.size, good.error) == (
        FetchOutcome.FETCHED,
        200,
        len(PAGE),
        None,
    )
    assert (bad.outcome, bad.status, bad.url) == (
        FetchOutcome.FAILED,
        404,
        case.site.url("/missing"),
    )
    assert bad.error and "404" in bad.error
    robots = [r for r in case.store.fetches.newest() if r.purpose is Purpose.ROBOTS]
    assert [r.status for r in robots] == [404]


def test_what_has_not_changed_is_not_sent_again(case):
    case.site.answers["/a"] = Answer(status=304)
    found = case.fetch(etag='"1"', last_modified="yesterday")

    assert found.not_modified
    assert case.site.headers[-1]["if-none-match"] == '"1"'
    assert case.site.headers[-1]["if-modified-since"] == "yesterday"
    assert case.records()[0].outcome is FetchOutcome.NOT_MODIFIED


def test_redirects_are_followed_and_relative_ones_resolved(case):
    case.site.answers["/x/old"] = Answer(status=301, headers={"Location": "../a?b=1"})
    case.site.answers["/a?b=1"] = Answer(PAGE)
    found = case.fetch("/x/old")

    assert found.url == case.site.url("/a?b=1")
    assert case.records()[0].final_url == case.site.url("/a?b=1")


def test_redirects_end_some_time(case):
    case.site.answers["/a"] = Answer(status=302, headers={"Location": "/a"})

    with pytest.raises(errors.FetchError, match="more than 5 times"):
        case.fetch()
    assert case.site.asked.count("/a") == 6


@pytest.mark.parametrize(
    "target", ["http://10.0.0.5/", "http://[::1]/", "//169.254.169.254/x", "file:///etc/passwd"]
)
def test_a_redirect_to_where_nothing_may_be_sent_is_refused_and_recorded(case, target):
    case.site.answers["/a"] = Answer(status=302, headers={"Location": target})

    with pytest.raises(errors.AddressRefusedError):
        case.fetch()
    (record,) = case.records()
    assert record.outcome is FetchOutcome.REFUSED
    assert record.final_url != record.url


ROBOTS = {
    "nobody": ("User-agent: *\nDisallow: /", False),
    "us": ("User-agent: tester\nDisallow: /a", False),
    "others": ("User-agent: other\nDisallow: /", True),
    "elsewhere": ("User-agent: *\nDisallow: /b", True),
    "wildcard": ("User-agent: *\nDisallow: /*a$", False),
    "longest wins": ("User-agent: *\nDisallow: /\nAllow: /a", True),
    "nonsense": ("\x00<html>", True),
    "empty": ("", True),
}


@pytest.mark.parametrize("rules", ROBOTS)
def test_robots_txt_is_obeyed(case, rules):
    text, allowed = ROBOTS[rules]
    case.site.answers["/robots.txt"] = Answer(text, type="text/plain")

    if allowed:
        assert case.fetch().body
    else:
        with pytest.raises(errors.RobotsDeniedError, match=r"robots\.txt"):
            case.fetch()
        assert "/a" not in case.site.asked


def test_the_rules_of_a_site_are_asked_for_once_a_day(case):
    for _ in range(3):
        case.fetch()
    assert case.site.asked.count("/robots.txt") == 1
    case.time.at += dt.timedelta(hours=25)
    case.fetch()
    assert case.site.asked.count("/robots.txt") == 2


@pytest.mark.parametrize("status", [500, 503, 429])
def test_nothing_is_fetched_while_the_rules_cannot_be_had(case, status):
    case.site.answers["/robots.txt"] = Answer(status=status)

    with pytest.raises(errors.UnreachableError, match=r"robots\.txt"):
        case.fetch()
    assert "/a" not in case.site.asked
    case.site.answers["/robots.txt"] = Answer(status=404)
    assert case.fetch().body


def test_the_rules_of_the_site_redirected_to_hold_too(case):
    with a_site(b=Answer(PAGE)) as other:
        other.answers["/robots.txt"] = Answer("User-agent: *\nDisallow: /", type="text/plain")
        limits = FetchLimits(user_agent="tester", pause_s=0)
        guard = AddressGuard([case.site.host, other.host])
        fetcher = WebFetcher(guard, limits, case.store.fetches, case.time, case.time.sleep)
        case.site.answers["/a"] = Answer(status=302, headers={"Location": other.url("/b")})

        with pytest.raises(errors.RobotsDeniedError):
            fetcher.fetch(Wanted(url=case.site.url("/a"), purpose=Purpose.ARTICLE))
        assert other.asked == ["/robots.txt"]


def test_one_host_is_not_asked_faster_than_it_wants(case):
    rules = "User-agent: *\nCrawl-delay: 7"
    case.site.answers["/robots.txt"] = Answer(rules, type="text/plain")
    for _ in range(3):
        case.fetch()
    assert case.time.waited == [7, 7]


def test_a_site_that_asks_to_wait_is_asked_again_when_it_said(case):
    busy = Answer(status=429, headers={"Retry-After": "4"})
    answers = itertools.chain([busy, busy], itertools.repeat(Answer(PAGE)))
    case.site.answers["/a"] = lambda _: next(answers)

    assert case.fetch(tries=3).body
    assert case.time.waited == [4, 4]
    assert [r.status for r in case.records()] == [429, 429, 200]


def test_a_site_that_asks_for_more_time_than_we_have_is_left_in_peace(case):
    case.site.answers["/a"] = Answer(status=503, headers={"Retry-After": "3600"})

    with pytest.raises(errors.UnreachableError, match="retry in 3600 s") as caught:
        case.fetch(tries=3)
    assert caught.value.retry_after == 3_600
    assert (case.time.waited, case.site.asked.count("/a")) == ([], 1)


def test_retry_after_may_be_a_date(case):
    case.site.answers["/a"] = Answer(
        status=429, headers={"Retry-After": "Fri, 01 May 2026 13:00:00 GMT"}
    )
    with pytest.raises(errors.UnreachableError) as caught:
        case.fetch()
    assert caught.value.retry_after == 3_600


def test_a_failing_server_is_asked_again_ever_later_and_then_no_more(case):
    case.site.answers["/a"] = Answer(status=500)

    with pytest.raises(errors.UnreachableError, match="500"):
        case.fetch(tries=3)
    assert case.time.waited == [1, 2]


@pytest.mark.parametrize("status", [401, 403, 404, 410, 451])
def test_a_site_that_says_no_is_not_asked_again(case, status):
    case.site.answers["/a"] = Answer(status=status)

    with pytest.raises(errors.FetchError, match=str(status)):
        case.fetch(tries=3)
    assert case.site.asked.count("/a") == 1


def bomb(zeros: int) -> Answer:
    return Answer(gzip.compress(b"0" * zeros), headers={"Content-Encoding": "gzip"})


TOO_LARGE = {
    "declared": Answer(b"x" * 20_001),
    "undeclared": Answer(lambda handler: [handler.wfile.write(b"x" * 999) for _ in range(1_000)]),
    "decompressed": bomb(50_000_000),
    "behind the end of the data": Answer(
        gzip.compress(b"x") + b"y" * 30_000, headers={"Content-Encoding": "gzip"}
    ),
}


@pytest.mark.parametrize("kind", TOO_LARGE)
def test_what_is_too_large_is_not_read_to_its_end(case, kind):
    case.site.answers["/a"] = TOO_LARGE[kind]

    with pytest.raises(errors.TooLargeError, match="more than 20,000 bytes"):
        case.fetch()
    assert case.records()[0].size < 200_000


def test_compressed_pages_are_read(case):
    case.site.answers["/a"] = bomb(19_000)
    assert case.fetch().body == b"0" * 19_000


BROKEN = {
    "no gzip": (Answer(b"plain", headers={"Content-Encoding": "gzip"}), errors.FetchError),
    "cut gzip": (
        Answer(gzip.compress(b"0123456789")[:-9], headers={"Content-Encoding": "gzip"}),
        errors.UnreachableError,
    ),
    "cut short": (Answer(b"x", headers={"Content-Length": "500"}), errors.UnreachableError),
    "unasked encoding": (Answer(b"x", headers={"Content-Encoding": "br"}), errors.WrongTypeError),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_body_that_is_not_whole_is_no_page(case, kind):
    case.site.answers["/a"], error = BROKEN[kind]

    with pytest.raises(error):
        case.fetch()


@pytest.mark.parametrize(
    ("purpose", "type", "taken"),
    [
        (Purpose.ARTICLE, "text/html", True),
        (Purpose.ARTICLE, "TEXT/HTML; Charset=UTF-8", True),
        (Purpose.ARTICLE, "application/xhtml+xml", True),
        (Purpose.ARTICLE, "application/pdf", False),
        (Purpose.ARTICLE, "application/rss+xml", False),
        (Purpose.ARTICLE, None, False),
        (Purpose.ITEMS, "text/html", True),
        (Purpose.ITEMS, "application/rss+xml", True),
        (Purpose.FEED, "application/json", True),
        (Purpose.FEED, "text/xml", True),
        (Purpose.FEED, "video/mp4", False),
    ],
)
def test_only_pages_and_feeds_are_taken(case, purpose, type, taken):
    case.site.answers["/a"] = Answer("x", type=type)

    if taken:
        assert case.fetch(purpose=purpose).body == b"x"
    else:
        with pytest.raises(errors.WrongTypeError):
            case.fetch(purpose=purpose)


def test_a_site_that_says_nothing_is_left_when_the_time_is_over(case):
    done = threading.Event()
    limits = FetchLimits(user_agent="tester", total_s=0.2, pause_s=0)
    guard = AddressGuard([case.site.host])
    case.fetcher = WebFetcher(guard, limits, case.store.fetches, case.time, case.time.sleep)
    case.site.answers["/a"] = Answer(lambda handler: done.wait() and None)

    with pytest.raises(errors.UnreachableError, match="in time"):
        case.fetch()
    done.set()
    assert case.records()[0].outcome is FetchOutcome.FAILED


def test_a_host_that_nobody_knows_is_an_error_in_words(case):
    def unknown(host, port):
        raise OSError("no such name")

    limits = FetchLimits(user_agent="tester")
    fetcher = WebFetcher(AddressGuard((), unknown), limits, case.store.fetches, case.time)
    with pytest.raises(errors.UnreachableError, match="cannot be found"):
        fetcher.fetch(Wanted(url="http://nowhere.example/", purpose=Purpose.ARTICLE))
