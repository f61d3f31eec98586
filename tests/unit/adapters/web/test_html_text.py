import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.adapters.web.html_text import html_to_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("<p>One</p>tail<br>next<br/>last", "One\ntail\nnext\nlast"),
        ("<p>A <b>bold</b>\n  <a href='https://a.example'>link</a>.</p>", "A bold link."),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<p>x</p><script>alert(1)</script><style>p{}</style>", "x"),
        ("<head><title>t</title></head><body>x</body>", "x"),
        ("<nav>Home</nav><p>x</p><form><button>Send</button></form>", "x"),
        ("<p>x<!-- <b>hidden</b> -->y</p><!-- open", "xy\n<!-- open"),
        ("AT&amp;T &lt;b&gt; caf&eacute;&nbsp;x", "AT&T <b> café\xa0x"),
        ("One &amp; two\n\nnext", "One & two\n\nnext"),
        ("Plain\ntext with <b>one</b> element", "Plain\ntext with one element"),
        ("<p>two\nlines</p>", "two lines"),
        ("<p>5 < 6 and 7 > 6</p>", "5 < 6 and 7 > 6"),
        ("<p>שלום 😀</p>", "שלום 😀"),
        ("<p>a&#30;b</p>", "a\nb"),
        ("<![CDATA[ x ]]><p>y</p>", "x\ny"),
        ("https://a.example/?b=1&amp;c=2", "https://a.example/?b=1&c=2"),
        ("", ""),
    ],
)
def test_a_page_reads_as_its_reader_sees_it(markup: str, text: str) -> None:
    assert html_to_text(markup) == text


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<div>", "<!--", "-->", "<", ">", "&amp;", "&#0;", "<script>", "<br"]
        )
        | st.text(max_size=5),
        max_size=20,
    ).map("".join)
)
def test_broken_markup_never_fails_and_never_grows(markup: str) -> None:
    assert len(html_to_text(markup)) <= len(markup)


@pytest.mark.parametrize("piece", ["<div>", "<a ", "<!--", "<?", '<a href="', "<![CDATA[", "</"])
def test_hostile_markup_never_fails_and_never_grows(piece: str) -> None:
    markup = piece * 10_000 + "end"
    assert len(html_to_text(markup)) <= len(markup)
