"""The course of noise as a figure: drawn for two widths, said in a sentence, told in a table."""

import datetime as dt
import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from summarizer.domain.incidents import State
from summarizer.noise import series
from summarizer.rendering import noise_chart, render_course
from tests.support.builders import NOON, an_item, hours

NAMES = {state: state.value for state in State}


def story(*offsets: float) -> series.NoiseSeries:
    items = [
        an_item(f"a{n}", published_at=NOON + hours(offset), platform="xy"[n % 2])
        for n, offset in enumerate(offsets)
    ]
    return series.picture(items, NOON + dt.timedelta(days=400))


REOPENED = story(0, 3, 24 * 20, 24 * 20 + 3)


@pytest.mark.parametrize("course", [REOPENED, story(0), story(0, 1, 2), story(0, 24 * 300)])
@pytest.mark.parametrize("number", [0, 1])
def test_everything_that_is_drawn_stands_within_the_drawing(course, number):
    plot = noise_chart.plots(course, NAMES)[number]
    xs = [float(x) for x in re.findall(r"[ML ](\d[\d.]*),", plot.line)]
    ys = [float(y) for y in re.findall(r",(\d[\d.]*)", plot.line)]

    assert min(xs) >= noise_chart.LEFT and max(xs) <= plot.width - noise_chart.RIGHT + 0.1
    assert min(ys) >= noise_chart.TOP and max(ys) <= noise_chart.TOP + noise_chart.HEIGHT
    assert all(strip.x + strip.width <= plot.width for strip in plot.strips)
    for label in (*plot.ticks, *plot.reopened, plot.peak_label):
        length = noise_chart.LETTER * len(label.words)
        start = {"start": 0, "middle": length / 2, "end": length}[label.anchor]
        assert label.x - start >= -2 and label.x - start + length <= plot.width + 10, label


@pytest.mark.parametrize("course", [REOPENED, story(0), story(0, 0.5), story(0, 24 * 700)])
def test_the_axis_has_dates_that_do_not_run_into_each_other(course):
    for plot in noise_chart.plots(course, NAMES):
        assert plot.ticks
        assert all(b.x - a.x > noise_chart.LETTER * len(b.words) for a, b in pairwise(plot.ticks))


def test_the_figure_says_in_words_and_in_a_table_what_it_draws():
    html = str(render_course(REOPENED))
    figure = ElementTree.fromstring(html)
    words = " ".join("".join(figure.itertext()).split())
    rows = [["".join(cell.itertext()) for cell in row] for row in figure.findall(".//tbody/tr")]

    assert "Noise from May 1, 2026 to" in words and "Reopened on May 21, 2026." in words
    assert "peak" in words
    assert [row[0] for row in rows] == [
        "Emerging", "Debated", "Case Closed", "Emerging", "Debated", "Case Closed",
    ]  # fmt: skip
    assert rows[0][1] == "May 1, 2026, 12:00 UTC" and rows[-1][2] == "ongoing"
    assert {svg.get("aria-hidden") for svg in figure.findall("svg")} == {"true"}
    assert "style=" not in html and "<script" not in html


def test_states_are_named_in_the_drawing_where_there_is_room():
    wide, narrow = noise_chart.plots(REOPENED, NAMES)

    assert [s.label.words for s in wide.strips if s.label] == ["closed", "closed"]
    assert len(wide.strips) == len(narrow.strips) == len(REOPENED.bands)
    assert len(wide.reopened) == 1


def test_an_incident_without_coverage_has_a_figure_that_says_so():
    empty = series.of([an_item(published_at=NOON + hours(1))], NOON)

    assert "no coverage" in str(render_course(empty))
