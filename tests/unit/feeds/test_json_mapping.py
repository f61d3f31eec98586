"""Mapping files say where the fields of a row stand in somebody's JSON."""

import json
from pathlib import Path

import pytest

from summarizer.adapters.web.html_text import html_to_text
from summarizer.domain.items import NewItem
from summarizer.errors import InputError
from summarizer.feeds.json_mapping import load_mapping, mapped
from summarizer.ingestion.validate import ValidRow, parse_row

SHIPPED = Path(__file__).parents[3] / "examples" / "feeds" / "mappings"

DOCUMENTS = {
    "hacker-news": {"hits": [
        {"objectID": "771", "title": "Foldnote memos in Marlo 3?", "author": "ivo",
         "url": "https://blog.example/marlo", "created_at": "2026-05-01T12:00:00Z",
         "points": 120, "num_comments": 45},
        {"objectID": "772", "title": None, "story_title": "Ask", "story_text": "Who knows?"},
    ]},
    "reddit": {"data": {"children": [{"data": {
        "name": "t3_x", "title": "Marlo 3 recites memos", "selftext": "It recited mine.",
        "permalink": "/r/technology/x", "author": "una",
        "subreddit_name_prefixed": "r/technology", "created_utc": 1777636800.0,
        "subreddit_subscribers": 9000, "score": 7, "num_comments": 0,
    }}]}},
    "mastodon": [{
        "id": "5", "content": "<p>Marlo 3 knows my memo. <a href='x'>#foldnote</a></p>",
        "url": None, "uri": "https://commons.example/@bo/5",
        "account": {"acct": "bo@commons.example", "followers_count": 12},
        "created_at": "2026-05-01T12:00:00.000Z",
        "favourites_count": 3, "reblogs_count": 2, "replies_count": 1,
    }],
}  # fmt: skip


def items(name: str) -> list[NewItem]:
    rows = mapped(json.dumps(DOCUMENTS[name]).encode(), load_mapping(SHIPPED / f"{name}.toml"))
    found = [parse_row(row, line=1, html_to_text=html_to_text) for row in rows]
    assert all(isinstance(row, ValidRow) for row in found), found
    return [row.item for row in found if isinstance(row, ValidRow)]


def test_a_search_in_the_manner_of_hacker_news_is_read():
    story, question = items("hacker-news")

    assert (story.title, story.url) == ("Foldnote memos in Marlo 3?", "https://blog.example/marlo")
    assert story.engagement == {"points": 120, "comments": 45}
    assert (question.title, question.text) == ("Ask", "Who knows?")
    assert question.url == "https://newsboard.example/item?id=772"


def test_a_listing_in_the_manner_of_reddit_is_read():
    (post,) = items("reddit")

    assert (post.platform, post.outlet, post.author) == ("reddit", "r/technology", "una")
    assert post.url == "https://talkhouse.example/r/technology/x"
    assert post.published_at is not None and post.published_at.isoformat().startswith("2026-05-01")
    assert (post.reach, post.engagement) == (9000, {"score": 7, "comments": 0})


def test_a_timeline_in_the_manner_of_mastodon_is_read():
    (post,) = items("mastodon")

    assert post.text == "Marlo 3 knows my memo. #foldnote"
    assert post.url == "https://commons.example/@bo/5"
    assert post.engagement == {"likes": 3, "shares": 2, "replies": 1}


@pytest.mark.parametrize("data", [b"", b"<rss/>", b"[" * 9_999, b'{"hits": 5}', b'{"other": []}'])
def test_an_answer_that_does_not_fit_its_mapping_is_an_error_in_words(data):
    with pytest.raises(InputError, match=r"not JSON|no list"):
        mapped(data, load_mapping(SHIPPED / "hacker-news.toml"))


def test_entries_that_are_no_objects_become_rows_without_content():
    mapping = load_mapping(SHIPPED / "mastodon.toml")
    assert mapped(b"[1, null, []]", mapping) == [{"platform": "mastodon"}] * 3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("platform = 5", "platform"),
        ("platform = 'x'", "fields"),
        ("platform = 'x'\n[fields]\ntitel = 'y'", "titel"),
        ("platform", "cannot be used"),
    ],
)
def test_every_fault_of_a_mapping_is_named(tmp_path, text, says):
    (tmp_path / "m.toml").write_text(text)
    with pytest.raises(InputError, match=says):
        load_mapping(tmp_path / "m.toml")
    with pytest.raises(InputError, match="No such file"):
        load_mapping(tmp_path / "missing.toml")
