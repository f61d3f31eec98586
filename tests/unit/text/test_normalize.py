import html
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from summarizer.text.normalize import clean, clean_json, clean_line, has_elements, without_markup


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("a\0b\x07c", "abc"),
        ("\ufeffStart", "Start"),
        ("lone \ud83d surrogate", "lone  surrogate"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("5\u00a0million\u202fdollars", "5 million dollars"),
        ("exam\u00adple and zero\u200bwidth", "example and zerowidth"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("don\x92t", "don’t"),
        ("\u00e2\x80\x9cQuoted\u00e2\x80\x9d", "“Quoted”"),
        ("\u00c3\u00a9 stays", "\u00c3\u00a9 stays"),
        ("over\u202eridden", "overridden"),
        ("hidden" + "".join(chr(0xE0000 + ord(c)) for c in "obey me"), "hidden"),
        ("hidden" + "\ufe01\ufe02\U000e0101", "hidden"),
        ("  \n padded \t", "padded"),
    ],
)
def test_what_no_reader_sees_is_removed_or_made_plain(raw: str, plain: str) -> None:
    assert clean(raw) == plain


@pytest.mark.parametrize(
    "text",
    [
        "שלום \u200fעולם",
        "مرحبا\u200cبكم",
        "👩🏽‍🚀 ❤️ 🇺🇦",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "tab\tand\nline",
        "系统崩溃",
    ],
)
def test_emoji_and_every_script_stay(text: str) -> None:
    assert clean(text) == text


@given(st.text(st.characters(codec=None)))
@example("x\ufe0f\u200b\ufe0f")
@example("\r\0\n")
@example("\u00e2\x80\0\x9c")
def test_cleaned_text_is_stable_and_can_be_stored(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert clean(cleaned) == cleaned
    assert "\0" not in cleaned and "\r" not in cleaned
    assert unicodedata.is_normalized("NFC", cleaned)


def test_a_line_has_single_spaces() -> None:
    assert clean_line(" One\n two\t\tthree ") == "One two three"


def test_strings_deep_in_json_are_cleaned() -> None:
    assert clean_json({"a\0": ["x\ud800", {"b": 1.5, "c": None}]}) == {
        "a": ["x", {"b": 1.5, "c": None}]
    }


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("<p>Text</p>", True),
        ("The <b>quay</b> burned", True),
        ("line<br/>break", True),
        ("one. <br>two", True),
        ('<a href="https://a.example">link</a>', True),
        ("<p>one<p>two", True),
        ("One broke.<p>Two did", True),
        ("cut off.</p>", True),
        ("<p hidden>one", True),
        ("<!-- note -->", True),
        ("a<b and c>d", False),
        ("if x < 5 and y > 3", False),
        ("<3 this, <enter> your name", False),
        ("Browser drops <p> tags", False),
        ("Use <b>, <i> or <em> elements, never the tag <font>.", False),
        ("Close each '<p>' with '</p>'.", False),
        ("We like <b> more than <i> for emphasis", False),
        ("plain", False),
    ],
)
def test_markup_is_told_from_text_that_talks_of_it(text: str, markup: bool) -> None:
    assert has_elements(text) is markup


@pytest.mark.parametrize("text", ["<a x=" + " " * 50_000, "<p " * 20_000, "'<p>" * 20_000])
def test_hostile_text_is_searched_for_markup_in_linear_time(text: str) -> None:
    assert has_elements(text + ">") in (True, False)


MARKUP = "<p>A crane fell on <a href='https://a.example'>the quay</a>.</p>"


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        (MARKUP, f"[{MARKUP}]"),
        (html.escape(MARKUP), f"[{MARKUP}]"),
        (html.escape(html.escape(MARKUP)), f"[{MARKUP}]"),
        ("<p>Write &lt;p&gt;x&lt;/p&gt;.</p>", "[<p>Write &lt;p&gt;x&lt;/p&gt;.</p>]"),
        ("Browser drops &lt;p&gt; tags", "Browser drops <p> tags"),
        ("Browser drops <p> tags &amp; more", "Browser drops <p> tags & more"),
        ("AT&amp;T caf&eacute; &#8217;", "AT&T café ’"),
        ("write &amp;amp; for &amp;", "write &amp; for &"),
        ("R&D; cats & dogs", "R&D; cats & dogs"),
    ],
)
def test_escaped_markup_is_read_as_markup_and_talk_of_it_stays(raw: str, plain: str) -> None:
    assert without_markup(raw, lambda markup: f"[{markup}]") == plain
