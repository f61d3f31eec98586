"""Every pattern and every reader of outside text takes time that grows as the text does.

Growth is judged by the ratio of CPU times of a text and one four times as long, never by seconds.
"""

import re
from functools import partial

import pytest

from summarizer.domain.items import SourceItem
from summarizer.noise import series
from summarizer.text.retractions import find_retractions
from tests.support.adversarial import FIXED, SENTENCES, Pumped, derived
from tests.support.builders import NOON, an_item, hours
from tests.support.growth import exponent
from tests.support.patterns import patterns
from tests.support.readers import READERS

PARTS = 16
"""The patterns are shared out, so that two processes test them side by side."""
READER_LENGTHS = (120, 250, 500, 2_000, 8_000)
READER_FLOOR_S = 0.03
"""CPU time of a longer text from which a step is judged: a parse of bounded length takes half."""


def searched(pattern: re.Pattern[str] | re.Pattern[bytes], text: str) -> None:
    """Find every match of a pattern in a text."""
    whole = text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text
    for _ in pattern.finditer(whole):  # type: ignore[arg-type]  # text of the pattern's own kind
        pass


def noise_picture(items: list[SourceItem]) -> None:
    """Compute the chart of an incident that closes and reopens with each item."""
    series.picture(items, items[-1].seen_at)


def slow_texts(pattern: re.Pattern[str] | re.Pattern[bytes]) -> list[Pumped]:
    """Texts on which the time of a pattern grows faster than they do."""
    tried = sorted({*FIXED, *derived(pattern)}, key=lambda text: (text.part, text.head, text.end))
    for _ in range(3):  # a busy machine: what is slow is so each time
        tried = [text for text in tried if exponent(partial(searched, pattern), text.of)]
    return tried


@pytest.mark.slow
@pytest.mark.parametrize(
    "pattern",
    [
        r"\s+$",
        r"<[^>]*>",
        r"</rss>\s*(?:<!--(?:.|\n)*?-->\s*)*\Z",
    ],
)
def test_a_pattern_that_backtracks_is_found(pattern):
    assert any(
        exponent(partial(searched, re.compile(pattern)), text.of)
        for text in (*derived(re.compile(pattern)), *FIXED)
    )


@pytest.mark.slow
@pytest.mark.parametrize("work", [find_retractions, noise_picture])
def test_work_on_all_items_of_an_incident_grows_with_them(work):
    items = [an_item(f"a{n}", published_at=NOON + hours(480 * n)) for n in range(1_000)]
    assert not exponent(lambda text: work(items[: len(text)]), "x".__mul__, (250, 1_000))


@pytest.mark.parametrize("pattern", [r"\b\w+\b", r"(?<!\s)\s++$", r"<[^<>]*>", r"a{1,40}b"])
def test_a_linear_pattern_is_not(pattern):
    assert slow_texts(re.compile(pattern)) == []


@pytest.mark.slow
def test_patterns_are_found_by_themselves_wherever_they_stand():
    found = patterns()
    assert len(found) > 500
    assert {name.split(".")[0] for name in found} == {"summarizer", "api", "evals"}
    assert "summarizer.text.names.NAME" not in found  # a part of patterns, not compiled


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_pattern_is_linear(part):
    mine = list(patterns().items())[part::PARTS]
    assert {name: slow[:3] for name, pattern in mine if (slow := slow_texts(pattern))} == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_every_reader_is_linear(name):
    READERS[name]("Harrow Docks said that it left the port.")  # loads what it needs
    slow = list(SENTENCES)
    for _ in range(3):
        slow = [
            text
            for text in slow
            if exponent(READERS[name], text.of, READER_LENGTHS, READER_FLOOR_S)
        ]
    assert slow == []
