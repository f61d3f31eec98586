from __future__ import annotations

import math
import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.framework import plots
from evals.framework.plots import LINE_FRAME, bar_chart, line_plot, meter
from evals.framework.results import Bar, Figure, Line

SHARES = st.floats(0, 1)
POINTS = st.lists(st.tuples(SHARES, SHARES), min_size=1, max_size=60)
HOSTILE = '</title><script>alert("1")</script>&amp;'


def a_figure(*lines: Line, diagonal: bool = False, title: str = "ROC") -> Figure:
    return Figure(
        title=title, x_label="false alarms", y_label="recall", lines=lines, diagonal=diagonal
    )


def a_line(*points: tuple[float, float], name: str = "ladder") -> Line:
    return Line(name=name, points=points)


def drawn(figure: Figure) -> ElementTree.Element:
    return ElementTree.fromstring(line_plot(figure, "plot"))


def curves(svg: ElementTree.Element) -> list[list[tuple[float, float]]]:
    """Points of the curves that are no keys of the legend."""
    return [
        [tuple(map(float, pair.split(","))) for pair in curve.get("points", "").split()]  # type: ignore[misc]
        for group in svg.findall("g")
        if (group.get("class") or "").startswith("line")
        for curve in group.findall("polyline")
    ]


def markers(svg: ElementTree.Element) -> list[tuple[float, float]]:
    places = []
    for group in svg.findall("g"):
        if (group.get("class") or "").startswith("line"):
            for marker in group.findall("path"):
                found = re.fullmatch(r"translate\((\S+) (\S+)\)", marker.get("transform", ""))
                assert found
                places.append((float(found[1]), float(found[2])))
    return places


def texts(svg: ElementTree.Element, kind: str) -> list[str]:
    return [text.text or "" for text in svg.iter("text") if text.get("class") == kind]


def test_the_corners_of_the_unit_square_are_the_corners_of_the_plot() -> None:
    (curve,) = curves(drawn(a_figure(a_line((0, 0), (1, 1)))))
    assert curve == [(48.0, 310.0), (386.0, 10.0)]


@given(POINTS)
def test_points_in_range_stay_inside_the_plot(points: list[tuple[float, float]]) -> None:
    svg = drawn(a_figure(a_line(*points)))
    for x, y in [point for curve in curves(svg) for point in curve] + markers(svg):
        assert LINE_FRAME.left <= x <= LINE_FRAME.left + LINE_FRAME.width
        assert LINE_FRAME.top <= y <= LINE_FRAME.top + LINE_FRAME.height


@given(st.lists(st.tuples(st.floats(), st.floats()), max_size=20))
def test_any_points_at_all_give_a_plot_that_parses_and_holds_only_numbers(
    points: list[tuple[float, float]],
) -> None:
    svg = drawn(a_figure(a_line(*points)))
    assert all(math.isfinite(place) for curve in curves(svg) for point in curve for place in point)
    assert len(markers(svg)) == sum(plots.drawable(point) for point in points)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1.01, -0.01])
def test_a_point_that_cannot_be_drawn_interrupts_its_line_and_is_counted(bad: float) -> None:
    svg = drawn(a_figure(a_line((0, 0), (0.1, 0.2), (0.3, bad), (0.4, 0.5), (1, 1))))
    assert [len(curve) for curve in curves(svg)] == [2, 2]
    assert "not drawn: 1." in (svg.findtext("desc") or "")


def test_one_point_is_a_marker_and_no_line() -> None:
    svg = drawn(a_figure(a_line((0.5, 0.5))))
    assert curves(svg) == []
    assert markers(svg) == [(217.0, 160.0)]


def test_a_line_without_points_stands_in_the_legend_only() -> None:
    svg = drawn(a_figure(a_line(name="never run")))
    assert curves(svg) == [] and markers(svg) == []
    assert texts(svg, "name") == ["never run"]


def test_a_long_line_is_thinned_and_keeps_its_ends() -> None:
    steps = 20_000
    svg = drawn(a_figure(a_line(*((n / steps, n / steps) for n in range(steps + 1)))))
    (curve,) = curves(svg)
    assert curve[0] == (48.0, 310.0) and curve[-1] == (386.0, 10.0)
    assert len(curve) < 1000
    assert 3 <= len(markers(svg)) <= 12


def test_the_legend_names_every_line_in_order_and_the_diagonal_last() -> None:
    lines = [a_line((0, 0), (1, 1), name=name) for name in ("lexical", "checks", "ladder")]
    assert texts(drawn(a_figure(*lines, diagonal=True)), "name") == [
        "lexical",
        "checks",
        "ladder",
        "x = y",
    ]
    assert "x = y" not in texts(drawn(a_figure(*lines)), "name")


def test_lines_differ_without_colour() -> None:
    lines = [a_line((0, 0), (1, 1), name=f"line {number}") for number in range(20)]
    looks = set()
    for group in drawn(a_figure(*lines)).findall("g"):
        if (group.get("class") or "").startswith("line"):
            curve, marker = group.find("polyline"), group.find("path")
            assert curve is not None and marker is not None
            looks.add((curve.get("stroke-dasharray"), marker.get("d")))
    assert len(looks) == 20


def test_both_axes_have_ticks_from_0_to_1_and_their_labels() -> None:
    svg = drawn(a_figure(a_line((0, 0), (1, 1))))
    assert texts(svg, "tick") == ["0", "0.2", "0.4", "0.6", "0.8", "1"] * 2
    assert sorted(texts(svg, "label")) == ["false alarms", "recall"]


def test_a_plot_is_named_and_described() -> None:
    svg = drawn(a_figure(a_line((0, 0), (1, 1))))
    assert svg.get("role") == "img"
    assert {svg.get("aria-labelledby"), svg.get("aria-describedby")} == {"plot-title", "plot-desc"}
    assert [svg.findtext("title"), svg[0].get("id"), svg[1].get("id")] == [
        "ROC",
        "plot-title",
        "plot-desc",
    ]
    assert "ladder (2)" in (svg.findtext("desc") or "")


def test_hostile_names_are_text() -> None:
    line = line_plot(a_figure(a_line((0, 0), name=HOSTILE), title=HOSTILE), "plot")
    bars = bar_chart(Figure(title=HOSTILE, bars=(Bar(name=HOSTILE, value=0.5),)), "plot")
    for text in (line, bars):
        svg = ElementTree.fromstring(text)
        assert svg.findtext("title") == HOSTILE
        assert not list(svg.iter("script"))


@given(SHARES, SHARES, SHARES)
def test_bars_and_whiskers_stay_between_their_axis_ends(a: float, b: float, c: float) -> None:
    low, value, high = sorted((a, b, c))
    figure = Figure(title="t", bars=(Bar(name="wrong unit", value=value, low=low, high=high),))
    svg = ElementTree.fromstring(bar_chart(figure, "bars"))
    ticks = [float(text.get("x", "")) for text in svg.iter("text") if text.get("class") == "tick"]
    (box,) = svg.iter("rect")
    left, width = float(box.get("x", "")), float(box.get("width", ""))
    assert left == ticks[0]
    assert width == pytest.approx(value * (ticks[-1] - ticks[0]), abs=0.2)
    for whisker in svg.iter("polyline"):
        if whisker.get("class") == "interval":
            for pair in whisker.get("points", "").split():
                assert ticks[0] <= float(pair.split(",")[0]) <= ticks[-1]


@pytest.mark.parametrize(
    ("value", "shown", "width"),
    [(0.25, "0.250", 0.25), (0.0, "0.000", 0.0), (1.7, "1.700", 1.0), (-1.0, "-1.000", 0.0)],
)
def test_a_bar_is_cut_at_the_axis_and_its_value_is_not(
    value: float, shown: str, width: float
) -> None:
    svg = ElementTree.fromstring(
        bar_chart(Figure(title="t", bars=(Bar(name="n", value=value),)), "bars")
    )
    ticks = [float(text.get("x", "")) for text in svg.iter("text") if text.get("class") == "tick"]
    (box,) = svg.iter("rect")
    assert float(box.get("width", "")) == pytest.approx(width * (ticks[-1] - ticks[0]), abs=0.2)
    assert texts(svg, "value") == [shown]
    assert not [line for line in svg.iter("polyline") if line.get("class") == "interval"]


def test_a_bar_without_a_number_is_a_dash() -> None:
    figure = Figure(title="t", bars=(Bar(name="n", value=math.nan),))
    svg = ElementTree.fromstring(bar_chart(figure, "bars"))
    assert texts(svg, "value") == ["—"]
    assert not list(svg.iter("rect"))


def test_no_bars_give_an_empty_chart() -> None:
    svg = ElementTree.fromstring(bar_chart(Figure(title="t"), "bars"))
    assert not list(svg.iter("rect"))


def test_bars_do_not_lie_on_each_other() -> None:
    bars = tuple(Bar(name=f"fault {number}", value=0.5) for number in range(9))
    svg = ElementTree.fromstring(bar_chart(Figure(title="t", bars=bars), "bars"))
    tops = [float(box.get("y", "")) for box in svg.iter("rect")]
    assert all(below - above >= 13 for above, below in pairwise(tops))


@pytest.mark.parametrize(
    ("value", "span", "box"),
    [
        (0.5, (0.0, 1.0), ("0", "60")),
        (30.0, (0.0, 120.0), ("0", "30")),
        (-1.0, (-1.0, 1.0), ("0", "60")),
        (0.5, (0.0, 0.0), ("0", "0")),
        (None, (0.0, 1.0), None),
        (math.nan, (0.0, 1.0), None),
    ],
)
def test_a_meter_runs_from_zero_to_its_value(
    value: float | None, span: tuple[float, float], box: tuple[str, str] | None
) -> None:
    svg = ElementTree.fromstring(meter(value, span=span))
    levels = [(r.get("x"), r.get("width")) for r in svg.iter("rect") if r.get("class") == "level"]
    assert levels == ([box] if box else [])


def test_a_meter_shows_interval_and_baseline_only_where_there_are_any() -> None:
    def kinds(text: str) -> set[str | None]:
        return {box.get("class") for box in ElementTree.fromstring(text).iter("rect")}

    assert kinds(meter(0.5)) == {"track", "level"}
    assert kinds(meter(0.5, 0.4, 0.6, mark=0.3)) == {"track", "level", "interval", "baseline"}
