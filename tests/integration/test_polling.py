"""Feeds are polled from real servers on loopback, and go on where they were."""

import datetime as dt
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from summarizer import factories
from summarizer.adapters.web.address_guard import AddressGuard
from summarizer.app import App, open_app
from summarizer.domain.fetching import Purpose
from summarizer.domain.items import SourceItem
from summarizer.errors import InputError, StorageError
from summarizer.feeds import poller as feed_poller
from summarizer.feeds.json_mapping import Fields, JsonMapping
from summarizer.feeds.poller import Feed, load_feeds
from tests.support.app import an_app
from tests.support.builders import NOON, hours
from tests.support.cli import run
from tests.support.clock import ManualClock
from tests.support.samples import EXAMPLES
from tests.support.site import Answer, Site, a_site

STORIES = (
    "Nørrvåtten lowered the Vesterholm reservoir by three metres after a crack was found.",
    "The Averland rail regulator fined Varnway three million crowns over its shuttle.",
    "Ostrel moved the release of its voice model to autumn after the narrators sued.",
)
LONG = " It said so in a statement of two pages that it sent to newspapers on Friday evening."


def entry(n: int, text: str | None = None) -> str:
    return (
        f"<item><title>Story {n}</title><link>/story/{n}</link>"
        f"<description>{text or STORIES[n]}</description></item>"
    )


def rss(*entries: str) -> Answer:
    body = f"<rss version='2.0'><channel><title>Post</title>{''.join(entries)}</channel></rss>"
    return Answer(body, type="application/rss+xml", headers={"ETag": f'"{len(entries)}"'})


def page(n: int) -> Answer:
    return Answer(f"<html><body><article><p>{STORIES[n]}{LONG}</p></article></body></html>")


@dataclass
class Case:
    """A service, a site and the one feed of it."""

    service: App
    site: Site
    time: ManualClock
    feed: Feed = field(init=False)

    def __post_init__(self) -> None:
        self.feed = Feed(url=self.site.url("/feed"), outlet="The Post")

    def poll(self, **feed):
        return self.service.poller.poll(self.feed.model_copy(update=feed))

    def items(self) -> list[SourceItem]:
        return self.service.store.items_without_incident()


@pytest.fixture
def case(tmp_path: Path, clock: ManualClock) -> Iterator[Case]:
    with (
        a_site(feed=rss(entry(0), entry(1))) as site,
        an_app(tmp_path, clock, allowed_hosts=site.host, fetch_pause_s=0) as service,
    ):
        yield Case(service, site, clock)


def test_entries_become_items_with_absolute_addresses(case):
    done = case.poll()

    assert (done.accepted, done.duplicates, done.error) == (2, 0, None)
    urls = [case.site.url("/story/0"), case.site.url("/story/1")]
    assert [item.url for item in case.items()] == urls
    assert case.items()[0].text == STORIES[0]
    assert {item.outlet for item in case.items()} == {"The Post"}


def test_what_has_not_changed_is_asked_for_by_its_etag_and_costs_nothing(case):
    case.poll()
    case.site.answers["/feed"] = Answer(status=304)
    again = case.poll()

    assert case.site.headers[-1]["if-none-match"] == '"2"'
    assert (again.news, again.error) == (False, None)


def test_an_entry_that_is_there_already_is_a_duplicate(case):
    case.poll()
    case.site.answers["/feed"] = rss(entry(0), entry(1), entry(2), entry(2))
    again = case.poll()

    assert (again.accepted, again.duplicates) == (1, 3)


def test_the_article_behind_each_entry_is_fetched_once_for_ever(case):
    case.site.answers |= {"/story/0": page(0), "/story/1": page(1)}
    done, again = case.poll(full_text=True), case.poll(full_text=True)

    assert (done.accepted, done.articles) == (2, 2)
    assert (again.accepted, again.articles, again.duplicates) == (0, 0, 2)
    assert [item.text for item in case.items()] == [STORIES[0] + LONG, STORIES[1] + LONG]
    assert case.site.asked.count("/story/0") == 1


def test_the_words_of_the_feed_must_do_where_the_article_is_not_to_be_had(case):
    case.site.answers["/story/0"] = page(0)
    done = case.poll(full_text=True)

    assert done.accepted == 2
    assert [item.text for item in case.items()] == [STORIES[0] + LONG, STORIES[1]]
    failed = [r for r in case.service.store.fetches.newest() if r.status == 404]
    assert [r.purpose for r in failed if r.purpose is Purpose.ARTICLE] == [Purpose.ARTICLE]


def test_more_articles_than_one_poll_fetches_are_left_for_the_next(case, monkeypatch):
    monkeypatch.setattr(feed_poller, "MOST_ARTICLES", 1)
    case.site.answers |= {"/story/0": page(0), "/story/1": page(1)}
    first = case.poll(full_text=True)
    state = case.service.store.feeds.get(case.feed.url)
    second = case.poll(full_text=True)

    assert state is not None and state.etag is None
    assert (first.accepted, second.accepted) == (1, 1)


def test_a_poll_that_was_killed_halfway_is_finished_by_the_next(case, monkeypatch):
    add = case.service.store.add_items

    def dies(*args, **kwargs):
        add(*args, **kwargs)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(case.service.store, "add_items", dies)
        with pytest.raises(KeyboardInterrupt):
            case.poll()
    assert case.items() == []  # a batch is stored whole or not at all
    assert case.service.store.feeds.get(case.feed.url) is None
    again = case.poll()

    assert (again.accepted, again.duplicates) == (2, 0)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer("<rss version='2.0'><channel><item><title>x", type="text/xml"), "breaks off"),
        (Answer("<p>Gone</p>"), "neither RSS nor Atom"),
        (Answer(status=404), "404"),
        (Answer(status=500), "500"),
        (Answer("x", type="video/mp4"), "video/mp4"),
        (Answer(status=302, headers={"Location": "http://10.0.0.5/"}), "not a public address"),
    ],
)
def test_a_feed_that_fails_says_why_and_is_asked_ever_more_rarely(case, answer, says):
    case.site.answers["/feed"] = answer
    pauses = []
    for _ in range(3):
        done = case.poll()
        assert done.error is not None and says in done.error
        pauses.append(done.next_at - NOON)

    assert pauses == [dt.timedelta(minutes=m) for m in (30, 60, 120)]
    state = case.service.store.feeds.get(case.feed.url)
    assert state is not None and (state.failures, state.error) == (3, done.error)


def test_a_feed_that_works_again_is_asked_as_often_as_before(case):
    good, case.site.answers["/feed"] = case.site.answers["/feed"], Answer(status=500)
    case.poll()
    case.site.answers["/feed"] = good
    done = case.poll()
    state = case.service.store.feeds.get(case.feed.url)

    assert done.next_at == NOON + dt.timedelta(minutes=15)
    assert state is not None and (state.failures, state.error) == (0, None)


@pytest.mark.parametrize(("said", "pause"), [("7200", hours(2)), ("999999", hours(24))])
def test_a_feed_that_asks_to_wait_is_left_alone_as_long_up_to_a_day(case, said, pause):
    case.site.answers["/feed"] = Answer(status=429, headers={"Retry-After": said})
    assert case.poll().next_at == NOON + pause


def test_a_feed_that_is_gone_for_good_is_asked_once(case):
    case.site.answers["/feed"] = Answer(status=410)
    done = case.poll()
    assert "gone for good" in done.error
    for _ in range(3):
        case.time.at += dt.timedelta(days=400)
        assert list(case.service.poller.poll_due([case.feed])) == []
    assert case.service.poller.next_at([case.feed]) == done.next_at


def test_a_feed_that_its_site_forbids_is_not_fetched(case):
    case.site.answers["/robots.txt"] = Answer("User-agent: *\nDisallow: /feed", type="text/plain")
    done = case.poll()

    assert done.error is not None and "robots.txt" in done.error
    assert "/feed" not in case.site.asked


def test_one_feed_that_fails_never_stops_another_whatever_it_does(case, monkeypatch):
    def parse(data: bytes):
        if b"poison" in data:
            raise ZeroDivisionError("a fault of the parser")
        return factories.parse_feed(data)

    monkeypatch.setattr(case.service.poller, "_parse_feed", parse)
    case.site.answers["/poison"] = Answer("poison", type="text/xml")
    feeds = [Feed(url=case.site.url(path)) for path in ("/poison", "/missing", "/feed")]
    done = list(case.service.poller.poll_due(feeds))

    assert [polled.error is None for polled in done] == [False, False, True]
    assert done[2].accepted == 2
    assert case.items() == []  # all are in incidents


def test_a_database_that_fails_is_no_fault_of_the_feed(case, monkeypatch):
    def fails(*args, **kwargs):
        raise StorageError("the disk is full")

    monkeypatch.setattr(case.service.store, "add_items", fails)
    with pytest.raises(StorageError):
        case.poll()
    assert case.service.store.feeds.get(case.feed.url) is None


def test_only_feeds_whose_time_has_come_are_polled_also_after_a_restart(case, tmp_path):
    poller, feeds = case.service.poller, [case.feed]
    assert poller.next_at(feeds) == NOON
    assert len(list(poller.poll_due(feeds))) == 1
    assert poller.next_at(feeds) == NOON + dt.timedelta(minutes=15)
    with open_app(case.service.settings, clock=case.time) as restarted:
        assert list(restarted.poller.poll_due(feeds)) == []
        case.time.at += dt.timedelta(minutes=15)
        assert [polled.duplicates for polled in restarted.poller.poll_due(feeds)] == [2]


def test_polling_goes_on_until_it_is_told_to_stop(case):
    waits = []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        case.time.at += dt.timedelta(seconds=seconds)
        return len(waits) == 3

    found = list(feed_poller.poll_for_ever(case.service.poller, [case.feed], case.time, wait))
    assert (len(found), waits) == (3, [900, 900, 900])


def test_a_task_polls_what_is_due_until_the_queue_stops(case):
    other = case.feed.model_copy(update={"url": case.site.url("/other")})
    stopping = threading.Event()
    task = feed_poller.polling(case.service.poller, [case.feed, other], stopping.is_set)
    stopping.set()
    task.run({})
    assert case.service.store.feeds.get(case.feed.url).error is None
    assert case.service.store.feeds.get(other.url) is None
    stopping.clear()
    task.run({})
    assert case.service.store.feeds.get(other.url).error is not None


def test_processes_share_a_task_if_they_have_the_same_feeds(case):
    def name(*feeds: Feed) -> str:
        return feed_poller.polling(case.service.poller, feeds, bool).name

    slower = case.feed.model_copy(update={"every_minutes": 20})
    assert name(case.feed) == name(case.feed.model_copy())
    assert len({name(case.feed), name(slower), name(case.feed, slower)}) == 3


def test_json_is_polled_through_its_mapping(case):
    rows = {"posts": [{"t": STORIES[2], "at": "/p/1", "stars": 4}]}
    case.site.answers["/feed"] = Answer(json.dumps(rows), type="application/json")
    fields, likes = Fields(text="t", url="at"), {"likes": "stars"}
    mapping = JsonMapping(platform="board", items="posts", fields=fields, engagement=likes)
    done = case.poll(mapping=mapping)
    (item,) = case.items()

    assert done.accepted == 1
    assert (item.platform, item.text, item.engagement) == ("board", STORIES[2], {"likes": 4})
    assert item.url == case.site.url("/p/1")


def test_the_file_that_is_shipped_is_read():
    feeds = load_feeds(EXAMPLES / "feeds" / "feeds.toml", AddressGuard().check_url)

    assert len(feeds) == 5
    platforms = [feed.mapping.platform for feed in feeds if feed.mapping]
    assert platforms == ["hacker news", "reddit", "mastodon"]
    assert feeds[0].full_text and feeds[0].every_minutes == 15


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "has no"),
        ("[[feed]]\noutlet = 'x'", "url"),
        ("[[feed]]\nurl = 'ftp://x.example'", r"ftp://x\.example"),
        ("[[feed]]\nurl = 'http://x.example'\nevery = 5", "every"),
        ("[[feed]]\nurl = 'http://x.example'\nevery_minutes = 0", "every_minutes"),
        ("[[feed]]\nurl = 'http://x.example'\nmapping = 'missing.toml'", r"missing\.toml"),
        ("[[feed]]\nurl = 'http://x.example'\n" * 2, "twice"),
        ("[[feed", "cannot be used"),
        ("[[feed]]\nurl = 'http://127.1/feed'", "short form"),
        ("[[feed]]\nurl = 'http://news.internal/feed'", "inner network"),
    ],
)
def test_a_file_of_feeds_that_is_wrong_says_where(tmp_path, text, says):
    (tmp_path / "feeds.toml").write_text(text)
    with pytest.raises(InputError, match=says):
        load_feeds(tmp_path / "feeds.toml", AddressGuard().check_url)


def test_the_command_polls_what_is_due_and_says_what_came(case, elsewhere):
    env = {"SUMMARIZER_ALLOWED_HOSTS": case.site.host, "SUMMARIZER_FETCH_PAUSE_S": "0"}
    file, urls = elsewhere / "feeds.toml", [case.site.url(path) for path in ("/feed", "/missing")]
    file.write_text("".join(f"[[feed]]\nurl = '{url}'\n" for url in urls))
    done = run("feeds", "poll", file, "--once", **env)

    assert "2 accepted, 0 duplicates" in done.output
    assert "/missing: failed:" in done.output
    assert done.exit_code == 1
    assert run("feeds", "poll", file, "--once", **env).exit_code == 0


def test_an_entry_with_an_unreadable_date_is_taken_and_logged(case, caplog):
    odd = entry(0).replace("</item>", "<pubDate>03/04/2026</pubDate><guid>b1</guid></item>")
    case.site.answers["/feed"] = rss(odd.replace("<link>/story/0</link>", ""))
    found = case.poll()

    assert (found.accepted, found.rejected) == (1, 0)
    assert [(item.url, item.published_at) for item in case.items()] == [(None, None)]
    assert "item a1: published_at: '03/04/2026' is not a date with one reading" in caplog.text


def test_a_clock_that_was_set_back_makes_no_feed_wait_for_longer_than_a_day(case):
    poller, feeds = case.service.poller, [case.feed]
    case.service.store.feeds.hold(case.feed.url, "killed", NOON, NOON + dt.timedelta(minutes=5))
    case.time.at = NOON - dt.timedelta(days=400)
    assert poller.next_at(feeds) == case.time.at
    assert len(list(poller.poll_due(feeds))) == 1
    case.time.at -= dt.timedelta(days=400)
    assert len(list(poller.poll_due(feeds))) == 1
