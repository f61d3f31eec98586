from pathlib import Path

import pytest

from summarizer.adapters.web.feeds import parse_feed
from summarizer.adapters.web.html_text import html_to_text
from summarizer.domain.items import NewItem
from summarizer.errors import InputError
from summarizer.ingestion.validate import ValidRow, parse_row

HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Daily</title>'
)
ITEM = (
    "<item><title>Bot fails</title><link>https://daily.example/1</link><guid>g1</guid>"
    "<pubDate>Fri, 01 May 2026 14:30:00 +0200</pubDate><dc:creator>J. Roe</dc:creator>"
    "<category>AI</category><description>Short.</description></item>"
)


def rss(*items: str) -> bytes:
    return (HEAD + "".join(items) + "</channel></rss>\n").encode()


def test_an_rss_item_becomes_a_row() -> None:
    assert parse_feed(rss(ITEM)) == [
        {
            "id": "g1",
            "published_at": "Fri, 01 May 2026 14:30:00 +0200",
            "title": "Bot fails",
            "text": "Short.",
            "url": "https://daily.example/1",
            "platform": "news",
            "outlet": "The Daily",
            "author": "J. Roe",
            "tags": ["AI"],
        }
    ]


def test_the_full_content_is_preferred_to_the_summary() -> None:
    full = "<content:encoded><![CDATA[<p>The whole story.</p>]]></content:encoded></item>"
    (row,) = parse_feed(rss(ITEM.replace("</item>", full)))
    assert row["text"] == "<p>The whole story.</p>"


def item_of(row: dict[str, object]) -> NewItem:
    found = parse_row(row, line=1, html_to_text=html_to_text)
    assert isinstance(found, ValidRow)
    return found.item


@pytest.mark.parametrize(
    ("description", "text"),
    [
        ("<![CDATA[<p>a</p><script>x()</script>]]>", "a"),
        ("<![CDATA[<p>a</p><p hidden>x</p><p style='display:none'>y</p>]]>", "a"),
        ("&amp;lt;p&amp;gt;A &amp;lt;a href=&amp;#34;https://daily.example/&amp;#34;&amp;gt;pier"
         "&amp;lt;/a&amp;gt; fell.&amp;lt;/p&amp;gt; &amp;lt;p&amp;gt;Two.&amp;lt;/p&amp;gt;",
         "A pier fell.\nTwo."),
        ("&lt;p&gt;10&lt;sup&gt;6&lt;/sup&gt; litres&lt;/p&gt;", "10⁶ litres"),
        ("It drops &lt;p&gt; tags.", "It drops <p> tags."),
        ("It drops &amp;lt;p&amp;gt; tags.", "It drops <p> tags."),
    ],
)  # fmt: skip
def test_the_text_of_an_entry_is_what_its_reader_sees(description: str, text: str) -> None:
    (row,) = parse_feed(
        rss(f"<item><title>x</title><description>{description}</description></item>")
    )
    assert item_of(row).text == text


def test_an_atom_entry_becomes_a_row() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title><entry><id>urn:1</id>'
        '<title>שלום</title><updated>2026-05-01T12:30:00Z</updated><link href="https://b.example/"/>'
        '<content type="html">&lt;p&gt;x&lt;/p&gt;</content></entry></feed>'
    )
    (row,) = parse_feed(atom.encode())
    assert (row["title"], row["text"], row["published_at"]) == (
        "שלום",
        "<p>x</p>",
        "2026-05-01T12:30:00Z",
    )


def test_an_unreadable_date_is_passed_on_to_be_refused_by_name() -> None:
    (row,) = parse_feed(rss("<item><title>t</title><pubDate>some day</pubDate></item>"))
    assert row["published_at"] == "some day"


def test_an_aggregator_names_the_outlet_of_each_item() -> None:
    source = '<source url="https://w.example/">The Weekly</source></item>'
    (row,) = parse_feed(rss(ITEM.replace("</item>", source)))
    assert row["outlet"] == "The Weekly"


def test_a_feed_without_items_has_no_rows() -> None:
    assert parse_feed(rss()) == []


def test_an_undeclared_entity_is_forgiven() -> None:
    (row,) = parse_feed(rss(ITEM.replace("Short.", "Short&nbsp;one.")))
    assert str(row["text"]).startswith("Short")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (rss(ITEM)[:-40], "breaks off"),
        (b"<html><body>No feed</body></html>", "neither RSS nor Atom"),
        (b"<?xml version='1.0'?><rss", "neither RSS nor Atom"),
        (b"<", "neither RSS nor Atom"),
        (b"", "neither RSS nor Atom"),
        (b" \r\n", "neither RSS nor Atom"),
    ],
)
def test_what_is_no_whole_feed_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        parse_feed(data)


@pytest.mark.parametrize("behind", [b"<!---->" * 40, b"\n<!-- a --> <!-- b\n -->\n", b"\0\0"])
def test_a_feed_with_a_fault_is_whole_if_only_comments_stand_behind_its_end(behind: bytes) -> None:
    (row,) = parse_feed(rss(ITEM.replace("Short.", "Short&nbsp;one.")) + behind)
    assert str(row["text"]).startswith("Short")


def test_comments_before_the_break_of_a_feed_cost_no_time() -> None:
    with pytest.raises(InputError, match="breaks off"):
        parse_feed(rss(ITEM.replace("Short.", "&nbsp;")) + b"<!---->" * 60 + b"<x")


def test_a_feed_reads_no_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    entity = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode()
    (row,) = parse_feed(rss(ITEM.replace("Short.", "&x;")).replace(b"?>\n", b"?>\n" + entity))
    assert "secret" not in str(row)
    with pytest.raises(InputError):
        parse_feed(bytes(secret))


@pytest.mark.parametrize(
    ("guid", "url"),
    [
        ("<guid>b1</guid>", None),
        ("<guid isPermaLink='true'>urn:b1</guid>", None),
        ("<guid isPermaLink='false'>https://daily.example/b1</guid>", None),
        ("<guid>https://daily.example/b1</guid>", "https://daily.example/b1"),
    ],
)
def test_a_guid_is_an_address_only_if_it_is_one(guid: str, url: str | None) -> None:
    (row,) = parse_feed(rss(f"<item><title>Bot fails</title>{guid}</item>"))
    assert row.get("url") == url
    assert "b1" in str(row["id"])


@pytest.mark.parametrize(
    "written", ["2026/05/01 10:00:00", "1777638600", "Fri, 1 May 2026 5:28 PM EST", "May 1, 2026"]
)
def test_a_date_is_handed_on_as_written(written: str) -> None:
    (row,) = parse_feed(rss(f"<item><title>x</title><pubDate>{written}</pubDate></item>"))
    assert row["published_at"] == written
