import io
import unicodedata
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from summarizer.domain.absences import UNRECORDED
from summarizer.domain.page import Page
from summarizer.domain.sections import Layout
from summarizer.rendering import render_terminal
from summarizer.rendering.terminal import LAYOUTS
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
        "Debated · noise 38/100 · 6 source items on 3 platforms · as of May 31, 2026 · INC-000042",
        "Is this a scandal? Under debate — more than one platform carries it: noise 38/100",
        "“Harbour Robotics Paused Deliveries.”",
        "not reviewed by an editor yet.",
        "WHY IT MATTERS",
        "• Harbour Robotics paused all deliveries in Northport on Tuesday. [1][3] (told by 2 "
        "independent sources)",
        "(analogy) It is as if someone drew a road",
        "Jonas Weil, council member: Alleges",
        "No response from the makers of the map was found in the sources.",
        "55% likely. Judge by June 16, 2026: the committee's minutes record a vote to suspend.",
        "Based on current signals. Events may develop differently.",
        "May 27, 2026 The company publishes a statement and denies any danger. [11] (date of "
        "publication)",
        "† Rests on one origin only. (1 sentence)",
        "copy of Northport Wire (a1), counted as the same origin",
        "not cited on this page https://courier.example/news/robots-stop-trams",
        "[5] No one was hurt, according to the fire brigade.",
        "19 of 21 drafted claims supported (90%), 18 shown as first drafted",
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
    assert text.startswith("Incident INC-000042 Debated · noise 38/100")
    assert text.count(UNRECORDED.words) == len(SPECS)


def test_every_layout_has_a_way_to_be_shown() -> None:
    assert set(LAYOUTS) == set(Layout)
