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


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        # exponents
        ("the dam held 10<sup>9</sup> litres", "the dam held 10⁹ litres"),
        ("about 4 × 10<sup>-3</sup> gram", "about 4 × 10⁻³ gram"),
        ("a park of 12 km<sup>2</sup> and 3 m<sup>3</sup>", "a park of 12 km² and 3 m³"),
        ("x<sup>2</sup> and (a+b)<sup>3</sup>", "x² and (a+b)³"),
        ("E=mc<sup>2</sup>", "E=mc²"),
        # footnotes
        ("31<sup>4</sup> people fled", "31 people fled"),
        ("in 2021<sup>4</sup>, 2<sup>8</sup> = 256", "in 2021 [4], 2 [8] = 256"),
        ("31<sup><a href='#n4'>4</a></sup> people fled", "31 people fled"),
        ("31<a href='#n4'><sup>4</sup></a> people fled", "31 people fled"),
        (
            "the mayor said<sup>4</sup> and left.<sup>5,6</sup> Then",
            "the mayor said and left. Then",
        ),
        ("all<sup>*</sup> of them<sup>[7]</sup>", "all of them"),
        ("<sup>4</sup> Ledger of 1 May", "4 Ledger of 1 May"),
        # fractions, ordinals, signs, formulas
        ("up 3<sup>1</sup>/<sub>4</sub> percent", "up 3 1/4 percent"),
        ("<sup>1</sup>⁄<sub>2</sub> cup", "1⁄2 cup"),
        ("the 2<sup>nd</sup> of May, 3<sup>e</sup> étage", "the 2nd of May, 3e étage"),
        ("Veltra<sup>TM</sup>", "VeltraTM"),
        ("CO<sub>2</sub> and Ca<sup>2+</sup>", "CO2 and Ca2+"),
        # deleted, inserted, hidden
        ("<del>Nine died</del> <ins>Ten died</ins>, he said", "Ten died, he said"),
        ("fined €<s>4</s> 5 million, <strike>no</strike> yes", "fined €5 million, yes"),
        ("un<del>x</del>touched", "untouched"),
        ("<p hidden>a</p><p>b</p>", "b"),
        ("<p hidden>a<p>b</p>", "b"),
        ('<div style="color:red; DISPLAY : none"><p>a</p></div>b', "b"),
        ('<span style="visibility:hidden">a</span>b', "b"),
        ('<span aria-hidden="true">a</span>b <span aria-hidden="false">c</span>', "b c"),
        ("<template>a</template><noscript>b</noscript>c", "c"),
    ],
)
def test_raised_deleted_and_hidden_text_keeps_its_meaning(markup: str, text: str) -> None:
    assert html_to_text(markup) == text


TAGS = ["<p>", "</p>", "<div>", "<script>", "<br", "<sup>", "</sup>", "<sub>", "<s>", "</s>"]
PIECES = [*TAGS, "<p hidden>", "<!--", "-->", "<", ">", "&amp;", "&#0;", "1", "10"]


@given(
    st.lists(
        st.sampled_from(PIECES) | st.text(max_size=5),
        max_size=20,
    ).map("".join)
)
def test_broken_markup_never_fails_and_never_grows(markup: str) -> None:
    assert len(html_to_text(markup)) <= len(markup)


@pytest.mark.parametrize("piece", ["<div>", "<a ", "<!--", "<?", '<a href="', "<![CDATA[", "</"])
def test_hostile_markup_never_fails_and_never_grows(piece: str) -> None:
    markup = piece * 10_000 + "end"
    assert len(html_to_text(markup)) <= len(markup)
