"""The page as schema.org's NewsArticle."""

import datetime as dt
import json
from typing import Any

from summarizer.domain.page import Page
from summarizer.domain.reviews import Review, ReviewState
from summarizer.rendering import render_jsonld
from tests.support.pages import MAY_27, SPECS, hostile_page, newsroom_page


def article(page: Page) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(render_jsonld(page, SPECS))
    return parsed


def test_a_page_is_a_news_article_that_cites_every_source_it_rests_on() -> None:
    page = newsroom_page()
    made = article(page)
    cited = {
        cite.partition(".")[0]
        for s in page.draft.sections
        for c in s.shown
        for cite in c.claim.cites
    }
    assert (made["@context"], made["@type"]) == ("https://schema.org", "NewsArticle")
    assert made["headline"] == page.title
    assert made["creditText"] == page.cite
    assert cited <= {source["identifier"] for source in made["citation"]}
    assert all(source["text"] for source in made["citation"])


def test_a_withheld_sentence_is_not_in_the_article() -> None:
    page = newsroom_page()
    withheld = [c.claim.text for s in page.draft.sections for c in s.withheld]
    assert withheld
    assert not [text for text in withheld if text in article(page)["articleBody"]]


def test_only_an_approval_of_this_revision_names_an_editor() -> None:
    page = newsroom_page()
    approved = Review(state=ReviewState.APPROVED, revision=page.draft.revision, by="Kim", at=MAY_27)
    older = approved.model_copy(update={"revision": page.draft.revision + 1})
    rejected = approved.model_copy(update={"state": ReviewState.REJECTED})
    named = [
        article(page.model_copy(update={"review": review})).get("editor", {}).get("name")
        for review in (approved, older, rejected, Review())
    ]
    assert named == ["Kim", None, None, None]


def test_source_text_cannot_end_a_script_element() -> None:
    text = render_jsonld(hostile_page(), SPECS)
    assert not set("<>&") & set(text)
    assert "<script>" in json.dumps(json.loads(text))


def test_times_are_in_utc() -> None:
    page = newsroom_page()
    made = dt.datetime.fromisoformat(article(page)["dateModified"])
    assert made == page.draft.created_at
    assert made.utcoffset() == dt.timedelta()
