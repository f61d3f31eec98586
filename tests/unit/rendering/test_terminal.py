import io
import unicodedata
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from summarizer.domain.page import Page
from summarizer.domain.sections import Layout
from summarizer.rendering import render_terminal
from summarizer.rendering.terminal import LAYOUTS, bar
from tests.support.pages import SPECS, a_page, hostile_page, newsroom_page


def printed(page: Page, width: int = 88, **options: Any) -> str:
    """What stands in a file that a console of some width writes to."""
    file = io.StringIO()
    render_terminal(page, SPECS, Console(file=file, width=width, **options))
    return file.getvalue()


def words(text: str) -> str:
    """The text without its line breaks."""
    return " ".join(text.split())


@pytest.mark.parametrize(
    "part",
    [
        "Stopped on Tram Tracks in Northport [1][2]",
        "Is this a scandal? Under debate — more than one platform carries it: noise 38/100",
        "Incident ID: INC-000042",
        "Cite this incident: “Harbour Robotics Paused Deliveries.”",
        "not reviewed by an editor yet.",
        "WHY IT MATTERS",
        "• Harbour Robotics paused all deliveries in Northport on Tuesday. [1][5] (2 origins)",
        "(analogy) It is as if someone drew a road",
        "Jonas Weil, council member: Alleges",
        "Neutral No neutral voice found in the sources.",
        "Note: No response from the makers of the map was found in the sources.",
        "38/100 Debated · peak 43/100 on May 28, 2026",
        "Impact — missing — no kind of consequence found",
        "55% likely. Judge by June 16, 2026: the committee's minutes record a vote to suspend.",
        "Based on current signals. Events may develop differently.",
        "May 27, 2026 The company publishes a statement and denies any danger. [11] (date of "
        "publication)",
        "Trams stood still for >>90 minutes<< and >>30 robots<< were involved.",
        "numbers: The sources say 52 minutes, not 90 minutes. Better: [8].",
        "cites [9][unknown passage a9.9]",
        "† Rests on one origin only. (1 sentence)",
        "copy of Northport Wire (a1), counted as the same origin",
        "https://courier.example/news/robots-stop-trams Not cited on this page.",
        "[7] No one was hurt, according to the fire brigade.",
        "18 of 21 drafted claims supported as written (86%)",
    ],
)
def test_every_part_of_a_page_is_there(part: str) -> None:
    assert part in words(printed(newsroom_page()))


def test_a_file_gets_no_control_characters_even_from_hostile_text() -> None:
    text = printed(hostile_page())
    assert not {c for c in text if unicodedata.category(c) == "Cc"} - {"\n"}


def test_a_terminal_gets_no_control_sequence_that_came_from_a_source() -> None:
    text = printed(hostile_page(), force_terminal=True, color_system="standard")
    assert "\x1b[1m" in text  # our own bold
    assert "\x1b]0;title" not in text
    assert "\x1b[31m" not in text


def test_markup_and_emoji_codes_in_source_text_are_printed_as_they_are() -> None:
    assert "[bold red]markup[/] :bomb:" in words(printed(hostile_page(), width=100))


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("page", [newsroom_page(), hostile_page()])
def test_no_line_but_an_address_is_wider_than_the_console(page: Page, width: int) -> None:
    lines = [line for line in printed(page, width).splitlines() if "https://" not in line]
    assert max(map(cell_len, lines)) <= min(width, 100)


def test_an_address_is_never_broken() -> None:
    address = "https://northportwire.example/2026/05/27/robots-block-tram-tracks-service-paused"
    assert address in printed(newsroom_page(), width=60)


def test_an_empty_page_says_what_is_missing_everywhere() -> None:
    text = words(printed(a_page()))
    assert text.startswith("Incident INC-000042 Left empty: ")
    for spec in SPECS:
        assert spec.row.missing in text


@pytest.mark.parametrize(
    ("share", "blocks", "drawn"),
    [
        (0.0, True, "░░░░"), (0.5, True, "██░░"), (1.0, True, "████"), (7.0, True, "████"),
        (-1.0, False, "...."), (0.25, False, "#..."),
    ],
)  # fmt: skip
def test_a_bar_shows_a_share(share: float, blocks: bool, drawn: str) -> None:
    assert bar(share, 4, blocks) == drawn


def test_a_console_without_block_characters_gets_bars_in_ascii() -> None:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding="latin-1", errors="replace")
    render_terminal(newsroom_page(), SPECS, Console(file=file, width=80))
    file.flush()
    text = raw.getvalue().decode("latin-1")
    assert "###############......................... 38/100" in text


def test_every_layout_has_a_way_to_be_shown() -> None:
    assert set(LAYOUTS) == set(Layout)
