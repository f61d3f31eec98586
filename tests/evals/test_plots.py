from __future__ import annotations

import math
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.framework.plots import draw, fits_axes, svg
from evals.framework.results import Bar, Dot, Figure, Line

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HOSTILE = "</text><script>&amp; $x_$ \x1b[31m\u202e"


def a_figure(*lines: Line, diagonal: bool = False, title: str = "ROC") -> Figure:
    return Figure(
        title=title, x_label="false alarms", y_label="recall", lines=lines, diagonal=diagonal
    )


def a_line(*points: tuple[float, float], name: str = "ladder") -> Line:
    return Line(name=name, points=points)


def bars(*given: Bar) -> Figure:
    return Figure(title="t", x_label="share", bars=given)


def axes_of(figure: Figure) -> list[Axes]:
    return draw(figure).axes


def points_of(axes: Axes) -> list[tuple[float, float]]:
    (line,) = axes.get_lines()
    return [(float(x), float(y)) for x, y in line.get_xydata()]  # type: ignore[union-attr]


def words_of(figure: Figure) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg(figure)).iter(TEXT)]


TEXT = "{http://www.w3.org/2000/svg}text"


def test_equal_figures_give_equal_bytes_without_a_date() -> None:
    figure = a_figure(a_line((0, 0), (1, 1)))
    assert svg(figure) == svg(figure)
    assert b"date" not in svg(figure).lower().split(b"<metadata>")[0]


def test_a_line_has_its_points_between_axes_of_0_to_1() -> None:
    (axes,) = axes_of(a_figure(a_line((0, 0), (0.5, 0.8), (1, 1))))
    assert points_of(axes) == [(0, 0), (0.5, 0.8), (1, 1)]
    assert axes.get_xlim() == axes.get_ylim() == (0, 1)


@given(st.lists(st.tuples(st.floats(), st.floats()), max_size=20))
def test_only_points_within_the_axes_are_drawn(points: list[tuple[float, float]]) -> None:
    (axes,) = axes_of(a_figure(a_line(*points)))
    drawn = [point for point in points_of(axes) if math.isfinite(point[1])]
    assert drawn == [point for point in points if fits_axes(point)]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1.01, -0.01])
def test_a_point_that_cannot_be_drawn_interrupts_its_line(bad: float) -> None:
    (axes,) = axes_of(a_figure(a_line((0, 0), (0.1, 0.2), (0.3, bad), (0.4, 0.5), (1, 1))))
    assert [math.isnan(y) for _, y in points_of(axes)] == [False, False, True, False, False]


def test_the_legend_names_every_line_in_order_and_the_diagonal_last() -> None:
    lines = [a_line((0, 0), (1, 1), name=name) for name in ("lexical", "_checks", "ladder")]
    for diagonal, names in ((True, ["x = y"]), (False, [])):
        (axes,) = axes_of(a_figure(*lines, diagonal=diagonal))
        legend = axes.get_legend()
        assert legend is not None
        shown = [text.get_text() for text in legend.get_texts()]
        assert shown == ["lexical", "_checks", "ladder", *names]


def test_lines_differ_without_colour() -> None:
    lines = [a_line((0, 0), (1, 1), name=f"line {number}") for number in range(24)]
    (axes,) = axes_of(a_figure(*lines))
    assert len({(line.get_linestyle(), line.get_marker()) for line in axes.get_lines()}) == 24


def test_more_lines_than_styles_are_all_drawn() -> None:
    (axes,) = axes_of(a_figure(*[a_line((0, 0), (1, 1))] * 30))
    assert len(axes.get_lines()) == 30


def test_both_axes_have_their_labels() -> None:
    words = words_of(a_figure(a_line((0, 0), (1, 1))))
    assert {"false alarms", "recall", "ladder"} <= set(words)


def test_hostile_names_are_text_and_nothing_unseen_is_drawn() -> None:
    for figure in (a_figure(a_line((0, 0), name=HOSTILE)), bars(Bar(name=HOSTILE, value=0.5))):
        document = ElementTree.fromstring(svg(figure))
        assert not [element for element in document.iter() if element.tag.endswith("script")]
        assert "</text><script>&amp; $x_$" in [w.strip() for w in words_of(figure)]


@pytest.mark.parametrize(
    ("value", "shown"), [(0.25, "0.250"), (0.0, "0.000"), (1.7, "1.700"), (-1.0, "-1.000")]
)
def test_a_bar_stops_at_the_axis_and_its_value_is_whole(value: float, shown: str) -> None:
    (axes,) = axes_of(bars(Bar(name="n", value=value)))
    assert axes.get_xlim() == (0, 1)
    assert [bar.get_width() for bar in axes.patches] == [value]  # type: ignore[attr-defined]
    assert shown in words_of(bars(Bar(name="n", value=value)))


def test_a_bar_without_a_number_is_a_dash() -> None:
    assert "—" in words_of(bars(Bar(name="n", value=math.nan)))


def test_a_bar_has_its_interval_only_where_there_is_one() -> None:
    (axes,) = axes_of(bars(Bar(name="a", value=0.5, low=0.4, high=0.7), Bar(name="b", value=1)))
    assert points_of(axes) == [(0.4, 0), (0.7, 0)]


def test_bars_stand_in_order_from_the_top() -> None:
    (axes,) = axes_of(bars(*(Bar(name=name, value=0.5) for name in ("first", "second"))))
    assert [label.get_text() for label in axes.get_yticklabels()] == ["first", "second"]
    assert axes.yaxis_inverted()


def test_a_figure_of_lines_and_bars_has_both() -> None:
    both = a_figure(a_line((0, 0), (1, 1))).model_copy(update={"bars": (Bar(name="n", value=0.5),)})
    assert len(axes_of(both)) == 2


def test_dots_stand_with_their_intervals_over_one_another() -> None:
    dot = Dot(name="a", x=2, y=0.5, x_low=1, x_high=4, y_low=0.4, y_high=0.7)
    bare = Dot(name="b", x=2, y=0.5)
    (axes,) = axes_of(Figure(title="t", dots=(dot, bare), x_span=(0, 5)))
    first, second = axes.containers
    assert [[tuple(map(float, end)) for end in bar.get_segments()[0]] for bar in first[2]] == [
        [(1, 0.5), (4, 0.5)],
        [(2, 0.4), (2, 0.7)],
    ]
    assert not second[2]
    assert first[0].get_markersize() > second[0].get_markersize()
    assert {"a", "b"} <= set(words_of(Figure(title="t", dots=(dot, bare), x_span=(0, 5))))
