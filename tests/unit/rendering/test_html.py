import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

import summarizer.rendering
from summarizer.domain.drafts import Section
from summarizer.domain.page import Page
from summarizer.domain.sections import Layout
from summarizer.rendering import render_html
from summarizer.rendering.sanitize import visible
from tests.support.builders import checked
from tests.support.pages import (
    ARABIC,
    SPECS,
    a_page,
    article,
    hostile_page,
    key_of,
    newsroom_page,
    pack,
)

TEMPLATES = Path(summarizer.rendering.__file__).parent / "templates"
PAGES = [newsroom_page(), hostile_page(), a_page()]


class Reader(HTMLParser):
    """What a browser finds: elements with attributes, texts, and the contents of two of them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.raw: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.open.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("script", "style"):
            self.raw[self.open[-1]] = self.raw.get(self.open[-1], "") + data
        else:
            self.texts.append(data)

    def all(self, name: str) -> list[str]:
        """Every value of an attribute."""
        return [attrs[name] or "" for _, attrs in self.elements if name in attrs]

    def tags(self) -> list[str]:
        return [tag for tag, _ in self.elements]

    def words(self) -> str:
        return " ".join("".join(self.texts).split())


@pytest.fixture(params=PAGES, ids=["newsroom", "hostile", "empty"])
def reader(request: pytest.FixtureRequest) -> Reader:
    page: Page = request.param
    return Reader(render_html(page, SPECS))


def test_only_our_style_and_script_are_in_the_page(reader):
    assert reader.tags().count("script") == reader.tags().count("style") == 1
    assert not {"img", "iframe", "link", "object", "form", "base", "b"} & set(reader.tags())
    names = {name for _, attrs in reader.elements for name in attrs}
    assert not [name for name in names if name.startswith("on") or name in ("style", "src")]


def test_the_policy_allows_the_style_and_the_script_by_hash_and_nothing_else(reader):
    (policy,) = (
        attrs["content"]
        for _, attrs in reader.elements
        if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    hashes = {
        tag: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for tag, text in reader.raw.items()
    }
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{hashes['style']}'; "
        f"script-src 'sha256-{hashes['script']}'; base-uri 'none'; form-action 'none'"
    )


def test_the_style_sheet_and_the_script_ask_for_nothing():
    for name in ("incident.css", "course.css", "incident.js"):
        text = (TEMPLATES / name).read_text(encoding="utf-8")
        assert not re.search(r"https?:|url\(|@import|fetch\(|XMLHttp|innerHTML|</", text)


def test_links_lead_to_a_place_in_the_page_or_to_http(reader):
    places = reader.all("id")
    assert len(places) == len(set(places))
    for href in reader.all("href"):
        assert href.startswith(("http://", "https://")) or href[1:] in places, href


def test_what_a_label_or_a_sentence_names_is_in_the_page(reader):
    places = reader.all("id")
    assert set(reader.all("aria-labelledby") + reader.all("data-source")) <= set(places)
    assert set(reader.all("data-evidence")) <= set(places)


def test_headings_leave_out_no_level_and_there_is_one_title(reader):
    levels = [int(tag[1]) for tag in reader.tags() if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_the_page_has_landmarks_a_language_and_a_way_to_skip(reader):
    assert {"header", "main", "footer", "aside"} <= set(reader.tags())
    assert reader.elements[0] == ("html", {"lang": "en"})
    assert ("a", {"class": "skip", "href": "#page"}) in reader.elements


@pytest.mark.parametrize("page", PAGES[:2])
def test_every_shown_sentence_and_every_passage_that_it_cites_is_there(page):
    text = Reader(render_html(page, SPECS)).words()
    cited = {cite for s in page.draft.sections for c in s.shown for cite in c.claim.cites}
    for section in page.draft.sections:
        for claim in section.shown:
            assert visible(claim.claim.text).strip() in text
    for passage in page.draft.evidence.passages:
        assert passage.id not in cited or visible(passage.text).strip() in text


@pytest.mark.parametrize(
    "part",
    [
        "Debated · noise 38/100 · 6 source items on 3 platforms · as of May 31, 2026 · INC-000042",
        "Is this a scandal? Under debate — more than one platform carries it: noise 38/100",
        "Noise measures attention, not who is right.",
        "AI-drafted: drafted by claude-sonnet-5-5. Checked by rules only. Revision 3, not "
        "reviewed by an editor yet.",
        "Critics Ada Lindqvist, transport office: Says that",
        "No response from the makers of the map was found in the sources.",
        "Missing, weight shared among the rest: Impact.",
        "Forecast The transport committee will probably suspend",
        "55% likely. Judge by June 16, 2026: the committee's minutes record a vote to suspend.",
        "Based on current signals. Events may develop differently.",
        "May 27, 2026 date of publication The company publishes",
        "analogy: It is as if",
        "Supported by its sources · fact · told by 2 independent sources · passage 1, 3",
        "† A company's statement about itself. (1 sentence)",
        "5 independent origins of 6 source items",
        "Northport Wire May 27, 2026 · 4 passages",
        "copy of Northport Wire (a1), counted as the same origin",
        "no date given, received May 29, 2026",
        "Back to Title 1, Key points 1, What happened 3, Timeline 1",
        "“Harbour Robotics Paused Deliveries.”",
        "19 of 21 drafted claims supported (90%), 18 shown as first drafted",
        "24 passages of 6 source items, about 1,240 tokens; 4 passages left out",
    ],
)
def test_every_part_of_a_page_is_there(part):
    assert part in Reader(render_html(newsroom_page(), SPECS)).words()


def test_what_is_folded_is_the_sources_and_how_the_page_was_made():
    reader = Reader(render_html(newsroom_page(), SPECS))
    folds = [attrs for tag, attrs in reader.elements if tag == "details"]
    assert not [fold for fold in folds if "open" in fold]
    names = [fold.get("id") or fold["class"] for fold in folds]
    assert names[: names.index("made")] == ["outlet"] * 6
    assert reader.texts.index("Key points") < reader.texts.index("Why it matters")


def test_a_passage_is_marked_inside_its_neighbouring_sentences():
    html = render_html(newsroom_page(), SPECS)
    assert (
        "We paused our service in Northport as a precaution. </span><mark>A map update that we "
        "published at 6:40 on Tuesday marked three tram crossings as footpaths.</mark>"
        '<span class="context"> We deny that anybody was in danger at any time. …</span>'
    ) in html


def test_text_in_another_direction_is_isolated():
    page = a_page(
        (Section(key=key_of("points"), shown=(checked(ARABIC, "a1.1"),)),),
        pack(article("a1", ARABIC)),
    )
    html = render_html(page, SPECS)
    assert re.search(rf'<li dir="auto">.*class="sentence"[^>]*>{ARABIC}<', html)
    assert re.search(rf'<blockquote dir="auto">.*<mark>{ARABIC}</mark>', html)
    assert ".sentence { unicode-bidi: plaintext; }" in html


def test_the_same_page_is_written_to_the_same_bytes():
    assert render_html(newsroom_page(), SPECS) == render_html(newsroom_page(), SPECS)


def test_every_layout_has_a_template():
    assert {path.name for path in (TEMPLATES / "layouts").iterdir()} == {
        f"{layout}.html.j2" for layout in Layout
    }


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` after WCAG 2.2."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back"),
    [
        ("ink", "paper"), ("soft", "paper"), ("link", "paper"), ("accent", "paper"),
        ("alarm", "paper"), ("ink", "sheet"), ("soft", "sheet"), ("link", "sheet"),
        ("mark-ink", "mark"),
    ],
)  # fmt: skip
def test_contrast_meets_wcag_aa(scheme, front, back):
    css = (TEMPLATES / "incident.css").read_text(encoding="utf-8")
    block = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[scheme]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
    light, dark = sorted((luminance(colours[front]), luminance(colours[back])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5
