import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from summarizer.domain.absences import UNRECORDED
from summarizer.domain.claims import VerdictLabel
from summarizer.domain.drafts import Section
from summarizer.domain.page import Page
from summarizer.rendering import render_markdown
from summarizer.rendering.markdown import escape
from summarizer.rendering.sanitize import visible
from tests.support.builders import checked
from tests.support.pages import (
    SPECS,
    a_page,
    article,
    hostile_page,
    key_of,
    newsroom_page,
    pack,
)

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def tokens(markdown: str) -> list[Token]:
    """All tokens a Markdown reader finds, inline ones too."""
    found = []
    for token in READER.parse(markdown):
        found += [token, *(token.children or [])]
    return found


@pytest.mark.parametrize(
    "part",
    [
        "# Harbour Robotics Paused Deliveries After Its Robots Stopped on Tram Tracks in "
        "Northport[^1][^2]",
        "Debated · noise 38/100 · 6 source items on 3 platforms · as of May 31, 2026 · INC-000042",
        "Is this a scandal? Under debate — more than one platform carries it: noise 38/100",
        "“Harbour Robotics Paused Deliveries.”",
        "*AI-drafted: drafted by claude-sonnet-5-5. Checked by rules only. Revision 3, not "
        "reviewed by an editor yet.*",
        "## Why it matters",
        "- Harbour Robotics paused all deliveries in Northport on Tuesday.[^1][^3] "
        "(told by 2 independent sources)",
        "## What happened",
        "*analogy:* It is as if someone drew a road",
        "### Critics",
        "- **Jonas Weil, council member** — Alleges",
        "No response from the makers of the map was found in the sources.",
        "— **55% likely**\n  - Judge by June 16, 2026: the committee's minutes record a vote",
        "*Based on current signals. Events may develop differently.*",
        "- **May 27, 2026** (date of publication) — The company publishes",
        "† A company's statement about itself. (1 sentence)",
        "copy of Northport Wire (a1), counted as the same origin",
        "<https://courier.example/news/robots-stop-trams>",
        "[^5]: No one was hurt, according to the fire brigade. — *Northport Wire* (a1.6)",
        "- Faithfulness: 19 of 21 drafted claims supported (90%), 18 shown as first drafted; "
        "2 withheld, 1 shown after repair.",
        "4 passages left out",
    ],
)
def test_every_part_of_a_page_is_there(part: str) -> None:
    assert part in render_markdown(newsroom_page(), SPECS)


@pytest.mark.parametrize("page", [newsroom_page(), hostile_page()])
def test_every_footnote_that_is_used_is_defined_once(page: Page) -> None:
    markdown = render_markdown(page, SPECS)
    used = set(re.findall(r"(?<!\\)\[\^(\d+)\](?!:)", markdown))
    defined = re.findall(r"^\[\^(\d+)\]:", markdown, re.MULTILINE)
    assert used == set(defined)
    assert len(defined) == len(set(defined))


def test_hostile_text_becomes_no_html_image_or_link() -> None:
    found = tokens(render_markdown(hostile_page(), SPECS))
    assert not [t for t in found if t.type in ("html_block", "html_inline", "image", "fence")]
    addresses = {t.attrs["href"] for t in found if t.type == "link_open"}
    assert len(addresses) == 1
    assert str(addresses.pop()).startswith("https://evil.example/%22onmouseover")


def test_hostile_text_starts_no_heading_of_its_own() -> None:
    ours, theirs = (
        [t.tag for t in tokens(render_markdown(page, SPECS)) if t.type == "heading_open"]
        for page in (newsroom_page(), hostile_page())
    )
    assert ours.count("h1") == theirs.count("h1") == 1
    assert ours.count("h2") == theirs.count("h2")


@given(st.text() | st.text(alphabet="ab1 \\`*_{}[]<>()#+-.!|~&;:=\"'\n\t\x1b", min_size=1))
def test_escaped_text_reads_as_it_is(text: str) -> None:
    escaped = escape(text)
    expected = visible(text).strip()
    found = tokens(escaped)
    kinds = {t.type for t in found}
    assert kinds <= {"paragraph_open", "inline", "text", "paragraph_close"}
    assert "".join(t.content for t in found if t.type == "text") == expected


def test_an_empty_page_says_what_is_missing_everywhere() -> None:
    markdown = render_markdown(a_page(), SPECS)
    assert markdown.startswith("# Incident INC-000042\n")
    assert "The evidence holds no source items." in markdown
    assert markdown.count(escape(UNRECORDED.words)) == len(SPECS)
    for spec in SPECS:
        assert spec.row.closing is None or spec.row.closing not in markdown


def test_a_shown_sentence_that_is_not_fully_supported_says_so() -> None:
    claim = checked("The pause lasts.", "a1.1", label=VerdictLabel.PARTLY)
    page = a_page((Section(key=key_of("points"), shown=(claim,)),), pack(article("a1", "One.")))
    assert "- *partly supported:* The pause lasts.[^1]" in render_markdown(page, SPECS)


def test_a_section_added_to_the_registry_is_shown_without_a_change_here() -> None:
    row = SPECS[1].row.model_copy(update={"heading": "What is unknown"})
    added = SPECS[1].model_copy(update={"key": "unknowns", "row": row})
    page = a_page()
    section = Section(key="unknowns", shown=(checked("Nobody knows why.", origins=0),))
    draft = page.draft.model_copy(update={"sections": (*page.draft.sections, section)})
    markdown = render_markdown(page.model_copy(update={"draft": draft}), (*SPECS, added))
    assert "## What is unknown\n\nNobody knows why.\n" in markdown
