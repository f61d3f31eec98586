"""What a page states of itself is told apart from what it only looks like."""

import pytest

from summarizer.adapters.web.articles import read_article
from summarizer.domain.fetching import Article, Fetched
from summarizer.errors import NoArticleError

URL = "https://post.example/2026/05/01/dam"
BODY = """<nav>Home Sport</nav><article><h1>Crack found in the Vesterholm dam</h1>
<p>Inspectors found a crack in the Vesterholm dam on Friday, its operator Norrvatten said.</p>
<p>The regulator ordered the reservoir lowered by three metres within a week, and said that the
dam was not in danger of breaking. Norrvatten said it would obey the order.</p></article>
<footer>All rights reserved</footer>"""


def read(head: str = "", body: str = BODY, charset: str | None = "utf-8") -> Article:
    markup = f"<html><head>{head}</head><body>{body}</body></html>"
    page = Fetched(
        url=URL, media_type="text/html", charset=charset, body=markup.encode(charset or "utf-8")
    )
    return read_article(page)


def test_the_text_of_the_article_is_found_and_nothing_around_it():
    article = read()

    assert article.text.startswith("Inspectors found a crack")
    assert article.text.endswith("it would obey the order.")
    assert "Sport" not in article.text and "rights" not in article.text


MARKED = """<article><h1>Crack found in the Vesterholm dam</h1>
<p>The dam holds 10<sup>9</sup> litres<sup><a href="#n3">3</a></sup> on 12 km<sup>2</sup>.</p>
<p>Inspectors found <del>three cracks</del> <ins>a crack</ins> in the Vesterholm dam on Friday,
its operator Norrvatten said, and the level is down by 2<sup>1</sup>/<sub>2</sub> metres.</p>
<p hidden>Nobody is meant to read this paragraph, which is here for machines only.</p>
<p style="display: none">Nor this one, which a style sheet hides from everybody.</p></article>"""


def test_raised_deleted_and_hidden_text_of_a_page_keeps_its_meaning():
    text = read(body=MARKED).text

    assert "holds 10⁹ litres on 12 km²." in text
    assert "found a crack in" in " ".join(text.split())
    assert "by 2 1/2 metres" in text
    assert "Nobody" not in text and "Nor this" not in text


META = """<meta property="og:title" content="A crack in the dam">
<meta name="author" content="Mira Olt"><meta property="og:site_name" content="The Harbour Post">
<meta property="article:published_time" content="2026-05-01T09:30:00+02:00">"""
LINKED = """<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "x"},
{"@type": ["NewsArticle"], "headline": "A crack in the dam", "author": [{"name": "Mira Olt"}],
"publisher": {"name": "The Harbour Post"}, "datePublished": "2026-05-01T09:30:00+02:00"}]}
</script>"""


@pytest.mark.parametrize("head", [META, LINKED, LINKED + META])
def test_what_a_page_states_is_taken(head):
    article = read(head)

    assert article.title == "A crack in the dam"
    assert (article.author, article.outlet) == ("Mira Olt", "The Harbour Post")
    assert article.published_at == "2026-05-01T09:30:00+02:00"
    assert article.guessed == {}


def test_a_time_that_the_page_only_looks_like_is_a_guess_and_not_its_time():
    article = read()

    assert article.published_at is None
    assert article.guessed["published_at"] == "2026-05-01"


def test_a_title_and_an_outlet_that_are_guessed_are_used_and_say_so():
    article = read()

    assert article.title == article.guessed["title"] == "Crack found in the Vesterholm dam"
    assert article.outlet == article.guessed["outlet"] == "post.example"


@pytest.mark.parametrize("broken", ["{", "[]", "null", '{"@type": 5}', "[" * 5_000])
def test_broken_linked_data_is_passed_over(broken):
    article = read(f'<script type="application/ld+json">{broken}</script>{META}')
    assert article.title == "A crack in the dam"


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", None])
def test_letters_beyond_ascii_come_through(charset):
    article = read(META, BODY.replace("Norrvatten", "Nørrvåtten"), charset)
    assert "Nørrvåtten said it would obey" in article.text


@pytest.mark.parametrize(
    "body",
    [
        "", "<p>Please turn on JavaScript.</p>", "<form><input></form>", "\x00",
        "<a>x</a>" * 20_001, "x " * 500_001,
    ],
)  # fmt: skip
def test_a_page_without_an_article_is_refused_in_words(body):
    with pytest.raises(NoArticleError, match="submit its text"):
        read("", body)
