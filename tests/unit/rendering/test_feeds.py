"""Feeds of public pages, as a feed reader takes them."""

from __future__ import annotations

import json
from typing import Any

import feedparser
import pytest

from summarizer.domain.publication import Entry
from summarizer.rendering.feeds import Feed, render_atom, render_json_feed
from tests.support.builders import NOON, hours

INSTALLATION = "5f0c1d8a2b7e4c395f0c1d8a2b7e4c39"
ENTRY = Entry(
    incident_id="INC-000007",
    revision=2,
    title="Jam & <b>marmalade</b> recalled",
    lead=("Marrow recalled 300 jars.", "“Sorry” & <script>alert(1)</script>"),
    first_at=NOON,
    at=NOON + hours(2),
)


def a_feed(base: str = "https://news.example/") -> Feed:
    return Feed("The <Desk>", INSTALLATION, base, base, lambda entry: f"{base}{entry.incident_id}")


def as_json(*entries: Entry, feed: Feed | None = None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render_json_feed(feed or a_feed(), entries))
    return found


def test_a_feed_reader_gets_title_times_link_and_words():
    found = feedparser.parse(render_atom(a_feed(), [ENTRY]))
    assert not found.bozo
    assert found.version == "atom10"
    assert found.feed.title == "The <Desk>"
    assert found.feed.updated == "2026-05-01T14:00:00+00:00"
    (entry,) = found.entries
    assert entry.link == "https://news.example/INC-000007"
    assert entry.published == "2026-05-01T12:00:00+00:00"
    assert entry.summary == "Marrow recalled 300 jars."
    assert "“Sorry” &amp; &lt;script&gt;" in entry.content[0].value
    assert "<script>" not in entry.content[0].value


def test_both_feeds_say_the_same():
    (item,), (entry,) = (
        as_json(ENTRY)["items"],
        feedparser.parse(render_atom(a_feed(), [ENTRY])).entries,
    )
    assert (item["id"], item["url"]) == (entry.id, entry.link)
    assert item["date_published"] == entry.published
    assert item["date_modified"] == entry.updated
    assert item["title"] == ENTRY.title
    assert item["content_html"].count("<li>") == 2
    assert as_json()["version"] == "https://jsonfeed.org/version/1.1"


def test_ids_stay_when_the_site_moves_and_differ_between_incidents_and_installations():
    def ids(feed: Feed, *entries: Entry) -> list[str]:
        return [item["id"] for item in as_json(*entries, feed=feed)["items"]]

    other = ENTRY.model_copy(update={"incident_id": "INC-000008"})
    here = ids(a_feed(), ENTRY, other)
    assert ids(a_feed("/elsewhere/"), ENTRY, other) == here
    assert len({*here, *ids(a_feed()._replace(installation="0" * 32), ENTRY, other)}) == 4


def test_an_empty_feed_is_a_feed():
    assert not feedparser.parse(render_atom(a_feed(), [])).bozo
    assert as_json()["items"] == []


@pytest.mark.parametrize("code", [0x0, 0x8, 0xD83D, 0xFFFE, 0xFFFF, 0x202E])
def test_characters_that_xml_cannot_hold_or_nobody_sees_are_left_out(code):
    entry = ENTRY.model_copy(update={"title": f"Jam{chr(code)} recalled", "lead": ()})
    atom = feedparser.parse(render_atom(a_feed(), [entry]))
    assert not atom.bozo
    assert atom.entries[0].title == as_json(entry)["items"][0]["title"] == "Jam recalled"
